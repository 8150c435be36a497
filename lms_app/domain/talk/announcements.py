"""What the staff of a course tells all who take it."""

from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs, pubsub
from lms_app.crypto import key_ring
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments.roster import name_of
from lms_app.domain.notifications import inbox
from lms_app.domain.notifications.inbox import Notice
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.talk import posts
from lms_app.domain.talk.views import AnnouncementPage, AnnouncementView, RunChoice
from lms_app.errors import Invalid, NotFound
from lms_app.models import Announcement, Course, Enrollment, FormerSlug, Person, Run
from lms_app.words import EnrollmentStatus, Hint, JobQueue, NotificationKind

ANNOUNCE = "talk.announce"
BATCH = 500
PER_PAGE = 20


def write(session: Session, actor: Actor, course_id: UUID, title: str, text: str, run_id: UUID | None = None) -> UUID:
    """Tells all who take a course, or one run of it, by notification; a worker brings it to everybody. Gives its id. Raises NotFound, Invalid."""
    course = access.editable_course(session, actor, course_id)
    title, text = posts.checked_title(title), posts.checked_text(text)
    if run_id is not None and session.exec(select(Run.id).where(Run.id == run_id, Run.course_id == course.id)).first() is None:
        raise Invalid("This course has no such run.", fields={"run": "This course has no such run."})
    row = Announcement(course_id=course.id, run_id=run_id, person_id=actor.person_id, title=title, text=text, written_at=clock.now())
    session.add(row)
    session.flush()
    _bring(session, row.id, None)
    _moved(session, course.id)
    return row.id


def edit(session: Session, actor: Actor, announcement_id: UUID, title: str, text: str) -> None:
    """Puts an announcement right. Nobody is told again. Raises NotFound, Invalid."""
    row = _editable(session, actor, announcement_id)
    title, text = posts.checked_title(title), posts.checked_text(text)
    if (title, text) != (row.title, row.text):
        row.title, row.text, row.edited_at = title, text, clock.now()
        session.add(row)
        _moved(session, row.course_id)


def remove(session: Session, actor: Actor, announcement_id: UUID) -> None:
    """Takes an announcement away; who has been told of it finds that it was. Raises NotFound."""
    row = _editable(session, actor, announcement_id)
    row.removed_at = clock.now()
    session.add(row)
    _moved(session, row.course_id)


def restore(session: Session, actor: Actor, announcement_id: UUID) -> None:
    """Puts it back. Raises NotFound."""
    row = session.get(Announcement, announcement_id)
    if row is None:
        raise NotFound
    access.editable_course(session, actor, row.course_id)
    row.removed_at = None
    session.add(row)
    _moved(session, row.course_id)


def bring(session: Session, announcement_id: UUID, after: UUID | None) -> None:
    """Puts an announcement into the inboxes of the next `BATCH` people by the order of their ids, and arranges for those after them. Once each."""
    row = session.get_one(Announcement, announcement_id)
    if row.removed_at is not None:
        return
    takers = select(Enrollment.person_id).where(Enrollment.course_id == row.course_id, Enrollment.status == EnrollmentStatus.ACTIVE).distinct()
    if row.run_id is not None:
        takers = takers.where(Enrollment.run_id == row.run_id)
    if after is not None:
        takers = takers.where(col(Enrollment.person_id) > after)
    people = session.exec(takers.order_by(col(Enrollment.person_id)).limit(BATCH)).all()
    about = {"course": str(row.course_id), "announcement": str(row.id)}
    notices = [
        Notice(person_id=person_id, unique_key=f"announcement:{row.id}:{person_id}", subjects=about)
        for person_id in people
        if person_id != row.person_id
    ]
    inbox.deliver_many(session, NotificationKind.ANNOUNCEMENT, notices)
    if len(people) == BATCH:
        _bring(session, row.id, people[-1])


def announcements(session: Session, actor: Actor, slug: str, page: int = 1) -> AnnouncementPage:
    """What the actor was told in a course that they take or teach, newest first. Raises NotFound."""
    course = _course(session, slug)
    runs = _runs_of(session, actor, course)
    return _page(session, actor, course, page, runs, may_edit=False)


def announcements_to_edit(session: Session, actor: Actor, course_id: UUID, page: int = 1) -> AnnouncementPage:
    """The announcements of a course for its staff: all runs, and the text for those who may change it. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    return _page(session, actor, course, page, None, may_edit=access.role_in(session, actor, course.id) in access.AUTHORS)


def newest(session: Session, actor: Actor, course_id: UUID, limit: int = 3) -> list[AnnouncementView]:
    """The newest announcements to a student in a course; none for whoever does not take it."""
    course = session.get_one(Course, course_id)
    try:
        runs = _runs_of(session, actor, course)
    except NotFound:
        return []
    return _views(session, actor, _query(course, runs).limit(limit), may_edit=False)


def _course(session: Session, slug: str) -> Course:
    moved = select(FormerSlug.course_id).where(FormerSlug.slug == slug)
    course = session.exec(select(Course).where(or_(col(Course.slug) == slug, col(Course.id).in_(moved))).order_by(col(Course.slug) != slug)).first()
    if course is None:
        raise NotFound("There is no course of yours at this address.")
    return course


def _runs_of(session: Session, actor: Actor, course: Course) -> list[UUID] | None:
    """The runs that the actor takes; None, which is all of them, for staff. Raises NotFound for neither."""
    try:
        access.staffed_course(session, actor, course.id)
    except NotFound:
        taken = select(Enrollment.run_id).where(
            Enrollment.course_id == course.id, Enrollment.person_id == actor.person_id, Enrollment.status == EnrollmentStatus.ACTIVE
        )
        runs = list(session.exec(taken).all())
        if not runs:
            raise NotFound("There is no course of yours at this address.") from None
        return runs
    return None


def _query(course: Course, runs: list[UUID] | None):
    query = select(Announcement).where(Announcement.course_id == course.id, col(Announcement.removed_at).is_(None))
    if runs is not None:
        query = query.where(or_(col(Announcement.run_id).is_(None), col(Announcement.run_id).in_(runs)))
    return query.order_by(col(Announcement.id).desc())


def _page(session: Session, actor: Actor, course: Course, page: int, runs: list[UUID] | None, *, may_edit: bool) -> AnnouncementPage:
    query = _query(course, runs)
    total = session.exec(select(func.count()).select_from(query.order_by(None).subquery())).one()
    pages = max(1, ceil(total / PER_PAGE))
    page = min(max(page, 1), pages)
    return AnnouncementPage(
        course_id=str(course.id),
        course=course.title,
        slug=course.slug,
        lines=_views(session, actor, query.offset((page - 1) * PER_PAGE).limit(PER_PAGE), may_edit=may_edit),
        may_write=may_edit,
        runs=_choices(session, course) if may_edit else [],
        total=total,
        page=page,
        pages=pages,
    )


def _choices(session: Session, course: Course) -> list[RunChoice]:
    rows = session.exec(select(Run).where(Run.course_id == course.id).order_by(col(Run.id))).all()
    return [RunChoice(id=str(row.id), title=row.title or f"Run {number}") for number, row in enumerate(rows, 1)] if len(rows) > 1 else []


def _views(session: Session, actor: Actor, query, *, may_edit: bool) -> list[AnnouncementView]:  # pyright: ignore[reportMissingParameterType]
    rows = session.exec(query).all()
    authors = {row.person_id for row in rows}
    key_ring.load(session, authors)
    names = {person.id: name_of(person) for person in session.exec(select(Person).where(col(Person.id).in_(authors))).all()}
    runs = dict(session.exec(select(Run.id, Run.title).where(col(Run.id).in_({row.run_id for row in rows if row.run_id}))).all())
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    return [
        AnnouncementView(
            id=str(row.id),
            title=row.title,
            author=names.get(row.person_id, "Erased account"),
            when=when_in_words(row.written_at, zone),
            at=row.written_at.isoformat(),
            html=posts.html_of(row.text),
            text=row.text if may_edit else "",
            edited=row.edited_at is not None,
            run=(runs.get(row.run_id) or "One run") if row.run_id else "",
        )
        for row in rows
    ]


def _editable(session: Session, actor: Actor, announcement_id: UUID) -> Announcement:
    row = session.get(Announcement, announcement_id)
    if row is None or row.removed_at is not None:
        raise NotFound("There is no such announcement.")
    access.editable_course(session, actor, row.course_id)
    return row


def _bring(session: Session, announcement_id: UUID, after: UUID | None) -> None:
    jobs.enqueue(
        session,
        ANNOUNCE,
        queue=JobQueue.NOTIFICATIONS,
        unique_key=f"announce:{announcement_id}:{after or ''}",
        announcement_id=str(announcement_id),
        after=str(after) if after else "",
    )


def _moved(session: Session, course_id: UUID) -> None:
    after_commit(session, lambda: pubsub.hint(Hint.ANNOUNCEMENTS, course_id))
