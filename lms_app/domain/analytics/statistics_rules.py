"""Figures made of scores and counts. Pure; scores are fractions 0 to 1, and everything exact is Decimal."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms_app.domain.assessments.score_rules import round_score

BINS = 20


@dataclass(frozen=True, kw_only=True)
class FunnelShare:
    """One step of a funnel: how many got there, which share (0 to 1) of those who began that is, how many fewer than at the step before.

    `lost` is below zero where more people did this step than the one before, which a course allows.
    """

    count: int
    share: Decimal
    lost: int


def score_bin(fraction: Decimal) -> int:
    """Which of the twenty bins of 5 % a score lies in: a bin holds its lower edge, and the last one 100 % as well."""
    return min(max(int(fraction * BINS), 0), BINS - 1)


def histogram(fractions: Iterable[Decimal]) -> list[int]:
    """How many scores lie in each of the twenty bins; empty bins are there too."""
    counts = Counter(score_bin(fraction) for fraction in fractions)
    return [counts[number] for number in range(BINS)]


def mean(fractions: Iterable[Decimal]) -> Decimal | None:
    """The arithmetic mean, None of nothing."""
    scores = list(fractions)
    return round_score(sum(scores, Decimal(0)) / len(scores)) if scores else None


def median(fractions: Iterable[Decimal]) -> Decimal | None:
    """The middle score, of an even number the mean of the middle two, None of nothing."""
    scores = sorted(fractions)
    if not scores:
        return None
    middle = len(scores) // 2
    return round_score(scores[middle] if len(scores) % 2 else (scores[middle - 1] + scores[middle]) / 2)


def funnel(began: int, counts: Sequence[int]) -> list[FunnelShare]:
    """The steps of a funnel that `began` people entered, in order. Of nobody the share is 0."""
    before = [began, *counts]
    return [
        FunnelShare(count=count, share=round_score(Decimal(count) / began) if began else Decimal(0), lost=earlier - count)
        for earlier, count in zip(before, counts, strict=False)
    ]
