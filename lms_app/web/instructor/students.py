"""The islands in which the students of a course are looked at."""

from typing import Any

import reflex as rx

from lms_app.web.components.island_parts import ISLAND_PARTS
from lms_app.web.island_files import beside

_PARTS = [ISLAND_PARTS]


class StudentsIsland(rx.NoSSRComponent):
    """The table of students, read by windows, and again when `revision` has grown."""

    library = f"$/public/{beside('students_island.jsx')}"
    tag = "StudentsIsland"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26"]

    course_id: rx.Var[str]
    revision: rx.Var[int]


def students_island(course_id: Any, revision: Any) -> rx.Component:
    """The students of a course."""
    return StudentsIsland.create(course_id=course_id, revision=revision)
