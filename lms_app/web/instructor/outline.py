"""The island in which a course is put together: its outline, and beside it whatever of it is chosen."""

from typing import Any

import reflex as rx

from lms_app.web.island_files import beside

_PARTS = [
    beside(name)
    for name in (
        "outline_adding.jsx",
        "outline_availability.jsx",
        "outline_figures.jsx",
        "outline_focus.jsx",
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
    """Reads and changes a course's outline over HTTP. The block editor is its panel for pages; of its two children the first is shown while the
    course itself is chosen, the second in place of the editor of a page or quiz whose figures are asked for: `watching` is the id of whose are told,
    `on_page`, `on_quiz` and `on_editor` say whose are wanted, and that none are. `revision` grows when something moved: the outline is read anew."""

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
    watching: rx.Var[str]
    on_page: rx.EventHandler[lambda page_id: [page_id]]
    on_quiz: rx.EventHandler[lambda assessment_id: [assessment_id]]
    on_editor: rx.EventHandler[lambda: []]


def course_outline(course_panel: Any, node_panel: Any, **props: Any) -> rx.Component:
    """The outline of a course; `course_panel` is what stands beside it while the course itself is chosen, `node_panel` the figures of a page or
    quiz."""
    return CourseOutline.create(course_panel, node_panel, **props)
