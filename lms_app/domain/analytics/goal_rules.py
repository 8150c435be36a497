"""What a student means to reach in a course, and how far it is. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MOST_HOURS = 80

_NUMBER = re.compile(r"[0-9]{1,3}([.,][0-9]{1,2})?")


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A score in percent, minutes a week, days a week; None for what is no part of it."""

    score: int | None = None
    minutes: int | None = None
    days: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be reached."""
        return self.score is None and self.minutes is None and self.days is None


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How far one part of a goal is: what is to be reached and what there is, in words, and the share in whole percent, 100 where it is `done`."""

    kind: str
    name: str
    wanted: str
    have: str
    percent: int
    done: bool


def read(score: str, hours: str, days: str) -> tuple[Goal, dict[str, str]]:
    """A goal as it was typed, and what is wrong with it by field. Empty is no part of the goal."""
    wrong: dict[str, str] = {}
    goal = Goal(
        score=_whole(score, "score", 1, 100, wrong, "A score is a whole number from 1 to 100."),
        minutes=_minutes(hours, wrong),
        days=_whole(days, "days", 1, 7, wrong, "A week has 1 to 7 days."),
    )
    if goal.is_empty and not wrong:
        wrong["score"] = "Fill in at least one of the three."
    return goal, wrong


def kept(values: Mapping[str, Any]) -> Goal:
    """A goal as it was kept."""
    return Goal(score=values.get("score"), minutes=values.get("minutes"), days=values.get("days"))


def reached(goal: Goal, *, percent: int | None, seconds: int, days: int) -> list[Reached]:
    """Each part of a goal with how far it is: the score so far, and time and days of this week."""
    found: list[Reached] = []
    if goal.score is not None:
        have = "no score yet" if percent is None else f"{percent} % so far"
        found.append(_reached("score", "Score", f"{goal.score} %", have, percent or 0, goal.score))
    if goal.minutes is not None:
        wanted = goal.minutes * 60
        found.append(_reached("time", "Time this week", time_words(wanted), f"{time_words(seconds)} so far", seconds, wanted))
    if goal.days is not None:
        found.append(_reached("days", "Days this week", _days(goal.days), f"{_days(days)} so far", days, goal.days))
    return found


def goal_words(goal: Goal) -> str:
    """A goal in one line: `80 %, 3 h a week, on 4 days a week`."""
    parts = (
        f"{goal.score} %" if goal.score is not None else "",
        f"{time_words(goal.minutes * 60)} a week" if goal.minutes is not None else "",
        f"on {_days(goal.days)} a week" if goal.days is not None else "",
    )
    return ", ".join(filter(None, parts))


def time_words(seconds: int) -> str:
    """A length of time in whole minutes, rounded down: `0 min`, `45 min`, `2 h`, `2 h 5 min`."""
    hours, minutes = divmod(seconds // 60, 60)
    return f"{minutes} min" if not hours else f"{hours} h" if not minutes else f"{hours} h {minutes} min"


def hours_typed(minutes: int | None) -> str:
    """Minutes as they are typed, in hours: `2.5`."""
    return "" if minutes is None else f"{(Decimal(minutes) / 60).quantize(Decimal('0.01')).normalize():f}"


def _reached(kind: str, name: str, wanted: str, have: str, there: int, enough: int) -> Reached:
    return Reached(kind=kind, name=name, wanted=wanted, have=have, percent=min(100, there * 100 // enough), done=there >= enough)


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _whole(typed: str, name: str, least: int, most: int, wrong: dict[str, str], sentence: str) -> int | None:
    typed = typed.strip().removesuffix("%").strip()
    if not typed:
        return None
    if re.fullmatch(r"[0-9]{1,3}", typed) and least <= int(typed) <= most:
        return int(typed)
    wrong[name] = sentence
    return None


def _minutes(typed: str, wrong: dict[str, str]) -> int | None:
    typed = typed.strip()
    if not typed:
        return None
    if _NUMBER.fullmatch(typed):
        minutes = round(Decimal(typed.replace(",", ".")) * 60)
        if 5 <= minutes <= MOST_HOURS * 60:
            return minutes
    wrong["hours"] = f"Write hours as a number up to {MOST_HOURS}, such as 2 or 2.5."
    return None
