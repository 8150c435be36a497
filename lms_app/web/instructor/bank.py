"""The island in which a bank of questions is kept."""

from typing import Any

import reflex as rx

from lms_app.web.instructor.question_editor import DEPENDENCIES
from lms_app.web.island_files import beside

_PARTS = [beside(name) for name in ("bank_acts.jsx", "bank_categories.jsx", "bank_import.jsx", "bank_list.jsx")]


class QuestionBank(rx.NoSSRComponent):
    """Reads a bank in windows and changes it, all over HTTP. The question editor is its panel."""

    library = f"$/public/{beside('bank_island.jsx')}"
    tag = "QuestionBank"
    lib_dependencies: list[str] = [*DEPENDENCIES, "@tanstack/react-virtual@3.14.26"]

    course_id: rx.Var[str]


def question_bank(course_id: Any) -> rx.Component:
    """The bank of a course, and one's own seen from there."""
    return QuestionBank.create(course_id=course_id)
