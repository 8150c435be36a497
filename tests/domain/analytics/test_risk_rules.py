"""Why a student is at risk: plain reasons, one threshold each; and how well they tell who drops out."""

from dataclasses import replace

import pytest

from lms_app.domain.analytics import risk_rules as rules
from lms_app.domain.analytics.risk_rules import Standing, Thresholds
from tests.support.cohorts import cohort

DEFAULT = Thresholds()
WELL = Standing(completed=False, enrolled_days=20, absent_days=1, done=7, total=10, low=0, missed=0)


def words(standing: Standing, thresholds: Thresholds = DEFAULT, median: int = 7) -> str:
    return rules.told(rules.reasons(standing, thresholds, median), standing, thresholds, median, quizzes=4)


def test_who_is_well_or_has_completed_has_no_reason():
    assert words(WELL) == ""
    assert words(replace(WELL, completed=True, absent_days=90, low=4, missed=3)) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"absent_days": 9}, "No visit for 9 days."),
        ({"low": 2}, "2 of 4 quizzes under 50 %."),
        ({"done": 3}, "Behind: 3 of 10 items done, the median is 7."),
        ({"absent_days": None, "done": 0}, "Not begun 20 days after enrolling."),
        ({"missed": 1}, "1 due item not handed in."),
        ({"absent_days": 9, "low": 2, "missed": 2}, "No visit for 9 days; 2 of 4 quizzes under 50 %; 2 due items not handed in."),
    ],
)
def test_every_reason_is_a_sentence(change: dict[str, int | None], said: str):
    assert words(replace(WELL, **change)) == said


def test_a_threshold_holds_from_its_value_on_and_0_leaves_the_reason_out():
    assert words(replace(WELL, absent_days=6)) == ""
    assert words(replace(WELL, absent_days=7)) == "No visit for 7 days."
    assert words(replace(WELL, absent_days=None, done=0, enrolled_days=4)) == ""
    off = Thresholds(absent_days=0, unbegun_days=0, low_percent=0, low_quizzes=0, behind_percent=0, missed_items=0)
    assert words(replace(WELL, absent_days=50, done=0, low=4, missed=9), off) == ""
    assert words(replace(WELL, absent_days=None, done=0), off) == ""


def test_thresholds_are_checked_by_field():
    assert rules.checked(DEFAULT) == {}
    assert set(rules.checked(replace(DEFAULT, absent_days=-1, low_percent=101))) == {"absent_days", "low_percent"}


def test_the_median_is_of_those_who_have_begun():
    standings = [replace(WELL, done=done) for done in (2, 4, 9)] + [replace(WELL, done=0, absent_days=None)] * 5
    assert rules.median_done(standings) == 4
    assert rules.median_done([]) == 0


def test_a_dismissal_holds_while_days_pass_or_it_gets_better_and_ends_with_another_or_a_worse_reason():
    seen = rules.reasons(replace(WELL, absent_days=9, low=3), DEFAULT, 7)
    for change, holds in (
        ({"absent_days": 15, "low": 3}, True),
        ({"absent_days": 1, "low": 3}, True),
        ({"absent_days": 9, "low": 2}, True),
        ({"absent_days": 9, "low": 10}, False),
        ({"absent_days": 9, "low": 3, "missed": 1}, False),
    ):
        assert rules.is_dismissed(rules.reasons(replace(WELL, **change), DEFAULT, 7), seen) is holds


def test_a_suggestion_names_the_course_and_no_figure_of_the_student():
    for change in ({"absent_days": 9}, {"low": 2}, {"done": 1}, {"missed": 2}, {"absent_days": None, "done": 0}):
        said = rules.suggestion(rules.reasons(replace(WELL, **change), DEFAULT, 7), "Stones")
        assert "Stones" in said
        assert not any(character.isdigit() for character in said)


def test_whether_messages_helped_is_told_beside_those_who_got_none():
    assert rules.helped(0, 0, 5, 2).startswith("Nobody was written to")
    said = rules.helped(12, 7, 30, 9)
    assert "7 came back within 7 days (58 %)" in said
    assert "not written to: 30, of whom 9 came back (30 %)" in said


def test_on_a_day_in_the_third_week_the_reasons_find_half_of_who_drops_out_later_and_are_mostly_right(record_property):
    told = []
    for seed in range(5):
        students = cohort(seed)
        median = rules.median_done(one.standing for one in students)
        flagged = [one for one in students if rules.reasons(one.standing, DEFAULT, median)]
        right = sum(one.dropped_out for one in flagged)
        dropped = sum(one.dropped_out for one in students)
        told.append((right / len(flagged), right / dropped, dropped / len(students)))
    precision, recall, share = (sum(values) / len(told) for values in zip(*told, strict=True))
    record_property("precision", round(precision, 3))
    record_property("recall", round(recall, 3))
    print(f"\nat risk: precision {precision:.2f}, recall {recall:.2f}; {share:.0%} drop out")
    assert precision > 0.6
    assert precision > 1.7 * share
    assert recall > 0.5
