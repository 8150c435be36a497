"""Item and test statistics, made of running sums. Pure.

Notation: n complete rows, k questions, x a question's points, t the total, r = t − x the rest, f the fraction of its points that an answer earned.
Variances have n − 1 below. Sources: Lord & Novick, *Statistical Theories of Mental Test Scores* (1968) for item analysis; Cronbach,
"Coefficient alpha and the internal structure of tests" (1951); Moodle's *Quiz statistics calculations* (docs.moodle.org/dev) for skewness, kurtosis,
effective weight and, in `ranked_figures_rules`, discriminative efficiency. Differences of products are taken of whole numbers; only the last
quotient or root is a float, so nothing is lost by cancellation.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from lms_app.domain.analytics.item_sums_rules import MICRO, ChoiceKey, ChoiceSums, ItemSums, QuizSums

DIFFERENT = "students did not all see the same questions"
NOBODY = "nobody has answered yet"
NO_COMPLETE = "nobody has answered every question yet"
ONE_ROW = "one complete attempt does not vary"
ONE_ANSWER = "one answer does not vary"
SAME_TOTALS = "all totals are the same"
SAME_MARKS = "everybody earned the same here"
SAME_REST = "everybody earned the same on the other questions"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number, or None and why there is none: half a sentence that goes on after "because"."""

    value: float | None
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class QuizFigures:
    """Figures of a whole quiz, in points. `n` are the complete rows that they are made of, `attempts` all rows."""

    attempts: int
    n: int
    questions: int
    maximum: Figure
    mean: Figure
    sd: Figure
    skewness: Figure
    kurtosis: Figure
    alpha: Figure
    sem: Figure


@dataclass(frozen=True, kw_only=True)
class ItemFigures:
    """Figures of one question. Facility and `sd` are of fractions, over the `answered` of `seen`; the rest is over `n` complete rows."""

    seen: int
    answered: int
    n: int
    facility: Figure
    sd: Figure
    item_total: Figure
    item_rest: Figure
    alpha_if_deleted: Figure
    intended_weight: Figure
    effective_weight: Figure


@dataclass(frozen=True, kw_only=True)
class ChoiceFigures:
    """How often a choice was given, as a share of the answers to its question, and how that goes with the total (point-biserial)."""

    given: int
    share: Figure
    with_total: Figure


def quiz_figures(sums: QuizSums) -> QuizFigures:
    """The figures of the whole quiz."""
    n = sums.complete
    alpha = _alpha(sums)
    sd = Figure(value=_root(_spread(n, sums.totals, sums.totals2), n * (n - 1)) / MICRO) if n > 1 else _none(_few(n))
    return QuizFigures(
        attempts=sums.attempts,
        n=n,
        questions=sum(1 for item in sums.items.values() if item.seen),
        maximum=Figure(value=sums.maximum / n / MICRO) if n else _none(NO_COMPLETE),
        mean=Figure(value=sums.totals / n / MICRO) if n else _none(NO_COMPLETE),
        sd=sd,
        skewness=_skewness(sums),
        kurtosis=_kurtosis(sums),
        alpha=alpha,
        # sd √(1 − alpha).
        sem=Figure(value=sd.value * math.sqrt(1 - alpha.value)) if sd.value is not None and alpha.value is not None else _none(alpha.because),
    )


def all_item_figures(sums: QuizSums) -> dict[str, ItemFigures]:
    """The figures of every question that somebody had."""
    seen = {name: item for name, item in sums.items.items() if item.seen}
    same = saw_the_same(sums)
    # Effective weight: √C(x, t) / Σ √C(x, t), over the questions that go with the total.
    covariances = {name: _shared(sums.complete, item.scores, sums.totals, item.with_total) for name, item in seen.items()}
    roots = sum(math.sqrt(covariance) for covariance in covariances.values() if covariance > 0)
    spread = sum(_spread(sums.complete, item.scores, item.scores2) for item in seen.values()) if same else 0
    return {
        name: _item_figures(sums, item, same=same, spread=spread, effective=_effective(sums.complete, covariances[name], roots))
        for name, item in seen.items()
    }


def all_choice_figures(sums: QuizSums) -> dict[ChoiceKey, ChoiceFigures]:
    """The figures of every choice that somebody made."""
    same = saw_the_same(sums)
    return {key: _choice_figures(sums, sums.items[key[0]], choice, same=same) for key, choice in sums.choices.items() if choice.given}


def saw_the_same(sums: QuizSums) -> bool:
    """Whether every attempt had the same questions."""
    return all(item.seen in (0, sums.attempts) for item in sums.items.values())


def _item_figures(sums: QuizSums, item: ItemSums, *, same: bool, spread: int, effective: Figure) -> ItemFigures:
    n, answered = item.complete, item.answered
    return ItemFigures(
        seen=item.seen,
        answered=answered,
        n=n,
        facility=Figure(value=item.fractions / answered / MICRO) if answered else _none(NOBODY),
        sd=Figure(value=_root(_spread(answered, item.fractions, item.fractions2), answered * (answered - 1)) / MICRO)
        if answered > 1
        else _none(ONE_ANSWER if answered else NOBODY),
        item_total=_item_total(sums, item) if same else _none(DIFFERENT),
        item_rest=_item_rest(sums, item) if same else _none(DIFFERENT),
        alpha_if_deleted=_alpha_if_deleted(sums, item, spread) if same else _none(DIFFERENT),
        intended_weight=Figure(value=item.points / item.maximum) if item.maximum else _none("the quiz gives no points"),
        effective_weight=effective if same else _none(DIFFERENT),
    )


def _item_total(sums: QuizSums, item: ItemSums) -> Figure:
    """Pearson's r of x and t, the question being part of the total: for right and wrong answers the point-biserial correlation."""
    return _correlation(
        item.complete, (item.scores, item.scores2), (sums.totals, sums.totals2), item.with_total, same_first=SAME_MARKS, same_second=SAME_TOTALS
    )


def _item_rest(sums: QuizSums, item: ItemSums) -> Figure:
    """Pearson's r of x and r = t − x (Henrysson's corrected item-total correlation)."""
    rest = sums.totals - item.scores
    rest2 = sums.totals2 - 2 * item.with_total + item.scores2
    return _correlation(
        item.complete,
        (item.scores, item.scores2),
        (rest, rest2),
        item.with_total - item.scores2,
        same_first=SAME_MARKS,
        same_second=SAME_REST if sum(1 for each in sums.items.values() if each.seen) > 1 else "there is no other question",
    )


def _choice_figures(sums: QuizSums, item: ItemSums, choice: ChoiceSums, *, same: bool) -> ChoiceFigures:
    # Of an indicator c, Σc² is Σc, and Σct is the total of those who chose.
    with_total = _correlation(
        sums.complete,
        (choice.complete, choice.complete),
        (sums.totals, sums.totals2),
        choice.totals,
        same_first="everybody who answered every question chose this" if choice.complete else "nobody who answered every question chose this",
        same_second=SAME_TOTALS,
    )
    return ChoiceFigures(
        given=choice.given,
        share=Figure(value=choice.given / item.answered) if item.answered else _none(NOBODY),
        with_total=with_total if same else _none(DIFFERENT),
    )


def _alpha(sums: QuizSums) -> Figure:
    """Cronbach's alpha: k / (k − 1) · (1 − Σ var(x) / var(t)). It may come out below zero."""
    if not saw_the_same(sums):
        return _none(DIFFERENT)
    items = [item for item in sums.items.values() if item.seen]
    spread = sum(_spread(sums.complete, item.scores, item.scores2) for item in items)
    return _alpha_of(len(items), sums.complete, spread, _spread(sums.complete, sums.totals, sums.totals2))


def _alpha_if_deleted(sums: QuizSums, item: ItemSums, spread: int) -> Figure:
    """Alpha of the other questions: var(r) = var(t) − 2 C(x, t) + var(x)."""
    n = sums.complete
    own = _spread(n, item.scores, item.scores2)
    rest = _spread(n, sums.totals, sums.totals2) - 2 * _shared(n, item.scores, sums.totals, item.with_total) + own
    others = sum(1 for each in sums.items.values() if each.seen) - 1
    return _alpha_of(others, n, spread - own, rest, few="fewer than two questions would be left", same=SAME_REST)


def _alpha_of(k: int, n: int, spread: int, spread_of_total: int, *, few: str = "it needs two questions", same: str = SAME_TOTALS) -> Figure:
    if k < 2:
        return _none(few)
    if n < 2:
        return _none(_few(n))
    if not spread_of_total:
        return _none(same)
    return Figure(value=float(Fraction(k, k - 1) * (1 - Fraction(spread, spread_of_total))))


def _skewness(sums: QuizSums) -> Figure:
    """k₃ / k₂^(3/2), of the k-statistics of the totals: 0 is even, below 0 the tail lies at low totals. Needs three rows."""
    n = sums.complete
    if n < 3:
        return _none("it needs three complete attempts")
    m2, m3, _ = _moments(sums)
    if not m2:
        return _none(SAME_TOTALS)
    k2 = m2 * n / (n - 1)
    k3 = m3 * n**2 / ((n - 1) * (n - 2))
    return Figure(value=float(k3) / float(k2) ** 1.5)


def _kurtosis(sums: QuizSums) -> Figure:
    """k₄ / k₂², of the k-statistics of the totals: 0 is a normal distribution's. Needs four rows."""
    n = sums.complete
    if n < 4:
        return _none("it needs four complete attempts")
    m2, _, m4 = _moments(sums)
    if not m2:
        return _none(SAME_TOTALS)
    k2 = m2 * n / (n - 1)
    k4 = n**2 * ((n + 1) * m4 - 3 * (n - 1) * m2**2) / ((n - 1) * (n - 2) * (n - 3))
    return Figure(value=float(k4 / k2**2))


def _moments(sums: QuizSums) -> tuple[Fraction, Fraction, Fraction]:
    """Second, third and fourth central moment of the totals, with n below, in millionths of points to their powers."""
    n = sums.complete
    mean = Fraction(sums.totals, n)
    a2, a3, a4 = Fraction(sums.totals2, n), Fraction(sums.totals3, n), Fraction(sums.totals4, n)
    return a2 - mean**2, a3 - 3 * mean * a2 + 2 * mean**3, a4 - 4 * mean * a3 + 6 * mean**2 * a2 - 3 * mean**4


def _effective(n: int, covariance: int, roots: float) -> Figure:
    if n < 2:
        return _none(_few(n))
    if covariance < 0:
        return _none("it goes against the total")
    if not roots:
        return _none(SAME_TOTALS)
    return Figure(value=math.sqrt(covariance) / roots)


def _correlation(n: int, first: tuple[int, int], second: tuple[int, int], product: int, *, same_first: str, same_second: str) -> Figure:
    """Pearson's r of two series of n, each given as (Σ, Σ²), with Σ of their products."""
    if n < 2:
        return _none(_few(n))
    spreads = _spread(n, *first), _spread(n, *second)
    if not spreads[0]:
        return _none(same_first)
    if not spreads[1]:
        return _none(same_second)
    # A float's last digit may lift a perfect correlation over one.
    return Figure(value=max(-1.0, min(1.0, _shared(n, first[0], second[0], product) / math.sqrt(spreads[0] * spreads[1]))))


def _spread(n: int, total: int, squares: int) -> int:
    """n Σx² − (Σx)²: n (n − 1) times the variance."""
    return n * squares - total**2


def _shared(n: int, first: int, second: int, product: int) -> int:
    """n Σxy − Σx Σy: n (n − 1) times the covariance."""
    return n * product - first * second


def _root(value: int, divisor: int) -> float:
    return math.sqrt(value / divisor)


def _few(n: int) -> str:
    return ONE_ROW if n else NO_COMPLETE


def _none(because: str) -> Figure:
    return Figure(value=None, because=because)
