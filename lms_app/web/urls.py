"""Addresses of our pages, and which addresses a visitor may be sent to."""

import re
from urllib.parse import quote

_OURS = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


def is_ours(path: str) -> bool:
    """Whether `path` is a path on this site: nothing with a scheme or a host, in none of the spellings that browsers accept."""
    return _OURS.fullmatch(path) is not None


def ours_or_home(path: str) -> str:
    """`path` when it is on this site, else the front page. For every redirect whose target came with the request."""
    return path if is_ours(path) else "/"


def sign_in(coming_from: str = "") -> str:
    """The sign-in page, which leads back to `coming_from` afterwards."""
    return f"/sign-in?next={quote(coming_from, safe='/')}" if coming_from and is_ours(coming_from) else "/sign-in"
