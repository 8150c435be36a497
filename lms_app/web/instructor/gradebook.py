"""The island in which a gradebook is read and written."""

from typing import Any

import reflex as rx

from lms_app.web.island_files import beside

_PARTS = [beside(name) for name in ("gradebook_grid.jsx", "gradebook_import.jsx", "gradebook_one.jsx", "gradebook_panel.jsx", "gradebook_store.jsx")]


class GradebookIsland(rx.NoSSRComponent):
    """Reads windows of a course's gradebook and saves grades, both over HTTP. `revision` grows when something moved: what is in sight
    is read anew."""

    library = f"$/public/{beside('gradebook_island.jsx')}"
    tag = "GradebookIsland"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26"]

    course_id: rx.Var[str]
    revision: rx.Var[int]


def gradebook_island(course_id: Any, revision: Any) -> rx.Component:
    """The gradebook of a course."""
    return GradebookIsland.create(course_id=course_id, revision=revision)
