"""A document is taken only in its one form, and what is wrong is said in a sentence that names the block."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.content.document import BLOCK_TYPES, MAX_BLOCKS, MAX_DOCUMENT, Document, new_block_id, parse_document
from lms_app.errors import Invalid
from tests.domain.content.generated import DOCUMENTS

PARAGRAPH = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Words"}]}]}
EVERY_BLOCK: list[dict[str, Any]] = [
    {"type": "rich_text", "content": PARAGRAPH},
    {"type": "image", "file": "0192f0c1-7a60-7000-8000-000000000001", "alt": "A cat", "caption": "Felix", "decorative": False},
    {
        "type": "video",
        "file": "0192f0c1-7a60-7000-8000-000000000002",
        "title": "A walk",
        "captions": [{"file": "0192f0c1-7a60-7000-8000-000000000003", "language": "en", "label": "English"}],
        "transcript": "One.\nTwo.",
    },
    {"type": "video", "url": "https://www.youtube.com/watch?v=abcdefghijk", "title": "Elsewhere"},
    {"type": "audio", "file": "0192f0c1-7a60-7000-8000-000000000004", "title": "A song"},
    {"type": "file", "file": "0192f0c1-7a60-7000-8000-000000000005", "title": "Notes"},
    {"type": "pdf", "file": "0192f0c1-7a60-7000-8000-000000000007", "title": "A paper"},
    {"type": "embed", "url": "https://player.vimeo.com/video/12345", "title": "A page"},
    {"type": "callout", "tone": "tip", "content": PARAGRAPH},
    {"type": "collapsible", "title": "More", "content": PARAGRAPH},
    {"type": "code", "language": "python", "text": "print(1)", "caption": "Hello"},
    {"type": "maths", "tex": r"\frac{a}{b}"},
    {"type": "html", "html": "<p>Old words</p>"},
    {"type": "quiz", "assessment": "0192f0c1-7a60-7000-8000-000000000006"},
]


def every_block() -> dict[str, Any]:
    return {"schema_version": 1, "blocks": [{"id": new_block_id(), **block} for block in EVERY_BLOCK]}


def with_block(**block: Any) -> dict[str, Any]:
    return {"schema_version": 1, "blocks": [{"id": "abcdefghijkl", "type": "rich_text", "content": PARAGRAPH}, {"id": "abcdefghijk0", **block}]}


def test_every_type_of_block_is_taken_and_given_back_as_it_was() -> None:
    stored = every_block()
    assert {block["type"] for block in stored["blocks"]} == set(BLOCK_TYPES)
    dumped = parse_document(json.dumps(stored)).dump()
    assert parse_document(dumped).dump() == dumped
    for before, after in zip(stored["blocks"], dumped["blocks"], strict=True):
        assert after == after | before


@given(DOCUMENTS)
def test_a_parsed_document_is_stored_and_parsed_again_without_change(document: Document) -> None:
    assert parse_document(json.dumps(document.dump())) == document


def test_block_ids_are_twelve_url_safe_characters_and_never_repeat() -> None:
    ids = {new_block_id() for _ in range(10_000)}
    assert len(ids) == 10_000
    assert all(len(name) == 12 and name.replace("-", "").replace("_", "").isalnum() for name in ids)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("{", "This is not a document: it is not valid JSON."),
        ("[" * 100_000, "This is not a document: it is not valid JSON."),
        ("[]", "This is not a document: it must be an object with blocks."),
        ({"schema_version": 2, "blocks": []}, "another version"),
        ({"schema_version": 1, "blocks": [], "extra": 1}, "This is not a document: extra inputs are not permitted."),
        ({"schema_version": 1, "blocks": {}}, "This is not a document: "),
        (with_block(type="marquee"), "Block 2 is of an unknown kind, “marquee”."),
        ({"schema_version": 1, "blocks": [7]}, "Block 1"),
        (with_block(type="image", file="x" * 301), "Block 2 (image), file: "),
        (with_block(type="image", file="x", onerror="x"), "Block 2 (image), onerror: extra inputs are not permitted."),
        (with_block(type="embed", url="javascript:alert(1)"), "Block 2 (embed), url: it must be a web address"),
        (with_block(type="embed", url="file:///etc/passwd"), "Block 2 (embed), url: it must be a web address"),
        (with_block(type="video", file="a", url="https://example.org"), "Block 2 (video): it may have a file or an address, not both."),
        (with_block(type="quiz", assessment=""), "Block 2 (quiz), assessment: "),
        (with_block(type="callout", tone="loud", content=PARAGRAPH), "Block 2 (callout), tone: "),
        (with_block(type="rich_text", content={"type": "paragraph"}), "Block 2 (rich_text), content: this is not a rich text"),
        (with_block(type="rich_text", content={"type": "doc", "content": [{"type": "iframe"}]}), "an unknown kind, “iframe”."),
        (with_block(type="rich_text", content={"type": "doc", "content": ["x"]}), "every node needs a type."),
        (with_block(type="rich_text", content={"type": "doc", "content": 5}), "must be a list."),
        (with_block(type="rich_text", content={"type": "doc", "attrs": []}), ""),
        (with_block(type="html", html="<div>" * 5000), "Block 2 (html), html: this HTML is nested too deeply."),
        ({"blocks": [{"id": "short", "type": "maths", "tex": "x"}]}, "Block 1 (maths), id: "),
        ({"blocks": [{"id": "abcdefghijkl", "type": "maths", "tex": "x"}] * 2}, "two blocks have the same id."),
        ({"blocks": [{"type": "maths", "tex": "x"}] * (MAX_BLOCKS + 1)}, "This page is too long: the limit is 1,000 blocks."),
        ('"' + "x" * MAX_DOCUMENT, "This page is too long: the limit is 4,000,000 characters."),
    ],
)
def test_what_is_no_document_is_refused_in_a_sentence(given: Any, sentence: str) -> None:
    if sentence == "":
        parse_document(given)
        return
    with pytest.raises(Invalid) as refusal:
        parse_document(given)
    assert sentence in refusal.value.sentence
    assert refusal.value.sentence.endswith(".")
    assert len(refusal.value.sentence) < 300


def test_a_text_nested_beyond_all_reading_is_refused() -> None:
    deep: dict[str, Any] = {"type": "paragraph", "content": [{"type": "text", "text": "x"}]}
    for _ in range(400):
        deep = {"type": "blockquote", "content": [deep]}
    with pytest.raises(Invalid, match="nested too deeply"):
        parse_document(with_block(type="rich_text", content={"type": "doc", "content": [deep]}))


def test_html_is_sanitised_whoever_wrote_the_document() -> None:
    document = parse_document(with_block(type="html", html="<p onclick=x>Words<script>alert(1)</script></p>"))
    assert document.dump()["blocks"][1]["html"] == "<p>Words</p>"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.sampled_from(["doc", "text", *BLOCK_TYPES]),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "content", "attrs", "marks", "text", "id", "file", "html", "level", "href", "url"]), inside, max_size=5
        )
    ),
    max_leaves=20,
)


@given(st.lists(JSON, max_size=3), st.sampled_from(BLOCK_TYPES), JSON)
def test_any_json_is_either_a_document_or_refused(blocks: list[Any], kind: str, content: Any) -> None:
    for value in ({"schema_version": 1, "blocks": blocks}, with_block(type=kind, content=content), with_block(type=kind, file=content, html=content)):
        try:
            document = parse_document(value)
        except Invalid:
            continue
        assert parse_document(document.dump()) == document
