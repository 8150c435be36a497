"""The island in which answers are marked."""

from typing import Any

import reflex as rx

from lms_app.web.island_files import beside

_PARTS = [beside(name) for name in ("marking_parts.jsx", "marking_list.jsx", "marking_rubric.jsx")]
_ISLAND = f"$/public/{beside('marking_island.jsx')}"


class MarkingIsland(rx.NoSSRComponent):
    """Takes one answer after the other out of the queue of a quiz and posts each mark by itself."""

    library = _ISLAND
    tag = "MarkingIsland"

    assessment: rx.Var[str]
    course: rx.Var[str]
    by_release: rx.Var[bool]
    may_author: rx.Var[bool]


def marker(assessment: Any, course: Any, by_release: Any, may_author: Any, **props: Any) -> rx.Component:
    """One quiz under its marker's hands. Whoever `may_author` it writes its rubrics here too."""
    return MarkingIsland.create(assessment=assessment, course=course, by_release=by_release, may_author=may_author, **props)
