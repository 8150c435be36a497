"""HTML from elsewhere, made harmless: an allow-list of tags and attributes over a real HTML5 parser."""

import re
from dataclasses import dataclass
from typing import Final

import nh3

from lms_app.domain.content.references import LINK_SCHEMES, safe_link
from lms_app.domain.content.tags import ATTRIBUTES, DROPPED_WITH_CONTENT, SELF_ENDING, TAGS
from lms_app.errors import Invalid

MAX_HTML: Final = 600_000
MAX_OPEN_TAGS: Final = 3000
"""The parser's time grows with the square of the nesting; no page comes near."""
ID_PREFIX: Final = "in-"
"""Before every id that came with HTML, so that it can neither meet one of ours nor shadow a name of the browser's."""

_PASSES: Final = 4
"""HTML that is read otherwise when it is read again is cleaned until it is not: that is how sanitisers are tricked."""
_SCRIPTS: Final = frozenset({"script"})
_FRAMES: Final = frozenset({"iframe", "frame", "object", "embed", "applet", "portal"})
_ADDRESS_ATTRIBUTES: Final = {("a", "href"), ("img", "src"), ("audio", "src"), ("video", "src"), ("source", "src"), ("blockquote", "cite")}
_KNOWN_SCHEMES: Final = LINK_SCHEMES | {"about", "blob", "data", "filesystem", "ftp", "javascript", "livescript", "mocha", "vbscript", "view-source"}
"""Schemes that the counting pass lets through, so that it can count those it meets."""
_LENGTH: Final = re.compile(r"\d{1,5}")
_OPENING: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")


@dataclass(frozen=True, kw_only=True)
class Removed:
    """What was taken out: script elements, event handlers, frames and plug-ins, and addresses that may not be followed."""

    scripts: int = 0
    handlers: int = 0
    frames: int = 0
    addresses: int = 0

    @property
    def total(self) -> int:
        """Everything that was taken out."""
        return self.scripts + self.handlers + self.frames + self.addresses


@dataclass(frozen=True, kw_only=True)
class Sanitised:
    """Harmless HTML, and what was removed to make it so."""

    html: str
    removed: Removed


def sanitise(html: str) -> Sanitised:
    """The HTML with nothing in it that runs, frames or styles. `file:` and `page:` references stay.

    Sanitising twice changes nothing more. Raises Invalid for HTML that is too long or nested too deeply.
    """
    html = bounded(html)
    counts = {"handlers": 0, "addresses": 0}

    def count(tag: str, name: str, value: str) -> str | None:
        if name.startswith("on"):
            counts["handlers"] += 1
        elif (tag, name) in _ADDRESS_ATTRIBUTES or name in {"href", "xlink:href", "action", "formaction"}:
            counts["addresses"] += safe_link(value) is None and bool(value.strip())
        return None

    every_attribute = {"*": {"href", "src", "xlink:href", "action", "formaction", "cite"}}
    skeleton = nh3.clean(
        html,
        tags=set(TAGS | _SCRIPTS | _FRAMES),
        clean_content_tags=set(),
        attributes=every_attribute,
        generic_attribute_prefixes={"on"},
        attribute_filter=count,
        url_schemes=set(_KNOWN_SCHEMES),
        link_rel=None,
    )
    scripts = sum(skeleton.count(f"</{tag}>") for tag in _SCRIPTS)
    frames = sum(skeleton.count(f"<{tag}>") for tag in _FRAMES)
    return Sanitised(html=clean(html), removed=Removed(scripts=scripts, frames=frames, **counts))


def clean(html: str) -> str:
    """The HTML made harmless, without counting. Raises Invalid for HTML that is too long or nested too deeply."""
    html = bounded(html)
    for _ in range(_PASSES):
        before, html = html, _cleaned(html)
        if html == before:
            break
    return html


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=set(LINK_SCHEMES),
        link_rel=None,
    )


def bounded(html: str) -> str:
    """The HTML, if it can be parsed in bounded time; raises Invalid otherwise."""
    if len(html) > MAX_HTML:
        raise Invalid(f"This HTML is too long: the limit is {MAX_HTML:,} characters.")
    depth = deepest = 0
    for closing, tag in _OPENING.findall(html):
        if tag.lower() not in SELF_ENDING:
            depth = max(depth - 1, 0) if closing else depth + 1
            deepest = max(deepest, depth)
    if deepest > MAX_OPEN_TAGS:
        raise Invalid("This HTML is nested too deeply.")
    return html


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value to keep for an allowed attribute, or None to leave it out."""
    if (tag, name) in _ADDRESS_ATTRIBUTES:
        address = safe_link(value)
        return f"#{_prefixed(address[1:])}" if address and len(address) > 1 and address.startswith("#") else address
    if name == "id":
        return _prefixed(value) if value.strip() else None
    if name == "headers":
        return " ".join(map(_prefixed, value.split()))
    if name in {"width", "height"} and tag in {"img", "video"}:
        return value if _LENGTH.fullmatch(value) else None
    return value


def _prefixed(name: str) -> str:
    return name if name.startswith(ID_PREFIX) else f"{ID_PREFIX}{name}"
