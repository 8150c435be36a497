"""A question under its author's hands, on a page of its own."""

import reflex as rx

from lms_app.web.components.skeletons import loading, skeleton_block
from lms_app.web.instructor.question_editor import question_editor
from lms_app.web.instructor.question_state import QuestionState
from lms_app.web.layout import app_shell

question = QuestionState.question


def question_page() -> rx.Component:
    """The question editor, alone."""
    known = QuestionState.ready & (question != None)  # noqa: E711 - becomes JavaScript
    in_course = known & (question.course_id != "")
    return app_shell(
        rx.cond(
            known,
            rx.fragment(rx.el.h1(question.title, class_name="ly-sr"), question_editor(question.id)),
            loading(skeleton_block(560)),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(in_course, question.course, "My bank"), rx.cond(in_course, rx.Var.create("/teach/courses/") + question.course_id, "/teach")),
            (
                "Question bank",
                rx.cond(in_course, rx.Var.create("/teach/courses/") + question.course_id + "/bank", "/teach"),
            ),
            (rx.cond(known, question.title, "Question"), ""),
        ],
    )
