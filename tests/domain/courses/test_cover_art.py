"""Covers: drawn from the slug alone."""

import xml.etree.ElementTree as ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from lms_app.domain.courses.cover_art import HEIGHT, WIDTH, cover_svg, lines_svg
from lms_app.web.theme import ASSETS


def test_the_same_slug_gives_the_same_cover():
    assert cover_svg("reading-maps") == cover_svg("reading-maps")
    assert cover_svg("reading-maps") != cover_svg("reading-maps-2")


@given(st.text(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_slug_gives_a_small_drawing_without_its_words(slug: str):
    drawing = cover_svg(slug)
    root = ElementTree.fromstring(drawing)
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert len(drawing) < 14_000
    assert not list(root.itertext()) or not "".join(root.itertext()).strip()


def test_the_lines_behind_the_doors_are_the_ones_we_draw():
    assert (ASSETS / "art" / "contours.svg").read_text() == lines_svg("lyceum", 1440, 900, levels=22)
