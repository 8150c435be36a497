"""What a student does on a page: opens it, reads it, marks it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import events
from lms_app.domain.courses import access
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments import openings, progress, run_rules
from lms_app.domain.enrollments.progress_rules import is_read
from lms_app.errors import Conflict, NotFound
from lms_app.models import Enrollment, Page, PageView, Run
from lms_app.words import CompletionRule, NodeKind, Verb

LONGEST_BEAT = 30
"""A heartbeat counts for at most this many seconds, whatever the browser says."""


def open_page(session: Session, actor: Actor, page_id: UUID) -> None:
    """Notes that the actor opened a page: it is where the course resumes, and a view is an event once per half hour. Raises NotFound, Locked."""
    page, enrollment, _ = _open_page(session, actor, page_id)
    now = clock.now()
    seen = session.get(PageView, (enrollment.id, page.id))
    if seen is None or seen.last_at < now - timedelta(minutes=30):
        events.record(session, enrollment, Verb.VIEWED, NodeKind.PAGE, page.id, revision_id=page.published_revision_id)
    _touch(session, enrollment, page.id)
    enrollment.last_page_id = page.id
    enrollment.last_active_at = now
    session.add(enrollment)


def heartbeat(session: Session, actor: Actor, page_id: UUID, *, seconds: int, reached_end: bool) -> bool:
    """Adds `seconds` on screen (at most 30 at once, and never more than have passed) and whether the end was seen. Completes the page where its
    rule is to be read, unless the run has ended. Gives True when the page is complete."""
    page, enrollment, run = _open_page(session, actor, page_id)
    view = _touch(session, enrollment, page.id)
    since_opened = int((clock.now() - view.first_at).total_seconds()) + 1
    view.seconds = max(view.seconds, min(view.seconds + max(0, min(seconds, LONGEST_BEAT)), since_opened))
    view.reached_end = view.reached_end or reached_end
    session.add(view)
    over = run_rules.has_ended(run, clock.now())
    if page.completion_rule == CompletionRule.READ and not over and is_read(seconds=view.seconds, reached_end=view.reached_end):
        _record(session, enrollment, page, {"seconds": view.seconds})
        return True
    return progress.is_complete(session, enrollment.id, page.id)


def mark_complete(session: Session, actor: Actor, page_id: UUID) -> None:
    """Marks a page as done by hand. Raises Conflict where the page has another rule, or the run has ended."""
    page, enrollment, run = _open_page(session, actor, page_id)
    if over := run_rules.ended(run, clock.now()):
        raise Conflict(over)
    if page.completion_rule != CompletionRule.MANUAL:
        raise Conflict("This page completes by itself.")
    _record(session, enrollment, page, {"by": "hand"})


def _open_page(session: Session, actor: Actor, page_id: UUID) -> tuple[Page, Enrollment, Run]:
    """A page that the actor may see now, with the enrolment and its run. Raises NotFound, LimitReached before the run opens, and Locked for a page
    that is not open to them."""
    page, enrollment, run = access.learned_page(session, actor, page_id)
    openings.refuse_locked_page(session, enrollment, page.id)
    return page, enrollment, run


def _touch(session: Session, enrollment: Enrollment, page_id: UUID) -> PageView:
    """The actor's view row of a page, made or moved to now, locked until the end of the transaction."""
    now = clock.now()
    session.execute(
        insert(PageView)
        .values(enrollment_id=enrollment.id, page_id=page_id, first_at=now, last_at=now, seconds=0, reached_end=False)
        .on_conflict_do_update(index_elements=["enrollment_id", "page_id"], set_={"last_at": now})
    )
    view = session.get_one(PageView, (enrollment.id, page_id))
    session.refresh(view)
    return view


def _record(session: Session, enrollment: Enrollment, page: Page, evidence: dict[str, Any]) -> None:
    outline = published_outline(session, page.course_id)
    item = next((item for item in outline.items() if item.id == page.id), None)
    if item is None:
        raise NotFound
    progress.record(session, enrollment, item, evidence, outline=outline)
