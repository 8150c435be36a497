"""The island in which a course is put together: its outline, and beside it whatever of it is chosen."""

from typing import Any

import reflex as rx

from lms_app.web.island_files import beside

_PARTS = [
    beside(name)
    for name in (
        "outline_adding.jsx",
        "outline_availability.jsx",
        "outline_menu.jsx",
        "outline_model.jsx",
        "outline_panels.jsx",
        "outline_places.jsx",
        "outline_states.jsx",
        "outline_store.jsx",
        "outline_tree.jsx",
    )
]
_TREE = "1.7.0"


class CourseOutline(rx.NoSSRComponent):
    """Reads and changes a course's outline over HTTP. The block editor is its panel for pages; its children are shown while the course itself is
    chosen. `revision` grows when something moved: the outline is read anew."""

    library = f"$/public/{beside('outline_island.jsx')}"
    tag = "CourseOutline"
    lib_dependencies: list[str] = [
        f"@headless-tree/core@{_TREE}",
        f"@headless-tree/react@{_TREE}",
        "@tanstack/react-virtual@3.14.26",
    ]

    course_id: rx.Var[str]
    course_title: rx.Var[str]
    revision: rx.Var[int]


def course_outline(*course_panel: Any, course_id: Any, course_title: Any, revision: Any) -> rx.Component:
    """The outline of a course; `course_panel` is what stands beside it while the course itself is chosen."""
    return CourseOutline.create(*course_panel, course_id=course_id, course_title=course_title, revision=revision)
