"""Reading dashboards. An instructor's reads roll-ups only; a student's reads that student's own rows."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import findings_rules, registry
from lms_app.domain.analytics.fold import SHARD
from lms_app.domain.analytics.metrics import METRICS
from lms_app.domain.analytics.statistics_rules import BINS
from lms_app.domain.analytics.views import CourseFigures, DayCount, FunnelStep, QuizScores, ScoreBin
from lms_app.domain.courses import access
from lms_app.domain.courses.outline import Outline, published_outline
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import FoldCursor, LearnerFigures, Person, Run, RunDay, RunFigures, RunItem, RunScores
from lms_app.words import NodeKind


def watched_run(session: Session, actor: Actor, course_id: UUID) -> UUID:
    """The run whose figures the dashboard of a course shows: what to watch for it to move. Raises NotFound."""
    return access.current_run(session, access.staffed_course(session, actor, course_id).id).id


def course_figures(session: Session, actor: Actor, course_id: UUID) -> CourseFigures:
    """The dashboard of a course that the actor is on the staff of. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    figures = session.get(RunFigures, run.id) or RunFigures(run_id=run.id, course_id=course.id, folded_at=clock.now())
    outline = published_outline(session, course.id)
    days = _days(session, run)
    whole = session.get(RunItem, (run.id, course.id))
    ever = whole.started if whole else 0
    steps = _funnel(session, run.id, outline, ever)
    cursor = session.get(FoldCursor, SHARD)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    return CourseFigures(
        course_id=str(course.id),
        run_id=str(run.id),
        slug=course.slug,
        title=course.title,
        enrolled=figures.enrolled,
        ever_enrolled=ever,
        active_week=_active_since(session, run, days=7),
        completed=figures.completed,
        certificates=figures.certificates,
        days=days,
        funnel=steps,
        quizzes=_quizzes(session, run.id, outline),
        enrolment_finding=findings_rules.enrolment_finding([day.enrolled for day in days]),
        activity_finding=findings_rules.activity_finding([date.fromisoformat(day.day) for day in days], [day.active for day in days]),
        funnel_finding=findings_rules.funnel_finding(ever, [step.title for step in steps], [step.completed for step in steps]),
        metrics=registry.notes(*METRICS),
        as_of=when_in_words(cursor.folded_at if cursor else clock.now(), zone),
        version=figures.version,
    )


def _today(run: Run) -> date:
    return clock.now().astimezone(ZoneInfo(run.time_zone)).date()


def _active_since(session: Session, run: Run, *, days: int) -> int:
    """Different people who did anything on the last `days` days: those who did something last on one of them."""
    began = datetime.combine(_today(run) - timedelta(days=days - 1), time(), tzinfo=ZoneInfo(run.time_zone))
    active = col(LearnerFigures.last_active_at) >= began
    return session.exec(select(func.count()).select_from(LearnerFigures).where(LearnerFigures.run_id == run.id, active)).one()


def _days(session: Session, run: Run) -> list[DayCount]:
    """Every day from the first enrolment to today, quiet ones too."""
    rows = {row.day: row for row in session.exec(select(RunDay).where(RunDay.run_id == run.id).order_by(col(RunDay.day))).all()}
    if not rows:
        return []
    counts, enrolled, day, last = [], 0, min(rows), max(_today(run), max(rows))
    while day <= last:
        row = rows.get(day)
        enrolled += row.enrolled - row.withdrawn if row else 0
        counts.append(DayCount(day=day.isoformat(), enrolled=enrolled, active=row.active if row else 0))
        day += timedelta(days=1)
    return counts


def _funnel(session: Session, run_id: UUID, outline: Outline, ever: int) -> list[FunnelStep]:
    rows = {row.object_id: row for row in session.exec(select(RunItem).where(RunItem.run_id == run_id)).all()}
    steps = []
    for module in outline.modules:
        for lesson in module.lessons:
            for item in (item for page in lesson.pages for item in page.items if item.required):
                row = rows.get(item.id)
                started, completed = (row.started, row.completed) if row else (0, 0)
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


def _quizzes(session: Session, run_id: UUID, outline: Outline) -> list[QuizScores]:
    """Quizzes in course order that count for completion or were attempted."""
    rows: dict[UUID, dict[int, RunScores]] = {}
    for row in session.exec(select(RunScores).where(RunScores.run_id == run_id)).all():
        rows.setdefault(row.assessment_id, {})[row.bin] = row
    quizzes = []
    for item in outline.items():
        if item.kind != NodeKind.ASSESSMENT or not (item.required or item.id in rows):
            continue
        bins = rows.get(item.id, {})
        counts = [bins[number].attempts if number in bins else 0 for number in range(BINS)]
        attempts = sum(counts)
        mean = float(sum(row.total for row in bins.values()) / attempts) if attempts else None
        pass_mark = float(item.pass_mark) if item.pass_mark is not None else None
        quizzes.append(
            QuizScores(
                id=str(item.id),
                title=item.title,
                attempts=attempts,
                mean=mean,
                pass_mark=pass_mark,
                bins=[ScoreBin(low=number * 5, high=number * 5 + 5, attempts=count) for number, count in enumerate(counts)],
                finding=findings_rules.score_finding(counts, mean, pass_mark),
            )
        )
    return quizzes
