"""Finding courses and their parts through the person who asks. What the actor may not see does not exist."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, bindparam, exists
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses.outline import published_quiz, shown_page, shown_quiz
from lms_app.domain.enrollments import run_rules
from lms_app.errors import LimitReached, NotFound
from lms_app.models import (
    Accommodation,
    Assessment,
    AssessmentOverride,
    Course,
    Enrollment,
    FormerSlug,
    Lesson,
    Membership,
    Module,
    NodeAvailability,
    Page,
    PageRevision,
    Question,
    Run,
)
from lms_app.words import EnrollmentStatus, Role, StaffRole, Status

AUTHORS = (StaffRole.OWNER, StaffRole.EDITOR)
MARKERS = (StaffRole.OWNER, StaffRole.EDITOR, StaffRole.GRADER)
STAFF = (StaffRole.OWNER, StaffRole.EDITOR, StaffRole.GRADER, StaffRole.VIEWER)


def published_course(session: Session, slug: str) -> Course:
    """The course that anybody may look at under this address, or that had it before. Raises NotFound."""
    course = session.exec(select(Course).where(Course.slug == slug, Course.status == Status.PUBLISHED)).first()
    if course is None:
        moved = select(Course).join(FormerSlug, col(FormerSlug.course_id) == col(Course.id))
        course = session.exec(moved.where(FormerSlug.slug == slug, Course.status == Status.PUBLISHED)).first()
    if course is None:
        raise NotFound("There is no course at this address.")
    return course


def current_run(session: Session, course_id: UUID) -> Run:
    """The run that a course is given in now, which takes enrolments: the one that was chosen last, else the newest."""
    query = select(Run).where(Run.course_id == course_id).order_by(col(Run.chosen_at).desc().nulls_last(), col(Run.id).desc()).limit(1)
    run = session.exec(query).first()
    if run is None:
        raise NotFound
    return run


def runs_of(session: Session, course_id: UUID) -> list[Run]:
    """Every run of a course, the current one first. There is at least one."""
    query = select(Run).where(Run.course_id == course_id).order_by(col(Run.chosen_at).desc().nulls_last(), col(Run.id).desc())
    return list(session.exec(query).all())


def own_enrollment(session: Session, actor: Actor, course_id: UUID, *, lock: bool = False) -> Enrollment:
    """The actor's active enrolment in a course, newest run first. Raises NotFound. `lock` takes the row FOR UPDATE."""
    query = (
        select(Enrollment)
        .where(
            Enrollment.course_id == course_id,
            Enrollment.person_id == actor.person_id,
            Enrollment.status == EnrollmentStatus.ACTIVE,
        )
        .order_by(col(Enrollment.id).desc())
        .limit(1)
    )
    enrollment = session.exec(query.with_for_update() if lock else query).first()
    if enrollment is None:
        raise NotFound("You are not enrolled in this course.")
    return enrollment


def opened_enrollment(session: Session, actor: Actor, course_id: UUID) -> tuple[Enrollment, Run]:
    """The actor's active enrolment in a course whose run has opened, and that run, which may have ended. Raises NotFound, LimitReached before it
    opens."""
    enrollment = own_enrollment(session, actor, course_id)
    run = session.get_one(Run, enrollment.run_id)
    _refuse_before_it_opens(run)
    return enrollment, run


def _refuse_before_it_opens(run: run_rules.Dated) -> None:
    if words := run_rules.opens_later(run, clock.now()):
        raise LimitReached(f"You are enrolled, and the course has not begun. {words}")


def staffed_course(session: Session, actor: Actor, course_id: UUID, roles: tuple[StaffRole, ...] = STAFF) -> Course:
    """A course that the actor has one of `roles` in, archived or not. Raises NotFound."""
    query = (
        select(Course)
        .join(Membership, col(Membership.course_id) == col(Course.id))
        .where(Course.id == course_id, Membership.person_id == actor.person_id, col(Membership.role).in_(roles))
    )
    course = session.exec(query).first() if Role.INSTRUCTOR in actor.roles else None
    if course is None:
        raise NotFound("There is no course of yours at this address.")
    return course


def role_in(session: Session, actor: Actor, course_id: UUID) -> StaffRole:
    """What the actor is on the staff of a course that `staffed_course` has found."""
    return StaffRole(session.exec(select(Membership.role).where(Membership.course_id == course_id, Membership.person_id == actor.person_id)).one())


def editable_course(session: Session, actor: Actor, course_id: UUID) -> Course:
    """A course that the actor may author."""
    return staffed_course(session, actor, course_id, AUTHORS)


def editable_module(session: Session, actor: Actor, module_id: UUID) -> Module:
    """A module of a course that the actor may author."""
    module = session.get(Module, module_id)
    if module is None:
        raise NotFound
    editable_course(session, actor, module.course_id)
    return module


def editable_lesson(session: Session, actor: Actor, lesson_id: UUID) -> Lesson:
    """A lesson of a course that the actor may author."""
    lesson = session.get(Lesson, lesson_id)
    if lesson is None:
        raise NotFound
    editable_course(session, actor, lesson.course_id)
    return lesson


def editable_page(session: Session, actor: Actor, page_id: UUID) -> Page:
    """A page of a course that the actor may author."""
    page = session.get(Page, page_id)
    if page is None:
        raise NotFound
    editable_course(session, actor, page.course_id)
    return page


def revision_of(session: Session, page: Page, revision_id: UUID) -> PageRevision:
    """A state of a page. Raises NotFound for one that it never had, or has no longer."""
    revision = session.get(PageRevision, revision_id)
    if revision is None or revision.page_id != page.id:
        raise NotFound("This page has no such state in its history.")
    return revision


def editable_assessment(session: Session, actor: Actor, assessment_id: UUID) -> Assessment:
    """A quiz of a course that the actor may author."""
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        raise NotFound
    editable_course(session, actor, assessment.course_id)
    return assessment


def staffed_assessment(session: Session, actor: Actor, assessment_id: UUID, roles: tuple[StaffRole, ...] = STAFF) -> Assessment:
    """A quiz of a course that the actor has one of `roles` in."""
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        raise NotFound
    staffed_course(session, actor, assessment.course_id, roles)
    return assessment


def editable_question(session: Session, actor: Actor, question_id: UUID) -> Question:
    """A question of a course that the actor may author, or of the actor's own bank."""
    question = session.get(Question, question_id)
    if question is None:
        raise NotFound
    if question.course_id is not None:
        editable_course(session, actor, question.course_id)
    elif question.person_id != actor.person_id or Role.INSTRUCTOR not in actor.roles:
        raise NotFound
    return question


def learned_page(session: Session, actor: Actor, page_id: UUID) -> tuple[Page, Enrollment, Run]:
    """A published page of a published course that the actor takes, with the enrolment and its run, which has opened and may have ended. Raises
    NotFound, LimitReached before the run opens."""
    found = session.execute(_LEARNED_PAGE, {"page_id": page_id, "person_id": actor.person_id}).first()
    if found is None:
        raise NotFound
    page, enrollment, run = found
    if enrollment is None:
        raise NotFound("You are not enrolled in this course.")
    _refuse_before_it_opens(run)
    return page, enrollment, run


# One statement, made once: every open tab of a student asks again and again.
_LEARNED_PAGE = (
    sql_select(Page, Enrollment, Run)
    .select_from(Page)
    .join(Course, col(Course.id) == col(Page.course_id))
    .join(Lesson, col(Lesson.id) == col(Page.lesson_id))
    .join(Module, col(Module.id) == col(Lesson.module_id))
    .join(
        Enrollment,
        and_(
            col(Enrollment.course_id) == col(Course.id),
            col(Enrollment.person_id) == bindparam("person_id"),
            col(Enrollment.status) == EnrollmentStatus.ACTIVE,
        ),
        isouter=True,
    )
    .join(Run, col(Run.id) == col(Enrollment.run_id), isouter=True)
    .where(col(Page.id) == bindparam("page_id"), col(Course.status) == Status.PUBLISHED, *shown_page())
    .order_by(col(Enrollment.id).desc())
    .limit(1)
)


@dataclass(frozen=True, kw_only=True)
class LearnedQuiz:
    """A quiz of a course that somebody takes."""

    assessment: Assessment
    course: Course
    enrollment: Enrollment
    has_exceptions: bool
    """Whether the quiz has exceptions in the run, for this student or for others."""
    time_factor: Decimal | None
    """What the person has everywhere."""
    may_be_locked: bool
    """Whether any part of the course has an availability (`enrollments/openings.py`)."""
    run_closes_at: datetime | None
    """When the run ends, for whoever has no exception."""


def learned_assessment(session: Session, actor: Actor, assessment_id: UUID, *, lock: bool = False) -> LearnedQuiz:
    """A published quiz, on a published page of a published course that the actor takes, with the enrolment: one statement. `lock` holds the
    enrolment, FOR NO KEY UPDATE. Raises NotFound, LimitReached before the run opens."""
    named = {"assessment_id": assessment_id, "person_id": actor.person_id}
    found = session.execute(_HELD_QUIZ if lock else _LEARNED_QUIZ, named).first()
    if found is None:
        query = select(Course.id).join(Assessment, col(Assessment.course_id) == col(Course.id))
        course_id = session.exec(query.where(Assessment.id == assessment_id, Course.status == Status.PUBLISHED)).first()
        if course_id is not None and published_quiz(session, assessment_id) is not None:
            own_enrollment(session, actor, course_id)
        raise NotFound
    assessment, course, enrollment, has_exceptions, time_factor, may_be_locked, run = found
    _refuse_before_it_opens(run)
    return LearnedQuiz(
        assessment=assessment,
        course=course,
        enrollment=enrollment,
        has_exceptions=has_exceptions,
        time_factor=time_factor,
        may_be_locked=may_be_locked,
        run_closes_at=run.closes_at,
    )


# Made once: a hall starts at once, and making a statement takes longer than having it carried out.
_LEARNED_QUIZ = (
    sql_select(
        Assessment,
        Course,
        Enrollment,
        exists().where(col(AssessmentOverride.assessment_id) == Assessment.id, col(AssessmentOverride.run_id) == Enrollment.run_id),
        col(Accommodation.time_factor),
        exists().where(col(NodeAvailability.course_id) == Assessment.course_id),
        Run,
    )
    .select_from(Assessment)
    .join(Course, col(Course.id) == col(Assessment.course_id))
    .join(Page, col(Page.id) == col(Assessment.page_id))
    .join(Lesson, col(Lesson.id) == col(Page.lesson_id))
    .join(Module, col(Module.id) == col(Lesson.module_id))
    .join(Enrollment, col(Enrollment.course_id) == col(Course.id))
    .join(Run, col(Run.id) == col(Enrollment.run_id))
    .join(Accommodation, col(Accommodation.person_id) == col(Enrollment.person_id), isouter=True)
    .where(
        col(Assessment.id) == bindparam("assessment_id"),
        *shown_quiz(),
        col(Course.status) == Status.PUBLISHED,
        *shown_page(),
        col(Enrollment.person_id) == bindparam("person_id"),
        col(Enrollment.status) == EnrollmentStatus.ACTIVE,
    )
    .order_by(col(Enrollment.id).desc())
    .limit(1)
)
_HELD_QUIZ = _LEARNED_QUIZ.with_for_update(key_share=True, of=Enrollment)
