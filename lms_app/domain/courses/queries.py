"""Reading courses: the catalogue, a course's page, an instructor's list."""

import re
from math import ceil
from uuid import UUID

from sqlalchemy import func, literal, text
from sqlmodel import Session, col, select

from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.certificates import queries as certificates
from lms_app.domain.courses import access, objectives
from lms_app.domain.courses.addresses import cover_address
from lms_app.domain.courses.outline import Outline, published_outline
from lms_app.domain.courses.views import Catalogue, CourseCard, CoursePage, ModuleContents, OutlineLine, PossiblePrerequisite, TaughtCourse
from lms_app.domain.enrollments import prerequisites, way_in
from lms_app.domain.enrollments.progress_rules import course_sentence
from lms_app.models import Attempt, Course, Enrollment, Membership, Page, Person, Progress, QuestionScore, RunFigures
from lms_app.words import EnrollmentStatus, Outcome, Role, StaffRole, Status

PER_PAGE = 24


def catalogue(session: Session, actor: Actor | None, search: str = "", page: int = 1) -> Catalogue:
    """Published courses: by rank where `search` (words, the last ones may be unfinished) is given, else newest first."""
    words = re.findall(r"\w+", search.lower())[:12]
    query = select(Course).where(Course.status == Status.PUBLISHED)
    if words:
        wanted = func.to_tsquery(text("'simple'"), " & ".join(f"{word}:*" for word in words))
        query = query.where(col(Course.search).op("@@")(wanted)).order_by(func.ts_rank(Course.search, wanted).desc(), col(Course.title))
    else:
        query = query.order_by(col(Course.published_at).desc(), col(Course.title))
    total = session.exec(select(func.count()).select_from(query.order_by(None).subquery())).one()
    pages = max(1, ceil(total / PER_PAGE))
    page = min(max(page, 1), pages)
    courses = session.exec(query.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    sizes = _sizes(session, [course.id for course in courses])
    percents = _percents(session, actor, [course.id for course in courses])
    cards = [
        CourseCard(
            id=str(course.id),
            slug=course.slug,
            cover=cover_address(course),
            title=course.title,
            summary=course.summary,
            language=course.language,
            level=course.level,
            modules=sizes.get(course.id, (0, 0))[0],
            minutes=sizes.get(course.id, (0, 0))[1],
            enrolled=course.id in percents,
            percent=percents.get(course.id),
        )
        for course in courses
    ]
    return Catalogue(cards=cards, total=total, page=page, pages=pages)


def course_page(session: Session, actor: Actor | None, slug: str) -> CoursePage:
    """Everything the page of a published course shows. Raises NotFound."""
    course = access.published_course(session, slug)
    run = access.current_run(session, course.id)
    outline = published_outline(session, course.id)
    figures = session.get(RunFigures, run.id)
    standing = None
    if actor is not None:
        # Whoever takes an earlier run goes on in that.
        standing = session.exec(
            select(Enrollment, Progress)
            .join(Progress, col(Progress.enrollment_id) == col(Enrollment.id), isouter=True)
            .where(Enrollment.course_id == course.id, Enrollment.person_id == actor.person_id, Enrollment.status == EnrollmentStatus.ACTIVE)
            .order_by(col(Enrollment.id).desc())
        ).first()
    enrollment, progress = standing or (None, None)
    way = way_in.way_in(session, actor, run, enrollment)
    items = list(outline.items())
    return CoursePage(
        id=str(course.id),
        slug=course.slug,
        cover=cover_address(course),
        title=course.title,
        summary=course.summary,
        language=course.language,
        level=course.level,
        tags=course.tags,
        objectives=[objective.text for objective in objectives.of_course(session, course.id)],
        teachers=_teachers(session, course.id),
        minutes=sum(page.minutes for page in outline.pages()),
        pages=sum(1 for _ in outline.pages()),
        quizzes=sum(len(page.quizzes) for page in outline.pages()),
        modules=_contents(outline),
        certificate_offered=course.certificate_offered,
        rule_sentence=course_sentence(sum(1 for item in items if item.required)),
        certificate_sentence=certificates.certificate_sentence(course, outline),
        certificate_missing=certificates.still_missing(session, enrollment, course, outline) if enrollment and enrollment.completed_at else [],
        learners=figures.enrolled if figures else 0,
        seats_left=way.seats_left,
        next_step=way.step,
        notice=way.notice,
        needs_code=way.needs_code,
        position=way.position,
        waits_elsewhere=way.waits_elsewhere,
        prerequisites=way.prerequisites,
        percent=percent(progress) if enrollment else None,
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
    )


def possible_prerequisites(session: Session, actor: Actor, course_id: UUID, search: str) -> list[PossiblePrerequisite]:
    """Published courses that match a search and are no prerequisite of this one yet: at most eight, for its authors. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    taken = {required.id for required in prerequisites.of_course(session, course.id)} | {str(course.id)}
    found = catalogue(session, None, search).cards if search.strip() else []
    return [PossiblePrerequisite(id=card.id, title=card.title) for card in found if card.id not in taken][:8]


def taught_courses(session: Session, actor: Actor) -> list[TaughtCourse]:
    """The courses that the actor is on the staff of, newest first."""
    actor.must_be(Role.INSTRUCTOR)
    rows = session.exec(
        select(Course, Membership.role)
        .join(Membership, col(Membership.course_id) == col(Course.id))
        .where(Membership.person_id == actor.person_id, col(Course.archived_at).is_(None))
        .order_by(col(Course.id).desc())
    ).all()
    ids = [course.id for course, _ in rows]
    learners = _counted(
        session,
        select(Enrollment.course_id, func.count(), func.count(col(Enrollment.completed_at)))
        .where(col(Enrollment.course_id).in_(ids), Enrollment.status == EnrollmentStatus.ACTIVE)
        .group_by(col(Enrollment.course_id)),
    )
    pages = _counted(
        session,
        select(Page.course_id, func.count(), literal(0))
        .where(col(Page.course_id).in_(ids), col(Page.archived_at).is_(None))
        .group_by(col(Page.course_id)),
    )
    to_mark = _counted(
        session,
        select(Attempt.course_id, func.count(), literal(0))
        .join(QuestionScore, col(QuestionScore.attempt_id) == col(Attempt.id))
        .where(col(Attempt.course_id).in_(ids), QuestionScore.outcome == Outcome.PENDING)
        .group_by(col(Attempt.course_id)),
    )
    return [
        TaughtCourse(
            id=str(course.id),
            slug=course.slug,
            cover=cover_address(course),
            title=course.title,
            status=course.status,
            role=role,
            learners=learners.get(course.id, (0, 0))[0],
            completed=learners.get(course.id, (0, 0))[1],
            pages=pages.get(course.id, (0, 0))[0],
            to_mark=to_mark.get(course.id, (0, 0))[0] if role in access.MARKERS else 0,
        )
        for course, role in rows
    ]


def percent(progress: Progress | None) -> int:
    """Progress as a whole percentage, rounded down."""
    return int(progress.fraction * 100) if progress else 0


def _counted(session: Session, query) -> dict[UUID, tuple[int, int]]:  # pyright: ignore[reportMissingParameterType]
    return {key: (first, second) for key, first, second in session.exec(query).all()}


def _sizes(session: Session, ids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """Modules and minutes of many courses, counting what is published."""
    if not ids:
        return {}
    rows = session.execute(
        text(
            "SELECT p.course_id, count(DISTINCT l.module_id), sum(p.minutes) "
            "FROM pages p JOIN lessons l ON l.id = p.lesson_id JOIN modules m ON m.id = l.module_id "
            "WHERE p.course_id = ANY(:ids) AND p.status = 'published' "
            "AND p.archived_at IS NULL AND l.archived_at IS NULL AND m.archived_at IS NULL GROUP BY p.course_id"
        ),
        {"ids": ids},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _percents(session: Session, actor: Actor | None, ids: list[UUID]) -> dict[UUID, int]:
    if actor is None or not ids:
        return {}
    rows = session.exec(
        select(Enrollment.course_id, Progress)
        .join(Progress, col(Progress.enrollment_id) == col(Enrollment.id))
        .where(
            Enrollment.person_id == actor.person_id,
            Enrollment.status == EnrollmentStatus.ACTIVE,
            col(Enrollment.course_id).in_(ids),
        )
    ).all()
    return {course_id: percent(progress) for course_id, progress in rows}


def _teachers(session: Session, course_id: UUID) -> list[str]:
    people = session.exec(
        select(Person)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            Membership.course_id == course_id,
            col(Membership.role).in_([StaffRole.OWNER, StaffRole.EDITOR]),
            col(Person.erased_at).is_(None),
        )
        .order_by(col(Membership.created_at))
    ).all()
    key_ring.load(session, [person.id for person in people])
    return [person.name for person in people]


def _contents(outline: Outline) -> list[ModuleContents]:
    return [
        ModuleContents(
            id=str(module.id),
            number=number,
            title=module.title,
            lessons=[
                OutlineLine(
                    id=str(lesson.id),
                    title=lesson.title,
                    minutes=sum(page.minutes for page in lesson.pages),
                    pages=len(lesson.pages),
                    quizzes=sum(len(page.quizzes) for page in lesson.pages),
                )
                for lesson in module.lessons
            ],
        )
        for number, module in enumerate(outline.modules, start=1)
    ]
