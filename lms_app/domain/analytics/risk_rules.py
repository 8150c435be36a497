"""Who is at risk, and why: reasons in words, by thresholds that the staff of a course sets. Pure.

There is no score. Each reason is a sentence that anybody can look up, and holds or does not. Whoever has completed the course has none.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from statistics import median_low
from typing import Final

NUDGE_DAYS: Final = 7
"""Whoever comes back within so many days after a nudge counts as come back."""


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From where on something is a reason. 0 leaves a reason out. Days are whole; `low_percent` and `behind_percent` are percent."""

    absent_days: int = 7
    unbegun_days: int = 5
    low_percent: int = 50
    low_quizzes: int = 2
    behind_percent: int = 50
    missed_items: int = 1


MOST: Final[Mapping[str, int]] = {
    "absent_days": 60,
    "unbegun_days": 60,
    "low_percent": 100,
    "low_quizzes": 10,
    "behind_percent": 100,
    "missed_items": 10,
}
"""How far each can be dragged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a student stands. `absent_days` is None before anything was opened; `low` counts quizzes under `low_percent`, of `quizzes` with marks;
    `missed` counts what was due and not handed in."""

    completed: bool
    enrolled_days: int
    absent_days: int | None
    done: int
    total: int
    low: int = 0
    quizzes: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why somebody is flagged. `code` stays the same until the reason gets worse: days that pass make none worse, another failed quiz does."""

    code: str
    words: str


def checked(thresholds: Thresholds) -> dict[str, str]:
    """What is wrong with thresholds, by field. Empty where nothing is."""
    wrong: dict[str, str] = {}
    for field in fields(Thresholds):
        if not 0 <= getattr(thresholds, field.name) <= MOST[field.name]:
            wrong[field.name] = f"Choose a number from 0 to {MOST[field.name]}."
    return wrong


def median_done(standings: Iterable[Standing]) -> int:
    """How many items are done by the student in the middle of those who have begun. 0 where nobody has."""
    begun = [standing.done for standing in standings if standing.absent_days is not None or standing.completed]
    return median_low(begun) if begun else 0


def reasons(standing: Standing, thresholds: Thresholds, median: int) -> tuple[Reason, ...]:
    """Every reason why a student is at risk, the plainest first."""
    if standing.completed:
        return ()
    found: list[Reason] = []
    if standing.absent_days is None:
        if thresholds.unbegun_days and standing.enrolled_days >= thresholds.unbegun_days:
            found.append(Reason(code="unbegun", words=f"not begun {_days(standing.enrolled_days)} after enrolling"))
    elif thresholds.absent_days and standing.absent_days >= thresholds.absent_days:
        found.append(Reason(code="absent", words=f"no visit for {_days(standing.absent_days)}"))
    if thresholds.low_percent and thresholds.low_quizzes and standing.low >= thresholds.low_quizzes:
        of_all = f"{standing.low} of {standing.quizzes} {'quiz' if standing.quizzes == 1 else 'quizzes'} under {thresholds.low_percent} %"
        found.append(Reason(code=f"low:{standing.low}", words=of_all))
    if standing.absent_days is not None and thresholds.behind_percent and standing.done * 100 < thresholds.behind_percent * median:
        found.append(Reason(code="behind", words=f"behind: {standing.done} of {standing.total} items done, the median is {median}"))
    if thresholds.missed_items and standing.missed >= thresholds.missed_items:
        words = f"{standing.missed} due {'item' if standing.missed == 1 else 'items'} not handed in"
        found.append(Reason(code=f"missed:{standing.missed}", words=words))
    return tuple(found)


def is_dismissed(found: Collection[Reason], seen: Collection[str]) -> bool:
    """Whether a dismissal that was made of the reasons `seen` still holds: there is no other reason, and none got worse."""
    return {reason.code for reason in found} <= set(seen)


def sentence(found: Collection[Reason]) -> str:
    """The reasons as one sentence: "No visit for 9 days; 2 of 4 quizzes under 50 %."."""
    words = "; ".join(reason.words for reason in found)
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def suggestion(found: Collection[Reason], course: str) -> str:
    """What the staff may wish to write, to be changed before it is sent. It names no figure: those are for the staff."""
    kinds = {reason.code.partition(":")[0] for reason in found}
    opening = f"Hello! This is about {course}."
    if "unbegun" in kinds:
        middle = "You enrolled and have not begun yet. The first page takes a few minutes, and that is a good start."
    elif "absent" in kinds:
        middle = "We have not seen you for a while. You can go on where you left off."
    elif "missed" in kinds:
        middle = "Something that was due is not handed in yet. Tell us if you need more time."
    elif "low" in kinds:
        middle = "The last quizzes were hard, it seems. Look at the feedback, and ask in the discussion what is unclear."
    else:
        middle = "How is it going? A little every few days is the easiest way to get on."
    return f"{opening} {middle} Write to us if something is in your way."


def helped(nudged: int, nudged_back: int, others: int, others_back: int) -> str:
    """Whether nudges helped, as far as this can be told by comparing."""
    if not nudged:
        return "Nobody was written to a week ago or longer, so there is nothing to compare yet."
    told = (
        f"{_people(nudged)} written to at least {NUDGE_DAYS} days ago: {nudged_back} came back within {NUDGE_DAYS} days{_share(nudged_back, nudged)}."
    )
    if others:
        told += f" Flagged on the same days and not written to: {others}, of whom {others_back} came back{_share(others_back, others)}."
        told += " They were not chosen by lot, so this is a hint and no proof."
    return told


def _share(part: int, whole: int) -> str:
    return f" ({part * 100 // whole} %)"


def _people(count: int) -> str:
    return f"{count:,} {'student was' if count == 1 else 'students were'}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
