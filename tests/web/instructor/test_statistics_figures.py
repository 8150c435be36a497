from dataclasses import replace

import plotly.graph_objects as go

from lms_app.domain.analytics.item_findings_rules import Flag, Written
from lms_app.domain.analytics.statistics_views import ChoiceLine, QuestionStatistics, QuestionView, QuizStatistics
from lms_app.web.instructor.analytics_figures import Panel
from lms_app.web.instructor.statistics_figures import choice_bars, question_map

NONE = Written(text="—", because="students did not all see the same questions")


def line(number: int, *, rest: Written | None = None, flags: list[Flag] | None = None) -> QuestionStatistics:
    some = Written(text="0.40", value=0.4)
    return QuestionStatistics(
        id=f"q{number}", number=number, title=f"Question {number}", seen=9, answered=8, n=7, facility=Written(text="50 %", value=0.5), sd=some,
        discrimination=some, efficiency=some, item_total=some, item_rest=rest or some, alpha_if_deleted=some, intended_weight=some,
        effective_weight=some, flags=flags or [],
    )  # fmt: skip


def quiz(*questions: QuestionStatistics) -> QuizStatistics:
    return QuizStatistics(
        assessment_id="a", course_id="c", course="Maps", title="Final", attempts=9, complete=7, maximum="4", figures=[], questions=list(questions),
        total=len(questions), finding="A finding.", reason="", as_of="14:32", version=1,
    )  # fmt: skip


def drawn(statistics: QuizStatistics) -> Panel:
    return question_map(statistics.questions, statistics.finding)


def test_every_question_is_drawn_and_in_the_table() -> None:
    panel = drawn(quiz(line(1), line(2)))
    go.Figure(panel.figure)
    # They lie on one another: their names would too.
    both = [f"{number}. Question {number}<br>Facility 50 %, item-rest 0.40" for number in (1, 2)]
    assert panel.figure["data"][0]["text"] == ["1, 2", ""]
    assert panel.figure["data"][0]["customdata"] == ["<br>".join(both)] * 2
    assert panel.rows == [["1. Question 1", "50 %", "0.40"], ["2. Question 2", "50 %", "0.40"]]
    assert "2. Question 2: facility 50 %, item-rest 0.40" in panel.label


def test_a_quiz_without_a_figure_of_any_question_is_not_drawn() -> None:
    unknown = replace(line(1, rest=NONE), facility=NONE)
    assert drawn(quiz()).rows == drawn(quiz(unknown)).rows == []


def test_of_many_questions_only_those_to_look_at_are_named_in_the_drawing() -> None:
    panel = drawn(quiz(*(line(number) for number in range(1, 40)), line(40, flags=[Flag(tone="bad", words="Better students do worse")])))
    assert [name for name in panel.figure["data"][0]["text"] if name] == ["40"]
    assert panel.figure["data"][0]["customdata"][0].endswith("5. Question 5<br>Facility 50 %, item-rest 0.40<br>and 35 more")
    assert len(panel.rows) == 40


def test_where_students_saw_different_questions_facility_is_drawn_alone() -> None:
    panel = drawn(quiz(line(1, rest=NONE), line(2, rest=NONE)))
    go.Figure(panel.figure)
    assert panel.figure["data"][0]["y"] == [50, 50]
    assert panel.rows[0][2] == "—"


def test_choices_are_drawn_and_in_the_table_with_their_correlation() -> None:
    choices = [
        ChoiceLine(key=name, part="", name=name, right=right, given=given, share=Written(text="50.0 %"), with_total=total, flags=[])
        for name, right, given, total in (("Slate", True, 4, Written(text="0.30", value=0.3)), ("Chalk", False, 4, NONE))
    ]
    view = QuestionView(
        assessment_id="a", course_id="c", quiz="Final", question=line(1), text="Which?", figures=[], choices=choices, left_out=0,
        finding="A finding.", as_of="14:32", version=1,
    )  # fmt: skip
    panel = choice_bars(view)
    go.Figure(panel.figure)
    assert panel.rows == [["Slate (right)", "4", "50.0 %", "0.30"], ["Chalk", "4", "50.0 %", "—"]]
    assert "Chalk 4, with the total —, because students did not all see the same questions" in panel.label
