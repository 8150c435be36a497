"""Whose quiz opens when, for how long and how often: settings, overrides and a person's accommodation, made into one. Pure; times are aware."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeVar
from uuid import UUID

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Override:
    """What is different for a run, a group or a student. None leaves a thing as it is."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    time_factor: Decimal | None = None
    extra_seconds: int | None = None
    attempts_allowed: int | None = None


class Whose(NamedTuple):
    """The overrides of a quiz in a run: of everybody, of the groups of each enrolment, of single enrolments."""

    run: Override | None
    groups: dict[UUID, list[Override]]
    students: dict[UUID, Override]


def by_whom(exceptions: Iterable[tuple[UUID | None, UUID | None, Override]]) -> Whose:
    """Sorts overrides by whom they are for. Each comes with its group and an enrolment, either None where it has none: a group's come once for each
    member."""
    found = Whose(None, defaultdict(list), {})
    for group_id, enrollment_id, override in exceptions:
        if enrollment_id is not None and group_id is None:
            found.students[enrollment_id] = override
        elif enrollment_id is not None:
            found.groups[enrollment_id].append(override)
        elif group_id is None:
            found = found._replace(run=override)
    return found


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How one student takes a quiz. `time_limit` in seconds, with the student's factor and extra time in it; None is without limit."""

    opens_at: datetime | None
    closes_at: datetime | None
    time_limit: int | None
    attempts_allowed: int | None

    def deadline(self, started_at: datetime) -> datetime | None:
        """When answers stop being taken: the time limit's end or the close date, whichever is first."""
        ends = [started_at + timedelta(seconds=self.time_limit)] if self.time_limit is not None else []
        return min([*ends, *([self.closes_at] if self.closes_at else [])], default=None)


def effective(
    standard: Rules,
    *,
    run: Override | None = None,
    groups: Sequence[Override] = (),
    student: Override | None = None,
    accommodation: Decimal | None = None,
) -> Rules:
    """The rules of one student. The most specific override that says something wins: student, then group, then run; of several groups the
    kindest. An `accommodation` (a factor on the time limit, above 1; 1 is none) always holds, the person's or what the course gives: a smaller
    factor of an override does not undo it. Without one an override may give less time than the quiz does."""
    layers = [layer for layer in (student, kindest(groups), run) if layer is not None]
    factor = _first(layer.time_factor for layer in layers) or Decimal(1)
    if accommodation is not None and accommodation > 1:
        factor = max(factor, accommodation)
    extra = _first(layer.extra_seconds for layer in layers) or 0
    limit = None if standard.time_limit is None else int(standard.time_limit * factor) + extra
    return Rules(
        opens_at=_first(layer.opens_at for layer in layers) or standard.opens_at,
        closes_at=_first(layer.closes_at for layer in layers) or standard.closes_at,
        time_limit=limit,
        attempts_allowed=_first(layer.attempts_allowed for layer in layers) or standard.attempts_allowed,
    )


def closing_with(rules: Rules, run_closes_at: datetime | None) -> Rules:
    """The rules of a quiz in a run that ends then: it takes no attempt after that."""
    ends = [moment for moment in (rules.closes_at, run_closes_at) if moment is not None]
    return replace(rules, closes_at=min(ends, default=None))


def kindest(overrides: Sequence[Override]) -> Override | None:
    """Of each thing the one that lets a student do most."""
    if not overrides:
        return None
    return Override(
        opens_at=min((each.opens_at for each in overrides if each.opens_at), default=None),
        closes_at=max((each.closes_at for each in overrides if each.closes_at), default=None),
        time_factor=max((each.time_factor for each in overrides if each.time_factor is not None), default=None),
        extra_seconds=max((each.extra_seconds for each in overrides if each.extra_seconds is not None), default=None),
        attempts_allowed=max((each.attempts_allowed for each in overrides if each.attempts_allowed is not None), default=None),
    )


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)
