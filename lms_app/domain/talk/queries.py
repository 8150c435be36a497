"""Reading what is said: the threads of a page, those of a course for its staff, and one thread whole."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from enum import StrEnum
from math import ceil
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.crypto import Unreadable, key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments.roster import name_of
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.talk import discussion, posts, rooms
from lms_app.domain.talk.rooms import Room
from lms_app.domain.talk.views import CourseTitle, Discussion, PostView, ThreadHead, ThreadLine, ThreadView
from lms_app.models import Membership, Page, PageRevision, Person, Post, PostReport, Thread, ThreadFollower

PER_PAGE = 20
GONE = "Whoever wrote this has left, and it went with them."


class Shown(StrEnum):
    """Which threads of a course its staff looks at."""

    WAITING = "waiting"
    ALL = "all"
    REPORTED = "reported"
    REMOVED = "removed"


def page_discussion(session: Session, actor: Actor, page_id: UUID, page: int = 1) -> Discussion:
    """The threads of a page, in the actor's run. Raises NotFound, Locked, LimitReached before the run opens."""
    room = rooms.room_of_page(session, actor, page_id)
    wanted = (Thread.page_id == page_id, Thread.run_id == room.run.id, rooms.open_to(actor))
    rows, total, page = _window(session, wanted, page)
    return Discussion(
        threads=_lines(session, actor, rows),
        total=total,
        page=page,
        pages=_pages(total),
        why_not=_why_not(room),
        moderates=room.moderates,
        people=sorted(discussion.candidates(session, None, room.course.id).values()),
    )


def course_discussion(session: Session, actor: Actor, course_id: UUID, shown: Shown = Shown.WAITING, page: int = 1) -> Discussion:
    """The threads of all pages and runs of a course that the actor is on the staff of. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    moderates = access.role_in(session, actor, course.id) in access.MARKERS
    wanted: list[Any] = [Thread.course_id == course.id]
    reported = select(Post.thread_id).join(PostReport, col(PostReport.post_id) == col(Post.id))
    match shown:
        case Shown.WAITING:
            wanted += [col(Thread.answered_at).is_(None), col(Thread.removed_at).is_(None)]
        case Shown.ALL:
            wanted += [col(Thread.removed_at).is_(None)]
        case Shown.REPORTED:
            wanted += [col(Thread.id).in_(reported.where(PostReport.course_id == course.id, col(PostReport.settled_at).is_(None)))]
        case Shown.REMOVED:
            wanted += [col(Thread.removed_at).is_not(None) if moderates else col(Thread.id).is_(None)]
    rows, total, page = _window(session, wanted, page)
    lines = _lines(session, actor, rows, pages=_titles(session, {row.page_id for row in rows}), moderates=moderates)
    return Discussion(threads=lines, total=total, page=page, pages=_pages(total), why_not="", moderates=moderates, people=[])


def waiting(session: Session, course_id: UUID) -> int:
    """How many threads of a course wait for its staff."""
    query = select(func.count()).select_from(Thread)
    return session.exec(query.where(Thread.course_id == course_id, col(Thread.answered_at).is_(None), col(Thread.removed_at).is_(None))).one()


def thread_head(session: Session, actor: Actor, thread_id: UUID) -> ThreadHead:
    """Where a thread stands. Raises as `thread_view` does."""
    thread, room = rooms.room_of_thread(session, actor, thread_id)
    staff = room.enrollment is None
    course = f"/teach/courses/{room.course.id}" if staff else f"/courses/{room.course.slug}"
    return ThreadHead(
        id=str(thread.id),
        page_id=str(room.page.id),
        course=room.course.title,
        course_link=f"{course}/analytics" if staff else course,
        back=f"{course}/discussion" if staff else f"/learn/{room.course.slug}/{room.page.id}",
        back_words="Discussion" if staff else rooms.title_of(session, room.page),
        staff=staff,
    )


def course_of_discussion(session: Session, actor: Actor, course_id: UUID) -> CourseTitle:
    """The course whose threads or announcements its staff looks at. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    return CourseTitle(id=str(course.id), title=course.title, role=access.role_in(session, actor, course.id))


def thread_view(session: Session, actor: Actor, thread_id: UUID) -> ThreadView:
    """A thread, whole. Raises NotFound, Locked, LimitReached before the run opens."""
    thread, room = rooms.room_of_thread(session, actor, thread_id)
    rows = session.exec(select(Post).where(Post.thread_id == thread.id).order_by(col(Post.id))).all()
    names = discussion.candidates(session, thread, thread.course_id)
    staff = set(session.exec(select(Membership.person_id).where(Membership.course_id == thread.course_id)).all())
    reports = _reports(session, [row.id for row in rows]) if room.moderates else {}
    key_ring.load(session, {row.person_id for row in rows} | {thread.person_id})
    zone = _zone(session, actor)

    def shown(row: Post) -> PostView:
        own, removed = row.person_id == actor.person_id, _removed(row, room)
        written = _read(row, "text")
        text = None if removed and not room.moderates else written
        return PostView(
            id=str(row.id),
            author=names.get(row.person_id, "Erased account"),
            staff=row.person_id in staff,
            own=own,
            when=when_in_words(row.written_at, zone),
            at=row.written_at.isoformat(),
            html=posts.html_of(text, names.values()) if text else "",
            text=text if text and own else "",
            edited=row.edited_at is not None,
            removed=GONE if written is None else removed,
            accepted=row.id == thread.accepted_id,
            reports=reports.get(row.id, []),
        )

    follower = session.get(ThreadFollower, (thread.id, actor.person_id))
    return ThreadView(
        id=str(thread.id),
        title=_read(thread, "title") or "A question",
        page=rooms.title_of(session, room.page),
        page_id=str(room.page.id),
        link=f"/learn/{room.course.slug}/{room.page.id}",
        posts=[shown(row) for row in rows],
        people=sorted(name for person, name in names.items() if person != actor.person_id),
        takes_part=room.takes_part,
        follows=follower is not None and not follower.muted,
        accepts=room.may_write and (room.moderates or thread.person_id == actor.person_id),
        moderates=room.moderates,
        closed=thread.closed_at is not None,
        removed=thread.removed_at is not None,
        why_not=_why_not(room),
    )


def _why_not(room: Room) -> str:
    return "" if room.may_write else room.over or "You may read here, and not write."


def _removed(row: Post, room: Room) -> str:
    if row.removed_at is None:
        return ""
    if row.removed_by == row.person_id:
        return "Removed by whoever wrote it."
    return f"Removed by the staff: {row.removed_because}" if room.moderates else "Removed by the staff."


def _window(session: Session, wanted: Sequence[Any], page: int) -> tuple[list[Thread], int, int]:
    total = session.exec(select(func.count()).select_from(Thread).where(*wanted)).one()
    page = min(max(page, 1), _pages(total))
    query = select(Thread).where(*wanted).order_by(col(Thread.moved_at).desc(), col(Thread.id).desc())
    return list(session.exec(query.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()), total, page


def _pages(total: int) -> int:
    return max(1, ceil(total / PER_PAGE))


def _lines(
    session: Session, actor: Actor, rows: Sequence[Thread], *, pages: dict[UUID, str] | None = None, moderates: bool = False
) -> list[ThreadLine]:
    authors = {row.person_id for row in rows}
    key_ring.load(session, authors)
    names = {person.id: name_of(person) for person in session.exec(select(Person).where(col(Person.id).in_(authors))).all()}
    reports = _counts(session, [row.id for row in rows]) if moderates else {}
    zone = _zone(session, actor)
    return [
        ThreadLine(
            id=str(row.id),
            title=_read(row, "title") or "A question",
            author=names.get(row.person_id, "Erased account"),
            when=when_in_words(row.moved_at, zone),
            at=row.moved_at.isoformat(),
            replies=row.replies,
            answered=row.accepted_id is not None,
            waits=row.answered_at is None,
            closed=row.closed_at is not None,
            removed=row.removed_at is not None,
            page=(pages or {}).get(row.page_id, ""),
            reports=reports.get(row.id, 0),
        )
        for row in rows
    ]


def _titles(session: Session, page_ids: Collection[UUID]) -> dict[UUID, str]:
    newest = func.coalesce(Page.published_revision_id, Page.draft_revision_id)
    query = select(Page.id, PageRevision.title).join(PageRevision, col(PageRevision.id) == newest)
    return dict(session.exec(query.where(col(Page.id).in_(page_ids))).all())


def _counts(session: Session, thread_ids: Sequence[UUID]) -> dict[UUID, int]:
    query = select(Post.thread_id, func.count()).join(PostReport, col(PostReport.post_id) == col(Post.id))
    return dict(
        session.exec(query.where(col(Post.thread_id).in_(thread_ids), col(PostReport.settled_at).is_(None)).group_by(col(Post.thread_id))).all()
    )


def _reports(session: Session, post_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    query = select(PostReport).where(col(PostReport.post_id).in_(post_ids), col(PostReport.settled_at).is_(None))
    for row in session.exec(query.order_by(col(PostReport.reported_at))).all():
        found[row.post_id].append(row.reason)
    return found


def _read(row: Post | Thread, name: str) -> str | None:
    """What somebody wrote; None once they were erased."""
    try:
        return getattr(row, name) or ""
    except Unreadable:
        return None


def _zone(session: Session, actor: Actor) -> ZoneInfo:
    return ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
