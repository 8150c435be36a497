"""Stopping mail by the link in it, without signing in (RFC 8058). A link is signed, names a person and what to stop, and holds for good: mails are
read years later."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import blind_index
from lms_app.domain.notifications.kind_rules import GROUP, GROUPS
from lms_app.errors import NotFound
from lms_app.models import NotificationChoice, NotificationSettings, Person
from lms_app.settings import get_settings
from lms_app.words import MailTiming, NotificationGroup

ALL = "all"
DIGESTS = {MailTiming.DAILY: "the daily digest", MailTiming.WEEKLY: "the weekly digest"}
_SIGNED = 20


@dataclass(frozen=True, kw_only=True)
class Stoppable:
    """What a link stops, in words that may follow "Stop", and whether it is stopped already."""

    what: str
    stopped: bool
    is_all: bool


def link(person_id: UUID, scope: str) -> str:
    """The address that stops mail of a group of kinds, a digest (`daily`, `weekly`), or all of it (`all`)."""
    return f"{get_settings().public_url}/unsubscribe/{token(person_id, scope)}"


def token(person_id: UUID, scope: str) -> str:
    """What the address holds."""
    return base64.urlsafe_b64encode(_signature(person_id, scope) + person_id.bytes + scope.encode()).decode().rstrip("=")


def described(session: Session, _: object, given: str) -> Stoppable:
    """What a link would stop. Raises NotFound for one that is not ours, or is an erased person's."""
    person_id, scope = _read(session, given)
    return Stoppable(what=_words(scope), stopped=_is_stopped(session, person_id, scope), is_all=scope == ALL)


def stop(session: Session, _: object, given: str, *, everything: bool = False) -> Stoppable:
    """Stops what the link names, or all mail but that of the account. Twice is once. Raises NotFound."""
    person_id, scope = _read(session, given)
    scope = ALL if everything else scope
    if scope == ALL:
        row = insert(NotificationSettings).values(person_id=person_id, bounces=0, mail_off_at=clock.now())
        session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_={"mail_off_at": clock.now()}))
    else:
        for group in _groups(session, person_id, scope):
            _switch_off(session, person_id, group)
    session.flush()
    return Stoppable(what=_words(scope), stopped=True, is_all=scope == ALL)


def _switch_off(session: Session, person_id: UUID, group: NotificationGroup) -> None:
    default = GROUP[group].default
    row = insert(NotificationChoice).values(person_id=person_id, kind_group=group, in_app=default.in_app, mail=MailTiming.OFF, push=default.push)
    session.execute(row.on_conflict_do_update(index_elements=["person_id", "kind_group"], set_={"mail": MailTiming.OFF}))


def _groups(session: Session, person_id: UUID, scope: str) -> list[NotificationGroup]:
    """The group that is named, or those that come in a digest now."""
    if scope not in DIGESTS:
        return [NotificationGroup(scope)]
    chosen = _chosen(session, person_id)
    return [group.id for group in GROUPS if chosen.get(group.id, group.default.mail) == scope]


def _is_stopped(session: Session, person_id: UUID, scope: str) -> bool:
    settings = session.get(NotificationSettings, person_id)
    if settings is not None and settings.mail_off_at is not None:
        return True
    if scope == ALL:
        return False
    if scope in DIGESTS:
        return not _groups(session, person_id, scope)
    group = NotificationGroup(scope)
    return _chosen(session, person_id).get(group, GROUP[group].default.mail) == MailTiming.OFF


def _chosen(session: Session, person_id: UUID) -> dict[NotificationGroup, MailTiming]:
    rows = session.exec(select(NotificationChoice.kind_group, NotificationChoice.mail).where(col(NotificationChoice.person_id) == person_id)).all()
    return {NotificationGroup(group): MailTiming(mail) for group, mail in rows}


def _words(scope: str) -> str:
    if scope == ALL:
        return "all mail"
    return DIGESTS[MailTiming(scope)] if scope in DIGESTS else f"mail about {in_a_sentence(NotificationGroup(scope))}"


def in_a_sentence(group: NotificationGroup) -> str:
    """The name of a group as it stands in a sentence."""
    return GROUP[group].title.lower()


def _read(session: Session, given: str) -> tuple[UUID, str]:
    try:
        content = base64.urlsafe_b64decode(given.encode() + b"=" * (-len(given) % 4))
        person_id, scope = UUID(bytes=content[_SIGNED : _SIGNED + 16]), content[_SIGNED + 16 :].decode()
    except (binascii.Error, ValueError):
        raise NotFound("This link is not complete. Copy all of it from the mail.") from None
    known = scope == ALL or scope in DIGESTS or scope in tuple(NotificationGroup)
    if not known or not hmac.compare_digest(_signature(person_id, scope), content[:_SIGNED]):
        raise NotFound("This link is not complete. Copy all of it from the mail.")
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise NotFound("There is no such account any more, and no mail to it.")
    return person_id, scope


def _signature(person_id: UUID, scope: str) -> bytes:
    return blind_index("unsubscribe", f"{person_id}:{scope}")[:_SIGNED]
