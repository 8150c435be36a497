"""Passwords: bcrypt over a keyed pre-hash, so that any length counts and a stolen table alone is of no use."""

import base64
import hashlib
import hmac
import threading
from functools import lru_cache

import bcrypt

from lms_app.settings import get_settings

AT_ONCE = 2
"""Hashes computed at the same time per process: each takes a whole core for a third of a second."""

_gate = threading.BoundedSemaphore(AT_ONCE)


def hash_password(password: str) -> str:
    """The hash to store. About 0.3 s of processor time: never on the event loop, never inside a transaction."""
    with _gate:
        return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(get_settings().bcrypt_rounds)).decode()


def check_password(password: str, stored: str | None) -> bool:
    """Whether `password` is the one that `stored` was made of. None, for an unknown account, costs the same time and is False."""
    with _gate:
        right = bcrypt.checkpw(_prepared(password), (stored or _stranger()).encode())
    return right and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other rounds than are set now: make it anew at a sign-in that succeeds."""
    return not stored.startswith(f"$2b${get_settings().bcrypt_rounds:02}$")


@lru_cache(maxsize=1)
def _stranger() -> str:
    return bcrypt.hashpw(b"nobody", bcrypt.gensalt(get_settings().bcrypt_rounds)).decode()


def _prepared(password: str) -> bytes:
    """44 bytes without a NUL, whatever the password: bcrypt takes 72 at most."""
    key = get_settings().password_key.get_secret_value().encode()
    return base64.b64encode(hmac.digest(key, password.encode(errors="surrogatepass"), hashlib.sha256))
