"""Browsers that show messages for a person while no page of ours is open."""

import base64
import binascii
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from sqlalchemy import delete
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import blind_index
from lms_app.domain.actor import Actor
from lms_app.errors import Invalid, LimitReached, Undelivered
from lms_app.models import Login, PushSubscription

MOST = 20
MOST_CHARACTERS = 1000
KIND = "push"

Post = Callable[..., None]
"""`post(address, key, auth, payload, topic=…)`. Raises Undelivered."""


def add(session: Session, actor: Actor, *, address: str, key: str, auth: str) -> None:
    """Lets a browser show messages for the actor, for as long as their login stands. One that did so for somebody else does no more. Raises
    Invalid, or LimitReached for the twenty-first."""
    if len(address) > MOST_CHARACTERS or not _is_address(address):
        raise Invalid("That is not the address of a browser's service.")
    if _length(key) != 65 or _length(auth) != 16:
        raise Invalid("The keys of the browser are not complete.")
    index = blind_index(KIND, address)
    session.execute(delete(PushSubscription).where(col(PushSubscription.address_index) == index))
    if len(session.exec(_theirs(actor.person_id)).all()) >= MOST:
        raise LimitReached(f"{MOST} browsers show messages for you already. Switch them off in one that you do not use any more.")
    row = PushSubscription(person_id=actor.person_id, login_id=actor.login_id, address_index=index, created_at=clock.now())
    session.add(row)
    row.address, row.key, row.auth = address, key, auth
    session.flush()


def remove(session: Session, actor: Actor, *, address: str) -> None:
    """Lets a browser of the actor's show messages no more."""
    is_it = col(PushSubscription.address_index) == blind_index(KIND, address)
    session.execute(delete(PushSubscription).where(is_it, col(PushSubscription.person_id) == actor.person_id))


def send(session: Session, person_id: UUID, tag: str, sentence: str, link: str, *, post: Post) -> None:
    """Sends a sentence to every browser of a person. One that takes none any more, or whose login has ended, is forgotten. Raises Undelivered where
    one is to be tried again: browsers show a message with the same tag once."""
    payload = orjson.dumps({"title": "Lyceum", "body": sentence, "link": link, "tag": tag})
    again: Undelivered | None = None
    now = clock.now()
    for row in session.exec(_theirs(person_id)).all():
        login = session.get(Login, row.login_id) if row.login_id else None
        if login is None or login.ended_at is not None or login.expires_at <= now:
            session.delete(row)
            continue
        try:
            post(row.address, row.key, row.auth, payload, topic=tag.replace("-", ""))
        except Undelivered as why:
            if why.gone:
                session.delete(row)
            elif not why.for_good:
                again = why
    session.flush()
    if again is not None:
        raise again


def _theirs(person_id: UUID):
    return select(PushSubscription).where(PushSubscription.person_id == person_id).order_by(col(PushSubscription.id))


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.scheme in ("https", "http") and parts.port != 0
    except ValueError:
        return False


def _length(text: str) -> int:
    try:
        return len(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return -1
