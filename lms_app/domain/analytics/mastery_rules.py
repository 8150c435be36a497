"""How far an objective is mastered, and how sure that is: a Beta posterior. Pure.

Each answered question linked to an objective counts once, with the fraction that it earned as so much of a success. From a uniform prior, Beta(1, 1),
s successes in n questions make Beta(1 + s, 1 + n − s): its mean is the estimate, its 5 % and 95 % quantiles bound a 90 % credible interval (Gelman
et al., Bayesian Data Analysis, 2.4). The quantiles are found by halving on the regularised incomplete beta function, whose continued fraction is
evaluated by Lentz's method.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p

FEWEST = 5
"""With fewer answers nothing is said: the interval would hold nearly everything."""
TAIL = 0.05
METHOD = (
    "Mean of a Beta posterior from a uniform prior, with its 90\N{NO-BREAK SPACE}% credible interval. Each question that you answered and that "
    "is linked to the objective counts once, by its last result that you may see."
)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Whole percent: the mean, and the interval within which the truth lies with a chance of 90 %. `answers` were counted."""

    mean: int
    low: int
    high: int
    answers: int


def mastery(fractions: Sequence[float]) -> Estimate | None:
    """The estimate from what each question earned, 0 to 1; None with too few."""
    answers = len(fractions)
    if answers < FEWEST:
        return None
    successes = sum(min(max(each, 0.0), 1.0) for each in fractions)
    a, b = 1 + successes, 1 + answers - successes
    return Estimate(mean=round(100 * a / (a + b)), low=round(100 * quantile(TAIL, a, b)), high=round(100 * quantile(1 - TAIL, a, b)), answers=answers)


def quantile(share: float, a: float, b: float) -> float:
    """Below which a Beta(a, b) lies with this chance."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if incomplete_beta(middle, a, b) < share else (low, middle)
    return (low + high) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The chance that a Beta(a, b) lies below x."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _continued(x, a, b) / a
    return 1 - front * _continued(1 - x, b, a) / b


def _continued(x: float, a: float, b: float) -> float:
    tiny = 1e-300
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    value = d
    for m in range(1, 300):
        for step in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 / ((1 + step * d) or tiny)
            c = (1 + step / c) or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-12:
            break
    return value
