"""Two states of a document side by side, piece by piece: what was added, taken out and changed, and in what changed the words."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import escape
from typing import Any, Final, Literal

from lms_app.domain.content.document import Document
from lms_app.domain.content.editing import from_editor, to_editor
from lms_app.domain.content.plain_text import text_of
from lms_app.domain.content.rendering import Resolver, html_of_document
from lms_app.domain.content.rich_text_schema import Node, children_of

ALIKE: Final = 0.3
"""The least likeness (Ratcliff and Obershelp's ratio, 0 to 1) of two pieces' words that makes one a change of the other."""
LONGEST: Final = 4000
"""Words of pieces longer than this, in tokens, are not compared one by one: it would take too long."""

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, kw_only=True)
class ComparedPiece:
    """A piece of a document before and after, as HTML that is safe as it is; "" on the side where it is not. `words` is the text of one that was
    changed, with <ins> and <del>; "" where the words are the same. The nodes are those of the editor, so that a document can be put together."""

    kind: Literal["same", "added", "removed", "changed"]
    before: str = ""
    after: str = ""
    words: str = ""
    before_nodes: list[Node] = field(default_factory=list[Node])
    after_nodes: list[Node] = field(default_factory=list[Node])


def compare(before: Document, after: Document, resolve: Resolver | None = None) -> list[ComparedPiece]:
    """The pieces of both in reading order: paragraphs, headings, lists and so on, and blocks of other kinds."""
    olds, news = children_of(to_editor(before)), children_of(to_editor(after))
    matcher = SequenceMatcher(None, [_key(node) for node in olds], [_key(node) for node in news], autojunk=False)
    pieces: list[ComparedPiece] = []
    for change, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if change == "equal":
            pieces += [_piece(old, new, resolve, same=True) for old, new in zip(olds[old_start:old_end], news[new_start:new_end], strict=True)]
        else:
            pieces += [_piece(old, new, resolve) for old, new in _paired(olds[old_start:old_end], news[new_start:new_end])]
    return pieces


def differs(before: Document, after: Document) -> bool:
    """Whether the two say different things; ids of blocks do not count."""
    return [_key(node) for node in children_of(to_editor(before))] != [_key(node) for node in children_of(to_editor(after))]


def _key(node: Node) -> str:
    attributes: dict[str, Any] = node.get("attrs") or {}
    bare = {**node, "attrs": {name: value for name, value in attributes.items() if name != "block"}}
    return json.dumps(bare, sort_keys=True)


def _paired(olds: Sequence[Node], news: Sequence[Node]) -> Iterator[tuple[Node | None, Node | None]]:
    """Old and new pieces of a stretch that differs: each new one with the next old one that it is like, in order."""
    at = 0
    for new in news:
        like = next((place for place in range(at, len(olds)) if _is_like(olds[place], new)), None)
        if like is None:
            yield None, new
            continue
        for old in olds[at:like]:
            yield old, None
        yield olds[like], new
        at = like + 1
    for old in olds[at:]:
        yield old, None


def _is_like(old: Node, new: Node) -> bool:
    if old["type"] != new["type"]:
        return False
    mine, theirs = ([token for token in _tokens(_document(node)) if not token.isspace()] for node in (old, new))
    if not mine or not theirs or max(len(mine), len(theirs)) > LONGEST:
        return True
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _piece(old: Node | None, new: Node | None, resolve: Resolver | None, *, same: bool = False) -> ComparedPiece:
    before, after = _document(old), _document(new)
    return ComparedPiece(
        kind="same" if same else "added" if old is None else "removed" if new is None else "changed",
        before=html_of_document(before, resolve),
        after=html_of_document(after, resolve),
        words="" if same or old is None or new is None else _words(_tokens(before), _tokens(after)),
        before_nodes=[old] if old else [],
        after_nodes=[new] if new else [],
    )


def _document(node: Node | None) -> Document:
    return from_editor({"type": "doc", "content": [node] if node else []})


def _tokens(document: Document) -> list[str]:
    return _TOKEN.findall(text_of(document))


def _words(before: list[str], after: list[str]) -> str:
    if before == after or max(len(before), len(after)) > LONGEST:
        return ""
    parts: list[str] = []
    for change, old_start, old_end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = escape("".join(before[old_start:old_end])), escape("".join(after[new_start:new_end]))
        if change == "equal":
            parts.append(new)
        else:
            parts += [f"<del>{old}</del>" if old else "", f"<ins>{new}</ins>" if new else ""]
    return "".join(parts)
