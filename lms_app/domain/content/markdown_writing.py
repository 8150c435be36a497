"""Rich text to Markdown that reads back as the same rich text.

What Markdown has no form for is written simpler: cells that span, or hold more than one paragraph, and row headings.
"""

import re
from collections.abc import Callable
from html import escape
from typing import Final

from lms_app.domain.content.markdown_reading import BARE_LINK, read_markdown
from lms_app.domain.content.references import FILE_SCHEME
from lms_app.domain.content.rich_text_schema import Node, attribute, children_of, paragraph, text_node, walk

_MAX_TRIED: Final = 20_000
"""Longer lines are not tried, but escaped throughout."""
_DELIMITERS: Final = {"bold": "**", "italic": "*", "strike": "~~"}
_TAGS: Final = {"bold": "strong", "italic": "em", "strike": "s", "underline": "u", "superscript": "sup", "subscript": "sub", "code": "code"}
_PLAIN = re.compile(r"[^\W\d_](?:[^\W_]|[ ,;?'\"/%.()])*")
_SPECIAL = re.compile(r"[\\`*\[\]$~]|<(?=[A-Za-z/!?])|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_LINE_START = re.compile(r"(#{1,6}(?= |$)|[-+>=:|]|\d{1,9}(?=[.)]))")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_UNUSUAL_SPACE = re.compile(r"[^\S \n]")


def write_markdown(doc: Node) -> str:
    """The Markdown of a canonical rich text, without a newline at its end."""
    return write_blocks(children_of(doc))


def write_blocks(nodes: list[Node]) -> str:
    """The Markdown of canonical block nodes."""
    parts: list[str] = []
    previous, turn = "", 0
    for node in nodes:
        # Neighbouring lists of one kind take turns in their markers, else they would be read as one.
        turn = 1 - turn if node["type"] == previous else 0
        previous = node["type"]
        parts.append(_block(node, turn))
    return "\n\n".join(part for part in parts if part)


def fenced(text: str, info: str) -> str:
    """Code between fences that it does not itself contain."""
    mark = "~" if "`" in info else "`"
    longest = max((len(run) for run in re.findall(f"{mark}+", text)), default=0)
    fence = mark * max(3, longest + 1)
    return f"{fence}{info}\n{text}\n{fence}" if text else f"{fence}{info}\n{fence}"


def escaped(text: str) -> str:
    """The text with what Markdown would take for a sign escaped, for within a line."""
    return _UNUSUAL_SPACE.sub(_entity, _SPECIAL.sub(lambda found: f"\\{found[0]}", text))


def destination(address: str) -> str:
    """The address as a link's destination."""
    if re.search(r"[\s()<>\\&]", address) or not address:
        return "<" + _UNUSUAL_SPACE.sub(_entity, re.sub(r"[\\<>&]", lambda found: f"\\{found[0]}", address)) + ">"
    return address


def _block(node: Node, turn: int) -> str:
    inside = children_of(node)
    match node["type"]:
        case "paragraph":
            return _line(inside, "", paragraph)
        case "heading":
            level: int = attribute(node, "level")
            return _line(inside, "#" * level + " ", lambda *nodes: {"type": "heading", "attrs": {"level": level}, "content": list(nodes)})
        case "blockquote":
            return "\n".join(f"> {line}".rstrip() for line in write_blocks(inside).split("\n"))
        case "bulletList" | "orderedList":
            return _list(node, turn)
        case "codeBlock":
            return fenced("".join(child["text"] for child in inside), attribute(node, "language", ""))
        case "table":
            return _table(inside)
        case _:
            return "___"


def _list(node: Node, turn: int) -> str:
    items: list[str] = []
    for number, item in enumerate(children_of(node), start=attribute(node, "start", 1)):
        marker = "-*"[turn] if node["type"] == "bulletList" else f"{number}{'.)'[turn]}"
        indent = " " * (len(marker) + 1)
        lines = _item(children_of(item)).split("\n")
        items.append("\n".join([f"{marker} {lines[0]}".rstrip(), *(f"{indent}{line}" if line else "" for line in lines[1:])]))
    is_tight = all(_is_tight(children_of(item)) for item in children_of(node))
    return ("\n" if is_tight else "\n\n").join(items)


def _item(blocks: list[Node]) -> str:
    if blocks[0] == paragraph() and len(blocks) > 1:
        return write_blocks(blocks[1:])
    if _is_tight(blocks) and len(blocks) > 1:
        return f"{write_blocks(blocks[:1])}\n{write_blocks(blocks[1:])}"
    return write_blocks(blocks)


def _is_tight(blocks: list[Node]) -> bool:
    """Whether an item can do without blank lines: one paragraph, and at most one list that may follow on its heels."""
    if len(blocks) == 1:
        return blocks[0]["type"] == "paragraph"
    is_pair = len(blocks) == 2 and blocks[0]["type"] == "paragraph" and blocks[1]["type"] in {"bulletList", "orderedList"}
    return is_pair and attribute(blocks[1], "start") is None and bool(children_of(children_of(children_of(blocks[1])[0])[0]))


def _table(rows: list[Node]) -> str:
    width = max(len(children_of(row)) for row in rows)
    cells = [[_cell(cell) for cell in children_of(row)] for row in rows]
    if not all(cell["type"] == "tableHeader" for cell in children_of(rows[0])):
        cells.insert(0, [])
    lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in cells]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


def _cell(cell: Node) -> str:
    inline: list[Node] = []
    for block in children_of(cell):
        if inline:
            inline.append({"type": "hardBreak"})
        inline += _inline_of(block)
    return _line(inline, "", paragraph, breaks="<br>").replace("|", "\\|")


def _inline_of(block: Node) -> list[Node]:
    """All inline nodes of a block that has to become one line."""
    if block["type"] == "codeBlock":
        lines = [line for child in children_of(block) for line in child["text"].split("\n")]
        return [node for line in lines for node in (text_node(" ".join(line.split()), [{"type": "code"}]), {"type": "hardBreak"})][:-1]
    found: list[Node] = []
    for inner in walk(block):
        if inner["type"] == "paragraph" and found:
            found.append({"type": "hardBreak"})
        elif inner["type"] in {"text", "maths", "image", "hardBreak"}:
            found.append(inner)
    return found


def _line(inline: list[Node], prefix: str, block: Callable[..., Node], *, breaks: str = "") -> str:
    """One text block: written nicely where that reads back as it was, else with every sign escaped and marks as tags."""
    if not inline:
        return prefix.rstrip()
    if len(inline) == 1 and inline[0].keys() == {"type", "text"} and _PLAIN.fullmatch(inline[0]["text"]):
        return prefix + inline[0]["text"]
    expected = {"type": "doc", "content": [block(*inline)]}
    nice = prefix + _Line(nice=True, breaks=breaks or ("<br>" if prefix else "\\\n")).written(inline)
    if BARE_LINK.fullmatch(nice):
        nice = nice.replace(":", "\\:", 1)
    return nice if len(nice) < _MAX_TRIED and read_markdown(nice) == expected else prefix + _Line(nice=False, breaks="<br>").written(inline)


class _Line:
    """Writes inline nodes. `nice` uses Markdown's own signs; without it every sign is escaped and marks are HTML tags."""

    def __init__(self, *, nice: bool, breaks: str) -> None:
        self.nice = nice
        self.breaks = breaks

    def written(self, inline: list[Node]) -> str:
        if self.nice and len(inline) == 1 and _says_its_address(inline[0]):
            return f"<{inline[0]['text']}>"
        parts: list[str] = []
        open_marks: list[Node] = []
        at_start = True
        for node in inline:
            marks: list[Node] = [mark for mark in node.get("marks", []) if mark["type"] != "code" or not self.nice]
            shared = 0
            while shared < min(len(marks), len(open_marks)) and marks[shared] == open_marks[shared]:
                shared += 1
            parts += [self._sign(mark, opening=False) for mark in reversed(open_marks[shared:])]
            parts += [self._sign(mark, opening=True) for mark in marks[shared:]]
            open_marks = marks
            parts.append(self._leaf(node, at_start))
            at_start = node["type"] == "hardBreak"
        parts += [self._sign(mark, opening=False) for mark in reversed(open_marks)]
        return "".join(parts)

    def _leaf(self, node: Node, at_start: bool) -> str:
        match node["type"]:
            case "text":
                return self._text(node, at_start)
            case "maths":
                tex = attribute(node, "tex")
                return f"${tex}$" if self.nice else f'<math alttext="{escape(tex)}" />'
            case "image":
                return f"![{self._words(attribute(node, 'alt'))}]({destination(FILE_SCHEME + attribute(node, 'file'))})"
            case _:
                return self.breaks

    def _text(self, node: Node, at_start: bool) -> str:
        text: str = node["text"]
        if self.nice and any(mark["type"] == "code" for mark in node.get("marks", ())):
            fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
            pad = " " if text.startswith("`") or text.endswith("`") else ""
            return f"{fence}{pad}{text}{pad}{fence}"
        words = self._words(text)
        return _LINE_START.sub(_escape_start, words, count=1) if self.nice and at_start and _LINE_START.match(words) else words

    def _words(self, text: str) -> str:
        if self.nice:
            return escaped(text)
        return _UNUSUAL_SPACE.sub(_entity, _PUNCTUATION.sub(lambda found: f"\\{found[0]}", text))

    def _sign(self, mark: Node, *, opening: bool) -> str:
        kind = mark["type"]
        if kind == "link":
            return "[" if opening else f"]({destination(attribute(mark, 'href'))})"
        if self.nice and kind in _DELIMITERS:
            return _DELIMITERS[kind]
        return f"<{_TAGS[kind]}>" if opening else f"</{_TAGS[kind]}>"


def _says_its_address(node: Node) -> bool:
    marks: list[Node] = node.get("marks", [])
    return len(marks) == 1 and attribute(marks[0], "href") == node.get("text") and bool(BARE_LINK.fullmatch(node["text"]))


def _escape_start(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdecimal() else f"\\{found[0]}"


def _entity(found: re.Match[str]) -> str:
    return "&nbsp;" if found[0] == "\N{NO-BREAK SPACE}" else f"&#{ord(found[0])};"
