"""Pages written as their authors do, with Markdown for the editor's document."""

from sqlmodel import Session

from lms_app.domain.actor import Actor
from lms_app.domain.courses import page_drafts
from lms_app.models import Page, PageRevision


def write_markdown(session: Session, actor: Actor, page: Page, markdown: str, *, title: str | None = None) -> PageRevision:
    """The newest state of a page once it was saved with this text."""
    assert page.draft_revision_id is not None
    document = page_drafts.from_markdown(session, actor, page.id, markdown)
    page_drafts.save_draft(session, actor, page.id, title=title or page.title, document=document, base=page.draft_revision_id)
    return session.get_one(PageRevision, page.draft_revision_id)


def markdown_of(session: Session, actor: Actor, page: Page) -> str:
    """The newest state of a page as Markdown."""
    return page_drafts.as_markdown(session, actor, page.id, page_drafts.open_draft(session, actor, page.id).document)
