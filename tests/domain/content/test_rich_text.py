"""Rich text goes in and out of Markdown, HTML and plain text, and means the same on either side."""

import pytest
from hypothesis import given, settings

from lms_app.domain.content import rich_text
from lms_app.domain.content.markdown_reading import MAX_MARKDOWN
from lms_app.domain.content.rich_text_schema import walk
from lms_app.errors import Invalid
from tests.domain.content.generated import MARKDOWN, RICH_TEXTS, Node


def doc(*blocks: Node) -> Node:
    return {"type": "doc", "content": list(blocks)}


def test_markdown_becomes_every_kind_of_node() -> None:
    found = rich_text.from_markdown(
        "# Title\n\nSome **bold**, *italic*, ~~struck~~, `code`, <u>under</u>, H<sub>2</sub>O, x<sup>2</sup>, $x^2$, [link](https://a.org) "
        "and ![a cat](file:cat.png)\\\nnext line\n\n- one\n  1. two\n\n"
        "> quoted\n\n```python\nprint()\n```\n\n---\n\n| a | b |\n|---|---|\n| c | d |\n"
    )
    kinds = {inner["type"] for inner in walk(found)} | {mark["type"] for inner in walk(found) for mark in inner.get("marks", [])}
    assert kinds == {
        *("doc", "paragraph", "heading", "bulletList", "orderedList", "listItem", "blockquote", "codeBlock", "horizontalRule", "hardBreak"),
        *("text", "table", "tableRow", "tableHeader", "tableCell", "maths", "image"),
        *("bold", "italic", "strike", "code", "underline", "subscript", "superscript", "link"),
    }


@given(RICH_TEXTS)
def test_the_canonical_form_is_its_own_canonical_form(value: Node) -> None:
    once = rich_text.check(value)
    assert rich_text.check(once) == once


@given(RICH_TEXTS)
def test_html_gives_the_same_rich_text_back(value: Node) -> None:
    text = rich_text.check(value)
    assert rich_text.from_html(rich_text.to_html(text)) == text


@given(RICH_TEXTS)
def test_markdown_of_any_rich_text_is_stable_after_one_reading(value: Node) -> None:
    once = rich_text.from_markdown(rich_text.to_markdown(rich_text.check(value)))
    assert rich_text.from_markdown(rich_text.to_markdown(once)) == once


@given(MARKDOWN)
@settings(max_examples=300)
def test_what_markdown_says_survives_being_written_and_read_again(markdown: str) -> None:
    text = rich_text.from_markdown(markdown)
    written = rich_text.to_markdown(text)
    assert rich_text.from_markdown(written) == text
    assert rich_text.to_markdown(rich_text.from_markdown(written)) == written


def test_markdown_longer_than_the_limit_is_refused_with_a_sentence() -> None:
    with pytest.raises(Invalid, match="too long"):
        rich_text.from_markdown("a" * (MAX_MARKDOWN + 1))
