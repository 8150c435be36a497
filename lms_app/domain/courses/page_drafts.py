"""A page's draft under its author's hands: opened, saved while it is written, published. Nobody overwrites anybody in silence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import quiz_publishing
from lms_app.domain.content.comparison import ComparedPiece, compare, differs
from lms_app.domain.content.document import Document, parse_document
from lms_app.domain.content.editing import from_editor, to_editor
from lms_app.domain.content.embeds import embed_hosts
from lms_app.domain.content.markdown import document_from_markdown, markdown_of_document
from lms_app.domain.content.rendering import Resolver, render
from lms_app.domain.content.rich_text_schema import Node
from lms_app.domain.content.views import BlockView
from lms_app.domain.courses import access, authoring, outline_changes
from lms_app.domain.courses.builder import page_state
from lms_app.domain.courses.page_editor import PageEditor, page_editor
from lms_app.domain.enrollments.roster import name_of
from lms_app.errors import Conflict, Invalid
from lms_app.models import Page, PageRevision, Person
from lms_app.settings import get_settings
from lms_app.words import CompletionRule

SPELL: Final = timedelta(minutes=10)
"""How long saves of one spell of writing replace one another: what the history of a page can lose of its steps."""


@dataclass(frozen=True, kw_only=True)
class PageDraft:
    """A page in the block editor. `document` is the editor's (`domain/content/editing.py`); a save names `page.revision`."""

    page: PageEditor
    document: Node
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """What somebody else saved meanwhile, and how it differs from what was to be saved: `pieces` go from theirs to mine."""

    revision: str
    title: str
    author: str
    saved_at: datetime
    document: Node
    pieces: list[ComparedPiece]


class PageMoved(Conflict):
    """Somebody saved the page meanwhile. `theirs` is what it says now."""

    slug = "page-moved"

    def __init__(self, theirs: Theirs) -> None:
        super().__init__(f"{theirs.author} saved this page while you were writing. Nothing is lost: choose what it shall say.")
        self.theirs = theirs


@dataclass(frozen=True, kw_only=True)
class SavedDraft:
    """A save that was made. `state` is how the page stands now (`builder.STATES`)."""

    revision: str
    saved_at: datetime
    state: str
    title: str


def open_draft(session: Session, actor: Actor, page_id: UUID) -> PageDraft:
    """The newest state of a page that the actor may author. Raises NotFound."""
    page = page_editor(session, actor, page_id)
    revision = session.get_one(PageRevision, UUID(page.revision))
    return PageDraft(
        page=page, document=to_editor(parse_document(revision.document)), saved_at=revision.created_at, saved_by=author_of(session, revision)
    )


def save_draft(session: Session, actor: Actor, page_id: UUID, *, title: str, document: object, base: UUID, spell: str = "") -> SavedDraft:
    """Saves what the editor holds as the page's newest state, made from the revision `base`.

    `spell` names the writing that the save belongs to: a save that was made and whose answer was lost is no conflict for the next of its spell, and
    within SPELL the saves of a spell replace one another. Raises PageMoved when somebody else saved since `base`, Invalid for what is no page.
    """
    page = _held(session, actor, page_id)
    current = session.get_one(PageRevision, page.draft_revision_id)
    written, name = from_editor(document), authoring.checked_title(title)
    quiz_publishing.quizzes_in(session, page.course_id, written)
    is_same = name == current.title and not differs(parse_document(current.document), written)
    if current.id != base and not is_same and not (spell and current.spell == spell and current.created_by == actor.person_id):
        raise PageMoved(_theirs(session, current, written))
    if not is_same:
        current = _write(session, page, current, name, written, actor, spell)
    return _saved(page, current)


def restore(session: Session, actor: Actor, page_id: UUID, revision_id: UUID, *, base: UUID) -> PageDraft:
    """Makes an earlier state of a page its newest one again; what it said until now stays in its history. Raises PageMoved, NotFound."""
    page = _held(session, actor, page_id)
    current, earlier = session.get_one(PageRevision, page.draft_revision_id), access.revision_of(session, page, revision_id)
    if current.id != base:
        raise PageMoved(_theirs(session, current, parse_document(earlier.document)))
    written = parse_document(earlier.document)
    quiz_publishing.quizzes_in(session, page.course_id, written)
    page.title = earlier.title
    authoring.write_revision(session, page, earlier.title, written.dump(), actor.person_id)
    return open_draft(session, actor, page_id)


def publish(session: Session, actor: Actor, page_id: UUID, *, revision: UUID) -> SavedDraft:
    """Shows students the state of a page that its author has seen, `revision`. Raises PageMoved when there is a newer one."""
    page = _held(session, actor, page_id)
    current = session.get_one(PageRevision, page.draft_revision_id)
    if current.id != revision:
        raise PageMoved(_theirs(session, current, parse_document(current.document)))
    authoring.publish_page(session, actor, page_id)
    return _saved(page, current)


def set_rule(session: Session, actor: Actor, page_id: UUID, *, rule: CompletionRule, required: bool) -> SavedDraft:
    """Sets what completes a page. What students did is kept: the ledger has a row for each version of the rule."""
    page = _held(session, actor, page_id)
    if page.completion_rule != rule:
        page.completion_rule, page.rule_version = rule, page.rule_version + 1
    page.required = required
    session.add(page)
    session.flush()
    authoring.follow_the_outline(session, page.course_id)
    outline_changes.tell(session, page.course_id)
    return _saved(page, session.get_one(PageRevision, page.draft_revision_id))


def as_students_see(session: Session, actor: Actor, page_id: UUID) -> list[BlockView]:
    """The newest state of a page as it will look to students."""
    page = access.editable_page(session, actor, page_id)
    return render(parse_document(session.get_one(PageRevision, page.draft_revision_id).document), resolver()).blocks


def as_markdown(session: Session, actor: Actor, page_id: UUID, document: object) -> str:
    """What the editor holds, as Markdown. Raises Invalid."""
    access.editable_page(session, actor, page_id)
    return markdown_of_document(from_editor(document), embed_hosts=_hosts()).strip("\n")


def from_markdown(session: Session, actor: Actor, page_id: UUID, markdown: str) -> Node:
    """What Markdown says, for the editor: blocks that the page has keep their ids. Nothing is saved. Raises Invalid."""
    page = access.editable_page(session, actor, page_id)
    current = parse_document(session.get_one(PageRevision, page.draft_revision_id).document)
    return to_editor(document_from_markdown(markdown, previous=current, embed_hosts=_hosts()))


def resolver() -> Resolver:
    """Where references of a page lead while it is written."""
    return Resolver(page=lambda name: f"/teach/pages/{name}", embed_hosts=_hosts())


def author_of(session: Session, revision: PageRevision) -> str:
    """Who made a revision, by name; "" for the import that did."""
    person = session.get(Person, revision.created_by) if revision.created_by else None
    return name_of(person) if person else ""


def _hosts() -> frozenset[str]:
    return embed_hosts(get_settings().embed_hosts)


def _held(session: Session, actor: Actor, page_id: UUID) -> Page:
    """A page that the actor may author, and nobody else's to change until the end of the transaction. Raises NotFound."""
    page = access.editable_page(session, actor, page_id)
    if page.archived_at is not None:
        raise Invalid("This page was taken out of the course. Bring it back, then go on.")
    query = select(Page).where(Page.id == page_id).with_for_update().execution_options(populate_existing=True)
    return session.exec(query).one()


def _write(session: Session, page: Page, current: PageRevision, title: str, written: Document, actor: Actor, spell: str) -> PageRevision:
    """A new revision; it takes the place of the one before it in the same spell of writing, unless students see that one."""
    begun, continues = clock.now(), False
    if spell and current.spell == spell and current.id != page.published_revision_id and current.begun_at is not None:
        continues = begun - current.begun_at < SPELL
    if continues:
        begun = current.begun_at or begun
        session.delete(current)
        session.flush()
    page.title = title
    revision = authoring.write_revision(session, page, title, written.dump(), actor.person_id)
    revision.spell, revision.begun_at = spell, begun
    session.add(revision)
    session.flush()
    return revision


def _theirs(session: Session, current: PageRevision, mine: Document) -> Theirs:
    document = parse_document(current.document)
    return Theirs(
        revision=str(current.id),
        title=current.title,
        author=author_of(session, current) or "Somebody",
        saved_at=current.created_at,
        document=to_editor(document),
        pieces=compare(document, mine, resolver()),
    )


def _saved(page: Page, revision: PageRevision) -> SavedDraft:
    return SavedDraft(revision=str(revision.id), saved_at=revision.created_at, state=page_state(page), title=revision.title)
