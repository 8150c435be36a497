"""Gaps in what is asked: `[[1]]` in the text is where gap 1 stands."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Annotated, Any

from pydantic import Field

from lms_app.domain.assessments.types.choices import ChosenId
from lms_app.domain.assessments.types.kind import ChoiceId, Stored
from lms_app.domain.content.document import CalloutBlock, CollapsibleBlock, Document, RichText, RichTextBlock
from lms_app.domain.content.rich_text_schema import walk

MOST_GAPS = 50
MARK = re.compile(r"\[\[([A-Za-z0-9]{1,20})\]\]")
_PIECE = re.compile(rf'<(?:[^<>"]|"[^"]*")*>|{MARK.pattern}')

GapName = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,20}$")]
OptionText = Annotated[str, Field(min_length=1, max_length=200)]


class GapChoice(Stored):
    """Something to choose in a gap, in plain words: a menu cannot show more."""

    id: ChoiceId
    text: OptionText


class GapResponse(Stored):
    """What stands in each gap, by its id: what was typed, or the id of the choice. Gaps that the question does not have are passed by."""

    gaps: Annotated[dict[ChosenId, Annotated[str, Field(max_length=1000)]], Field(max_length=200)]


def need_marks(stem: Document, names: Sequence[str]) -> None:
    """Raises ValueError unless the text has each gap's mark once, and no other's."""
    if len(set(names)) != len(names):
        raise ValueError("Two gaps have the same name.")
    texts = [block.content for block in stem.blocks if isinstance(block, RichTextBlock | CalloutBlock | CollapsibleBlock)]
    found = [mark for text in texts for mark in _marks(text)]
    for name in names:
        if found.count(name) != 1:
            raise ValueError(f"Write [[{name}]] once in the text, where that gap stands.")
    for name in found:
        if name not in names:
            raise ValueError(f"The text has [[{name}]], but there is no gap of that name.")


def place_gaps(html: str, gaps: Iterable[Mapping[str, Any]]) -> str:
    """The HTML of a stem with `<span data-gap="ID"></span>` where its gaps stand. `gaps` are a sheet's: each has `id` and `name`."""
    ids = {gap["name"]: gap["id"] for gap in gaps}
    if not ids:
        return html
    return _PIECE.sub(lambda piece: f'<span data-gap="{escape(ids[piece[1]])}"></span>' if piece[1] in ids else piece[0], html)


def _marks(content: RichText) -> Iterable[str]:
    for node in walk(content):
        if node["type"] == "text":
            yield from (mark[1] for mark in MARK.finditer(node["text"]))
