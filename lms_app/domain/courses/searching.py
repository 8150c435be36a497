"""What the search palette finds: courses, pages of the courses one takes, courses one teaches."""

import re

from sqlalchemy import func, text
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.courses.outline import shown_page
from lms_app.domain.courses.views import Found
from lms_app.domain.enrollments.openings import openings_of_many
from lms_app.models import Course, Enrollment, Lesson, Membership, Module, Page, PageRevision
from lms_app.words import EnrollmentStatus, Role, Status

MOST = 20
OF_EACH = 8


def find(session: Session, actor: Actor | None, sought: str) -> list[Found]:
    """At most 20 places whose words begin as those of `sought`: of titles, and of a catalogue course any; for a blank one, what one takes.

    Courses that the actor teaches come first, then pages of the courses they take, then the catalogue.
    """
    words = re.findall(r"\w+", sought.lower())[:8]
    if not words:
        return _taken(session, actor)
    found = [*_taught(session, actor, words), *_pages(session, actor, words), *_catalogue(session, words)]
    return found[:MOST]


def _taken(session: Session, actor: Actor | None) -> list[Found]:
    if actor is None:
        return []
    query = (
        select(Course)
        .join(Enrollment, col(Enrollment.course_id) == col(Course.id))
        .where(Enrollment.person_id == actor.person_id, Enrollment.status == EnrollmentStatus.ACTIVE, Course.status == Status.PUBLISHED)
        .order_by(col(Enrollment.last_active_at).desc().nulls_last(), col(Enrollment.id).desc())
        .limit(OF_EACH)
    )
    return [Found(title=course.title, kind="You take this", href=f"/learn/{course.slug}") for course in session.exec(query).all()]


def _taught(session: Session, actor: Actor | None, words: list[str]) -> list[Found]:
    if actor is None or Role.INSTRUCTOR not in actor.roles:
        return []
    query = (
        select(Course)
        .join(Membership, col(Membership.course_id) == col(Course.id))
        .where(Membership.person_id == actor.person_id, col(Course.archived_at).is_(None), *_begin_with(Course.title, words))
        .order_by(col(Course.id).desc())
        .limit(OF_EACH)
    )
    return [Found(title=course.title, kind="You teach", href=f"/teach/courses/{course.id}") for course in session.exec(query).all()]


def _pages(session: Session, actor: Actor | None, words: list[str]) -> list[Found]:
    if actor is None:
        return []
    query = (
        sql_select(col(Page.id), col(PageRevision.title), col(Course.slug), col(Course.title), Enrollment)
        .join(PageRevision, col(PageRevision.id) == col(Page.published_revision_id))
        .join(Course, col(Course.id) == col(Page.course_id))
        .join(Enrollment, col(Enrollment.course_id) == col(Course.id))
        .join(Lesson, col(Lesson.id) == col(Page.lesson_id))
        .join(Module, col(Module.id) == col(Lesson.module_id))
        .where(
            col(Enrollment.person_id) == actor.person_id,
            col(Enrollment.status) == EnrollmentStatus.ACTIVE,
            col(Course.status) == Status.PUBLISHED,
            *shown_page(),
            *_begin_with(PageRevision.title, words),
        )
        .order_by(col(PageRevision.title))
        .limit(OF_EACH)
    )
    rows = session.execute(query).all()
    shut = openings_of_many(session, list({enrollment.id: enrollment for *_, enrollment in rows}.values()))
    return [
        Found(title=title, kind=f"{course} · locked" if shut[enrollment.id].lock(page_id) else course, href=f"/learn/{slug}/{page_id}")
        for page_id, title, slug, course, enrollment in rows
    ]


def _catalogue(session: Session, words: list[str]) -> list[Found]:
    wanted = func.to_tsquery(text("'simple'"), " & ".join(f"{word}:*" for word in words))
    query = (
        select(Course)
        .where(Course.status == Status.PUBLISHED, col(Course.search).op("@@")(wanted))
        .order_by(func.ts_rank(Course.search, wanted).desc(), col(Course.title))
        .limit(OF_EACH)
    )
    return [Found(title=course.title, kind="Course", href=f"/courses/{course.slug}") for course in session.exec(query).all()]


def _begin_with(title: object, words: list[str]) -> list:
    return [col(title).op("~*")(rf"\m{word}") for word in words]  # pyright: ignore[reportArgumentType]
