from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.assessments.timing_rules import GRACE, deadline, is_in_time, is_overdue, time_left

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIMIT = timedelta(minutes=20)


def test_an_attempt_without_limit_and_close_date_never_ends() -> None:
    assert deadline(START) is None
    assert is_in_time(START + timedelta(days=4000), None)
    assert time_left(START, None) is None


def test_the_time_limit_runs_from_the_start() -> None:
    assert deadline(START, limit=LIMIT) == START + LIMIT


def test_a_close_date_cuts_the_time_limit_short() -> None:
    closes = START + timedelta(minutes=5)
    assert deadline(START, limit=LIMIT, closes_at=closes) == closes
    assert deadline(START, limit=LIMIT, closes_at=START + timedelta(days=1)) == START + LIMIT


def test_nothing_is_taken_in_an_attempt_started_after_the_close_date() -> None:
    assert not is_in_time(START, deadline(START, limit=LIMIT, closes_at=START - timedelta(hours=1)))


def test_an_answer_is_taken_to_the_last_moment_of_grace() -> None:
    ends = START + LIMIT
    assert is_in_time(ends + GRACE, ends)
    assert not is_in_time(ends + GRACE + timedelta(microseconds=1), ends)


@given(st.timedeltas(min_value=timedelta(hours=-1), max_value=timedelta(hours=1)))
def test_an_attempt_is_overdue_exactly_when_nothing_more_is_taken(after: timedelta) -> None:
    ends = START + LIMIT
    assert is_overdue(ends + after, ends) is not is_in_time(ends + after, ends)


def test_the_clock_shows_no_grace_and_stops_at_zero() -> None:
    ends = START + LIMIT
    assert time_left(START + timedelta(minutes=12), ends) == timedelta(minutes=8)
    assert time_left(ends + timedelta(seconds=1), ends) == timedelta(0)
