from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.assessments.score_rules import (
    STEP,
    Sitting,
    after_tries,
    by_certainty,
    counted_fraction,
    counting_fraction,
    counting_numbers,
    has_passed,
    question_score,
    round_score,
    total,
)
from lms_app.words import Counting, Negative

points = st.decimals(min_value=0, max_value=1000, places=6)
fractions = st.decimals(min_value=0, max_value=1, places=6)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("0.0000005", "0.000000"),
        ("0.0000015", "0.000002"),
        ("0.0000025", "0.000002"),
        ("-0.0000005", "0.000000"),
        ("0.33333333333333333333333333333333", "0.333333"),
        ("999999.999999", "999999.999999"),
        ("1E+2", "100.000000"),
    ],
)
def test_a_score_is_rounded_half_to_even_at_six_places(value: str, stored: str) -> None:
    assert str(round_score(Decimal(value))) == stored


@pytest.mark.parametrize("value", ["1000000", "-1000000", "NaN", "Infinity"])
def test_what_the_column_cannot_hold_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="A score must be"):
        round_score(Decimal(value))


@given(st.decimals(min_value=-1000, max_value=1000, places=12))
def test_rounding_moves_a_score_by_half_a_step_at_most_and_twice_is_once(value: Decimal) -> None:
    once = round_score(value)
    assert abs(once - value) <= STEP / 2
    assert round_score(once) == once


@given(st.lists(st.tuples(points, fractions), max_size=20).flatmap(lambda parts: st.tuples(st.just(parts), st.permutations(parts))))
def test_a_total_does_not_depend_on_the_order_of_questions(both: tuple[list[tuple[Decimal, Decimal]], list[tuple[Decimal, Decimal]]]) -> None:
    def summed(parts: list[tuple[Decimal, Decimal]]) -> object:
        return total((worth, question_score(worth, fraction)) for worth, fraction in parts)

    assert summed(both[0]) == summed(both[1])


@given(st.lists(points, max_size=20))
def test_full_marks_everywhere_are_the_whole_score(worths: list[Decimal]) -> None:
    result = total((worth, question_score(worth, Decimal(1))) for worth in worths)
    assert result.score == result.max_score
    assert result.fraction == (1 if any(worths) else 0)


@given(st.lists(st.tuples(points, fractions), max_size=20))
def test_a_total_lies_between_nothing_and_everything(parts: list[tuple[Decimal, Decimal]]) -> None:
    result = total((worth, question_score(worth, fraction)) for worth, fraction in parts)
    assert 0 <= result.score <= result.max_score
    assert 0 <= result.fraction <= 1


def test_a_quiz_without_points_has_the_fraction_zero() -> None:
    assert total([]).fraction == 0


def test_exactly_the_pass_mark_passes_and_a_step_below_does_not() -> None:
    assert has_passed(Decimal("0.7"), Decimal("0.70"))
    assert not has_passed(Decimal("0.699999"), Decimal("0.7"))


def test_two_thirds_pass_a_pass_mark_of_two_thirds() -> None:
    assert has_passed(round_score(Decimal(2) / 3), Decimal(2) / 3)


@pytest.mark.parametrize(
    ("counting", "fraction", "numbers"),
    [(Counting.BEST, "0.8", {2}), (Counting.LAST, "0.1", {4}), (Counting.FIRST, "0.5", {1}), (Counting.MEAN, "0.55", {1, 2, 3, 4})],
)
def test_which_of_several_attempts_counts(counting: Counting, fraction: str, numbers: set[int]) -> None:
    sittings = [Sitting(number=number, fraction=Decimal(made)) for number, made in [(3, "0.8"), (1, "0.5"), (2, "0.8"), (4, "0.1")]]
    assert counting_fraction(sittings, counting) == Decimal(fraction)
    assert counting_numbers(sittings, counting) == numbers
    assert (counting_fraction([], counting), counting_numbers([], counting)) == (None, frozenset())


@pytest.mark.parametrize(
    ("fraction", "marks"),
    [("1", ["0.333333", "0.666667", "1.000000"]), ("0", ["0.000000", "-0.666667", "-2.000000"]), ("0.5", ["0.166667", "0.333333", "0.500000"])],
)
def test_being_sure_earns_more_when_right_and_costs_more_when_wrong(fraction: str, marks: list[str]) -> None:
    assert [str(by_certainty(Decimal(fraction), sure)) for sure in (1, 2, 3)] == marks


def test_where_answers_may_not_cost_an_answer_below_zero_counts_as_nothing() -> None:
    assert [str(counted_fraction(Decimal("-0.5"), rule)) for rule in Negative] == ["0.000000", "-0.500000", "-0.500000"]
    assert [str(counted_fraction(Decimal("0.25"), rule)) for rule in Negative] == ["0.250000"] * 3


def test_a_total_falls_below_nothing_only_where_it_may() -> None:
    costly = [(Decimal(1), Decimal(-1)), (Decimal(2), Decimal("0.5"))]
    assert [str(total(costly, rule).score) for rule in Negative] == ["0.000000", "0.000000", "-0.500000"]
    assert str(total(costly, Negative.TOTAL).fraction) == "-0.166667"


@pytest.mark.parametrize(("fraction", "earlier", "left"), [("1", 0, "1"), ("1", 1, "0.666667"), ("1", 3, "0"), ("1", 9, "0"), ("0.5", 1, "0.166667")])
def test_every_earlier_try_takes_the_penalty_and_no_more_than_there_is(fraction: str, earlier: int, left: str) -> None:
    assert after_tries(Decimal(fraction), Decimal("0.333333333333"), earlier) == Decimal(left)


def test_tries_take_nothing_from_an_answer_that_earns_nothing_or_costs() -> None:
    assert after_tries(Decimal(0), Decimal("0.5"), 2) == 0
    assert after_tries(Decimal("-0.25"), Decimal("0.5"), 2) == Decimal("-0.25")
