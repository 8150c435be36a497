"""How the overview of a course is made of counts: windows of days, trends in words, bins, the heat map. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lms_app.domain.analytics.overview_views import DurationBin, HeatCell, HeatRow

WEEK = 7
BINS = 12
"""Bins of the time to complete, at most."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WIDTHS = (1, 2, 7, 14, 28, 91, 182, 364)
"""Widths of those bins, in days."""

EARLIEST = date.min + timedelta(days=1)
"""The first day of the calendar that has one before it."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """The days that a trend is about, both ends among them, and as many days before."""

    first: date
    last: date
    chosen: bool = False

    @property
    def before(self) -> "Window":
        last = self.first - timedelta(days=1)
        return Window(first=last - timedelta(days=min(self.days - 1, (last - date.min).days)), last=last, chosen=self.chosen)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


def window(today: date, since: date | None, until: date | None, begun: date | None) -> Window:
    """The chosen days, else the last seven. An end that is missing is the run's first day, or today."""
    if since is None and until is None:
        return Window(first=today - timedelta(days=WEEK - 1), last=today)
    last = until or today
    first = since or min(begun or last, last)
    return Window(first=max(min(first, last), EARLIEST), last=max(first, last, EARLIEST), chosen=True)


def change(now: int, before: int, *, chosen: bool = False, unit: str = "") -> str:
    """A trend in words: what is in the window, and what was in as many days before."""
    return f"{now:,}{unit} {'in these days' if chosen else 'in 7 days'}, {before:,}{unit} before"


def percent_change(now: float | None, before: float | None, *, chosen: bool = False) -> str:
    """The trend of a mean score."""
    here = "in these days" if chosen else "in 7 days"
    if now is None:
        return f"Nothing submitted {here}" if before is None else f"None {here}, {_percent(before)} before"
    return f"{_percent(now)} {here}" + ("" if before is None else f", {_percent(before)} before")


def duration(seconds: float) -> tuple[str, str]:
    """A length of time as a number and its unit, for a key figure."""
    if seconds < 3600:
        return f"{round(seconds / 60)}", "min"
    if seconds < 2 * 86400:
        return _number(seconds / 3600), "h"
    return _number(seconds / 86400), "days"


def hours(seconds: float) -> tuple[str, str]:
    """Time spent as a number and its unit: minutes below an hour, else hours."""
    return (f"{round(seconds / 60)}", "min") if seconds < 3600 else (_number(seconds / 3600), "h")


def heat_rows(acts: Mapping[tuple[int, int], int]) -> list[HeatRow]:
    """A week of days and hours, in five shades: none, then quarters of the greatest."""
    most = max(acts.values(), default=0)
    rows: list[HeatRow] = []
    for number, name in enumerate(WEEKDAYS, start=1):
        counts = [acts.get((number, hour), 0) for hour in range(24)]
        cells = [
            HeatCell(words=f"{name} {hour}:00: {count:,}", level=0 if not count else min(4, 1 + int(4 * (count - 1) / most)))
            for hour, count in enumerate(counts)
        ]
        rows.append(HeatRow(name=name[:3], day=name, counts=counts, cells=cells))
    return rows


def duration_bins(counts: Mapping[int, int]) -> list[DurationBin]:
    """People by the days that they took, in at most twelve bins of even width; the last bin of a very long course holds the rest."""
    if not counts:
        return []
    longest = max(counts)
    width = next((width for width in WIDTHS if longest // width < BINS), WIDTHS[-1])
    last = min(longest // width, BINS - 1)
    sums = [0] * (last + 1)
    for days, people in counts.items():
        sums[min(max(days, 0) // width, last)] += people
    return [DurationBin(low=place * width, high=(place + 1) * width, people=people) for place, people in enumerate(sums)]


def mean_of(fractions: Sequence[Decimal], submissions: Sequence[int]) -> float | None:
    """The mean score of the attempts of some days."""
    attempts = sum(submissions)
    return float(sum(fractions, Decimal(0)) / attempts) if attempts else None


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 10 and f"{value:.1f}"[-1] != "0" else f"{round(value):,}"


def _percent(fraction: float) -> str:
    return f"{int(Decimal(str(fraction)) * 100)} %"
