"""What a student does on a page: opens it, reads it, marks it."""

from collections.abc import Sequence
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
from lms_app.domain.enrollments import beats, openings, progress, run_rules
from lms_app.domain.enrollments.progress_rules import is_read
from lms_app.errors import Conflict, NotFound
from lms_app.models import Enrollment, Page, PageView, Run
from lms_app.words import CompletionRule, NodeKind, Verb


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


def heartbeat(
    session: Session,
    actor: Actor,
    page_id: UUID,
    *,
    seconds: int,
    reached_end: bool,
    beat_id: UUID | None = None,
    films: Sequence[beats.Film] = (),
) -> bool:
    """Adds `seconds` at the page (at most a minute at once, never more than have passed since the actor's last beat; the same `beat_id` once),
    whether the end was seen, and where its films stand. Completes the page where its rule is to be read, unless the run has ended. Gives True when
    the page is complete. Raises as `open_page` does."""
    page, enrollment, run = _open_page(session, actor, page_id)
    seen = beats.at_page(
        session,
        enrollment,
        page.id,
        seconds=seconds,
        reached_end=reached_end,
        beat_id=beat_id,
        films=films,
        revision_id=page.published_revision_id,
    )
    over = run_rules.has_ended(run, clock.now())
    if page.completion_rule == CompletionRule.READ and not over and is_read(seconds=seen.seconds, reached_end=seen.reached_end):
        _record(session, enrollment, page, {"seconds": seen.seconds})
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


def _touch(session: Session, enrollment: Enrollment, page_id: UUID) -> None:
    """Makes the view of a page, or moves it to now."""
    now = clock.now()
    session.execute(
        insert(PageView)
        .values(enrollment_id=enrollment.id, page_id=page_id, first_at=now, last_at=now, seconds=0, reached_end=False)
        .on_conflict_do_update(index_elements=["enrollment_id", "page_id"], set_={"last_at": now})
    )


def _record(session: Session, enrollment: Enrollment, page: Page, evidence: dict[str, Any]) -> None:
    outline = published_outline(session, page.course_id)
    item = next((item for item in outline.items() if item.id == page.id), None)
    if item is None:
        raise NotFound
    progress.record(session, enrollment, item, evidence, outline=outline)
