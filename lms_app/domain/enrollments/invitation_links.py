"""Links that let whoever has them into a run: for so long, for so many, until they are revoked. Only a digest of what stands in one is kept, so
that a link is shown once, to who made it."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.people import audit
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.models import Course, InvitationLink, Person, Run
from lms_app.settings import get_settings
from lms_app.words import Status

LONGEST_LABEL = 80
LONGEST_LIFE = 365
MOST_USES = 100_000
MOST_LINKS = 50
NO_GOOD = "This invitation link does not work: it was revoked, its time is over, or all its places are taken. Ask for a new one."


@dataclass(frozen=True, kw_only=True)
class LinkLine:
    """A link as the authors of its course see it. `state` is open, used_up, expired or revoked; `until` is in the reader's time zone."""

    id: str
    label: str
    uses: int
    uses_allowed: int | None
    until: str
    state: str


@dataclass(frozen=True, kw_only=True)
class FreshLink:
    """A link that was made just now. `address` is shown this once."""

    id: str
    address: str


def links(session: Session, actor: Actor, course_id: UUID) -> list[LinkLine]:
    """The links into a course's present run, the newest first, for its authors. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    rows = session.exec(_of_run(access.current_run(session, course.id))).all()
    return [
        LinkLine(
            id=str(row.id),
            label=row.label,
            uses=row.uses,
            uses_allowed=row.uses_allowed,
            until=when_in_words(row.expires_at, zone),
            state=state(row),
        )
        for row in rows
    ]


def make(session: Session, actor: Actor, course_id: UUID, *, label: str = "", days: str = "14", uses: str = "") -> FreshLink:
    """A new link that works for so many days, and as often as `uses` says, or without limit where that is empty. Raises Invalid, LimitReached,
    NotFound."""
    course = access.editable_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    fields: dict[str, str] = {}
    for_days = _whole(days, "days", LONGEST_LIFE, fields)
    for_uses = _whole(uses, "uses", MOST_USES, fields) if uses.strip() else None
    clean = " ".join(label.split())
    if len(clean) > LONGEST_LABEL:
        fields["label"] = f"At most {LONGEST_LABEL} characters."
    if fields:
        raise Invalid("This link cannot be made yet.", fields=fields)
    if sum(state(row) == "open" for row in session.exec(_of_run(run)).all()) >= MOST_LINKS:
        raise LimitReached(f"A course has at most {MOST_LINKS} links at once. Revoke one first.")
    now, token = clock.now(), secrets.token_urlsafe(24)
    link = InvitationLink(
        run_id=run.id,
        digest=_digest(token),
        label=clean,
        created_by=actor.person_id,
        created_at=now,
        expires_at=now + timedelta(days=for_days),
        uses_allowed=for_uses,
    )
    session.add(link)
    session.flush()
    audit.note(session, "invitation_link_made", person_id=actor.person_id, object_kind="invitation_link", object_id=link.id)
    return FreshLink(id=str(link.id), address=f"{get_settings().public_url}/join/{token}")


def revoke(session: Session, actor: Actor, course_id: UUID, link_id: UUID) -> None:
    """Lets nobody in by a link any more; who came by it stays. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    link = session.get(InvitationLink, link_id)
    if link is None or session.get_one(Run, link.run_id).course_id != course.id:
        raise NotFound("There is no such link of this course.")
    link.revoked_at = link.revoked_at or clock.now()
    session.add(link)
    session.flush()
    audit.note(session, "invitation_link_revoked", person_id=actor.person_id, object_kind="invitation_link", object_id=link.id)


def good(session: Session, token: str, *, run_id: UUID | None = None) -> InvitationLink:
    """The link in which `token` stands, held until the transaction ends. Raises Invalid for one that lets nobody in, or not into this run."""
    query = select(InvitationLink).where(InvitationLink.digest == _digest(token)).with_for_update()
    link = session.exec(query.execution_options(populate_existing=True)).first()
    if link is None or state(link) != "open" or run_id not in (None, link.run_id):
        raise Invalid(NO_GOOD)
    return link


def use(session: Session, link: InvitationLink) -> None:
    """Counts one who came by a link that `good` has found."""
    link.uses += 1
    session.add(link)
    session.flush()


def course_behind(session: Session, token: str) -> Course:
    """The published course that a link leads into. Raises NotFound for a link that lets nobody in, or whose course nobody can take now."""
    link = session.exec(select(InvitationLink).where(InvitationLink.digest == _digest(token))).first()
    if link is None or state(link) != "open":
        raise NotFound(NO_GOOD)
    course = session.get_one(Course, session.get_one(Run, link.run_id).course_id)
    if course.status != Status.PUBLISHED or access.current_run(session, course.id).id != link.run_id:
        raise NotFound("The course that this link leads to is not open.")
    return course


def id_of(session: Session, token: str) -> UUID | None:
    """The id of the link in which `token` stands, if it lets anybody in."""
    link = session.exec(select(InvitationLink).where(InvitationLink.digest == _digest(token))).first()
    return link.id if link is not None and state(link) == "open" else None


def _of_run(run: Run):
    return select(InvitationLink).where(InvitationLink.run_id == run.id).order_by(col(InvitationLink.id).desc())


def state(link: InvitationLink) -> str:
    """Whether a link is open, used_up, expired or revoked."""
    if link.revoked_at is not None:
        return "revoked"
    if link.expires_at <= clock.now():
        return "expired"
    return "used_up" if link.uses_allowed is not None and link.uses >= link.uses_allowed else "open"


def _whole(written: str, name: str, most: int, fields: dict[str, str]) -> int:
    number = int(written) if re.fullmatch(r"\s*[0-9]{1,9}\s*", written) else 0
    if not 1 <= number <= most:
        fields[name] = f"A whole number from 1 to {most}."
    return number


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
