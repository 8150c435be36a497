"""Figures that need people in order, so no running sum can give them: median, discrimination between the best and the weakest, discriminative
efficiency. Pure; recomputed from the complete rows when read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from lms_app.domain.analytics.item_figures_rules import DIFFERENT, NO_COMPLETE, ONE_ROW, SAME_MARKS, SAME_REST, Figure
from lms_app.domain.analytics.item_sums_rules import MICRO

GROUP = Fraction(27, 100)
"""Share of people in the upper and in the lower group: with 27 % the two are told apart best (Kelley 1939)."""


@dataclass(frozen=True, kw_only=True)
class Marks:
    """One complete attempt: (score, points) by question, in millionths."""

    scores: Mapping[str, int]
    points: Mapping[str, int]

    @property
    def total(self) -> int:
        """Points earned in all."""
        return sum(self.scores.values())

    @property
    def maximum(self) -> int:
        """Points that could be earned in all."""
        return sum(self.points.values())


@dataclass(frozen=True, kw_only=True)
class RankedFigures:
    """Discrimination D and discriminative efficiency of a question."""

    discrimination: Figure
    efficiency: Figure


def median_total(rows: Sequence[Marks]) -> Figure:
    """The middle total in points, of an even number the mean of the middle two."""
    if not rows:
        return Figure(value=None, because=NO_COMPLETE)
    totals = sorted(row.total for row in rows)
    middle = len(totals) // 2
    twice = 2 * totals[middle] if len(totals) % 2 else totals[middle - 1] + totals[middle]
    return Figure(value=twice / 2 / MICRO)


def ranked_figures(rows: Sequence[Marks]) -> dict[str, RankedFigures]:
    """D and efficiency of every question that the rows hold."""
    names = list(dict.fromkeys(name for row in rows for name in row.scores))
    same = all(len(row.scores) == len(names) for row in rows)
    sums = [(row.total, row.maximum or 1, row) for row in rows]
    # Where attempts differ in what they were worth, people are ranked by the share that they earned.
    shares = {(total, most): Fraction(total, most) for total, most, _ in sums}
    standing = {share: number for number, share in enumerate(sorted(set(shares.values())))}
    ranked = sorted(((standing[shares[total, most]], total, row) for total, most, row in sums), key=lambda each: each[0], reverse=True)
    places, totals = [place for place, _, _ in ranked], [total for _, total, _ in ranked]
    found: dict[str, RankedFigures] = {}
    for name in names:
        held = ranked if same else [each for each in ranked if name in each[2].scores]
        scores = [row.scores[name] for _, _, row in held]
        fractions = [score / row.points[name] if row.points[name] else 0.0 for score, (_, _, row) in zip(scores, held, strict=True)]
        found[name] = RankedFigures(
            discrimination=_discrimination(places if same else [place for place, _, _ in held], fractions),
            efficiency=efficiency(scores, [total - score for total, score in zip(totals, scores, strict=True)])
            if same
            else Figure(value=None, because=DIFFERENT),
        )
    return found


def discrimination(totals: Sequence[int], fractions: Sequence[float]) -> Figure:
    """D = p(upper 27 %) − p(lower 27 %) for totals and the fractions earned on one question, in the same order of people.

    Both groups are exactly 27 % of the people. Those who are tied at the edge of a group share its last places evenly, so that the order in which
    people stand in the table changes nothing. Source: Kelley, "The selection of upper and lower groups for the validation of test items" (1939).
    """
    ranked = sorted(range(len(totals)), key=lambda index: totals[index], reverse=True)
    return _discrimination([totals[index] for index in ranked], [fractions[index] for index in ranked])


def efficiency(scores: Sequence[int], rests: Sequence[int]) -> Figure:
    """Discriminative efficiency, C(x, r) / Cmax(x, r) as a fraction: the covariance of a question's points with the rest, over the highest that the
    same points and the same rests could have if both were sorted. Source: Moodle, *Quiz statistics calculations* (there in percent)."""
    n = len(scores)
    if n < 2:
        return Figure(value=None, because=ONE_ROW if n else NO_COMPLETE)
    both = sum(scores) * sum(rests)
    highest = n * sum(score * rest for score, rest in zip(sorted(scores), sorted(rests), strict=True)) - both
    if not highest:
        return Figure(value=None, because=SAME_MARKS if len(set(scores)) == 1 else SAME_REST)
    return Figure(value=(n * sum(score * rest for score, rest in zip(scores, rests, strict=True)) - both) / highest)


def _discrimination(ranked: Sequence[int], fractions: Sequence[float]) -> Figure:
    n = len(ranked)
    if n < 2:
        return Figure(value=None, because=ONE_ROW if n else NO_COMPLETE)
    upper = _mean_of_first(ranked, fractions)
    lower = _mean_of_first(ranked[::-1], fractions[::-1])
    return Figure(value=upper - lower)


def _mean_of_first(ranked: Sequence[int], fractions: Sequence[float]) -> float:
    room = GROUP * len(ranked)
    left, earned, start = room, 0.0, 0
    for _, tied in groupby(ranked):
        end = start + sum(1 for _ in tied)
        taken = min(left, Fraction(end - start))
        earned += float(taken) * sum(fractions[start:end]) / (end - start)
        left -= taken
        start = end
        if not left:
            break
    return earned / float(room)
