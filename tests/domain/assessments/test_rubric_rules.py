from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.assessments.rubric_rules import (
    earned_by_points,
    earned_by_rubric,
    filled_by_levels,
    filled_by_points,
    rubric_from,
    stored_rubric,
)
from lms_app.words import Outcome

LEVELS = {
    "criteria": [
        {"title": "Claim", "levels": [{"title": "Missing", "points": "0"}, {"title": "Clear", "points": "2"}]},
        {"title": "Evidence", "levels": [{"title": "None", "points": "0"}, {"title": "Some", "points": "0.5"}, {"title": "Full", "points": "1"}]},
    ]
}
GUIDE = {"criteria": [{"title": "Form", "most": "3"}, {"title": "Content", "most": "7"}]}

_points = st.integers(0, 100).map(lambda number: str(Decimal(number) / 4))
_levels = st.lists(st.fixed_dictionaries({"title": st.just("Level"), "points": _points}), min_size=2, max_size=5)
rubrics = st.lists(st.fixed_dictionaries({"title": st.just("Criterion"), "levels": _levels}), min_size=1, max_size=4).filter(
    lambda criteria: any(Decimal(level["points"]) for criterion in criteria for level in criterion["levels"])
)


def test_chosen_levels_earn_their_part_of_the_points() -> None:
    rubric = rubric_from(LEVELS)
    earned = earned_by_rubric(filled_by_levels(rubric, [1, 1]), Decimal(6))
    assert (earned.fraction, earned.score, earned.outcome) == (Decimal("0.833333"), Decimal(5), Outcome.PARTIAL)


def test_a_guide_takes_points_for_each_criterion() -> None:
    lines = filled_by_points(rubric_from(GUIDE), [Decimal("2.5"), Decimal(7)])
    assert earned_by_rubric(lines, Decimal(10)).score == Decimal("9.5")


@given(rubrics, st.data())
def test_a_rubric_reads_back_as_it_was_written_and_earns_zero_to_all(criteria: list[dict[str, Any]], data: st.DataObject) -> None:
    rubric = rubric_from({"criteria": criteria})
    assert rubric_from(stored_rubric(rubric)) == rubric
    levels = [data.draw(st.integers(0, len(criterion.levels) - 1)) for criterion in rubric.criteria]
    earned = earned_by_rubric(filled_by_levels(rubric, levels), Decimal(3))
    assert 0 <= earned.score <= 3
    best = [max(range(len(criterion.levels)), key=lambda place: criterion.levels[place].points) for criterion in rubric.criteria]
    assert earned_by_rubric(filled_by_levels(rubric, best), Decimal(3)).outcome == Outcome.CORRECT


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "1 to 20 criteria"),
        ({"criteria": [{"title": " ", "most": "1"}]}, "a title"),
        ({"criteria": [{"title": "Form", "most": "-1"}]}, "0 to 1000"),
        ({"criteria": [{"title": "Form", "most": "NaN"}]}, "0 to 1000"),
        ({"criteria": [{"title": "Form", "most": "0"}]}, "worth points"),
        ({"criteria": [{"title": "Form", "levels": [{"title": "One", "points": "1"}]}]}, "two levels"),
        ({"criteria": [{"title": "Form", "most": "1"}, LEVELS["criteria"][0]]}, "to every criterion, or to none"),
    ],
)
def test_a_rubric_that_cannot_be_is_refused_in_a_sentence(body: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        rubric_from(body)


def test_levels_and_points_that_are_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="every criterion"):
        filled_by_levels(rubric_from(LEVELS), [1])
    with pytest.raises(ValueError, match="no such level"):
        filled_by_levels(rubric_from(LEVELS), [1, 3])
    with pytest.raises(ValueError, match="0 to 3"):
        filled_by_points(rubric_from(GUIDE), [Decimal(4), Decimal(1)])
    with pytest.raises(ValueError, match="0 to 2 points"):
        earned_by_points(Decimal("2.01"), Decimal("2.000000"))


def test_points_are_rounded_once() -> None:
    earned = earned_by_points(Decimal(1), Decimal(3))
    assert (earned.fraction, earned.score) == (Decimal("0.333333"), Decimal(1))
