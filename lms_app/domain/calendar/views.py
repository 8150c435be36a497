"""What a student sees of dates. Times are in the words of the student's zone."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DateLine:
    """Something at a moment. `label` says what happens then ("Due"), `when` the day and time ("tomorrow at 17:00"), `time` the time alone, `left` how
    long until then, "" once it is past. `done`: nothing is left to do."""

    id: str
    kind: str
    label: str
    title: str
    course: str
    note: str
    when: str
    time: str
    left: str
    link: str
    done: bool


@dataclass(frozen=True, kw_only=True)
class NextDates:
    """What comes next over all courses, at most a few; `more` counts the others."""

    lines: list[DateLine]
    more: int
    zone: str


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """A day of the month that is shown, or of the weeks at its edges (`outside`). `rest` are the lines beyond the first few."""

    day: str
    number: int
    words: str
    today: bool
    outside: bool
    lines: list[DateLine]
    rest: list[DateLine]


@dataclass(frozen=True, kw_only=True)
class CalendarWeek:
    """Seven days from Monday."""

    id: str
    days: list[CalendarDay]


@dataclass(frozen=True, kw_only=True)
class CalendarMonth:
    """A month (`2026-12`) as weeks, and its days on which something is, for a list. `courses` is whether the student takes any."""

    month: str
    title: str
    zone: str
    current: bool
    courses: bool
    weeks: list[CalendarWeek]
    days: list[CalendarDay]


@dataclass(frozen=True, kw_only=True)
class FeedEntry:
    """One entry of a calendar feed. `uid` is the same whenever the feed is read."""

    uid: str
    at: str
    summary: str
    description: str
    link: str
    course: str


@dataclass(frozen=True, kw_only=True)
class FeedStanding:
    """Whether somebody has a calendar address, since when, and when a calendar last read it. `address` is there once, where it was made just now."""

    exists: bool
    since: str = ""
    read: str = ""
    address: str = ""
