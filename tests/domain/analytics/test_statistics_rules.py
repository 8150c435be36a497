import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.analytics.statistics_rules import BINS, funnel, histogram, mean, median, score_bin

fractions = st.decimals(min_value=0, max_value=1, places=6)


@pytest.mark.parametrize(("fraction", "number"), [("0", 0), ("0.049999", 0), ("0.05", 1), ("0.95", 19), ("0.999999", 19), ("1", 19)])
def test_a_bin_holds_its_lower_edge_and_the_last_one_full_marks(fraction: str, number: int) -> None:
    assert score_bin(Decimal(fraction)) == number


@given(st.lists(fractions))
def test_a_histogram_loses_nobody(scores: list[Decimal]) -> None:
    bins = histogram(scores)
    assert len(bins) == BINS
    assert sum(bins) == len(scores)
    for number, count in enumerate(bins):
        low, high = Decimal(number) / BINS, Decimal(number + 1) / BINS
        assert count == sum(low <= score < high or (number == BINS - 1 and score == 1) for score in scores)


@given(st.lists(fractions, min_size=1))
def test_mean_and_median_are_those_of_the_standard_library(scores: list[Decimal]) -> None:
    step = Decimal("0.000001")
    middle, average = median(scores), mean(scores)
    assert middle is not None
    assert average is not None
    assert abs(middle - statistics.median(scores)) < step
    assert abs(average - statistics.mean(scores)) < step
    assert min(scores) <= middle <= max(scores)


def test_nothing_has_neither_mean_nor_median() -> None:
    assert mean([]) is None
    assert median([]) is None


def test_a_funnel_says_the_share_of_those_who_began_and_the_loss_at_each_step() -> None:
    steps = funnel(30, [24, 20, 21])
    assert [step.count for step in steps] == [24, 20, 21]
    assert [str(step.share) for step in steps] == ["0.800000", "0.666667", "0.700000"]
    assert [step.lost for step in steps] == [6, 4, -1]


def test_a_funnel_that_nobody_entered_has_no_share() -> None:
    assert [step.share for step in funnel(0, [0, 0])] == [0, 0]
