"""Opening an archive that a stranger made. Nothing is unpacked: the bytes of its files lie in one nameless temporary file
that the system removes as soon as the archive is no longer held, even if the process is killed."""

import gzip
import os
import stat
import struct
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from lms_app.errors import Invalid

_CHUNK = 1 << 20
_TAR_BLOCK = 512
_TAR_HEADER_TYPES = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_TAR_HEADER_BYTES = 64 * 1024
_ZIP_END, _ZIP64_LOCATOR, _ZIP_END_SIZE, _ZIP64_LOCATOR_SIZE = b"PK\x05\x06", b"PK\x06\x07", 22, 20
_ZIP_ENTRY_BYTES = 512
_TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")  # characters that make a name read backwards
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,  # UnicodeError is one
    OverflowError,
    RecursionError,
    NotImplementedError,  # zipfile's word for what its version does not know: a later format, a patch, strong encryption
    IndexError,
    KeyError,
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much an archive may hold. Sizes are bytes after expansion."""

    entries: int = 20_000
    expanded: int = 2 << 30
    ratio: int = 150
    ratio_from: int = 16 << 20
    depth: int = 24
    name_length: int = 400


class Archive:
    """The files of an archive, by their path in it. Reading is safe from several threads."""

    def __init__(self, spool: IO[bytes], places: dict[str, tuple[int, int]]) -> None:
        self._spool = spool
        self._places = places

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def size(self, name: str) -> int:
        """Bytes of a file. KeyError if there is none of that name."""
        return self._places[name][1]

    def read(self, name: str) -> bytes:
        """All bytes of a file. KeyError if there is none of that name."""
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file piece by piece. KeyError if there is none of that name."""
        offset, size = self._places[name]
        while size:
            part = os.pread(self._spool.fileno(), min(size, _CHUNK), offset)
            if not part:
                raise Invalid("The archive is damaged: it ends in the middle of a file.")
            yield part
            offset, size = offset + len(part), size - len(part)


def open_archive(path: Path, limits: Limits | None = None) -> Archive:
    """The archive at `path` (tar, tar.gz or zip). Invalid, with a sentence, for everything that is not a harmless one."""
    limits = limits or Limits()
    spool = tempfile.TemporaryFile(prefix="lyceum-import-")  # noqa: SIM115 - the archive keeps it open
    try:
        with path.open("rb") as source:
            start = source.read(265)
            source.seek(0)
            gate = _Gate(spool, limits, packed_size=path.stat().st_size)
            if start[:2] == b"\x1f\x8b":
                with gzip.GzipFile(fileobj=source) as expanded:
                    gate.take(expanded)
                places = _tar_places(spool, limits)
            elif start[257:262] == b"ustar":
                gate.take(source)
                places = _tar_places(spool, limits)
            elif start[:4] in (b"PK\x03\x04", _ZIP_END):
                places = _zip_places(source, gate, limits)
            else:
                raise Invalid("This is not an archive that we know: a course comes as .tar.gz or as .zip.")
    except Invalid:
        spool.close()
        raise
    except _DAMAGED as error:
        spool.close()
        raise Invalid("The archive is damaged and cannot be read.") from error
    spool.flush()
    return Archive(spool, places)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Gate:
    """Lets bytes into the spool and stops a flood."""

    def __init__(self, spool: IO[bytes], limits: Limits, packed_size: int) -> None:
        self._spool = spool
        self._limits = limits
        self._ceiling = min(limits.expanded, max(limits.ratio_from, packed_size * limits.ratio))
        self.taken = 0

    def take(self, source: _Readable) -> int:
        """Bytes copied from `source` to the end of the spool."""
        before = self.taken
        while part := source.read(_CHUNK):
            self.taken += len(part)
            if self.taken > self._limits.expanded:
                raise Invalid(f"The archive is too large: unpacked it holds more than {self._limits.expanded >> 20} MB.")
            if self.taken > self._ceiling:
                raise Invalid("The archive unpacks to a suspicious multiple of its size, so it was refused.")
            self._spool.write(part)
        return self.taken - before


def _tar_places(spool: IO[bytes], limits: Limits) -> dict[str, tuple[int, int]]:
    length = spool.tell()
    spool.seek(0)
    headers = 0

    class CheckedTarInfo(tarfile.TarInfo):
        """Sees every header, those of extensions too, before the library acts on it."""

        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "CheckedTarInfo":
            nonlocal headers
            headers += 1
            if headers > 3 * limits.entries:
                raise _too_many(limits)
            info = super().frombuf(buf, encoding, errors)
            if info.size < 0 or (info.type in _TAR_HEADER_TYPES and info.size > _TAR_HEADER_BYTES):
                raise Invalid("The archive is damaged: one of its headers gives an impossible size.")
            return info

    places = _Places(limits)
    with tarfile.open(fileobj=spool, mode="r:", tarinfo=CheckedTarInfo, encoding="utf-8", errors="strict") as tar:
        for member in tar:
            if member.isdir():
                places.check(member.name)
                continue
            if not member.isreg() or member.issparse():
                raise Invalid(f"The archive holds {_what(member)} ({_shown(member.name)}), so it was refused. Only plain files are taken.")
            if member.size < 0 or member.offset_data + member.size > length:
                raise Invalid("The archive is damaged: it ends in the middle of a file.")
            places.add(member.name, member.offset_data, member.size)
        end = tar.offset
    spool.seek(end)
    if spool.read(_TAR_BLOCK).strip(b"\0"):
        raise Invalid("The archive is damaged: what follows its last readable file makes no sense.")
    return places.taken


def _zip_places(source: IO[bytes], gate: _Gate, limits: Limits) -> dict[str, tuple[int, int]]:
    if _zip_directory_size(source) > limits.entries * _ZIP_ENTRY_BYTES:
        raise _too_many(limits)
    places = _Places(limits)
    with zipfile.ZipFile(source) as archive:
        for entry in archive.infolist():
            kind = stat.S_IFMT(entry.external_attr >> 16)
            name = _zip_name(entry)
            if entry.is_dir():
                places.check(name)
                continue
            if kind not in (0, stat.S_IFREG):
                what = "a link" if kind == stat.S_IFLNK else "a special file"
                raise Invalid(f"The archive holds {what} ({_shown(name)}), so it was refused. Only plain files are taken.")
            if entry.flag_bits & 0x1:
                raise Invalid("The archive is locked with a password. Pack it again without one.")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Invalid("The archive is packed in a way that we do not open. Pack it as an ordinary .zip file.")
            offset = gate.taken
            with archive.open(entry) as content:
                size = gate.take(content)
            places.add(name, offset, size)
    return places.taken


def _zip_directory_size(source: IO[bytes]) -> int:
    """Bytes of the zip's table of contents, looked up before the library reads it whole into memory."""
    length = source.seek(0, os.SEEK_END)
    start = max(0, length - _ZIP_END_SIZE - 0xFFFF - _ZIP64_LOCATOR_SIZE)
    source.seek(start)
    tail = source.read()
    source.seek(0)
    at = tail.rfind(_ZIP_END)
    if at < 0 or at + _ZIP_END_SIZE > len(tail):
        raise Invalid("The archive is damaged: its table of contents is missing.")
    if _ZIP64_LOCATOR in tail[max(0, at - _ZIP64_LOCATOR_SIZE) : at]:
        raise Invalid("The archive is packed in a form for very large archives. Pack it as an ordinary .zip file.")
    return struct.unpack_from("<L", tail, at + 12)[0]


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name. Zips that do not say so are often UTF-8 all the same; other old encodings are refused."""
    if entry.orig_filename.isascii() or entry.flag_bits & 0x800:
        return entry.orig_filename
    try:
        return entry.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError as error:
        raise Invalid("A file name in the archive is in an encoding that we cannot tell. Pack it again with UTF-8 names.") from error


class _Places:
    """Collects where each file lies, and refuses names that no honest archive has."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._entries = 0
        self.taken: dict[str, tuple[int, int]] = {}

    def check(self, name: str) -> str:
        """The name in its plain form: relative, with slashes, composed."""
        self._entries += 1
        if self._entries > self._limits.entries:
            raise _too_many(self._limits)
        plain = unicodedata.normalize("NFC", name.replace("\\", "/"))
        parts = plain.split("/")
        if plain.startswith("/") or (len(plain) > 1 and plain[1] == ":") or ".." in parts:
            raise Invalid(f"A file in the archive points outside of it ({_shown(name)}), so the archive was refused.")
        if any(unicodedata.category(c) in ("Cc", "Cs") or unicodedata.bidirectional(c) in _TURNING for c in plain):
            raise Invalid(f"A file name in the archive holds invisible characters ({_shown(name)}), so the archive was refused.")
        if len(plain) > self._limits.name_length or len(parts) > self._limits.depth:
            raise Invalid(f"The archive's folders are nested too deep or named too long ({_shown(name)}).")
        return str(PurePosixPath(plain))

    def add(self, name: str, offset: int, size: int) -> None:
        plain = self.check(name)
        if _is_litter(plain):
            return
        if plain in self.taken:
            raise Invalid(f"The archive holds two files of the same name ({_shown(plain)}), so it was refused.")
        self.taken[plain] = (offset, size)


def _is_litter(name: str) -> bool:
    """What macOS and Windows leave in archives."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith("._") or path.name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _what(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return "a link"
    return "a device" if member.isdev() else "a special file"


def _too_many(limits: Limits) -> Invalid:
    return Invalid(f"The archive holds too many files: more than {limits.entries}.")


def _shown(name: str) -> str:
    """A stranger's name, fit for a sentence."""
    return "".join(c if c.isprintable() else "?" for c in name)[:80]
