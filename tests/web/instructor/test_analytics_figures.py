from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go

from lms_app.domain.analytics.overview_rules import duration_bins, heat_rows
from lms_app.domain.analytics.overview_views import CourseOverview, Stop
from lms_app.domain.analytics.views import CourseFigures, DayCount, FunnelStep, QuizScores, ScoreBin
from lms_app.web.instructor.analytics_figures import (
    BY_ITEM,
    BY_MODULE,
    activity_panel,
    durations_panel,
    enrolment_panel,
    funnel_panel,
    heat_table,
    score_panel,
    stops_panel,
)

WEDNESDAY = date(2026, 9, 30)


def quiz(*, pass_mark: float | None = 0.6) -> QuizScores:
    bins = [ScoreBin(low=number * 5, high=number * 5 + 5, attempts=number % 3) for number in range(20)]
    return QuizScores(id="q", title="Final", attempts=19, mean=0.5, pass_mark=pass_mark, bins=bins, finding="A finding.")


def course(days: int = 70, modules: int = 3, items: int = 4) -> CourseFigures:
    return CourseFigures(
        course_id="c", run_id="r", slug="s", title="Maps", enrolled=9, ever_enrolled=10, active_week=5, completed=2, certificates=1,
        days=[DayCount(day=(WEDNESDAY + timedelta(days=day)).isoformat(), enrolled=day, active=day % 7) for day in range(days)],
        funnel=[
            FunnelStep(id=f"{m}-{i}", title=f"Item {m}.{i}", kind="page", module=f"Module {m}", started=9, completed=9 - m - i, share=0.5)
            for m in range(modules)
            for i in range(items)
        ],
        quizzes=[quiz()], enrolment_finding="E.", activity_finding="A.", funnel_finding="F.", metrics=[], as_of="14:32", version=3,
    )  # fmt: skip


def test_the_table_under_a_line_holds_every_number_of_it_by_week_and_day() -> None:
    panel = activity_panel(course())
    cells = [cell for row in panel.rows for cell in row[1:] if cell != "–"]
    assert cells == [str(count) for count in panel.figure["data"][0]["y"]]
    assert panel.rows[0] == ["28 Sep", "–", "–", "0", "1", "2", "3", "4"]
    assert all(len(row) == 8 for row in panel.rows)


def test_lines_and_their_tables_stay_small_in_a_course_that_runs_for_years() -> None:
    panel = enrolment_panel(course(days=2_000))
    assert len(panel.figure["data"][0]["y"]) == 350
    assert panel.figure["data"][0]["y"][-1] == 1_999
    assert len(panel.rows) <= 51


def test_a_funnel_begins_with_everybody_who_ever_enrolled_and_says_the_share() -> None:
    panel = funnel_panel(course(), BY_ITEM)
    assert panel.rows[:3] == [["Ever enrolled", "10", "100 %"], ["Item 0.0", "9", "90 %"], ["Item 0.1", "8", "80 %"]]
    assert panel.figure["data"][0]["x"][:3] == [10, 9, 8]
    assert panel.figure["data"][0]["text"][1] == "9   90 %"
    assert "Item 0.1 8" in panel.label
    assert panel.figure["layout"]["height"] == int(panel.tall)


def test_a_funnel_by_module_gives_the_mean_of_its_items() -> None:
    assert [row[:2] for row in funnel_panel(course(), BY_MODULE).rows] == [
        ["Ever enrolled", "10"],
        ["Module 0", "8"],
        ["Module 1", "6"],
        ["Module 2", "6"],
    ]


def test_a_funnel_by_item_can_show_one_module_alone() -> None:
    assert [row[0] for row in funnel_panel(course(), BY_ITEM, "Module 1").rows] == ["Ever enrolled", "Item 1.0", "Item 1.1", "Item 1.2", "Item 1.3"]


def test_before_the_first_attempt_no_scores_are_drawn() -> None:
    nobody = replace(quiz(), bins=[ScoreBin(low=number * 5, high=number * 5 + 5, attempts=0) for number in range(20)])
    assert score_panel(nobody).rows == []
    assert len(score_panel(quiz()).rows) == 20


def test_scores_mark_the_pass_mark_between_bars() -> None:
    panel = score_panel(quiz())
    assert panel.figure["layout"]["shapes"][0]["x0"] == 11.5
    assert panel.figure["layout"]["annotations"][0]["text"] == "Pass mark 60 %"
    assert sum(int(row[1]) for row in panel.rows) == 19
    assert "55–60 % 2" in panel.label
    assert "shapes" not in score_panel(quiz(pass_mark=None)).figure["layout"]


def test_the_axis_of_scores_is_labelled_to_its_very_end() -> None:
    axis = score_panel(quiz()).figure["layout"]["xaxis"]
    assert (axis["ticktext"][-1], axis["ticklabeloverflow"]) == ("100 %", "allow")
    assert axis["range"][0] < axis["tickvals"][0]
    assert axis["tickvals"][-1] < axis["range"][1]


def test_plotly_takes_every_panel_of_a_course_with_nothing_in_it() -> None:
    nothing = course(days=0, modules=0)
    for panel in (enrolment_panel(nothing), activity_panel(nothing), funnel_panel(nothing, BY_ITEM), funnel_panel(nothing, BY_MODULE)):
        go.Figure(panel.figure)
        assert panel.finding


def test_figures_are_a_few_kilobytes_and_carry_no_template() -> None:
    import json

    full = course(modules=10, items=6)
    panels = [enrolment_panel(full), activity_panel(full), funnel_panel(full, BY_MODULE), score_panel(quiz())]
    assert sum(len(json.dumps(panel.figure)) for panel in panels) < 12_000
    assert all("template" not in panel.figure["layout"] for panel in panels)


def overview(**other: object) -> CourseOverview:
    given: dict[str, Any] = {
        "course": course(), "key": [], "stops": [], "stops_finding": "Nobody has dropped off.", "heat": heat_rows({(1, 9): 4}), "heat_finding": "H.",
        "zone": "UTC", "durations": [], "durations_finding": "D.", "durations_n": 0, "runs": [], "groups": [], "run": "r", "group": "", "since": "",
        "until": "", "previous": "", "before": [],
    }  # fmt: skip
    return CourseOverview(**(given | other))


def test_the_run_before_is_dotted_in_the_chart_and_a_row_of_its_own_in_the_table() -> None:
    before = [replace(day, enrolled=7, active=3) for day in course(days=10).days]
    panel = activity_panel(course(days=12), before, "Autumn")
    assert [trace["name"] for trace in panel.figure["data"]] == ["Active", "Autumn"]
    assert panel.figure["data"][1]["line"]["dash"] == "dot"
    assert [row[0] for row in panel.rows] == ["28 Sep", "the run before", "5 Oct", "the run before"]
    assert panel.rows[1] == ["the run before", "–", "–", "3", "3", "3", "3", "3"]
    assert panel.rows[3][1:] == ["3", "3", "3", "3", "3", "–", "–"]
    assert "Autumn is dotted" in panel.finding
    assert enrolment_panel(course(days=12), [], "").figure["data"][0]["name"] == "Enrolled"


def test_the_table_of_where_people_stopped_has_every_place_and_the_chart_the_greatest() -> None:
    stops = [Stop(title=f"Page {number}", module="M", opened=40, people=number + 1) for number in range(20)]
    panel = stops_panel(overview(stops=stops))
    assert len(panel.rows) == 20
    assert panel.figure["data"][0]["x"] == list(range(9, 21))
    few = stops_panel(overview(stops=stops[:2]))
    assert (few.figure["layout"]["height"], few.tall) == (132, "132"), "two places need no more room"
    go.Figure(panel.figure)


def test_the_heat_map_has_a_table_of_the_same_numbers() -> None:
    rows = heat_table(overview())
    assert rows[9] == ["9:00", "4", "0", "0", "0", "0", "0", "0"]
    assert heat_table(overview(heat=heat_rows({}))) == []


def test_bars_of_days_say_the_first_and_the_last_day_of_each() -> None:
    panel = durations_panel(overview(durations=duration_bins({0: 1, 20: 2})))
    assert panel.rows[0] == ["1–2", "1"]
    assert panel.rows[-1] == ["21–22", "2"]
    go.Figure(panel.figure)
    go.Figure(durations_panel(overview()).figure)
