"""The islands in which the students of a course are looked at."""

from typing import Any

import reflex as rx

from lms_app.web.components.figure_notes import FIGURE_NOTES
from lms_app.web.components.island_parts import ISLAND_PARTS
from lms_app.web.island_files import beside

_PARTS = [ISLAND_PARTS, FIGURE_NOTES, beside("message_dialog.jsx")]


class StudentsIsland(rx.NoSSRComponent):
    """The table of students, read by windows, and again when `revision` has grown."""

    library = f"$/public/{beside('students_island.jsx')}"
    tag = "StudentsIsland"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26"]

    course_id: rx.Var[str]
    revision: rx.Var[int]


class RiskIsland(rx.NoSSRComponent):
    """Students at risk and why, thresholds with whom they flag, dismissals and messages."""

    library = f"$/public/{beside('risk_island.jsx')}"
    tag = "RiskIsland"

    course_id: rx.Var[str]
    revision: rx.Var[int]


class MatrixIsland(rx.NoSSRComponent):
    """Students by pages and quizzes, read by windows, and again when `revision` has grown."""

    library = f"$/public/{beside('matrix_island.jsx')}"
    tag = "MatrixIsland"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26"]

    course_id: rx.Var[str]
    revision: rx.Var[int]


class MessageIsland(rx.NoSSRComponent):
    """A button that opens a message to one student."""

    library = f"$/public/{beside('message_island.jsx')}"
    tag = "MessageIsland"

    course_id: rx.Var[str]
    student: rx.Var[str]
    name: rx.Var[str]


def risk_island(course_id: Any, revision: Any) -> rx.Component:
    """Students at risk in a course."""
    return RiskIsland.create(course_id=course_id, revision=revision)


def matrix_island(course_id: Any, revision: Any) -> rx.Component:
    """Who has done what in a course."""
    return MatrixIsland.create(course_id=course_id, revision=revision)


def message_island(course_id: Any, student: Any, name: Any) -> rx.Component:
    """A message to a student, named by the enrolment."""
    return MessageIsland.create(course_id=course_id, student=student, name=name)


def students_island(course_id: Any, revision: Any) -> rx.Component:
    """The students of a course."""
    return StudentsIsland.create(course_id=course_id, revision=revision)
