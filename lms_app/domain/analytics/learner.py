"""A student's own dashboard, from that student's own rows."""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics.own_week import learnt_days
from lms_app.domain.analytics.views import ActivityDay, ActivityWeek, LearnerCourse, LearnerHome, ScoreLine
from lms_app.domain.assessments import overrides
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.score_rules import Sitting, counting_fraction, counting_numbers
from lms_app.domain.courses.addresses import cover_address
from lms_app.domain.courses.outline import Outline, published_outlines
from lms_app.domain.courses.queries import percent
from lms_app.domain.enrollments.progress import stands
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import Assessment, AssessmentRevision, Attempt, Certificate, Completion, Course, Enrollment, Person, Progress
from lms_app.words import EnrollmentStatus, NodeKind, Role, Status

COURSES = 50
SCORES = 20
WEEKS = 8


def learner_home(session: Session, actor: Actor) -> LearnerHome:
    """The actor's courses (the one last used first), scores, active days of eight weeks, and counts."""
    actor.must_be(Role.STUDENT)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    rows = session.exec(
        select(Enrollment, Course, Progress)
        .join(Course, col(Course.id) == col(Enrollment.course_id))
        .join(Progress, col(Progress.enrollment_id) == col(Enrollment.id), isouter=True)
        .where(
            Enrollment.person_id == actor.person_id,
            Enrollment.status == EnrollmentStatus.ACTIVE,
            Course.status == Status.PUBLISHED,
        )
        .order_by(func.coalesce(Enrollment.last_active_at, Enrollment.enrolled_at).desc())
        .limit(COURSES)
    ).all()
    scored, lines = _scores(session, actor, zone)
    codes = dict(
        session.exec(
            select(Certificate.enrollment_id, Certificate.code).where(Certificate.person_id == actor.person_id, col(Certificate.revoked_at).is_(None))
        ).all()
    )
    outlines = published_outlines(session, {course.id for _, course, _ in rows})
    completed = _completed(session, [enrollment.id for enrollment, _, _ in rows])
    weeks = _weeks(session, actor, zone)
    return LearnerHome(
        courses=[
            _course(
                enrollment,
                course,
                progress,
                next_page=_next(outlines[course.id], course.slug, enrollment, completed.get(enrollment.id, frozenset())),
                code=codes.get(enrollment.id, ""),
                percents=[percent for course_id, percent in scored if course_id == course.id],
                zone=zone,
            )
            for enrollment, course, progress in rows
        ],
        scores=lines[:SCORES],
        active_days=[cell.day for week in weeks for cell in week.cells if cell.level],
        weeks=weeks,
        completed_items=sum(progress.done for _, _, progress in rows if progress),
        certificates=len(codes),
        as_of=when_in_words(clock.now(), zone),
    )


def _completed(session: Session, enrollment_ids: list[UUID]) -> dict[UUID, frozenset[UUID]]:
    rows = session.exec(select(Completion.enrollment_id, Completion.node_id).where(col(Completion.enrollment_id).in_(enrollment_ids), stands())).all()
    nodes: dict[UUID, set[UUID]] = defaultdict(set)
    for enrollment_id, node_id in rows:
        nodes[enrollment_id].add(node_id)
    return {enrollment_id: frozenset(found) for enrollment_id, found in nodes.items()}


def _course(
    enrollment: Enrollment,
    course: Course,
    progress: Progress | None,
    *,
    next_page: tuple[str, str],
    code: str,
    percents: list[int],
    zone: ZoneInfo,
) -> LearnerCourse:
    return LearnerCourse(
        slug=course.slug,
        cover=cover_address(course),
        title=course.title,
        course_id=str(course.id),
        percent=percent(progress),
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
        completed=enrollment.completed_at is not None,
        next_title=next_page[0],
        next_link=next_page[1],
        score=sum(percents) // len(percents) if percents else None,
        certificate=code,
        active_at=when_in_words(enrollment.last_active_at or enrollment.enrolled_at, zone),
    )


def _next(outline: Outline, slug: str, enrollment: Enrollment, completed: frozenset[UUID]) -> tuple[str, str]:
    """The page to go on with: the one left unfinished, else the first that has something open, else the first."""
    pages = list(outline.pages())
    if not pages:
        return "", f"/courses/{slug}"

    def is_open(page) -> bool:  # pyright: ignore[reportMissingParameterType]
        return any(item.required and item.id not in completed for item in page.items)

    last = next((page for page in pages if page.id == enrollment.last_page_id), None)
    page = last if last and is_open(last) else next((page for page in pages if is_open(page)), pages[0])
    return page.item.title, f"/learn/{slug}/{page.id}"


def _scores(session: Session, actor: Actor, zone: ZoneInfo) -> tuple[list[tuple[UUID, int]], list[ScoreLine]]:
    """Every graded quiz that the actor has submitted, the last one first, with the attempt that counts; and as (course, percent) alone."""
    rows = session.exec(
        select(Attempt, Assessment, Course, AssessmentRevision)
        .join(Assessment, col(Assessment.id) == col(Attempt.assessment_id))
        .join(Course, col(Course.id) == col(Attempt.course_id))
        .join(AssessmentRevision, col(AssessmentRevision.id) == col(Attempt.assessment_revision_id))
        .where(
            Attempt.person_id == actor.person_id,
            col(Attempt.fraction).is_not(None),
            col(Attempt.released_at).is_not(None),
            col(Assessment.practice).is_(False),
        )
        .order_by(col(Attempt.submitted_at).desc())
    ).all()
    sittings: dict[UUID, list[Attempt]] = {}
    named: dict[UUID, tuple[str, str]] = {}
    scored: list[tuple[UUID, int]] = []
    settings_of: dict[UUID, QuizSettings] = {}
    for attempt, assessment, course, revision in rows:
        # The newest attempt comes first: by its settings it is said which one counts, and whether marks are shown.
        settings = settings_of.setdefault(assessment.id, QuizSettings.model_validate(revision.settings))
        if not settings.shown(clock.now(), closes_at=overrides.closes_at(attempt.overrides), released=True).marks:
            continue
        sittings.setdefault(assessment.id, []).append(attempt)
        named[assessment.id] = (course.title, assessment.title)
    lines = []
    for assessment_id, attempts in sittings.items():
        made = [Sitting(number=row.number, fraction=row.fraction) for row in attempts if row.fraction is not None]
        settings = settings_of[assessment_id]
        fraction = counting_fraction(made, settings.counting)
        if fraction is None:
            continue
        chosen = next(row for row in attempts if row.number in counting_numbers(made, settings.counting))
        scored.append((chosen.course_id, int(fraction * 100)))
        lines.append(
            ScoreLine(
                assessment_id=str(assessment_id),
                course=named[assessment_id][0],
                quiz=named[assessment_id][1],
                percent=int(fraction * 100),
                passed=chosen.passed,
                attempts=len(attempts),
                when=when_in_words(chosen.submitted_at or chosen.started_at, zone),
            )
        )
    return scored, lines


def _weeks(session: Session, actor: Actor, zone: ZoneInfo) -> list[ActivityWeek]:
    """The last eight weeks from Monday, this one up to today. A day's shade grows with the steps completed on it."""
    today = clock.now().astimezone(zone).date()
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    active = {each.day for each in learnt_days(session, actor, zone)}
    moments = session.exec(
        select(col(Completion.completed_at))
        .join(Enrollment, col(Enrollment.id) == col(Completion.enrollment_id))
        .where(
            Enrollment.person_id == actor.person_id,
            col(Completion.node_kind) != NodeKind.COURSE,
            col(Completion.completed_at) >= datetime.combine(first, time(), zone),
        )
    ).all()
    steps = Counter(moment.astimezone(zone).date() for moment in moments)
    return [_week(first + timedelta(weeks=number), today, active, steps) for number in range(WEEKS)]


def _week(monday: date, today: date, active: set[date], steps: Counter[date]) -> ActivityWeek:
    days = [monday + timedelta(days=number) for number in range(7) if monday + timedelta(days=number) <= today]
    return ActivityWeek(
        name=f"{monday.day} {monday:%b}",
        cells=[
            ActivityDay(day=day.isoformat(), words=_day_words(day, active, steps), level=activity_level(day in active, steps[day])) for day in days
        ],
    )


def _day_words(day: date, active: set[date], steps: Counter[date]) -> str:
    count = steps[day]
    done = f"{count} {'step' if count == 1 else 'steps'} completed" if count else "active" if day in active else "quiet"
    return f"{day.day} {day:%B}: {done}"


def activity_level(active: bool, steps: int) -> int:
    """The shade of a day, 0 to 4."""
    if not steps:
        return 1 if active else 0
    return 2 if steps <= 2 else 3 if steps <= 5 else 4
