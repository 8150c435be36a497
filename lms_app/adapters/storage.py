"""Stored files: sealed bytes in a folder, found by a key. Metadata and owners are rows (`models/files.py`).

A file is sealed in pieces of 64 KiB as it arrives, by the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): AES-256-GCM under a key of
the file's own, derived from the owner's by a random salt, with the piece's number and whether it is the last in the nonce. So a part of a long video
is read without opening the rest, no piece can be moved, dropped, swapped or cut off, and no more than a piece is held in memory. The key of a file
is the SHA-256 of its sealed bytes: the same content stored twice is two files, for its salts differ.

    header   8 bytes "LYCEUM\\0\\2", 32 bytes salt
    pieces   64 KiB and a tag of 16 bytes each; the last one shorter; an empty file has one, empty

Files of the first format begin with their length instead, and their pieces are tied to it (`_First`); they are still read.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lms_app.crypto import Unreadable, unseal
from lms_app.settings import get_settings

PIECE = 64 * 1024
_MAGIC = b"LYCEUM\0\2"
_SALT = 32
_TAG = 16
_UNFINISHED = ".unfinished-"


class Missing(Exception):
    """There is no stored file with this key."""


class Sealing:
    """A file on its way in: `write` what comes, then `finish`, or `discard`. As a context it discards what was not finished."""

    def __init__(self, *, key: bytes) -> None:
        salt = os.urandom(_SALT)
        self.size = 0
        self._cipher = AESGCM(_file_key(key, salt))
        self._waiting = bytearray()
        self._number = 0
        self._digest = hashlib.sha256()
        get_settings().storage.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=get_settings().storage, prefix=_UNFINISHED)
        self._file, self._temporary = os.fdopen(handle, "wb"), Path(temporary)
        self._out(_MAGIC + salt)

    def __enter__(self) -> "Sealing":
        return self

    def __exit__(self, *error: object) -> None:
        self.discard()

    def write(self, data: bytes) -> None:
        """Seals what is whole pieces now and keeps the rest until more comes."""
        self.size += len(data)
        view = memoryview(data)
        while len(view):
            # The last piece is marked, so a full one waits until it is known that another follows.
            if len(self._waiting) == PIECE:
                self._seal(last=False)
            taken = view[: PIECE - len(self._waiting)]
            self._waiting += taken
            view = view[len(taken) :]

    def finish(self) -> str:
        """Puts the file in its place and gives its storage key. On disk before it returns."""
        self._seal(last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        storage_key = self._digest.hexdigest()
        path = _path(storage_key)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self._temporary, path)
        _sync_folder(path.parent)
        return storage_key

    def discard(self) -> None:
        """Leaves nothing behind of a file that was not finished; of one that was, it takes nothing away."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)

    def _seal(self, *, last: bool) -> None:
        self._out(self._cipher.encrypt(_nonce(self._number, last=last), bytes(self._waiting), None))
        self._waiting.clear()
        self._number += 1

    def _out(self, sealed: bytes) -> None:
        self._digest.update(sealed)
        self._file.write(sealed)


def put(data: bytes, *, key: bytes) -> str:
    """Puts `data` away, sealed under `key`; gives the storage key. On disk before it returns."""
    with Sealing(key=key) as sealing:
        sealing.write(data)
        return sealing.finish()


def get(storage_key: str, *, key: bytes) -> bytes:
    """A whole file. Raises Missing, or Unreadable when it was changed or the key is another."""
    return b"".join(read_range(storage_key, 0, None, key=key))


def read_range(storage_key: str, start: int, end: int | None, *, key: bytes) -> Iterator[bytes]:
    """The bytes from `start` up to, not including, `end` (None: to the end), piece by piece."""
    try:
        file = _path(storage_key).open("rb")
    except FileNotFoundError:
        raise Missing(storage_key) from None
    with file:
        pieces = _opened(file, key)
        stop = pieces.size if end is None else min(end, pieces.size)
        for number in range(start // PIECE, _count(stop)):
            offset = number * PIECE
            yield pieces.piece(number)[max(0, start - offset) : stop - offset]


def has(storage_key: str) -> bool:
    """Whether there is a file with this key."""
    return _path(storage_key).is_file()


def delete(storage_key: str) -> None:
    """Deletes a file; one that is gone is no error."""
    _path(storage_key).unlink(missing_ok=True)


def sweep_unfinished(*, older_than: timedelta) -> None:
    """Deletes what a process that was killed left of files on their way in."""
    before = time.time() - older_than.total_seconds()
    for left in get_settings().storage.glob(f"{_UNFINISHED}*"):
        if left.stat().st_mtime < before:
            left.unlink(missing_ok=True)


class _Pieces(Protocol):
    """A stored file, opened: how long its content is, and its pieces by number."""

    size: int

    def piece(self, number: int) -> bytes: ...


def _opened(file: BinaryIO, key: bytes) -> _Pieces:
    start = file.read(len(_MAGIC))
    return _Streamed(file, key) if start == _MAGIC else _First(file, key, start)


class _Streamed:
    """A file of the present format. Its end is opened first, so that one cut short is refused before its first byte is sent."""

    _HEADER = len(_MAGIC) + _SALT

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file = file
        self._cipher = AESGCM(_file_key(key, file.read(_SALT)))
        sealed = os.fstat(file.fileno()).st_size - self._HEADER
        self._last = max(0, -(-sealed // (PIECE + _TAG)) - 1)
        self.size = sealed - (self._last + 1) * _TAG
        self.piece(self._last)

    def piece(self, number: int) -> bytes:
        self._file.seek(self._HEADER + number * (PIECE + _TAG))
        try:
            return self._cipher.decrypt(_nonce(number, last=number == self._last), self._file.read(PIECE + _TAG), None)
        except InvalidTag:
            raise Unreadable(f"piece {number}") from None


class _First:
    """A file of the first format: its length and 8 random bytes, then pieces sealed like a field, whose place names both."""

    _HEADER = 16
    _SEALED = PIECE + 1 + 12 + _TAG

    def __init__(self, file: BinaryIO, key: bytes, start: bytes) -> None:
        self._file, self._key = file, key
        self.size, self._random = int.from_bytes(start, "big"), file.read(8)
        sealed = self.size + _count(self.size) * (self._SEALED - PIECE)
        if os.fstat(file.fileno()).st_size != self._HEADER + sealed:
            raise Unreadable("a file of another length than it says")

    def piece(self, number: int) -> bytes:
        self._file.seek(self._HEADER + number * self._SEALED)
        return unseal(self._key, f"file:{self._random.hex()}:{self.size}:{number}", self._file.read(self._SEALED))


def _file_key(key: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=b"lyceum stored file").derive(key)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _count(size: int) -> int:
    """How many pieces a content of this size has. An empty one has one too: without a seal anybody could pretend that a file is empty."""
    return max(1, -(-size // PIECE))


def _path(storage_key: str) -> Path:
    if len(storage_key) != 64 or not storage_key.isalnum():
        raise Missing(storage_key)
    return get_settings().storage / storage_key[:2] / storage_key


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
