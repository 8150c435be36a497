"""The Open edX demo course, which nobody here wrote, comes in whole: every number, title and order, and every loss with its reason."""

import json
import re
import tarfile
import tempfile
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.document import parse_document
from lms_app.domain.content.svg import harmless_svg
from lms_app.interchange.neutral import Block, Course, Question
from lms_app.interchange.olx import read_olx
from lms_app.interchange.report import report_dict
from lms_app.words import QuestionType

LEFT_OUT = {
    "annotationresponse": 1,
    "customresponse": 3,
    "imageresponse": 1,
    "schematicresponse": 1,
}
"""Responses that nothing came of."""
TAKEN_OTHERWISE = {"formularesponse": 2, "customresponse": 1}
"""Responses that became something else, and are told of."""
IN_ONE_QUESTION = 8
"""The lists in the table of one problem, which are the gaps of one question."""
BESIDE_PROBLEMS = 4
"""Two open response assessments, a file that staff grades, a drag and drop."""


@pytest.fixture(scope="module")
def archive(trial_data: Path) -> Path:
    return trial_data / "olx" / "openedx-demo-course.tar.gz"


@pytest.fixture(scope="module")
def expected(trial_data: Path) -> dict[str, Any]:
    return json.loads((trial_data / "olx" / "expected_counts.json").read_text())


@pytest.fixture(scope="module")
def course(archive: Path) -> Course:
    return read_olx(archive)


@pytest.fixture(scope="module")
def sources(archive: Path) -> dict[str, bytes]:
    """The files of the archive, read without our reader."""
    with tarfile.open(archive) as tar:
        return {member.name.removeprefix("course/"): tar.extractfile(member).read() for member in tar if member.isfile()}


def blocks_of(course: Course, kind: str) -> list[Block]:
    return [block for page in course.pages() for block in page.blocks if block["type"] == kind]


def references(value: Any) -> list[str]:
    """Every `file:` and `page:` reference and every file name in blocks."""
    if isinstance(value, dict):
        own = [f"file:{value['file']}"] if value.get("file") else []
        return own + [found for inner in value.values() for found in references(inner)]
    if isinstance(value, list | tuple):
        return [found for inner in value for found in references(inner)]
    if isinstance(value, str):
        return re.findall(r'(?:href|src)="((?:file|page):[^"]*)"', value) + re.findall(r"^(?:file|page):.*", value)
    return []


def test_every_part_of_the_source_is_counted(course: Course, expected: dict[str, Any]) -> None:
    assert course.report.source_counts == expected["reachable"]


def test_titles_and_order_are_those_of_the_source(course: Course, expected: dict[str, Any]) -> None:
    outline = []
    for module in course.modules:
        outline.append(f"  chapter: {module.title}")
        for lesson in module.lessons:
            outline.append(f"    sequential: {lesson.title}")
            outline += [f"      vertical: {page.title}" for page in lesson.pages]
    assert outline == expected["outline"]


def test_the_report_says_what_came_in(course: Course, expected: dict[str, Any]) -> None:
    report = report_dict(course)
    assert report["source"] == expected["reachable"]
    assert report["course"] == {
        "slug": "open-edx-demo-course",
        "title": "Open edX Demo Course",
        "modules": 6,
        "lessons": 17,
        "pages": 58,
        "questions": 28,
    }
    assert all(entry["kind"] and entry["title"] and entry["place"] for entry in report["unsupported"])
    assert json.loads(json.dumps(report)) == report


def test_every_response_is_a_question_or_reported_with_its_reason(course: Course, expected: dict[str, Any]) -> None:
    told = [entry for entry in course.report.unsupported if entry.kind.endswith("response")]
    assert Counter(entry.kind for entry in told if "it was taken" not in entry.reason) == LEFT_OUT
    assert Counter(entry.kind for entry in told if "it was taken" in entry.reason) == TAKEN_OTHERWISE
    responses = sum(expected["response_types_in_problem_files"].values())
    in_problems = sum(1 for _ in course.questions()) - BESIDE_PROBLEMS
    assert in_problems + IN_ONE_QUESTION - 1 + sum(LEFT_OUT.values()) == responses
    drawn = next(question for question in course.questions() if question.title == "Simple Python-Evaluated Input Problem")
    assert (drawn.type, drawn.body["answers"][0]["formula"]) == (QuestionType.CALCULATED, "x + y")
    assert all(entry.reason for entry in course.report.unsupported)


def test_components_that_we_do_not_have_are_reported_by_kind_title_and_place(course: Course) -> None:
    found = Counter(entry.kind for entry in course.report.unsupported)
    kinds = {"drag-and-drop-v2", "staffgradedxblock", "done", "annotatable", "discussion", "poll", "survey"}
    assert {kind: found[kind] for kind in kinds} == dict.fromkeys(kinds, 1)
    assert (found["lti"], found["openassessment"]) == (2, 3)
    lti = [(entry.title, entry.place) for entry in course.report.unsupported if entry.kind == "lti"]
    assert lti[0] == ("Codeboard.io LTI Demonstration", "Module 3: Ace the Assessments! › Advanced  Assessment Tools › LTI")


def test_every_right_answer_earns_everything_and_wrong_ones_do_not(course: Course) -> None:
    for question in course.questions():
        for response, expected in [*right_and_wrong(question)]:
            kind = TYPES[question.type]
            grade = kind.grade(kind.body.model_validate(question.body), kind.response.model_validate(response))
            assert grade.fraction == expected, (question.title, response)


def right_and_wrong(question: Question) -> list[tuple[dict[str, Any], Decimal]]:
    """Responses with what they must earn, made from the marks in the source alone."""
    body = question.body
    if question.type == QuestionType.SINGLE_CHOICE:
        return [({"choice": choice["id"]}, Decimal(choice["weight"])) for choice in body["choices"]]
    if question.type == QuestionType.MULTIPLE_CHOICE:
        right = [choice["id"] for choice in body["choices"] if choice["weight"] == "1"]
        every = [choice["id"] for choice in body["choices"]]
        return [({"choices": right}, Decimal(1)), ({"choices": right[:-1]}, Decimal(0)), ({"choices": every}, Decimal(0))]
    if question.type not in (QuestionType.SHORT_TEXT, QuestionType.NUMERIC):
        return []
    return [({"text": text}, Decimal(earns)) for text, earns in WRITTEN[question.title]]


WRITTEN = {
    "Advanced text input": [("bubble", 1), ("RUBBLE", 1), ("bubbles", 0), ("bible", 0)],
    "Basic text input": [("doc", 1), ("Sneezy", 1), ("Doc Sleepy", 0), ("Snow White", 0)],
    "Reflection questions": [("anything at all", 1)],
    "Simple Code Grading using Python Problem Builder": [("select * from products where price > 20;", 1), ("select 1", 0)],
    "Simple Numerical Input Problem": [("600", 1), ("605", 1), ("595", 1), ("605.1", 0), ("594", 0)],
    "Advanced Numerical Input Problem with Hints and Feedback": [("2", 1), ("1", 0.5), ("3", 0)],
    "On average, a resting adult takes about _____ breaths per minute.": [("12", 1), ("13", 0)],
}


def test_the_known_keys_are_right(course: Course) -> None:
    """The keys as a person reads them in the source."""
    expected = {"Basic Multiple Choice": "Lion", "Simple Dropdown": "Canberra", "Identify the fish": "Jellyfish", "Conditional Question": "1952"}
    discoveries = ["Albert Einstein", "Germany", "Dmitri Mendeleev", "Russia", "Sir Isaac Newton", "England", "Jonas Salk", "USA"]
    keys = {
        question.title: [choice["content"]["content"][0]["content"][0]["text"] for choice in question.body["choices"] if choice["weight"] == "1"]
        for question in course.questions()
        if question.type == QuestionType.SINGLE_CHOICE
    }
    assert {title: keys[title] for title in expected} == {title: [text] for title, text in expected.items()}
    (table,) = (question.body["gaps"] for question in course.questions() if question.title == "Advanced Dropdown")
    assert [choice["text"] for gap in table for choice in gap["choices"] if choice["id"] == gap["right"]] == discoveries


def test_absent_files_are_listed_and_no_others(course: Course, sources: dict[str, bytes]) -> None:
    assert course.report.missing_files == (
        "Brain_target_sm.png",
        "Discussion_Post.png",
        "Learning_Goals.pdf",
        "OpenedX_Ecosystem.jpg",
        "code_editor_orig.png",
        "cohorts-groups-components.jpeg",
        "grand_piano_freepik.jpeg",
        "ohms_law.html",
        "open-edx-reach-slide.png",
        "rabbit_gif_canva.gif",
        "sahara_desert_pexels.jpeg",
    )
    there = {name.removeprefix("static/").replace(" ", "_") for name in sources if name.startswith("static/")}
    assert there.isdisjoint(course.report.missing_files)


def test_files_with_spaces_are_found_by_their_underscored_names(course: Course, sources: dict[str, bytes]) -> None:
    assets = {asset.name: asset for asset in course.assets}
    for name in ("thank_you.png", "Library_Content_graphic-100.png"):
        assert assets[name].read() == sources[f"static/{name.replace('_', ' ') if 'Library' not in name else 'Library Content graphic-100.png'}"]
    assert assets["documentation_icon.svg"].read() == harmless_svg(sources["static/documentation icon.svg"]).data


def test_every_reference_leads_to_a_file_or_a_page_of_the_course_or_to_a_missing_file(course: Course) -> None:
    names = {f"file:{asset.name}" for asset in course.assets} | {f"file:{name}" for name in course.report.missing_files}
    pages = {f"page:{page.ref}" for page in course.pages()}
    found = Counter(reference for page in course.pages() for reference in references(page.blocks))
    assert set(found) <= names | pages
    assert sum(count for reference, count in found.items() if reference.startswith("page:")) == 47 + 1
    assert len({reference for reference in found if reference.startswith("file:")}) > 45


def test_only_files_that_something_uses_are_taken(course: Course) -> None:
    used = {reference.removeprefix("file:") for page in course.pages() for reference in references(page.blocks)}
    used |= {reference.removeprefix("file:") for question in course.questions() for reference in references(question.body)}
    assert {asset.name for asset in course.assets} == {*used, course.cover} & {asset.name for asset in course.assets}
    assert not any(asset.name.endswith((".js", ".css", ".woff")) for asset in course.assets)


def test_missing_pictures_keep_their_descriptions(course: Course) -> None:
    text = json.dumps([page.blocks for page in course.pages()], ensure_ascii=False)
    assert "gif of a rabit in a top hat" in text


def test_removed_scripts_are_counted(course: Course, sources: dict[str, bytes]) -> None:
    written = [text.decode() for name, text in sources.items() if re.fullmatch(r"(html/.*\.html|problem/.*\.xml)", name)]
    # The pages about HTML show scripts as escaped text; those are no elements and stay.
    assert course.report.removed_scripts == sum(len(re.findall(r"<script[\s>]", text)) for text in written)


def test_nothing_that_runs_is_left(course: Course) -> None:
    for block in blocks_of(course, "html"):
        assert not re.search(r"<script|<iframe|<object|<style|\son\w+=|javascript:", block["html"], re.IGNORECASE)
    assert not re.search(r"javascript:|sendFeedbackToAPI\(&", json.dumps([page.blocks for page in course.pages()]))


def test_every_page_is_a_valid_document(course: Course) -> None:
    for page in course.pages():
        assert len(parse_document({"schema_version": 1, "blocks": list(page.blocks)}).blocks) == len(page.blocks)
    for question in course.questions():
        assert parse_document(question.body["stem"]).blocks


def test_most_pages_come_in_as_text_that_can_be_edited(course: Course) -> None:
    assert len(blocks_of(course, "rich_text")) > 120
    assert len(blocks_of(course, "html")) < 15


def test_videos_have_their_addresses_captions_and_handouts(course: Course) -> None:
    videos = {video["title"]: video for video in blocks_of(course, "video")}
    assert len(blocks_of(course, "video")) == 11
    assert sum(video["url"].startswith("https://www.youtube.com/watch?v=") for video in blocks_of(course, "video")) == 10
    assert videos["Open edX® vs. edX.org®"]["url"] == "https://www.youtube.com/watch?v=8J4WuMdKCDM"
    assert videos["Jellyfish Video"]["url"].endswith("Jellyfish_720_10s_2MB.mp4")
    reach = videos["The Reach of the Open edX Platform (2023)"]
    assert [caption["language"] for caption in reach["captions"]] == ["en", "es"]
    assert reach["url"] == "https://www.youtube.com/watch?v=AOUEsgFrYeg&t=699s"
    assert len(reach["transcript"]) > 200
    captions = next(asset for asset in course.assets if asset.name == reach["captions"][1]["file"])
    assert captions.read().startswith(b"WEBVTT\n\n00:")
    assert [block["title"] for block in blocks_of(course, "file")] == ["Reach of Open edX Downloadable Transcript"]


def test_runs_of_problems_are_one_quiz_and_graded_lessons_keep_their_category(course: Course) -> None:
    assert len(blocks_of(course, "quiz")) == len(course.assessments) == 14
    categories = {lesson.title: (lesson.graded, lesson.category) for lesson in course.lessons() if lesson.graded or lesson.category}
    assert categories == {
        "Basic Assessment Tools": (True, "Basic Assessment Tools"),
        "Intermediate  Assessment Tools": (True, "Intermediate Assessment Tools"),
        "Advanced  Assessment Tools": (True, "Advanced Assessment Tools"),
    }
    quizzes = {quiz.title: quiz for quiz in course.assessments}
    assert [len(quizzes[title].questions) for title in ("Dropdown Problems", "Text Input Problems", "Randomized Content")] == [2, 3, 0]
    (drawn,) = quizzes["Randomized Content"].sections
    assert [(pool.count, sum(question.category == pool.category for question in course.bank)) for pool in drawn.pools] == [(2, 6)]
    assert quizzes["Conditional Question"].practice
    assert not quizzes["Dropdown Problems"].practice
    assert quizzes["Dropdown Problems"].settings == {"pass_mark": "0.5"}


def test_summary_language_and_cover_are_taken(course: Course) -> None:
    assert course.summary.startswith("Explore Open edX® capabilities")
    assert (course.language, course.cover) == ("en", "DemoX-Course-Card.png")


def test_reading_is_quick_and_leaves_nothing_behind(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    started = time.process_time()
    read_olx(archive)
    assert time.process_time() - started < 5
    assert list(tmp_path.iterdir()) == []
