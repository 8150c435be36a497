"""Running sums for item and test statistics. Pure, and exact: everything is a whole number of millionths, so that what was added can be taken out
again without a trace, in any order.

An attempt is a row of marks, one for each question it had. Two kinds of sums are kept of it:

- over the answers given (`answered`, `Σf`, `Σf²` of fractions of the question's points), for facility and its standard deviation;
- over complete rows, those that answered every question (`Σx`, `Σx²`, `Σxt` of points, and `Σt` to `Σt⁴` of totals), for whatever needs a total.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

MICRO = 1_000_000
"""Millionths in one: points and fractions have six places."""

ChoiceKey = tuple[str, str, str]
"""Question, part of it, value: what was chosen where."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How one question of an attempt did, in millionths: the points it earned (`score`) of those it was worth (`points`), and the fraction.

    `tally` holds (part, value) pairs: what was chosen, for counting.
    """

    score: int
    points: int
    fraction: int
    answered: bool = True
    tally: tuple[tuple[str, str], ...] = ()


Row = Mapping[str, Mark]
"""One attempt: its marks by question."""


@dataclass(kw_only=True)
class ItemSums:
    """Sums of one question.

    Of all who had it: `seen`, `points` (Σ points it was worth) and `maximum` (Σ points their whole attempt was worth). Of answers given: `answered`,
    `fractions` (Σf), `fractions2` (Σf²). Of complete rows: `complete`, `scores` (Σx), `scores2` (Σx²), `with_total` (Σxt).
    """

    seen: int = 0
    points: int = 0
    maximum: int = 0
    answered: int = 0
    fractions: int = 0
    fractions2: int = 0
    complete: int = 0
    scores: int = 0
    scores2: int = 0
    with_total: int = 0


@dataclass(kw_only=True)
class ChoiceSums:
    """Sums of one choice: how often it was `given` in all, and in complete rows how often (`complete`) and with which totals (Σt of its choosers)."""

    given: int = 0
    complete: int = 0
    totals: int = 0


@dataclass(kw_only=True)
class QuizSums:
    """Sums of a quiz: `attempts` in all; of the `complete` ones the powers of their totals, and `maximum`, Σ of the points they could have had."""

    attempts: int = 0
    complete: int = 0
    maximum: int = 0
    totals: int = 0
    totals2: int = 0
    totals3: int = 0
    totals4: int = 0
    items: dict[str, ItemSums] = field(default_factory=dict[str, ItemSums])
    choices: dict[ChoiceKey, ChoiceSums] = field(default_factory=dict[ChoiceKey, ChoiceSums])

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """The sums of a whole table."""
        sums = cls()
        for row in rows:
            sums.add(row)
        return sums

    def add(self, row: Row) -> None:
        """Counts one attempt. One without a question is none."""
        self._move(row, 1)

    def take_out(self, row: Row) -> None:
        """Undoes `add` of the same row exactly."""
        self._move(row, -1)

    def _move(self, row: Row, sign: int) -> None:
        if not row:
            return
        total, maximum, complete = total_of(row), points_of(row), is_complete(row)
        self.attempts += sign
        if complete:
            self.complete += sign
            self.maximum += sign * maximum
            self.totals += sign * total
            self.totals2 += sign * total**2
            self.totals3 += sign * total**3
            self.totals4 += sign * total**4
        for name, mark in row.items():
            item = self.items.setdefault(name, ItemSums())
            item.seen += sign
            item.points += sign * mark.points
            item.maximum += sign * maximum
            if mark.answered:
                item.answered += sign
                item.fractions += sign * mark.fraction
                item.fractions2 += sign * mark.fraction**2
            if complete:
                item.complete += sign
                item.scores += sign * mark.score
                item.scores2 += sign * mark.score**2
                item.with_total += sign * mark.score * total
            for part, value in set(mark.tally):
                choice = self.choices.setdefault((name, part, value), ChoiceSums())
                choice.given += sign
                if complete:
                    choice.complete += sign
                    choice.totals += sign * total


def total_of(row: Row) -> int:
    """The points of a row, the sum of its questions'."""
    return sum(mark.score for mark in row.values())


def points_of(row: Row) -> int:
    """The points that a row could have had."""
    return sum(mark.points for mark in row.values())


def is_complete(row: Row) -> bool:
    """Whether every question of a row was answered."""
    return all(mark.answered for mark in row.values())
