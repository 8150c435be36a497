"""Whose rules hold: the most specific override, of groups the kindest, and always the person's accommodation."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.assessments.override_rules import Override, Rules, by_whom, effective, kindest

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIELDS = ("opens_at", "closes_at", "attempts_allowed")

moments = st.integers(-5000, 5000).map(lambda minutes: NOON + timedelta(minutes=minutes))
factors = st.decimals(min_value="0.1", max_value=10, places=2)
overrides = st.builds(
    Override,
    opens_at=st.none() | moments,
    closes_at=st.none() | moments,
    time_factor=st.none() | factors,
    extra_seconds=st.none() | st.integers(0, 7200),
    attempts_allowed=st.none() | st.integers(1, 9),
)
maybe = st.none() | overrides
standards = st.builds(
    Rules,
    opens_at=st.none() | moments,
    closes_at=st.none() | moments,
    time_limit=st.none() | st.integers(30, 7200),
    attempts_allowed=st.none() | st.integers(1, 9),
)
needs = st.none() | st.decimals(min_value=1, max_value=5, places=2)


@given(standards)
def test_without_any_exception_the_quizs_own_rules_hold(standard: Rules) -> None:
    assert effective(standard) == standard == effective(standard, run=Override(), groups=[Override()], student=Override())


@given(standards, maybe, st.lists(overrides, max_size=3), overrides)
def test_what_is_said_of_the_student_wins_over_everything(standard: Rules, run: Override | None, groups: list[Override], student: Override) -> None:
    rules = effective(standard, run=run, groups=groups, student=student)
    for name in FIELDS:
        if getattr(student, name) is not None:
            assert getattr(rules, name) == getattr(student, name)
    if standard.time_limit is not None and student.time_factor is not None and student.extra_seconds is not None:
        assert rules.time_limit == int(standard.time_limit * student.time_factor) + student.extra_seconds


@given(standards, maybe, st.lists(overrides, max_size=4), maybe)
def test_each_thing_comes_from_the_most_specific_that_says_it(
    standard: Rules, run: Override | None, groups: list[Override], student: Override | None
) -> None:
    rules = effective(standard, run=run, groups=groups, student=student)
    of_groups = {
        "opens_at": min((each.opens_at for each in groups if each.opens_at), default=None),
        "closes_at": max((each.closes_at for each in groups if each.closes_at), default=None),
        "attempts_allowed": max((each.attempts_allowed for each in groups if each.attempts_allowed), default=None),
    }
    for name in FIELDS:
        said = [getattr(student, name, None), of_groups[name], getattr(run, name, None), getattr(standard, name)]
        assert getattr(rules, name) == next((each for each in said if each is not None), None)


@given(
    standards,
    st.permutations([Override(), Override(attempts_allowed=2), Override(attempts_allowed=5, time_factor=Decimal(2)), Override(extra_seconds=60)]),
)
def test_the_order_of_groups_moves_nothing(standard: Rules, groups: list[Override]) -> None:
    assert effective(standard, groups=groups) == effective(standard, groups=groups[::-1])


@given(standards, st.lists(overrides, min_size=1, max_size=4), overrides)
def test_one_more_group_never_takes_anything_that_groups_gave(standard: Rules, groups: list[Override], another: Override) -> None:
    before, after = kindest(groups), kindest([*groups, another])
    assert before is not None
    assert after is not None
    for name, kinder in {"opens_at": min, "closes_at": max, "time_factor": max, "extra_seconds": max, "attempts_allowed": max}.items():
        one, other = getattr(before, name), getattr(after, name)
        assert one is None or kinder(one, other) == other


@given(standards, maybe, st.lists(overrides, max_size=3), maybe, needs)
def test_an_accommodation_always_holds(
    standard: Rules, run: Override | None, groups: list[Override], student: Override | None, need: Decimal | None
) -> None:
    without = effective(standard, run=run, groups=groups, student=student)
    rules = effective(standard, run=run, groups=groups, student=student, accommodation=need)
    assert (rules.opens_at, rules.closes_at, rules.attempts_allowed) == (without.opens_at, without.closes_at, without.attempts_allowed)
    if standard.time_limit is None:
        assert rules.time_limit is None
        return
    assert rules.time_limit is not None
    assert without.time_limit is not None
    assert rules.time_limit >= without.time_limit
    if need is None or need == 1:
        assert rules == without
    else:
        assert rules.time_limit >= int(standard.time_limit * need)


@given(standards, moments)
def test_an_attempt_ends_with_its_time_or_with_the_quiz_whichever_is_first(standard: Rules, started: datetime) -> None:
    deadline = standard.deadline(started)
    ends = [end for end in (standard.closes_at, started + timedelta(seconds=standard.time_limit) if standard.time_limit else None) if end]
    assert deadline == min(ends, default=None)


@pytest.mark.parametrize(
    ("factor", "need", "seconds"), [("0.5", "1.5", 90), ("2", "1.5", 120), (None, "1.25", 75), ("0.5", None, 30), ("0.5", "1", 30)]
)
def test_a_smaller_factor_of_an_override_holds_and_does_not_undo_an_accommodation(factor: str | None, need: str | None, seconds: int) -> None:
    standard = Rules(opens_at=None, closes_at=None, time_limit=60, attempts_allowed=None)
    student = Override(time_factor=Decimal(factor) if factor else None)
    assert effective(standard, student=student, accommodation=Decimal(need) if need else None).time_limit == seconds


def test_overrides_are_sorted_by_whom_they_are_for_and_a_group_without_members_is_nobody() -> None:
    morning, empty, ada, ben = uuid4(), uuid4(), uuid4(), uuid4()
    whole, first, second, own = (Override(attempts_allowed=number) for number in range(1, 5))
    rows = [(None, None, whole), (morning, ada, first), (morning, ben, first), (uuid4(), ada, second), (empty, None, second), (None, ben, own)]
    assert by_whom(rows) == (whole, {ada: [first, second], ben: [first]}, {ben: own})
    assert by_whom([]) == (None, {}, {})
