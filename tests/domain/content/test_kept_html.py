"""What is kept of rendered content is what rendering it again would give."""

import pytest

from lms_app.domain.content import kept_html, rendering
from lms_app.domain.content.rich_text import RichText, from_markdown
from lms_app.domain.courses.addresses import resolver
from lms_app.ids import uuid7

PAGE = uuid7()


def content(words: str = "here") -> RichText:
    return from_markdown(f"Look [{words}](page:{PAGE}), and $x^2$.")


@pytest.mark.parametrize("name", ["html_of_rich_text", "inline_html_of_rich_text"])
def test_rendered_once_or_twice_it_is_the_same(name: str) -> None:
    expected = getattr(rendering, name)(content(), resolver("stones"))
    assert [getattr(kept_html, name)(content(), resolver("stones")) for _ in range(2)] == [expected, expected]


def test_two_courses_and_two_texts_do_not_share_what_is_kept() -> None:
    shown = {kept_html.html_of_rich_text(content(words), resolver(slug)) for words in ("here", "there") for slug in ("stones", "sand")}
    assert len(shown) == 4
    assert sum(f"/learn/stones/{PAGE}" in html for html in shown) == 2


def test_a_document_is_kept_and_not_rendered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    document = {"schema_version": 1, "blocks": [{"id": "stemstemstem", "type": "rich_text", "content": content("once")}]}
    first = kept_html.html_of_document(document, resolver("stones"))
    monkeypatch.setattr(rendering, "parse_document", None)
    assert kept_html.html_of_document(document, resolver("stones")) == first
