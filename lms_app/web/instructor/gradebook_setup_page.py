"""Setting up a gradebook: how totals are made, categories, columns; each in a plain form."""

from typing import Any

import reflex as rx

from lms_app.domain.gradebook.views import CategoryView, ColumnView
from lms_app.web.components.buttons import button
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import checkbox, form, form_actions, form_row, select_field, text_area, text_field
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import page_header, section, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.gradebook_setup_state import GradebookSetupState
from lms_app.web.instructor.places import course_tabs
from lms_app.web.layout import app_shell
from lms_app.words import StaffRole

book = GradebookSetupState.book
errors = GradebookSetupState.errors

AGGREGATIONS = [("weighted", "By the weights of categories"), ("points", "By points"), ("equal", "Every grade the same")]
MISSING = [("left_out", "Nothing: it is left out"), ("zero", "0, once it is due")]
SCALES = [("percent", "Percent"), ("points", "Points"), ("letters", "Letters"), ("pass_fail", "Passed or not passed")]


def gradebook_setup_page() -> rx.Component:
    """Rules first, then categories, then columns."""
    known = GradebookSetupState.ready & (book != None)  # noqa: E711 - becomes JavaScript
    base = rx.Var.create("/teach/courses/") + book.course_id
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                page_header("Gradebook setup", book.course),
                stack(
                    course_tabs(book.course_id, StaffRole.EDITOR.value, "gradebook"),
                    section("How totals are made", _rules()),
                    section("Categories", _categories()),
                    section("Columns", _columns()),
                    gap=48,
                ),
            ),
            loading(skeleton_rows(8)),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, book.course, "Course"), rx.cond(known, base, "/teach")),
            ("Gradebook", rx.cond(known, base + "/gradebook", "/teach")),
            ("Setup", ""),
        ],
        narrow=True,
    )


def _rules() -> rx.Component:
    return form(
        form_row(
            select_field("Grades count", name="aggregation", options=AGGREGATIONS, default_value=book.aggregation),
            select_field("A missing grade counts", name="missing", options=MISSING, default_value=book.missing),
        ),
        form_row(
            select_field("Totals are told in", name="scale", options=SCALES, default_value=book.scale),
            text_field("Points of the scale", name="scale_points", default_value=book.scale_points, error=errors["scale_points"]),
            text_field("Pass mark in percent", name="pass_mark", default_value=book.pass_mark, optional=True, error=errors["pass_mark"]),
        ),
        text_area(
            "Letters",
            name="letters",
            default_value=book.letters,
            error=errors["letters"],
            help="A line each, from the highest: the letter, and the percentage from which on it is given.",
        ),
        form_row(
            text_field("Each day late costs, in percent", name="late_per_day", default_value=book.late_per_day, error=errors["late_per_day"]),
            text_field("But never below, in percent", name="late_floor", default_value=book.late_floor, error=errors["late_floor"]),
            text_field("Minutes of grace", name="late_grace", default_value=book.late_grace, error=errors["late_grace"]),
        ),
        form_actions(button("Save rules", kind="primary", type="submit")),
        on_submit=GradebookSetupState.save_settings,
        label="How totals are made",
    )


def _categories() -> rx.Component:
    return stack(
        rx.foreach(book.categories, _category),
        form(
            form_row(text_field("New category", name="title", id="new-category", error=GradebookSetupState.new_errors["category"])),
            form_actions(button("Add category", type="submit", icon="plus")),
            on_submit=GradebookSetupState.add_category,
            label="New category",
            reset_on_submit=True,
        ),
        gap=24,
    )


def _category(category: CategoryView) -> rx.Component:
    return rx.el.div(
        form(
            rx.el.input(type="hidden", name="id", value=category.id),
            form_row(
                text_field("Name", name="title", default_value=category.title, error=_wrong(category.id, "title"), id=_id("title", category.id)),
                text_field(
                    rx.fragment("Weight, ", category.weight_percent, " % now"),
                    name="weight",
                    default_value=category.weight,
                    error=_wrong(category.id, "weight"),
                    id=_id("weight", category.id),
                ),
                text_field(
                    "Lowest dropped",
                    name="drop_lowest",
                    default_value=category.drop_lowest.to_string(),
                    error=_wrong(category.id, "drop_lowest"),
                    id=_id("drop", category.id),
                ),
            ),
            form_actions(
                button("Save category", type="submit", size="s"),
                button("Remove", kind="ghost", size="s", on_click=GradebookSetupState.remove_category(category.id)),
            ),
            on_submit=GradebookSetupState.save_category,
            aria_label=category.title,
        ),
        key=category.id,
        class_name="ly-question-row",
    )


def _columns() -> rx.Component:
    return stack(
        rx.cond(
            GradebookSetupState.columns,
            rx.fragment(rx.foreach(GradebookSetupState.columns, _column), pages(GradebookSetupState, GradebookSetupState.turn)),
            empty("No columns yet", "Each quiz that counts gets one when it is published."),
        ),
        form(
            form_row(
                text_field("New column, graded by hand", name="title", id="new-column", error=GradebookSetupState.new_errors["column_title"]),
                text_field("Points", name="points", id="new-points", default_value="100", error=GradebookSetupState.new_errors["column_points"]),
            ),
            form_actions(button("Add column", type="submit", icon="plus")),
            on_submit=GradebookSetupState.add_column,
            label="New column",
            reset_on_submit=True,
        ),
        gap=24,
    )


def _column(column: ColumnView) -> rx.Component:
    by_hand = column.quiz_id == ""
    return rx.el.details(
        rx.el.summary(
            rx.el.span(column.title, class_name="ly-strong"),
            " · ",
            column.points,
            " points",
            rx.cond(column.category, rx.fragment(" · ", column.category), rx.fragment()),
            rx.cond(column.required, rx.fragment(" · needs ", column.required, " %"), rx.fragment()),
            rx.cond(column.counted, rx.fragment(), " · does not count"),
        ),
        form(
            rx.el.input(type="hidden", name="id", value=column.id),
            form_row(
                rx.cond(
                    by_hand,
                    text_field("Name", name="title", default_value=column.title, error=_wrong(column.id, "title"), id=_id("title", column.id)),
                    rx.fragment(),
                ),
                text_field("Points", name="points", default_value=column.points, error=_wrong(column.id, "points"), id=_id("points", column.id)),
                select_field(
                    "Category",
                    name="category_id",
                    options=GradebookSetupState.category_options,
                    default_value=column.category_id,
                    id=_id("category", column.id),
                ),
            ),
            form_row(
                text_field(
                    rx.fragment("Due, in ", book.zone),
                    name="due_at",
                    type="datetime-local",
                    default_value=column.due_at[:16],
                    optional=True,
                    help=rx.cond(
                        column.closes_at,
                        rx.fragment("Empty: when the quiz closes, ", column.closes_at[:10], " ", column.closes_at[11:16], "."),
                        rx.fragment("Empty: nothing is late, and what is not there is missing at once."),
                    ),
                    error=_wrong(column.id, "due_at"),
                    id=_id("due", column.id),
                ),
                text_field(
                    "Needed to pass the course, in percent",
                    name="required",
                    default_value=column.required,
                    optional=True,
                    error=_wrong(column.id, "required"),
                    id=_id("required", column.id),
                ),
            ),
            checkbox("Counts towards the total", name="counted", default_checked=column.counted),
            form_actions(
                button("Save column", type="submit", size="s"),
                rx.cond(by_hand, button("Remove", kind="ghost", size="s", on_click=GradebookSetupState.remove_column(column.id)), rx.fragment()),
            ),
            on_submit=GradebookSetupState.save_column,
            aria_label=column.title,
        ),
        key=column.id,
        class_name="ly-question-row",
    )


def _wrong(row: Any, field: str) -> rx.Var:
    return rx.cond(GradebookSetupState.row == row, GradebookSetupState.row_errors[field], "")


def _id(name: str, row: Any) -> str:
    # A text with a variable in it: Reflex finds it again where the text becomes a property.
    return f"{name}-{row}"
