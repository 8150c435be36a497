"""Scores: rounded by one function, summed by question points, compared with a pass mark. Pure.

**The one rule of rounding**: what an answer earns is rounded once, its total once, both half to even at six places (`round_score`). Nothing is
rounded in between, and a percentage on a page is rounded down from the stored score.

**The one rule of floors** (`Negative`): where answers may not cost, an answer below zero counts as 0; where a question may cost, the total of the
attempt does not fall below 0; else it may.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from lms_app.words import Counting, Negative

STEP = Decimal("0.000001")
LIMIT = Decimal(1_000_000)
_PRECISE = Context(prec=40)
_ZERO = Decimal("0.000000")


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
    if not value.is_finite() or not -LIMIT < value < LIMIT:
        raise ValueError(f"A score must be a number below {LIMIT}.")
    # The sum with zero turns a negative zero into a plain one. A context at hand: gradebooks round some hundred thousand times.
    return _PRECISE.add(value.quantize(STEP, ROUND_HALF_EVEN, _PRECISE), _ZERO)


def points_in_words(value: Decimal) -> str:
    """Points without trailing zeros: `2`, `1.5`, `0.333333`."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def question_score(points: Decimal, fraction: Decimal) -> Decimal:
    """The points that an answer earns: its fraction of the question's points."""
    return round_score(points * fraction)


def counted_fraction(fraction: Decimal, negative: Negative = Negative.NONE) -> Decimal:
    """The fraction of a grade, −1 to 1, as it counts in a quiz."""
    return round_score(max(fraction, Decimal(0)) if negative == Negative.NONE else fraction)


def after_tries(fraction: Decimal, penalty: Decimal, earlier: int) -> Decimal:
    """What an answer earns after `earlier` tries that were not right, each of which takes `penalty`. Tries take nothing below zero."""
    return round_score(max(fraction - penalty * earlier, Decimal(0)) if fraction > 0 else fraction)


def by_certainty(fraction: Decimal, certainty: int) -> Decimal:
    """What an answer earns when it was given with this certainty, 1 to 3: right 1, 2, 3 thirds of its fraction, wrong 0, −2, −6 thirds.

    The marks are those of certainty-based marking (Gardner-Medwin; Moodle's "Using certainty-based marking"), divided by three, so that full
    points are for an answer that is right and very sure.
    """
    if fraction > 0:
        return round_score(fraction * certainty / 3)
    return round_score(Decimal({1: 0, 2: -2, 3: -6}[certainty]) / 3)


def total(parts: Iterable[tuple[Decimal, Decimal]], negative: Negative = Negative.NONE) -> Total:
    """The total of (points, score) pairs, in any order: sums of six-place decimals are exact. It falls below zero only where it may."""
    pairs = list(parts)
    max_score = round_score(sum((points for points, _ in pairs), Decimal(0)))
    summed = round_score(sum((score for _, score in pairs), Decimal(0)))
    score = summed if negative == Negative.TOTAL else max(summed, round_score(Decimal(0)))
    return Total(score=score, max_score=max_score, fraction=round_score(score / max_score) if max_score else round_score(Decimal(0)))


def has_passed(fraction: Decimal, pass_mark: Decimal) -> bool:
    """Whether a score reaches the pass mark; both are fractions. Exactly the mark is a pass."""
    return round_score(fraction) >= round_score(pass_mark)


def counting_fraction(sittings: Iterable[Sitting], counting: Counting = Counting.BEST) -> Decimal | None:
    """The fraction that several finished attempts make, None without any. A mean is rounded once."""
    done = sorted(sittings, key=lambda sitting: sitting.number)
    if not done:
        return None
    match counting:
        case Counting.FIRST:
            return done[0].fraction
        case Counting.LAST:
            return done[-1].fraction
        case Counting.MEAN:
            return round_score(sum((sitting.fraction for sitting in done), Decimal(0)) / len(done))
        case Counting.BEST:
            return max(sitting.fraction for sitting in done)


def counting_numbers(sittings: Iterable[Sitting], counting: Counting = Counting.BEST) -> frozenset[int]:
    """The numbers of the attempts that count: all for a mean, else one; of equally good ones the first."""
    done = sorted(sittings, key=lambda sitting: sitting.number)
    if not done:
        return frozenset()
    match counting:
        case Counting.FIRST:
            return frozenset([done[0].number])
        case Counting.LAST:
            return frozenset([done[-1].number])
        case Counting.MEAN:
            return frozenset(sitting.number for sitting in done)
        case Counting.BEST:
            return frozenset([max(done, key=lambda sitting: (sitting.fraction, -sitting.number)).number])
