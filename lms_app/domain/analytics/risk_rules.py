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
    """Where a student stands. `absent_days` is None before anything was opened; `low` counts quizzes with marks under `low_percent`; `missed` counts
    what was due and not handed in."""

    completed: bool
    enrolled_days: int
    absent_days: int | None
    done: int
    total: int
    low: int = 0
    missed: int = 0


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


def reasons(standing: Standing, thresholds: Thresholds, median: int) -> tuple[str, ...]:
    """Every reason why a student is at risk, the plainest first. Each is a code that stays the same until the reason gets worse: days that pass make
    none worse, another failed quiz does. `told` has the words."""
    if standing.completed:
        return ()
    found: list[str] = []
    if standing.absent_days is None:
        if thresholds.unbegun_days and standing.enrolled_days >= thresholds.unbegun_days:
            found.append("unbegun")
    elif thresholds.absent_days and standing.absent_days >= thresholds.absent_days:
        found.append("absent")
    if thresholds.low_percent and thresholds.low_quizzes and standing.low >= thresholds.low_quizzes:
        found.append(f"low:{standing.low}")
    if standing.absent_days is not None and thresholds.behind_percent and standing.done * 100 < thresholds.behind_percent * median:
        found.append("behind")
    if thresholds.missed_items and standing.missed >= thresholds.missed_items:
        found.append(f"missed:{standing.missed}")
    return tuple(found)


def is_dismissed(found: Collection[str], seen: Collection[str]) -> bool:
    """Whether a dismissal that was made of the reasons `seen` still holds: there is no other reason, and none got worse."""
    worst = {kind_of(reason): _badness(reason) for reason in seen}
    return all(_badness(reason) <= worst.get(kind_of(reason), -1) for reason in found)


def told(found: Iterable[str], standing: Standing, thresholds: Thresholds, median: int, quizzes: int) -> str:
    """Reasons as one sentence: "No visit for 9 days; 2 of 4 quizzes under 50 %.". `quizzes` counts the student's quizzes with marks."""
    words = "; ".join(_in_words(reason, standing, thresholds, median, quizzes) for reason in found)
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _in_words(reason: str, standing: Standing, thresholds: Thresholds, median: int, quizzes: int) -> str:
    match kind_of(reason):
        case "unbegun":
            return f"not begun {_days(standing.enrolled_days)} after enrolling"
        case "absent":
            return f"no visit for {_days(standing.absent_days or 0)}"
        case "low":
            return f"{standing.low} of {quizzes} {'quiz' if quizzes == 1 else 'quizzes'} under {thresholds.low_percent} %"
        case "behind":
            return f"behind: {standing.done} of {standing.total} items done, the median is {median}"
        case _:
            return f"{standing.missed} due {'item' if standing.missed == 1 else 'items'} not handed in"


def kind_of(reason: str) -> str:
    """What a reason is about, however bad it is."""
    return reason.partition(":")[0]


def _badness(reason: str) -> int:
    return int(reason.partition(":")[2] or 0)


def suggestion(found: Iterable[str], course: str) -> str:
    """What the staff may wish to write, to be changed before it is sent. It names no figure: those are for the staff."""
    kinds = {kind_of(reason) for reason in found}
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
