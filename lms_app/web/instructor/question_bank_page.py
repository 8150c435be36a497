"""A bank of questions: its categories as a tree, beside them what was looked for."""

import reflex as rx

from lms_app.domain.assessments.question_bank import BankLine, CategoryLine, QuizName
from lms_app.web.components.buttons import button, icon_button
from lms_app.web.components.dialogs import confirm_dialog, dialog
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import form, form_actions, form_row, select_field, text_field
from lms_app.web.components.icons import icon as draw_icon
from lms_app.web.components.links import link
from lms_app.web.components.pagination import pagination
from lms_app.web.components.panels import line, page_header, row, rows, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.search_boxes import search_box
from lms_app.web.components.segmented import segmented
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.places import course_tabs
from lms_app.web.instructor.question_bank_state import QuestionBankState
from lms_app.web.instructor.question_kinds import KINDS, kind_of, kinds_menu
from lms_app.web.layout import app_shell
from lms_app.words import StaffRole

state = QuestionBankState
bank = QuestionBankState.bank
NAMING, REMOVING = "name-category", "remove-category"


def question_bank_page() -> rx.Component:
    """Whose bank, then categories and questions side by side."""
    known = state.ready & (bank != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(known, _bank(), loading(skeleton_rows(8))),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, state.course, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + state.course_id, "/teach")),
            ("Question bank", ""),
        ],
    )


def _bank() -> rx.Component:
    return rx.fragment(
        page_header(
            state.course,
            rx.el.span(
                bank.questions,
                rx.cond(bank.questions == 1, " question", " questions"),
                rx.cond(state.mine, " in your own bank", " in the bank of this course"),
            ),
            kinds_menu(state.write_new, kind="primary"),
        ),
        stack(
            course_tabs(state.course_id, StaffRole.EDITOR.value, "bank"),
            rx.el.div(
                segmented(
                    "Whose bank",
                    [("course", "This course"), ("mine", "Mine")],
                    rx.cond(state.mine, "mine", "course"),
                    lambda whose: state.show(whose == "mine"),
                )
            ),
            rx.el.div(_categories(), rx.el.div(_filters(), _questions(), class_name="ly-bank-list"), class_name="ly-bank"),
            gap=24,
        ),
        _naming(),
        confirm_dialog(
            REMOVING,
            rx.fragment("Remove the category “", state.category_name, "”?"),
            "What stands in it moves to the category above. No question is lost.",
            verb="Remove category",
            on_confirm=state.remove_category,
        ),
    )


def _categories() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Categories", class_name="ly-section-title"),
        rx.el.ul(
            rx.el.li(_category("", "All questions", bank.questions)),
            rx.foreach(bank.categories, _branch),
        ),
        line(
            button(
                rx.cond(state.category, "Add below", "Add category"),
                size="s",
                icon="plus",
                opens=NAMING,
                on_click=state.ask_name(False),
            ),
            rx.cond(
                state.category,
                rx.fragment(
                    icon_button("pencil", rx.Var.create("Rename ") + state.category_name, size="s", opens=NAMING, on_click=state.ask_name(True)),
                    icon_button("trash-2", rx.Var.create("Remove ") + state.category_name, size="s", opens=REMOVING),
                ),
                rx.fragment(),
            ),
        ),
        class_name="ly-bank-tree",
    )


def _branch(entry: CategoryLine) -> rx.Component:
    return rx.el.li(
        _category(entry.id, entry.name, entry.within),
        key=entry.id,
        style={"paddingInlineStart": entry.depth.to_string() + "rem"},
    )


def _category(identity: str | rx.Var, name: str | rx.Var, count: rx.Var) -> rx.Component:
    chosen = state.category == identity
    return rx.el.button(
        rx.el.span(name),
        rx.el.span(count, class_name="ly-caption ly-nums"),
        type="button",
        on_click=state.choose_category(identity),
        aria_pressed=rx.cond(chosen, "true", "false"),
    )


def _filters() -> rx.Component:
    return rx.el.div(
        search_box(
            "Search questions",
            on_search=state.find,
            placeholder="Search titles and tags",
            default_value=state.search,
            key=state.cleared.to_string(),
        ),
        rx.el.label(
            rx.el.span("Kind of question", class_name="ly-sr"),
            rx.el.select(
                rx.el.option("All kinds", value=""),
                *[rx.el.option(words, value=value) for value, words in KINDS],
                value=state.kind,
                on_change=state.choose_kind,
                class_name="ly-input",
            ),
        ),
        rx.el.label(
            rx.el.span("Tag", class_name="ly-sr"),
            rx.el.select(
                rx.el.option("All tags", value=""),
                rx.foreach(
                    bank.tags, lambda entry: rx.el.option(entry.tag + rx.Var.create(" (") + entry.questions.to_string() + ")", value=entry.tag)
                ),
                value=state.tagged,
                on_change=state.choose_tag,
                class_name="ly-input",
            ),
        ),
        role="search",
        class_name="ly-bank-filters",
    )


def _questions() -> rx.Component:
    return rx.cond(
        bank.lines,
        rx.fragment(
            rows(rx.foreach(bank.lines, _question)),
            rx.cond(bank.pages > 1, _pages(), rx.fragment()),
        ),
        rx.cond(
            bank.questions > 0,
            empty("No question matches", "Try fewer words, another category or all kinds.", button("Show all questions", on_click=state.clear)),
            rx.cond(
                state.mine,
                empty("Your own bank is empty", "Add a question here, or copy one from a course. It goes with you to every course that you teach."),
                empty("No questions yet", "Add one here, in a quiz, or by importing a course. Quizzes and pools draw from this bank."),
            ),
        ),
    )


def _pages() -> rx.Component:
    return pagination(
        rx.el.span("Page ", bank.page, " of ", bank.pages, ", ", bank.total, " questions"),
        on_previous=state.turn(-1),
        on_next=state.turn(1),
        has_previous=bank.page > 1,
        has_next=bank.page < bank.pages,
    )


def _question(entry: BankLine) -> rx.Component:
    opened = state.opened == entry.id

    def named(verb: str) -> rx.Var:
        return rx.Var.create(f"{verb}: ") + entry.title

    return rx.el.div(
        row(
            entry.title,
            line(
                rx.el.span(kind_of(entry.type)),
                rx.foreach(entry.tags, lambda tag: pill(tag, icon="tag")),
                rx.cond(
                    entry.used_in,
                    rx.el.span("Used in ", rx.foreach(entry.used_in, _use)),
                    rx.el.span("Used in no quiz"),
                ),
            ),
            end=[
                rx.el.span(
                    link(
                        draw_icon("pencil"),
                        rx.el.span(named("Edit"), class_name="ly-sr"),
                        href=rx.Var.create("/teach/questions/") + entry.id,
                        class_name="ly-button",
                        custom_attrs={"data-kind": "ghost", "data-icon-only": "", "data-size": "s"},
                    ),
                    icon_button(
                        "ellipsis",
                        named("Move, tag, use or copy"),
                        size="s",
                        on_click=state.open(entry.id),
                        custom_attrs={"aria-expanded": rx.cond(opened, "true", "false")},
                    ),
                    class_name="ly-build-acts",
                )
            ],
        ),
        rx.cond(opened, _acts(entry), rx.fragment()),
        class_name="ly-section",
        key=entry.id,
    )


def _use(quiz: QuizName, place: rx.Var) -> rx.Component:
    return rx.fragment(rx.cond(place > 0, ", ", ""), link(quiz.title, href=rx.Var.create("/teach/quizzes/") + quiz.id, class_name="ly-link"))


def _acts(entry: BankLine) -> rx.Component:
    errors = state.errors
    return rx.el.div(
        select_field(
            "Category",
            name="category",
            id="question-category",
            options=state.places,
            value=entry.category,
            on_change=lambda value: state.put(entry.id, value),
        ),
        form(
            text_field(
                "Tags",
                name="tags",
                id="question-tags",
                default_value=entry.tags.join(", "),
                error=errors["tags"],
                optional=True,
                help="With commas. Pools draw by them.",
                max_length=2000,
            ),
            form_actions(button("Save tags", type="submit", icon="check")),
            on_submit=state.tag,
            label="Tags",
        ),
        rx.cond(
            state.mine,
            rx.fragment(),
            form(
                form_row(
                    select_field("Use in quiz", name="quiz", id="question-quiz", options=state.quizzes, error=errors["quiz"]),
                    text_field("Points", name="points", id="question-points", default_value="1", error=errors["points"], input_mode="decimal"),
                ),
                form_actions(button("Add to quiz", type="submit", icon="plus")),
                on_submit=state.use,
                label="Use in a quiz",
            ),
        ),
        rx.el.div(
            button(
                rx.cond(state.mine, "Copy to this course", "Copy to my bank"),
                icon="copy",
                on_click=state.copy(entry.id),
            )
        ),
        class_name="ly-section-form ly-bank-acts",
    )


def _naming() -> rx.Component:
    named = dialog(
        NAMING,
        rx.cond(
            state.renames,
            "Rename category",
            rx.cond(state.category_name, rx.Var.create("Add a category below ") + state.category_name, "Add category"),
        ),
        form(
            text_field(
                "Name",
                name="name",
                id="category-name",
                default_value=rx.cond(state.renames, state.category_name, ""),
                error=state.name_error,
                max_length=120,
            ),
            form_actions(button("Cancel", closes=NAMING), button("Save name", kind="primary", type="submit")),
            on_submit=state.save_name,
            key=state.asked.to_string(),
        ),
    )
    # A native dialog is closed by whoever opened it; a new key takes it away once the name is saved.
    return rx.el.div(named, key=state.answered.to_string())
