from datetime import date
from decimal import Decimal
from itertools import pairwise

from lms_app.domain.analytics import findings_rules, overview_rules

TODAY = date(2026, 3, 31)


def test_without_a_choice_the_window_is_the_last_seven_days_and_before_it_are_seven() -> None:
    window = overview_rules.window(TODAY, None, None, date(2026, 1, 1))
    assert (window.first, window.last, window.days) == (date(2026, 3, 25), TODAY, 7)
    assert (window.before.first, window.before.last) == (date(2026, 3, 18), date(2026, 3, 24))


def test_an_end_of_the_window_that_is_missing_is_the_first_day_or_today() -> None:
    begun = date(2026, 1, 1)
    assert overview_rules.window(TODAY, date(2026, 3, 1), None, begun).last == TODAY
    assert overview_rules.window(TODAY, None, date(2026, 2, 1), begun).first == begun
    backwards = overview_rules.window(TODAY, date(2026, 3, 9), date(2026, 3, 2), begun)
    assert (backwards.first, backwards.last) == (date(2026, 3, 2), date(2026, 3, 9))


def test_lengths_are_said_in_the_unit_that_fits() -> None:
    assert [overview_rules.duration(seconds) for seconds in (90, 5 * 3600, 3 * 86400, 36 * 3600 * 2)] == [
        ("2", "min"), ("5", "h"), ("3", "days"), ("3", "days"),
    ]  # fmt: skip
    assert overview_rules.duration(2.5 * 86400) == ("2.5", "days")
    assert overview_rules.hours(400 * 3600) == ("400", "h")


def test_bins_hold_everybody_and_are_at_most_twelve() -> None:
    counts = {0: 3, 11: 1, 40: 2, 5000: 1}
    for these in (counts, {0: 1}, {11: 4}, {12: 4}):
        bins = overview_rules.duration_bins(these)
        assert sum(step.people for step in bins) == sum(these.values())
        assert len(bins) <= 12
        assert all(later.low == earlier.high for earlier, later in pairwise(bins))
    assert overview_rules.duration_bins({}) == []


def test_the_heat_map_has_every_hour_of_the_week_in_five_shades() -> None:
    rows = overview_rules.heat_rows({(1, 9): 1, (1, 10): 100, (7, 23): 50})
    assert [row.name for row in rows] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert all(len(row.cells) == 24 for row in rows)
    assert [rows[0].cells[hour].level for hour in (8, 9, 10)] == [0, 1, 4]
    assert rows[6].cells[23].words == "Sunday 23:00: 50"
    assert findings_rules.heat_finding([row.day for row in rows], [row.counts for row in rows]) == (
        "Most is done on Mondays; the busiest hour is Monday, 10:00 to 11:00."
    )


def test_a_mean_of_no_attempts_is_none() -> None:
    assert overview_rules.mean_of([], []) is None
    assert overview_rules.mean_of([Decimal("1.5"), Decimal("0.5")], [2, 2]) == 0.5
    assert overview_rules.percent_change(0.5, None) == "50 % in 7 days"
    assert overview_rules.percent_change(None, 0.25, chosen=True) == "None in these days, 25 % before"


def test_where_most_stopped_is_said_by_name() -> None:
    assert findings_rules.stops_finding(["Sand", "Stones"], [2, 5]) == "7 people have dropped off; most stopped at “Stones”: 5."
    assert findings_rules.stops_finding([], []) == "Nobody has dropped off."
    assert findings_rules.durations_finding(3, "2 days") == "3 people completed the course; half within 2 days."
