"""The exam control room: who sits a quiz now, how far, how long; more time, an end, a word."""

import reflex as rx

from lms_app.web.components.buttons import link_button
from lms_app.web.components.panels import page_header
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.exam_room import exam_island
from lms_app.web.instructor.exam_state import ExamState
from lms_app.web.layout import app_shell

door = ExamState.door


def exam_page() -> rx.Component:
    """The grid under the quiz's name."""
    known = ExamState.ready & (door != None)  # noqa: E711 - becomes JavaScript
    quiz = rx.Var.create("/teach/quizzes/") + door.assessment_id
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                page_header(
                    door.title,
                    "Exam control room. It updates by itself as students write.",
                    [
                        link_button("Exceptions", quiz + "/exceptions", icon="users"),
                        rx.cond(door.may_edit, link_button("Edit quiz", quiz, icon="pencil"), rx.fragment()),
                    ],
                ),
                exam_island(door.assessment_id, ExamState.revision, door.may_act),
            ),
            loading(skeleton_rows(8)),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, door.course, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + door.course_id, "/teach")),
            (rx.cond(known, door.title, "Quiz"), rx.cond(known & door.may_edit, quiz, "/teach")),
            ("Control room", ""),
        ],
    )
