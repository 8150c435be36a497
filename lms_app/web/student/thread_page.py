"""One thread of a discussion, for those who take the course and its staff."""

import reflex as rx

from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.components.talking import thread_talk
from lms_app.web.layout import app_shell
from lms_app.web.student.thread_state import ThreadState

head = ThreadState.head


def thread_page() -> rx.Component:
    """The thread under the way back to where it belongs."""
    known = ThreadState.ready & (head != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(known, thread_talk(head.id, ThreadState.revision), loading(skeleton_rows(8))),
        narrow=True,
        crumbs=[
            (rx.cond(known, head.course, "Course"), rx.cond(known, head.course_link, "/home")),
            (rx.cond(known, head.back_words, "Page"), rx.cond(known, head.back, "/home")),
            ("Thread", ""),
        ],
    )
