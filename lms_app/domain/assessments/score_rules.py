"""Scores: rounded by one function, summed by question points, compared with a pass mark. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

STEP = Decimal("0.000001")
LIMIT = Decimal(1_000_000)


@dataclass(frozen=True, kw_only=True)
class Total:
    """What a whole attempt earned. `fraction` is `score / max_score`, 0 where no points could be had."""

    score: Decimal
    max_score: Decimal
    fraction: Decimal


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One finished attempt, as far as choosing the one that counts goes."""

    number: int
    fraction: Decimal


def round_score(value: Decimal) -> Decimal:
    """`value` as scores are stored: numeric(12,6), half to even. ValueError beyond what that column holds."""
    with localcontext() as context:
        context.prec = 40
        if not value.is_finite() or abs(value) >= LIMIT:
            raise ValueError(f"A score must be a number below {LIMIT}.")
        # The sum with zero turns a negative zero into a plain one.
        return value.quantize(STEP, rounding=ROUND_HALF_EVEN) + Decimal(0).quantize(STEP)


def question_score(points: Decimal, fraction: Decimal) -> Decimal:
    """The points that an answer earns: its fraction of the question's points."""
    return round_score(points * fraction)


def total(parts: Iterable[tuple[Decimal, Decimal]]) -> Total:
    """The total of (points, score) pairs, in any order: sums of six-place decimals are exact."""
    pairs = list(parts)
    max_score = round_score(sum((points for points, _ in pairs), Decimal(0)))
    score = round_score(sum((score for _, score in pairs), Decimal(0)))
    return Total(score=score, max_score=max_score, fraction=round_score(score / max_score) if max_score else round_score(Decimal(0)))


def has_passed(fraction: Decimal, pass_mark: Decimal) -> bool:
    """Whether a score reaches the pass mark; both are fractions. Exactly the mark is a pass."""
    return round_score(fraction) >= round_score(pass_mark)


def counting_sitting(sittings: Iterable[Sitting]) -> Sitting | None:
    """The attempt that counts: the best one, and of equals the first, so that a later try never takes anything away."""
    return max(sittings, key=lambda sitting: (sitting.fraction, -sitting.number), default=None)
