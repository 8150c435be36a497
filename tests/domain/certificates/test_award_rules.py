"""What a certificate asks for besides a completed course: kept, judged, and said to the student."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from lms_app.domain.certificates.award_rules import COMPLETED, AwardRule, Merit, is_met, missing, rule_of, rule_sentence, stored

SPACE = "\N{NO-BREAK SPACE}"
A, B, GONE = (UUID(int=number) for number in (1, 2, 3))
TITLES = {A: "Midterm", B: "Final"}
SEVENTY = AwardRule(least_grade=Decimal("0.7"))


def merit(grade: str | None = None, *passed: UUID, waits: bool = False) -> Merit:
    return Merit(grade=Decimal(grade) if grade else None, waits=waits, passed=frozenset(passed))


@pytest.mark.parametrize("rule", [COMPLETED, SEVENTY, AwardRule(passed=(A, B)), AwardRule(least_grade=Decimal("0.655"), passed=(B,))])
def test_a_rule_is_kept_as_it_is(rule: AwardRule) -> None:
    assert rule_of(stored(rule)) == rule
    assert bool(stored(rule)) == rule.asks_more


@pytest.mark.parametrize("kept", [{}, {"least_grade": "x"}, {"least_grade": "1.5"}, {"least_grade": "0"}, {"passed": ["no id"]}, {"passed": 3}])
def test_what_is_no_rule_asks_for_nothing_more(kept: dict[str, Any]) -> None:
    assert not rule_of(kept).asks_more


@pytest.mark.parametrize(
    ("rule", "made", "met"),
    [
        (COMPLETED, merit(), True),
        (SEVENTY, merit(), False),
        (SEVENTY, merit("0.699999"), False),
        (SEVENTY, merit("0.7"), True),
        (SEVENTY, merit("1", waits=True), False),
        (AwardRule(passed=(A, B)), merit(None, A), False),
        (AwardRule(passed=(A, B)), merit(None, A, B, waits=True), True),
        (AwardRule(passed=(A, GONE)), merit(None, A), True),
        (AwardRule(least_grade=Decimal("0.5"), passed=(A,)), merit("0.4", A), False),
    ],
)
def test_a_rule_is_met_by_grade_and_passed_quizzes_that_are_there(rule: AwardRule, made: Merit, met: bool) -> None:
    assert is_met(rule, made, TITLES) is met


def test_a_rule_is_said_as_one_sentence() -> None:
    assert rule_sentence(COMPLETED, TITLES) == "You earn a certificate when you have completed the course."
    assert rule_sentence(SEVENTY, TITLES) == f"You earn a certificate when you have completed the course and your grade is at least 70{SPACE}%."
    both = AwardRule(least_grade=Decimal("0.655"), passed=(A, B))
    assert rule_sentence(both, TITLES) == (
        f"You earn a certificate when you have completed the course, your grade is at least 65.5{SPACE}%, and you have passed “Midterm” and “Final”."
    )
    assert rule_sentence(AwardRule(passed=(GONE,)), TITLES) == "You earn a certificate when you have completed the course."
    many = {UUID(int=number): f"Quiz {number}" for number in range(1, 7)}
    assert "you have passed 6 of its quizzes" in rule_sentence(AwardRule(passed=tuple(many)), many)


def test_what_is_missing_is_said_and_nothing_else() -> None:
    rule = AwardRule(least_grade=Decimal("0.7"), passed=(A, B, GONE))
    assert missing(rule, merit("0.625", A), TITLES, left=2) == [
        "2 required items are still to be done.",
        f"Your grade is 62{SPACE}%; 70{SPACE}% are needed.",
        "You have not passed “Final” yet.",
    ]
    assert missing(SEVENTY, merit(), TITLES, left=0) == [f"You have no grade yet; 70{SPACE}% are needed."]
    assert missing(SEVENTY, merit("0.5", waits=True), TITLES, left=0) == [f"Your grade is 50{SPACE}% so far; 70{SPACE}% are needed."]
    assert missing(SEVENTY, merit("0.8", waits=True), TITLES, left=0) == [
        f"Your grade is 80{SPACE}% so far. It counts once everything that you handed in is marked."
    ]
    assert missing(rule, merit("0.7", A, B), TITLES, left=0) == []
