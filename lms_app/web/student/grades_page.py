"""One's own grades, and why they are what they are: reading pages."""

import reflex as rx

from lms_app.domain.gradebook.views import CategoryResult, ConditionView, GradeLine, OwnTotal
from lms_app.web.components.buttons import link_button
from lms_app.web.components.empties import empty
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import page_header, row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.components.tables import Column, cell, head_cell, table, table_row
from lms_app.web.layout import app_shell
from lms_app.web.student.grades_state import GradesState

grades = GradesState.grades


def grades_page() -> rx.Component:
    """A row for each course."""
    return app_shell(
        page_header("Grades", "What each course makes so far, and why.", link_button("Certificates", "/my/certificates", icon="award")),
        rx.cond(
            GradesState.ready,
            rx.cond(
                GradesState.courses,
                rows(rx.foreach(GradesState.courses, _course)),
                empty("No grades yet", "They appear here once you take a course.", link_button("Browse catalogue", "/catalogue", kind="primary")),
            ),
            loading(skeleton_rows(3)),
        ),
        active="grades",
        narrow=True,
    )


def _course(entry: OwnTotal) -> rx.Component:
    return row(
        entry.course,
        rx.el.span(entry.graded, " of ", entry.columns, rx.cond(entry.columns == 1, " grade", " grades")),
        href=rx.Var.create("/grades/") + entry.slug,
        end=[_passed(entry.total.passed), rx.el.span(rx.cond(entry.total.text, entry.total.text, "—"), class_name="ly-strong ly-nums")],
        key=entry.slug,
    )


def course_grades_page() -> rx.Component:
    """The total, what it takes to pass, categories, and every grade with its reason."""
    known = GradesState.ready & (grades != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                page_header(
                    rx.fragment("Grades: ", grades.course),
                    grades.rule,
                    link_button("To the course", rx.Var.create("/learn/") + grades.slug),
                ),
                stack(
                    rx.el.div(
                        rx.el.p("Total so far", class_name="ly-caption"),
                        rx.el.p(rx.cond(grades.total.text, grades.total.text, "Nothing yet"), class_name="ly-gb-now ly-nums"),
                        _passed(grades.total.passed),
                    ),
                    rx.cond(
                        grades.conditions,
                        section("To pass", rx.el.ul(rx.foreach(grades.conditions, _condition), class_name="ly-stack", data_gap="8")),
                        rx.fragment(),
                    ),
                    rx.cond(grades.categories, section("Categories", _categories()), rx.fragment()),
                    section(
                        "Every grade",
                        rx.cond(GradesState.lines, _lines(), empty("Nothing is graded yet", "Grades appear here as you hand in.")),
                    ),
                    gap=32,
                ),
            ),
            loading(skeleton_rows(6)),
        ),
        active="grades",
        crumbs=[("Grades", "/grades"), (rx.cond(known, grades.course, "Course"), "")],
        narrow=True,
    )


def _passed(passed: rx.Var) -> rx.Component:
    # By `match`: in `passed == False` the browser takes None, where there is nothing to pass, for False.
    return rx.match(
        passed,
        (True, pill("Passed", "ok", icon="check")),
        (False, pill("Not passed yet", "warn", icon="circle-alert")),
        rx.fragment(),
    )


def _condition(condition: ConditionView) -> rx.Component:
    return rx.el.li(
        rx.cond(condition.met, pill("Met", "ok", icon="check"), pill("Not yet", "warn", icon="circle-alert")),
        " ",
        condition.sentence,
        key=condition.sentence,
    )


def _categories() -> rx.Component:
    return table(
        "Categories",
        ["Category", Column("Made", numeric=True), Column("Part of the total", numeric=True), "Dropped"],
        rx.foreach(grades.categories, _category),
    )


def _category(category: CategoryResult) -> rx.Component:
    return table_row(
        head_cell(category.title, wide=True),
        cell(rx.cond(category.text, category.text, "—"), name="Made", numeric=True),
        cell(rx.cond(category.share, category.share, "—"), name="Part of the total", numeric=True),
        cell(rx.cond(category.drops, category.drops, "Nothing"), name="Dropped"),
        key=category.title,
    )


def _lines() -> rx.Component:
    return rx.fragment(
        table(
            "Every grade",
            ["Grade", Column("Points", numeric=True), Column("Part of the total", numeric=True), "Why"],
            rx.foreach(GradesState.lines, _line),
        ),
        pages(GradesState, GradesState.turn),
    )


def _line(line: GradeLine) -> rx.Component:
    return table_row(
        head_cell(
            rx.fragment(line.title, rx.cond(line.category, rx.el.span(line.category, class_name="ly-caption ly-gb-under"), rx.fragment())), wide=True
        ),
        cell(rx.cond(line.text, line.text, "—"), name="Points", numeric=True),
        cell(rx.cond(line.share, line.share, "—"), name="Part of the total", numeric=True),
        cell(
            rx.fragment(
                rx.cond(line.why, line.why, "As the quiz made it."),
                rx.cond(line.reason, rx.el.span("“", line.reason, "”", class_name="ly-caption ly-gb-under"), rx.fragment()),
            ),
            name="Why",
            wide=True,
        ),
    )
