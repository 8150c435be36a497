import plotly.graph_objects as go

from lms_app.domain.analytics.node_views import FilmFigures, FilmPart, NodeDay, NodeFigures, Questions
from lms_app.web.instructor.node_panels import days_panel, film_panel
from lms_app.web.theme import COMPARISON


def node(*days: NodeDay) -> NodeFigures:
    return NodeFigures(
        kind="page", id="p", course_id="c", title="Stones", people=9, opened=5, figures=[], days=list(days), days_finding="A finding.", films=[],
        scores=None, questions=Questions(shown=[], finding="", total=0, reason=""), zone="UTC", runs=[], groups=[], run="r", group="", as_of="14:32",
        version=1,
    )  # fmt: skip


def test_days_are_a_line_with_the_completed_dotted_and_both_in_the_table() -> None:
    panel = days_panel(node(NodeDay(day="2026-03-02", opened=3, completed=0), NodeDay(day="2026-03-03", opened=2, completed=4)))
    assert [trace["y"] for trace in panel.figure["data"]] == [[3, 2], [0, 4]]
    assert panel.rows == [["2 Mar", "3", "2", *["–"] * 5], ["completed", "0", "4", *["–"] * 5]]
    assert panel.finding == "A finding. Completed is dotted."
    assert go.Figure(panel.figure)


def test_a_single_day_is_drawn_as_points_and_none_as_nothing() -> None:
    panel = days_panel(node(NodeDay(day="2026-03-02", opened=3, completed=1)))
    assert {trace["mode"] for trace in panel.figure["data"]} == {"markers"}
    assert panel.finding == "A finding. Completed is grey."
    assert panel.figure["data"][1]["marker"]["color"] == COMPARISON
    assert days_panel(node()).rows == []


def test_what_is_the_same_on_each_day_is_said_and_drawn_once() -> None:
    panel = days_panel(node(NodeDay(day="2026-03-02", opened=3, completed=3), NodeDay(day="2026-03-03", opened=1, completed=1)))
    assert (len(panel.figure["data"]), panel.finding) == (1, "A finding. As many completed it each day as opened it.")
    assert [row[:2] for row in panel.rows] == [["2 Mar", "3"], ["completed", "3"]]


def test_stops_are_not_drawn_in_the_grey_that_bars_swallow() -> None:
    part = FilmPart(start=0, end=30, people=3, stops=1)
    stops = film_panel(FilmFigures(block="f", title="F", people=3, stops=1, parts=[part], finding="A finding.")).figure["data"][1]
    assert "color" not in stops["line"]


def test_a_film_is_bars_of_people_with_its_stops_dotted_and_all_numbers_in_the_table_and_the_label() -> None:
    parts = [FilmPart(start=0, end=30, people=3, stops=0), FilmPart(start=30, end=60, people=2, stops=1)]
    panel = film_panel(FilmFigures(block="f", title="How stones are made", people=3, stops=1, parts=parts, finding="A finding."))
    assert [trace["y"] for trace in panel.figure["data"]] == [[3, 2], [0, 1]]
    assert panel.rows == [["0:00–0:30", "3", "0"], ["0:30–1:00", "2", "1"]]
    assert "0:30–1:00: 2 played, 1 stopped" in panel.label
    assert go.Figure(panel.figure)


def test_a_film_that_nobody_stopped_has_no_dotted_line() -> None:
    film = FilmFigures(block="f", title="F", people=1, stops=0, parts=[FilmPart(start=0, end=30, people=1, stops=0)], finding="A finding.")
    assert (len(film_panel(film).figure["data"]), film_panel(film).finding) == (1, "A finding.")
