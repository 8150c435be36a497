"""A document goes into the block editor and comes back as it was, block by block."""

from typing import Any

import pytest
from hypothesis import given

from lms_app.domain.content.document import BLOCK_TYPES, Document, RichTextBlock, document_of, parse_document
from lms_app.domain.content.editing import LEAVES, from_editor, to_editor
from lms_app.domain.content.rich_text_schema import children_of, paragraph, text_node
from lms_app.errors import Invalid
from tests.domain.content.generated import DOCUMENTS
from tests.domain.content.test_document import every_block

SPECIAL = {"rich_text", "code", "callout", "collapsible"}


def prose(words: str, block: str | None = None) -> dict[str, Any]:
    return {"type": "paragraph", "attrs": {"block": block}, "content": [text_node(words)]}


def is_kept(block: Any) -> bool:
    """Whether the editor keeps a block as it is: no rich text with code at its outermost, and none that says nothing."""
    if not isinstance(block, RichTextBlock):
        return True
    inside = children_of(block.content)
    return inside != [paragraph()] and all(node["type"] != "codeBlock" for node in inside)


def test_every_type_of_block_has_its_node() -> None:
    assert set(LEAVES.values()) | SPECIAL == set(BLOCK_TYPES)
    document = parse_document(every_block())
    assert from_editor(to_editor(document)) == document


@given(DOCUMENTS)
def test_any_document_comes_back_as_it_was(document: Document) -> None:
    kept = Document(blocks=[block for block in document.blocks if is_kept(block)])
    assert from_editor(to_editor(kept)) == kept


@given(DOCUMENTS)
def test_what_came_back_once_does_not_change_again(document: Document) -> None:
    once = from_editor(to_editor(document))
    assert from_editor(to_editor(once)) == once


def test_an_empty_page_is_an_empty_paragraph_and_back() -> None:
    assert to_editor(Document()) == {"type": "doc", "content": [paragraph()]}
    assert from_editor(to_editor(Document())) == Document()


def test_new_paragraphs_join_the_block_that_they_were_written_in() -> None:
    read = from_editor({"type": "doc", "content": [prose("One", "aaaaaaaaaaaa"), prose("Two"), prose("Three", "aaaaaaaaaaaa")]})
    assert [block.id for block in read.blocks] == ["aaaaaaaaaaaa"]


def test_texts_of_two_blocks_stay_two_blocks() -> None:
    read = from_editor({"type": "doc", "content": [prose("One", "aaaaaaaaaaaa"), prose("Two", "bbbbbbbbbbbb")]})
    assert [block.id for block in read.blocks] == ["aaaaaaaaaaaa", "bbbbbbbbbbbb"]


def test_a_copy_of_a_block_gets_an_id_of_its_own() -> None:
    rule = {"type": "mathsBlock", "attrs": {"block": "aaaaaaaaaaaa", "tex": "x"}}
    first, second = from_editor({"type": "doc", "content": [rule, rule]}).blocks
    assert first.id == "aaaaaaaaaaaa" != second.id


def test_a_text_cut_in_two_by_a_formula_keeps_its_id_in_its_first_part() -> None:
    cut = [prose("One", "aaaaaaaaaaaa"), {"type": "mathsBlock", "attrs": {"tex": "x"}}, prose("Two", "aaaaaaaaaaaa")]
    before, formula, after = from_editor({"type": "doc", "content": cut}).blocks
    assert before.id == "aaaaaaaaaaaa"
    assert len({before.id, formula.id, after.id}) == 3


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "outermost node"),
        ({"type": "paragraph"}, "outermost node"),
        ({"type": "doc", "content": "x"}, "outermost node"),
        ({"type": "doc", "content": ["x"]}, "must be an object"),
        ({"type": "doc", "content": [{"type": "paragraph", "attrs": 3}]}, "must be an object"),
        ({"type": "doc", "content": [{"type": "script"}]}, "unknown kind, “script”"),
        ({"type": "doc", "content": [{"type": "imageBlock", "attrs": {"file": 3}}]}, "Block 1 (image), file"),
        ({"type": "doc", "content": [{"type": "imageBlock", "attrs": {"file": "a", "onload": "x"}}]}, "Block 1 (image), onload"),
        ({"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "video"}]}]}, "may hold text"),
        ({"type": "doc", "content": [{"type": []}]}, "every node"),
        ({"type": "doc", "content": [{"type": "codeBlock", "content": -1}]}, "every node"),
        ({"type": "doc", "content": [{"type": "codeBlock", "content": ["x"]}]}, "every node"),
        ({"type": "doc", "content": [{"type": "callout", "content": "x"}]}, "every node"),
    ],
)
def test_what_is_no_page_is_refused_in_a_sentence(value: Any, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        from_editor(value)
    assert words in refusal.value.sentence


def test_the_editor_holds_the_words_of_a_document() -> None:
    document = document_of([{"type": "code", "language": "python", "text": "print(1)", "caption": "Hello"}])
    assert to_editor(document)["content"] == [
        {
            "type": "codeBlock",
            "attrs": {"block": document.blocks[0].id, "language": "python", "caption": "Hello"},
            "content": [text_node("print(1)")],
        }
    ]
