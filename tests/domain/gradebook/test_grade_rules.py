"""What a gradebook's columns make together, and why."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.gradebook.grade_rules import (
    Category,
    Column,
    LatePolicy,
    Mark,
    Rules,
    after_lateness,
    breakdown,
    days_late,
    standing,
    total,
    word_of,
)
from lms_app.words import Aggregation, GradeScale, GradeState, Missing

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)

QUIZZES = Category(id="quizzes", title="Quizzes", weight=Decimal(40), drop_lowest=1)
EXAM = Category(id="exam", title="Exam", weight=Decimal(60))
COLUMNS = (
    Column(id="q1", title="Quiz 1", points=Decimal(10), category="quizzes"),
    Column(id="q2", title="Quiz 2", points=Decimal(10), category="quizzes"),
    Column(id="q3", title="Quiz 3", points=Decimal(20), category="quizzes"),
    Column(id="final", title="Final", points=Decimal(100), category="exam", required=Decimal("0.5")),
)
WEIGHTED = Rules(aggregation=Aggregation.WEIGHTED, pass_mark=Decimal("0.6"))


def marks(**fractions: str) -> dict[str, Mark]:
    return {name: Mark(fraction=Decimal(fraction)) for name, fraction in fractions.items()}


def fraction_of(rules: Rules, given_marks: dict[str, Mark], columns=COLUMNS, categories=(QUIZZES, EXAM)) -> Decimal | None:
    return total(columns, categories, given_marks, rules, NOW).fraction


def test_weights_the_dropped_lowest_and_points_within_a_category_make_the_total():
    # Quizzes: 0.2 is dropped; (10 × 1 + 20 × 0.5) / 30. Exam: 0.75. 40 % and 60 % of them.
    expected = (Fraction(20, 30) * 40 + Fraction(3, 4) * 60) / 100
    assert fraction_of(WEIGHTED, marks(q1="1", q2="0.2", q3="0.5", final="0.75")) == Decimal(round(expected * 10**6)).scaleb(-6)


def test_a_category_with_nothing_in_it_leaves_its_weight_to_the_others():
    assert fraction_of(WEIGHTED, marks(final="0.75")) == Decimal("0.750000")


def test_points_and_equal_weights_share_otherwise():
    got = marks(q3="1", final="0.5")
    assert fraction_of(Rules(aggregation=Aggregation.POINTS), got) == Decimal("0.583333")
    assert fraction_of(Rules(aggregation=Aggregation.EQUAL), got) == Decimal("0.750000")


def test_the_total_rounds_half_to_even_once():
    thirds = tuple(Column(id=str(n), title=str(n), points=Decimal(1)) for n in range(3))
    assert fraction_of(Rules(), marks(**{"0": "1"}) | {"1": Mark(given=Decimal(0)), "2": Mark(given=Decimal(0))}, thirds, ()) == Decimal("0.333333")
    pair = tuple(Column(id=str(n), title=str(n), points=Decimal(1)) for n in range(2))
    assert fraction_of(Rules(), {"0": Mark(given=Decimal("0.000001")), "1": Mark(given=Decimal(0))}, pair, ()) == Decimal("0")
    assert fraction_of(Rules(), {"0": Mark(given=Decimal("0.000003")), "1": Mark(given=Decimal(0))}, pair, ()) == Decimal("0.000002")


def test_missing_is_left_out_or_counts_as_zero_once_it_was_due():
    columns = (Column(id="a", title="A", points=Decimal(1), due_at=DUE), Column(id="b", title="B", points=Decimal(1), due_at=NOW + timedelta(1)))
    assert fraction_of(Rules(), {}, columns, ()) is None
    strict = Rules(missing=Missing.ZERO)
    assert fraction_of(strict, {}, columns, ()) == 0
    assert fraction_of(strict, marks(b="1"), columns, ()) == Decimal("0.5")
    assert fraction_of(strict, {**marks(b="1"), "a": Mark(excused=True)}, columns, ()) == 1
    assert fraction_of(strict, {**marks(b="1"), "a": Mark(pending=True)}, columns, ()) == 1
    states = [line.standing.state for line in breakdown(columns, (), {}, strict, NOW).lines]
    assert states == [GradeState.MISSING, GradeState.NONE]


def test_what_has_no_due_time_is_due_when_its_quiz_closes_and_later_for_whom_an_exception_lets_go_on():
    strict = Rules(missing=Missing.ZERO, late=LatePolicy(per_day=Decimal("0.1")))
    closed, open_still = NOW - timedelta(hours=1), NOW + timedelta(hours=1)

    def state(mark: Mark, **column) -> GradeState:
        return standing(Column(id="a", title="A", points=Decimal(20), **column), mark, strict, NOW).state

    assert state(Mark(), closes_at=open_still) == GradeState.NONE
    assert state(Mark(), closes_at=closed) == GradeState.MISSING
    assert state(Mark(closes_at=open_still), closes_at=closed) == GradeState.NONE
    assert state(Mark(), closes_at=open_still, due_at=DUE) == GradeState.MISSING
    assert state(Mark(closes_at=open_still), closes_at=closed, due_at=DUE) == GradeState.NONE


def test_nobody_is_late_for_what_a_quiz_takes_after_its_end_nor_before_an_exception_ends():
    late = Rules(late=LatePolicy(per_day=Decimal("0.1")))

    def days(at: datetime, exception: datetime | None = None, **column: datetime) -> int:
        mark = Mark(fraction=Decimal(1), at=at, closes_at=exception)
        return standing(Column(id="a", title="A", points=Decimal(20), **column), mark, late, NOW).days_late

    ends = DUE + timedelta(days=3)
    assert days(ends + timedelta(seconds=3), closes_at=ends) == 0
    assert days(ends + timedelta(seconds=3), closes_at=ends, due_at=ends) == 0
    assert days(DUE + timedelta(hours=1), closes_at=ends, due_at=DUE) == 1
    assert days(DUE + timedelta(days=6), DUE + timedelta(days=7), closes_at=ends, due_at=DUE) == 0
    assert days(DUE + timedelta(hours=1), DUE - timedelta(days=1), closes_at=ends, due_at=DUE) == 0


def test_what_is_set_by_hand_stands_before_the_quiz_and_is_never_late():
    late = Rules(late=LatePolicy(per_day=Decimal("0.1")))
    column = (Column(id="a", title="A", points=Decimal(20), due_at=DUE),)
    handed_in = Mark(fraction=Decimal("0.5"), at=DUE + timedelta(days=1, seconds=1))
    line = breakdown(column, (), {"a": handed_in}, late, NOW).lines[0]
    assert (line.standing.score, line.standing.days_late, line.why) == (Decimal(6), 2, "2 days late: costs 4 of 20 points.")
    given_by_hand = Mark(fraction=Decimal("0.5"), at=handed_in.at, given=Decimal(19))
    assert breakdown(column, (), {"a": given_by_hand}, late, NOW).lines[0].standing.score == 19


@pytest.mark.parametrize(
    ("after", "days"),
    [(timedelta(0), 0), (timedelta(microseconds=1), 1), (timedelta(days=1), 1), (timedelta(days=1, microseconds=1), 2), (timedelta(-5), 0)],
)
def test_a_day_late_counts_when_it_begins(after: timedelta, days: int):
    assert days_late(DUE, DUE + after) == days
    assert days_late(DUE, DUE + timedelta(minutes=10) + after, timedelta(minutes=10)) == days


def test_a_course_is_passed_with_the_mark_and_every_condition():
    assert total(COLUMNS, (QUIZZES, EXAM), marks(q1="1", q2="1", q3="1", final="0.49"), WEIGHTED, NOW).passed is False
    assert total(COLUMNS, (QUIZZES, EXAM), marks(q1="1", q2="1", q3="1", final="0.5"), WEIGHTED, NOW).passed is True
    assert total(COLUMNS, (QUIZZES, EXAM), marks(final="0.59"), WEIGHTED, NOW).passed is False
    assert total(COLUMNS, (QUIZZES, EXAM), marks(q1="1"), WEIGHTED, NOW).passed is False, "The final is not there yet."
    assert total(COLUMNS, (QUIZZES, EXAM), {**marks(q1="1"), "final": Mark(excused=True)}, WEIGHTED, NOW).passed is True
    assert total(COLUMNS[:3], (QUIZZES,), marks(q1="1"), Rules(), NOW).passed is None
    assert total(COLUMNS, (QUIZZES, EXAM), {}, WEIGHTED, NOW).passed is None


def test_a_total_is_told_on_the_scale():
    fraction = Decimal("0.899999")
    assert word_of(fraction, Rules()) == "89 %"
    assert word_of(fraction, Rules(scale=GradeScale.POINTS, scale_points=Decimal(20))) == "18 of 20"
    assert word_of(fraction, Rules(scale=GradeScale.LETTERS)) == "B"
    assert word_of(Decimal("-0.2"), Rules(scale=GradeScale.LETTERS)) == "F"
    assert word_of(fraction, Rules(scale=GradeScale.PASS_FAIL), passed=False) == "Not passed"
    assert word_of(None, Rules()) == ""


def test_every_line_says_why():
    whole = breakdown(COLUMNS, (QUIZZES, EXAM), {**marks(q1="1", q2="0.2", final="0.75"), "q3": Mark(excused=True)}, WEIGHTED, NOW)
    assert [line.why for line in whole.lines] == ["", "Dropped: the lowest of Quizzes.", "Excused: left out.", ""]
    assert [line.share for line in whole.lines] == [Fraction(2, 5), 0, 0, Fraction(3, 5)]
    loose = (Column(id="x", title="X", points=Decimal(1)), Column(id="y", title="Y", points=Decimal(1), counted=False))
    whole = breakdown(loose, (), {"x": Mark(given=Decimal(1)), "y": Mark(given=Decimal(1))}, WEIGHTED, NOW)
    assert [line.why for line in whole.lines] == [
        "Set by hand. Does not count: it is without a category.",
        "Set by hand. This column does not count.",
    ]


fractions = st.decimals(min_value=-1, max_value=1, places=6)
rules = st.builds(
    Rules,
    aggregation=st.sampled_from(Aggregation),
    missing=st.sampled_from(Missing),
    late=st.builds(LatePolicy, per_day=st.decimals(0, 1, places=3), floor=st.decimals(0, 1, places=3)),
    pass_mark=st.none() | st.decimals(0, 1, places=3),
)
categories = st.integers(0, 3).flatmap(
    lambda n: st.tuples(
        *(
            st.builds(Category, id=st.just(f"c{i}"), title=st.just(f"C{i}"), weight=st.decimals(0, 50, places=2), drop_lowest=st.integers(0, 3))
            for i in range(n)
        )
    )
)
columns = st.integers(0, 8).flatmap(
    lambda n: st.tuples(
        *(
            st.builds(
                Column,
                id=st.just(f"k{i}"),
                title=st.just(f"K{i}"),
                points=st.decimals("0.5", 100, places=1),
                category=st.sampled_from([None, "c0", "c1", "c2"]),
                counted=st.booleans() | st.just(True),
                due_at=st.sampled_from([None, DUE, NOW + timedelta(1)]),
                closes_at=st.sampled_from([None, DUE, NOW + timedelta(2)]),
            )
            for i in range(n)
        )
    )
)
some_marks = st.dictionaries(
    st.sampled_from([f"k{i}" for i in range(8)]),
    st.builds(
        Mark,
        fraction=st.none() | fractions,
        at=st.sampled_from([None, DUE, NOW, NOW + timedelta(3)]),
        pending=st.booleans(),
        given=st.none() | st.decimals(0, 100, places=3),
        excused=st.booleans(),
        closes_at=st.sampled_from([None, DUE, NOW + timedelta(3)]),
    ),
)


@given(columns, categories, some_marks, rules, st.randoms(use_true_random=False))
def test_a_total_does_not_depend_on_any_order(columns, categories, some_marks, rules, chance):
    mixed, mixed_categories = list(columns), list(categories)
    chance.shuffle(mixed)
    chance.shuffle(mixed_categories)
    assert total(columns, categories, some_marks, rules, NOW) == total(mixed, mixed_categories, some_marks, rules, NOW)


@given(columns, categories, some_marks, rules)
def test_the_lines_add_up_to_the_total(columns, categories, some_marks, rules):
    whole = breakdown(columns, categories, some_marks, rules, NOW)
    assert whole.total == total(columns, categories, some_marks, rules, NOW)
    shares = sum(line.share for line in whole.lines)
    if whole.total.fraction is None:
        assert shares == 0
        return
    assert shares == 1
    summed = sum((line.share * Fraction(line.standing.score) / Fraction(line.column.points) for line in whole.lines if line.share), Fraction(0))
    assert Decimal(round(summed * 10**6)).scaleb(-6) == whole.total.fraction


@given(columns, categories, some_marks, rules)
def test_what_is_left_out_moves_nothing(columns, categories, some_marks, rules):
    whole = breakdown(columns, categories, some_marks, rules, NOW)
    counting = {line.column.id for line in whole.lines if line.share}
    without = tuple(column for column in columns if column.id in counting)
    plain = tuple(Category(id=category.id, title=category.title, weight=category.weight) for category in categories)
    assert total(without, plain, some_marks, rules, NOW).fraction == whole.total.fraction


@given(columns, some_marks, rules, st.integers(1, 3))
def test_dropping_the_lowest_never_lowers_a_category(columns, some_marks, rules, drop):
    inside = tuple(Column(id=column.id, title=column.title, points=column.points, category="c0", due_at=column.due_at) for column in columns)
    plain = Category(id="c0", title="C0", weight=Decimal(1))
    dropping = Category(id="c0", title="C0", weight=Decimal(1), drop_lowest=drop)
    before, after = (total(inside, (category,), some_marks, rules, NOW).fraction for category in (plain, dropping))
    assert (before is None) == (after is None)
    assert before is None or after >= before


@given(st.decimals(0, 10, places=3), st.integers(0, 400), st.decimals(0, 1, places=3), st.decimals(0, 1, places=3))
def test_lateness_takes_more_each_day_and_nothing_below_the_floor(earned, days, per_day, floor):
    policy, points = LatePolicy(per_day=per_day, floor=floor), Decimal(10)
    today, tomorrow = (after_lateness(earned, points, number, policy) for number in (days, days + 1))
    assert tomorrow <= today <= earned
    assert tomorrow >= min(earned, floor * points)
