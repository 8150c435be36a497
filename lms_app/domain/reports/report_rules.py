"""What reports are called, what narrows them, and when a schedule is due. Pure; moments are aware."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lms_app.words import ReportDays, ReportFormat, ReportKind, ReportRhythm

NAMES: Final[Mapping[str, str]] = {
    ReportKind.OVERVIEW: "Course overview",
    ReportKind.STUDENTS: "Students",
    ReportKind.GRADEBOOK: "Gradebook",
    ReportKind.QUESTIONS: "Quiz questions",
    ReportKind.ACTIVITY: "Activity by day",
}
ABOUT: Final[Mapping[str, str]] = {
    ReportKind.OVERVIEW: "Key figures, completion and drop-off by item, scores, activity and time to complete.",
    ReportKind.STUDENTS: "A line for each student: progress, score, time, last visit, and why they are at risk.",
    ReportKind.GRADEBOOK: "Every grade and total, as the gradebook has them.",
    ReportKind.QUESTIONS: "How each quiz measures, and each of its questions: facility, discrimination, weight.",
    ReportKind.ACTIVITY: "A line for each day: people, completions, submissions, scores and time.",
}
FORMATS: Final[Mapping[str, str]] = {
    ReportFormat.XLSX: "Excel workbook (XLSX)",
    ReportFormat.CSV: "CSV tables (in a ZIP)",
    ReportFormat.PDF: "PDF to print",
}
ENDINGS: Final[Mapping[str, str]] = {ReportFormat.XLSX: ".xlsx", ReportFormat.CSV: ".csv.zip", ReportFormat.PDF: ".pdf"}
MEDIA_TYPES: Final[Mapping[str, str]] = {
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.CSV: "application/zip",
    ReportFormat.PDF: "application/pdf",
}
DAYS: Final[Mapping[str, str]] = {
    ReportDays.ALL: "Since the beginning",
    ReportDays.WEEK: "The 7 days before",
    ReportDays.MONTH: "The 30 days before",
}
BY_GROUP: Final = frozenset({ReportKind.OVERVIEW, ReportKind.STUDENTS, ReportKind.GRADEBOOK, ReportKind.ACTIVITY})
"""What may be narrowed to a group."""
BY_DAYS: Final = frozenset({ReportKind.OVERVIEW, ReportKind.ACTIVITY})
"""What may be narrowed to days: all else says how things stand."""
OF_ROLLUPS: Final = frozenset({ReportKind.OVERVIEW, ReportKind.STUDENTS, ReportKind.ACTIVITY})
"""What is made of roll-ups, and waits while these are made anew."""

NAMED: Final = 3
"""Names that a line has before it counts the others."""

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SPANS: Final = {ReportDays.WEEK: 7, ReportDays.MONTH: 30}


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """When a schedule is due: on a weekday (Monday is 0) or a day of the month, at an hour of a zone."""

    rhythm: ReportRhythm
    weekday: int
    day: int
    hour: int
    zone: str

    @property
    def moments(self) -> tuple[str | int, ...]:
        """What its moments hang on: two that are equal in it are due together for ever."""
        return self.rhythm, self.weekday if self.rhythm == ReportRhythm.WEEKLY else self.day, self.hour, self.zone

    @property
    def words(self) -> str:
        """It in words: "Mondays at 08:00"."""
        if self.rhythm == ReportRhythm.WEEKLY:
            return f"{WEEKDAYS[self.weekday]}s at {self.hour:02}:00"
        return f"Monthly on day {self.day} at {self.hour:02}:00"


def next_due(rhythm: Rhythm, after: datetime) -> datetime:
    """The first moment after `after` that is due, in UTC. An hour that the clock leaves out is the one that it goes on with; of an hour that comes
    twice it is the first."""
    zone = ZoneInfo(rhythm.zone)
    day = after.astimezone(zone).date()
    while True:
        if _is_due(rhythm, day):
            moment = datetime.combine(day, time(rhythm.hour), zone).astimezone(UTC)
            if moment > after:
                return moment
        day += timedelta(days=1)


def _is_due(rhythm: Rhythm, day: date) -> bool:
    if rhythm.rhythm == ReportRhythm.WEEKLY:
        return day.weekday() == rhythm.weekday
    return day.day == min(rhythm.day, monthrange(day.year, day.month)[1])


def span(days: ReportDays, today: date) -> tuple[date | None, date | None]:
    """The first and last day that a scheduled report is about: whole days before today, where the run is that has those days."""
    length = _SPANS.get(days)
    return (None, None) if length is None else (today - timedelta(days=length), today - timedelta(days=1))


def days_in_words(since: date | None, until: date | None) -> str:
    """The days that a report is narrowed to."""
    match since, until:
        case None, None:
            return "All days"
        case None, date():
            return f"Up to {in_words(until)}"
        case date(), None:
            return f"From {in_words(since)}"
        case _:
            return f"{in_words(since)} to {in_words(until)}" if since and until else ""


def few_and_others(names: Sequence[str]) -> tuple[str, str]:
    """Names as a line, and those that it only counts: of more than four it has three. One alone is never "1 more"."""
    if len(names) <= NAMED + 1:
        return ", ".join(names), ""
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more", ", ".join(names[NAMED:])


def in_words(day: date) -> str:
    """A day in words."""
    return f"{day.day} {day:%B} {day.year}"


def moment_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """A moment in full: "Monday 7 December, 08:00"."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}, {local:%H:%M}"


def file_name(slug: str, kind: ReportKind, format_: ReportFormat, day: date) -> str:
    """What the file of a report is called."""
    return f"{slug}-{kind.value}-{day.isoformat()}{ENDINGS[format_]}"
