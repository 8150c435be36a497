"""What is written: refused where it would take long to read, and read once for all who look at it."""

import pytest

from lms_app.domain.content import rich_text
from lms_app.domain.talk import posts
from lms_app.errors import Invalid


@pytest.mark.parametrize("text", ["[" * 1_001, "![" * 1_001, "[a](" * 1_001])
def test_more_brackets_than_links_need_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        posts.checked_text(text)
    posts.checked_text(text[: len(text) // 2])


def test_a_post_is_read_once_for_all_who_look_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    reading = rich_text.from_markdown
    monkeypatch.setattr(rich_text, "from_markdown", lambda text: read.append(text) or reading(text))
    said = "Something that @Ada King has not read."
    assert {posts.html_of(said, ["Ada King"]) for _ in range(3)} == {"<p>Something that <strong>@Ada King</strong> has not read.</p>"}
    assert posts.html_of(said, ["Ada"]) == "<p>Something that <strong>@Ada</strong> King has not read.</p>"
    assert read == [said] * 2


@pytest.mark.parametrize(
    "text",
    [
        "[a](javascript:alert(1))",
        "[a](java&#115;cript:alert(1))",
        "[a](data:text/html,x)",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_nothing_that_is_written_becomes_a_script(text: str) -> None:
    html = posts.html_of(text)
    assert "<img" not in html
    assert "href" not in html


def test_a_picture_from_elsewhere_is_a_link_that_tells_nobody_until_it_is_followed() -> None:
    assert posts.html_of("![a](https://a.example/b)") == '<p><a href="https://a.example/b" rel="noopener noreferrer">a</a></p>'
