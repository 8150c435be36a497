"""GIFT: as the reference parser reads it, into questions, and out again."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.rich_text import to_text
from lms_app.errors import Invalid
from lms_app.interchange.gift import read_gift
from lms_app.interchange.gift_source import GiftChoice, GiftNumber, GiftQuestion, GiftText, read_source
from lms_app.interchange.gift_writing import write_gift
from lms_app.interchange.likeness import comparable
from lms_app.interchange.neutral import Bank, Question
from lms_app.words import QuestionType
from tests.interchange.drawn_questions import EXAMPLES, any_questions, gift_questions

REFERENCE_FILES = 26


def text_json(text: GiftText | None) -> Any:
    return text and {"format": text.format, "text": text.text}


def number_json(number: GiftNumber) -> Any:
    match number.kind:
        case "simple":
            return {"type": "simple", "number": float(number.number)}
        case "range":
            return {"type": "range", "number": float(number.number), "range": float(number.margin)}
    return {"type": "high-low", "numberHigh": float(number.high), "numberLow": float(number.low)}


def choice_json(choice: GiftChoice) -> Any:
    return {
        "isCorrect": choice.is_correct,
        "weight": None if choice.weight is None else float(choice.weight),
        "text": number_json(choice.number) if choice.number else text_json(choice.text),
        "feedback": text_json(choice.feedback),
    }


def reference_json(asked: GiftQuestion) -> Any:
    """A question as the reference parser writes it."""
    if asked.kind == "Category":
        return {"type": "Category", "title": asked.title}
    said = {
        "id": asked.id,
        "tags": list(asked.tags) or None,
        "type": asked.kind,
        "title": asked.title,
        "stem": text_json(asked.stem),
        "hasEmbeddedAnswers": asked.is_embedded,
    }
    if asked.kind != "Description":
        said["globalFeedback"] = text_json(asked.feedback)
    match asked.kind:
        case "TF":
            said |= {
                "isTrue": asked.is_true,
                "trueFeedback": text_json(asked.true_feedback),
                "falseFeedback": text_json(asked.false_feedback),
            }
        case "Numerical" if asked.single_number:
            said["choices"] = number_json(asked.choices[0].number)
        case "MC" | "Short" | "Numerical":
            said["choices"] = [choice_json(choice) for choice in asked.choices]
        case "Matching":
            said["matchPairs"] = [{"subquestion": text_json(pair.subquestion), "subanswer": pair.subanswer} for pair in asked.pairs]
    return said


def test_every_file_is_read_as_the_reference_parser_reads_it(trial_data: Path) -> None:
    files = sorted((trial_data / "gift").glob("*.gift"))
    assert len(files) == REFERENCE_FILES
    for path in files:
        expected = json.loads(path.with_suffix(".json").read_text())
        found = [reference_json(asked) for asked in read_source(path.read_text())]
        assert found == expected, path.name


def test_every_question_of_the_reference_files_becomes_one_of_ours(trial_data: Path) -> None:
    for path in sorted((trial_data / "gift").glob("*.gift")):
        expected = [said for said in json.loads(path.with_suffix(".json").read_text()) if said["type"] != "Category"]
        bank = read_gift(path.read_bytes())
        assert list(bank.report.unsupported) == [], path.name
        assert len(bank.questions) == len(expected)
        for question, said in zip(bank.questions, expected, strict=True):
            assert list(question.tags) == (said["tags"] or [])
            if said["title"]:
                assert question.title == said["title"]
            solved = TYPES[question.type].solve(TYPES[question.type].body.model_validate(question.body))
            assert (solved is None) == (question.type in (QuestionType.ESSAY, QuestionType.DESCRIPTION))


def test_moodles_own_examples(trial_data: Path) -> None:
    bank = read_gift((trial_data / "gift" / "moodle-examples.gift.txt").read_bytes())
    assert dict(bank.report.source_counts) == {"MC": 18, "TF": 5, "Short": 9, "Numerical": 8, "Matching": 3}
    assert len(bank.questions) == 43
    assert bank.report.unsupported == ()


def one(text: str) -> Question:
    (question,) = read_gift(text.encode()).questions
    return question


def said_by(question: Question) -> str:
    return to_text(question.body["stem"]["blocks"][0]["content"])


def test_percentages_are_parts_of_the_points() -> None:
    question = one("Which?{~%-50%No ~%50%Yes#because ~%50%Also}")
    assert question.type == QuestionType.MULTIPLE_CHOICE
    assert [Decimal(choice["weight"]) for choice in question.body["choices"]] == [Decimal("-0.5"), Decimal("0.5"), Decimal("0.5")]


def test_a_category_and_the_tags_belong_to_the_questions_that_follow() -> None:
    questions = read_gift(b"$CATEGORY: $course$/top/Plants/Trees\n\n// [tag:oak]\nOak?{T}\n\nElm?{F}\n").questions
    assert [(question.category, question.tags) for question in questions] == [("Plants/Trees", ("oak",)), ("Plants/Trees", ())]


def test_a_star_in_an_answer_stands_for_anything() -> None:
    answers = one("Who?{=Gr*nt =\\\\*}").body["answers"]
    assert [(answer["text"], answer["match"]) for answer in answers] == [("Gr*nt", "wildcard"), ("*", "exact")]


def test_an_answer_without_a_part_is_an_option_that_belongs_nowhere() -> None:
    body = one("Pair.{=a -> 1 =b -> 2 = -> 3}").body
    assert (len(body["prompts"]), len(body["options"])) == (2, 3)


def test_markup_of_a_stranger_is_made_harmless() -> None:
    bank = read_gift(b'[html]<p onclick\\="x()">So?<script>alert(1)</script></p>{T}')
    assert "script" not in json.dumps(bank.questions[0].body)
    assert "onclick" not in json.dumps(bank.questions[0].body)
    assert bank.report.removed_scripts == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Which?{~a ~b}", "At least one choice must be right: its weight is above 0."),
        ("Which?{~a =b", "Its braces do not pair: answers stand in one pair of braces, and others are written with a backslash."),
        ("How many?{#four}", "“four” is no number."),
        ("Which?{a =b}", "Its answers cannot be told apart: each begins with = or ~."),
        ("Pair.{=a ->}", "One of its answers is empty."),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_line_and_the_rest_is_taken(text: str, reason: str) -> None:
    bank = read_gift(f"First?{{T}}\n\n{text}\n\nLast?{{F}}\n".encode())
    assert [said_by(question) for question in bank.questions] == ["First?", "Last?"]
    assert [(item.place, item.reason) for item in bank.report.unsupported] == [("line 3", reason)]


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(Invalid, match="not written in UTF-8"):
        read_gift(b"\xff\xfe\x00")


@settings(max_examples=EXAMPLES)
@given(questions=st.lists(gift_questions, min_size=1, max_size=2))
def test_questions_written_and_read_are_equal(questions: list[Question]) -> None:
    written = write_gift(Bank(questions=tuple(questions)))
    assert written.report.unsupported == ()
    again = read_gift(written.content)
    assert [comparable(question) for question in again.questions] == [comparable(question) for question in questions]
    assert [question.ref for question in again.questions] == [question.ref for question in questions]


@settings(max_examples=EXAMPLES)
@given(question=any_questions)
def test_what_gift_cannot_say_is_reported(question: Question) -> None:
    written = write_gift(Bank(questions=(question,)))
    again = read_gift(written.content).questions
    is_equal = [comparable(other) for other in again] == [comparable(question)]
    assert is_equal == (written.report.unsupported == ())
    assert all(item.place == "question 1" and item.reason.endswith(".") for item in written.report.unsupported)
