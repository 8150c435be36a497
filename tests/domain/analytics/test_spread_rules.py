"""How scores are told without telling anybody's: never fewer than ten others, five in each step, and no two pictures that differ by few."""

from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.analytics import spread_rules as rules

STEPS = st.lists(st.integers(0, 30), min_size=rules.STEPS, max_size=rules.STEPS)
PLACES = st.dictionaries(st.integers(0, 40), st.integers(0, rules.STEPS - 1))


@given(STEPS)
def test_what_is_shown_holds_five_people_or_more_everywhere_and_covers_everything_once(steps: list[int]) -> None:
    spans = rules.spans(steps)
    if sum(steps) < rules.LEAST_TOGETHER:
        assert spans == []
        return
    assert all(span.people >= rules.LEAST_TOGETHER for span in spans)
    assert sum(span.people for span in spans) == sum(steps)
    assert [spans[0].low, *(span.high for span in spans)] == [*(span.low for span in spans), 100]


def test_the_best_and_the_worst_are_not_told_of_alone() -> None:
    assert rules.spans([1, 0, 0, 0, 0, 0, 0, 9, 0, 1]) == [rules.Span(low=0, high=100, people=11)]
    assert rules.spans([1, 0, 4, 0, 0, 0, 0, 9, 0, 1]) == [rules.Span(low=0, high=30, people=5), rules.Span(low=30, high=100, people=10)]


@given(PLACES, PLACES)
def test_two_pictures_in_turn_differ_by_ten_people_or_more(before: dict[int, int], now: dict[int, int]) -> None:
    moved = sum(before.get(person) != now.get(person) for person in before.keys() | now.keys())
    if rules.may_be_made(now, before):
        assert len(now) >= rules.LEAST_OTHERS
        assert moved >= rules.LEAST_MOVED


def test_somebody_sees_a_picture_of_ten_others_and_of_no_fewer() -> None:
    assert not rules.may_be_made(dict.fromkeys(range(9), 5), None)
    assert rules.may_be_made(dict.fromkeys(range(10), 5), None)
    assert rules.may_be_shown(10, viewer_in_it=False)
    assert not rules.may_be_shown(10, viewer_in_it=True)
    assert rules.may_be_shown(11, viewer_in_it=True)


def test_steps_are_of_ten_percent_and_the_last_holds_what_is_above() -> None:
    assert [rules.step_of(percent) for percent in (0, 9, 10, 99, 100, 130, -5)] == [0, 0, 1, 9, 9, 9, 0]
