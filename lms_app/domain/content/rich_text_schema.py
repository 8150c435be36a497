"""The shape of rich text: which ProseMirror nodes and marks there are, and the one canonical form that is stored.

Two documents that read the same are equal in canonical form: runs of white space are one space, neighbouring texts with
the same marks are one, marks stand in one order and do not begin or end on a space, and empty paragraphs are left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from lms_app.domain.content.references import safe_link
from lms_app.errors import Invalid

Node = dict[str, Any]
"""A node of ProseMirror JSON: `type`, and where they apply `attrs`, `content`, `marks`, `text`."""

MAX_DEPTH: Final = 24
MAX_NODES: Final = 50_000
MAX_TEXT: Final = 1_000_000
MAX_TEX: Final = 10_000
MAX_NAME: Final = 300
MAX_ALT: Final = 2000
MAX_SPAN: Final = 50

MARKS: Final = ("link", "bold", "italic", "underline", "strike", "superscript", "subscript", "code")
"""All marks, outermost first."""
INLINE: Final = frozenset({"text", "hardBreak", "maths", "image"})

_LEAVES: Final = frozenset({"paragraph", "heading", "codeBlock", "horizontalRule"})

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\n\r\f]+")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,40}")
_BARE_DOLLAR = re.compile(r"(?<!\\)((?:\\\\)*)\$")


def paragraph(*children: Node) -> Node:
    """A paragraph of these inline nodes."""
    return {"type": "paragraph", "content": list(children)} if children else {"type": "paragraph"}


def text_node(text: str, marks: Iterable[Node] = ()) -> Node:
    """A text with its marks."""
    kept = list(marks)
    return {"type": "text", "text": text, "marks": kept} if kept else {"type": "text", "text": text}


def children_of(node: Node) -> list[Node]:
    """The nodes inside, none for a leaf."""
    return node.get("content") or []


def attribute(node: Node, name: str, default: Any = None) -> Any:
    """One attribute of a node or mark."""
    attrs: Node = node.get("attrs") or {}
    return attrs.get(name, default)


def walk(node: Node) -> Iterator[Node]:
    """The node and every node inside it, in reading order."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children_of(current)))


def clean_text(text: str) -> str:
    """The text without control characters, which no form of a document can carry."""
    return _CONTROL.sub("", text)


def clean_line(text: str) -> str:
    """The text on one line, without control characters."""
    return _SPACES.sub(" ", clean_text(text)).strip()


def clean_language(language: object) -> str:
    """The name of a programming language in lower case, or "" for plain text."""
    name = language.strip().lower() if isinstance(language, str) else ""
    return name if name not in {"text", "plain", "plaintext", "none"} and _LANGUAGE.fullmatch(name) else ""


def clean_tex(tex: object) -> str:
    """TeX on one line, without dollar signs that would end it."""
    flat = clean_line(tex) if isinstance(tex, str) else ""
    if flat.endswith("\\") and not flat.endswith("\\\\"):
        flat = flat[:-1].rstrip()
    return _BARE_DOLLAR.sub(r"\1\\$", flat)[:MAX_TEX]


def canonical(value: object, *, flatten: bool = False) -> Node:
    """The rich text in canonical form. Raises Invalid where it is no rich text.

    What lies deeper than MAX_DEPTH is refused or, with `flatten`, kept as plain paragraphs.
    """
    return _Canon(flatten).document(value)


class _Canon:
    """One pass over one document, counting what it meets."""

    def __init__(self, flatten: bool) -> None:
        self.flatten = flatten
        self.nodes = 0
        self.characters = 0

    def document(self, value: object) -> Node:
        node = self._node(value)
        if node["type"] != "doc":
            raise Invalid("This is not a rich text: its outermost node must be a doc.")
        return {"type": "doc", "content": self._blocks(node, 1)}

    def _node(self, value: object) -> Node:
        if not isinstance(value, dict) or not isinstance(value.get("type"), str):  # pyright: ignore[reportUnknownMemberType]
            raise Invalid("This is not a rich text: every node needs a type.")
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Invalid(f"This text is too long: it has more than {MAX_NODES:,} parts.")
        node: Node = value  # pyright: ignore[reportUnknownVariableType]
        if not isinstance(node.get("content") or [], list):
            raise Invalid("This is not a rich text: the content of a node must be a list.")
        if not isinstance(node.get("attrs") or {}, dict):
            raise Invalid("This is not a rich text: the attributes of a node must be an object.")
        return node

    def _count(self, text: str) -> str:
        self.characters += len(text)
        if self.characters > MAX_TEXT:
            raise Invalid(f"This text is too long: the limit is {MAX_TEXT:,} characters.")
        return text

    def _blocks(self, parent: Node, depth: int) -> list[Node]:
        """The blocks inside a container. Loose inline nodes become paragraphs; there is always one block at least."""
        blocks: list[Node] = []
        loose: list[Node] = []
        for child in map(self._node, children_of(parent)):
            if child["type"] in INLINE:
                loose.append(child)
                continue
            blocks += self._paragraphs(loose)
            loose = []
            blocks += self._block(child, depth + 1)
        return (blocks + self._paragraphs(loose)) or [paragraph()]

    def _paragraphs(self, loose: list[Node]) -> list[Node]:
        inline = self._inline(loose) if loose else []
        return [paragraph(*inline)] if inline else []

    def _block(self, node: Node, depth: int) -> list[Node]:
        kind = node["type"]
        if kind not in _BLOCKS:
            raise Invalid(f"This text holds a part of an unknown kind, “{str(kind)[:40]}”.")
        if depth > MAX_DEPTH and kind not in _LEAVES:
            if not self.flatten:
                raise Invalid("This text is nested too deeply.")
            return self._flat(node)
        return _BLOCKS[kind](self, node, depth)

    def _flat(self, node: Node) -> list[Node]:
        """The inline parts of a node that lies too deep, as one paragraph."""
        found: list[Node] = []
        for inner in walk(node):
            if inner["type"] in INLINE:
                found.append(inner)
            elif found and found[-1]["type"] != "hardBreak":
                found.append({"type": "hardBreak"})
        return self._paragraphs(found)

    def _children(self, node: Node) -> list[Node]:
        return [self._node(child) for child in children_of(node)]

    def _paragraph(self, node: Node, depth: int) -> list[Node]:
        return self._paragraphs(self._children(node))

    def _heading(self, node: Node, depth: int) -> list[Node]:
        inline = self._inline(self._children(node))
        level = _whole(attribute(node, "level"), 1, 6, default=2)
        return [{"type": "heading", "attrs": {"level": level}, "content": inline}] if inline else []

    def _quote(self, node: Node, depth: int) -> list[Node]:
        blocks = self._blocks(node, depth)
        return [] if blocks == [paragraph()] else [{"type": "blockquote", "content": blocks}]

    def _list(self, node: Node, depth: int) -> list[Node]:
        items = [self._item(child, depth + 1) for child in self._children(node)]
        if not items:
            return []
        start = _whole(attribute(node, "start"), 0, 999_999_999, default=1)
        numbered = node["type"] == "orderedList" and start != 1
        return [{"type": node["type"], **({"attrs": {"start": start}} if numbered else {}), "content": items}]

    def _item(self, node: Node, depth: int) -> Node:
        holder = node if node["type"] == "listItem" else {"type": "listItem", "content": [node]}
        blocks = self._blocks(holder, depth)
        if blocks[0]["type"] == "heading":
            blocks[0] = paragraph(*children_of(blocks[0]))
        elif blocks[0]["type"] != "paragraph":
            blocks.insert(0, paragraph())
        return {"type": "listItem", "content": blocks}

    def _code(self, node: Node, depth: int) -> list[Node]:
        text = "".join(str(child.get("text") or "") for child in self._children(node))
        text = self._count(clean_text(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "")))
        language = clean_language(attribute(node, "language"))
        code: Node = {"type": "codeBlock"}
        if language:
            code["attrs"] = {"language": language}
        if text:
            code["content"] = [text_node(text)]
        return [code]

    def _rule(self, node: Node, depth: int) -> list[Node]:
        return [{"type": "horizontalRule"}]

    def _table(self, node: Node, depth: int) -> list[Node]:
        rows = [
            {"type": "tableRow", "content": [self._cell(cell, depth + 2) for cell in self._children(row)]}
            for row in self._children(node)
            if row["type"] == "tableRow" and children_of(row)
        ]
        return [{"type": "table", "content": rows}] if rows else []

    def _cell(self, node: Node, depth: int) -> Node:
        if node["type"] not in {"tableCell", "tableHeader"}:
            raise Invalid("A table row may hold cells only.")
        cell: Node = {"type": node["type"], "content": self._blocks(node, depth)}
        spans = {name: _whole(attribute(node, name), 1, MAX_SPAN, default=1) for name in ("colspan", "rowspan")}
        spans = {name: span for name, span in spans.items() if span > 1}
        return {"type": cell["type"], "attrs": spans, "content": cell["content"]} if spans else cell

    def _inline(self, nodes: list[Node]) -> list[Node]:
        pieces: list[Node] = []
        for node in nodes:
            pieces += self._pieces(node)
        return _merge(_trim_marks(_collapse(pieces)))

    def _pieces(self, node: Node) -> list[Node]:
        """The node in canonical form; a text is cut where spaces begin and end, so that marks can leave them."""
        kind = node["type"]
        marks = _marks(node.get("marks"))
        if kind == "text":
            text = self._count(clean_text(str(node.get("text") or "")))
            return [text_node(piece, marks) for piece in _cut(_SPACES.sub(" ", text))]
        if kind == "hardBreak":
            return [{"type": "hardBreak"}]
        links = [mark for mark in marks if mark["type"] == "link"]
        carried: Node = {"marks": links} if links else {}
        if kind == "maths":
            tex = self._count(clean_tex(attribute(node, "tex")))
            return [{"type": "maths", "attrs": {"tex": tex}, **carried}] if tex else []
        if kind == "image":
            name = clean_line(str(attribute(node, "file") or ""))[:MAX_NAME]
            alt = clean_line(str(attribute(node, "alt") or ""))[:MAX_ALT]
            return [{"type": "image", "attrs": {"file": name, "alt": alt}, **carried}]
        raise Invalid("A heading or paragraph may hold text, pictures, maths and line breaks only.")


_BLOCKS: Final[dict[str, Callable[[_Canon, Node, int], list[Node]]]] = {
    "paragraph": _Canon._paragraph,  # pyright: ignore[reportPrivateUsage]
    "heading": _Canon._heading,  # pyright: ignore[reportPrivateUsage]
    "blockquote": _Canon._quote,  # pyright: ignore[reportPrivateUsage]
    "bulletList": _Canon._list,  # pyright: ignore[reportPrivateUsage]
    "orderedList": _Canon._list,  # pyright: ignore[reportPrivateUsage]
    "codeBlock": _Canon._code,  # pyright: ignore[reportPrivateUsage]
    "horizontalRule": _Canon._rule,  # pyright: ignore[reportPrivateUsage]
    "table": _Canon._table,  # pyright: ignore[reportPrivateUsage]
}


def _whole(value: object, lowest: int, highest: int, *, default: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return default
    return min(max(value, lowest), highest)


def _marks(value: object) -> list[Node]:
    """The known marks, each once, in their order. A link that may not be followed is left out, its text stays."""
    found: dict[str, Node] = {}
    for mark in value if isinstance(value, list) else []:  # pyright: ignore[reportUnknownVariableType]
        kind: object = mark.get("type") if isinstance(mark, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if kind == "link":
            href = safe_link(attribute(mark, "href"))  # pyright: ignore[reportUnknownArgumentType]
            if href:
                found["link"] = {"type": "link", "attrs": {"href": href}}
        elif isinstance(kind, str) and kind in MARKS:
            found[kind] = {"type": kind}
    if "superscript" in found:
        found.pop("subscript", None)
    return [found[kind] for kind in MARKS if kind in found]


def _cut(text: str) -> list[str]:
    """The text as leading space, core and trailing space, without the empty ones."""
    core = text.strip(" ")
    if not core:
        return [" "] if text else []
    return [*([" "] if text[0] == " " else []), core, *([" "] if text[-1] == " " else [])]


def _is_space(node: Node) -> bool:
    return node["type"] == "text" and node["text"] == " "


def _collapse(pieces: list[Node]) -> list[Node]:
    """The pieces without repeated spaces, and without spaces and breaks at the edges of lines."""
    kept: list[Node] = []
    for piece in pieces:
        if piece["type"] == "hardBreak":
            if kept and _is_space(kept[-1]):
                kept.pop()
            if not kept:
                continue
        elif _is_space(piece) and (not kept or _is_space(kept[-1]) or kept[-1]["type"] == "hardBreak"):
            continue
        kept.append(piece)
    while kept and (_is_space(kept[-1]) or kept[-1]["type"] == "hardBreak"):
        kept.pop()
    return kept


def _trim_marks(pieces: list[Node]) -> list[Node]:
    """The pieces with each mark taken off the spaces at the ends of its run."""
    for index, piece in enumerate(pieces):
        if _is_space(piece) and piece.get("marks"):
            around = [pieces[near].get("marks", []) for near in (index - 1, index + 1) if 0 <= near < len(pieces)]
            pieces[index] = text_node(" ", [mark for mark in piece["marks"] if len(around) == 2 and all(mark in marks for marks in around)])
    return pieces


def _merge(pieces: list[Node]) -> list[Node]:
    merged: list[Node] = []
    for (kind, marks), same in groupby(pieces, key=lambda piece: (piece["type"], piece.get("marks", []))):
        nodes = list(same)
        merged += [text_node("".join(node["text"] for node in nodes), marks)] if kind == "text" else nodes
    return merged
