from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lms_app.domain.assessments.types import numeric
from lms_app.domain.assessments.types.kind import Grade
from lms_app.domain.assessments.types.numeric import Absolute, Numeric, NumericResponse, Relative
from lms_app.words import Outcome
from tests.support.questions import numeric_body, rich

decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=6)
margins = st.decimals(min_value=0, max_value=1000, places=6)


def answer(body: dict[str, Any], text: str) -> Grade:
    return numeric.grade(Numeric.model_validate(body), NumericResponse(text=text))


def near(value: str, **tolerance: str) -> dict[str, Any]:
    return numeric_body({"value": value, "tolerance": tolerance})


@pytest.mark.parametrize(
    ("tolerance", "within", "beyond"),
    [
        ({"kind": "absolute", "margin": "5"}, ["595", "600", "605"], ["594.999999", "605.000001"]),
        ({"kind": "relative", "fraction": "0.01"}, ["594", "606", "6.06e2"], ["593.999999", "606.000001"]),
        ({"kind": "range", "low": "590", "high": "601"}, ["590", "601"], ["589.999999", "601.000001", "605"]),
        ({"kind": "absolute"}, ["600", "600.0", "6e2", "1200/2"], ["600.000001", "599.999999"]),
    ],
)
def test_a_tolerance_holds_its_edges_and_nothing_beyond(tolerance: dict[str, str], within: list[str], beyond: list[str]) -> None:
    assert {answer(near("600", **tolerance), text).outcome for text in within} == {Outcome.CORRECT}
    assert {answer(near("600", **tolerance), text).outcome for text in beyond} == {Outcome.INCORRECT}


def test_decimals_that_floats_get_wrong_are_right() -> None:
    assert answer(near("0.3", kind="absolute", margin="0"), "0.3").fraction == 1
    assert answer(near("0.2", kind="absolute", margin="0.1"), "0.3").fraction == 1
    assert answer(near("1.1", kind="relative", fraction="0.1"), "1.21").fraction == 1


def test_a_third_is_within_a_tolerance_that_the_decimal_key_needs() -> None:
    assert answer(near("0.333", kind="absolute", margin="0.001"), "1/3").fraction == 1
    assert answer(near("0.333", kind="absolute", margin="0.0001"), "1/3").fraction == 0


def test_a_relative_tolerance_of_a_negative_value_reaches_both_ways() -> None:
    assert answer(near("-100", kind="relative", fraction="0.05"), "-105").fraction == 1
    assert answer(near("-100", kind="relative", fraction="0.05"), "-94").fraction == 0


def test_without_a_tolerance_an_answer_is_exact() -> None:
    assert Numeric.model_validate(numeric_body("600")).answers[0].tolerance == Absolute(margin=Decimal(0))


def test_the_best_of_the_answers_that_match_counts_with_its_feedback() -> None:
    body = numeric_body(
        {"value": "2", "tolerance": {"kind": "absolute", "margin": "1"}, "weight": "0.5", "feedback": rich("Near.")},
        {"value": "2", "weight": "1", "feedback": rich("Exactly.")},
        {"value": "1", "weight": "0", "feedback": rich("That is the other root.")},
    )
    assert (answer(body, "2").fraction, answer(body, "2").feedback) == (1, (rich("Exactly."),))
    assert (answer(body, "2.5").outcome, answer(body, "2.5").feedback) == (Outcome.PARTIAL, (rich("Near."),))
    assert answer(body, "1").fraction == Decimal("0.5")
    assert answer(numeric_body("2", {"value": "1", "weight": "0", "feedback": rich("Other.")}), "1").feedback == (rich("Other."),)


def test_what_cannot_be_read_is_wrong_and_says_so_and_a_blank_is_blank() -> None:
    assert answer(numeric_body("5"), "five").outcome == Outcome.INCORRECT
    assert "could not be read" in answer(numeric_body("5"), "five").remark
    assert answer(numeric_body("5"), " \N{NO-BREAK SPACE}").outcome == Outcome.BLANK


def test_the_unit_is_shown_and_may_be_typed() -> None:
    body = numeric_body("5", unit="m/s")
    assert numeric.sheet(Numeric.model_validate(body), 1)["unit"] == "m/s"
    assert answer(body, "5 m/s").fraction == answer(body, "5").fraction == 1
    assert answer(body, "5 km/h").fraction == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "NaN"},
        {"value": "1e500"},
        {"value": "1" * 51},
        {"value": "five"},
        {"value": "1", "tolerance": {"kind": "absolute", "margin": "-1"}},
        {"value": "1", "tolerance": {"kind": "relative"}},
        {"value": "1", "tolerance": {"kind": "range", "low": "2", "high": "3"}},
        {"value": "1", "tolerance": {"kind": "range", "low": "3", "high": "0"}},
        {"value": "1", "tolerance": {"kind": "near"}},
        {"value": "1", "weight": "0.5"},
        {"value": "1", "weight": "-1"},
    ],
)
def test_an_answer_that_nobody_could_give_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Numeric.model_validate(numeric_body(wrong))


@pytest.mark.parametrize("value", ["1E+400", "1E-400", "-0", "0.00000000000000000001", "12345678901234567890123456789012345678901234567890"])
def test_every_value_an_author_may_write_a_learner_can_type(value: str) -> None:
    body = Numeric.model_validate(numeric_body(value))
    assert numeric.grade(body, numeric.solve(body)).fraction == 1


@given(decimals, margins, decimals)
def test_an_absolute_tolerance_is_a_distance(value: Decimal, margin: Decimal, number: Decimal) -> None:
    exact = abs(Fraction(number) - Fraction(value)) <= Fraction(margin)
    assert Absolute(margin=margin).holds(Fraction(number), Fraction(value)) is exact
    assert (answer(near(str(value), kind="absolute", margin=str(margin)), f"{number:f}").fraction == 1) is exact


@given(decimals, margins, margins, decimals)
def test_a_wider_tolerance_never_takes_a_mark_away(value: Decimal, margin: Decimal, more: Decimal, number: Decimal) -> None:
    if Relative(fraction=margin).holds(Fraction(number), Fraction(value)):
        assert Relative(fraction=margin + more).holds(Fraction(number), Fraction(value))
