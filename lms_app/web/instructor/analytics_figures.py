"""The dashboard's figures for Plotly, their tables and their labels, made of a course's figures. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from lms_app.domain.analytics.findings_rules import whole_percent
from lms_app.domain.analytics.overview_views import CourseOverview
from lms_app.domain.analytics.views import CourseFigures, DayCount, FunnelStep, QuizScores
from lms_app.web.charts import figures
from lms_app.web.charts.figures import Figure

MANY_STEPS = 20
"""A funnel of more steps than this is shown by module first."""
FEW_STOPS, MOST_STOPS = 3, 12
"""So few places of dropping off stand low; so many are drawn."""
WEEKS = 50
"""Lines go back this far at most."""

BY_MODULE, BY_ITEM = "modules", "items"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What one chart panel holds. `tall` says how high the figure stands, in pixels; as usual where it says nothing."""

    finding: str = ""
    figure: Figure
    label: str = ""
    rows: list[list[str]]
    tall: str = ""


EMPTY = Panel(figure=figures.NOTHING, rows=[])


def enrolment_panel(course: CourseFigures, before: Sequence[DayCount] = (), previous: str = "") -> Panel:
    """Enrolled in all at the end of each day, and on the same day of the previous run."""
    days = course.days[-7 * WEEKS :]
    counts = [day.enrolled for day in days]
    return _by_day(
        days, counts, [day.enrolled for day in _same_days(course, before)], previous, "Enrolled", "Enrolled by day", course.enrolment_finding
    )


def activity_panel(course: CourseFigures, before: Sequence[DayCount] = (), previous: str = "") -> Panel:
    """Active people on each day, and on the same day of the previous run."""
    days = course.days[-7 * WEEKS :]
    counts = [day.active for day in days]
    return _by_day(
        days, counts, [day.active for day in _same_days(course, before)], previous, "Active", "Active people by day", course.activity_finding
    )


def _same_days(course: CourseFigures, before: Sequence[DayCount]) -> Sequence[DayCount]:
    """The days of the previous run that stand beside those shown. `before` begins beside the course's first day."""
    skipped = max(0, len(course.days) - 7 * WEEKS)
    return before[skipped:]


def _by_day(days: list[DayCount], counts: list[int], earlier: list[int], previous: str, name: str, what: str, finding: str) -> Panel:
    """Counts by day as a line, and as rows by week; those of the run before as a dotted line, and as a row under each week."""
    rows = week_rows(_dates(days), counts)
    if earlier:
        past = week_rows(_dates(days)[: len(earlier)], earlier)
        finding += f" {previous} is dotted, day by day from its own beginning."
        rows = [row for at, week in enumerate(rows) for row in (week, *([["the run before", *past[at][1:]]] if at < len(past) else []))]
    figure = figures.lines(_dates(days), counts, name=name, before=earlier or None, before_name=previous)
    return Panel(finding=finding, figure=figure, label=f"{what}. {finding}", rows=rows)


def funnel_panel(course: CourseFigures, by: str, module: str = "") -> Panel:
    """People at each step, or on average at the items of each module; of a long course the items of one module at a time."""
    if by == BY_MODULE:
        steps = [(name, _mean([step.completed for step in group])) for name, group in _modules(course.funnel)]
        title = "People who completed an item, mean of each module"
    else:
        shown = [step for step in course.funnel if not module or step.module == module]
        steps = [(step.title, step.completed) for step in shown]
        title = "People who completed each item"
    names, counts = ["Ever enrolled", *(name for name, _ in steps)], [course.ever_enrolled, *(count for _, count in steps)]
    rows = [[name, f"{count:,}", _share(count, course.ever_enrolled)] for name, count in zip(names, counts, strict=True)]
    height = 264 if len(names) <= 9 else 396 if len(names) <= 14 else 528 if len(names) <= 21 else 792
    figure = figures.steps(names, counts)
    figure["layout"]["height"] = height
    figure["data"][0]["text"] = [f"{count}   {share}" for _, count, share in rows]
    return Panel(
        finding=course.funnel_finding,
        figure=figure,
        label=f"{title}. " + ", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True)) + ".",
        rows=rows,
        tall=str(height),
    )


def score_panel(quiz: QuizScores) -> Panel:
    """Attempts at a quiz by their score, with the pass mark as a line. No rows before the first attempt: there is nothing to draw."""
    names = [f"{step.low}–{step.high} %" for step in quiz.bins]
    counts = [step.attempts for step in quiz.bins]
    mark = None if quiz.pass_mark is None else quiz.pass_mark * len(counts)
    words = "" if quiz.pass_mark is None else f"Pass mark {whole_percent(quiz.pass_mark)} %"
    figure = figures.bars(names, counts, unit="attempts", mark=mark, mark_words=words)
    # Edges of bins: six of them, short enough for a phone. The last stands at the very end, and is drawn only where words may go past it.
    figure["layout"]["xaxis"] = {
        "tickvals": [edge / 5 - 0.5 for edge in range(0, 101, 20)],
        "ticktext": [f"{edge} %" for edge in range(0, 101, 20)],
        "range": [-0.6, len(counts) - 0.4],
        "ticklabeloverflow": "allow",
    }
    reached = ", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True) if count)
    return Panel(
        finding=quiz.finding,
        figure=figure,
        label=f"Attempts at {quiz.title} by score: {reached or 'none'}. {words}".strip(),
        rows=[[name, f"{count:,}"] for name, count in zip(names, counts, strict=True)] if any(counts) else [],
    )


def stops_panel(overview: CourseOverview) -> Panel:
    """Those who have dropped off, by where they were at last; the twelve places with most, in course order. The table has them all."""
    shown = sorted(sorted(overview.stops, key=lambda stop: -stop.people)[:MOST_STOPS], key=overview.stops.index)
    figure = figures.steps([stop.title for stop in shown], [stop.people for stop in shown])
    figure["data"][0]["text"] = [f"{stop.people:,}" for stop in shown]
    figure["data"][0]["width"] = min(0.7, 0.4 * max(1, len(shown)))
    height = 132 if len(shown) <= FEW_STOPS else 264 if len(shown) <= 9 else 396
    figure["layout"]["height"] = height
    return Panel(
        finding=overview.stops_finding,
        figure=figure,
        label="People who have dropped off, by where. " + ", ".join(f"{stop.title} {stop.people}" for stop in shown) + ".",
        rows=[[stop.title, f"{stop.people:,}", f"{stop.opened:,}"] for stop in overview.stops],
        tall=str(height),
    )


def durations_panel(overview: CourseOverview) -> Panel:
    """People by the days that they took to complete the course."""
    names = [f"{step.low + 1}" if step.high == step.low + 1 else f"{step.low + 1}–{step.high}" for step in overview.durations]
    counts = [step.people for step in overview.durations]
    figure = figures.bars([f"Day {name}" for name in names], counts, unit="people")
    figure["layout"]["xaxis"]["ticktext"] = [names[tick] for tick in figure["layout"]["xaxis"]["tickvals"]]
    figure["layout"]["xaxis"]["title"] = {"text": "Day after enrolling"}
    return Panel(
        finding=overview.durations_finding,
        figure=figure,
        label="People by the days that they took. " + ", ".join(f"day {name}: {count}" for name, count in zip(names, counts, strict=True)) + ".",
        rows=[[name, f"{count:,}"] for name, count in zip(names, counts, strict=True)],
    )


def heat_table(overview: CourseOverview) -> list[list[str]]:
    """The numbers of the heat map: a row for each hour, a column for each weekday. None where nothing was done."""
    if not any(any(row.counts) for row in overview.heat):
        return []
    return [[f"{hour}:00", *(f"{row.counts[hour]:,}" for row in overview.heat)] for hour in range(24)]


def modules_of(course: CourseFigures) -> list[str]:
    """The names of the modules that have steps, in order."""
    return [name for name, _ in _modules(course.funnel)]


def _modules(steps: list[FunnelStep]) -> list[tuple[str, list[FunnelStep]]]:
    return [(name, list(group)) for name, group in groupby(steps, key=lambda step: step.module)]


def _dates(days: list[DayCount]) -> list[date]:
    return [date.fromisoformat(day.day) for day in days]


def week_rows(days: Sequence[date], counts: Sequence[int]) -> list[list[str]]:
    """One row a week, from Monday: the numbers day by day, a dash where there is no day."""
    of_day = dict(zip(days, counts, strict=True))
    if not of_day:
        return []
    monday, last = min(of_day) - timedelta(days=min(of_day).weekday()), max(of_day)
    rows = []
    while monday <= last:
        week = [of_day.get(monday + timedelta(days=number)) for number in range(7)]
        rows.append([f"{monday.day} {monday:%b}", *("–" if count is None else f"{count:,}" for count in week)])
        monday += timedelta(weeks=1)
    return rows


def _mean(counts: list[int]) -> int:
    return round(sum(counts) / len(counts))


def _share(count: int, whole: int) -> str:
    return f"{100 * count // whole} %" if whole else "–"
