"""Rich text to HTML. Every text and attribute is escaped here, and only tags named here are written."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Protocol

from lms_app.domain.content.code_colours import coloured
from lms_app.domain.content.embeds import host_name
from lms_app.domain.content.maths import mathml
from lms_app.domain.content.references import FILE_SCHEME, is_outside
from lms_app.domain.content.rich_text_schema import Node, attribute, children_of

Link = Callable[[str], str | None]
"""Turns a reference (`file:…`, `page:…` or a plain address) into an address, or None where there is nothing."""

_TAGS = {"bold": "strong", "italic": "em", "underline": "u", "strike": "s", "superscript": "sup", "subscript": "sub", "code": "code"}


class HeadingNames(Protocol):
    """Gives the headings of one page their place in it."""

    def level(self, level: int) -> int:
        """The level on this page of a heading that its author gave this one."""
        ...

    def anchor(self, text: str, level: int, given: str = "") -> str:
        """The id of a heading, which from now on is in "On this page"; `given` is the one it came with."""
        ...


def outside_link(address: str, title: str, kind: str) -> str:
    """What stands for a picture or recording that lies elsewhere: a link. It would tell its host who reads what, so it is not loaded."""
    named = f"{kind}: {title.strip()}" if title.strip() else kind
    return f'<a class="ly-outside" href="{escape(address)}" rel="noopener noreferrer">{escape(named)} ({escape(host_name(address))})</a>'


def missing_media(kind: str, title: str) -> str:
    """What stands where a file is absent: its description, visible."""
    words = escape(title.strip() or "no description")
    return f'<span class="ly-missing"><span class="ly-missing-label">{kind} missing:</span> {words}</span>'


def scroll_box(name: str) -> str:
    """The opening tag of a box in which something wide scrolls, by keys too."""
    return f'<div class="ly-scroll" role="group" tabindex="0" aria-label="{name}">'


def missing_picture(alt: str) -> str:
    """What stands where a picture's file is absent: its description, visible."""
    return missing_media("Picture", alt)


@dataclass(frozen=True)
class HtmlWriter:
    """How one rich text is written.

    With `headings` it is written for a page: headings take their place there, code is coloured, tables scroll in a box.
    Without, it is written plainly, and reads back as the same rich text.
    """

    link: Link
    headings: HeadingNames | None = None

    def blocks(self, nodes: list[Node]) -> str:
        """The HTML of block nodes in order."""
        return "".join(self._block(node) for node in nodes)

    def inline(self, nodes: list[Node]) -> str:
        """The HTML of inline nodes in order; marks that neighbours share are written once."""
        html: list[str] = []
        open_marks: list[Node] = []
        for node in nodes:
            marks: list[Node] = node.get("marks") or []
            shared = 0
            while shared < min(len(marks), len(open_marks)) and marks[shared] == open_marks[shared]:
                shared += 1
            html += [self._close(mark) for mark in reversed(open_marks[shared:])]
            html += [self._open(mark) for mark in marks[shared:]]
            open_marks = marks
            html.append(self._leaf(node))
        html += [self._close(mark) for mark in reversed(open_marks)]
        return "".join(html)

    def _block(self, node: Node) -> str:
        inside = children_of(node)
        match node["type"]:
            case "paragraph":
                return f"<p>{self.inline(inside)}</p>"
            case "heading":
                return self._heading(attribute(node, "level"), inside)
            case "blockquote":
                return f"<blockquote>{self.blocks(inside)}</blockquote>"
            case "bulletList":
                return f"<ul>{''.join(map(self._item, inside))}</ul>"
            case "orderedList":
                start = attribute(node, "start")
                return f"<ol{_attributes(start='' if start is None else str(start))}>{''.join(map(self._item, inside))}</ol>"
            case "codeBlock":
                return self._code(node)
            case "table":
                return self._table(inside)
            case _:
                return "<hr>"

    def _heading(self, level: int, inside: list[Node]) -> str:
        anchor = ""
        if self.headings is not None:
            level = self.headings.level(level)
            anchor = self.headings.anchor(plain_line(inside), level)
        return f"<h{level}{_attributes(id=anchor)}>{self.inline(inside)}</h{level}>"

    def _item(self, node: Node) -> str:
        return f"<li>{self._tight(children_of(node))}</li>"

    def _tight(self, blocks: list[Node]) -> str:
        """The blocks of an item or cell: a single paragraph, or one before lists only, is written without its tags."""
        first, rest = blocks[0], blocks[1:]
        if first["type"] == "paragraph" and all(block["type"] in {"bulletList", "orderedList"} for block in rest):
            return self.inline(children_of(first)) + self.blocks(rest)
        return self.blocks(blocks)

    def _code(self, node: Node) -> str:
        text = "".join(child["text"] for child in children_of(node))
        language = attribute(node, "language", "")
        inside = coloured(text, language) if self.headings else escape(text, quote=False)
        reach = ' tabindex="0"' if self.headings else ""
        return f"<pre{reach}><code{_attributes(**{'class': f'language-{language}' if language else ''})}>{inside}</code></pre>"

    def _table(self, rows: list[Node]) -> str:
        heads = 1 if rows and all(cell["type"] == "tableHeader" for cell in children_of(rows[0])) else 0
        html = "<table>"
        if heads:
            html += f"<thead>{self._row(rows[0], 'col')}</thead>"
        if rows[heads:]:
            html += f"<tbody>{''.join(self._row(row, 'row') for row in rows[heads:])}</tbody>"
        html += "</table>"
        return f"{scroll_box('Table')}{html}</div>" if self.headings else html

    def _row(self, row: Node, scope: str) -> str:
        cells = ""
        for cell in children_of(row):
            spans = {name: str(span) for name in ("colspan", "rowspan") if (span := attribute(cell, name))}
            is_head = cell["type"] == "tableHeader"
            tag = "th" if is_head else "td"
            cells += f"<{tag}{_attributes(scope=scope if is_head else '', **spans)}>{self._tight(children_of(cell))}</{tag}>"
        return f"<tr>{cells}</tr>"

    def _leaf(self, node: Node) -> str:
        match node["type"]:
            case "text":
                return escape(node["text"], quote=False)
            case "maths":
                return mathml(attribute(node, "tex"))
            case "image":
                return self._image(attribute(node, "file"), attribute(node, "alt"))
            case _:
                return "<br>"

    def _image(self, name: str, alt: str) -> str:
        source = self.link(FILE_SCHEME + name)
        lazy = ' loading="lazy"' if self.headings else ""
        return f'<img src="{escape(source)}" alt="{escape(alt)}"{lazy}>' if source else missing_picture(alt)

    def _open(self, mark: Node) -> str:
        if mark["type"] != "link":
            return f"<{_TAGS[mark['type']]}>"
        address = self.link(attribute(mark, "href"))
        if not address:
            return '<a class="ly-dead">'
        outside = ' rel="noopener noreferrer"' if is_outside(address) else ""
        return f'<a href="{escape(address)}"{outside}>'

    def _close(self, mark: Node) -> str:
        return f"</{_TAGS.get(mark['type'], 'a')}>"


def plain_line(inline: list[Node]) -> str:
    """The words of inline nodes."""
    words = {"text": "text", "maths": "tex", "image": "alt"}
    return "".join(node.get("text") or attribute(node, words.get(node["type"], ""), " ") for node in inline).strip()


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value)
