"""Reading what a mail server sends back: which delivery of ours it is about, whether it failed for good, and what was said. Pure, and for any bytes:
whoever knows the address that reports come to can send something there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

Part: TypeAlias = "Message[str, str]"

LARGEST: Final = 1_000_000
"""Bytes of a report that are read. It begins with what it is about; what comes after is the mail that it gives back."""

LONGEST_WORDS: Final = 200
_MOST_PARTS: Final = 60
_DEPTH: Final = 6

_ID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_RETURNED: Final = re.compile(rf"\+({_ID})@", re.ASCII | re.IGNORECASE)
_NAMED: Final = re.compile(rf"<({_ID})@", re.ASCII | re.IGNORECASE)
_ADDRESS: Final = re.compile(r"<?[^\s<>@;,()\[\]]{1,254}@[^\s<>@;,()\[\]]{1,254}>?")
_STATUS: Final = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b", re.ASCII)
_CODE: Final = re.compile(r"\b([45])\d\d\b", re.ASCII)
_BOUNDARY: Final = re.compile(rb"boundary\s*=", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What came back. `deliveries` are ids that it may be about, the surest first. `hard`: the address takes no mail. `lost`: this mail does not
    arrive; otherwise it is late. `words` hold no address."""

    deliveries: tuple[UUID, ...]
    hard: bool
    lost: bool
    words: str


def read(raw: bytes) -> Returned | None:
    """What a delivery status notification (RFC 3464) says. None for any other mail, where all is well, and where it names no mail of ours."""
    raw = raw[:LARGEST]
    if len(_BOUNDARY.findall(raw)) > _MOST_PARTS:
        return None
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        return _read(message)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The parser of the standard library meets what nobody meant to write.
        return None


def _read(message: Part) -> Returned | None:
    parts = list(_parts(message, _DEPTH))
    report = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    groups = _inside(report) if report is not None else []
    told = [group for group in groups if _action(group) in ("failed", "delayed")]
    if not told:
        return None
    deliveries = _deliveries(message, parts, groups)
    if not deliveries:
        return None
    one = next((group for group in told if _action(group) == "failed"), told[0])
    lost = _action(one) == "failed"
    said = _text(one, "Diagnostic-Code")
    return Returned(deliveries=deliveries, hard=lost and _is_permanent(_text(one, "Status"), said), lost=lost, words=_words(one, said))


def _parts(message: Part, depth: int) -> Iterator[Part]:
    """The message and what is in it, but not what is in a mail that it gives back."""
    yield message
    if depth and message.get_content_maintype() == "multipart":
        for part in _inside(message):
            yield from _parts(part, depth - 1)


def _inside(message: Part) -> list[Part]:
    held: Any = message.get_payload()
    return [part for part in cast("list[Any]", held) if isinstance(part, Message)] if isinstance(held, list) else []


def _deliveries(message: Part, parts: list[Part], groups: list[Part]) -> tuple[UUID, ...]:
    """By the address that the report was sent to, then by the mail that it gives back."""
    sent_to = [_text(message, name) for name in ("X-Original-To", "Delivered-To", "To")]
    found = [each for text in sent_to for each in _RETURNED.findall(text)]
    for part in parts:
        headers: Any = part.get_payload()
        if part.get_content_type() == "message/rfc822":
            found += [each for original in _inside(part)[:1] for each in _NAMED.findall(_text(original, "Message-ID"))]
        elif part.get_content_type() == "text/rfc822-headers" and isinstance(headers, str):
            found += _NAMED.findall(_header_in(headers, "message-id"))
    found += [each for group in groups for each in _NAMED.findall(_text(group, "X-Original-Message-ID"))]
    return tuple(dict.fromkeys(UUID(each) for each in found))[:3]


def _header_in(headers: str, name: str) -> str:
    unfolded = re.sub(r"\r?\n[ \t]", " ", headers)
    return next((line.partition(":")[2] for line in unfolded.splitlines() if line.lower().startswith(f"{name}:")), "")


def _action(group: Part) -> str:
    return _text(group, "Action").strip().lower()


def _is_permanent(status: str, said: str) -> bool:
    """A class of 5, by the status or, where a server gives none, by the reply that it quotes."""
    if found := _STATUS.match(status):
        return found[1] == "5"
    code = _CODE.search(said)
    return code is not None and code[1] == "5"


def _words(group: Part, said: str) -> str:
    status = _STATUS.match(_text(group, "Status"))
    reason = said.partition(";")[2] or said
    printable = "".join(character if character.isprintable() else " " for character in reason)
    clean = " ".join(_ADDRESS.sub("an address", printable).split())
    if len(clean) > LONGEST_WORDS:
        clean = clean[: LONGEST_WORDS - 1].rstrip() + "…"
    number = ".".join(status.groups()) if status else ""
    return clean if number and number in clean else " ".join(filter(None, (number, clean))) or "No reason was given."


def _text(message: Part, name: str) -> str:
    """A header as one line; a server may have written anything into it."""
    value = str(message.get(name, ""))[:2000]
    return value.encode("utf-8", "replace").decode()
