"""What components work out in Python: sparklines, shades, ids."""

import pytest

from lms_app.web.components.heatmaps import heat_level
from lms_app.web.components.icons import icon
from lms_app.web.components.kpis import spark_path


def test_a_sparkline_runs_from_edge_to_edge_and_keeps_inside():
    path = spark_path([3, 9, 5])
    assert path.startswith("M0.0 23.0")
    assert path.endswith("L80.0 16.3")
    assert "L40.0 3.0" in path


def test_a_flat_series_is_a_flat_line_and_one_value_is_none():
    assert spark_path([2, 2]) == "M0.0 23.0L80.0 23.0"
    assert spark_path([2]) == spark_path([]) == ""


@pytest.mark.parametrize(("value", "level"), [(0, 0), (1, 1), (25, 1), (26, 2), (75, 3), (100, 4)])
def test_shades_are_quarters_of_the_greatest(value: float, level: int):
    assert heat_level(value, 100) == level


def test_nothing_has_no_shade():
    assert heat_level(0, 0) == 0


def test_an_icon_from_a_variable_is_refused():
    import reflex as rx

    with pytest.raises(TypeError, match="literal"):
        icon(rx.Var.create("house"))
