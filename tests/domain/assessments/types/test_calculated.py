from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lms_app.domain.assessments.types import calculated
from lms_app.domain.assessments.types.calculated import Calculated, Variable
from lms_app.domain.assessments.types.numeric import NumericResponse
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.domain.content.plain_text import text_of
from lms_app.domain.content.rendering import html_of_document
from lms_app.words import Outcome
from tests.support.questions import rich, stem


def body(formula: str = "a / b", text: str = "What is {a} divided by {b}?", **more: Any) -> Calculated:
    low = more.pop("low", "1")
    answer = {"formula": formula, "tolerance": more.pop("tolerance", {"kind": "relative", "fraction": "0.001"}), "weight": "1"}
    variables = [{"name": "a", "low": "1", "high": "100", "step": "0.5"}, {"name": "b", "low": low, "high": "9"}]
    return Calculated.model_validate({"stem": stem(text), "variables": variables, "answers": [answer], **more})


def test_an_attempt_shows_its_own_numbers_and_takes_the_answer_that_follows_from_them() -> None:
    drawn = calculated.draw(body(), 11)
    assert drawn.drawn is not None
    a, b = drawn.drawn["a"], drawn.drawn["b"]
    assert text_of(drawn.stem) == f"What is {a} divided by {b}?"
    assert calculated.grade(drawn, NumericResponse(text=f"{a}/{b}" if a == int(a) else str(a / b))).outcome == Outcome.CORRECT
    assert calculated.grade(drawn, NumericResponse(text=str(a / b + 1))).outcome == Outcome.INCORRECT


def test_attempts_draw_different_numbers_each_about_as_often() -> None:
    first = [calculated.draw(body(), seed).drawn or {} for seed in range(2000)]
    counts = [sum(values["b"] == number for values in first) for number in range(1, 10)]
    assert all(160 < count < 290 for count in counts)
    assert len({values["a"] for values in first}) == 199


@given(st.decimals(-1000, 1000, places=3), st.decimals(0, 50, places=3), st.decimals("0.001", 20, places=3), st.integers())
def test_a_number_drawn_lies_on_a_step_between_the_ends(low: Decimal, wide: Decimal, step: Decimal, seed: int) -> None:
    drawn = Variable(name="x", low=low, high=low + wide, step=step).draw(str(seed))
    assert low <= drawn <= low + wide
    assert ((Fraction(drawn) - Fraction(low)) / Fraction(step)).denominator == 1


def test_in_a_formula_a_number_keeps_its_braces() -> None:
    text = document_from_markdown("$\\frac{a}{b}$ of {a}").dump()
    drawn = calculated.draw(Calculated.model_validate({**body().model_dump(mode="json"), "stem": text}), 3)
    assert drawn.drawn is not None
    assert f'alttext="\\frac{{{drawn.drawn["a"]}}}{{{drawn.drawn["b"]}}}"' in html_of_document(drawn.stem)


def test_hints_and_feedback_have_the_numbers_too_and_other_braces_stay() -> None:
    drawn = calculated.draw(body(hints=[rich("Divide {a} by {c}.")], feedback=rich("By {b}.")), 5)
    assert drawn.drawn is not None
    assert drawn.hints[0] == rich(f"Divide {drawn.drawn['a']} by {{c}}.")
    assert drawn.feedback == rich(f"By {drawn.drawn['b']}.")


def test_a_division_by_zero_among_the_draws_is_found_on_saving_and_drawn_again_in_an_attempt() -> None:
    risky = body(low="0")
    with pytest.raises(ValueError, match=r"b = 0 the formula cannot be worked out. It divides by zero"):
        calculated.check(risky)
    calculated.check(body())
    assert all((calculated.draw(risky, seed).drawn or {})["b"] != 0 for seed in range(300))


def test_a_tolerance_too_narrow_for_the_rounding_is_found_on_saving() -> None:
    narrow = body(tolerance={"kind": "absolute", "margin": "0"}, places=2)
    with pytest.raises(ValueError, match="would count as wrong"):
        calculated.check(narrow)
    assert calculated.solve(calculated.draw(body("a * b", tolerance={"kind": "absolute", "margin": "0"}), 1)) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"variables": [{"name": "a", "low": "2", "high": "1"}]},
        {"variables": [{"name": "sin", "low": "1", "high": "2"}]},
        {"variables": [{"name": "a", "low": "0", "high": "1", "step": "0.0000001"}]},
        {"variables": [{"name": "a", "low": "1", "high": "2"}] * 2},
        {"answers": [{"formula": "a + c"}]},
        {"answers": [{"formula": "a +"}]},
        {"answers": [{"formula": "a", "weight": "0.5"}]},
    ],
)
def test_what_could_not_be_drawn_or_worked_out_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Calculated.model_validate({**body().model_dump(mode="json"), **change})


def test_the_answer_is_shown_with_the_decimals_or_figures_asked_for() -> None:
    whole = {"drawn": {"a": "10", "b": "3"}, "tolerance": {"kind": "relative", "fraction": "0.1"}, "unit": "m"}
    assert calculated.solution(body(rounding="decimals", places=2, **whole)) == "3.33 m"
    assert calculated.solution(body(rounding="figures", places=2, **whole)) == "3.3 m"
