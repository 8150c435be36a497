"""Reading dashboards. An instructor's reads roll-ups only; a student's reads that student's own rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from uuid import UUID

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import findings_rules, overview_counts, overview_rules, registry
from lms_app.domain.analytics.metrics import METRICS
from lms_app.domain.analytics.narrowing import EVERYTHING, Wanted, chosen, narrowed, run_name
from lms_app.domain.analytics.overview_counts import Bin
from lms_app.domain.analytics.overview_rules import Window
from lms_app.domain.analytics.overview_views import CourseOverview, KeyFigure, Stop
from lms_app.domain.analytics.statistics_rules import BINS
from lms_app.domain.analytics.student_figures import as_of
from lms_app.domain.analytics.views import CourseFigures, DayCount, FunnelStep, QuizScores, ScoreBin
from lms_app.domain.courses import access
from lms_app.domain.courses.outline import Outline, published_outline
from lms_app.models import Person, RunFigures
from lms_app.words import NodeKind, StaffRole

SPARK = 28
"""Days in the line of a key figure."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What somebody who may see the overview of a course watches: its run, as what they are on its staff, and in which time zone they read."""

    run_id: UUID
    role: StaffRole
    zone: str


def watched(session: Session, actor: Actor, course_id: UUID, run_id: UUID | None = None) -> Watched:
    """What moves the overview of a course, of the present run unless told. Raises NotFound."""
    run, _ = chosen(access.runs_of(session, access.staffed_course(session, actor, course_id).id), run_id)
    zone = session.get_one(Person, actor.person_id).time_zone
    return Watched(run_id=run.id, role=access.role_in(session, actor, course_id), zone=zone)


def course_figures(session: Session, actor: Actor, course_id: UUID) -> CourseFigures:
    """The figures of a course that the actor is on the staff of. Raises NotFound."""
    return course_overview(session, actor, course_id).course


def course_overview(session: Session, actor: Actor, course_id: UUID, wanted: Wanted = EVERYTHING) -> CourseOverview:
    """The overview of a course that the actor is on the staff of, narrowed to what is wanted. Raises NotFound, for a foreign run or group too."""
    course = access.staffed_course(session, actor, course_id)
    narrow = narrowed(session, course.id, wanted)
    run, previous = narrow.run, narrow.previous
    outline = published_outline(session, course.id)
    figures = session.get(RunFigures, run.id) or RunFigures(run_id=run.id, course_id=course.id, folded_at=clock.now())
    stand = overview_counts.standing(session, run, wanted.group)
    items = overview_counts.items(session, run, wanted.group)
    moves = overview_counts.days(session, run, wanted.group)
    today = overview_counts.today(run)
    window = overview_rules.window(today, wanted.since, wanted.until, moves[0].day if moves else None)
    every = _days(moves, today)
    days = [day for day in every if not window.chosen or window.has(date.fromisoformat(day.day))]
    before = _days(overview_counts.days(session, previous, None), None) if previous and not wanted.group else []
    skipped = every.index(days[0]) if days else 0
    ever = items.get(course.id, (0, 0))[0]
    steps, stops = _funnel(items, outline, ever), _stops(items, outline, overview_counts.stopped(session, run, wanted.group))
    heat = overview_rules.heat_rows(overview_counts.heat(session, run, wanted.group, wanted.since, wanted.until))
    taken = overview_counts.durations(session, run, wanted.group)
    median = " ".join(overview_rules.duration(stand.median or 0))
    return CourseOverview(
        course=CourseFigures(
            course_id=str(course.id),
            run_id=str(run.id),
            slug=course.slug,
            title=course.title,
            enrolled=stand.enrolled,
            ever_enrolled=ever,
            active_week=stand.active_week,
            completed=stand.completed,
            certificates=figures.certificates,
            days=days,
            funnel=steps,
            quizzes=_quizzes(overview_counts.scores(session, run, wanted.group), outline),
            enrolment_finding=findings_rules.enrolment_finding([day.enrolled for day in days]),
            activity_finding=findings_rules.activity_finding([date.fromisoformat(day.day) for day in days], [day.active for day in days]),
            funnel_finding=findings_rules.funnel_finding(ever, [step.title for step in steps], [step.completed for step in steps]),
            metrics=registry.notes(*METRICS),
            as_of=as_of(session, actor),
            version=figures.version,
        ),
        key=_key(stand, moves, every, window, ever, figures.certificates if wanted.group is None else None),
        stops=stops,
        stops_finding=findings_rules.stops_finding([stop.title for stop in stops], [stop.people for stop in stops]),
        heat=heat,
        heat_finding=findings_rules.heat_finding([row.day for row in heat], [row.counts for row in heat]),
        zone=run.time_zone,
        durations=overview_rules.duration_bins(taken),
        durations_finding=findings_rules.durations_finding(sum(taken.values()), median),
        durations_n=sum(taken.values()),
        runs=narrow.runs,
        groups=narrow.groups,
        run=str(run.id),
        group=str(wanted.group) if wanted.group else "",
        since=wanted.since.isoformat() if wanted.since else "",
        until=wanted.until.isoformat() if wanted.until else "",
        previous=run_name(previous) if previous else "",
        before=before[skipped : skipped + len(days)],
    )


def _key(
    stand: overview_counts.Standing, moves: list[overview_counts.DayMoves], every: list[DayCount], window: Window, ever: int, certificates: int | None
) -> list[KeyFigure]:
    now, past = [move for move in moves if window.has(move.day)], [move for move in moves if window.before.has(move.day)]

    def trend(of: Callable[[overview_counts.DayMoves], int]) -> str:
        return overview_rules.change(sum(map(of, now)), sum(map(of, past)), chosen=window.chosen)

    shown = [day for day in every if not window.chosen or window.has(date.fromisoformat(day.day))][-SPARK:]
    of_day = {move.day.isoformat(): move for move in moves}
    there = [of_day.get(day.day) for day in shown]
    done = accumulate((move.completed if move else 0 for move in there), initial=0)
    mean_now, mean_past = (overview_rules.mean_of([move.fractions for move in part], [move.submissions for move in part]) for part in (now, past))
    a_day = [round(sum(move.active for move in part) / window.days) for part in (now, past)]
    time, unit = overview_rules.hours(stand.seconds)
    took, took_unit = overview_rules.duration(stand.median) if stand.median is not None else ("–", "")
    weekly = [" ".join(overview_rules.hours(sum(move.seconds for move in part))) for part in (now, past)]
    figures = [
        KeyFigure(
            metric="enrolled",
            value=f"{stand.enrolled:,}",
            n=ever,
            change=trend(lambda move: move.enrolled),
            series=[day.enrolled for day in shown],
        ),
        KeyFigure(
            metric="active_now",
            value=f"{stand.active_now:,}",
            n=stand.enrolled,
            change=f"{a_day[0]:,} a day on average, {a_day[1]:,} before",
            series=[day.active for day in shown],
        ),
        KeyFigure(metric="active_week", value=f"{stand.active_week:,}", n=stand.enrolled, change=f"of {stand.enrolled:,} enrolled", series=[]),
        KeyFigure(
            metric="completed",
            value=f"{stand.completed:,}",
            n=ever,
            change=trend(lambda move: move.completed),
            series=list(done)[1:],
        ),
        KeyFigure(
            metric="time",
            value=time,
            unit=unit,
            n=stand.there,
            change=f"{weekly[0]} {'in these days' if window.chosen else 'in 7 days'}, {weekly[1]} before",
            series=[move.seconds if move else 0 for move in there],
        ),
        KeyFigure(
            metric="mean_score",
            value="–" if stand.mean is None else str(findings_rules.whole_percent(stand.mean)),
            unit="" if stand.mean is None else "%",
            n=stand.marked,
            change=overview_rules.percent_change(mean_now, mean_past, chosen=window.chosen),
            series=[float(move.fractions / move.submissions) for move in there if move and move.submissions],
        ),
        KeyFigure(
            metric="days_to_complete",
            value=took,
            unit=took_unit,
            n=stand.completed,
            change="half took less" if stand.completed else "nobody has completed it yet",
            series=[],
        ),
    ]
    if certificates is not None:
        figures.append(KeyFigure(metric="certificates", value=f"{certificates:,}", n=certificates, change="issued", series=[]))
    return figures


def _days(moves: list[overview_counts.DayMoves], today: date | None) -> list[DayCount]:
    """Every day from the first on which anything happened to today, quiet ones too."""
    rows = {move.day: move for move in moves}
    if not rows:
        return []
    counts, enrolled, day, last = [], 0, min(rows), max(today or date.min, max(rows))
    while day <= last:
        row = rows.get(day)
        enrolled += row.enrolled - row.withdrawn if row else 0
        counts.append(DayCount(day=day.isoformat(), enrolled=enrolled, active=row.active if row else 0))
        day += timedelta(days=1)
    return counts


def _funnel(rows: dict[UUID, tuple[int, int]], outline: Outline, ever: int) -> list[FunnelStep]:
    steps = []
    for module in outline.modules:
        for lesson in module.lessons:
            for item in (item for page in lesson.pages for item in page.items if item.required):
                started, completed = rows.get(item.id, (0, 0))
                steps.append(
                    FunnelStep(
                        id=str(item.id),
                        title=item.title,
                        kind=item.kind,
                        module=module.title,
                        started=started,
                        completed=completed,
                        share=completed / ever if ever else 0.0,
                    )
                )
    return steps


def _stops(rows: dict[UUID, tuple[int, int]], outline: Outline, people: dict[UUID, int]) -> list[Stop]:
    """Where people dropped off, in course order."""
    return [
        Stop(title=item.title, module=module.title, opened=rows.get(item.id, (0, 0))[0], people=people[item.id])
        for module in outline.modules
        for lesson in module.lessons
        for page in lesson.pages
        for item in page.items
        if item.id in people
    ]


def _quizzes(scores: dict[UUID, dict[int, Bin]], outline: Outline) -> list[QuizScores]:
    """Quizzes in course order that count for completion or were attempted."""
    return [
        quiz_scores(item.id, item.title, item.pass_mark, scores.get(item.id, {}))
        for item in outline.items()
        if item.kind == NodeKind.ASSESSMENT and (item.required or item.id in scores)
    ]


def quiz_scores(quiz_id: UUID, title: str, pass_mark: Decimal | None, bins: dict[int, Bin]) -> QuizScores:
    """The distribution of a quiz's scores, and what it shows."""
    counts = [bins[number].attempts if number in bins else 0 for number in range(BINS)]
    attempts = sum(counts)
    mean = float(sum(row.total for row in bins.values()) / attempts) if attempts else None
    mark = float(pass_mark) if pass_mark is not None else None
    return QuizScores(
        id=str(quiz_id),
        title=title,
        attempts=attempts,
        mean=mean,
        pass_mark=mark,
        bins=[ScoreBin(low=number * 5, high=number * 5 + 5, attempts=count) for number, count in enumerate(counts)],
        finding=findings_rules.score_finding(counts, mean, mark),
    )
