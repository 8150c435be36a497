"""Rich text: one ProseMirror document, and its ways in and out. Every result is in canonical form (see `rich_text_schema`)."""

import re

from lms_app.domain.content.html_reading import read_html
from lms_app.domain.content.html_writing import HtmlWriter, Link
from lms_app.domain.content.markdown_reading import read_markdown
from lms_app.domain.content.markdown_writing import write_markdown
from lms_app.domain.content.rich_text_schema import Node, attribute, canonical, children_of, paragraph, text_node

RichText = Node
"""ProseMirror JSON whose outermost node is a `doc`."""

_ENDS_LINE = frozenset({"paragraph", "heading", "codeBlock", "tableRow"})


def check(value: object) -> RichText:
    """The rich text in canonical form; raises Invalid, with a sentence, for what is none."""
    return canonical(value)


def from_markdown(markdown: str) -> RichText:
    """The rich text of Markdown. Raises Invalid for a text that is too long."""
    return read_markdown(markdown)


def from_html(html: str, *, tex_delimiters: bool = False) -> RichText:
    r"""The rich text of HTML from anywhere; nothing that runs survives.

    With `tex_delimiters`, `\(…\)`, `\[…\]` and `[mathjaxinline]…[/mathjaxinline]` in its text become maths, as courses
    written for MathJax mean them. Raises Invalid for HTML that is too long or nested too deeply.
    """
    return read_html(html, tex_delimiters=tex_delimiters)


def from_text(text: str) -> RichText:
    """The rich text of plain text: blank lines part paragraphs, line breaks stay."""
    paragraphs: list[Node] = []
    for lines in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        inline = [node for line in lines.split("\n") for node in ({"type": "hardBreak"}, text_node(line))][1:]
        paragraphs.append(paragraph(*inline))
    return canonical({"type": "doc", "content": paragraphs})


def to_html(doc: RichText, link: Link | None = None) -> str:
    """The HTML of a rich text; for a page, use `rendering`.

    `link` turns references and addresses into addresses, None for what does not exist; without it references stay as they
    are, and `from_html` gives the same rich text back.
    """
    return HtmlWriter(link=link or _as_it_is).blocks(children_of(canonical(doc)))


def to_text(doc: RichText) -> str:
    """The words alone: one line per paragraph, heading and table row; maths as TeX, pictures as their description."""
    lines: list[str] = []
    _gather(doc, lines, [])
    return "\n".join(lines)


def to_markdown(doc: RichText) -> str:
    """The Markdown of a rich text, which `from_markdown` reads back."""
    return write_markdown(canonical(doc))


def is_empty(doc: RichText | None) -> bool:
    """Whether there is nothing to read or see."""
    return doc is None or all(block == paragraph() for block in children_of(doc))


def _as_it_is(address: str) -> str:
    return address


def _gather(node: Node, lines: list[str], line: list[str]) -> None:
    for child in children_of(node):
        match child["type"]:
            case "text":
                line.append(child["text"])
            case "maths":
                line.append(attribute(child, "tex"))
            case "image":
                line.append(attribute(child, "alt"))
            case "hardBreak":
                line.append("\n")
            case "tableRow":
                lines.append("\t".join(" ".join(to_text(cell).split("\n")) for cell in children_of(child)))
            case kind if kind in _ENDS_LINE:
                inside: list[str] = []
                _gather(child, lines, inside)
                if text := "".join(inside).strip():
                    lines.append(text)
            case _:
                _gather(child, lines, line)
