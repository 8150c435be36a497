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
from tests.support.questions import bodies, choice_id, numeric_body, rich
from tests.support.written_questions import PLAIN

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


def test_every_type_has_a_form() -> None:
    assert set(FORMS) == set(TYPES)


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
    shown, empty = form_from_body(type_, PLAIN[type_]), empty_form(type_)
    assert set(shown) == set(empty)
    for name, rows in empty.items():
        if isinstance(rows, list) and name != "hints":
            assert set(shown[name][0]) == set(rows[0])
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
    held = form_from_body(TRUE_FALSE, before)["stem"]
    added = {**held, "content": [*held["content"], {"type": "mathsBlock", "attrs": {"block": None, "tex": "x^2"}}]}
    after = body_from_form(TRUE_FALSE, {**form_from_body(TRUE_FALSE, before), "stem": added}, previous=before)
    assert [block["id"] for block in after["stem"]["blocks"][:2]] == [block["id"] for block in before["stem"]["blocks"]]
    assert [block["type"] for block in after["stem"]["blocks"]] == ["rich_text", "code", "maths"]


def test_a_form_holds_texts_as_the_editor_does_and_refuses_what_is_none_at_its_field() -> None:
    picture = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "image", "attrs": {"file": "a", "alt": ""}}]}]}
    nothing = {"type": "doc", "content": [{"type": "paragraph", "attrs": {"block": None}}]}
    rows = [{"text": picture, "right": True}, {"text": rich("b"), "feedback": nothing}, {"text": nothing}]
    body = body_from_form(SINGLE, filled(SINGLE, choices=rows))
    assert [choice["feedback"] for choice in body["choices"]] == [None, None]
    quiz = {"type": "doc", "content": [{"type": "quizBlock", "attrs": {"assessment": "x"}}]}
    odd = {"type": "doc", "content": [{"type": "script"}]}
    fields = wrong(SINGLE, filled(SINGLE, stem=quiz, hints=["Fine.", odd], choices=[*rows, {"text": odd}]))
    assert set(fields) == {"stem", "hints.1", "choices.3.text"}
    assert fields["stem"] == "A question cannot hold a quiz."


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


def test_what_a_number_says_of_units_survives_saving() -> None:
    body = numeric_body(
        "5", unit="m", units=[{"name": "km", "factor": "1000"}, {"name": "in", "factor": "0.0254"}], unit_rule="penalty", unit_penalty="0.25"
    )
    form = form_from_body(NUMERIC, body)
    assert (form["units"], form["unit_rule"], form["unit_penalty"]) == ("km = 1000\nin = 0.0254", "penalty", "25")
    assert TYPES[NUMERIC].body.model_validate(body_from_form(NUMERIC, form, previous=body)) == TYPES[NUMERIC].body.model_validate(body)


def test_options_keep_their_order_and_an_option_alone_belongs_to_nothing() -> None:
    body = PLAIN[QuestionType.MATCHING]
    form = form_from_body(QuestionType.MATCHING, body)
    assert [(row["text"], row["option"]) for row in form["pairs"]] == [(rich("One"), rich("Option 3")), ("", rich("Option 2"))]
    again = body_from_form(QuestionType.MATCHING, form)
    assert [option["id"] for option in again["options"]] == [choice_id(2), choice_id(3)]


def test_two_lines_with_the_same_right_side_share_one_option() -> None:
    rows = [{"text": "2 + 2", "option": "4"}, {"text": "2 · 2", "option": "4"}, {"option": "5"}]
    body = body_from_form(QuestionType.MATCHING, filled(QuestionType.MATCHING, pairs=rows))
    assert len(body["options"]) == 2
    assert body["prompts"][0]["right"] == body["prompts"][1]["right"] == body["options"][0]["id"]


@pytest.mark.parametrize(
    ("type_", "form", "fields"),
    [
        (NUMERIC, {"answers": [{"value": "1"}], "unit": "m", "units": "km"}, {"units": "Write one unit a line, as in km = 1000."}),
        (NUMERIC, {"answers": [{"value": "1"}], "unit_rule": "required"}, {"unit": "Say the unit of the question first."}),
        (
            QuestionType.CALCULATED,
            {"variables": [{"name": "1a", "low": "1", "high": "x"}], "answers": [{"formula": "2 +"}]},
            {"variables.0.high", "variables.0.name", "answers.0.formula"},
        ),
        (
            QuestionType.CALCULATED,
            {"variables": [{"name": "a", "low": "0", "high": "3"}], "answers": [{"formula": "1 / (a - a)"}]},
            {"answers"},
        ),
        (QuestionType.MATCHING, {"pairs": [{"text": "a"}]}, {"pairs.0.option", "pairs"}),
        (QuestionType.ORDERING, {"items": [{"text": "a"}], "credit": "luck"}, {"items", "credit"}),
        (QuestionType.CLOZE, {"gaps": [{"name": "1"}], "answers": [{"gap": "2", "text": "x"}]}, {"answers.0.gap", "gaps.0.name"}),
        (
            QuestionType.CLOZE,
            {"gaps": [{"name": "1"}], "answers": [{"gap": "1", "text": "x"}]},
            {"stem": "Write [[1]] once in the text, where that gap stands."},
        ),
        (QuestionType.DROPDOWN, {"gaps": [{"name": "1", "choice": "c"}], "choices": [{"text": "a"}, {"text": "b"}]}, {"gaps.0.choice"}),
        (QuestionType.HOTSPOT, {"regions": [{"numbers": "1, 2"}]}, {"file", "alt", "width", "height", "regions.0.numbers"}),
        (QuestionType.ESSAY, {"words_min": "9", "words_max": "5"}, {"words_max"}),
        (QuestionType.FILE_UPLOAD, {"megabytes": "900", "kinds": ".pdf .t@r"}, {"megabytes", "kinds"}),
    ],
)
def test_what_is_wrong_with_the_other_kinds_is_said_at_its_field(
    type_: QuestionType, form: dict[str, Any], fields: dict[str, str] | set[str]
) -> None:
    found = wrong(type_, filled(type_, **form))
    assert (found if isinstance(fields, dict) else set(found)) == fields


def test_endings_of_files_are_taken_with_or_without_their_dot() -> None:
    body = body_from_form(QuestionType.FILE_UPLOAD, filled(QuestionType.FILE_UPLOAD, kinds="PDF, .odt", megabytes="2,5"))
    assert (body["kinds"], body["bytes_max"]) == ([".pdf", ".odt"], 2_500_000)
