"""A student's own dashboard, from that student's own rows."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics.views import LearnerCourse, LearnerHome, ScoreLine
from lms_app.domain.assessments.score_rules import Sitting, counting_sitting
from lms_app.domain.courses.outline import Outline, published_outline
from lms_app.domain.courses.queries import percent
from lms_app.domain.enrollments.progress import completed_nodes
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import ActiveDay, Assessment, Attempt, Certificate, Course, Enrollment, Person, Progress
from lms_app.words import EnrollmentStatus, Role, Status

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
    scores = _scores(session, actor, zone)
    codes = dict(
        session.exec(
            select(Certificate.enrollment_id, Certificate.code).where(Certificate.person_id == actor.person_id, col(Certificate.revoked_at).is_(None))
        ).all()
    )
    return LearnerHome(
        courses=[_course(session, enrollment, course, progress, codes.get(enrollment.id, ""), scores, zone) for enrollment, course, progress in rows],
        scores=scores[:SCORES],
        active_days=_active_days(session, actor, zone),
        completed_items=sum(progress.done for _, _, progress in rows if progress),
        certificates=len(codes),
    )


def _course(
    session: Session,
    enrollment: Enrollment,
    course: Course,
    progress: Progress | None,
    code: str,
    scores: list[ScoreLine],
    zone: ZoneInfo,
) -> LearnerCourse:
    outline = published_outline(session, course.id)
    title, link = _next(outline, course.slug, enrollment, completed_nodes(session, enrollment.id))
    percents = [line.percent for line in scores if line.course == course.title]
    return LearnerCourse(
        slug=course.slug,
        title=course.title,
        course_id=str(course.id),
        percent=percent(progress),
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
        completed=enrollment.completed_at is not None,
        next_title=title,
        next_link=link,
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


def _scores(session: Session, actor: Actor, zone: ZoneInfo) -> list[ScoreLine]:
    """Every graded quiz that the actor has submitted, the last one first, with the attempt that counts."""
    rows = session.exec(
        select(Attempt, Assessment, Course)
        .join(Assessment, col(Assessment.id) == col(Attempt.assessment_id))
        .join(Course, col(Course.id) == col(Attempt.course_id))
        .where(Attempt.person_id == actor.person_id, col(Attempt.fraction).is_not(None), col(Assessment.practice).is_(False))
        .order_by(col(Attempt.submitted_at).desc())
    ).all()
    sittings: dict[UUID, list[Attempt]] = {}
    named: dict[UUID, tuple[str, str]] = {}
    for attempt, assessment, course in rows:
        sittings.setdefault(assessment.id, []).append(attempt)
        named[assessment.id] = (course.title, assessment.title)
    lines = []
    for assessment_id, attempts in sittings.items():
        counting = counting_sitting(Sitting(number=row.number, fraction=row.fraction) for row in attempts if row.fraction is not None)
        if counting is None:
            continue
        chosen = next(row for row in attempts if row.number == counting.number)
        lines.append(
            ScoreLine(
                assessment_id=str(assessment_id),
                course=named[assessment_id][0],
                quiz=named[assessment_id][1],
                percent=int(counting.fraction * 100),
                passed=chosen.passed,
                attempts=len(attempts),
                when=when_in_words(chosen.submitted_at or chosen.started_at, zone),
            )
        )
    return lines


def _active_days(session: Session, actor: Actor, zone: ZoneInfo) -> list[str]:
    first = clock.now().astimezone(zone).date() - timedelta(weeks=WEEKS)
    rows = session.exec(
        select(col(ActiveDay.day)).where(ActiveDay.person_id == actor.person_id, col(ActiveDay.day) > first).distinct().order_by(col(ActiveDay.day))
    ).all()
    return [day.isoformat() for day in rows]
