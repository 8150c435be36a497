"""Marking: which quizzes have answers that wait, then one answer after the other."""

import reflex as rx

from lms_app.domain.assessments.marking_queue import QuizToMark
from lms_app.web.components.buttons import link_button
from lms_app.web.components.empties import empty
from lms_app.web.components.panels import line, page_header, row, rows, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.marker import marker
from lms_app.web.instructor.marking_state import MarkingState
from lms_app.web.instructor.places import course_tabs
from lms_app.web.layout import app_shell

overview, quiz = MarkingState.overview, MarkingState.quiz


def marking_page() -> rx.Component:
    """The quizzes, or the one that is being marked."""
    known = MarkingState.ready & (overview != None)  # noqa: E711 - becomes JavaScript
    course = rx.Var.create("/teach/courses/") + overview.course_id
    return app_shell(
        rx.cond(
            known,
            rx.cond(
                quiz != None,  # noqa: E711 - becomes JavaScript
                rx.fragment(
                    page_header(quiz.title, rx.cond(quiz.anonymous, "Marked without names", overview.course)),
                    marker(quiz.id, overview.course_id, quiz.by_release, overview.may_author, key=quiz.id),
                ),
                rx.fragment(
                    page_header(overview.course, _waiting(overview.waiting)),
                    stack(
                        course_tabs(overview.course_id, overview.role, "marking"),
                        rx.cond(
                            overview.quizzes,
                            rows(rx.foreach(overview.quizzes, _quiz)),
                            empty("Nothing to mark", "Essays, files and quizzes that are marked by hand appear here once they are handed in."),
                        ),
                        gap=24,
                    ),
                ),
            ),
            loading(skeleton_rows(4)),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, overview.course, "Course"), rx.cond(known, course, "/teach")),
            ("Marking", rx.cond(quiz != None, course + "/marking", "")),  # noqa: E711 - becomes JavaScript
        ],
    )


def _waiting(count: rx.Var) -> rx.Component:
    return rx.el.span(
        rx.cond(count == 0, "No answer waits for its marks", rx.fragment(count, rx.cond(count == 1, " answer waits", " answers wait"), " for marks"))
    )


def _quiz(entry: QuizToMark) -> rx.Component:
    return row(
        entry.title,
        line(
            _waiting(entry.waiting),
            rx.el.span(entry.marked, " marked"),
            rx.cond(entry.ready > 0, rx.el.span(entry.ready, rx.cond(entry.ready == 1, " attempt", " attempts"), " to release"), rx.fragment()),
        ),
        end=[
            rx.cond(entry.anonymous, pill("Anonymous", icon="eye-off"), rx.fragment()),
            link_button(
                rx.cond(entry.waiting > 0, "Mark", "See marks"),
                rx.Var.create("/teach/courses/") + overview.course_id + "/marking?quiz=" + entry.id,
                size="s",
                aria_label=rx.cond(entry.waiting > 0, "Mark ", "See marks of ") + entry.title,
            ),
        ],
        key=entry.id,
    )
