"""Authoring a course through plain verbs: make, name, move, publish, archive. What students see moves only by `publish`."""

import re
import unicodedata
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import quiz_publishing
from lms_app.domain.content.document import parse_document
from lms_app.domain.content.rendering import reading_minutes
from lms_app.domain.courses import access, node_health, outline_changes, siblings
from lms_app.domain.courses.node_state_rules import waits_by_itself
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.courses.siblings import Node
from lms_app.domain.enrollments import progress
from lms_app.domain.gradebook import columns
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import Course, Enrollment, FormerSlug, Lesson, Membership, Module, Page, PageRevision, Run
from lms_app.words import EnrollmentStatus, Role, StaffRole, Status

LONGEST_TITLE = 200
LONGEST_SUMMARY = 1000


def create_course(session: Session, actor: Actor, *, title: str, summary: str = "", language: str = "en", level: str = "", slug: str = "") -> Course:
    """A new draft course with one run, owned by the actor. Its address comes from the title unless `slug` is given."""
    actor.must_be(Role.INSTRUCTOR)
    now = clock.now()
    course = Course(
        title=checked_title(title),
        summary=_checked_summary(summary),
        language=language,
        level=level,
        slug=free_slug(session, slug or title),
        created_at=now,
    )
    session.add(course)
    session.flush()
    session.add(Run(course_id=course.id, created_at=now))
    session.add(Membership(course_id=course.id, person_id=actor.person_id, role=StaffRole.OWNER, created_at=now))
    session.flush()
    node_health.begin_course(session, course.id)
    return course


def add_module(session: Session, actor: Actor, course_id: UUID, title: str) -> Module:
    """A new module at the end of a course."""
    course = access.editable_course(session, actor, course_id)
    return siblings.append(session, Module(course_id=course.id, title=checked_title(title), position="", created_at=clock.now()))


def add_lesson(session: Session, actor: Actor, module_id: UUID, title: str) -> Lesson:
    """A new lesson at the end of a module, with an empty page of the same title, so that there is something to write on."""
    module = access.editable_module(session, actor, module_id)
    now = clock.now()
    new = Lesson(course_id=module.course_id, module_id=module.id, title=checked_title(title), position="", created_at=now)
    lesson = siblings.append(session, new)
    add_page(session, actor, lesson.id, title)
    return lesson


def add_page(session: Session, actor: Actor, lesson_id: UUID, title: str) -> Page:
    """A new draft page at the end of a lesson."""
    lesson = access.editable_lesson(session, actor, lesson_id)
    page = siblings.append(
        session,
        Page(course_id=lesson.course_id, lesson_id=lesson.id, title=checked_title(title), position="", created_at=clock.now()),
    )
    write_revision(session, page, page.title, {"schema_version": 1, "blocks": []}, actor.person_id)
    return page


class Renamed(Conflict):
    """Somebody else renamed it first. `theirs` is the title that it has now."""

    def __init__(self, theirs: str) -> None:
        super().__init__(f"Somebody else renamed this meanwhile: it is “{theirs}” now.")
        self.theirs = theirs


def rename(session: Session, actor: Actor, kind: str, node_id: UUID, title: str, *, seen: str | None = None) -> None:
    """Gives a module, lesson or page a new title. A page's new title reaches students when it is published.

    Raises Renamed when it no longer has the title `seen` that the author saw, unless it is the new one already.
    """
    node, clean = node_of(session, actor, kind, node_id), checked_title(title)
    session.refresh(node, with_for_update={"key_share": True})
    if node.title == clean:
        return
    if seen is not None and node.title != seen:
        raise Renamed(node.title)
    node.title = clean
    session.add(node)
    session.flush()
    if isinstance(node, Page):
        current = session.get_one(PageRevision, node.draft_revision_id)
        write_revision(session, node, node.title, current.document, actor.person_id)
    outline_changes.tell(session, node.course_id)


def archive(session: Session, actor: Actor, kind: str, node_id: UUID) -> None:
    """Takes a module, lesson or page out of the course. What students did on it is kept."""
    node = node_of(session, actor, kind, node_id)
    node.archived_at = node.archived_at or clock.now()
    session.add(node)
    session.flush()
    follow_the_outline(session, node.course_id)
    outline_changes.tell(session, node.course_id)


def restore(session: Session, actor: Actor, kind: str, node_id: UUID) -> None:
    """Takes `archive` back: the node stands where it stood, with everything that was in it, and what students did on it counts again.

    Raises Conflict when what it stood in has been taken out as well.
    """
    node = node_of(session, actor, kind, node_id)
    row = siblings.row_of(session, node)
    if not row.in_course:
        raise Conflict("What this stood in is archived as well. Bring that back first.")
    if node.archived_at is None:
        return
    node.archived_at = None
    if any(sibling.position == node.position for sibling in row.shown):
        node.position = row.behind(node)
    session.add(node)
    session.flush()
    follow_the_outline(session, node.course_id)
    outline_changes.tell(session, node.course_id)


def publish_page(session: Session, actor: Actor, page_id: UUID) -> None:
    """Shows a page's newest revision to students, with the quizzes on it."""
    page = access.editable_page(session, actor, page_id)
    _publish_page(session, page)
    session.flush()
    follow_the_outline(session, page.course_id)
    outline_changes.tell(session, page.course_id)


def publish(session: Session, actor: Actor, kind: str, node_id: UUID) -> int:
    """Shows students the newest of a page, or of every page in a lesson or module but those that are held back, with the quizzes on them. Gives the
    number of pages.

    Raises Invalid where there is nothing to publish.
    """
    node = node_of(session, actor, kind, node_id)
    if isinstance(node, Page):
        publish_page(session, actor, node.id)
        return 1
    query = select(Page).join(Lesson, col(Lesson.id) == col(Page.lesson_id)).where(col(Page.archived_at).is_(None), col(Lesson.archived_at).is_(None))
    inside = col(Lesson.module_id) == node.id if isinstance(node, Module) else col(Lesson.id) == node.id
    pages = session.exec(query.where(inside).order_by(col(Page.id))).all()
    shown = [page for page in pages if not is_held_back(page)]
    if not shown:
        words = "Its pages are held back. Publish them one by one." if pages else "There are no pages in it yet. Add one, then publish."
        raise Invalid(words)
    for page in shown:
        _publish_page(session, page)
    session.flush()
    follow_the_outline(session, node.course_id)
    outline_changes.tell(session, node.course_id)
    return len(shown)


def publish_course(session: Session, actor: Actor, course_id: UUID) -> int:
    """Publishes a course and every page and quiz in it that has something unpublished, but for pages that are held back. Gives the number
    of pages now open.

    Raises Invalid for a course without pages.
    """
    course = access.editable_course(session, actor, course_id)
    every = session.exec(select(Page).where(Page.course_id == course.id, col(Page.archived_at).is_(None))).all()
    pages = [page for page in every if not is_held_back(page)]
    if not pages:
        raise Invalid("This course has no pages yet. Add one, then publish.")
    for page in pages:
        _publish_page(session, page)
    course.status = Status.PUBLISHED
    course.published_at = course.published_at or clock.now()
    session.add(course)
    session.flush()
    follow_the_outline(session, course.id)
    outline_changes.tell(session, course.id)
    return len(pages)


def is_held_back(page: Page) -> bool:
    """Whether a page waits to be published by hand: it is optional, has something to complete, and no student has ever seen it. So are the pages
    that students of an imported course could not see."""
    return waits_by_itself(seen=page.published_revision_id is not None, required=page.required, rule=page.completion_rule)


def unpublish_course(session: Session, actor: Actor, course_id: UUID) -> None:
    """Takes a course out of the catalogue. Those who take it keep what they did, and cannot go on until it is published again."""
    course = access.editable_course(session, actor, course_id)
    course.status = Status.DRAFT
    session.add(course)
    outline_changes.tell(session, course.id)


def write_revision(session: Session, page: Page, title: str, document: dict[str, Any], author: UUID | None) -> PageRevision:
    """A new draft revision of a page."""
    number = session.exec(select(func.coalesce(func.max(PageRevision.number), 0)).where(PageRevision.page_id == page.id)).one()
    revision = PageRevision(page_id=page.id, number=number + 1, title=title, document=document, created_at=clock.now(), created_by=author)
    session.add(revision)
    session.flush()
    page.draft_revision_id = revision.id
    session.add(page)
    node_health.note_page(session, page, parse_document(document))
    outline_changes.tell(session, page.course_id)
    return revision


def checked_title(title: str) -> str:
    """A title without stray white space. Raises Invalid for one that is empty or too long."""
    clean = " ".join(title.split())
    if not clean:
        raise Invalid("Give it a title.", fields={"title": "Give it a title."})
    if len(clean) > LONGEST_TITLE:
        raise Invalid(f"A title has at most {LONGEST_TITLE} characters.", fields={"title": f"At most {LONGEST_TITLE} characters."})
    return clean


def free_slug(session: Session, wanted: str) -> str:
    """A course address made of `wanted` that no course has."""
    plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "course"
    like = f"{slug}-%"
    taken = set(session.exec(select(Course.slug).where((col(Course.slug) == slug) | col(Course.slug).like(like))).all())
    taken |= set(session.exec(select(FormerSlug.slug).where((col(FormerSlug.slug) == slug) | col(FormerSlug.slug).like(like))).all())
    number, free = 2, slug
    while free in taken:
        free, number = f"{slug}-{number}", number + 1
    return free


def _checked_summary(summary: str) -> str:
    clean = summary.strip()
    if len(clean) > LONGEST_SUMMARY:
        raise Invalid(f"A summary has at most {LONGEST_SUMMARY} characters.", fields={"summary": f"At most {LONGEST_SUMMARY} characters."})
    return clean


def node_of(session: Session, actor: Actor, kind: str, node_id: UUID) -> Node:
    """A module, lesson or page that the actor may author. Raises NotFound."""
    match kind:
        case "module":
            return access.editable_module(session, actor, node_id)
        case "lesson":
            return access.editable_lesson(session, actor, node_id)
        case "page":
            return access.editable_page(session, actor, node_id)
    raise NotFound


def _publish_page(session: Session, page: Page) -> None:
    revision = session.get_one(PageRevision, page.draft_revision_id)
    document = parse_document(revision.document)
    page.published_revision_id = revision.id
    page.status = Status.PUBLISHED
    page.minutes = reading_minutes(document)
    session.add(page)
    for quiz in quiz_publishing.place_on(session, page, document):
        quiz_publishing.show_newest(session, quiz)


def follow_the_outline(session: Session, course_id: UUID) -> None:
    """What is required has changed: the progress of everybody who takes the course is projected anew, and quizzes that count get their columns in the
    gradebook. The ledger is not touched."""
    columns.follow(session, course_id)
    enrollments = session.exec(select(Enrollment).where(Enrollment.course_id == course_id, Enrollment.status == EnrollmentStatus.ACTIVE)).all()
    outline = published_outline(session, course_id)
    for enrollment in enrollments:
        progress.rebuild(session, enrollment, outline=outline)
