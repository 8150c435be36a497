"""The audit log: security-relevant acts, written beside the act, in its transaction."""

from uuid import UUID

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.models import AuditEntry


def note(
    session: Session,
    action: str,
    *,
    person_id: UUID | None = None,
    object_kind: str | None = None,
    object_id: UUID | None = None,
    network: str | None = None,
) -> None:
    """Adds an entry: `action` is a plain word such as `signed_in`. The network address is sealed under the person's key."""
    entry = AuditEntry(at=clock.now(), person_id=person_id, action=action, object_kind=object_kind, object_id=object_id)
    session.add(entry)
    entry.network = network
