import pytest

from lms_app.domain.analytics.item_figures_rules import Figure, all_item_figures
from lms_app.domain.analytics.item_findings_rules import (
    Written,
    as_number,
    as_percent,
    choice_finding,
    choice_flags,
    question_flags,
    quiz_finding,
)
from lms_app.domain.analytics.item_sums_rules import QuizSums
from tests.domain.analytics.test_item_figures_rules import table


def flags(*rows: str) -> list[list[str]]:
    items = all_item_figures(QuizSums.of(table(*rows)))
    return [[flag.words for flag in question_flags(items[name])] for name in sorted(items)]


def test_figures_are_written_with_a_true_minus_and_no_negative_nought() -> None:
    assert as_number(Figure(value=-0.0649)).text == "−0.06"
    assert as_number(Figure(value=-0.001)).text == "0.00"
    assert as_percent(Figure(value=0.1249), 1).text == "12.5 %"
    assert as_number(Figure(value=None, because="all totals are the same")) == Written(text="—", because="all totals are the same")


def test_a_question_that_nobody_gets_right_or_everybody_is_named() -> None:
    assert flags("01", "01", "00") == [["Nobody got this right"], []]
    assert flags("11", "10") == [["Everybody got this right"], []]


def test_a_question_on_which_better_students_do_worse_is_named_where_there_are_enough() -> None:
    rows = ["0111", "0110", "0101", "1000", "1100"]
    assert flags(*rows)[0] == []
    assert flags(*rows * 2)[0] == ["Better students do worse"]


def test_a_question_that_most_leave_blank_is_named() -> None:
    assert "Most leave it blank" in flags(".1", ".0", ".1", "01", "11")[0]


@pytest.mark.parametrize(
    ("right", "given", "with_total", "said"),
    [
        (False, 5, 0.3, ["Better students choose this wrong answer"]),
        (True, 5, -0.3, ["Better students avoid this right answer"]),
        (True, 5, 0.3, []),
        (False, 5, -0.3, []),
        (False, 0, None, ["Nobody chose this"]),
    ],
)
def test_a_choice_that_goes_the_wrong_way_is_named(right: bool, given: int, with_total: float | None, said: list[str]) -> None:
    assert [flag.words for flag in choice_flags(right=right, given=given, with_total=Figure(value=with_total), n=20)] == said


def test_a_quiz_says_how_many_questions_to_look_at_and_why() -> None:
    items = list(all_item_figures(QuizSums.of(table(*["0111", "0110", "0101", "1000", "1100"] * 2))).values())
    assert quiz_finding(items) == "4 questions, facility 40 % to 80 %; 3 to look at: 3 “better students do worse”."
    assert quiz_finding(items[:1] * 2).startswith("2 questions, facility 40 %; ")
    assert quiz_finding([]) == "Nobody has answered yet."


def test_choices_say_what_was_given_most_and_whether_it_is_right() -> None:
    assert choice_finding(["A", "B"], [3, 1], [True, False], 4) == "“A” was given most, by 3 of 4, and is right."
    assert choice_finding(["A", "B"], [1, 3], [True, False], 4) == "“B” was given most, by 3 of 4, and is not right; what is right was given by 1."
    assert choice_finding(["A"], [0], [True], 0) == "Nothing has been chosen yet."
