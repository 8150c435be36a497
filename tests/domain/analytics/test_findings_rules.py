from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.analytics.findings_rules import activity_finding, enrolment_finding, funnel_finding, score_finding, whole_percent

DAYS = [date(2026, 11, 1) + timedelta(days=number) for number in range(60)]


@pytest.mark.parametrize(
    ("enrolled", "sentence"),
    [
        ([], "Nobody has enrolled yet."),
        ([1], "1 person enrolled, 1 more than a week ago."),
        ([0] * 3 + [20] * 7 + [26], "26 people enrolled, 6 more than a week ago."),
        ([9] * 8, "9 people enrolled, the same as a week ago."),
        ([9] * 7 + [8], "8 people enrolled, 1 fewer than a week ago."),
        ([0, 1200], "1,200 people enrolled, 1,200 more than a week ago."),
    ],
)
def test_enrolments_say_how_many_and_how_a_week_moved_them(enrolled: list[int], sentence: str) -> None:
    assert enrolment_finding(enrolled) == sentence


@pytest.mark.parametrize(
    ("active", "sentence"),
    [
        ([], "Nobody has been active yet."),
        ([0, 0], "Nobody has been active yet."),
        ([5], "5 people on the busiest day, 1 November; 5 a day in the last seven."),
        ([3, 8, 8, 1, 1, 1, 1, 1, 1, 2], "8 people on the busiest day, 3 November; 1 a day in the last seven."),
        ([4] + [0] * 7, "4 people on the busiest day, 1 November; nobody in the last seven days."),
        ([4] + [0] * 6 + [1], "4 people on the busiest day, 1 November; hardly anybody lately."),
    ],
)
def test_activity_names_the_latest_busiest_day_and_the_last_week(active: list[int], sentence: str) -> None:
    assert activity_finding(DAYS[: len(active)], active) == sentence


@pytest.mark.parametrize(
    ("began", "completed", "sentence"),
    [
        (30, [24, 12, 10], "10 of 30 completed the last step; most are lost before “b”: 12."),
        (30, [10, 12], "12 of 30 completed the last step; most are lost before “a”: 20."),
        (3, [3, 3], "3 of 3 completed the last step; nobody was lost on the way."),
        (0, [0], "Nobody has enrolled yet."),
        (4, [], "The course has nothing to complete yet."),
    ],
)
def test_a_funnel_says_who_came_through_and_where_most_were_lost(began: int, completed: list[int], sentence: str) -> None:
    assert funnel_finding(began, ["a", "b", "c"], completed) == sentence


def test_scores_count_who_reached_the_mark_where_bins_can_tell() -> None:
    bins = [0] * 20
    bins[11], bins[12], bins[19] = 2, 3, 4
    assert score_finding(bins, 0.789, 0.6) == "9 attempts, mean 78 %; 7 reached the pass mark of 60 %."
    assert score_finding(bins, 0.789, 0.625) == "9 attempts, mean 78 %; the pass mark is 62.5 %."
    assert score_finding(bins, 0.789, None) == "9 attempts, mean 78 %."
    assert score_finding([1], 1.0, None) == "1 attempt, mean 100 %."
    assert score_finding([0] * 20, None, 0.6) == "Nobody has submitted this quiz yet."


@given(st.lists(st.integers(0, 10_000), max_size=60))
def test_every_finding_is_one_sentence(counts: list[int]) -> None:
    for sentence in (
        enrolment_finding(counts),
        activity_finding(DAYS[: len(counts)], counts),
        funnel_finding(max(counts, default=0), [str(number) for number in range(len(counts))], counts),
    ):
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0


def test_percentages_are_rounded_down_and_exactly() -> None:
    assert [whole_percent(value) for value in (0.29, 0.57, 0.999, 1.0)] == [29, 57, 99, 100]
