from typing import Any

import pytest
from pydantic import ValidationError

from lms_app.domain.assessments.types import numeric
from lms_app.domain.assessments.types.kind import Grade
from lms_app.domain.assessments.types.numeric import Numeric, NumericResponse
from tests.support.questions import numeric_body

METRES: dict[str, Any] = {"unit": "m", "units": [{"name": "km", "factor": "1000"}, {"name": "cm", "factor": "0.01"}]}


def grade(text: str, **more: Any) -> Grade:
    return numeric.grade(Numeric.model_validate(numeric_body("5000", **METRES, **more)), NumericResponse(text=text))


@pytest.mark.parametrize("text", ["5000", "5000 m", "5 km", "5km", "500 000 cm", "5·10^3 m", "5,0 km"])
def test_a_number_counts_in_each_of_the_units(text: str) -> None:
    assert grade(text).fraction == 1


@pytest.mark.parametrize("text", ["5 m", "5000 km", "5 miles", "km"])
def test_a_number_in_another_unit_is_another_number(text: str) -> None:
    assert grade(text).fraction == 0


def test_a_missing_unit_counts_by_the_rule_of_the_question() -> None:
    assert [grade("5000", unit_rule=rule).fraction for rule in ("optional", "required")] == [1, 0]
    assert str(grade("5000", unit_rule="penalty", unit_penalty="0.25").fraction) == "0.750000"
    assert grade("5000", unit_rule="required").remark == "The unit is missing."
    assert [grade("5 km", unit_rule=rule).fraction for rule in ("optional", "required", "penalty")] == [1, 1, 1]


def test_a_unit_that_nobody_knows_costs_the_penalty_where_there_is_one() -> None:
    assert str(grade("5000 miles", unit_rule="penalty").fraction) == "0.500000"
    assert grade("5000 miles", unit_rule="required").fraction == 0


@pytest.mark.parametrize(
    "more",
    [{"units": [{"name": "m", "factor": "1"}], "unit": "m"}, {"unit_rule": "required"}, {"unit": "m", "units": [{"name": "km", "factor": "0"}]}],
)
def test_units_that_cannot_be_told_apart_or_do_not_hold_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Numeric.model_validate(numeric_body("1", **more))


@pytest.mark.parametrize(("rule", "told"), [("optional", ("m", False)), ("required", (None, True)), ("penalty", (None, True))])
def test_a_unit_that_belongs_to_the_answer_is_not_given_away(rule: str, told: tuple[str | None, bool]) -> None:
    body = Numeric.model_validate(numeric_body("5", unit="m", unit_rule=rule))
    shown = numeric.sheet(body, 1)
    assert (shown["unit"], shown["with_unit"]) == told
