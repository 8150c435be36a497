"""The island that shows the files of a course."""

from typing import Any

import reflex as rx

from lms_app.web.instructor import editor
from lms_app.web.island_files import beside

_PARTS = editor.PARTS


class Library(rx.NoSSRComponent):
    """Sends, lists, renames and removes files over HTTP."""

    library = f"$/public/{beside('library_island.jsx')}"
    tag = "Library"

    course_id: rx.Var[str]


def library(course_id: Any) -> rx.Component:
    """The files of a course."""
    return Library.create(course_id=course_id)
