"""Weeks in a row: what counts, what is forgiven, and what ends them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.analytics.streak_rules import MEANING, WEEK, monday_of, weeks_in_a_row

WEDNESDAY = date(2026, 11, 25)


def weeks_ago(*numbers: int) -> set[date]:
    """A Thursday of each of these weeks, but of this one its Monday: Thursday is still to come."""
    return {monday_of(WEDNESDAY) - number * WEEK + timedelta(days=3 if number else 0) for number in numbers}


@pytest.mark.parametrize(
    ("learnt", "weeks"),
    [
        ((), 0),
        ((0,), 1),
        ((1,), 1),
        ((0, 1, 2), 3),
        ((1, 2), 2),
        ((0, 2, 3), 3),
        ((2, 3), 2),
        ((0, 2, 4, 6), 4),
        ((0, 3), 1),
        ((3, 4), 0),
        ((0, 1, 4, 5), 2),
    ],
)
def test_a_week_off_is_passed_over_and_two_in_a_row_end_the_count(learnt: tuple[int, ...], weeks: int) -> None:
    assert weeks_in_a_row(weeks_ago(*learnt), WEDNESDAY) == weeks


def test_many_days_of_a_week_count_once_and_days_to_come_not_at_all() -> None:
    days = {monday_of(WEDNESDAY) + timedelta(days=number) for number in range(7)}
    assert weeks_in_a_row(days, WEDNESDAY) == 1
    assert weeks_in_a_row({WEDNESDAY + timedelta(days=1)}, WEDNESDAY) == 0


@given(st.sets(st.integers(0, 200)), st.integers(0, 6))
def test_another_day_of_learning_never_takes_weeks_away(ago: set[int], weekday: int) -> None:
    today = monday_of(WEDNESDAY) + timedelta(days=weekday)
    days = {today - timedelta(days=number) for number in ago}
    before = weeks_in_a_row(days, today)
    assert before <= weeks_in_a_row(days | {today}, today) <= before + 1
    # Nor does the end of a week as such: it is lost only by two whole weeks without.
    assert weeks_in_a_row(days | {today}, today + WEEK) == weeks_in_a_row(days | {today}, today)


def test_the_definition_says_how_it_is_counted() -> None:
    for words in ("Monday to Sunday", "by your clock", "at least one day", "One week off", "two in a row"):
        assert words in MEANING
