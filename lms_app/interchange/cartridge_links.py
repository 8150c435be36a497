"""Where the addresses in a cartridge's pages lead: to its files, to its other pages, or outside."""

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote

from lms_app.interchange.findings import Findings
from lms_app.interchange.package_links import PackageLinks
from lms_app.interchange.qti import Files

_OBJECT = re.compile(r"^(?:\$|%24)CANVAS_OBJECT_REFERENCE(?:\$|%24)/(?P<kind>[a-z_]+)/(?P<ref>[^/?#]+)")
_WIKI = re.compile(r"^(?:\$|%24)WIKI_REFERENCE(?:\$|%24)/(?:pages|wiki)/(?P<name>[^/?#]+)")


class CartridgeLinks(PackageLinks):
    """Resolves addresses from the folder of one page. `pages` maps each path and each resource's identifier to the page that shows it."""

    def __init__(self, files: Files, folder: str, root: str, pages: Mapping[str, str], findings: Findings) -> None:
        super().__init__(files, folder, findings)
        self._root = root
        self._pages = pages
        self._from = folder

    def target(self, address: str) -> str | None:
        """What to write as an href: `page:…` where it is a page of the cartridge, else as `PackageLinks` has it."""
        if found := _OBJECT.match(address.strip()):
            ref = self._pages.get(unquote(found["ref"]))
            return f"page:{ref}" if ref else None
        if found := _WIKI.match(address.strip()):
            name = unquote(found["name"])
            ref = self._pages.get(name) or self._pages.get(f"{self._root}wiki_content/{name}.html")
            return f"page:{ref}" if ref else None
        if address.strip().startswith(("$CANVAS_", "%24CANVAS_", "$WIKI_", "%24WIKI_")):
            return None
        path = unquote(address.strip()).split("?")[0].split("#")[0]
        if path and "://" not in path and (ref := self._pages.get(posixpath.normpath(posixpath.join(self._from, path)))):
            return f"page:{ref}"
        return super().target(address)
