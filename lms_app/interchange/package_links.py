"""Where the addresses in a file of questions lead: to a file that came with it, outside, or nowhere."""

import posixpath
from collections.abc import Callable, Mapping
from functools import cached_property
from urllib.parse import unquote

from lms_app.interchange.asset_names import asset_name, media_type
from lms_app.interchange.findings import Findings
from lms_app.interchange.neutral import Asset

_OUTSIDE = ("http://", "https://", "mailto:", "tel:", "//", "#", "data:")
_PLACEHOLDERS = ("$IMS_CC_FILE_BASE$", "$IMS-CC-FILEBASE$", "%24IMS-CC-FILEBASE%24", "$IMS_CC_FILEBASE$", "@@PLUGINFILE@@")
_MAX_ADDRESS = 2000


class PackageLinks:
    """Resolves addresses from the folder of the text that is read. `files` maps each path of the package to its size and bytes."""

    def __init__(self, files: Mapping[str, tuple[int, Callable[[], bytes]]], folder: str, findings: Findings) -> None:
        self._files = files
        self._folder = folder
        self._findings = findings
        self._added: set[str] = set()

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """The paths of the package by the last part of them: some packages say less than the whole path."""
        found: dict[str, list[str]] = {}
        for path in self._files:
            found.setdefault(posixpath.basename(path), []).append(path)
        return found

    def file(self, address: str) -> str | None:
        """The asset that an address means, None where it leads outside. A file that is absent is noted as missing, its name returned."""
        address = address.strip()[:_MAX_ADDRESS]
        if not address or address.lower().startswith(_OUTSIDE):
            return None
        path = unquote(address).split("?")[0].split("#")[0].removeprefix("file:")
        for placeholder in _PLACEHOLDERS:
            path = path.replace(placeholder, "")
        path = path.lstrip("/")
        for candidate in (posixpath.normpath(posixpath.join(self._folder, path)), path, f"web_resources/{path}"):
            if candidate in self._files:
                return self._known(candidate)
        ends_so = [name for name in self._by_name.get(posixpath.basename(path), []) if name.endswith(f"/{path}")]
        return self._known(ends_so[0]) if len(ends_so) == 1 else self.missing(path)

    def has(self, name: str) -> bool:
        """Whether there is an asset of this name."""
        return name in self._added

    def missing(self, name: str) -> str:
        """The name of a file that did not come along, noted as missing."""
        shown = unquote(name).split("?")[0].split("#")[0]
        self._findings.miss(shown)
        return asset_name(shown)

    def target(self, address: str) -> str | None:
        """What to write as an href: `file:…`, an outside address, an anchor; None where it led to something that did not come along."""
        if address.strip().lower().startswith(_OUTSIDE):
            return address
        name = self.file(address) if address.strip() else None
        return f"file:{name}" if name and self.has(name) else None

    def add(self, name: str, media_type: str, size: int, content: Callable[[], bytes]) -> str:
        """Makes an asset of something derived."""
        self._added.add(name)
        self._findings.use(name, lambda: Asset(name=name, media_type=media_type, size=size, content=content))
        return name

    def _known(self, path: str) -> str:
        name = self._findings.name_for(path)
        size, content = self._files[path]
        return self.add(name, media_type(name), size, content)
