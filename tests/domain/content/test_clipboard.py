"""What office programs put on the clipboard comes out as clean text: their words and structure, none of their markings."""

from pathlib import Path
from typing import Any

import pytest

from lms_app.domain.content.clipboard import nodes_of
from lms_app.domain.content.editing import from_editor
from lms_app.domain.content.markdown import markdown_of_document
from lms_app.errors import Invalid

CLIPBOARD = Path(__file__).parent / "clipboard"
"""What Word, Google Docs and LibreOffice write, shortened, and what it says as Markdown."""


@pytest.mark.parametrize("program", ["word", "google_docs", "libreoffice"])
def test_what_an_office_program_copies_comes_out_clean(program: str) -> None:
    nodes = nodes_of((CLIPBOARD / f"{program}.html").read_text())
    written = markdown_of_document(from_editor({"type": "doc", "content": nodes}))
    assert written == (CLIPBOARD / f"{program}.md").read_text()


@pytest.mark.parametrize("html", ["", "   ", "<p></p>", "<!--StartFragment--><!--EndFragment-->", "<style>p{}</style>"])
def test_what_says_nothing_is_nothing(html: str) -> None:
    assert nodes_of(html) == []


@pytest.mark.parametrize(
    "html",
    [
        '<img src=x onerror="alert(1)">',
        "<script>alert(1)</script><p>a</p>",
        '<a href="javascript:alert(1)">a</a>',
        '<p style="mso-list:l0 level99 lfo1">a</p>',
        "<p style='mso-list:l0 level1'>a</p>tail<p style='mso-list:l0 level1'>b</p>",
        "\x00<b>\ud800</b>",
    ],
)
def test_whatever_is_pasted_carries_no_script_and_is_read(html: str) -> None:
    written = str(nodes_of(html))
    assert "alert" not in written
    assert "javascript" not in written


def kinds(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["type"] for node in nodes]


def test_a_text_between_two_items_parts_their_lists() -> None:
    items = "<p style='mso-list:l0 level1'>a</p>tail<p style='mso-list:l0 level1'>b</p>"
    assert kinds(nodes_of(items)) == ["bulletList", "paragraph", "bulletList"]


def test_code_stays_code() -> None:
    assert kinds(nodes_of("<pre><code class='language-python'>a\n  b</code></pre>")) == ["codeBlock"]


def test_too_much_is_refused_in_a_sentence() -> None:
    with pytest.raises(Invalid, match="too long"):
        nodes_of("<p>" + "x" * 1_000_000)
    with pytest.raises(Invalid, match="too deeply"):
        nodes_of("<div>" * 5000)
