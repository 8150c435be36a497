"""Figures: Plotly takes them, and they say what they were given."""

from datetime import date, timedelta

import plotly.graph_objects as go
import pytest

from lms_app.web.charts import figures

DAYS = [date(2026, 12, 20) + timedelta(days=day) for day in range(14)]


@pytest.mark.parametrize(
    "figure",
    [
        figures.NOTHING,
        figures.lines(DAYS, list(range(14)), name="Now", before=[1] * 14),
        figures.lines(DAYS[:1], [1], name="Now"),
        figures.lines([], [], name="Now"),
        figures.many_lines(DAYS, [("a", [1] * 14), ("b", [2] * 14)]),
        figures.steps(["Enrolled", "Finished"], [10, 4]),
        figures.steps([], []),
        figures.bars(["0–50%", "50–100%"], [3, 4], unit="attempts", mark=1, mark_words="Pass mark 50%"),
        figures.bars([], []),
        figures.points(["1", ""], [0.5, 1.0], [0.2, -0.3], x_title="Facility", y_title="Item-rest"),
        figures.points([], [], [], x_title="Facility", y_title="Item-rest"),
    ],
)
def test_plotly_takes_every_figure(figure: figures.Figure):
    assert len(go.Figure(figure).data) == len(figure["data"])


def test_days_are_short_and_carry_the_year_only_where_it_changes():
    assert figures.lines(DAYS[:2], [1, 2], name="Now")["data"][0]["x"] == ["20 Dec", "21 Dec"]
    assert figures.lines(DAYS, [1] * 14, name="Now")["data"][0]["x"][-1] == "2 Jan 2027"


def test_no_axis_names_more_than_five_places():
    assert len(figures.lines(DAYS, [1] * 14, name="Now")["layout"]["xaxis"]["tickvals"]) <= 5
    assert len(figures.bars([str(n) for n in range(23)], [1] * 23)["layout"]["xaxis"]["tickvals"]) <= 5


def test_a_funnel_says_counts_and_shares_of_the_first_step():
    assert figures.steps(["Enrolled", "Finished"], [1246, 41])["data"][0]["text"] == ["1,246   100%", "41   3%"]


def test_a_funnel_of_nobody_divides_by_nothing():
    assert figures.steps(["Enrolled", "Finished"], [0, 0])["data"][0]["text"] == ["0", "0"]


def test_a_sixth_series_is_refused():
    with pytest.raises(ValueError, match="five"):
        figures.many_lines(DAYS, [(str(n), [1] * 14) for n in range(6)])


def test_few_steps_are_bars_and_not_blocks() -> None:
    widths = [figures.steps(["Stop"] * number, [1] * number)["data"][0]["width"] for number in (0, 1, 2, 4, 12)]
    assert widths == [0.2, 0.2, 0.4, 0.7, 0.7]
