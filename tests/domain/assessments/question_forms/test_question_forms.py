import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.assessments.question_forms import FORMS, body_from_form, empty_form, form_from_body
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.rich_text import to_text
from lms_app.errors import Invalid
from lms_app.interchange.olx import read_olx
from lms_app.words import Outcome, QuestionType
from tests.support.questions import bodies, choice_body, choice_id, numeric_body, rich, text_body, true_false_body

SINGLE, MULTIPLE, TRUE_FALSE = QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE
SHORT_TEXT, NUMERIC = QuestionType.SHORT_TEXT, QuestionType.NUMERIC

typed_bodies = st.sampled_from(list(FORMS)).flatmap(lambda type_: st.tuples(st.just(type_), bodies[type_]))


def filled(type_: QuestionType, **fields: Any) -> dict[str, Any]:
    return {**empty_form(type_), "stem": "What is *it*?", **fields}


def wrong(type_: QuestionType, form: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        body_from_form(type_, form)
    return refusal.value.fields


def grade(type_: QuestionType, body: dict[str, Any], response: dict[str, Any]) -> tuple[str, Outcome]:
    kind = TYPES[type_]
    result = kind.grade(kind.body.model_validate(body), kind.response.model_validate(response))
    return f"{result.fraction.normalize():f}", result.outcome


def test_every_form_is_of_a_type() -> None:
    assert set(FORMS) <= set(TYPES)


@given(typed_bodies)
def test_a_body_shown_in_a_form_and_saved_unchanged_is_the_same_body(drawn: tuple[QuestionType, dict[str, Any]]) -> None:
    type_, body = drawn
    form = form_from_body(type_, body)
    assert json.loads(json.dumps(form)) == form
    again = body_from_form(type_, form, previous=body)
    read = TYPES[type_].body.model_validate
    assert read(again) == read(body)
    assert json.loads(json.dumps(again)) == again


@given(typed_bodies)
def test_a_form_saved_and_shown_again_is_the_same_form(drawn: tuple[QuestionType, dict[str, Any]]) -> None:
    type_, body = drawn
    form = form_from_body(type_, body)
    assert form_from_body(type_, body_from_form(type_, form)) == form


@pytest.mark.parametrize("type_", list(FORMS))
def test_an_empty_form_has_the_fields_of_a_filled_one_and_is_refused(type_: QuestionType) -> None:
    body = {
        SINGLE: choice_body("1", "0"),
        MULTIPLE: choice_body("1", "0"),
        TRUE_FALSE: true_false_body(True),
        SHORT_TEXT: text_body("x"),
        NUMERIC: numeric_body("1"),
    }[type_]
    shown, empty = form_from_body(type_, body), empty_form(type_)
    assert set(shown) == set(empty)
    for rows in ("choices", "answers"):
        assert set(shown.get(rows, [{}])[0]) == set(empty.get(rows, [{}])[0])
    assert wrong(type_, empty)["stem"] == "Write the question."


def test_an_empty_form_can_be_filled_in_without_touching_the_next_one() -> None:
    empty_form(SINGLE)["choices"][0]["text"] = "changed"
    assert [row["text"] for row in empty_form(SINGLE)["choices"]] == ["", "", "", ""]


def test_the_marked_choice_is_right_and_blank_lines_are_no_choices() -> None:
    form = filled(SINGLE, choices=[{"text": "**Lyon**"}, {}, {"text": "Paris", "right": True, "feedback": "Yes."}, {"text": " ", "right": False}])
    body = body_from_form(SINGLE, form)
    assert [(to_text(choice["content"]), choice["weight"]) for choice in body["choices"]] == [("Lyon", "0"), ("Paris", "1")]
    assert body["choices"][1]["feedback"] == rich("Yes.")
    assert len({choice["id"] for choice in body["choices"]}) == 2


def test_a_choice_keeps_its_id_and_a_copied_one_gets_its_own() -> None:
    rows = [{"id": choice_id(1), "text": "a", "right": True}, {"id": choice_id(1), "text": "b"}, {"id": "<script>", "text": "c"}]
    ids = [choice["id"] for choice in body_from_form(SINGLE, filled(SINGLE, choices=rows))["choices"]]
    assert ids[0] == choice_id(1)
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("choices", "fields"),
    [
        ([{"text": "a", "right": True}], {"choices": "Write at least two choices."}),
        ([{"text": "a"}, {"text": "b"}], {"choices": "Mark the choice that is right."}),
        ([{"text": "a"}, {"right": True}], {"choices.1.text": "Write the choice, or empty its whole line."}),
        ([{"text": "a", "right": True}, {"text": "b", "weight": "120"}], {"choices.1.weight": "Write a percentage from −100 to 100."}),
        ([{"text": "a", "right": True}, {}, {"text": "b", "weight": "half"}], {"choices.2.weight": "Write a percentage from −100 to 100."}),
        ("not a list", {"choices": "Write at least two choices."}),
    ],
)
def test_what_is_wrong_with_single_choices_is_said_at_its_field(choices: Any, fields: dict[str, str]) -> None:
    assert wrong(SINGLE, filled(SINGLE, choices=choices)) == fields


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid, match="cannot be saved yet") as refusal:
        body_from_form(MULTIPLE, {"stem": " ", "credit": "luck", "choices": [{"feedback": "?"}]})
    assert set(refusal.value.fields) == {"stem", "credit", "choices", "choices.0.text"}


def test_credit_says_how_multiple_choice_is_scored() -> None:
    weights = ["60", "40", "-10", ""]
    rows = [{"id": choice_id(number), "text": str(number), "right": number < 2, "weight": weight} for number, weight in enumerate(weights)]
    scores: dict[str, list[str]] = {}
    for credit in ("all_or_nothing", "partial", "weights"):
        body = body_from_form(MULTIPLE, filled(MULTIPLE, choices=rows, credit=credit))
        picks = ([0, 1], [0], [0, 2], [0, 1, 2, 3])
        scores[credit] = [grade(MULTIPLE, body, {"choices": [choice_id(number) for number in picked]})[0] for picked in picks]
    assert scores == {"all_or_nothing": ["1", "0", "0", "0"], "partial": ["1", "0.5", "0", "0"], "weights": ["1", "0.6", "0.5", "0.9"]}


def test_a_third_of_the_credit_is_shown_as_partial_credit_not_as_odd_weights() -> None:
    rows = [{"text": str(number), "right": number < 3} for number in range(5)]
    form = form_from_body(MULTIPLE, body_from_form(MULTIPLE, filled(MULTIPLE, choices=rows, credit="partial")))
    assert form["credit"] == "partial"
    assert [row["weight"] for row in form["choices"]] == [""] * 5


def test_a_statement_must_be_said_to_be_true_or_false() -> None:
    assert wrong(TRUE_FALSE, filled(TRUE_FALSE)) == {"answer": "Say whether the statement is true or false."}
    assert body_from_form(TRUE_FALSE, filled(TRUE_FALSE, answer="false"))["answer"] is False


def test_short_answers_are_taken_as_written_and_not_as_markdown() -> None:
    rows = [{"text": " *ache* "}, {"text": "head*", "match": "wildcard", "weight": "50 %"}]
    answers = body_from_form(SHORT_TEXT, filled(SHORT_TEXT, answers=rows))["answers"]
    assert [(answer["text"], answer["match"], answer["weight"]) for answer in answers] == [("*ache*", "exact", "1"), ("head*", "wildcard", "0.5")]


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ([], {"answers": "Write at least one answer."}),
        ([{"text": "a", "weight": "50"}], {"answers": "One answer must earn 100 %."}),
        ([{"text": "a", "weight": "-5"}], {"answers.0.weight": "Write a percentage from 0 to 100."}),
        ([{"text": "a"}, {"text": "b", "match": "sound"}], {"answers.1.match": "Choose how the answer is compared."}),
        ([{"text": "a"}, {"feedback": "b"}], {"answers.1.text": "Write the answer, or empty its whole line."}),
        ([{"text": "a"}, {"text": "x" * 1001}], {"answers.1.text": "String should have at most 1000 characters"}),
    ],
)
def test_what_is_wrong_with_short_answers_is_said_at_its_field(answers: Any, fields: dict[str, str]) -> None:
    assert wrong(SHORT_TEXT, filled(SHORT_TEXT, answers=answers)) == fields


def test_a_pattern_that_cannot_be_used_is_said_at_the_line_it_stands_on() -> None:
    fields = wrong(SHORT_TEXT, filled(SHORT_TEXT, answers=[{"text": "a"}, {}, {"text": "(b", "match": "regex"}]))
    assert list(fields) == ["answers.2.text"]
    assert fields["answers.2.text"].startswith("This pattern cannot be used: ")


def test_numbers_are_written_as_people_write_them() -> None:
    rows = [
        {"value": "1 234,5", "margin": "0,5"},
        {"value": "200", "tolerance": "relative", "margin": "1 %", "weight": "50"},
        {"tolerance": "range", "low": "-3", "high": "4", "weight": "0"},
    ]
    body = body_from_form(NUMERIC, filled(NUMERIC, answers=rows, unit=" m/s "))
    assert [(answer["value"], answer["tolerance"], answer["weight"]) for answer in body["answers"]] == [
        ("1234.5", {"kind": "absolute", "margin": "0.5"}, "1"),
        ("200", {"kind": "relative", "fraction": "0.01"}, "0.5"),
        ("0.5", {"kind": "range", "low": "-3", "high": "4"}, "0"),
    ]
    assert body["unit"] == "m/s"


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ({"value": "five"}, {"answers.0.value": "Write a number."}),
        ({"margin": "1"}, {"answers.0.value": "Write a number."}),
        ({"value": "1/3"}, {"answers.0.value": "Write a decimal number; a fraction that does not end can only be near."}),
        ({"value": "1", "margin": "-1"}, {"answers.0.margin": "Write a number from 0."}),
        ({"value": "1", "tolerance": "near"}, {"answers.0.tolerance": "Choose how near an answer must come."}),
        ({"tolerance": "range", "low": "1"}, {"answers.0.high": "Write a number."}),
        ({"tolerance": "range", "low": "2", "high": "1", "value": "1"}, {"answers.0.high": "The upper end must not lie below the lower one."}),
        ({"tolerance": "range", "low": "2", "high": "3", "value": "1"}, {"answers.0.value": "The value must lie within the range."}),
    ],
)
def test_what_is_wrong_with_numbers_is_said_at_its_field(answer: dict[str, str], fields: dict[str, str]) -> None:
    assert wrong(NUMERIC, filled(NUMERIC, answers=[answer])) == fields


def test_hints_and_feedback_are_markdown_and_empty_ones_are_left_out() -> None:
    body = body_from_form(TRUE_FALSE, filled(TRUE_FALSE, answer="true", hints=["First.", " ", "Then."], feedback="  ", feedback_true="Yes."))
    assert body["hints"] == [rich("First."), rich("Then.")]
    assert (body["feedback"], body["feedback_true"], body["feedback_false"]) == (None, rich("Yes."), None)


def test_blocks_of_the_stem_keep_their_ids_when_one_is_added() -> None:
    before = body_from_form(TRUE_FALSE, filled(TRUE_FALSE, answer="true", stem="Look:\n\n```python\n1 + 1\n```"))
    form = form_from_body(TRUE_FALSE, before)
    after = body_from_form(TRUE_FALSE, {**form, "stem": f"{form['stem']}\n\n$$\nx^2\n$$"}, previous=before)
    assert [block["id"] for block in after["stem"]["blocks"][:2]] == [block["id"] for block in before["stem"]["blocks"]]
    assert [block["type"] for block in after["stem"]["blocks"]] == ["rich_text", "code", "maths"]


def test_a_stem_that_says_nothing_is_refused_and_a_text_too_long_is_said_at_its_field() -> None:
    assert wrong(TRUE_FALSE, filled(TRUE_FALSE, answer="true", stem="[a]: https://example.org")) == {"stem": "Write the question."}
    fields = wrong(TRUE_FALSE, filled(TRUE_FALSE, answer="true", stem="x" * 5_000_000, feedback="x" * 5_000_000, hints=["Fine.", "x" * 5_000_000]))
    assert set(fields) == {"stem", "feedback", "hints.1"}
    assert all("too long" in sentence for sentence in fields.values())


def test_a_unit_too_long_is_said_at_its_field() -> None:
    assert set(wrong(NUMERIC, filled(NUMERIC, answers=[{"value": "1"}], unit="m" * 31))) == {"unit"}


def test_every_question_of_a_real_course_can_be_edited_and_its_key_earns_everything(trial_data: Path) -> None:
    for question in read_olx(trial_data / "olx" / "openedx-demo-course.tar.gz").questions():
        kind = TYPES[question.type]
        body = kind.body.model_validate(question.body)
        saved = body_from_form(question.type, form_from_body(question.type, question.body), previous=question.body)
        assert kind.body.model_validate(saved) == body
        solved = kind.solve(body)
        assert solved is None or kind.grade(body, solved).outcome == Outcome.CORRECT


def test_a_kind_of_question_without_a_form_is_refused_in_a_sentence() -> None:
    for type_ in set(TYPES) - set(FORMS):
        with pytest.raises(Invalid, match="no form for questions of this kind"):
            empty_form(type_)
