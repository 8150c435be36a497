"""The exceptions of a quiz: who has other dates, more time or more attempts, in words; one of them open in a form."""

import reflex as rx

from lms_app.domain.assessments.override_form import ExceptionLine
from lms_app.web.components.buttons import button, icon_button, link_button
from lms_app.web.components.dialogs import confirm_dialog
from lms_app.web.components.empties import empty
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import page_header, row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.exception_form import exception_form
from lms_app.web.instructor.exceptions_state import ExceptionsState
from lms_app.web.layout import app_shell

quiz = ExceptionsState.quiz
REMOVING = "remove-exception"


def exceptions_page() -> rx.Component:
    """What holds for everybody, then who differs."""
    known = ExceptionsState.ready & (quiz != None)  # noqa: E711 - becomes JavaScript
    address = rx.Var.create("/teach/quizzes/") + quiz.quiz_id
    return app_shell(
        rx.cond(known, _page(address), loading(skeleton_rows(6))),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, quiz.course, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + quiz.course_id, "/teach")),
            (rx.cond(known, quiz.quiz, "Quiz"), rx.cond(known & quiz.may_edit, address, "/teach")),
            ("Exceptions", ""),
        ],
        narrow=True,
    )


def _page(address: rx.Var) -> rx.Component:
    writes = ExceptionsState.sheet != None  # noqa: E711 - becomes JavaScript
    return rx.fragment(
        page_header(
            quiz.quiz,
            "Exceptions: other dates, more time, more attempts",
            [
                link_button("Control room", address + "/room", icon="radio"),
                rx.cond(
                    quiz.may_edit & ~writes,
                    button("Add exception", kind="primary", icon="plus", on_click=ExceptionsState.write_new),
                    rx.fragment(),
                ),
            ],
        ),
        stack(
            rx.cond(writes, exception_form(), rx.fragment()),
            section(
                "Who differs",
                rx.cond(
                    quiz.lines,
                    rx.fragment(rows(rx.foreach(quiz.lines, _line)), pages(quiz, ExceptionsState.turn)),
                    empty("No exceptions yet", "A student or a group may have other dates, more time or more attempts than everybody."),
                ),
                rx.el.p(
                    "A student's own exception comes before a group's, a group's before everybody's; of several groups the kindest holds. "
                    "Attempts under way keep the rules that they began with; the control room moves their clocks.",
                    class_name="ly-help",
                ),
                sentence=rx.fragment("Without an exception: ", quiz.standard, "."),
            ),
            gap=32,
        ),
        confirm_dialog(
            REMOVING,
            rx.fragment("Remove the exception for ", ExceptionsState.leaving, "?"),
            "What holds for everybody holds for them again. Attempts under way keep the rules that they began with.",
            verb="Remove",
            on_confirm=ExceptionsState.remove,
        ),
    )


def _line(line: ExceptionLine) -> rx.Component:
    def named(verb: str) -> rx.Var:
        return rx.Var.create(f"{verb} exception for ") + line.who

    return row(
        line.who,
        line.words,
        end=[
            rx.cond(line.kind == "group", pill("Group", icon="users"), rx.fragment()),
            rx.cond(
                quiz.may_edit,
                rx.el.span(
                    icon_button("pencil", named("Edit"), size="s", on_click=ExceptionsState.edit(line.id)),
                    icon_button("trash-2", named("Remove"), size="s", opens=REMOVING, on_click=ExceptionsState.ask_remove(line.id)),
                    class_name="ly-build-acts",
                ),
                rx.fragment(),
            ),
        ],
        key=line.id,
    )
