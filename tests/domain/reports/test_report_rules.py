"""When a schedule is due, what it is about then, and what is said of it."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from lms_app.domain.reports.report_rules import NAMES, Rhythm, days_in_words, few_and_others, file_name, next_due, span
from lms_app.words import ReportDays, ReportFormat, ReportKind, ReportRhythm


def weekly(weekday: int, hour: int, zone: str = "Europe/Berlin") -> Rhythm:
    return Rhythm(rhythm=ReportRhythm.WEEKLY, weekday=weekday, day=1, hour=hour, zone=zone)


def monthly(day: int, hour: int = 8, zone: str = "UTC") -> Rhythm:
    return Rhythm(rhythm=ReportRhythm.MONTHLY, weekday=0, day=day, hour=hour, zone=zone)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("rhythm", "after", "due"),
    [
        (weekly(0, 8), utc(2026, 12, 1, 12), utc(2026, 12, 7, 7)),
        (weekly(0, 8), utc(2026, 12, 7, 6, 59), utc(2026, 12, 7, 7)),
        # Due at this very moment is not due again.
        (weekly(0, 8), utc(2026, 12, 7, 7), utc(2026, 12, 14, 7)),
        # Eight in the morning stays eight when the clock goes forward, and back.
        (weekly(6, 8), utc(2026, 3, 22, 7), utc(2026, 3, 29, 6)),
        (weekly(6, 8), utc(2026, 10, 18, 6), utc(2026, 10, 25, 7)),
        # Two o'clock is left out on 29 March: it goes on with three.
        (weekly(6, 2), utc(2026, 3, 28), utc(2026, 3, 29, 1)),
        # Two o'clock comes twice on 25 October: the first counts, and only that.
        (weekly(6, 2), utc(2026, 10, 24), utc(2026, 10, 25, 0)),
        (weekly(6, 2), utc(2026, 10, 25, 0), utc(2026, 11, 1, 1)),
        # Where the day of the zone is another than that of UTC.
        (weekly(0, 1, "Pacific/Auckland"), utc(2026, 6, 7), utc(2026, 6, 7, 13)),
        (monthly(1), utc(2026, 12, 1, 8), utc(2027, 1, 1, 8)),
        (monthly(31), utc(2026, 2, 1), utc(2026, 2, 28, 8)),
        (monthly(31), utc(2028, 2, 1), utc(2028, 2, 29, 8)),
        (monthly(30), utc(2026, 1, 30, 8), utc(2026, 2, 28, 8)),
    ],
)
def test_a_schedule_is_due_by_the_clock_of_its_zone(rhythm: Rhythm, after: datetime, due: datetime) -> None:
    assert next_due(rhythm, after) == due


@pytest.mark.parametrize("hour", range(24))
def test_over_a_year_with_both_changes_of_the_clock_it_is_due_once_a_week(hour: int) -> None:
    rhythm, moment, days = weekly(6, hour), utc(2026, 1, 1), []
    while len(days) < 52:
        moment = next_due(rhythm, moment)
        days.append(moment)
    gaps = {later - earlier for earlier, later in pairwise(days)}
    assert gaps <= {timedelta(days=7), timedelta(days=7, hours=1), timedelta(days=6, hours=23)}


def test_the_days_of_a_scheduled_report_are_whole_days_before_it() -> None:
    today = date(2026, 12, 7)
    assert span(ReportDays.ALL, today) == (None, None)
    assert span(ReportDays.WEEK, today) == (date(2026, 11, 30), date(2026, 12, 6))
    assert span(ReportDays.MONTH, today) == (date(2026, 11, 7), date(2026, 12, 6))


def test_what_is_said_of_a_schedule_and_of_days() -> None:
    assert weekly(0, 8).words == "Mondays at 08:00"
    assert monthly(31, 17).words == "Monthly on day 31 at 17:00"
    assert days_in_words(None, None) == "All days"
    assert days_in_words(date(2026, 3, 1), None) == "From 1 March 2026"
    assert days_in_words(None, date(2026, 3, 9)) == "Up to 9 March 2026"
    assert days_in_words(date(2026, 3, 1), date(2026, 3, 9)) == "1 March 2026 to 9 March 2026"


def test_of_many_names_three_are_said_and_the_others_are_counted() -> None:
    assert few_and_others([]) == ("", "")
    assert few_and_others(["Ada", "Ben", "Cleo", "Dan"]) == ("Ada, Ben, Cleo, Dan", "")
    assert few_and_others(["Ada", "Ben", "Cleo", "Dan", "Eve"]) == ("Ada, Ben, Cleo and 2 more", "Dan, Eve")


def test_every_kind_has_a_name_and_a_file_says_what_it_is() -> None:
    assert set(NAMES) == set(ReportKind)
    assert file_name("stones", ReportKind.STUDENTS, ReportFormat.CSV, date(2026, 12, 7)) == "stones-students-2026-12-07.csv.zip"
