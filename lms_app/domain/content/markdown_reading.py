"""Markdown to rich text: CommonMark with tables, strike-through, `$…$` maths and a few inline HTML tags (`<u>`, `<sup>`, `<sub>`, `<br>`…)."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from lms_app.domain.content.references import FILE_SCHEME, safe_outside_address
from lms_app.domain.content.rich_text_schema import MAX_NODES, Node, canonical, children_of, paragraph, text_node, walk
from lms_app.errors import Invalid

MAX_MARKDOWN: Final = 300_000
MAX_PARAGRAPH: Final = 50_000
"""Signs of a line are matched in a time that can grow with the square of its length."""
MAX_MARKDOWN_DEPTH: Final = 60
TONES: Final = ("note", "tip", "careful")
COLLAPSIBLE: Final = "details"

_MARKS: Final = {"strong": "bold", "em": "italic", "s": "strike", "u": "underline", "sup": "superscript", "sub": "subscript"}
_INLINE_TAGS: Final = {**_MARKS, "b": "bold", "i": "italic", "del": "strike", "ins": "underline", "code": "code", "kbd": "code"}
_CONTAINERS: Final = {
    "blockquote": "blockquote",
    "bullet_list": "bulletList",
    "ordered_list": "orderedList",
    "list_item": "listItem",
    "table": "table",
    "tr": "tableRow",
    "th": "tableHeader",
    "td": "tableCell",
}
BARE_LINK: Final = re.compile(r"https?://[^\s<>]+")
"""A line that is an address and nothing else is a link."""

_INLINE_TAG = re.compile(r"<(/?)([A-Za-z]+)\s*/?>")
_FORMULA = re.compile(r'<math alttext="([^"]*)"\s*/?>')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def read_markdown(markdown: str) -> Node:
    """The rich text of Markdown, in canonical form. Raises Invalid for a text that is too long."""
    return canonical({"type": "doc", "content": nodes_of(tokens_of(markdown))}, flatten=True)


def tokens_of(markdown: str, *, callouts: bool = False) -> list[Token]:
    """The block tokens of Markdown; with `callouts`, `:::tip` and the like are containers. Raises Invalid for a text that is too long."""
    if len(markdown) > MAX_MARKDOWN:
        raise Invalid(f"This text is too long: the limit is {MAX_MARKDOWN:,} characters.")
    return _parser(callouts).parse(markdown)


def _refuse_what_takes_long(state: StateCore) -> None:
    if len(state.tokens) > MAX_NODES:
        raise Invalid(f"This text is too long: it has more than {MAX_NODES:,} parts.")
    if any(len(token.content) > MAX_PARAGRAPH for token in state.tokens if token.type == "inline"):
        raise Invalid(f"A paragraph of this text is too long: the limit is {MAX_PARAGRAPH:,} characters.")


def nodes_of(tokens: Sequence[Token]) -> list[Node]:
    """The rich text nodes of a balanced run of block tokens; not yet canonical."""
    builder = _Builder()
    for token in tokens:
        builder.take(token)
    return builder.open[0]["content"]


class _Parser(MarkdownIt):
    """Addresses are judged by `safe_link` when the rich text is made canonical, and stay as they were written."""

    def validateLink(self, url: str) -> bool:
        return True

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link


@lru_cache(maxsize=2)
def _parser(callouts: bool) -> MarkdownIt:
    parser = _Parser("commonmark", {"maxNesting": MAX_MARKDOWN_DEPTH}).enable(["table", "strikethrough"]).disable(["html_block"])
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    parser.core.ruler.before("inline", "bounds", _refuse_what_takes_long)
    if callouts:
        for name in (*TONES, COLLAPSIBLE):
            parser.use(container_plugin, name)
    return parser


class _Builder:
    """Builds nodes from tokens in order."""

    def __init__(self) -> None:
        self.open: list[Node] = [{"type": "doc", "content": []}]

    def take(self, token: Token) -> None:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "inline":
            link = BARE_LINK.fullmatch(token.content)
            self.open[-1]["content"] += [_link(link[0])] if link else inline_of(token.children or [])
        elif name in _CONTAINERS or name in {"paragraph", "heading"}:
            self._container(name, token)
        elif token.type in {"fence", "code_block"}:
            language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
            text = token.content.removesuffix("\n")
            self._add({"type": "codeBlock", "attrs": {"language": language}, "content": [text_node(text)] if text else []})
        elif token.type == "hr":
            self._add({"type": "horizontalRule"})
        elif token.type.startswith("math_block"):
            self._add(paragraph({"type": "maths", "attrs": {"tex": token.content}}))

    def _container(self, name: str, token: Token) -> None:
        if token.nesting == 1:
            attrs = {"start": int(token.attrs.get("start", 1))} if name == "ordered_list" else {}
            if name == "heading":
                attrs = {"level": int(token.tag[1:])}
            self.open.append({"type": _CONTAINERS.get(name, name), "attrs": attrs, "content": []})
            return
        node = self.open.pop()
        if node["type"] == "table" and _is_blank(node["content"][0]):
            del node["content"][0]
        self._add(node)

    def _add(self, node: Node) -> None:
        self.open[-1]["content"].append(node)


def inline_of(tokens: Sequence[Token]) -> list[Node]:
    """The inline nodes of inline tokens."""
    nodes: list[Node] = []
    marks: list[Node] = []
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if name in _MARKS or name == "link":
            kind = _MARKS.get(name, name)
            _toggle(marks, {"type": kind, "attrs": {"href": token.attrs.get("href")}} if name == "link" else {"type": kind}, token.nesting == 1)
        elif token.type == "html_inline":
            nodes += _html(token.content, marks)
        else:
            nodes += _leaf(token, marks)
    return nodes


def _link(address: str) -> Node:
    return text_node(address, [{"type": "link", "attrs": {"href": address}}])


def _leaf(token: Token, marks: list[Node]) -> list[Node]:
    match token.type:
        case "softbreak":
            return [text_node(" ", marks)]
        case "hardbreak":
            return [{"type": "hardBreak"}]
        case "code_inline":
            return [text_node(token.content, [*marks, {"type": "code"}])]
        case "math_inline" | "math_inline_double":
            return [{"type": "maths", "attrs": {"tex": token.content}, "marks": list(marks)}]
        case "image":
            return [_picture(str(token.attrs.get("src") or ""), _words(token.children or []), marks)]
        case _:
            return [text_node(token.content, marks)]


def _html(tag: str, marks: list[Node]) -> list[Node]:
    """What an inline HTML tag adds: known ones turn a mark on or off, comments nothing, others stand as they are."""
    formula = _FORMULA.fullmatch(tag)
    if formula:
        return [{"type": "maths", "attrs": {"tex": unescape(formula[1])}, "marks": list(marks)}]
    found = _INLINE_TAG.fullmatch(tag)
    name = found[2].lower() if found else ""
    if name == "br":
        return [{"type": "hardBreak"}]
    if found and name in _INLINE_TAGS:
        _toggle(marks, {"type": _INLINE_TAGS[name]}, not found[1])
        return []
    return [] if tag.startswith("<!--") else [text_node(tag, marks)]


def _toggle(marks: list[Node], mark: Node, on: bool) -> None:
    if on:
        marks.append(mark)
        return
    for index in range(len(marks) - 1, -1, -1):
        if marks[index]["type"] == mark["type"]:
            del marks[index]
            return


def _picture(source: str, alt: str, marks: list[Node]) -> Node:
    outside = safe_outside_address(source)
    if outside:
        words = alt.strip() or outside.rsplit("/", 1)[-1] or outside
        return text_node(words, [*marks, {"type": "link", "attrs": {"href": outside}}])
    name = source.removeprefix(FILE_SCHEME)
    return {"type": "image", "attrs": {"file": "" if _SCHEME.match(name) else name, "alt": alt}, "marks": list(marks)}


def _words(tokens: Sequence[Token]) -> str:
    return "".join(" " if token.type in {"softbreak", "hardbreak"} else _words(token.children or []) or token.content for token in tokens)


def _is_blank(node: Node) -> bool:
    return not any(inner["type"] in {"text", "maths", "image"} for inner in walk(node) if inner is not node and not children_of(inner))
