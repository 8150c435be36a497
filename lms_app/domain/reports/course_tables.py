"""Reports of a whole course: its overview, and what happened day by day. From roll-ups: as many rows as the course has items and days."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from lms_app.domain.analytics import overview_counts, overview_rules, registry
from lms_app.domain.analytics.narrowing import Wanted
from lms_app.domain.analytics.overview_rules import WEEKDAYS
from lms_app.domain.analytics.queries import course_overview
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.reports.sources import Source
from lms_app.domain.reports.table_parts import NUMBER, Outlined, definitions, hundred, number, short_table
from lms_app.interchange.report_document import Cell, Chart, Column, Definition, Table
from lms_app.words import NodeKind

DAYS_PRINTED = 28
"""Days of the overview on paper: its chart has all."""
HOURS = 24
KEY_FIGURES = 8
"""Key figures of a run; certificates are not counted by group."""

KEY = (
    Column(title="Figure", width=1.6),
    Column(title="Value", kind=NUMBER),
    Column(title="Unit"),
    Column(title="n", kind=NUMBER),
    Column(title="What n counts", width=1.6),
    Column(title="Change", width=2.2),
)
ITEMS = (
    Column(title="Page or quiz", width=2.4),
    Column(title="Module", width=1.6),
    Column(title="Opened", kind=NUMBER, metric="opened"),
    Column(title="Completed", kind=NUMBER, metric="completion"),
    Column(title="Of all, %", kind=NUMBER),
)
STOPS = (
    Column(title="Page or quiz", width=2.4),
    Column(title="Module", width=1.6),
    Column(title="Opened", kind=NUMBER),
    Column(title="Stopped here", kind=NUMBER, metric="dropped_at"),
)
SCORES = (
    Column(title="Quiz", width=2.4),
    Column(title="Attempts", kind=NUMBER),
    Column(title="Mean, %", kind=NUMBER),
    Column(title="To pass, %", kind=NUMBER),
)
DAYS = (Column(title="Day", kind="day"), Column(title="Active", kind=NUMBER, metric="active"), Column(title="Enrolled", kind=NUMBER))
DURATIONS = (Column(title="From day", kind=NUMBER), Column(title="To day", kind=NUMBER), Column(title="People", kind=NUMBER))
HEAT = (Column(title="Hour"), *(Column(title=day[:3], kind=NUMBER, width=0.8) for day in WEEKDAYS))
ACTIVITY = (
    Column(title="Day", kind="day", width=1.1),
    Column(title="Active people", kind=NUMBER, metric="active"),
    Column(title="Enrolled", kind=NUMBER, metric="enrolled_by_day"),
    Column(title="Withdrawn", kind=NUMBER, metric="withdrawn"),
    Column(title="Completed the course", kind=NUMBER, metric="completed_by_day"),
    Column(title="Time, minutes", kind=NUMBER, metric="time_by_day"),
)
ACTIVITY_OF_ALL = (
    *ACTIVITY,
    Column(title="Items completed", kind=NUMBER, metric="completions_by_day"),
    Column(title="Submissions", kind=NUMBER, metric="submissions_by_day"),
    Column(title="Mean score, %", kind=NUMBER, metric="mean_score_by_day"),
)
"""What is known of a whole run alone, too."""


def overview_outline(source: Source) -> list[Outlined]:
    """The tables of the overview, by the outline of the course and the first and last day of the run."""
    items = list(published_outline(source.session, source.course.id).items())
    by_group, (begun, today) = source.group is not None, overview_counts.spanned(source.session, source.run)
    shown = (begun, today)
    if begun is not None and (source.asked.since or source.asked.until):
        chosen = overview_rules.window(overview_counts.today(source.run), source.asked.since, source.asked.until, begun)
        shown = max(begun, chosen.first), min(today, chosen.last)
    return [
        Outlined(name="Key figures", columns=KEY, count=KEY_FIGURES - by_group),
        Outlined(name="Completion by item", columns=ITEMS, count=sum(item.required for item in items)),
        Outlined(name="Where people stopped", columns=STOPS, count=len(items), at_most=True),
        Outlined(name="Scores by quiz", columns=SCORES, count=sum(item.kind == NodeKind.ASSESSMENT for item in items), at_most=True),
        Outlined(name="People each day", columns=DAYS, count=_length(*shown), at_most=by_group),
        Outlined(name="Time to complete", columns=DURATIONS, count=overview_rules.BINS, at_most=True),
        Outlined(name="When people work", columns=HEAT, count=HOURS),
    ]


def overview(source: Source) -> tuple[list[Table], list[Definition]]:
    """What the overview of the course shows."""
    asked = source.asked
    wanted = Wanted(run=source.run.id, group=asked.group_id, since=asked.since, until=asked.until)
    seen = course_overview(source.session, source.actor, source.course.id, wanted)
    course, titles = seen.course, {name: metric.title for name, metric in registry.ALL.items()}
    units = {name: metric.n for name, metric in registry.ALL.items()}
    opened = {item: counts[0] for item, counts in overview_counts.items(source.session, source.run, asked.group_id).items()}
    key = [[titles[one.metric], number(one.value), one.unit, one.n, units[one.metric], one.change] for one in seen.key]
    steps = [[s.title, s.module, opened.get(UUID(s.id), 0), s.completed, Decimal(str(round(s.share * 100, 1)))] for s in course.funnel]
    scores = [[quiz.title, quiz.attempts, hundred(quiz.mean), hundred(quiz.pass_mark)] for quiz in course.quizzes]
    days = [[date.fromisoformat(day.day), day.active, day.enrolled] for day in course.days]
    tables = [
        short_table("Key figures", KEY, key),
        short_table(
            "Completion by item",
            ITEMS,
            steps,
            finding=course.funnel_finding,
            chart=Chart(title="People who have completed it", labels=0, values=3) if steps else None,
        ),
        short_table(
            "Where people stopped",
            STOPS,
            [[stop.title, stop.module, stop.opened, stop.people] for stop in seen.stops],
            finding=seen.stops_finding,
        ),
        short_table("Scores by quiz", SCORES, scores),
        short_table(
            "People each day",
            DAYS,
            days,
            finding=course.activity_finding,
            chart=Chart(title="Active people each day", labels=0, values=1, many=True),
            printed=DAYS_PRINTED,
        ),
        short_table("Time to complete", DURATIONS, [[one.low, one.high, one.people] for one in seen.durations], finding=seen.durations_finding),
        short_table(
            "When people work",
            HEAT,
            [[f"{hour:02}:00", *(row.counts[hour] for row in seen.heat)] for hour in range(HOURS)],
            finding=seen.heat_finding,
        ),
    ]
    names = [one.metric for one in seen.key]
    return tables, definitions(*names, "opened", "completion", "dropped_at", "score", "active", "heat")


def activity_outline(source: Source) -> list[Outlined]:
    """The table of days, by the first and last of the run."""
    begun, last = overview_counts.spanned(source.session, source.run)
    by_group = source.group is not None
    columns = ACTIVITY if by_group else ACTIVITY_OF_ALL
    return [Outlined(name="Activity by day", columns=columns, count=_length(*_asked_for(source, begun, last)), at_most=by_group)]


def activity(source: Source) -> tuple[list[Table], list[Definition]]:
    """A line for each day, quiet ones too."""
    moves = {move.day: move for move in overview_counts.days(source.session, source.run, source.asked.group_id)}
    first, last = _asked_for(source, min(moves, default=None), max([overview_counts.today(source.run), *moves]))
    days = [first + timedelta(days=passed) for passed in range(_length(first, last))] if first else []
    columns = ACTIVITY_OF_ALL if source.group is None else ACTIVITY

    def row(day: date) -> list[Cell]:
        move = moves.get(day) or overview_counts.DayMoves(day=day)
        mean = move.fractions / move.submissions if move.submissions else None
        cells: list[Cell] = [day, move.active, move.enrolled, move.withdrawn, move.completed, move.seconds // 60]
        return [*cells, move.completions, move.submissions, None if mean is None else round(mean * 100, 1)][: len(columns)]

    chart = Chart(title="Active people each day", labels=0, values=1, many=True)
    table = short_table(
        "Activity by day", columns, [row(day) for day in days], finding="A day begins at midnight by the course's clock.", chart=chart
    )
    return [table], definitions(*(column.metric for column in columns if column.metric))


def _asked_for(source: Source, begun: date | None, last: date) -> tuple[date | None, date]:
    """Of the days from the first on which anything happened to the last, those that are asked for: else there is nothing to tell."""
    until = min(source.asked.until or last, last)
    return (None if begun is None else max(source.asked.since or begun, begun)), until


def _length(first: date | None, last: date) -> int:
    return 0 if first is None else max(0, (last - first).days + 1)
