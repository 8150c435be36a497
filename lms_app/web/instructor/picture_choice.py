"""A button that lets an author choose one of the course's pictures, or send one."""

from typing import Any

import reflex as rx

from lms_app.web.instructor.media import PICKER
from lms_app.web.island_files import beside

PARTS = [PICKER]


class PictureChoice(rx.NoSSRComponent):
    """`on_choose` gets the id of the picture."""

    library = f"$/public/{beside('picture_choice.jsx')}"
    tag = "PictureChoice"

    words: rx.Var[str]
    course_id: rx.Var[str]
    on_choose: rx.EventHandler[lambda file_id: [file_id]]


def choose_picture(words: str, course_id: Any, on_choose: Any) -> rx.Component:
    """The button, which opens the library."""
    return PictureChoice.create(words=words, course_id=course_id, on_choose=on_choose)
