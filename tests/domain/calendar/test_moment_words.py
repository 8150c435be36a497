"""Days and times in words, across the nights on which clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from lms_app.domain.calendar.moment_words import left_words, moment_words

BERLIN, LOS_ANGELES = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 3, 27, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        (datetime(2026, 3, 27, 16, tzinfo=UTC), BERLIN, "today at 17:00"),
        (datetime(2026, 3, 27, 23, 30, tzinfo=UTC), BERLIN, "tomorrow at 00:30"),
        (datetime(2026, 3, 27, 23, 30, tzinfo=UTC), LOS_ANGELES, "today at 16:30"),
        (datetime(2026, 3, 26, 9, tzinfo=UTC), BERLIN, "yesterday at 10:00"),
        # The clocks went on in the night before: the same hour in UTC is an hour later there.
        (datetime(2026, 3, 29, 16, tzinfo=UTC), BERLIN, "Sunday at 18:00"),
        (datetime(2026, 4, 3, 16, tzinfo=UTC), BERLIN, "Friday 3 April at 18:00"),
        (datetime(2027, 1, 1, 16, tzinfo=UTC), BERLIN, "Friday 1 January 2027 at 17:00"),
    ],
)
def test_a_moment_is_told_by_the_calendar_of_its_reader(moment: datetime, zone: ZoneInfo, words: str) -> None:
    assert moment_words(moment, zone, NOW) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 27, 9, 0, 30, tzinfo=UTC), "in 1 minute"),
        (datetime(2026, 3, 27, 9, 40, tzinfo=UTC), "in 40 minutes"),
        (datetime(2026, 3, 27, 11, tzinfo=UTC), "in 2 hours"),
        (datetime(2026, 3, 28, 8, tzinfo=UTC), "in 23 hours"),
        (datetime(2026, 3, 28, 9, tzinfo=UTC), "in 1 day"),
        (datetime(2026, 3, 29, 22, tzinfo=UTC), "in 3 days"),
        (datetime(2026, 3, 27, 9, tzinfo=UTC), ""),
    ],
)
def test_what_is_left_counts_hours_that_pass_and_days_of_the_calendar(moment: datetime, words: str) -> None:
    assert left_words(moment, BERLIN, NOW) == words
