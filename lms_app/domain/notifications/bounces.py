"""Mails that come back after a mail server had taken them: each marks its delivery, and an address that refuses again and again is mailed no more."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.notifications import bounce_rules, deliveries
from lms_app.domain.notifications.bounce_rules import Returned
from lms_app.errors import NotAllowed
from lms_app.models import NotificationDelivery
from lms_app.words import DeliveryChannel, DeliveryState, Role


class Outcome(StrEnum):
    """What a report has changed."""

    REFUSED = "refused"
    """The address takes no mail: the delivery has bounced."""
    LOST = "lost"
    """The mail did not arrive; its address is not to blame."""
    LATE = "late"
    """The mail is still on its way."""
    UNKNOWN = "unknown"
    """No report of a failure, or none of a mail that we know of and have not heard of."""


def take_back(session: Session, actor: Actor | None, raw: bytes) -> Outcome:
    """Notes what a delivery status notification (RFC 3464) says of a mail of ours, once. For administrators' programs; `actor` is None for whoever
    has the machine. Raises NotAllowed."""
    if actor is not None and Role.ADMIN not in actor.roles:
        raise NotAllowed
    returned = bounce_rules.read(raw)
    if returned is None:
        return Outcome.UNKNOWN
    for delivery_id in returned.deliveries:
        rows = _sent_together(session, delivery_id)
        if rows:
            return _note(session, rows, returned)
    return Outcome.UNKNOWN


def _sent_together(session: Session, delivery_id: UUID) -> list[NotificationDelivery]:
    """The delivery that a mail was known by and, of a digest, all that were in it; held. None where it is not one that a mail server has taken.

    Whoever sends holds the row until the mail server has taken the mail and that is committed: what comes back sooner waits for it.
    """
    first = session.exec(select(NotificationDelivery).where(NotificationDelivery.id == delivery_id).with_for_update()).first()
    if first is None or first.state != DeliveryState.SENT or first.channel == DeliveryChannel.PUSH:
        return []
    query = select(NotificationDelivery).where(NotificationDelivery.state == DeliveryState.SENT, NotificationDelivery.channel == first.channel)
    if first.channel == DeliveryChannel.MAIL:
        query = query.where(NotificationDelivery.id == first.id)
    else:
        query = query.where(NotificationDelivery.person_id == first.person_id, NotificationDelivery.sent_at == first.sent_at)
    return list(session.exec(query.order_by(col(NotificationDelivery.id)).with_for_update()).all())


def _note(session: Session, rows: list[NotificationDelivery], returned: Returned) -> Outcome:
    now = clock.now()
    for row in rows:
        row.last_error = returned.words
        if returned.lost:
            row.state, row.ended_at = DeliveryState.BOUNCED if returned.hard else DeliveryState.FAILED, now
        session.add(row)
    session.flush()
    if returned.hard:
        deliveries.note_refusal(session, rows[0].person_id)
    return Outcome.REFUSED if returned.hard else Outcome.LOST if returned.lost else Outcome.LATE
