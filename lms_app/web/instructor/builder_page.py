"""The course builder: one page for the whole of a course."""

import reflex as rx

from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.dialogs import confirm_dialog
from lms_app.web.components.links import link
from lms_app.web.components.panels import line, page_header, section, stack
from lms_app.web.components.pills import status_pill
from lms_app.web.components.skeletons import loading, skeleton_block
from lms_app.web.instructor.builder_state import BuilderState
from lms_app.web.instructor.node_figures_part import NodeFigures
from lms_app.web.instructor.node_figures_state import NodeFiguresState
from lms_app.web.instructor.outline import course_outline
from lms_app.web.instructor.places import course_tabs
from lms_app.web.layout import app_shell
from lms_app.words import StaffRole

course = BuilderState.course
UNPUBLISHING, PUBLISHING = "unpublish-course", "publish-course"


def builder_page() -> rx.Component:
    """The head of the page; below it the outline, and beside that whatever of it is chosen."""
    known = BuilderState.ready & (course != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                page_header(
                    course.title,
                    line(status_pill(course.status), rx.el.span(_counts())),
                    rx.cond(
                        course.status == "published",
                        link_button("See course", rx.Var.create("/courses/") + course.slug, kind="ghost", icon="eye"),
                        rx.fragment(),
                    ),
                ),
                stack(
                    course_tabs(course.id, StaffRole.EDITOR.value, "build"),
                    course_outline(
                        section("Publishing", _publishing()),
                        NodeFigures.create(),
                        course_id=course.id,
                        course_title=course.title,
                        revision=BuilderState.revision,
                        watching=NodeFiguresState.node_id,
                        on_page=NodeFiguresState.open_page,
                        on_quiz=NodeFiguresState.open_quiz,
                        on_editor=NodeFiguresState.close,
                    ),
                    gap=24,
                ),
                confirm_dialog(
                    UNPUBLISHING,
                    "Unpublish this course?",
                    "It leaves the catalogue, and those who take it cannot go on until it is published again. What they did is kept.",
                    verb="Unpublish",
                    on_confirm=BuilderState.unpublish,
                ),
                confirm_dialog(
                    PUBLISHING,
                    rx.cond(course.status == "published", "Publish all changes?", "Publish this course?"),
                    rx.fragment(
                        "Every page and quiz is shown to students as it is now.",
                        rx.cond(
                            course.held_back > 0,
                            rx.fragment(" ", course.held_back, " held back: publish those on their own pages."),
                            rx.fragment(),
                        ),
                    ),
                    verb="Publish",
                    on_confirm=BuilderState.publish,
                    danger=False,
                ),
            ),
            loading(skeleton_block(560)),
        ),
        active="teach",
        area="teach",
        crumbs=[("Teach", "/teach"), (rx.cond(known, course.title, "Course"), "")],
    )


def _publishing() -> rx.Component:
    is_published = course.status == "published"
    return stack(
        rx.el.p(
            rx.cond(
                is_published,
                rx.cond(
                    course.drafts + course.quiz_drafts == 0,
                    "Students see everything as it is here.",
                    "Students see the course as it was last published. Changes wait until you publish them, here or part by part.",
                ),
                "Nobody sees this course yet. Published, it stands in the catalogue.",
            ),
            class_name="ly-second",
        ),
        line(
            rx.cond(
                is_published & (course.drafts + course.quiz_drafts == 0),
                rx.el.span("No changes to publish", class_name="ly-second"),
                button(
                    rx.cond(is_published, "Publish changes", "Publish course"),
                    kind="primary",
                    icon="send",
                    opens=PUBLISHING,
                    disabled=course.pages == 0,
                ),
            ),
            rx.cond(is_published, button("Unpublish", opens=UNPUBLISHING), rx.fragment()),
        ),
        rx.el.p(
            "Title, address, objectives, staff and certificate stand under ",
            link("Settings", href=rx.Var.create("/teach/courses/") + course.id + "/settings"),
            ".",
            class_name="ly-second",
        ),
        gap=12,
    )


def _counts() -> rx.Component:
    return rx.fragment(
        course.pages,
        rx.cond(course.pages == 1, " page", " pages"),
        rx.cond(course.drafts > 0, rx.fragment(", ", course.drafts, " to publish"), rx.fragment()),
        rx.cond(
            course.quiz_drafts > 0,
            rx.fragment(", ", course.quiz_drafts, rx.cond(course.quiz_drafts == 1, " quiz to publish", " quizzes to publish")),
            rx.fragment(),
        ),
    )
