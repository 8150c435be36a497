"""A page written as one Markdown text is a document, and every document has a Markdown text that brings it back."""

from typing import Any

import pytest
from hypothesis import example, given

from lms_app.domain.content.document import Document, document_of, parse_document
from lms_app.domain.content.embeds import embed_hosts
from lms_app.domain.content.markdown import document_from_markdown, markdown_of_document
from lms_app.domain.content.rich_text import to_text
from lms_app.errors import Invalid
from tests.domain.content.generated import DOCUMENTS, MARKDOWN, OTHER_BLOCKS
from tests.domain.content.test_document import every_block


def blocks_of(markdown: str) -> list[dict[str, Any]]:
    return [block.model_dump(exclude={"id"}, exclude_defaults=True) | {"type": block.type} for block in document_from_markdown(markdown).blocks]


def kinds_of(markdown: str) -> list[str]:
    return [block["type"] for block in blocks_of(markdown)]


def contents(document: Document) -> list[dict[str, Any]]:
    return [block.model_dump(exclude={"id"}) for block in document.blocks]


def test_prose_between_other_blocks_is_one_rich_text_block() -> None:
    assert kinds_of("# A\n\ntext\n\n- list\n\n> quote\n\n| a |\n|---|\n| b |\n\n---\n\nend") == ["rich_text"]
    assert kinds_of("before\n\n```python\nx\n```\n\nafter") == ["rich_text", "code", "rich_text"]


def test_a_code_fence_is_a_code_block_with_language_and_caption() -> None:
    assert blocks_of("```python The *first* step\nprint(1)\n\n```") == [
        {"type": "code", "language": "python", "text": "print(1)\n", "caption": "The *first* step"}
    ]


def test_a_formula_between_dollar_lines_is_a_maths_block() -> None:
    assert blocks_of("$$\n\\frac{a}{b}\n$$") == [{"type": "maths", "tex": r"\frac{a}{b}"}]
    assert blocks_of("$$x^2$$") == [{"type": "maths", "tex": "x^2"}]


def test_a_picture_on_a_line_of_its_own_is_an_image_block_and_one_within_a_line_is_not() -> None:
    picture = {"type": "image", "file": "cat.png", "alt": "A cat", "caption": "Felix"}
    assert blocks_of('![A cat](file:cat.png "Felix")') == [picture]
    assert blocks_of('![A cat](file:cat.png "Felix")\n![](file:dog.png)') == [picture, {"type": "image", "file": "dog.png"}]
    assert kinds_of("![A cat](file:cat.png)<u>") == ["image"]
    assert kinds_of("See ![A cat](file:cat.png)") == ["rich_text"]
    assert kinds_of("[![A cat](file:cat.png)](https://example.org)") == ["rich_text"]
    assert kinds_of("![A cat](https://example.org/cat.png)") == ["rich_text"]


@pytest.mark.parametrize("tone", ["note", "tip", "careful"])
def test_a_box_between_colons_is_a_callout(tone: str) -> None:
    (block,) = document_from_markdown(f"::: {tone}\nMind **this**.\n\n- and this\n:::").blocks
    assert (block.type, getattr(block, "tone", "")) == ("callout", tone)
    assert to_text(getattr(block, "content", {})) == "Mind this.\nand this"


def test_a_bare_link_to_a_video_or_an_allowed_host_is_that_and_any_other_is_a_link() -> None:
    assert blocks_of("https://www.youtube.com/watch?v=abcdefghijk") == [{"type": "video", "url": "https://www.youtube.com/watch?v=abcdefghijk"}]
    assert kinds_of("https://vimeo.com/12345") == ["video"]
    assert kinds_of("https://example.org/page") == ["rich_text"]
    assert kinds_of("see https://vimeo.com/12345") == ["rich_text"]
    found = document_from_markdown("https://maps.example.org/x", embed_hosts=embed_hosts("maps.example.org, other.example.org"))
    assert [block.type for block in found.blocks] == ["embed"]


def test_a_bare_link_reads_back_as_a_link_and_plain_words_that_look_like_one_stay_words() -> None:
    assert markdown_of_document(document_from_markdown("https://example.org/page")) == "<https://example.org/page>\n"
    words = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "https://vimeo.com/12345"}]}]}
    document = document_of([{"type": "rich_text", "content": words}])
    assert contents(document_from_markdown(markdown_of_document(document))) == contents(document)


def test_lines_with_double_colons_name_blocks_that_markdown_has_no_sign_for() -> None:
    quiz = "0192f0c1-7a60-7000-8000-000000000009"
    assert blocks_of(f"::quiz({quiz})\n::file[Notes](file:notes.pdf)\n\n::audio(file:song.ogg)") == [
        {"type": "quiz", "assessment": quiz},
        {"type": "file", "file": "notes.pdf", "title": "Notes"},
        {"type": "audio", "file": "song.ogg"},
    ]
    assert blocks_of('::video[A walk](file:walk.mp4) {"transcript": "One.\\nTwo."}') == [
        {"type": "video", "file": "walk.mp4", "title": "A walk", "transcript": "One.\nTwo."}
    ]


@pytest.mark.parametrize("line", ["::marquee(x)", "::quiz", "::video {not json}", "::quiz[label](x)", "\\::quiz(x)", "::code(x)"])
def test_a_line_that_names_no_block_is_words(line: str) -> None:
    assert kinds_of(line) == ["rich_text"]


def test_a_line_that_names_a_block_wrongly_is_refused_in_a_sentence() -> None:
    with pytest.raises(Invalid, match=r"Block 2 \(video\), url: it must be a web address"):
        document_from_markdown('Words\n\n::video {"url": "javascript:alert(1)"}')


def test_raw_html_is_taken_only_from_its_fence_and_sanitised() -> None:
    assert blocks_of("```{=html}\n<p onclick=x>a</p><script>1</script>\n```") == [{"type": "html", "html": "<p>a</p>"}]
    (block,) = blocks_of("<script>alert(1)</script>\n\n<div onclick=x>a</div>")
    assert block["type"] == "rich_text"
    assert to_text(block["content"]) == "<script>alert(1)</script>\n<div onclick=x>a</div>"


def test_every_type_of_block_comes_back_from_its_markdown() -> None:
    document = parse_document(every_block())
    assert document_from_markdown(markdown_of_document(document), previous=document) == document


@given(DOCUMENTS)
def test_the_markdown_of_a_document_is_stable(document: Document) -> None:
    once = document_from_markdown(markdown_of_document(document))
    assert markdown_of_document(document_from_markdown(markdown_of_document(once))) == markdown_of_document(once)
    assert contents(document_from_markdown(markdown_of_document(once))) == contents(once)


@given(OTHER_BLOCKS.filter(lambda block: block["type"] != "callout"))
def test_a_block_of_any_content_comes_back_from_its_markdown(block: dict[str, Any]) -> None:
    document = document_of([block])
    assert contents(document_from_markdown(markdown_of_document(document))) == contents(document)


@given(MARKDOWN)
@example("<u>![a](file:b)")
def test_any_text_is_a_document_whose_markdown_brings_it_back(markdown: str) -> None:
    try:
        document = document_from_markdown(markdown)
    except Invalid:
        return
    assert document_from_markdown(markdown_of_document(document), previous=document) == document


def test_blocks_keep_their_ids_when_others_are_added_changed_or_moved_away() -> None:
    before = document_from_markdown("One\n\n```python\na\n```\n\nTwo\n\n$$x$$\n\nThree")
    after = document_from_markdown("New\n\n$$y$$\n\nOne\n\n```python\nb\n```\n\nTwo\n\nThree", previous=before)
    ids = [block.id for block in before.blocks]
    assert [block.type for block in after.blocks] == ["rich_text", "maths", "rich_text", "code", "rich_text"]
    assert after.blocks[2].id == ids[0]
    assert after.blocks[3].id == ids[1]
    assert after.blocks[0].id not in ids
    assert len({block.id for block in after.blocks}) == 5
    assert document_from_markdown(markdown_of_document(before), previous=before) == before
