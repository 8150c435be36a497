"""Single and multiple choice, and true or false."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lms_app.domain.assessments.types import multiple_choice, single_choice, true_false
from lms_app.domain.assessments.types.kind import Grade
from lms_app.domain.assessments.types.multiple_choice import MultipleChoice, MultipleChoiceResponse, partial_weights
from lms_app.domain.assessments.types.single_choice import SingleChoice, SingleChoiceResponse
from lms_app.domain.assessments.types.true_false import TrueFalse, TrueFalseResponse
from lms_app.words import Outcome, QuestionType
from tests.support.questions import bodies, choice, choice_body, choice_id, rich, stem, true_false_body


def choose(body: dict[str, Any], number: int) -> Grade:
    return single_choice.grade(SingleChoice.model_validate(body), SingleChoiceResponse(choice=choice_id(number)))


def tick(body: dict[str, Any], *numbers: int) -> Grade:
    response = MultipleChoiceResponse(choices=tuple(choice_id(number) for number in numbers))
    return multiple_choice.grade(MultipleChoice.model_validate(body), response)


def test_a_single_choice_earns_its_weight() -> None:
    body = choice_body("1", "0.25", "0", "-0.5")
    assert [str(choose(body, number).fraction) for number in range(4)] == ["1.000000", "0.250000", "0.000000", "-0.500000"]
    assert [choose(body, number).outcome for number in range(4)] == [Outcome.CORRECT, Outcome.PARTIAL, Outcome.INCORRECT, Outcome.INCORRECT]


def test_a_choice_that_the_question_does_not_have_is_no_answer() -> None:
    assert choose(choice_body("1", "0"), 99).outcome == Outcome.BLANK
    assert tick(choice_body("1", "0"), 99).outcome == Outcome.BLANK
    assert tick(choice_body("1", "0"), 0, 99).outcome == Outcome.CORRECT


@pytest.mark.parametrize("weights", [["1"], ["0", "0"], ["0.5", "0.9"], ["1", "1.5"], ["1", "-1.1"], ["1", "NaN"], ["1", "none"], []])
def test_a_single_choice_without_two_choices_and_a_right_one_is_refused(weights: list[str]) -> None:
    with pytest.raises(ValidationError):
        SingleChoice.model_validate(choice_body(*weights))


def test_two_choices_with_one_id_are_refused() -> None:
    with pytest.raises(ValidationError, match="same id"):
        SingleChoice.model_validate({"stem": stem("?"), "choices": [choice(1, "1"), choice(1, "0")]})


def test_a_grade_says_of_each_choice_whether_it_was_chosen_whether_it_is_right_and_why() -> None:
    body = choice_body("1", "0", "1")
    body["choices"][1] |= {"feedback": rich("Not this one."), "feedback_unselected": rich("Well avoided.")}
    body["choices"][2] |= {"feedback": rich("Yes."), "feedback_unselected": rich("You missed this.")}
    grades = tick(body, 0, 1).choices
    assert [(line.id, line.chosen, line.right, line.feedback) for line in grades] == [
        (choice_id(0), True, True, None),
        (choice_id(1), True, False, rich("Not this one.")),
        (choice_id(2), False, True, rich("You missed this.")),
    ]


@pytest.mark.parametrize(("ticked", "fraction"), [((0, 1), 1), ((1, 0), 1), ((0,), 0), ((0, 1, 2), 0), ((2,), 0), ((0, 1, 2, 3), 0)])
def test_by_default_multiple_choice_is_all_or_nothing(ticked: tuple[int, ...], fraction: int) -> None:
    assert tick(choice_body("1", "1", "0", "0"), *ticked).fraction == fraction


def test_weights_give_partial_credit_and_wrong_choices_subtract() -> None:
    body = choice_body("0.5", "0.5", "-0.25", "-1")
    cases = {
        (0, 1): "1.000000",
        (0,): "0.500000",
        (0, 1, 2): "0.750000",
        (0, 2): "0.250000",
        (2,): "-0.250000",
        (3,): "-1.000000",
        (2, 3): "-1.000000",
        (0, 1, 2, 3): "-0.250000",
    }
    assert {ticked: str(tick(body, *ticked).fraction) for ticked in cases} == cases


def test_three_thirds_are_one_however_they_are_rounded() -> None:
    for third in ("0.333", "0.33333", "0.333333333333"):
        assert tick(choice_body(third, third, third, "-1"), 0, 1, 2).fraction == 1


@given(st.lists(st.booleans(), max_size=12).flatmap(lambda rest: st.permutations([True, *rest])))
def test_under_default_partial_credit_the_key_earns_everything_and_ticking_all_earns_nothing(right: list[bool]) -> None:
    body = choice_body(*map(str, partial_weights(right)))
    every = range(len(right))
    assert tick(body, *(number for number in every if right[number])).fraction == 1
    assert tick(body, *every).fraction == (0 if False in right else 1)


@given(st.data())
def test_under_partial_credit_one_more_right_choice_never_costs_and_one_more_wrong_one_never_earns(data: st.DataObject) -> None:
    weights = [str(weight) for weight in data.draw(st.lists(st.decimals(min_value=-1, max_value=1, places=2), min_size=1, max_size=8))]
    body = choice_body("0.5", *weights)
    ticked = data.draw(st.sets(st.integers(0, len(weights)), min_size=1))
    more = data.draw(st.integers(0, len(weights)))
    before, after = tick(body, *ticked).fraction, tick(body, *ticked, more).fraction
    if Decimal(body["choices"][more]["weight"]) > 0:
        assert after >= before
    else:
        assert after <= before


@given(bodies[QuestionType.MULTIPLE_CHOICE])
def test_the_key_less_one_choice_or_with_a_costly_one_earns_less(drawn: dict[str, Any]) -> None:
    body = MultipleChoice.model_validate(drawn)
    key = multiple_choice.solve(body).choices
    for missing in key:
        left = MultipleChoiceResponse(choices=tuple(identity for identity in key if identity != missing))
        assert multiple_choice.grade(body, left).fraction < 1
    for wrong in body.choices:
        if wrong.weight < 0 or (wrong.weight == 0 and multiple_choice.is_all_or_nothing(body)):
            assert multiple_choice.grade(body, MultipleChoiceResponse(choices=(*key, wrong.id))).fraction < 1


def test_a_multiple_choice_without_a_right_choice_is_refused() -> None:
    with pytest.raises(ValidationError, match="At least one choice must be right"):
        MultipleChoice.model_validate(choice_body("0", "-1"))


def test_the_number_of_right_choices_is_told_only_where_the_author_says_so() -> None:
    body = choice_body("1", "1", "0")
    assert "select" not in multiple_choice.sheet(MultipleChoice.model_validate(body), 1)
    assert multiple_choice.sheet(MultipleChoice.model_validate({**body, "tell_count": True}), 1)["select"] == 2


@pytest.mark.parametrize("answer", [True, False])
def test_true_or_false_is_right_or_wrong_and_says_why(answer: bool) -> None:
    body = TrueFalse.model_validate(true_false_body(answer, feedback_true=rich("You said true."), feedback_false=rich("You said false.")))
    right, wrong = (true_false.grade(body, TrueFalseResponse(value=value)) for value in (answer, not answer))
    assert (right.outcome, wrong.outcome) == (Outcome.CORRECT, Outcome.INCORRECT)
    assert right.feedback == (rich(f"You said {str(answer).lower()}."),)


def test_of_more_right_choices_than_may_be_ticked_any_that_many_are_a_whole_answer() -> None:
    body = choice_body("1", "1", "1", "0", select=2)
    cases = {(0, 1): 1, (1, 2): 1, (0,): 0, (0, 3): 0, (0, 1, 2): 0, (0, 1, 2, 3): 0}
    assert {ticked: tick(body, *ticked).fraction for ticked in cases} == cases
    assert "More than 2 were ticked" in tick(body, 0, 1, 2).remark
    assert multiple_choice.sheet(MultipleChoice.model_validate(body), 1)["select"] == 2


def test_with_weights_the_choices_that_earn_most_are_the_whole_of_what_may_be_ticked() -> None:
    body = choice_body("0.5", "0.25", "0.25", "-1", select=2, select_rule="at_most")
    cases = {(0, 1): "1.000000", (0, 2): "1.000000", (1, 2): "0.666667", (0,): "0.666667", (0, 1, 2): "0.000000"}
    assert {ticked: str(tick(body, *ticked).fraction) for ticked in cases} == cases
    assert multiple_choice.sheet(MultipleChoice.model_validate(body), 1)["select_most"] == 2


@pytest.mark.parametrize("more", [{"select": 2}, {"select": 3, "select_rule": "at_most"}, {"select": 0}])
def test_a_number_to_tick_that_cannot_be_met_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MultipleChoice.model_validate(choice_body("1", "0", **more))


def test_a_wrong_answer_takes_the_deduction_and_a_partly_right_one_does_not() -> None:
    body = choice_body("0.5", "0.5", "0", deduction="0.25")
    assert [str(tick(body, *ticked).fraction) for ticked in [(0, 1), (0,), (2,), ()]] == ["1.000000", "0.500000", "-0.250000", "0.000000"]
    assert tick(body, 2).outcome == Outcome.INCORRECT
