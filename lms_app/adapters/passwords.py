"""Passwords: bcrypt over a keyed pre-hash, so that any length counts and a stolen table alone is of no use.

A hash takes a whole core for a third of a second. On the event loop use `hashed` and `matches`: they queue for threads of their own, behind the
requests of people who are signed in, who must not feel that many sign in at once.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import bcrypt

from lms_app.settings import get_settings

AT_ONCE = 2
"""Hashes computed at the same time per process."""

NICENESS = 10
"""How far the threads that hash stand back when the cores are wanted elsewhere."""


async def hashed(password: str) -> str:
    """`hash_password`, in a thread that hashes alone."""
    return await asyncio.get_running_loop().run_in_executor(_hashing(), hash_password, password)


async def matches(password: str, stored: str | None) -> bool:
    """`check_password`, in a thread that hashes alone."""
    return await asyncio.get_running_loop().run_in_executor(_hashing(), check_password, password, stored)


def hash_password(password: str) -> str:
    """The hash to store. About 0.3 s of processor time: never on the event loop, never inside a transaction."""
    return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(get_settings().bcrypt_rounds)).decode()


def check_password(password: str, stored: str | None) -> bool:
    """Whether `password` is the one that `stored` was made of. None, for an unknown account, costs the same time and is False."""
    right = bcrypt.checkpw(_prepared(password), (stored or _stranger()).encode())
    return right and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other rounds than are set now: make it anew at a sign-in that succeeds."""
    return not stored.startswith(f"$2b${get_settings().bcrypt_rounds:02}$")


@lru_cache(maxsize=1)
def _hashing() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hashing", initializer=_stand_back)


def _stand_back() -> None:
    # On Linux niceness belongs to the thread; elsewhere it would be the whole process's.
    if hasattr(os, "sched_getaffinity"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))


@lru_cache(maxsize=1)
def _stranger() -> str:
    return bcrypt.hashpw(b"nobody", bcrypt.gensalt(get_settings().bcrypt_rounds)).decode()


def _prepared(password: str) -> bytes:
    """44 bytes without a NUL, whatever the password: bcrypt takes 72 at most."""
    key = get_settings().password_key.get_secret_value().encode()
    return base64.b64encode(hmac.digest(key, password.encode(errors="surrogatepass"), hashlib.sha256))
