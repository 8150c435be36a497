"""Stored files: sealed bytes in a folder, found by a key. Metadata and owners are rows (`models/files.py`).

A file is sealed in pieces of 64 KiB, each with AES-256-GCM under the owner's key and tied to its file, place and the file's length, so that a part
of a long video is read without opening the rest, and no piece can be moved, dropped or swapped. The key of a file is the SHA-256 of its sealed
bytes: the same content stored twice is two files, for its owners' keys differ.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lms_app.crypto import Unreadable, seal, unseal
from lms_app.settings import get_settings

PIECE = 64 * 1024
_SEALED = PIECE + 1 + 12 + 16
_HEADER = 16


class Missing(Exception):
    """There is no stored file with this key."""


def put(data: bytes, *, key: bytes) -> str:
    """Puts `data` away, sealed under `key`; gives the storage key. On disk before it returns."""
    nonce = os.urandom(8)
    sealed = bytearray(len(data).to_bytes(8, "big") + nonce)
    for number in range(_pieces(len(data))):
        sealed += seal(key, _place(nonce, len(data), number), data[number * PIECE : (number + 1) * PIECE])
    storage_key = hashlib.sha256(sealed).hexdigest()
    path = _path(storage_key)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return storage_key


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
        header = file.read(_HEADER)
        size, nonce = int.from_bytes(header[:8], "big"), header[8:]
        stop = size if end is None else min(end, size)
        if len(header) < _HEADER or _path(storage_key).stat().st_size != _HEADER + _sealed_size(size):
            raise Unreadable(storage_key)
        for number in range(start // PIECE, _pieces(stop)):
            file.seek(_HEADER + number * _SEALED)
            piece = unseal(key, _place(nonce, size, number), file.read(_SEALED))
            offset = number * PIECE
            yield piece[max(0, start - offset) : stop - offset]


def has(storage_key: str) -> bool:
    """Whether there is a file with this key."""
    return _path(storage_key).is_file()


def delete(storage_key: str) -> None:
    """Deletes a file; one that is gone is no error."""
    _path(storage_key).unlink(missing_ok=True)


def _pieces(size: int) -> int:
    """How many pieces a file has. An empty one has one too: without a seal anybody could pretend that a file is empty."""
    return max(1, -(-size // PIECE))


def _sealed_size(size: int) -> int:
    return size + _pieces(size) * (_SEALED - PIECE)


def _place(nonce: bytes, size: int, number: int) -> str:
    return f"file:{nonce.hex()}:{size}:{number}"


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
