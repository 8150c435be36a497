"""Progress, and why it is what it is. Pure.

Every required item counts the same. A percentage is rounded down, so that 100 % means all of it. A course in which nothing is required is
never complete: it would be so on enrolment.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from lms_app.words import CompletionRule, NodeKind

if TYPE_CHECKING:
    from lms_app.domain.courses.outline import Outline, OutlineItem, OutlineModule, OutlinePage

READING_SECONDS = 5
"""How long a page's text must have been on screen, together with having been scrolled to its end, to count as read."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """That an item was completed: under which rule, which may not be its rule of today, and when."""

    rule: CompletionRule
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ItemProgress:
    """One line of "why 73 %?". `sentence` says what was done, or what is still to do."""

    id: str
    kind: NodeKind
    title: str
    required: bool
    done: bool
    done_at: datetime | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class ModuleProgress:
    """A module's part of the progress. `done` and `total` count required items, `items` lists optional ones too."""

    id: str
    title: str
    done: int
    total: int
    percent: int
    items: tuple[ItemProgress, ...]


@dataclass(frozen=True, kw_only=True)
class ProgressView:
    """How far a student is in a course, and why. `sentence` sums it up."""

    done: int
    total: int
    percent: int
    complete: bool
    sentence: str
    modules: tuple[ModuleProgress, ...]


def progress_view(outline: "Outline", completed: Mapping[UUID, Done]) -> ProgressView:
    """The progress that these completions (by node id) give in an outline. What is no longer in the outline does not count either way."""
    modules = tuple(_module_progress(module, completed) for module in outline.modules)
    done, total = sum(module.done for module in modules), sum(module.total for module in modules)
    percent = percent_of(done, total)
    return ProgressView(
        done=done, total=total, percent=percent, complete=is_complete(done, total), sentence=_summary(done, total, percent), modules=modules
    )


def percent_of(done: int, total: int) -> int:
    """Whole percent, rounded down; 0 of nothing."""
    return done * 100 // total if total else 0


def is_complete(done: int, total: int) -> bool:
    """Whether a course is complete: all required items are done, and there is at least one."""
    return total > 0 and done >= total


def is_read(*, seconds: int, reached_end: bool) -> bool:
    """Whether a page whose rule is `read` is complete: its end was reached and it was on screen long enough."""
    return reached_end and seconds >= READING_SECONDS


def is_quiz_complete(rule: CompletionRule, *, passed: bool | None) -> bool:
    """Whether a submitted attempt completes its quiz. `passed` is None where there is no pass mark: handing in is passing then."""
    return rule == CompletionRule.SUBMITTED or (rule == CompletionRule.PASSED and passed is not False)


def rule_sentence(rule: CompletionRule, *, pass_mark: Decimal | None = None, required: bool = True) -> str:
    """What completes an item, in words for the student. `pass_mark` is a fraction."""
    match rule:
        case CompletionRule.READ:
            sentence = f"Done when you have read to the end ({READING_SECONDS} seconds on screen)."
        case CompletionRule.MANUAL:
            sentence = "Done when you mark it as done."
        case CompletionRule.PASSED if pass_mark:
            sentence = f"Done when you pass with {percentage(pass_mark)} or more."
        case CompletionRule.SUBMITTED | CompletionRule.PASSED:
            sentence = "Done when you have submitted it."
        case CompletionRule.NONE:
            return "Nothing to do here: it does not count towards your progress."
    return sentence if required else f"{sentence} Optional: it does not count towards your progress."


def page_sentence(page: "OutlinePage") -> str:
    """What completes a page, in words for the student: its own rule, or that of the required quizzes on it where it has none."""
    quizzes = [quiz for quiz in page.quizzes if quiz.required]
    if page.item.rule != CompletionRule.NONE or not quizzes:
        return rule_sentence(page.item.rule, required=page.item.required)
    if len(quizzes) > 1:
        return f"Done when its {len(quizzes)} quizzes are done."
    if quizzes[0].rule == CompletionRule.PASSED and quizzes[0].pass_mark:
        return f"Done when you pass the quiz with {percentage(quizzes[0].pass_mark)} or more."
    return "Done when you have submitted the quiz."


def is_page_done(page: "OutlinePage", completed: Collection[UUID]) -> bool:
    """Whether what `page_sentence` asks for has happened."""
    quizzes = [quiz.id for quiz in page.quizzes if quiz.required]
    asked = quizzes if page.item.rule == CompletionRule.NONE and quizzes else [page.id]
    return all(item in completed for item in asked)


def course_sentence(total: int) -> str:
    """What completes a course with `total` required items, in words for the student."""
    if total == 0:
        return "This course has no required items, so it cannot be completed yet."
    return "Complete when its one required item is done." if total == 1 else f"Complete when all {total} required items are done."


def percentage(fraction: Decimal) -> str:
    """A fraction as percent, with only the places that it needs: 0.7 is "70 %". The space does not break."""
    return f"{(fraction * 100).normalize():f}\N{NO-BREAK SPACE}%"


def _module_progress(module: "OutlineModule", completed: Mapping[UUID, Done]) -> ModuleProgress:
    items = tuple(_item_progress(item, completed.get(item.id)) for lesson in module.lessons for page in lesson.pages for item in page.items)
    done, total = _count(items)
    return ModuleProgress(id=str(module.id), title=module.title, done=done, total=total, percent=percent_of(done, total), items=items)


def _count(items: Iterable[ItemProgress]) -> tuple[int, int]:
    required: Collection[ItemProgress] = [item for item in items if item.required]
    return sum(item.done for item in required), len(required)


def _item_progress(item: "OutlineItem", done: Done | None) -> ItemProgress:
    return ItemProgress(
        id=str(item.id),
        kind=item.kind,
        title=item.title,
        required=item.required,
        done=done is not None,
        done_at=done.at if done else None,
        sentence=_DONE[done.rule] if done else rule_sentence(item.rule, pass_mark=item.pass_mark, required=item.required),
    )


_DONE = {
    CompletionRule.READ: "You have read it to the end.",
    CompletionRule.MANUAL: "You marked it as done.",
    CompletionRule.SUBMITTED: "You submitted it.",
    CompletionRule.PASSED: "You passed it.",
    CompletionRule.NONE: "It is done.",
}


def _summary(done: int, total: int, percent: int) -> str:
    if total == 0:
        return course_sentence(0)
    if done == total:
        return "Everything required is done."
    if total == 1:
        return "The one required item is not done yet."
    return f"{percent}\N{NO-BREAK SPACE}%: {done} of {total} required items {'is' if done == 1 else 'are'} done."
