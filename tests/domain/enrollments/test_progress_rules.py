from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.courses.outline import Outline, OutlineItem, OutlineLesson, OutlineModule, OutlinePage
from lms_app.domain.enrollments.progress_rules import (
    Done,
    course_sentence,
    is_quiz_complete,
    is_read,
    percentage,
    progress_view,
    rule_sentence,
)
from lms_app.words import CompletionRule, NodeKind

NOW = datetime(2026, 3, 2, tzinfo=UTC)
READ = Done(rule=CompletionRule.READ, at=NOW)


def page(number: int, *, required: bool = True, rule: CompletionRule = CompletionRule.READ, quizzes: Iterable[OutlineItem] = ()) -> OutlinePage:
    item = OutlineItem(id=UUID(int=number), kind=NodeKind.PAGE, title=f"Page {number}", rule=rule, rule_version=1, required=required)
    return OutlinePage(item=item, minutes=3, quizzes=tuple(quizzes))


def quiz(number: int, pass_mark: str | None = "0.7") -> OutlineItem:
    return OutlineItem(
        id=UUID(int=number),
        kind=NodeKind.ASSESSMENT,
        title=f"Quiz {number}",
        rule=CompletionRule.PASSED,
        rule_version=1,
        required=True,
        pass_mark=Decimal(pass_mark) if pass_mark else None,
    )


def outline(*modules: list[OutlinePage]) -> Outline:
    return Outline(
        course_id=UUID(int=999),
        modules=tuple(
            OutlineModule(
                id=UUID(int=1000 + number),
                title=f"Module {number}",
                lessons=(OutlineLesson(id=UUID(int=2000 + number), title="Lesson", graded=False, category="", pages=tuple(pages)),),
            )
            for number, pages in enumerate(modules)
        ),
    )


def test_progress_counts_required_pages_and_quizzes_alike() -> None:
    view = progress_view(outline([page(1), page(2, required=False)], [page(3, quizzes=[quiz(4)])]), {UUID(int=1): READ, UUID(int=2): READ})
    assert (view.done, view.total, view.percent, view.complete) == (1, 3, 33, False)
    assert [(module.done, module.total, module.percent) for module in view.modules] == [(1, 1, 100), (0, 2, 0)]
    assert view.sentence == "33\N{NO-BREAK SPACE}%: 1 of 3 required items is done."


def test_every_line_says_what_was_done_or_what_is_left() -> None:
    view = progress_view(outline([page(1), page(2, required=False), page(3, quizzes=[quiz(4)])]), {UUID(int=1): READ})
    assert [(line.title, line.done, line.done_at, line.sentence) for line in view.modules[0].items] == [
        ("Page 1", True, NOW, "You have read it to the end."),
        ("Page 2", False, None, "Done when you have read to the end (5 seconds on screen). Optional: it does not count towards your progress."),
        ("Page 3", False, None, "Done when you have read to the end (5 seconds on screen)."),
        ("Quiz 4", False, None, "Done when you pass with 70\N{NO-BREAK SPACE}% or more."),
    ]


def test_a_change_of_the_rule_takes_no_completion_away() -> None:
    now_by_hand = outline([page(1, rule=CompletionRule.MANUAL)])
    view = progress_view(now_by_hand, {UUID(int=1): READ})
    assert view.complete
    assert view.modules[0].items[0].sentence == "You have read it to the end."


def test_a_course_is_complete_when_its_last_required_item_is() -> None:
    course = outline([page(1), page(2)], [page(3, required=False)])
    assert not progress_view(course, {UUID(int=1): READ}).complete
    view = progress_view(course, {UUID(int=1): READ, UUID(int=2): READ})
    assert view.complete
    assert view.sentence == "Everything required is done."


def test_a_course_in_which_nothing_is_required_is_never_complete() -> None:
    view = progress_view(outline([page(1, required=False)]), {UUID(int=1): READ})
    assert (view.done, view.total, view.percent, view.complete) == (0, 0, 0, False)


def test_a_completion_of_something_no_longer_there_counts_for_nothing() -> None:
    assert progress_view(outline([page(1)]), {UUID(int=77): READ}).done == 0


@given(st.lists(st.booleans(), min_size=1, max_size=300), st.data())
def test_a_hundred_percent_is_shown_exactly_when_all_is_done(required: list[bool], data: st.DataObject) -> None:
    pages = [page(number + 1, required=needed) for number, needed in enumerate(required)]
    done = data.draw(st.sets(st.sampled_from([entry.id for entry in pages])))
    view = progress_view(outline(pages[: len(pages) // 2], pages[len(pages) // 2 :]), dict.fromkeys(done, READ))
    assert (view.percent == 100) is view.complete
    assert sum(module.total for module in view.modules) == view.total == sum(required)
    more = progress_view(outline(pages), dict.fromkeys([entry.id for entry in pages], READ))
    assert more.done >= view.done


@pytest.mark.parametrize(
    ("rule", "pass_mark", "sentence"),
    [
        (CompletionRule.READ, None, "Done when you have read to the end (5 seconds on screen)."),
        (CompletionRule.MANUAL, None, "Done when you mark it as done."),
        (CompletionRule.SUBMITTED, "0.7", "Done when you have submitted it."),
        (CompletionRule.PASSED, "0.7", "Done when you pass with 70\N{NO-BREAK SPACE}% or more."),
        (CompletionRule.PASSED, None, "Done when you have submitted it."),
        (CompletionRule.NONE, None, "Nothing to do here: it does not count towards your progress."),
    ],
)
def test_each_rule_has_a_sentence_for_the_student(rule: CompletionRule, pass_mark: str | None, sentence: str) -> None:
    assert rule_sentence(rule, pass_mark=Decimal(pass_mark) if pass_mark else None) == sentence


@pytest.mark.parametrize(("fraction", "text"), [("0.7", "70"), ("1", "100"), ("0.666667", "66.6667"), ("0", "0"), ("0.005", "0.5")])
def test_a_percentage_has_only_the_places_it_needs(fraction: str, text: str) -> None:
    assert percentage(Decimal(fraction)) == f"{text}\N{NO-BREAK SPACE}%"


def test_a_page_is_read_when_its_end_was_reached_and_five_seconds_have_passed() -> None:
    assert is_read(seconds=5, reached_end=True)
    assert not is_read(seconds=4, reached_end=True)
    assert not is_read(seconds=500, reached_end=False)


def test_a_failed_attempt_completes_only_a_quiz_that_asks_for_submission() -> None:
    assert is_quiz_complete(CompletionRule.SUBMITTED, passed=False)
    assert not is_quiz_complete(CompletionRule.PASSED, passed=False)
    assert is_quiz_complete(CompletionRule.PASSED, passed=True)
    assert is_quiz_complete(CompletionRule.PASSED, passed=None)
    assert not is_quiz_complete(CompletionRule.NONE, passed=True)


def test_the_sentence_of_a_course_counts_its_required_items() -> None:
    assert course_sentence(12) == "Complete when all 12 required items are done."
    assert course_sentence(1) == "Complete when its one required item is done."
