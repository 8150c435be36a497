"""Field encryption: a cipher, a ring of per-person keys, and a blind index.

Personal data is sealed with AES-256-GCM under a key of the person it belongs to; the additional data `table.column:id` ties each value to its
place, so that a value moved elsewhere does not open. Each person's key is itself sealed ("wrapped") under a master key from the settings.
Destroying the wrapped key makes everything sealed under it unreadable, in backups too.
"""

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text
from sqlalchemy.orm import Session, object_session

from lms_app.settings import get_settings

INSTALLATION = UUID(int=0)
"""Owner of what is sealed but belongs to no person: course files, mail to strangers."""

_FORMAT = b"\x01"
_NONCE = 12
KEY_LIFE = 60.0
"""Seconds for which an opened key, and what it opened, may be kept in a process."""


class Unreadable(Exception):
    """A sealed value does not open: its key is destroyed, or it was changed or moved."""


def seal(key: bytes, aad: str, plaintext: bytes) -> bytes:
    """`plaintext` sealed under a 32-byte key: format byte, 12-byte nonce, ciphertext with tag."""
    nonce = secrets.token_bytes(_NONCE)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plaintext, aad.encode())


def unseal(key: bytes, aad: str, sealed: bytes) -> bytes:
    """What was sealed. Raises Unreadable."""
    if sealed[:1] != _FORMAT:
        raise Unreadable(aad)
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], aad.encode())
    except InvalidTag:
        raise Unreadable(aad) from None


def blind_index(kind: str, value: str) -> bytes:
    """A keyed 32-byte digest by which a sealed value can be found again. `kind` keeps e-mail and network addresses apart."""
    key = get_settings().blind_index_key.get_secret_value().encode()
    return hmac.digest(key, f"{kind}:{value}".encode(), hashlib.sha256)


@lru_cache(maxsize=1)
def master_keys() -> dict[str, bytes]:
    """The key-encryption keys by id, newest first."""
    keys: dict[str, bytes] = {}
    for entry in get_settings().master_keys.get_secret_value().split(","):
        key_id, _, encoded = entry.strip().partition(":")
        keys[key_id] = base64.b64decode(encoded)
        if len(keys[key_id]) != 32:
            raise ValueError(f"MASTER_KEYS: key {key_id} is not 32 bytes long.")
    return keys


_CREATE = text("""
INSERT INTO person_keys (person_id, wrapped, master_key_id, created_at)
SELECT owner, wrapped, :master, now() FROM unnest(CAST(:owners AS uuid[]), CAST(:wrapped AS bytea[])) AS made (owner, wrapped)
ON CONFLICT (person_id) DO NOTHING
""")


class KeyRing:
    """Opened person keys of this process, kept for a minute so that an erased person fades from every process."""

    def __init__(self) -> None:
        self._opened: dict[UUID, tuple[bytes, float]] = {}
        self._lock = threading.Lock()

    def create(self, session: Session, owner: UUID) -> bytes:
        """A new key for `owner`, wrapped and stored in the session's transaction. An existing key is returned unchanged."""
        self.create_many(session, [owner])
        return self._opened[owner][0]

    def create_many(self, session: Session, owners: Sequence[UUID]) -> None:
        """The same for many owners, by two statements."""
        master_id, master = next(iter(master_keys().items()))
        wrapped = [seal(master, f"person_keys.wrapped:{owner}", secrets.token_bytes(32)) for owner in owners]
        session.connection().execute(_CREATE, {"owners": list(owners), "wrapped": wrapped, "master": master_id})
        self.load(session, owners)

    def load(self, session: Session, owners: Iterable[UUID]) -> None:
        """Opens the keys of many owners with one query. Owners without a key are passed over."""
        fresh = time.monotonic() - KEY_LIFE
        wanted = [owner for owner in set(owners) if self._opened.get(owner, (b"", -1e9))[1] < fresh]
        if not wanted:
            return
        rows = session.connection().execute(
            text("SELECT person_id, wrapped, master_key_id FROM person_keys WHERE person_id = ANY(:owners) AND destroyed_at IS NULL"),
            {"owners": wanted},
        )
        now = time.monotonic()
        opened = {
            row.person_id: (unseal(master_keys()[row.master_key_id], f"person_keys.wrapped:{row.person_id}", bytes(row.wrapped)), now) for row in rows
        }
        with self._lock:
            for owner in wanted:
                self._opened.pop(owner, None)
            self._opened.update(opened)

    def open(self, owner: UUID, wrapped: bytes, master_key_id: str) -> bytes:
        """The key of `owner` from its row, kept like any other. For who reads the row by another way than a session."""
        key = unseal(master_keys()[master_key_id], f"person_keys.wrapped:{owner}", wrapped)
        with self._lock:
            self._opened[owner] = (key, time.monotonic())
        return key

    def key(self, session: Session | None, owner: UUID) -> bytes:
        """The opened key of `owner`. Raises Unreadable when it was destroyed or never made."""
        held = self._opened.get(owner)
        if held is None or held[1] < time.monotonic() - KEY_LIFE:
            if session is None:
                raise Unreadable(f"The key of {owner} is not loaded: add the row to a session first.")
            if owner == INSTALLATION:
                return self.create_once(session)
            self.load(session, [owner])
            held = self._opened.get(owner)
        if held is None:
            raise Unreadable(f"There is no key for {owner}.")
        return held[0]

    def create_once(self, session: Session) -> bytes:
        """The installation's own key, made at its first use."""
        self.load(session, [INSTALLATION])
        held = self._opened.get(INSTALLATION)
        return held[0] if held else self.create(session, INSTALLATION)

    def destroy(self, session: Session, owner: UUID) -> None:
        """Forgets `owner` for good: what is sealed under the key can never be read again."""
        session.connection().execute(
            text("UPDATE person_keys SET wrapped = ''::bytea, destroyed_at = now() WHERE person_id = :owner"), {"owner": owner}
        )
        self.forget(owner)

    def rewrap(self, session: Session, *, limit: int = 500) -> int:
        """Wraps keys that an older master key wraps under the newest; gives how many. What the keys seal stays as it is."""
        newest, master = next(iter(master_keys().items()))
        rows = session.connection().execute(
            text(
                "SELECT person_id, wrapped, master_key_id FROM person_keys WHERE master_key_id <> :newest AND destroyed_at IS NULL "
                "LIMIT :limit FOR UPDATE SKIP LOCKED"
            ),
            {"newest": newest, "limit": limit},
        )
        count = 0
        for row in rows.all():
            place = f"person_keys.wrapped:{row.person_id}"
            key = unseal(master_keys()[row.master_key_id], place, bytes(row.wrapped))
            session.connection().execute(
                text("UPDATE person_keys SET wrapped = :wrapped, master_key_id = :newest WHERE person_id = :owner"),
                {"wrapped": seal(master, place, key), "newest": newest, "owner": row.person_id},
            )
            count += 1
        return count

    def forget(self, owner: UUID | None = None) -> None:
        """Drops opened keys from this process: one owner's, or all."""
        with self._lock:
            if owner is None:
                self._opened.clear()
            else:
                self._opened.pop(owner, None)


key_ring = KeyRing()


def sealed(column: str, *, owner: str = "person_id") -> Any:
    """A text attribute of a table row whose value is stored sealed in `column` (bytes).

    `owner` names the attribute that holds the person whose key seals it; None there means the installation. Assign after the row was made and
    added to its session; the row needs its id. Reading raises Unreadable once the person was erased.
    """

    def place(row: Any) -> str:
        return f"{row.__tablename__}.{column}:{row.id}"

    def read(row: Any) -> str | None:
        value = getattr(row, column)
        if value is None:
            return None
        key = key_ring.key(object_session(row), getattr(row, owner) or INSTALLATION)
        return unseal(key, place(row), bytes(value)).decode()

    def write(row: Any, value: str | None) -> None:
        if value is None:
            setattr(row, column, None)
            return
        key = key_ring.key(object_session(row), getattr(row, owner) or INSTALLATION)
        setattr(row, column, seal(key, place(row), value.encode()))

    return property(read, write)
