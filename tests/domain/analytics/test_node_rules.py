from datetime import date
from itertools import pairwise

from lms_app.domain.analytics import node_rules
from lms_app.domain.analytics.node_views import FilmPart

MONDAY = date(2026, 3, 2)


def test_lengths_are_told_in_the_unit_that_is_read_at_a_glance() -> None:
    assert [node_rules.length(seconds) for seconds in (0, 119, 120, 7199, 7200)] == [
        ("0", "s"),
        ("119", "s"),
        ("2", "min"),
        ("120", "min"),
        ("2.0", "h"),
    ]


def test_the_middle_half_names_its_unit_once_where_both_ends_have_it() -> None:
    assert node_rules.spread(20, 40) == "the middle half 20–40 s"
    assert node_rules.spread(90, 600) == "the middle half 90 s to 10 min"
    assert node_rules.spread(None, None) == ""


def test_a_share_says_of_how_many_and_of_nobody_that_there_is_none() -> None:
    assert (node_rules.of(1, 3), node_rules.of(0, 0)) == ("33 % of 3", "of nobody yet")


def test_quiet_days_are_there_too_and_a_course_of_years_shows_its_last() -> None:
    days = node_rules.days({MONDAY: 2}, {date(2026, 3, 4): 1})
    assert [(day.day, day.opened, day.completed) for day in days] == [("2026-03-02", 2, 0), ("2026-03-03", 0, 0), ("2026-03-04", 0, 1)]
    assert len(node_rules.days({date(2020, 1, 1): 1, MONDAY: 1}, {})) == node_rules.MOST_DAYS
    assert node_rules.days({}, {}) == []


def test_days_are_told_by_the_one_on_which_most_came() -> None:
    told = node_rules.days_finding({MONDAY: 2, date(2026, 3, 3): 2}, {MONDAY: 1})
    assert told == "Most came on 2 March: 2 people. 1 of 4 have completed it."
    assert node_rules.days_finding({}, {}, quiz=True) == "Nobody has begun it yet."


def test_a_long_film_is_drawn_in_at_most_24_stretches_that_keep_every_stop() -> None:
    people = {part: 100 - part for part in range(100)}
    parts = node_rules.film_parts(people, dict.fromkeys(range(0, 100, 2), 1), 30)
    assert len(parts) == 10
    assert sum(part.stops for part in parts) == 50
    assert (parts[0].start, parts[0].end, parts[0].people) == (0, 300, 100)
    assert all(left.end == right.start for left, right in pairwise(parts))
    assert len(node_rules.film_parts({10_000: 1}, {}, 30)) <= node_rules.MOST_PARTS
    assert node_rules.film_parts({}, {}, 30) == []


def test_a_film_is_told_by_who_played_it_how_far_they_came_and_where_they_stop() -> None:
    parts = [
        FilmPart(start=0, end=30, people=9, stops=2),
        FilmPart(start=30, end=60, people=4, stops=7),
        FilmPart(start=60, end=90, people=0, stops=1),
    ]
    told = node_rules.film_finding(9, 540, parts)
    assert told == "9 people have played it, 60 s each on average; 4 came as far as 0:30. It is stopped most between 0:30 and 1:00: 7 times."
    assert node_rules.film_finding(0, 0, []) == "Nobody has played it yet."
    assert node_rules.clock(3870) == "1:04:30"
