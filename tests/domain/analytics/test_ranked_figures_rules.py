import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.analytics.item_figures_rules import DIFFERENT
from lms_app.domain.analytics.item_sums_rules import MICRO
from lms_app.domain.analytics.ranked_figures_rules import Marks, discrimination, efficiency, median_total, ranked_figures


def marks(*scores: float, points: float = 1) -> Marks:
    names = [str(number) for number in range(len(scores))]
    return Marks(
        scores={name: round(score * MICRO) for name, score in zip(names, scores, strict=True)},
        points=dict.fromkeys(names, round(points * MICRO)),
    )


def test_d_is_the_difference_between_the_best_and_the_weakest_27_percent() -> None:
    # Of 100 people the best 27 have it right, of the weakest 27 nine.
    fractions = [1.0] * 27 + [0.5] * 46 + [1.0] * 9 + [0.0] * 18
    assert discrimination(range(100, 0, -1), fractions).value == pytest.approx(1 - 9 / 27)


def test_people_tied_at_the_edge_share_the_places_that_are_left() -> None:
    # Groups of 2.7: one at the top, and 1.7 of the five who are tied next, of whom two have it right.
    totals = [9, 5, 5, 5, 5, 5, 2, 1, 0, 0]
    fractions = [1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]
    upper = (1 + 1.7 * 2 / 5) / 2.7
    lower = (1 + 0.7 * 0) / 2.7
    assert discrimination(totals, fractions).value == pytest.approx(upper - lower)


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([0.0, 0.5, 1.0])), min_size=2, max_size=40), st.randoms())
def test_d_does_not_depend_on_the_order_of_people(people: list[tuple[int, float]], chance) -> None:
    first = discrimination(*zip(*people, strict=True)).value
    chance.shuffle(people)
    assert discrimination(*zip(*people, strict=True)).value == pytest.approx(first)
    assert first is not None
    assert -1 - 1e-12 <= first <= 1 + 1e-12


def test_efficiency_is_the_covariance_over_the_highest_it_could_be() -> None:
    scores, rests = [1, 0, 1, 0, 1], [4, 1, 2, 3, 0]
    most = statistics.covariance(sorted(scores), sorted(rests))
    assert efficiency(scores, rests).value == pytest.approx(statistics.covariance(scores, rests) / most)
    assert efficiency(sorted(scores), sorted(rests)).value == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), min_size=2, max_size=30))
def test_efficiency_never_exceeds_one(pairs: list[tuple[int, int]]) -> None:
    value = efficiency(*zip(*pairs, strict=True)).value
    assert value is None or value <= 1 + 1e-12


def test_questions_that_some_did_not_see_have_a_d_among_those_who_did_and_no_efficiency() -> None:
    rows = [marks(1, 1), marks(0, 0), marks(1, 0), marks(1), marks(0)]
    found = ranked_figures(rows)
    assert found["1"].discrimination.value == pytest.approx(1)
    assert found["1"].efficiency.because == DIFFERENT


def test_people_are_ranked_by_the_share_of_what_their_attempt_was_worth() -> None:
    rows = [marks(1), marks(1, 1, 0, points=1)]
    assert ranked_figures(rows)["0"].discrimination.value == 0
    rows = [marks(0.5), marks(0, 1, 1)]
    assert ranked_figures(rows)["0"].discrimination.value == pytest.approx(-0.5)


def test_the_median_is_the_middle_total() -> None:
    assert median_total([marks(1, 1), marks(0, 0), marks(1, 0)]).value == 1
    assert median_total([marks(1, 1), marks(1, 0)]).value == 1.5
    assert median_total([]).because == "nobody has answered every question yet"
