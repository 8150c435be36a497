"""Which addresses a document may carry: outside links, and `file:` and `page:` references that rendering resolves."""

import re
from urllib.parse import urlsplit

MAX_REFERENCE = 2000
FILE_SCHEME = "file:"
PAGE_SCHEME = "page:"
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel", "file", "page"})

_IGNORED_BY_BROWSERS = re.compile(r"[\t\n\r]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


def safe_link(address: object) -> str | None:
    """The address, tidied, if a link may point there; else None.

    Allowed: http, https, mailto, tel, `file:` and `page:` references, `#anchor`, and `/path` on this site.
    """
    if not isinstance(address, str):
        return None
    address = _IGNORED_BY_BROWSERS.sub("", address).strip()
    if not address or len(address) > MAX_REFERENCE or _CONTROL.search(address):
        return None
    if address.startswith("//"):
        address = f"https:{address}"
    found = _SCHEME.match(address)
    if not found:
        is_local = address.startswith("#") or (address.startswith("/") and not address.startswith("/\\"))
        return address if is_local else None
    scheme, rest = found.group(1).lower(), address[found.end() :]
    if scheme not in LINK_SCHEMES or not rest.strip():
        return None
    if scheme in {"http", "https"} and not _has_host(f"{scheme}:{rest}"):
        return None
    return f"{scheme}:{rest}"


def safe_outside_address(address: object) -> str | None:
    """The address if it is one on the web (http or https); else None."""
    safe = safe_link(address)
    return safe if safe and safe.startswith(("http://", "https://")) else None


def is_outside(address: str) -> bool:
    """Whether a link leaves this site."""
    return address.startswith(("http://", "https://"))


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0) and not re.search(r"[\s\\<>\"]", parts.netloc)
    except ValueError:
        return False
