"""The page editor: Markdown at the left, how it looks at the right."""

import reflex as rx

from lms_app.domain.content.views import BlockView
from lms_app.domain.courses.builder import BuilderQuiz
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.callouts import callout
from lms_app.web.components.fields import checkbox, form, form_actions, form_row, select_field, text_area, text_field
from lms_app.web.components.icons import icon
from lms_app.web.components.links import link
from lms_app.web.components.panels import line, page_header, row, rows, section
from lms_app.web.components.skeletons import loading, skeleton_block
from lms_app.web.instructor.page_editor_state import PageEditorState
from lms_app.web.instructor.places import state_pill
from lms_app.web.layout import app_shell
from lms_app.words import CompletionRule

page = PageEditorState.page
errors = PageEditorState.errors

RULES = [
    (CompletionRule.READ.value, "Reading it to the end"),
    (CompletionRule.MANUAL.value, "Marking it by hand"),
    (CompletionRule.NONE.value, "Nothing: it is not a step of its own"),
]
HELP = (
    "Markdown: # headings, **bold**, lists, tables, ``` code ```, $x$ and $$ for maths, ::: tip for a box. "
    "Lines that begin with :: are blocks of other kinds, such as files and quizzes; move them as you like."
)


def page_editor_page() -> rx.Component:
    """Writing and looking."""
    known = PageEditorState.ready & (page != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(known, _editor(), loading(skeleton_block(560))),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, page.course, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + page.course_id, "/teach")),
            (rx.cond(known, page.title, "Page"), ""),
        ],
    )


def _editor() -> rx.Component:
    return rx.fragment(
        page_header(
            page.title,
            line(state_pill(page.state), rx.el.span(page.module, " · ", page.lesson)),
            [
                rx.cond(
                    page.open_to_students & (page.state != "draft"),
                    link_button("See page", rx.Var.create("/learn/") + page.slug + "/" + page.id, kind="ghost"),
                    rx.fragment(),
                ),
            ],
        ),
        rx.cond(
            PageEditorState.trouble,
            callout(
                "Your text was not saved",
                rx.el.p(PageEditorState.trouble),
                rx.el.p("Copy what you wrote before you load the page again.", class_name="ly-second"),
                tone="bad",
                live=True,
            ),
            rx.fragment(),
        ),
        rx.el.div(_form(), _preview(), class_name="ly-write"),
    )


def _form() -> rx.Component:
    return form(
        text_field("Title", name="title", default_value=page.title, error=errors["title"], max_length=200),
        text_area(
            "Text",
            name="markdown",
            mono=True,
            default_value=PageEditorState.markdown,
            error=errors["markdown"],
            help=HELP,
            rows=18,
            on_change=PageEditorState.show.debounce(700),
        ),
        form_row(
            select_field("Completed by", name="rule", options=RULES, default_value=page.rule, error=errors["rule"]),
            checkbox("Required to complete the course", name="required", default_checked=page.required),
        ),
        form_actions(
            button("Save and publish", kind="primary", type="submit", icon="send", on_click=PageEditorState.then_publish),
            button("Save draft", type="submit"),
        ),
        section(
            "Quizzes on this page",
            rx.cond(page.quizzes, rows(rx.foreach(page.quizzes, _quiz)), rx.fragment()),
            line(
                button("Save and add practice quiz", size="s", type="submit", icon="plus", on_click=PageEditorState.then_add_practice),
                button("Save and add quiz", size="s", type="submit", icon="plus", on_click=PageEditorState.then_add_quiz),
            ),
            sentence="A quiz stands where its line ::quiz(…) stands in the text. Take the line out, and the quiz leaves the page.",
        ),
        on_submit=PageEditorState.save,
        key=page.id,
    )


def _quiz(quiz: BuilderQuiz) -> rx.Component:
    return row(
        quiz.title,
        rx.el.span(rx.cond(quiz.practice, "Practice, ", "Quiz, "), quiz.questions, rx.cond(quiz.questions == 1, " question", " questions")),
        href=rx.Var.create("/teach/quizzes/") + quiz.id,
        end=[state_pill(quiz.state)],
        key=quiz.id,
    )


def _preview() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Preview", class_name="ly-section-title"),
        rx.cond(
            PageEditorState.blocks,
            rx.el.div(rx.foreach(PageEditorState.blocks, _block), class_name="ly-prose"),
            rx.el.p("What you write appears here.", class_name="ly-quiet"),
        ),
        aria_label="Preview",
        class_name="ly-write-preview",
    )


def _block(block: BlockView) -> rx.Component:
    return rx.cond(
        block.kind == "quiz",
        rx.el.p(
            icon("circle-help"),
            link("Quiz", href=rx.Var.create("/teach/quizzes/") + block.assessment),
            class_name="ly-line ly-sans",
            key=block.id,
        ),
        rx.html(block.html, key=block.id),
    )
