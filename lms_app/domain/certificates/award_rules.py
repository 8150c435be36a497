"""What a course's certificate asks for, judged and said. Pure.

It always asks for everything that the course requires. It may ask for a least course grade besides, and for quizzes that must be passed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from lms_app.domain.gradebook.grade_rules import in_words, percent

MOST_QUIZZES = 50
LONGEST_LIST = 4
"""Quizzes that a sentence names. Of more it says how many they are."""


@dataclass(frozen=True, kw_only=True)
class AwardRule:
    """What is asked for besides completing the course. `least_grade` is a fraction of the course's grade, None where none is asked for; `passed` are
    quizzes."""

    least_grade: Decimal | None = None
    passed: tuple[UUID, ...] = ()

    @property
    def asks_more(self) -> bool:
        """Whether it asks for more than the course to be completed."""
        return self.least_grade is not None or bool(self.passed)


COMPLETED = AwardRule()
"""That the course is completed, and nothing besides."""


@dataclass(frozen=True, kw_only=True)
class Merit:
    """What somebody has made of a course. `grade` is a fraction, None while nothing counts; `waits` says that something of it is still to be marked
    or told; `passed` are quizzes."""

    grade: Decimal | None
    waits: bool
    passed: frozenset[UUID]


def rule_of(stored: Mapping[str, Any]) -> AwardRule:
    """The rule that a course or a certificate keeps, as far as it can be read."""
    try:
        least = Decimal(stored["least_grade"]) if stored.get("least_grade") else None
        passed = tuple(UUID(quiz) for quiz in stored.get("passed", ()))
    except (InvalidOperation, TypeError, ValueError):
        return COMPLETED
    return AwardRule(least_grade=least if least is not None and 0 < least <= 1 else None, passed=passed)


def stored(rule: AwardRule) -> dict[str, Any]:
    """A rule as it is kept: nothing where it asks for nothing more."""
    kept: dict[str, Any] = {}
    if rule.least_grade is not None:
        kept["least_grade"] = f"{rule.least_grade.normalize():f}"
    if rule.passed:
        kept["passed"] = [str(quiz) for quiz in rule.passed]
    return kept


def is_met(rule: AwardRule, merit: Merit, there: Collection[UUID]) -> bool:
    """Whether a rule is met, of somebody who has completed the course. Of the quizzes only those that are `there` count: one that was taken out of
    the course keeps nobody from a certificate. A grade counts once nothing of it waits."""
    if rule.least_grade is not None and (merit.grade is None or merit.waits or merit.grade < rule.least_grade):
        return False
    return all(quiz in merit.passed for quiz in rule.passed if quiz in there)


def rule_sentence(rule: AwardRule, titles: Mapping[UUID, str]) -> str:
    """When a certificate is earned, in words for the student. `titles` are those of the quizzes that are in the course."""
    asked = ["you have completed the course"]
    if rule.least_grade is not None:
        asked.append(f"your grade is at least {_part(rule.least_grade)}")
    passed = [titles[quiz] for quiz in rule.passed if quiz in titles]
    if passed:
        asked.append(f"you have passed {_named(passed)}")
    return f"You earn a certificate when {_listed(asked)}."


def missing(rule: AwardRule, merit: Merit, titles: Mapping[UUID, str], *, left: int) -> list[str]:
    """What somebody lacks, a sentence each. `left` required items are still to be done."""
    told: list[str] = []
    if left:
        told.append(f"{left} required {'item is' if left == 1 else 'items are'} still to be done.")
    if rule.least_grade is not None:
        needed = f"{_part(rule.least_grade)} are needed"
        if merit.grade is None:
            told.append(f"You have no grade yet; {needed}.")
        elif merit.grade < rule.least_grade:
            so_far = " so far" if merit.waits else ""
            told.append(f"Your grade is {percent(merit.grade)}\N{NO-BREAK SPACE}%{so_far}; {needed}.")
        elif merit.waits:
            told.append(f"Your grade is {percent(merit.grade)}\N{NO-BREAK SPACE}% so far. It counts once everything that you handed in is marked.")
    told += [f"You have not passed “{titles[quiz]}” yet." for quiz in rule.passed if quiz in titles and quiz not in merit.passed]
    return told


def _part(fraction: Decimal) -> str:
    return f"{in_words(fraction * 100)}\N{NO-BREAK SPACE}%"


def _named(titles: Sequence[str]) -> str:
    if len(titles) > LONGEST_LIST:
        return f"{len(titles)} of its quizzes"
    return _listed([f"“{title}”" for title in titles])


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 3:
        return " and ".join(parts)
    return f"{', '.join(parts[:-1])}, and {parts[-1]}"
