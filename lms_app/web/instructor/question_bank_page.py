"""A bank of questions: its course at the head, the rest is the island's."""

import reflex as rx

from lms_app.web.components.panels import page_header, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.bank import question_bank
from lms_app.web.instructor.places import course_tabs
from lms_app.web.instructor.question_bank_state import QuestionBankState
from lms_app.web.layout import app_shell
from lms_app.words import StaffRole

state = QuestionBankState


def question_bank_page() -> rx.Component:
    """The pages of the course, and its bank."""
    course = rx.Var.create("/teach/courses/") + state.course_id
    return app_shell(
        rx.cond(
            state.ready,
            rx.fragment(
                page_header(state.course, "Question bank"),
                stack(course_tabs(state.course_id, StaffRole.EDITOR.value, "bank"), question_bank(state.course_id), gap=24),
            ),
            loading(skeleton_rows(8)),
        ),
        active="teach",
        area="teach",
        crumbs=[("Teach", "/teach"), (rx.cond(state.ready, state.course, "Course"), rx.cond(state.ready, course, "/teach")), ("Question bank", "")],
    )
