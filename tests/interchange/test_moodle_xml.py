"""Moodle XML: in, out, and back."""

import base64
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.rich_text import to_text
from lms_app.errors import Invalid
from lms_app.interchange.likeness import comparable
from lms_app.interchange.moodle_xml import read_moodle_xml
from lms_app.interchange.moodle_xml_writing import write_moodle_xml
from lms_app.interchange.neutral import Asset, Bank, Question
from lms_app.words import QuestionType
from tests.interchange.drawn_questions import EXAMPLES, any_questions, moodle_questions
from tests.support.questions import choice_body, choice_id, rich


def quiz(kind: str, inside: str, stem: str = "&lt;p&gt;So?&lt;/p&gt;") -> bytes:
    """A file with one question."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><quiz><question type="{kind}"><name><text>Named</text></name>'
        f'<questiontext format="html"><text>{stem}</text></questiontext>{inside}</question></quiz>'
    ).encode()


def one(source: bytes) -> Question:
    bank = read_moodle_xml(source)
    assert bank.report.unsupported == ()
    (question,) = bank.questions
    return question


def graded(question: Question, response: dict[str, Any]) -> Decimal:
    kind = TYPES[question.type]
    return kind.grade(kind.body.model_validate(question.body), kind.response.model_validate(response)).fraction


def test_a_multiple_choice_question_with_all_that_belongs_to_it() -> None:
    question = one(
        quiz(
            "multichoice",
            """<generalfeedback format="html"><text>General</text></generalfeedback><defaultgrade>2.5000000</defaultgrade><penalty>0.1</penalty>
            <single>false</single><shuffleanswers>true</shuffleanswers><answer fraction="50" format="html"><text>A</text>
            <feedback format="html"><text>Yes</text></feedback></answer><answer fraction="50"><text>B</text></answer>
            <answer fraction="-100"><text>C</text></answer><hint format="html"><text>Think</text></hint>
            <tags><tag><text>one</text></tag><tag><text>two</text></tag></tags><idnumber>q7</idnumber>""",
        )
    )
    assert (question.ref, question.title, question.points, question.tags) == ("q7", "Named", "2.5", ("one", "two"))
    assert question.type == QuestionType.MULTIPLE_CHOICE
    assert [choice["weight"] for choice in question.body["choices"]] == ["0.5", "0.5", "-1"]
    assert [to_text(question.body["feedback"]), to_text(question.body["hints"][0]), to_text(question.body["choices"][0]["feedback"])] == [
        "General",
        "Think",
        "Yes",
    ]
    assert (question.body["penalty"], question.body["shuffle"]) == ("0.1", True)


def test_a_number_with_units() -> None:
    question = one(
        quiz(
            "numerical",
            """<answer fraction="100"><text>5500</text><tolerance>50</tolerance></answer><unitgradingtype>1</unitgradingtype>
            <unitpenalty>0.2</unitpenalty><showunits>0</showunits><units><unit><multiplier>1</multiplier><unit_name>W</unit_name></unit>
            <unit><multiplier>0.001</multiplier><unit_name>kW</unit_name></unit></units>""",
        )
    )
    assert [graded(question, {"text": text}) for text in ("5540 W", "5.5 kW", "5500", "6 kW")] == [1, 1, Decimal("0.8"), 0]


def test_gaps_that_are_written_into_the_text() -> None:
    stem = "Rome lies in {1:SHORTANSWER:=Italy#Yes~%50%Italia}, {2:MULTICHOICE:=north~south\\~east} of {:NM:=41.9:0.1~%50%40:5}."
    question = one(quiz("cloze", "", stem))
    assert to_text(question.body["stem"]["blocks"][0]["content"]) == "Rome lies in [[1]], [[2]] of [[3]]."
    text, menu, number = question.body["gaps"]
    assert [choice["text"] for choice in menu["choices"]] == ["north", "south~east"]
    full = {text["id"]: "italy", menu["id"]: menu["choices"][0]["id"], number["id"]: "41.95"}
    assert graded(question, {"gaps": full}) == 1
    assert graded(question, {"gaps": {**full, text["id"]: "Italia"}}) == Decimal("0.875")
    assert graded(question, {"gaps": {**full, menu["id"]: menu["choices"][1]["id"]}}) == Decimal("0.5")


def test_words_to_be_chosen_into_a_text_each_from_their_group() -> None:
    options = "".join(
        f"<selectoption><text>{text}</text><group>{group}</group></selectoption>" for text, group in (("cat", 1), ("dog", 1), ("red", 2), ("blue", 2))
    )
    question = one(quiz("gapselect", f"<shuffleanswers>1</shuffleanswers>{options}", "The [[2]] is [[3]]."))
    first, second = question.body["gaps"]
    assert [[choice["text"] for choice in gap["choices"]] for gap in (first, second)] == [["cat", "dog"], ["red", "blue"]]
    assert graded(question, {"gaps": {first["id"]: first["right"], second["id"]: second["right"]}}) == 1
    assert next(choice["text"] for choice in first["choices"] if choice["id"] == first["right"]) == "dog"


def test_what_cannot_be_taken_is_reported_with_its_number() -> None:
    source = quiz("ddmarker", "").replace(b"</quiz>", quiz("stack", "").split(b"<quiz>")[1])
    found = read_moodle_xml(source).report.unsupported
    assert [(item.kind, item.title, item.place, item.reason) for item in found] == [
        ("ddmarker", "Named", "question 1", "It asks for marks to be put on a picture."),
        ("stack", "Named", "question 2", "It is graded by a computer algebra system."),
    ]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"<html/>", "is no Moodle XML"),
        (b'<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>', "declares a document type"),
        (b"<quiz>" + b"<a>" * 200 + b"</a>" * 200 + b"</quiz>", "nested too deep"),
    ],
)
def test_what_is_dangerous_or_another_format_is_refused(source: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read_moodle_xml(source)


def test_pictures_travel_inside_the_file() -> None:
    picture = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
    stem = {
        "schema_version": 1,
        "blocks": [
            {
                "id": "stemstemstem",
                "type": "rich_text",
                "content": {
                    "type": "doc",
                    "content": [{"type": "paragraph", "content": [{"type": "image", "attrs": {"file": "dot.png", "alt": "A dot"}}]}],
                },
            }
        ],
    }
    question = Question(ref="q", type=QuestionType.SINGLE_CHOICE, title="Dot", body={**choice_body("1", "0"), "stem": stem})
    asset = Asset(name="dot.png", media_type="image/png", size=len(picture), content=lambda: picture)
    written = write_moodle_xml(Bank(questions=(question,), assets=(asset,)))
    assert written.report.unsupported == ()
    again = read_moodle_xml(written.content)
    assert [(found.name, found.read()) for found in again.assets] == [("dot.png", picture)]
    assert [comparable(found) for found in again.questions] == [comparable(question)]


def test_all_or_nothing_is_written_as_shares_and_said() -> None:
    question = Question(ref="q", type=QuestionType.MULTIPLE_CHOICE, title="Both", body=choice_body("1", "1", "0"))
    written = write_moodle_xml(Bank(questions=(question,)))
    assert [item.reason for item in written.report.unsupported] == ["Written, but Moodle XML does not say all of it: choices."]
    (again,) = read_moodle_xml(written.content).questions
    assert [choice["weight"] for choice in again.body["choices"]] == ["0.5", "0.5", "-1"]


def test_rich_options_are_refused_with_a_reason() -> None:
    bold = rich("x")
    bold["content"][0]["content"][0]["marks"] = [{"type": "bold"}]
    body = {
        "stem": rich_stem(),
        "prompts": [{"id": choice_id(1), "content": rich("a"), "right": choice_id(2)}],
        "options": [{"id": choice_id(2), "content": bold}, {"id": choice_id(3), "content": rich("y")}],
    }
    written = write_moodle_xml(Bank(questions=(Question(ref="q", type=QuestionType.MATCHING, title="Pair", body=body),)))
    assert [item.reason for item in written.report.unsupported] == ["Moodle takes plain words only as what belongs to a part."]


def rich_stem() -> dict[str, Any]:
    return {"schema_version": 1, "blocks": [{"id": "stemstemstem", "type": "rich_text", "content": rich("Pair.")}]}


@settings(max_examples=EXAMPLES)
@given(questions=st.lists(moodle_questions, min_size=1, max_size=2))
def test_questions_written_and_read_are_equal(questions: list[Question]) -> None:
    written = write_moodle_xml(Bank(questions=tuple(questions)))
    assert written.report.unsupported == ()
    again = read_moodle_xml(written.content)
    assert [comparable(question) for question in again.questions] == [comparable(question) for question in questions]
    assert [question.ref for question in again.questions] == [question.ref for question in questions]


@settings(max_examples=EXAMPLES)
@given(question=any_questions)
def test_what_moodle_xml_cannot_say_is_reported(question: Question) -> None:
    written = write_moodle_xml(Bank(questions=(question,)))
    again = read_moodle_xml(written.content).questions
    is_equal = [comparable(other) for other in again] == [comparable(question)]
    assert is_equal == (written.report.unsupported == ())
