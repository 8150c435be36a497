"""The demo courses: they can be stored, graded and believed."""

import re
import subprocess
import sys
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from lms_app.demo.course_files import FOLDER, SLUGS, editors_of, owner_of, read_course
from lms_app.demo.handed_in import handed_in
from lms_app.demo.outlines import outline_of, worked_out
from lms_app.demo.people import INSTRUCTORS
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.rubric_rules import earned_by_points, earned_by_rubric, filled_by_levels, rubric_from
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.essay import count_words
from lms_app.domain.content.document import document_of
from lms_app.domain.content.rendering import html_of_document
from lms_app.interchange import neutral
from lms_app.words import QuestionType

MAIN = "seeing-with-statistics"
EXAMPLE = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)
PAGES = sorted(FOLDER.glob("*/pages/*.md"))
EXAMPLES = [
    pytest.param(found["code"], found["output"], id=f"{path.stem}-{number}")
    for path in PAGES
    for number, found in enumerate(EXAMPLE.finditer(path.read_text(encoding="utf-8")), start=1)
]


@cache
def course(slug: str) -> neutral.Course:
    return read_course(slug)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_is_a_document_that_can_be_shown(slug: str) -> None:
    for page in course(slug).pages():
        assert html_of_document(document_of(page.blocks)).strip(), page.ref


@pytest.mark.parametrize("slug", SLUGS)
def test_pages_and_files_hold_together(slug: str) -> None:
    source = course(slug)
    refs = [page.ref for page in source.pages()]
    assert len(set(refs)) == len(refs)
    blocks = [block for page in source.pages() for block in page.blocks]
    pictures = {block["file"] for block in blocks if block["type"] == "image"}
    assert pictures | {source.cover} == {asset.name for asset in source.assets}
    placed = [block["assessment"] for block in blocks if block["type"] == "quiz"]
    assert sorted(placed) == sorted(quiz.ref for quiz in source.assessments)
    assert set(placed) == {path.stem for path in (FOLDER / slug / "quizzes").iterdir()}
    written = {path.stem for path in (FOLDER / slug / "pages").iterdir()}
    assert written == {page.ref for page in source.pages() if page.blocks[-1]["type"] != "quiz" or page.ref in written}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_picture_has_words_for_those_who_do_not_see_it_and_a_caption(slug: str) -> None:
    for page in course(slug).pages():
        for block in page.blocks:
            if block["type"] == "image":
                assert len(block["alt"]) > 40, block["file"]
                assert block["caption"], block["file"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_key_of_every_question_earns_full_marks(slug: str) -> None:
    for question in graded_by_rule(slug):
        kind = TYPES[question.type]
        body = kind.draw(kind.body.model_validate(question.body), 1)
        kind.check(body)
        assert kind.grade(body, kind.solve(body)).fraction == 1, question.ref


@pytest.mark.parametrize("slug", SLUGS)
def test_every_expected_mistake_earns_less_and_is_told_why(slug: str) -> None:
    steps = {step.ref: step for step in outline_of(course(slug)).questions()}
    for question in graded_by_rule(slug):
        step, kind = steps[question.ref], TYPES[question.type]
        body = kind.draw(kind.body.model_validate(question.body), 1)
        told = 0
        for planned in step.wrong:
            response = worked_out(question.body, planned["formula"], 1) if "formula" in planned else planned
            grade = kind.grade(body, kind.response.model_validate(response))
            assert grade.fraction < 1, (step.ref, response)
            told += bool(grade.feedback or any(part.feedback for part in (*grade.choices, *grade.parts)))
        assert told >= 1, step.ref


@pytest.mark.parametrize("slug", SLUGS)
def test_a_right_answer_is_told_why_too(slug: str) -> None:
    for question in graded_by_rule(slug):
        kind = TYPES[question.type]
        body = kind.draw(kind.body.model_validate(question.body), 1)
        grade = kind.grade(body, kind.solve(body))
        said = (*grade.parts, *(choice for choice in grade.choices if choice.chosen))
        assert grade.feedback or any(part.feedback for part in said), question.ref


def test_somewhere_every_type_of_question_is_asked() -> None:
    assert {question.type for slug in SLUGS for question in course(slug).questions()} == set(QuestionType)


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_marked_by_hand_has_scripts_of_both_kinds_and_a_mark_that_can_be_given(slug: str) -> None:
    by_hand = {question.ref: question for question in course(slug).questions() if TYPES[question.type].by_hand}
    work = handed_in(slug)
    assert {script.question for script in work.scripts} == set(by_hand)
    bodies = {rubric.question: rubric_from(rubric.body()) for rubric in work.rubrics}
    for question in by_hand.values():
        worth = Decimal(question.points)
        assert work.of(question.ref, good=True)
        assert work.of(question.ref, good=False)
        for script in (*work.of(question.ref, good=True), *work.of(question.ref, good=False)):
            rubric = bodies.get(question.ref)
            earned = (
                earned_by_rubric(filled_by_levels(rubric, list(script.levels)), worth)
                if rubric
                else earned_by_points(script.points or Decimal(0), worth)
            )
            assert (earned.fraction == 1) == script.good, script
            assert script.comment


def test_an_essay_of_the_demo_has_as_many_words_as_are_asked_for() -> None:
    for question in course("flat-maps-of-a-round-world").questions():
        if question.type == QuestionType.ESSAY:
            for script in handed_in("flat-maps-of-a-round-world").scripts:
                if script.question == question.ref:
                    assert question.body["words_min"] <= count_words(script.text) <= question.body["words_max"], script.text


def test_the_main_course_has_something_of_everything() -> None:
    source = course(MAIN)
    types = {block["type"] for page in source.pages() for block in page.blocks}
    assert types >= {"rich_text", "image", "code", "maths", "callout", "quiz"}
    assert any(node["type"] == "table" for page in source.pages() for block in page.blocks if block["type"] == "rich_text" for node in nodes(block))
    assert len(source.modules) == 4
    graded = [quiz for quiz in source.assessments if not quiz.practice]
    assert len(graded) == 5
    assert {question.type for question in graded[-1].questions} == {
        QuestionType.SINGLE_CHOICE,
        QuestionType.MULTIPLE_CHOICE,
        QuestionType.TRUE_FALSE,
        QuestionType.SHORT_TEXT,
        QuestionType.NUMERIC,
    }
    settings = [QuizSettings.model_validate(quiz.settings) for quiz in graded]
    assert all(setting.pass_mark and setting.attempts_allowed for setting in settings)
    assert sum(setting.time_limit is not None for setting in settings) == 1


def test_the_first_steps_take_three_minutes_and_can_be_repeated() -> None:
    source = course("first-steps")
    quiz = next(quiz for quiz in source.assessments if not quiz.practice)
    settings = QuizSettings.model_validate(quiz.settings)
    assert settings.attempts_allowed is None
    assert settings.pass_mark == Decimal("0.6")
    assert sum(page.minutes for page in outline_of(source).pages) <= 4


def test_every_course_belongs_to_an_instructor_of_the_demo() -> None:
    assert {email for slug in SLUGS for email in (owner_of(slug), *editors_of(slug))} <= {person.email for person in INSTRUCTORS}


@pytest.mark.parametrize(("code", "output"), EXAMPLES)
def test_an_example_prints_what_the_page_says(code: str, output: str) -> None:
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout == output


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_python_example_on_a_page_is_followed_by_its_output(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("```python") == len(EXAMPLE.findall(text))


@pytest.mark.parametrize(
    "path",
    [*PAGES, *sorted(FOLDER.glob("*/quizzes/*.toml")), *sorted(FOLDER.glob("*/course.toml")), *sorted(FOLDER.glob("*/handed-in.toml"))],
    ids=lambda path: path.stem,
)
def test_the_tone_is_calm(path: Any) -> None:
    prose = re.sub(r"```.*?```|!\[", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert "!" not in prose
    assert not re.search(r"\b(please|oops)\b", prose, re.IGNORECASE)


def graded_by_rule(slug: str) -> list[neutral.Question]:
    """The questions that ask something and that nobody has to mark."""
    return [question for question in course(slug).questions() if TYPES[question.type].asks and not TYPES[question.type].by_hand]


def nodes(value: Any) -> list[dict[str, Any]]:
    """Every node below a value that has a type."""
    if isinstance(value, list):
        return [node for entry in value for node in nodes(entry)]
    if isinstance(value, dict):
        return [value] * ("type" in value) + [node for entry in value.values() for node in nodes(entry)]
    return []
