"""HTML of any origin (pasted, imported) to rich text: what rich text can say is kept, the rest becomes its plain text."""

import re
from html.parser import HTMLParser
from typing import Final

import nh3

from lms_app.domain.content.references import FILE_SCHEME, LINK_SCHEMES, safe_link, safe_outside_address
from lms_app.domain.content.rich_text_schema import INLINE, Node, canonical, paragraph, text_node, walk
from lms_app.domain.content.sanitising import bounded
from lms_app.domain.content.tags import DROPPED_WITH_CONTENT, names

_MARKS: Final = {
    **dict.fromkeys(("strong", "b", "dt", "summary"), "bold"),
    **dict.fromkeys(("em", "i", "dfn", "cite", "figcaption"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "del", "strike"), "strike"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    "sup": "superscript",
    "sub": "subscript",
}
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_FLOWS: Final = names(
    "p div section article aside header footer main nav figure figcaption dl dt dd details summary address center fieldset form legend caption hgroup"
)
_CONTAINERS: Final = {
    "ul": "bulletList",
    "ol": "orderedList",
    "menu": "bulletList",
    "li": "listItem",
    "blockquote": "blockquote",
    "table": "table",
    "tr": "tableRow",
    "td": "tableCell",
    "th": "tableHeader",
}
_WITHOUT_TEXT: Final = frozenset({"bulletList", "orderedList", "table", "tableRow"})
_TAGS: Final = frozenset(
    {*_MARKS, *_HEADINGS, *_FLOWS, *_CONTAINERS, "a", "pre", "hr", "br", "img", "q", "thead", "tbody", "tfoot", "math", "semantics", "annotation"}
)
_ATTRIBUTES: Final = {
    "a": {"href"},
    "annotation": {"encoding"},
    "code": {"class"},
    "img": {"src", "alt"},
    "math": {"alttext"},
    "ol": {"start"},
    "pre": {"class", "data-language"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_LANGUAGE: Final = re.compile(r"(?:^|\s)(?:language|lang|brush:)-?\s*([A-Za-z0-9_+#.-]+)")
_DELIMITED: Final = re.compile(
    r"\\\(((?:[^\\]|\\[^()])+?)\\\)|\\\[((?:[^\\]|\\[^\[\]])+?)\\\]|\[mathjax(?:inline)?\]([^\[]+(?:\[(?!/mathjax)[^\[]*)*)\[/mathjax(?:inline)?\]"
)


def read_html(html: str, *, tex_delimiters: bool = False) -> Node:
    r"""The rich text of HTML, in canonical form. With `tex_delimiters`, `\(…\)` and `\[…\]` in its text are maths.

    Raises Invalid for HTML that is too long or nested too deeply.
    """
    tidy = nh3.clean(
        bounded(html),
        tags=set(_TAGS),
        clean_content_tags=set(DROPPED_WITH_CONTENT - {"annotation"}),
        attributes=_ATTRIBUTES,
        url_schemes=set(LINK_SCHEMES),
        link_rel=None,
    )
    reader = _Reader(tex_delimiters)
    reader.feed(tidy)
    reader.close()
    return canonical({"type": "doc", "content": reader.finished()}, flatten=True)


class _Reader(HTMLParser):
    """Builds nodes from tidy HTML, in which every element is closed in order."""

    def __init__(self, tex_delimiters: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.tex_delimiters = tex_delimiters
        self.open: list[Node] = [{"type": "flow", "content": []}]
        self.marks: list[Node] = []
        self.maths: _Formula | None = None
        self.code: Node | None = None

    def finished(self) -> list[Node]:
        """All top-level nodes, loose inline ones among them."""
        while len(self.open) > 1:
            self._end_container()
        return self.open[0]["content"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self.maths is not None:
            self.maths.start(tag, given)
        elif tag == "math":
            self.maths = _Formula(given.get("alttext", ""))
        elif tag == "pre":
            self.code = {"type": "codeBlock", "attrs": {"language": _language(given)}, "content": []}
        elif self.code is not None:
            self._in_code(tag, given)
        else:
            self._start(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self.maths is not None:
            if tag == "math":
                self._add(*self.maths.nodes(self.marks))
                self.maths = None
            else:
                self.maths.end(tag)
        elif self.code is not None:
            if tag == "pre":
                self._add(self.code)
                self.code = None
        elif tag == "q":
            self._text("”")
        else:
            if tag in _FLOWS or tag in _HEADINGS or tag in _CONTAINERS:
                self._end_container()
            if tag in _MARKS or tag == "a":
                self.marks.pop()

    def handle_data(self, data: str) -> None:
        if self.maths is not None:
            self.maths.text(data)
        elif self.code is not None:
            self.code["content"].append(text_node(data))
        elif self.open[-1]["type"] not in _WITHOUT_TEXT or data.strip():
            self._text(data)

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "a":
            self.marks.append({"type": "link", "attrs": {"href": given.get("href", "")}})
        elif tag in _MARKS:
            is_formula = tag == "code" and given.get("class") == "ly-tex"
            self.marks.append({"type": "tex" if is_formula else _MARKS[tag]})
        if tag in _HEADINGS:
            self.open.append({"type": "heading", "attrs": {"level": _HEADINGS[tag]}, "content": []})
        elif tag in _FLOWS:
            self.open.append({"type": "caption" if tag == "caption" else "flow", "content": []})
        elif tag in _CONTAINERS:
            self.open.append({"type": _CONTAINERS[tag], "attrs": _whole_numbers(given), "content": []})
        elif tag == "br":
            self._add({"type": "hardBreak"})
        elif tag == "hr":
            self._add({"type": "horizontalRule"})
        elif tag == "img":
            self._add(*self._picture(given.get("src", ""), given.get("alt", "")))
        elif tag == "q":
            self._text("“")

    def _in_code(self, tag: str, given: dict[str, str]) -> None:
        assert self.code is not None
        if tag == "br":
            self.code["content"].append(text_node("\n"))
        elif tag == "code" and _language(given):
            self.code["attrs"]["language"] = _language(given)

    def _end_container(self) -> None:
        node = self.open.pop()
        if node["type"] == "flow":
            self._add(*_paragraphs(node["content"]))
        elif node["type"] == "caption":
            # A table is added when it ends, so this comes to stand before it.
            self.open[-2 if len(self.open) > 1 else -1]["content"] += _paragraphs(node["content"])
        elif node["type"] == "heading":
            node["content"] = _inline_of(node)
            self._add(node)
        elif not _may_hold(self.open[-1]["type"], node["type"]):
            self._add(*_paragraphs(node["content"]))
        else:
            self._add(node)

    def _add(self, *nodes: Node) -> None:
        self.open[-1]["content"] += nodes

    def _text(self, data: str) -> None:
        if self.marks and self.marks[-1]["type"] == "tex":
            self._add({"type": "maths", "attrs": {"tex": data}, "marks": self.marks[:-1]})
            return
        position = 0
        if self.tex_delimiters:
            for found in _DELIMITED.finditer(data):
                self._add(text_node(data[position : found.start()], self.marks))
                self._add({"type": "maths", "attrs": {"tex": next(filter(None, found.groups()))}, "marks": list(self.marks)})
                position = found.end()
        self._add(text_node(data[position:], self.marks))

    def _picture(self, source: str, alt: str) -> list[Node]:
        address = source if source == FILE_SCHEME else safe_link(source)
        outside = safe_outside_address(address)
        if outside:
            words = alt.strip() or outside.rsplit("/", 1)[-1] or outside
            return [text_node(words, [*self.marks, {"type": "link", "attrs": {"href": outside}}])]
        name = address.removeprefix(FILE_SCHEME) if address and address.startswith(FILE_SCHEME) else ""
        return [{"type": "image", "attrs": {"file": name, "alt": alt}, "marks": list(self.marks)}] if name or alt.strip() or address else []


class _Formula:
    """What is met inside one `<math>`: its TeX where it says it, else its characters."""

    def __init__(self, alttext: str) -> None:
        self.tex = alttext
        self.annotation: list[str] | None = None
        self.skipping = False
        self.characters: list[str] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "annotation":
            self.annotation = [] if "tex" in given.get("encoding", "").lower() else None
            self.skipping = self.annotation is None

    def end(self, tag: str) -> None:
        if tag == "annotation":
            if self.annotation is not None and not self.tex:
                self.tex = "".join(self.annotation)
            self.annotation, self.skipping = None, False

    def text(self, data: str) -> None:
        if self.annotation is not None:
            self.annotation.append(data)
        elif not self.skipping:
            self.characters.append(data)

    def nodes(self, marks: list[Node]) -> list[Node]:
        if self.tex.strip():
            return [{"type": "maths", "attrs": {"tex": self.tex}, "marks": list(marks)}]
        return [text_node("".join(self.characters), marks)]


def _paragraphs(nodes: list[Node]) -> list[Node]:
    """The nodes with runs of inline ones made into paragraphs."""
    blocks: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if node["type"] in INLINE:
            run.append(node)
        else:
            blocks += [paragraph(*run), node] if run else [node]
            run = []
    return [*blocks, paragraph(*run)] if run else blocks


def _inline_of(node: Node) -> list[Node]:
    found: list[Node] = []
    for inner in walk(node):
        if inner["type"] in INLINE:
            found.append(inner)
        elif found and inner is not node:
            found.append(text_node(" "))
    return found


def _may_hold(parent: str, child: str) -> bool:
    """Whether the child's place is in this parent; the HTML parser lets an item or a cell stand where it should not."""
    match child:
        case "listItem":
            return parent in {"bulletList", "orderedList"}
        case "tableRow":
            return parent == "table"
        case "tableCell" | "tableHeader":
            return parent == "tableRow"
        case _:
            return parent not in {"table", "tableRow"}


def _whole_numbers(given: dict[str, str]) -> dict[str, int]:
    return {name: int(value) for name in ("start", "colspan", "rowspan") if (value := given.get(name, "").strip()).isdecimal() and len(value) < 10}


def _language(given: dict[str, str]) -> str:
    found = _LANGUAGE.search(given.get("class", ""))
    return found[1] if found else given.get("data-language", "")
