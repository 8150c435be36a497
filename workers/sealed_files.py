"""Files that jobs write: sealed as they are written, and kept only where somebody needs them."""

from collections.abc import Callable
from io import RawIOBase
from typing import IO, TypeVar, cast

from sqlmodel import Session

from lms_app.adapters import storage
from lms_app.database import transaction

T = TypeVar("T")


def write_sealed(key: bytes, write: Callable[[IO[bytes]], T], keep: Callable[[Session, str, int, T], bool]) -> None:
    """Writes a file by `write(target)`, then says by `keep(session, storage_key, size, written)` where it lies. Nothing stays of one that fails half
    way, or that `keep` has no need of."""
    with storage.Sealing(key=key) as sealing:
        written = write(cast("IO[bytes]", _Pipe(sealing)))
        size, storage_key = sealing.size, sealing.finish()
    try:
        with transaction() as session:
            kept = keep(session, storage_key, size, written)
    except BaseException:
        storage.delete(storage_key)
        raise
    if not kept:
        storage.delete(storage_key)


class _Pipe(RawIOBase):
    """What a writer writes goes sealed to the disk: there is no way back in it."""

    def __init__(self, sealing: storage.Sealing) -> None:
        self._sealing = sealing

    def writable(self) -> bool:
        return True

    def write(self, data, /) -> int:  # pyright: ignore[reportMissingParameterType]
        self._sealing.write(bytes(data))
        return len(data)
