"""HTML from elsewhere loses whatever could run, frame, style or mislead, and keeps its words."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.content import rich_text
from lms_app.domain.content.document import document_of
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.domain.content.references import safe_link
from lms_app.domain.content.rendering import Resolver, html_of_rich_text, render
from lms_app.domain.content.sanitising import MAX_HTML, Removed, clean, sanitise
from lms_app.domain.content.tags import ATTRIBUTES, TAGS
from lms_app.errors import Invalid
from tests.domain.content.attacks import ATTACKS

OURS = {"class", "data-block", "role", "tabindex", "aria-label", "aria-hidden", "loading", "preload", "rel", "controls", "download"}
DRAWN = {"svg", "path", "circle"}
SIGN = {"viewbox", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "cx", "cy", "r", "d", "width", "height"}
ADDRESS = re.compile(r"(https?://[^\s]|mailto:|tel:|/(?!/)|#|file:|page:)")
RESOLVER = Resolver(file=lambda name: f"/v/files/{name}" if name == "x" else None, page=lambda name: f"/learn/a/{name}")


class Audit(HTMLParser):
    """Collects whatever in a piece of HTML should not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS | DRAWN:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            allowed = ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"] | OURS | (SIGN if tag in DRAWN else set())
            if name not in allowed or name.startswith("on") or name == "style":
                self.faults.append(f"{tag} {name}={value}")
            if name in {"href", "src"} and not ADDRESS.match(value or ""):
                self.faults.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"<![{data}]>")


def faults(html: str) -> list[str]:
    audit = Audit()
    audit.feed(html)
    audit.close()
    return audit.faults


def test_the_audit_itself_sees_what_should_not_be_there() -> None:
    assert faults("<script>") == ["<script>"]
    assert len(faults("<p onclick=x style=y><a href=javascript:x>")) == 3
    assert faults('<p><a href="/catalogue">x</a></p>') == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_survives_sanitising(attack: str) -> None:
    html = sanitise(attack).html
    assert faults(html) == []
    assert clean(html) == html


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_survives_on_a_page_whatever_way_it_came_in(attack: str) -> None:
    ways = [
        render(document_of([{"type": "html", "html": attack}]), RESOLVER).html,
        html_of_rich_text(rich_text.from_html(attack, tex_delimiters=True), RESOLVER),
        html_of_rich_text(rich_text.from_markdown(attack), RESOLVER),
        html_of_rich_text(rich_text.from_text(attack), RESOLVER),
        render(
            document_from_markdown(f"{attack}\n\n```{{=html}}\n{attack}\n```\n\n$${attack}$$\n\n```python {attack}\n{attack}\n```"), RESOLVER
        ).html,
        render(document_of([{"type": "maths", "tex": attack}, {"type": "maths", "tex": rf"\text{{{attack}}}"}]), RESOLVER).html,
        render(document_of([{"type": "code", "language": "html", "text": attack, "caption": attack}]), RESOLVER).html,
        render(document_of([{"type": "image", "file": attack[:300], "alt": attack, "caption": attack}]), RESOLVER).html,
        render(document_of([{"type": "image", "file": "x", "alt": attack, "caption": attack}]), RESOLVER).html,
        render(document_of([{"type": "video", "file": "x", "title": attack, "transcript": attack}]), RESOLVER).html,
        render(document_of([{"type": "file", "file": "x", "title": attack}, {"type": "audio", "file": "x", "title": attack}]), RESOLVER).html,
        render(document_of([{"type": "embed", "url": "https://example.org/\"'<>", "title": attack}]), RESOLVER).html,
    ]
    for html in ways:
        assert faults(html.replace('data-tone="', 'class="')) == []


def test_an_address_that_a_resolver_gives_is_escaped_too() -> None:
    hostile = Resolver(file=lambda name: '/x"onerror="attack()', page=lambda name: '/x"onclick="attack()')
    blocks = [
        {"type": "html", "html": "<img src=file:x><a href=page:x>x</a>"},
        {"type": "image", "file": "x"},
        {"type": "rich_text", "content": rich_text.from_markdown("![a](file:x) [b](page:x)")},
        {"type": "video", "file": "x", "captions": [{"file": "x", "language": "en"}]},
    ]
    html = render(document_of(blocks), hostile).html
    assert "&quot;onerror=" in html
    assert not re.search(r'<[^>]*"on(error|click)=', html)


def test_a_javascript_link_in_stored_rich_text_is_left_out_even_if_nobody_checked_it() -> None:
    text = {"type": "text", "text": "x", "marks": [{"type": "link", "attrs": {"href": "javascript:attack()"}}]}
    stored = {"type": "doc", "content": [{"type": "paragraph", "content": [text]}]}
    assert html_of_rich_text(stored) == "<p>x</p>"
    assert rich_text.to_html(stored) == "<p>x</p>"


def test_what_was_removed_is_counted() -> None:
    html = (
        "<p onclick=a onload=b>Words</p><script>1</script><script src=x></script><iframe src=https://example.org></iframe>"
        "<object data=x></object><embed src=x><a href='javascript:a()'>x</a><img src='data:image/png;base64,AAAA'><a href=unit2.html>y</a>"
    )
    found = sanitise(html)
    assert found.removed == Removed(scripts=2, handlers=2, frames=3, addresses=3)
    assert found.removed.total == 10
    assert found.html == "<p>Words</p><a>x</a><img><a>y</a>"


def test_nothing_is_counted_in_harmless_html() -> None:
    html = (
        '<p id="in-a">a <b>b</b></p><a href="page:unit 2#part">c</a><img src="file:a b.png" alt="d"><math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>'
    )
    assert sanitise(html).html == html
    assert sanitise(html).removed.total == 0


def test_references_and_links_are_kept_as_they_are() -> None:
    for address in (
        "file:a b.png",
        "page:unit-2",
        "page:unit-2#part",
        "https://example.org/a?b=1",
        "mailto:a@example.org",
        "tel:+31201234567",
        "/catalogue",
    ):
        assert clean(f'<a href="{address}">x</a>') == f'<a href="{address}">x</a>'


def test_ids_of_html_cannot_meet_those_of_the_page_and_links_within_it_still_lead_there() -> None:
    assert clean('<h2 id="root">a</h2><a href="#root">b</a>') == '<h2 id="in-root">a</h2><a href="#in-root">b</a>'


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTPS://example.org", "https://example.org"),
        ("//example.org/x", "https://example.org/x"),
        (" page:x ", "page:x"),
        ("java\nscript:attack()", None),
        ("\tjavascript:attack()", None),
        ("javascript:attack()", None),
        ("data:text/html,x", None),
        ("https:example.org", None),
        ("https://", None),
        ("https://[", None),
        ("https://exa mple.org", None),
        ("/\\evil.example", None),
        ("unit2.html", None),
        ("file:", None),
        ("", None),
        (None, None),
        (7, None),
        ("https://example.org/" + "x" * 2000, None),
    ],
)
def test_only_known_kinds_of_address_are_followed(address: object, safe: str | None) -> None:
    assert safe_link(address) == safe


TAG_SOUP = st.lists(
    st.sampled_from(
        [
            *("<p>", "</p>", "<b>", "</b>", "<math>", "</math>", "<mtext>", "</mtext>", "<svg>", "</svg>", "<style>", "</style>", "<table>", "<td>"),
            *("<mglyph>", "<title>", "</title>", "<a href='", "'>", '"', "<!--", "-->", "<![CDATA[", "]]>", "<img src=x onerror=attack()>", "<form>"),
            *("</form>", "<annotation-xml encoding=text/html>", "<foreignObject>", "<textarea>", "</textarea>", "<noscript>", "javascript:attack()"),
            *(
                "<script>",
                "</script>",
                "attack()",
                "&lt;",
                "&#x3c;",
                "<h1>",
                "<select>",
                "<template>",
                "<video src=file:x>",
                "</video>",
                "<li>",
                "<ul>",
            ),
        ]
    ),
    max_size=14,
).map("".join)


@given(TAG_SOUP)
def test_no_soup_of_tags_survives_either(soup: str) -> None:
    html = clean(soup)
    assert faults(html) == []
    assert clean(html) == html
    assert faults(render(document_of([{"type": "html", "html": soup}]), RESOLVER).html) == []
    assert faults(html_of_rich_text(rich_text.from_html(soup), RESOLVER)) == []


@pytest.mark.parametrize("html", ["x" * (MAX_HTML + 1), "<div>" * 4000, "<option>" * 4000 + "x", "<b>" * 4000])
def test_html_beyond_all_bounds_is_refused_in_a_sentence(html: str) -> None:
    for read in (sanitise, clean, rich_text.from_html):
        with pytest.raises(Invalid, match=r"too (long|deeply)"):
            read(html)
