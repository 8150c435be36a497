"""Tables of questions: the usual columns, the usual ways of saying what is right, and rows that are no questions."""

import pytest

from lms_app.domain.content import rich_text
from lms_app.errors import Invalid
from lms_app.interchange.csv_questions import read_csv
from lms_app.interchange.neutral import Question
from lms_app.words import QuestionType


def right(question: Question) -> list[str]:
    return [rich_text.to_text(choice["content"]) for choice in question.body["choices"] if choice["weight"] == "1"]


def test_every_kind_of_row_becomes_its_question() -> None:
    table = """Type,Title,Question,Answer,Choice 1,Choice 2,Choice 3,Feedback,Points,Tags,Category
,Oak,Which is a **tree**?,A,Oak,Owl,,Read on.,2,"plants, easy",Nature/Trees
multiple choice,,Which are trees?,1;3,Oak,Owl,Elm,,,,
Multiple Choice,,Which one?,Elm,Oak,Owl,Elm,,,,
,,The earth is flat.,false,,,,,,,
,,Who found radium?,Curie|Marie Curie,,,,,,,
,,What is pi?,3.14 ± 0.01,,,,,,,
,,What is half?,"0,5 +/- 10%",,,,,,,
essay,,Why?,,,,,,0.5,,
"""
    bank = read_csv(table.encode())
    assert [question.type for question in bank.questions] == [
        QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.SINGLE_CHOICE, QuestionType.TRUE_FALSE, QuestionType.SHORT_TEXT,
        QuestionType.NUMERIC, QuestionType.NUMERIC, QuestionType.ESSAY,
    ]  # fmt: skip
    first, several, named, flat, text, number, share, essay = bank.questions
    assert (first.title, first.points, first.tags, first.category) == ("Oak", "2", ("plants", "easy"), "Nature/Trees")
    assert (right(first), right(several), right(named)) == (["Oak"], ["Oak", "Elm"], ["Elm"])
    assert rich_text.to_text(first.body["feedback"]) == "Read on."
    assert flat.body["answer"] is False
    assert [answer["text"] for answer in text.body["answers"]] == ["Curie", "Marie Curie"]
    assert number.body["answers"][0]["tolerance"] == {"kind": "absolute", "margin": "0.01"}
    assert share.body["answers"][0]["tolerance"] == {"kind": "relative", "fraction": "0.1"}
    assert (essay.points, essay.title) == ("0.5", "Why?")
    assert bank.report.unsupported == ()


def test_rows_that_are_no_questions_are_told_of_with_their_line() -> None:
    table = "question;answer;a;b\nWhich?;Z;one;two\n;A;one;two\n\nWhich?;;one;two\nRight?;B;one;two\n"
    bank = read_csv(table.encode("utf-8-sig"))
    assert [right(question) for question in bank.questions] == [["two"]]
    assert [(item.place, item.reason) for item in bank.report.unsupported] == [
        ("row 2", "There is no choice Z."),
        ("row 3", "It asks nothing: its question is empty."),
        ("row 5", "It does not say which choice is right."),
    ]


@pytest.mark.parametrize("source", [b"", b"a,b\n1,2\n", b'question\n"' + b"x" * 200_000])
def test_what_is_no_table_of_questions_is_refused(source: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_csv(source)
    assert refused.value.sentence.endswith(".")


def test_a_table_of_excel_is_read_in_its_encoding() -> None:
    assert read_csv("question\tanswer\nWer?\tGrüße\n".encode("cp1252")).questions[0].body["answers"][0]["text"] == "Grüße"
    assert read_csv("question\tanswer\nWer?\tGrüße\n".encode("utf-16")).questions[0].body["answers"][0]["text"] == "Grüße"
