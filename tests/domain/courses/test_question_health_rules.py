"""What is found at a question: each check once where there is something to mend, and once where there is not."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from pydantic import ValidationError

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.courses.health_rules import QUESTION_CHECKS
from lms_app.domain.courses.question_health_rules import question_findings, references_of, unreadable_question
from lms_app.words import QuestionType
from tests.support import questions
from tests.support.every_type import bodies
from tests.support.questions import choice, choice_body, rich, stem, text_body

HOSTS = frozenset[str]()
SINGLE, MULTIPLE, SHORT = QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.SHORT_TEXT
FILE = "01890a5d-ac96-774b-bcce-b302099a8057"
PICTURED = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "image", "attrs": {"file": FILE, "alt": ""}}]}]}


def calculated(formula: str, low: str) -> dict[str, Any]:
    drawn = [{"name": "x", "low": "7", "high": "7"}, {"name": "y", "low": low, "high": "2"}]
    return {"stem": stem("How much is {x} by {y}?"), "variables": drawn, "answers": [{"formula": formula}]}


CASES: list[tuple[str, QuestionType, dict[str, Any], dict[str, Any]]] = [
    ("question_empty", SINGLE, choice_body("1", "0") | {"stem": {"blocks": []}}, choice_body("1", "0")),
    ("wrong_for_some", QuestionType.CALCULATED, calculated("x / y", low="0"), calculated("x / y", low="1")),
    (
        "nothing_to_show_as_right",
        SHORT,
        text_body({"text": "Hyp(atia)?", "match": "regex"}),
        text_body("Hypatia", {"text": "Hyp*", "match": "wildcard"}),
    ),
    (
        "choices_equal",
        SINGLE,
        {"stem": stem("Which?"), "choices": [choice(0, "1"), choice(1, "0", content=rich("Slate")), choice(2, "0", content=rich("slate"))]},
        choice_body("1", "0", "0"),
    ),
    ("every_choice_right", MULTIPLE, choice_body("0.5", "0.5"), choice_body("0.5", "0.5", "0")),
]


def read(type_: QuestionType, body: dict[str, Any]) -> Any:
    return TYPES[type_].body.model_validate(body)


def codes(type_: QuestionType, body: dict[str, Any]) -> list[str]:
    return [finding.code for finding in question_findings(type_, read(type_, body), uuid4(), HOSTS)]


def test_every_check_of_a_question_has_its_cases() -> None:
    assert {code for code, *_ in CASES} | {"question_without_key"} == set(QUESTION_CHECKS)


@pytest.mark.parametrize(("code", "type_", "bad", "good"), CASES)
def test_a_check_finds_what_is_to_mend_and_passes_by_what_is_not(code: str, type_: QuestionType, bad: dict[str, Any], good: dict[str, Any]) -> None:
    (finding,) = [finding for finding in question_findings(type_, read(type_, bad), uuid4(), HOSTS) if finding.code == code]
    assert "{" not in finding.sentence + finding.advice
    assert code not in codes(type_, good)


def test_a_question_that_was_stored_without_a_key_says_what_its_type_asks_for() -> None:
    with pytest.raises(ValidationError) as fault:
        read(SINGLE, choice_body("0", "0"))
    finding = unreadable_question(uuid4(), fault.value)
    assert finding.sentence == "This question cannot be graded: one choice must be right: its weight is 1."


def test_a_question_that_goes_wrong_for_some_says_with_which_numbers() -> None:
    (finding,) = question_findings(QuestionType.CALCULATED, read(QuestionType.CALCULATED, calculated("x / y", low="0")), uuid4(), HOSTS)
    assert finding.sentence.startswith("For some students this question goes wrong. For x = 7, y = 0 the formula cannot be worked out.")


def test_pictures_beside_the_stem_are_looked_at_too_and_their_files_needed() -> None:
    body = choice_body("1", "0")
    body["choices"][1]["content"] = PICTURED
    assert codes(SINGLE, body) == ["picture_without_description"]
    assert [str(each.target) for each in references_of(read(SINGLE, body))] == [FILE]


def test_the_picture_of_a_hotspot_is_needed() -> None:
    body = bodies(FILE)[QuestionType.HOTSPOT]
    assert [str(each.target) for each in references_of(read(QuestionType.HOTSPOT, body))] == [FILE]


@pytest.mark.parametrize("type_", list(bodies()))
def test_a_good_question_of_each_type_has_nothing_to_mend(type_: QuestionType) -> None:
    assert codes(type_, bodies()[type_]) == []


@given(questions.questions)
def test_whatever_a_type_takes_can_be_looked_at(drawn: tuple[QuestionType, dict[str, Any], Any]) -> None:
    type_, body, _ = drawn
    for finding in question_findings(type_, read(type_, body), uuid4(), HOSTS):
        assert finding.sentence
        assert finding.advice
