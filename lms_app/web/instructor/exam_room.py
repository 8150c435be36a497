"""The island of the exam control room."""

from typing import Any

import reflex as rx

from lms_app.web.island_files import beside


class ExamIsland(rx.NoSSRComponent):
    """The live grid of a quiz's seats. It reads the room by itself, and at once when `revision` has grown."""

    library = f"$/public/{beside('exam_island.jsx')}"
    tag = "ExamIsland"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26"]

    assessment: rx.Var[str]
    revision: rx.Var[int]
    may_act: rx.Var[bool]


def exam_island(assessment: Any, revision: Any, may_act: Any) -> rx.Component:
    """Everybody who takes the quiz, where they are, and what can be done for them."""
    return ExamIsland.create(assessment=assessment, revision=revision, may_act=may_act)
