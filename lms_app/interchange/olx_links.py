"""Where the addresses in an OLX course lead: to a file of the archive, to one of its pages, outside, or nowhere any more."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lms_app.interchange.archives import Archive
from lms_app.interchange.asset_names import UNSAFE, asset_name, media_type
from lms_app.interchange.findings import Findings
from lms_app.interchange.neutral import Asset
from lms_app.interchange.picture_sizes import MOST_BYTES, picture_size

_STATIC = re.compile(r"^/?static/(?P<name>.+)$")
_STORED = re.compile(r"^/?(?:assets/courseware/v\d+/[0-9a-f]+/)?asset-v1:(?P<course>[^@]+)\+type@asset\+block@(?P<name>.+)$")
_OLD_STORED = re.compile(r"^/?(?:assets/courseware/v\d+/[0-9a-f]+/)?c4x/(?P<course>[^/]+/[^/]+)/asset/(?P<name>.+)$")
_JUMP_BY_ID = re.compile(r"(?:^|/)jump_to_id/(?P<id>[^/?#]+)")
_JUMP_BY_ADDRESS = re.compile(r"(?:^|/)(?:jump_to|courseware)/.*?(?P<id>[^/@+?#]+)/?$")
_BLOCK = re.compile(r"(?:type@\w+\+block@|i4x://[^/]+/[^/]+/\w+/)(?P<id>[^/?#]+)/?(?:[?#].*)?$")
_COURSEWARE = re.compile(r"/courses/[^/]+(?:/[^/]+/[^/]+)?/courseware/(?P<path>[^?#]+)")
_MAX_ADDRESS = 2000
_OUTSIDE = ("http://", "https://", "mailto:", "tel:")


class OlxLinks:
    """Resolves addresses. `page_of` maps the name of every block to the ref of the page where it stands."""

    def __init__(self, archive: Archive, root: str, page_of: dict[str, str], findings: Findings) -> None:
        self._archive = archive
        self._page_of = page_of
        self._findings = findings
        self._files = _files_by_name(archive, f"{root}static/")
        self._names = _asset_names(archive, f"{root}static/")
        self._taken = set(self._names.values())

    def file(self, address: str) -> str | None:
        """The name of the asset that an address means, None where it means no file of this course. Missing files are noted, their name returned."""
        address = address.strip()[:_MAX_ADDRESS]
        parts = _split(address)
        if parts is None:
            return None
        for pattern in (_STATIC, _STORED, _OLD_STORED):
            if (found := pattern.match(parts[1])) and not (parts[0] and pattern is _STATIC):
                return self._known(unquote(found["name"])) or (None if parts[0] else self.missing(found["name"]))
        return None

    def static_file(self, name: str) -> str | None:
        """The asset of a file in the static folder, None (noted as missing) where there is none."""
        known = self._known(name)
        if known is None:
            self.missing(name)
        return known

    def has(self, name: str) -> bool:
        """Whether there is an asset of this name."""
        return name in self._taken

    def known_file(self, name: str) -> str | None:
        """The path in the archive of a file in the static folder, without noting anything."""
        return next((self._files[form] for form in _forms(name) if form in self._files), None)

    def read(self, path: str) -> bytes:
        """A file by its path in the archive."""
        return self._archive.read(path)

    def picture_size(self, name: str) -> tuple[int, int] | None:
        """Width and height of an asset that is a picture, None of what is none."""
        path = next((path for path, known in self._names.items() if known == name), None)
        if path is None or self._archive.size(path) > MOST_BYTES:
            return None
        return picture_size(self._archive.read(path))

    def add(self, name: str, media_type: str, size: int, content: Callable[[], bytes]) -> str:
        """Makes an asset of something derived from a file, such as captions in another format."""
        self._taken.add(name)
        self._findings.use(name, lambda: Asset(name=name, media_type=media_type, size=size, content=content))
        return name

    def page(self, address: str) -> str | None:
        """The ref of the page that an address means, None where it means none of this course."""
        address = unquote(address.strip()[:_MAX_ADDRESS])
        for pattern in (_JUMP_BY_ID, _BLOCK, _JUMP_BY_ADDRESS):
            if (found := pattern.search(address)) and found["id"] in self._page_of:
                return self._page_of[found["id"]]
        if found := _COURSEWARE.search(address):
            for part in reversed(found["path"].split("/")):
                if part in self._page_of:
                    return self._page_of[part]
        return self._page_of.get(address)

    def target(self, address: str) -> str | None:
        """What to write as an href: `file:…`, `page:…`, an outside address, an anchor; None where it led into the old platform."""
        if name := self.file(address):
            return f"file:{name}"
        if ref := self.page(address):
            return f"page:{ref}"
        return address if address.strip().lower().startswith((*_OUTSIDE, "//", "#")) else None

    def _known(self, name: str) -> str | None:
        name = name.split("?")[0].split("#")[0]
        path = self.known_file(name) or self.known_file(PurePosixPath(name).name)
        if path is None:
            return None
        asset_name = self._names[path]
        self._findings.use(asset_name, lambda: self._asset(asset_name, path))
        return asset_name

    def _asset(self, name: str, path: str) -> Asset:
        return Asset(name=name, media_type=media_type(name), size=self._archive.size(path), content=lambda: self._archive.read(path))

    def missing(self, name: str) -> str:
        """The asset name of a file that the archive lacks, noted as missing."""
        shown = unquote(name).split("?")[0].split("#")[0]
        self._findings.miss(shown)
        return asset_name(shown)


def _split(address: str) -> tuple[str, str] | None:
    """Host and path of an address; colons in a path (`asset-v1:…`) are no scheme."""
    if re.match(r"(?i)https?://|//", address):
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        return (parts.netloc, parts.path)
    return ("", address)


def _forms(name: str) -> tuple[str, ...]:
    """The forms of a name in which the old platform finds a file, the closest first: itself, a space as an underscore, every odd
    character as one and in any case."""
    name = unicodedata.normalize("NFC", name)
    return (name, name.replace(" ", "_"), re.sub(r"_+", "_", UNSAFE.sub("_", name)).lower())


def _files_by_name(archive: Archive, folder: str) -> dict[str, str]:
    paths = sorted(name for name in archive if name.startswith(folder))
    found: dict[str, str] = {}
    for form in range(3):
        for path in paths:
            found.setdefault(_forms(path.removeprefix(folder))[form], path)
    return found


def _asset_names(archive: Archive, folder: str) -> dict[str, str]:
    """One address-safe name for each file, unique among them."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for path in sorted(name for name in archive if name.startswith(folder)):
        name = asset_name(path.removeprefix(folder))
        number = 2
        while name in taken:
            stem, dot, ending = asset_name(path.removeprefix(folder)).rpartition(".")
            name = f"{stem}_{number}{dot}{ending}"
            number += 1
        taken.add(name)
        names[path] = name
    return names
