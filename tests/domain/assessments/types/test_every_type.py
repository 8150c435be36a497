"""What holds for every type of question."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from lms_app.domain.assessments.grading_rules import grade_response
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import Grade, QuestionBody, new_choice_id
from lms_app.words import Outcome, QuestionType
from tests.support.questions import SECRET, bodies, choice_body, questions, responses, stem, true_false_body

Drawn = tuple[QuestionType, dict[str, Any], dict[str, Any]]
seeds = st.integers(0, 2**62)


def read(type_: QuestionType, body: dict[str, Any]) -> QuestionBody:
    return TYPES[type_].body.model_validate(body)


def grade(type_: QuestionType, body: dict[str, Any], response: dict[str, Any] | None) -> Grade:
    kind = TYPES[type_]
    return kind.grade(kind.body.model_validate(body), kind.response.model_validate(response) if response is not None else None)


def parts(value: Any) -> Iterator[tuple[str, str]]:
    """Every name and every text anywhere in JSON values, each with what it is."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield "name", name
            yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)
    elif isinstance(value, str):
        yield "text", value


def test_every_type_is_in_the_table() -> None:
    assert set(TYPES) == set(bodies) == set(responses) == set(QuestionType)


@given(questions)
def test_a_body_comes_back_from_storage_as_it_was(drawn: Drawn) -> None:
    type_, body, _ = drawn
    stored = read(type_, body)
    assert read(type_, json.loads(json.dumps(stored.model_dump(mode="json")))) == stored


@given(questions)
def test_every_score_lies_between_nothing_and_everything_and_the_outcome_says_which(drawn: Drawn) -> None:
    result = grade(*drawn)
    assert -1 <= result.fraction <= 1
    assert result.fraction.as_tuple().exponent == -6
    if 0 < result.fraction < 1:
        assert result.outcome == Outcome.PARTIAL
    else:
        assert result.outcome in ({Outcome.CORRECT} if result.fraction == 1 else {Outcome.INCORRECT, Outcome.BLANK, Outcome.PENDING})


@given(questions)
def test_the_key_earns_everything_and_no_other_answer_earns_more(drawn: Drawn) -> None:
    type_, body, response = drawn
    kind = TYPES[type_]
    assume(kind.asks and not kind.by_hand)
    stored = kind.draw(kind.body.model_validate(body), 1)
    solved = kind.solve(stored)
    assert solved is not None
    best = kind.grade(stored, solved)
    assert best.outcome == Outcome.CORRECT
    assert kind.grade(stored, kind.response.model_validate(response)).fraction <= best.fraction == 1


@given(questions)
def test_no_answer_is_blank_and_earns_nothing(drawn: Drawn) -> None:
    type_, body, _ = drawn
    result = grade(type_, body, None)
    assert (result.outcome, result.fraction) == (Outcome.BLANK, 0)
    assert not any(choice.chosen for choice in result.choices)


@given(questions, st.randoms(use_true_random=False))
def test_the_order_of_choices_and_answers_and_repeats_do_not_move_a_score(drawn: Drawn, random: Any) -> None:
    type_, body, response = drawn
    mixed, again = json.loads(json.dumps(body)), json.loads(json.dumps(response))
    for listed in (*(mixed.get(name) for name in ("choices", "answers", "prompts", "options", "gaps", "regions")), again.get("choices")):
        if listed:
            random.shuffle(listed)
    for repeated in ("choices", "order", "points"):
        if repeated in again:
            again[repeated] = again[repeated] * 2
    before, after = (grade_response(type_, *both, seed=1) for both in ((body, response), (mixed, again)))
    assert (before.fraction, before.outcome) == (after.fraction, after.outcome)


@given(questions, seeds)
def test_a_sheet_is_plain_json_and_says_its_type_and_what_is_asked(drawn: Drawn, seed: int) -> None:
    type_, body, _ = drawn
    stored = read(type_, body)
    sheet = TYPES[type_].sheet(stored, seed)
    assert json.loads(json.dumps(sheet)) == sheet == TYPES[type_].sheet(stored, seed)
    assert sheet["type"] == type_.value
    if type_ != QuestionType.CALCULATED:
        assert sheet["stem"] == body["stem"]
    assert sheet["hints"] == body["hints"]


@given(questions, seeds)
def test_a_sheet_holds_no_feedback_no_answer_and_no_weight(drawn: Drawn, seed: int) -> None:
    type_, body, _ = drawn
    shown = list(parts(TYPES[type_].sheet(read(type_, body), seed)))
    assert not [text for _, text in shown if SECRET in text]
    names = {name for kind, name in shown if kind == "name"}
    assert not {"weight", "feedback", "feedback_unselected", "answer", "answers", "right", "correct", "tolerance"} & names


@given(st.sampled_from(list(TYPES)).flatmap(lambda type_: st.tuples(st.just(type_), bodies[type_], bodies[type_])), seeds)
def test_a_sheet_is_the_same_whatever_the_key_is(drawn: tuple[QuestionType, dict[str, Any], dict[str, Any]], seed: int) -> None:
    type_, one, other = drawn
    changed = {**one, **{name: other[name] for name in ("answer", "answers") if name in one}}
    if "choices" in one:
        assume(len(one["choices"]) == len(other["choices"]))
        assume(not one.get("tell_count"))
        changed["choices"] = [
            {**choice, **({"weight": new["weight"]} if "weight" in new else {})} for choice, new in zip(one["choices"], other["choices"], strict=True)
        ]
    assert TYPES[type_].sheet(read(type_, one), seed) == TYPES[type_].sheet(read(type_, changed), seed)


@pytest.mark.parametrize("type_", [QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE])
@given(seed=seeds, random=st.randoms(use_true_random=False))
def test_the_shuffled_order_says_nothing_about_the_order_the_author_wrote(type_: QuestionType, seed: int, random: Any) -> None:
    body = choice_body("1", "0", "0", "0", "0", "0")
    mixed = {**body, "choices": random.sample(body["choices"], 6)}
    assert TYPES[type_].sheet(read(type_, body), seed)["choices"] == TYPES[type_].sheet(read(type_, mixed), seed)["choices"]


@pytest.mark.parametrize("type_", [QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE])
def test_attempts_differ_in_order_and_each_place_comes_up_about_as_often(type_: QuestionType) -> None:
    body = read(type_, choice_body("1", "0", "0", "0"))
    first = [TYPES[type_].sheet(body, seed)["choices"][0]["id"] for seed in range(2000)]
    assert all(420 < first.count(identity) < 580 for identity in set(first))
    assert len(set(first)) == 4


@pytest.mark.parametrize("type_", [QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE])
def test_choices_stay_in_the_authors_order_where_that_is_asked_for(type_: QuestionType) -> None:
    body = read(type_, choice_body("1", "0", "0", "0", shuffle=False))
    assert [choice["id"][-1] for choice in TYPES[type_].sheet(body, 7)["choices"]] == ["0", "1", "2", "3"]


@given(questions)
def test_the_general_feedback_is_said_whatever_the_answer(drawn: Drawn) -> None:
    type_, body, response = drawn
    for result in (grade_response(type_, body, response, seed=1), grade_response(type_, body, None, seed=1)):
        assert (body["feedback"] in result.feedback) is (body["feedback"] is not None)
        assert None not in result.feedback


@given(questions)
def test_what_is_counted_of_a_response_names_choices_and_answers_and_repeats_no_words(drawn: Drawn) -> None:
    type_, body, response = drawn
    kind = TYPES[type_]
    stored, given_ = kind.body.model_validate(body), kind.response.model_validate(response)
    counted = kind.tally(stored, given_)
    assert counted == kind.tally(stored, given_)
    assert all(part and value and len(value) <= 60 for part, value in counted)
    assert all(
        value in ("other", "elsewhere", "true", "false") or value.startswith(("answer:", "choice-")) or value.isdecimal() for _, value in counted
    )


@given(questions, seeds)
def test_a_drawn_body_is_drawn_already(drawn: Drawn, seed: int) -> None:
    type_, body, _ = drawn
    kind = TYPES[type_]
    once = kind.draw(kind.body.model_validate(body), seed)
    assert kind.draw(once, seed) == once == kind.draw(kind.body.model_validate(body), seed)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["choice", "choices", "text", "value", "gaps", "pairs", "x"]), inner),
    max_leaves=8,
)


@given(questions, json_values)
def test_any_json_as_response_is_graded_or_blank_and_stops_nothing(drawn: Drawn, response: Any) -> None:
    type_, body, _ = drawn
    assert -1 <= grade_response(type_, body, response, seed=1).fraction <= 1


@given(questions)
def test_unknown_fields_are_refused_in_bodies_and_responses(drawn: Drawn) -> None:
    type_, body, response = drawn
    with pytest.raises(ValidationError):
        TYPES[type_].body.model_validate({**body, "colour": "red"})
    with pytest.raises(ValidationError):
        TYPES[type_].response.model_validate({**response, "score": "1"})


@pytest.mark.parametrize("type_", list(TYPES))
@given(data=st.data())
def test_a_response_of_another_type_is_refused(type_: QuestionType, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from(list(TYPES)))
    alike = [
        {QuestionType.SHORT_TEXT, QuestionType.NUMERIC, QuestionType.CALCULATED, QuestionType.ESSAY},
        {QuestionType.CLOZE, QuestionType.DROPDOWN},
    ]
    assume(other != type_ and not any({other, type_} <= group for group in alike))
    with pytest.raises(ValidationError):
        TYPES[type_].response.model_validate(data.draw(responses[other]))


@pytest.mark.parametrize(
    ("type_", "response"),
    [
        (QuestionType.SINGLE_CHOICE, {"choice": "x" * 41}),
        (QuestionType.SINGLE_CHOICE, {"choice": None}),
        (QuestionType.MULTIPLE_CHOICE, {"choices": ["a"] * 201}),
        (QuestionType.MULTIPLE_CHOICE, {"choices": ["x" * 41]}),
        (QuestionType.TRUE_FALSE, {"value": "true"}),
        (QuestionType.TRUE_FALSE, {"value": 1}),
        (QuestionType.SHORT_TEXT, {"text": "x" * 1001}),
        (QuestionType.NUMERIC, {"text": "1" * 101}),
        (QuestionType.NUMERIC, {"text": 1}),
    ],
)
def test_a_response_too_large_or_of_the_wrong_shape_is_refused(type_: QuestionType, response: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TYPES[type_].response.model_validate(response)


def test_a_description_is_the_beginning_of_what_is_asked_on_one_line() -> None:
    kind = TYPES[QuestionType.TRUE_FALSE]
    assert kind.describe(kind.body.model_validate({**true_false_body(True), "stem": stem("Is  it\nso?")})) == "Is it so?"
    long = kind.describe(kind.body.model_validate({**true_false_body(True), "stem": stem("word " * 100)}))
    assert len(long) <= 120
    assert long.endswith("word…")


def test_fresh_choice_ids_are_taken_and_differ() -> None:
    made = {new_choice_id() for _ in range(1000)}
    assert len(made) == 1000
    for identity in made:
        body = choice_body("1", "0")
        body["choices"][0]["id"] = identity
        read(QuestionType.SINGLE_CHOICE, body)


@pytest.mark.parametrize("identity", ["1", "right", "choice-00001x", "choice 00001", ""])
def test_a_choice_id_that_could_tell_something_is_refused(identity: str) -> None:
    body = choice_body("1", "0")
    body["choices"][0]["id"] = identity
    with pytest.raises(ValidationError):
        read(QuestionType.SINGLE_CHOICE, body)
