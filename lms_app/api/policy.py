"""The Content-Security-Policy of each page: its own inline scripts by their hash, and nothing else that is not a file of ours."""

import base64
import hashlib
import re
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

from lms_app.settings import get_settings

FALLBACK = "404.html"
_HOST = re.compile(r"[A-Za-z0-9.\-:\[\]]{1,255}")

FOR_DATA = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The policy of every response that is not a page."""


class _InlineScripts(HTMLParser):
    """Collects the text of a page's inline scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and not any(name == "src" for name, _ in attrs)
        if self._inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False


def script_hashes(html: str) -> list[str]:
    """Sources of a policy for the inline scripts of a page, each once, in order."""
    reader = _InlineScripts()
    # Browsers read \r\n as \n before they hash.
    reader.feed(html.replace("\r\n", "\n"))
    reader.close()
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in reader.scripts if script)
    return list(dict.fromkeys(f"'sha256-{digest}'" for digest in digests))


class PagePolicies:
    """The policies of the built pages in a folder, read once."""

    def __init__(self, folder: Path) -> None:
        self._hashes = {page.relative_to(folder).as_posix(): " ".join(script_hashes(page.read_text())) for page in sorted(folder.rglob("*.html"))}

    def policy(self, path: str, host: str, *, secure: bool) -> str:
        """The policy of the page at `path`, as asked for at `host`."""
        socket = f" {'wss' if secure else 'ws'}://{host}" if _HOST.fullmatch(host) else ""
        hashes = self._hashes.get(self._file(path), "")
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self' {hashes}".strip(),
                # The component library writes its styles while the page runs.
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self'",
                "media-src 'self' blob:",
                f"connect-src 'self'{socket}",
                f"frame-src {_frames()}",
                "worker-src 'self'",
                "manifest-src 'self'",
                "form-action 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                "report-uri /v/csp-reports",
            )
        )

    def _file(self, path: str) -> str:
        name = path.strip("/")
        tried = [name, f"{name}/index.html" if name else "index.html", f"{name}.html"]
        return next((file for file in tried if file in self._hashes), FALLBACK)


@lru_cache(maxsize=1)
def _frames() -> str:
    hosts = [host.strip() for host in get_settings().embed_hosts.split(",") if host.strip()]
    return " ".join(["'self'", *(f"https://{host}" for host in hosts)])
