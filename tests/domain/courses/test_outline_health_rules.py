"""What is found in a course as a whole: each check once where there is something to mend, and once where there is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import pytest

from lms_app.domain.certificates.award_rules import AwardRule
from lms_app.domain.courses.availability_rules import After, Availability
from lms_app.domain.courses.health_rules import COURSE_CHECKS, QUIZ_CHECKS, STATISTICS_CHECKS, Finding
from lms_app.domain.courses.outline_health_rules import (
    ENOUGH_ANSWERS,
    AnswerFacts,
    CourseFacts,
    LessonFacts,
    ModuleFacts,
    PageFacts,
    PoolFacts,
    QuizFacts,
    ReferenceFacts,
    course_findings,
)
from lms_app.words import NodeKind

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
RECENTLY, LONG_AGO = NOW - timedelta(days=1), NOW - timedelta(days=8)


def name(words: str) -> UUID:
    return uuid5(UUID(int=0), words)


COURSE, MODULE, LESSON, PAGE, OTHER, QUIZ, QUESTION, GONE = map(name, ("course", "module", "lesson", "page", "other", "quiz", "question", "gone"))

page = PageFacts(id=PAGE, lesson=LESSON, title="Stones", state="published", required=True, saved_at=RECENTLY)
other = replace(page, id=OTHER, title="Sand")
quiz = QuizFacts(
    id=QUIZ, page=PAGE, state="published", required=True, saved_at=RECENTLY, pass_mark=Decimal("0.6"), opens_at=None, closes_at=None, questions=2,
    points=Decimal(4), best=Decimal(4),
)  # fmt: skip
answers = AnswerFacts(question=QUESTION, answered=ENOUGH_ANSWERS, facility=0.5, complete=ENOUGH_ANSWERS, item_rest=0.3)
pool = PoolFacts(wanted=3, finds=3, points=Decimal(1))
good = CourseFacts(
    id=COURSE, published=True, summary="What lies under us", certificate_offered=True, opens_at=None, closes_at=None,
    modules=(ModuleFacts(id=MODULE, title="Ground"),), lessons=(LessonFacts(id=LESSON, module=MODULE, title="Reading"),),
    pages=(page, other), quizzes=(quiz,), answers=(answers,),
)  # fmt: skip


def needs(kind: Any, target: UUID | None, **more: Any) -> ReferenceFacts:
    return ReferenceFacts(kind=more.pop("of", NodeKind.PAGE), node=more.pop("node", PAGE), block="block0000001", needs=kind, target=target)


def with_pages(*pages: PageFacts, **more: Any) -> CourseFacts:
    return replace(good, pages=pages, **more)


def waiting(target: UUID, first: PageFacts, *, hidden: bool = False, state: str = "published") -> CourseFacts:
    """A course whose second page opens after `target`."""
    rule = Availability(conditions=(After(kind=NodeKind.PAGE, node=target),))
    return with_pages(replace(first, state="draft") if hidden else first, replace(other, state=state), availabilities={OTHER: rule})


def with_quiz(**changes: Any) -> CourseFacts:
    return replace(good, quizzes=(replace(quiz, **changes),))


def with_answers(**changes: Any) -> CourseFacts:
    return replace(good, answers=(replace(answers, **changes),))


hidden = replace(other, state="draft", required=False)
CASES: list[tuple[str, UUID, CourseFacts, CourseFacts]] = [
    ("course_without_summary", COURSE, replace(good, summary=" "), good),
    ("module_empty", MODULE, replace(good, lessons=(), pages=()), good),
    ("lesson_empty", LESSON, with_pages(), good),
    ("lesson_hidden", LESSON, with_pages(hidden), with_pages(page, hidden)),
    ("lesson_hidden", LESSON, with_pages(hidden), with_pages(hidden, published=False)),
    ("titles_equal", LESSON, with_pages(page, replace(other, title="Stones")), good),
    ("changes_wait", PAGE, with_pages(replace(page, state="changed", saved_at=LONG_AGO)), with_pages(replace(page, state="changed"))),
    ("changes_wait", PAGE, with_pages(replace(page, state="changed", saved_at=LONG_AGO)), with_pages(replace(page, saved_at=LONG_AGO))),
    ("changes_wait", QUIZ, with_quiz(state="changed", saved_at=LONG_AGO), with_quiz(state="changed")),
    ("required_page_hidden", OTHER, with_pages(page, replace(other, state="draft")), with_pages(page, hidden)),
    ("required_page_hidden", OTHER, with_pages(page, replace(other, state="draft")), with_pages(replace(page, state="changed"))),
    (
        "certificate_for_nothing",
        COURSE,
        with_pages(replace(page, required=False), quizzes=()),
        with_pages(replace(page, required=False)),
    ),
    (
        "certificate_for_nothing",
        COURSE,
        with_pages(replace(page, required=False), quizzes=(replace(quiz, required=False),)),
        with_pages(replace(page, required=False), quizzes=(), certificate_offered=False),
    ),
    (
        "grade_for_nothing",
        COURSE,
        replace(good, award_rule=AwardRule(least_grade=Decimal("0.7"))),
        replace(good, award_rule=AwardRule(least_grade=Decimal("0.7")), graded=True),
    ),
    (
        "certificate_quiz_hidden",
        COURSE,
        replace(with_quiz(state="draft"), award_rule=AwardRule(passed=(QUIZ,))),
        replace(good, award_rule=AwardRule(passed=(QUIZ,))),
    ),
    ("quiz_nowhere", QUIZ, with_quiz(page=None), good),
    ("quiz_nowhere", QUIZ, with_quiz(page=GONE), with_quiz(page=GONE, gone=True)),
    ("quiz_hidden", QUIZ, with_quiz(state="draft"), with_quiz(state="changed")),
    ("quiz_hidden", QUIZ, with_quiz(state="draft"), with_quiz(state="draft", questions=0)),
    ("quiz_worth_nothing", QUIZ, with_quiz(points=Decimal(0), best=Decimal(0)), with_quiz(points=Decimal(0), best=Decimal(0), required=False)),
    ("pass_mark_unreachable", QUIZ, with_quiz(best=Decimal(2)), with_quiz(best=Decimal("2.4"))),
    ("pass_mark_unreachable", QUIZ, with_quiz(best=Decimal(2)), with_quiz(best=Decimal(2), pass_mark=None)),
    ("pass_mark_unreachable", QUIZ, with_quiz(best=Decimal(2)), with_quiz(best=Decimal(2), pools=(pool,))),
    ("pool_too_small", QUIZ, with_quiz(pools=(replace(pool, finds=2),)), with_quiz(pools=(pool,))),
    ("quiz_never_open", QUIZ, replace(with_quiz(opens_at=NOW), closes_at=NOW), replace(with_quiz(opens_at=RECENTLY), closes_at=NOW)),
    ("quiz_never_open", QUIZ, replace(with_quiz(closes_at=RECENTLY), opens_at=NOW), with_quiz(closes_at=NOW + timedelta(days=1))),
    ("quiz_over", QUIZ, with_quiz(closes_at=RECENTLY), with_quiz(closes_at=RECENTLY, required=False)),
    ("quiz_over", QUIZ, with_quiz(closes_at=RECENTLY), with_quiz(closes_at=NOW + timedelta(days=1))),
    ("file_missing", PAGE, replace(good, references=(needs("file", GONE),)), good),
    ("file_missing", PAGE, replace(good, references=(needs("file", None),)), good),
    ("quiz_missing", PAGE, replace(good, references=(needs("quiz", GONE),)), good),
    ("link_to_nothing", PAGE, replace(good, references=(needs("page", GONE),)), replace(good, references=(needs("page", OTHER),))),
    (
        "link_to_hidden_page",
        PAGE,
        with_pages(page, hidden, references=(needs("page", OTHER),)),
        with_pages(page, other, references=(needs("page", OTHER),)),
    ),
    (
        "link_to_hidden_page",
        QUESTION,
        with_pages(page, hidden, references=(needs("page", OTHER, of=NodeKind.QUESTION, node=QUESTION),)),
        with_pages(replace(page, state="draft"), hidden, references=(needs("page", OTHER),)),
    ),
    ("nobody_right", QUESTION, with_answers(facility=0.0), with_answers(facility=0.0, answered=ENOUGH_ANSWERS - 1)),
    ("everybody_right", QUESTION, with_answers(facility=1.0), with_answers(facility=0.99)),
    ("better_students_do_worse", QUESTION, with_answers(item_rest=-0.2, complete=80), with_answers(item_rest=-0.2, complete=60)),
    ("better_students_do_worse", QUESTION, with_answers(item_rest=-0.8), with_answers(item_rest=-0.8, complete=ENOUGH_ANSWERS - 1)),
    ("better_students_do_worse", QUESTION, with_answers(item_rest=-1.0), with_answers(item_rest=None)),
    ("better_students_do_worse", QUESTION, with_answers(item_rest=-0.06, complete=9_000), with_answers(item_rest=-0.04, complete=9_000)),
    ("never_opens", OTHER, waiting(PAGE, page, hidden=True), waiting(PAGE, page)),
    ("never_opens", OTHER, waiting(GONE, page), waiting(GONE, page, state="draft")),
]


def test_every_check_of_a_course_has_its_cases() -> None:
    whole = {*COURSE_CHECKS, *QUIZ_CHECKS, *STATISTICS_CHECKS, "file_missing", "quiz_missing", "link_to_nothing", "link_to_hidden_page"}
    assert {code for code, *_ in CASES} == whole - {"quiz_without_questions"}


def test_a_course_in_good_health_has_nothing_to_mend() -> None:
    assert course_findings(good, NOW) == []


@pytest.mark.parametrize(("code", "node", "bad", "fine"), CASES)
def test_a_check_finds_what_is_to_mend_and_passes_by_what_is_not(code: str, node: UUID, bad: CourseFacts, fine: CourseFacts) -> None:
    def of_it(facts: CourseFacts) -> list[Finding]:
        return [finding for finding in course_findings(facts, NOW) if finding.code == code]

    assert [finding.node for finding in of_it(bad)] == [node]
    assert "{" not in of_it(bad)[0].sentence + of_it(bad)[0].advice
    assert of_it(fine) == []


@pytest.mark.parametrize(
    ("say", "sentence"),
    [
        (lambda: with_quiz(best=Decimal(2)), "To pass takes 60 %, and the best answers together earn 50 %."),
        (lambda: with_quiz(pools=(replace(pool, finds=0),)), "A pool asks for 3 questions and finds 0."),
        (lambda: with_answers(item_rest=-0.75), "Who does well in the rest of the quiz does worse in this question (item-rest correlation −0.75)."),
        (lambda: with_pages(replace(page, state="changed", saved_at=LONG_AGO)), "This has changes since 26 April 2026 that students do not see."),
    ],
)
def test_a_sentence_says_what_was_found(say: Callable[[], CourseFacts], sentence: str) -> None:
    assert [finding.sentence for finding in course_findings(say(), NOW)] == [sentence]
