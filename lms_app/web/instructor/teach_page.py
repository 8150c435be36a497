"""An instructor's home: the courses that one teaches."""

import reflex as rx

from lms_app.domain.courses.views import TaughtCourse
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.cover import cover
from lms_app.web.components.dialogs import dialog
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import form, form_actions, text_area, text_field
from lms_app.web.components.panels import line, page_header, row, rows
from lms_app.web.components.pills import status_pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.teach_state import TeachState
from lms_app.web.layout import app_shell

NEW = "new-course"


def teach_page() -> rx.Component:
    """A list, and the way to a new course."""
    return app_shell(
        page_header(
            "Your courses",
            "Build them, publish them, see how they are learned",
            [link_button("Import course", "/teach/import", icon="package-open"), button("New course", kind="primary", icon="plus", opens=NEW)],
        ),
        rx.cond(
            TeachState.ready,
            rx.cond(
                TeachState.courses,
                rx.fragment(
                    rows(rx.foreach(TeachState.courses, _course)),
                    rx.cond(
                        TeachState.more > 0,
                        rx.el.p("The fifty newest are shown; there are ", TeachState.more, " more.", class_name="ly-small ly-quiet"),
                        rx.fragment(),
                    ),
                ),
                empty("No courses yet", "Make one with New course, or import an archive from Open edX."),
            ),
            loading(skeleton_rows(4)),
        ),
        _new_course(),
        active="teach",
        area="teach",
    )


def _course(course: TaughtCourse) -> rx.Component:
    return row(
        course.title,
        line(
            rx.el.span(course.pages, rx.cond(course.pages == 1, " page", " pages")),
            rx.el.span(course.learners, rx.cond(course.learners == 1, " student", " students")),
            rx.el.span(course.completed, " completed"),
        ),
        href=rx.Var.create("/teach/courses/") + course.id,
        start=cover(course.cover, shape="thumb"),
        end=[rx.cond(course.to_mark > 0, _to_mark(course), rx.fragment()), status_pill(course.status)],
        key=course.id,
    )


def _to_mark(course: TaughtCourse) -> rx.Component:
    return link_button(rx.fragment(course.to_mark, " to mark"), rx.Var.create("/teach/courses/") + course.id + "/marking", size="s", icon="pencil")


def _new_course() -> rx.Component:
    return dialog(
        NEW,
        "New course",
        form(
            text_field("Title", name="title", error=TeachState.errors["title"], max_length=200),
            text_area("Summary", name="summary", optional=True, error=TeachState.errors["summary"], help="One or two sentences for the catalogue."),
            form_actions(button("Cancel", closes=NEW), button("Create course", kind="primary", type="submit")),
            on_submit=TeachState.create,
        ),
    )
