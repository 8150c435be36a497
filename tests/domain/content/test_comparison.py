"""Two states of a document side by side: every change is shown once, and each side is all there."""

from hypothesis import given

from lms_app.domain.content.comparison import compare, differs
from lms_app.domain.content.document import Document
from lms_app.domain.content.editing import from_editor, to_editor
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.domain.content.rich_text_schema import children_of
from tests.domain.content.generated import DOCUMENTS


def kinds(before: str, after: str) -> list[str]:
    return [piece.kind for piece in compare(document_from_markdown(before), document_from_markdown(after))]


def test_what_is_the_same_is_said_to_be_the_same() -> None:
    assert kinds("# One\n\nTwo", "# One\n\nTwo") == ["same", "same"]
    assert not differs(document_from_markdown("One"), document_from_markdown("One"))


def test_a_changed_paragraph_shows_its_words() -> None:
    (piece,) = compare(document_from_markdown("The cat sat on the mat."), document_from_markdown("The dog sat on the mat."))
    assert piece.kind == "changed"
    assert piece.words == "The <del>cat</del><ins>dog</ins> sat on the mat."
    assert (piece.before, piece.after) == ("<p>The cat sat on the mat.</p>", "<p>The dog sat on the mat.</p>")


def test_a_paragraph_put_between_two_others_is_added_and_they_are_the_same() -> None:
    assert kinds("One\n\nTwo", "One\n\nBetween\n\nTwo") == ["same", "added", "same"]


def test_a_paragraph_taken_out_is_removed() -> None:
    assert kinds("One\n\nBetween\n\nTwo", "One\n\nTwo") == ["same", "removed", "same"]


def test_words_that_have_nothing_in_common_are_taken_out_and_added() -> None:
    assert sorted(kinds("Entirely old sentence here", "Something completely different now")) == ["added", "removed"]


def test_a_change_of_looks_alone_is_a_change_without_words() -> None:
    (piece,) = compare(document_from_markdown("One two"), document_from_markdown("One **two**"))
    assert (piece.kind, piece.words) == ("changed", "")


def test_markup_in_words_is_shown_as_words() -> None:
    (piece,) = compare(document_from_markdown("`<b>a</b>` stays as it is"), document_from_markdown("`<i>a</i>` stays as it is"))
    assert "<b>" not in piece.words
    assert "&lt;" in piece.words


@given(DOCUMENTS, DOCUMENTS)
def test_each_side_is_all_there_and_in_order(before: Document, after: Document) -> None:
    pieces = compare(before, after)
    olds = [node for piece in pieces for node in piece.before_nodes]
    news = [node for piece in pieces for node in piece.after_nodes]
    assert olds == children_of(to_editor(before))
    assert not differs(from_editor({"type": "doc", "content": news}), from_editor(to_editor(after)))
    assert differs(before, after) == any(piece.kind != "same" for piece in pieces)
