"""What a page said: its states, how they differ, and what publishing it would change for students."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.content.comparison import ComparedPiece, compare
from lms_app.domain.content.document import Document, parse_document
from lms_app.domain.courses import access
from lms_app.domain.courses.builder import quizzes_on
from lms_app.domain.courses.page_drafts import resolver
from lms_app.domain.enrollments.roster import name_of
from lms_app.models import Completion, Enrollment, Page, PageRevision, Person
from lms_app.words import EnrollmentStatus, NodeKind

MOST: Final = 200
"""States that a history lists, the newest first."""


@dataclass(frozen=True, kw_only=True)
class PageState:
    """One state of a page. `author` is "" for an import."""

    id: str
    number: int
    title: str
    author: str
    saved_at: datetime
    is_newest: bool
    is_published: bool


@dataclass(frozen=True, kw_only=True)
class PageDifference:
    """How a page's state `after` differs from the one `before`; its title is "" where there was none before."""

    before_title: str
    after_title: str
    pieces: list[ComparedPiece]


@dataclass(frozen=True, kw_only=True)
class UnpublishedChanges:
    """What students will see anew once the page is published: `first` for a page that they have never seen. `students` take the course, `done` of
    them have completed the page and keep that."""

    difference: PageDifference
    first: bool
    quizzes: list[str]
    students: int
    done: int


def history(session: Session, actor: Actor, page_id: UUID) -> list[PageState]:
    """The states of a page that the actor may author, the newest first. Raises NotFound."""
    page = access.editable_page(session, actor, page_id)
    query = sql_select(
        col(PageRevision.id), col(PageRevision.number), col(PageRevision.title), col(PageRevision.created_at), col(PageRevision.created_by)
    )
    rows = session.execute(query.where(col(PageRevision.page_id) == page.id).order_by(col(PageRevision.number).desc()).limit(MOST)).all()
    people = session.exec(select(Person).where(col(Person.id).in_({author for *_, author in rows if author}))).all()
    names = {person.id: name_of(person) for person in people}
    return [
        PageState(
            id=str(revision_id),
            number=number,
            title=title,
            author=names.get(author, "") if author else "",
            saved_at=saved_at,
            is_newest=revision_id == page.draft_revision_id,
            is_published=revision_id == page.published_revision_id,
        )
        for revision_id, number, title, saved_at, author in rows
    ]


def difference(session: Session, actor: Actor, page_id: UUID, revision_id: UUID, against: Literal["before", "newest"]) -> PageDifference:
    """How a state of a page differs from the one before it, or how the newest differs from it. Raises NotFound."""
    page = access.editable_page(session, actor, page_id)
    revision = access.revision_of(session, page, revision_id)
    if against == "newest":
        return _difference(revision, session.get_one(PageRevision, page.draft_revision_id))
    earlier = select(PageRevision).where(PageRevision.page_id == page.id, col(PageRevision.number) < revision.number)
    return _difference(session.exec(earlier.order_by(col(PageRevision.number).desc()).limit(1)).first(), revision)


def unpublished_changes(session: Session, actor: Actor, page_id: UUID) -> UnpublishedChanges:
    """What publishing a page would change for students. Raises NotFound."""
    page = access.editable_page(session, actor, page_id)
    shown = session.get(PageRevision, page.published_revision_id) if page.published_revision_id else None
    students, done = _students(session, page)
    return UnpublishedChanges(
        difference=_difference(shown, session.get_one(PageRevision, page.draft_revision_id)),
        first=shown is None,
        quizzes=[quiz.title for quiz in quizzes_on(session, [page.id]).get(page.id, []) if quiz.state != "published"],
        students=students,
        done=done,
    )


def _difference(before: PageRevision | None, after: PageRevision) -> PageDifference:
    old = parse_document(before.document) if before else Document()
    pieces = compare(old, parse_document(after.document), resolver())
    return PageDifference(before_title=before.title if before else "", after_title=after.title, pieces=pieces)


def _students(session: Session, page: Page) -> tuple[int, int]:
    """How many people take the course of a page, and how many of them have completed it."""
    taking = select(func.count()).select_from(Enrollment)
    active = (Enrollment.course_id == page.course_id, Enrollment.status == EnrollmentStatus.ACTIVE)
    done = select(func.count(func.distinct(col(Completion.enrollment_id)))).join(Enrollment, col(Enrollment.id) == col(Completion.enrollment_id))
    completed = done.where(*active, Completion.node_id == page.id, Completion.node_kind == NodeKind.PAGE)
    return session.exec(taking.where(*active)).one(), session.exec(completed).one()
