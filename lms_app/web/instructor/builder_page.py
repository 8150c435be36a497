"""The course builder: modules, the lessons of the open one, settings."""

from typing import Any

import reflex as rx

from lms_app.domain.courses.builder import BuilderLesson, BuilderModule, BuilderPage, BuilderQuiz
from lms_app.web.components.buttons import button, icon_button, link_button
from lms_app.web.components.dialogs import confirm_dialog, dialog
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import checkbox, form, form_actions, form_row, text_area, text_field
from lms_app.web.components.icons import icon
from lms_app.web.components.links import link
from lms_app.web.components.panels import line, page_header, section, stack
from lms_app.web.components.pills import pill, status_pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.builder_state import BuilderState
from lms_app.web.instructor.places import course_tabs, state_pill
from lms_app.web.layout import app_shell
from lms_app.words import StaffRole

course = BuilderState.course
NAMING, LEAVING, UNPUBLISHING, PUBLISHING = "name-node", "archive-node", "unpublish-course", "publish-course"


def builder_page() -> rx.Component:
    """Modules one under the other; one is open."""
    known = BuilderState.ready & (course != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                page_header(
                    course.title,
                    line(status_pill(course.status), rx.el.span(_counts())),
                    [
                        rx.cond(
                            course.status == "published",
                            rx.fragment(
                                link_button("See course", rx.Var.create("/courses/") + course.slug, kind="ghost"),
                                button("Unpublish", opens=UNPUBLISHING),
                            ),
                            rx.fragment(),
                        ),
                        rx.cond(
                            (course.status == "published") & (course.drafts + course.quiz_drafts == 0),
                            rx.el.span("No changes to publish", class_name="ly-second"),
                            button(
                                rx.cond(course.status == "published", "Publish changes", "Publish course"),
                                kind="primary",
                                icon="send",
                                opens=PUBLISHING,
                                disabled=course.pages == 0,
                            ),
                        ),
                    ],
                ),
                stack(
                    course_tabs(course.id, StaffRole.EDITOR.value, "build"),
                    section(
                        "Outline",
                        rx.cond(
                            course.modules,
                            rx.el.ol(rx.foreach(course.modules, _module), class_name="ly-build"),
                            empty("No modules yet", "A course is made of modules, a module of lessons, a lesson of pages."),
                        ),
                        action=button("Add module", icon="plus", opens=NAMING, on_click=BuilderState.ask_add("module", course.id)),
                    ),
                    section("Settings", _settings()),
                    gap=32,
                ),
                _naming(),
                confirm_dialog(
                    LEAVING,
                    rx.fragment("Archive “", BuilderState.leaving, "”?"),
                    "It leaves the course, with everything in it. What students did on it is kept.",
                    verb="Archive",
                    on_confirm=BuilderState.archive,
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
            loading(skeleton_rows(6)),
        ),
        active="teach",
        area="teach",
        crumbs=[("Teach", "/teach"), (rx.cond(known, course.title, "Course"), "")],
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


def _module(module: BuilderModule) -> rx.Component:
    opened = module.id == course.open_module
    return rx.el.li(
        rx.el.div(
            rx.el.button(
                icon("chevron-right"),
                rx.el.span(module.number, " · ", module.title, class_name="ly-strong"),
                type="button",
                class_name="ly-build-toggle",
                on_click=BuilderState.open_module(module.id),
                custom_attrs={"aria-expanded": rx.cond(opened, "true", "false")},
            ),
            rx.el.span(module.pages, rx.cond(module.pages == 1, " page", " pages"), class_name="ly-caption"),
            _acts("module", module.id, module.title, module.first, module.last),
            class_name="ly-build-row",
            data_level="module",
        ),
        rx.cond(
            opened,
            rx.el.div(
                rx.el.ol(rx.foreach(course.lessons, _lesson)),
                button("Add lesson", size="s", icon="plus", opens=NAMING, on_click=BuilderState.ask_add("lesson", module.id)),
                class_name="ly-build-inner",
            ),
            rx.fragment(),
        ),
        key=module.id,
    )


def _lesson(lesson: BuilderLesson) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(lesson.title, class_name="ly-build-title"),
            rx.cond(lesson.category, pill(lesson.category), rx.fragment()),
            _acts("lesson", lesson.id, lesson.title, lesson.first, lesson.last),
            class_name="ly-build-row",
            data_level="lesson",
        ),
        rx.el.ol(rx.foreach(lesson.pages, _page)),
        button("Add page", size="s", kind="ghost", icon="plus", opens=NAMING, on_click=BuilderState.ask_add("page", lesson.id)),
        key=lesson.id,
    )


def _page(page: BuilderPage) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            icon("file-text"),
            link(page.title, href=rx.Var.create("/teach/pages/") + page.id, class_name="ly-build-title ly-link"),
            state_pill(page.state),
            _acts("page", page.id, page.title, page.first, page.last),
            class_name="ly-build-row",
            data_level="page",
        ),
        rx.foreach(page.quizzes, _quiz),
        key=page.id,
    )


def _quiz(quiz: BuilderQuiz) -> rx.Component:
    return rx.el.div(
        icon("circle-help"),
        link(quiz.title, href=rx.Var.create("/teach/quizzes/") + quiz.id, class_name="ly-build-title ly-link"),
        rx.el.span(
            rx.cond(quiz.practice, "Practice, ", "Quiz, "),
            quiz.questions,
            rx.cond(quiz.questions == 1, " question", " questions"),
            class_name="ly-caption",
        ),
        state_pill(quiz.state),
        class_name="ly-build-row",
        data_level="quiz",
        key=quiz.id,
    )


def _acts(kind: str, node_id: Any, title: Any, first: Any, last: Any) -> rx.Component:
    """Up, down, rename, archive, each named with the node it acts on."""

    def named(verb: str) -> rx.Var:
        return rx.Var.create(f"{verb} ") + title

    return rx.el.span(
        icon_button("arrow-up", named("Move up:"), size="s", on_click=BuilderState.move(kind, node_id, -1), disabled=first),
        icon_button("arrow-down", named("Move down:"), size="s", on_click=BuilderState.move(kind, node_id, 1), disabled=last),
        icon_button("pencil", named("Rename:"), size="s", opens=NAMING, on_click=BuilderState.ask_rename(kind, node_id, title)),
        icon_button("archive", named("Archive:"), size="s", opens=LEAVING, on_click=BuilderState.ask_archive(kind, node_id, title)),
        class_name="ly-build-acts",
    )


def _naming() -> rx.Component:
    named = dialog(
        NAMING,
        rx.cond(BuilderState.naming, BuilderState.naming, "Title"),
        form(
            text_field("Title", name="title", id="node-title", default_value=BuilderState.name, error=BuilderState.name_error, max_length=200),
            form_actions(
                button("Cancel", closes=NAMING),
                button("Save title", kind="primary", type="submit"),
            ),
            on_submit=BuilderState.save_name,
            key=BuilderState.asked.to_string(),
        ),
    )
    # A native dialog is closed by whoever opened it; a new key takes it away once the title is saved.
    return rx.el.div(named, key=BuilderState.answered.to_string())


def _settings() -> rx.Component:
    errors = BuilderState.errors
    return form(
        text_field("Title", name="title", default_value=course.title, error=errors["title"], max_length=200),
        text_area("Summary", name="summary", default_value=course.summary, error=errors["summary"], optional=True),
        form_row(
            text_field("Language", name="language", default_value=course.language, help="A short code such as en or pt-BR.", max_length=35),
            text_field("Level", name="level", default_value=course.level, optional=True, help="Such as Beginner.", max_length=60),
        ),
        checkbox("Offer a certificate", name="certificate_offered", default_checked=course.certificate_offered),
        form_row(
            text_field("Signed by", name="signatory_name", default_value=course.signatory_name, optional=True, max_length=120),
            text_field("Position of the signer", name="signatory_title", default_value=course.signatory_title, optional=True, max_length=120),
        ),
        form_actions(button("Save settings", type="submit")),
        on_submit=BuilderState.save_settings,
        key=course.id,
    )
