"""What the overview of a course shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms_app.domain.analytics.views import CourseFigures, DayCount


@dataclass(frozen=True, kw_only=True)
class KeyFigure:
    """One figure of the strip: its metric, the number in words and its unit, what it counts (`n`), how it moved in words, and the line of that."""

    metric: str
    value: str
    unit: str = ""
    n: int
    change: str
    series: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A page or quiz, how many have opened it, and how many have dropped off there."""

    title: str
    module: str
    opened: int
    people: int


@dataclass(frozen=True, kw_only=True)
class HeatCell:
    """An hour of a weekday: what is read, and its shade from 0 to 4."""

    words: str
    level: int


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    """A weekday, hour by hour."""

    name: str
    day: str
    counts: list[int]
    cells: list[HeatCell]


@dataclass(frozen=True, kw_only=True)
class DurationBin:
    """People who took from `low` up to `high` days to complete the course."""

    low: int
    high: int
    people: int


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something to filter by."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class CourseOverview:
    """The overview of a course as it is filtered. `before` are the days of the previous run, the first beside the first shown day of this one."""

    course: CourseFigures
    key: list[KeyFigure]
    stops: list[Stop]
    stops_finding: str
    heat: list[HeatRow]
    heat_finding: str
    zone: str
    durations: list[DurationBin]
    durations_finding: str
    durations_n: int
    runs: list[Choice]
    groups: list[Choice]
    run: str
    group: str
    since: str
    until: str
    previous: str
    before: list[DayCount]
