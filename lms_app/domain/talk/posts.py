"""What is written: read from Markdown, checked, and made ready for a page."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from lms_app.domain.content import rich_text
from lms_app.domain.content.rendering import Resolver, html_of_rich_text
from lms_app.domain.talk.mention_rules import set_apart
from lms_app.errors import Invalid

LONGEST: Final = 10_000
LONGEST_TITLE: Final = 150
MOST_BRACKETS: Final = 1_000
"""What a link may begin with is looked for again from each, to the end of the text."""


def checked_text(text: str) -> str:
    """Markdown that somebody wrote. Raises Invalid for nothing, or too much."""
    clean = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not clean:
        raise Invalid("Write something first.", fields={"text": "Write something first."})
    if len(clean) > LONGEST:
        sentence = f"Write {LONGEST:,} characters at most; these are {len(clean):,}."
        raise Invalid(sentence, fields={"text": sentence})
    if clean.count("[") > MOST_BRACKETS:
        sentence = f"Write {MOST_BRACKETS:,} opening square brackets at most."
        raise Invalid(sentence, fields={"text": sentence})
    rich_text.from_markdown(clean)
    return clean


def checked_title(title: str) -> str:
    """A title on one line. Raises Invalid for none, or one that is too long."""
    clean = " ".join(title.replace("\x00", "").split())
    if not clean or len(clean) > LONGEST_TITLE:
        sentence = f"Give it a title of {LONGEST_TITLE} characters at most."
        raise Invalid(sentence, fields={"title": sentence})
    return clean


def html_of(text: str, names: Iterable[str] = ()) -> str:
    """The HTML of what somebody wrote, safe as it is, with mentions of `names` in bold. No picture is shown: one from elsewhere would tell a
    stranger who reads it, and the files of courses have their own doors."""
    return _html(text, frozenset(names) if "@" in text else frozenset())


@lru_cache(maxsize=256)
def _html(text: str, names: frozenset[str]) -> str:
    """Kept for a while: everybody who has a thread open reads it again when somebody writes, and all of its posts are the same but one."""
    return html_of_rich_text(set_apart(rich_text.from_markdown(text), names), _WORDS_ALONE)


def _nothing(name: str) -> str | None:
    return None


_WORDS_ALONE = Resolver(file=_nothing, page=_nothing)
