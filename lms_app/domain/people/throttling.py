"""Slowing down who guesses: a growing delay per e-mail address and per network address, counted in Postgres under keyed digests."""

from datetime import timedelta
from math import ceil

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from lms_app.adapters import clock
from lms_app.crypto import blind_index
from lms_app.domain.people.throttle_rules import delay_after
from lms_app.errors import TooMany
from lms_app.models import Throttle

FORGOTTEN_AFTER = timedelta(hours=24)

ACTS = ("sign-in", "mail")
"""What is slowed down per e-mail address."""


def email_key(email: str, act: str) -> bytes:
    """The throttle of one act (`sign-in`, `mail`) for an e-mail address."""
    return blind_index(f"throttle:{act}:email", email)


def network_key(network: str, act: str) -> bytes:
    """The throttle of one act for a network address."""
    return blind_index(f"throttle:{act}:network", network)


def key_of(act: str, of: str) -> bytes:
    """The throttle of one act for something else that is guessed at."""
    return blind_index(f"throttle:{act}", of)


def refuse_if_throttled(session: Session, *keys: bytes) -> None:
    """Raises TooMany, with the seconds to wait, while any of the keys is held back."""
    now = clock.now()
    until = max(session.exec(select(Throttle.next_at).where(col(Throttle.key).in_(keys), Throttle.next_at > now)).all(), default=None)
    if until is not None:
        raise _too_many(until - now)


def spend(session: Session, key: bytes, *, free: int) -> None:
    """Counts a try before it is made. Raises TooMany, counting nothing, while the key is held back.

    Tries sent all at once queue at the key's row, so that they are not all let through before the first is counted.
    """
    now = clock.now()
    until = session.execute(
        insert(Throttle)
        .values(key=key, failures=0, next_at=now, updated_at=now)
        .on_conflict_do_update(index_elements=["key"], set_={"updated_at": now})
        .returning(col(Throttle.next_at))
    ).scalar_one()
    if until > now:
        raise _too_many(until - now)
    count(session, key, free=free)


def count(session: Session, *keys: bytes, free: int) -> None:
    """Counts one try against each key. The first `free` tries cost nothing, each later one doubles the delay."""
    now = clock.now()
    for key in keys:
        failures = session.execute(
            insert(Throttle)
            .values(key=key, failures=1, next_at=now, updated_at=now)
            .on_conflict_do_update(index_elements=["key"], set_={"failures": Throttle.failures + 1, "updated_at": now})
            .returning(col(Throttle.failures))
        ).scalar_one()
        row = session.get_one(Throttle, key)
        row.next_at = now + delay_after(failures, free=free)
        session.add(row)
    session.flush()


def forget(session: Session, *keys: bytes) -> None:
    """Forgets the tries against some keys, after a success."""
    session.execute(delete(Throttle).where(col(Throttle.key).in_(keys)))


def give_back(session: Session, key: bytes) -> None:
    """Takes a try back that was counted before it was made, and was no guess. Those before it stay: who knows one secret may be guessing another."""
    fewer = func.greatest(col(Throttle.failures) - 1, 0)
    session.execute(update(Throttle).where(col(Throttle.key) == key).values(failures=fewer, next_at=clock.now()))


def clean_up(session: Session) -> None:
    """Forgets what was not tried for a day."""
    session.execute(delete(Throttle).where(col(Throttle.updated_at) < clock.now() - FORGOTTEN_AFTER))


def _too_many(wait: timedelta) -> TooMany:
    seconds = ceil(wait.total_seconds())
    return TooMany(f"Too many tries. Try again in {_in_words(seconds)}.", retry_after=seconds)


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    minutes = ceil(seconds / 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
