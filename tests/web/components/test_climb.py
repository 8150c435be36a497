"""The picture of the front door."""

import math
from itertools import pairwise

from lms_app.web.components.climb import HERE, STOPS, TOP, hill, lines_svg, way
from lms_app.web.theme import ASSETS


def test_the_way_goes_up_and_ends_at_the_top():
    places = way().places
    assert len(places) == STOPS
    assert places[-1] == TOP
    heights = [hill(*place) for place in places]
    assert heights == sorted(heights)
    assert all(hill(TOP[0] + 30 * math.cos(turn), TOP[1] + 30 * math.sin(turn)) < hill(*TOP) for turn in range(7))


def test_what_is_walked_and_what_is_ahead_meet_at_the_present_place():
    x, y = way().places[HERE]
    assert way().walked.endswith(f"{x:.0f} {y:.0f}")
    assert way().ahead.startswith(f"M{x:.0f} {y:.0f}")


def test_the_hill_behind_it_is_the_one_we_draw():
    assert (ASSETS / "art" / "hill.svg").read_text() == lines_svg()


def test_places_do_not_touch():
    assert all(math.dist(one, other) > 60 for one, other in pairwise(way().places))
