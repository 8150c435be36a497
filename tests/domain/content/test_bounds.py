"""Input made to be slow is read or refused in bounded time, and always with a sentence."""

import time

import pytest

from lms_app.domain.content import rich_text
from lms_app.domain.content.document import document_of
from lms_app.domain.content.markdown import document_from_markdown, markdown_of_document
from lms_app.domain.content.markdown_reading import MAX_MARKDOWN
from lms_app.domain.content.rendering import render
from lms_app.domain.content.sanitising import MAX_HTML, sanitise
from lms_app.errors import Invalid

pytestmark = pytest.mark.no_cover

SECONDS = 60
"""Each takes up to about four seconds on a free core; the tests share theirs. What is not bounded takes minutes."""

MARKDOWN = [
    "[",
    "*",
    "`",
    "**a",
    "[a](",
    "![[]()",
    "> ",
    "- ",
    "$a ",
    "<a ",
    "| a\n",
    "a|b\n-|-\n",
    "~~a",
    "``` \n",
    "::: tip\n",
    '[a](<b>"',
    "- a\n",
    "<u>",
    '<u a="',
]
HTML = [
    "<div>",
    "<p>",
    "<b><p>",
    "<table><tr><td>",
    "<a href=x>",
    "<math><mtext>",
    "<svg><title>",
    "<b><i></b>",
    "<option>",
    "&amp;",
    "<!--",
    "<",
    "\\(a",
    "</p>",
]


def repeated(part: str, length: int) -> str:
    return (part * (length // len(part) + 1))[:length]


@pytest.mark.parametrize("part", MARKDOWN)
def test_hostile_markdown_takes_bounded_time(part: str) -> None:
    started = time.perf_counter()
    try:
        document = document_from_markdown(repeated(part, MAX_MARKDOWN))
        render(document)
        markdown_of_document(document)
    except Invalid as refusal:
        assert "too" in refusal.sentence or "at most" in refusal.sentence  # noqa: PT017
    assert time.perf_counter() - started < SECONDS


@pytest.mark.parametrize("part", [*HTML, "manyattributes"])
def test_hostile_html_takes_bounded_time(part: str) -> None:
    html = "<a " + " ".join(f"x{number}" for number in range(40_000)) if part == "manyattributes" else repeated(part, MAX_HTML)
    started = time.perf_counter()
    for read in (
        lambda: sanitise(html),
        lambda: rich_text.from_html(html, tex_delimiters=True),
        lambda: render(document_of([{"type": "html", "html": html}])),
    ):
        try:
            read()
        except Invalid as refusal:
            assert "too" in refusal.sentence  # noqa: PT017
    assert time.perf_counter() - started < SECONDS


def test_hostile_tex_takes_bounded_time() -> None:
    started = time.perf_counter()
    for part in ("{", "^", "\\frac{", "\\left(", "x_{", "\\begin{matrix}", "\\sqrt{"):
        assert render(document_of([{"type": "maths", "tex": repeated(part, 9_900)}])).html
    assert time.perf_counter() - started < SECONDS


def test_code_that_lexers_are_slow_on_takes_bounded_time() -> None:
    started = time.perf_counter()
    for language in ("python", "javascript", "html", "cpp", "bash"):
        for part in ("'", '"', "(", "/*", "<a ", "\\", "a."):
            assert render(document_of([{"type": "code", "language": language, "text": repeated(part, 20_000)}])).html
    assert time.perf_counter() - started < SECONDS
