"""What search finds in a document, and how long reading it takes."""

from lms_app.domain.content.document import Document, document_of, parse_document
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.domain.content.plain_text import reading_minutes, text_of, text_of_html
from tests.domain.content.test_document import every_block


def test_search_finds_the_words_of_every_type_of_block() -> None:
    words = text_of(parse_document(every_block())).split("\n")
    assert {"Words", "A cat", "Felix", "A walk", "One.", "Two.", "Elsewhere", "A song", "Notes", "A page", "Hello", "print(1)"} <= set(words)
    assert {r"\frac{a}{b}", "Old words"} <= set(words)


def test_words_of_html_are_parted_where_paragraphs_end() -> None:
    assert text_of_html("<p>a &amp; <b>b</b></p><ul><li>c</li><li>d</li></ul><img src='file:x' alt=\"e\">") == "a & b\nc\nd\ne"


def test_reading_takes_a_minute_at_least_and_one_for_each_220_words() -> None:
    assert reading_minutes(Document()) == 1
    assert reading_minutes(document_from_markdown("word " * 220 * 5)) == 5
    assert reading_minutes(document_of([{"type": "html", "html": f"<p>{'word ' * 220 * 3}</p>"}])) == 3


def test_pictures_formulas_and_code_take_time_too() -> None:
    assert reading_minutes(document_from_markdown("![a](file:b)\n\n" * 30)) == 4
    assert reading_minutes(document_from_markdown("```\n" + "x\n" * 90 + "```")) == 3


def test_scripts_without_spaces_are_counted_by_character() -> None:
    assert reading_minutes(document_from_markdown("学" * 450 * 4)) == 4
