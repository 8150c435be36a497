"""A file that comes as the body of a request: never more of it than may come, looked at by its beginning, sealed as it arrives."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio.to_thread
from fastapi import Request

from lms_app.adapters import storage
from lms_app.domain.assessments.file_kind_rules import START
from lms_app.errors import Invalid, TooLarge


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A file that was put away: where it lies, its size in bytes, and the SHA-256 of what came."""

    storage_key: str
    size: int
    sha256: bytes


class Upload:
    """The body of `request`, read once. Whoever sends more than `bytes_max` gets TooLarge with the sentence `too_large`."""

    def __init__(self, request: Request, *, bytes_max: int, too_large: str) -> None:
        declared = request.headers.get("content-length", "")
        self._declared = int(declared[:13]) if declared.isdecimal() else 0
        self._pieces = request.stream()
        self._begun = bytearray()
        self._came = 0
        self.allow(bytes_max, too_large)

    def allow(self, bytes_max: int, too_large: str) -> None:
        """From now on no more may come than this. Raises TooLarge when it is clear already that more will."""
        self._bytes_max, self._too_large = bytes_max, too_large
        if max(self._declared, self._came) > bytes_max:
            raise TooLarge(too_large)

    async def start(self) -> bytes:
        """The first START bytes, or all of a shorter file. Raises Invalid for an empty one."""
        while len(self._begun) < START:
            piece = await self._next()
            if not piece:
                break
            self._begun += piece
        if not self._begun:
            raise Invalid("This file is empty.")
        return bytes(self._begun[:START])

    async def whole(self) -> bytes:
        """All of it in memory: for what must be read as a whole, with a small limit."""
        return b"".join([piece async for piece in self._all()])

    async def seal(self, key: bytes) -> Stored:
        """Puts it away, sealed under `key` as it comes. Of a file that does not come to its end nothing stays."""
        await self.start()
        digest = hashlib.sha256()
        with storage.Sealing(key=key) as sealing:
            async for piece in self._all():
                digest.update(piece)
                await anyio.to_thread.run_sync(sealing.write, piece)
            stored = await anyio.to_thread.run_sync(sealing.finish)
        return Stored(storage_key=stored, size=sealing.size, sha256=digest.digest())

    async def _all(self) -> AsyncIterator[bytes]:
        await self.start()
        yield bytes(self._begun)
        while piece := await self._next():
            yield piece

    async def _next(self) -> bytes:
        """The next piece that is not empty; empty at the end."""
        async for piece in self._pieces:
            self._came += len(piece)
            if self._came > self._bytes_max:
                raise TooLarge(self._too_large)
            if piece:
                return piece
        return b""


@contextmanager
def kept_if_noted(stored: Stored) -> Iterator[None]:
    """Deletes the file again when it could not be noted: nobody would ever find it."""
    try:
        yield
    except BaseException:
        storage.delete(stored.storage_key)
        raise
