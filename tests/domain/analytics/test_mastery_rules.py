"""The estimate of mastery and its uncertainty, against values of the Beta distribution that tables give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.analytics.mastery_rules import FEWEST, Estimate, incomplete_beta, mastery, quantile


@pytest.mark.parametrize(
    ("x", "a", "b", "chance"),
    # Beta(1, 1) is uniform; Beta(2, 1) has the distribution function x²; Beta(2, 2) has 3x² − 2x³; Beta(1, 6) has 1 − (1 − x)⁶.
    [(0.3, 1, 1, 0.3), (0.5, 2, 1, 0.25), (0.25, 2, 2, 0.15625), (0.2, 1, 6, 1 - 0.8**6), (0, 3, 2, 0), (1, 3, 2, 1)],
)
def test_the_distribution_function_is_that_of_the_textbook(x: float, a: float, b: float, chance: float) -> None:
    assert incomplete_beta(x, a, b) == pytest.approx(chance, abs=1e-12)


def test_all_right_and_all_wrong_mirror_each_other() -> None:
    # Beta(6, 1): the mean is 6/7, the 5 % quantile the sixth root of 0.05.
    assert mastery([1.0] * 5) == Estimate(mean=86, low=round(100 * 0.05 ** (1 / 6)), high=round(100 * 0.95 ** (1 / 6)), answers=5)
    wrong = mastery([0.0] * 5)
    assert wrong is not None
    assert (wrong.mean, wrong.low, wrong.high) == (14, 1, 39)


def test_nothing_is_said_of_few_answers() -> None:
    assert mastery([1.0] * (FEWEST - 1)) is None
    assert mastery([1.0] * FEWEST) is not None


@given(st.lists(st.floats(0, 1), min_size=FEWEST, max_size=60))
def test_the_estimate_lies_in_its_interval_and_more_of_the_same_makes_it_narrower(fractions: list[float]) -> None:
    one, more = mastery(fractions), mastery(fractions * 4)
    assert one is not None
    assert more is not None
    assert 0 <= one.low <= one.mean <= one.high <= 100
    assert more.high - more.low <= one.high - one.low


@given(st.floats(0.01, 0.99), st.floats(1, 50), st.floats(1, 50))
def test_a_quantile_has_its_share_below_it(share: float, a: float, b: float) -> None:
    assert incomplete_beta(quantile(share, a, b), a, b) == pytest.approx(share, abs=1e-6)
