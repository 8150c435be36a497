"""What pages and programs may see of notifications."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class InboxItem:
    """A notification as a sentence. `link` is a path of ours, `group` the row of the preferences that it belongs to; `when` is in the reader's time
    zone, `at` in ISO 8601 UTC."""

    id: str
    kind: str
    group: str
    sentence: str
    link: str
    when: str
    at: str
    unread: bool


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """The newest notifications of a person, and how many are unread in all."""

    items: list[InboxItem]
    unread: int


@dataclass(frozen=True, kw_only=True)
class InboxSheet:
    """One page of what was chosen, `total` in all, and what may be chosen: pairs of an id and words."""

    lines: list[InboxItem]
    unread: int
    page: int
    pages: int
    total: int
    courses: list[tuple[str, str]]
    groups: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class MailPart:
    """A piece of a mail's text; with `href`, a link."""

    text: str
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class CaughtMailLine:
    """One mail in the demo's mailbox."""

    id: str
    recipient: str
    subject: str
    when: str


@dataclass(frozen=True, kw_only=True)
class CaughtMailText(CaughtMailLine):
    """One mail, opened."""

    parts: list[MailPart]
