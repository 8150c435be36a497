"""Reports about a course: one is asked for after a look at what it has; those that there are, as they come along; those that come by themselves."""

from typing import Any

import reflex as rx

from lms_app.domain.reports.report_rules import ABOUT, FORMATS, NAMES
from lms_app.domain.reports.views import ReportLine
from lms_app.web.components.buttons import button, download_button, icon_button
from lms_app.web.components.dialogs import confirm_dialog
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import form, form_actions, form_row, select_field, text_field
from lms_app.web.components.icons import icon
from lms_app.web.components.meters import meter_line
from lms_app.web.components.panels import page_header, row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.components.tables import Column, cell, head_cell, table, table_row
from lms_app.web.instructor.places import course_tabs
from lms_app.web.instructor.reports_state import ReportsState
from lms_app.web.instructor.schedules_part import schedules_part
from lms_app.web.layout import app_shell

state = ReportsState
REMOVING = "delete-report"
NEWEST = 10
"""Reports that are seen at once; what comes after the list stays near."""


def reports_page() -> rx.Component:
    """Ask, fetch, and let come."""
    return app_shell(
        page_header(rx.cond(state.ready, state.course, "Reports"), "Reports to take along, for the staff of this course"),
        rx.cond(
            state.ready,
            stack(course_tabs(state.course_id, state.role, "reports"), _ask(), _made(), schedules_part(), gap=48),
            loading(skeleton_rows(8)),
        ),
        confirm_dialog(
            REMOVING,
            rx.fragment("Delete this report?", rx.cond(state.leaving, " (" + state.leaving + ")", "")),
            "Its file goes for good. You can have it made again, with the figures of then.",
            verb="Delete",
            on_confirm=state.remove,
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(state.course, state.course, "Course"), rx.Var.create("/teach/courses/") + state.course_id),
            ("Reports", ""),
        ],
    )


def choice(label: str, name: str, options: Any, value: Any, choose: Any, **props: Any) -> rx.Component:
    """A list to choose from, which takes effect at once."""
    return select_field(label, name=name, id=f"ask-{name}", options=options, value=value, on_change=lambda chosen: choose(name, chosen), **props)


def everybody(groups: Any, value: Any, choose: Any, error: Any = None) -> rx.Component:
    """Whether it is about everybody or a group."""
    return rx.cond(groups.length() > 0, _group(groups, value, choose, error), rx.fragment())


def _group(groups: Any, value: Any, choose: Any, error: Any) -> rx.Component:
    options = [("", "Everybody")]
    return choice("Students", "group", rx.Var.create(options).to(list[tuple[str, str]]) + groups, value, choose, error=error)


def _ask() -> rx.Component:
    narrowing = form_row(
        rx.cond(state.runs.length() > 1, choice("Run", "run", state.runs, state.run, state.choose), rx.fragment()),
        rx.cond(state.by_group, everybody(state.groups, state.group, state.choose), rx.fragment()),
        rx.cond(state.by_days, _day("From", "since", state.since), rx.fragment()),
        rx.cond(state.by_days, _day("To", "until", state.until), rx.fragment()),
    )
    return section(
        "New report",
        form(
            form_row(
                choice("Report", "kind", list(NAMES.items()), state.kind, state.choose),
                choice("File", "format", list(FORMATS.items()), state.format, state.choose),
            ),
            narrowing,
            form_actions(button("Make report", kind="primary", type="submit", icon="file-down")),
            rx.cond(state.tables, _preview(), rx.fragment()),
            on_submit=state.order,
            label="New report",
        ),
        sentence=rx.match(state.kind, *[(kind, words) for kind, words in ABOUT.items()], ""),
    )


def _day(label: str, name: str, value: Any) -> rx.Component:
    return text_field(
        label, name=name, type="date", optional=True, value=value, error=state.errors[name], on_change=lambda chosen: state.choose(name, chosen)
    )


def _preview() -> rx.Component:
    lines = rx.foreach(
        state.tables,
        lambda line: table_row(head_cell(line[0]), cell(line[1], name="Rows", numeric=True), cell(line[2], name="Columns", wide=True), key=line[0]),
    )
    return stack(
        rx.el.p("What it will have: ", state.about, " · as of ", state.as_of, class_name="ly-second", role="status"),
        table("What the report will have", ("Table", Column("Rows", numeric=True), "Columns"), lines),
        gap=8,
    )


def _made() -> rx.Component:
    return section(
        "Reports",
        rx.cond(
            state.lines,
            rx.el.div(
                rows(rx.foreach(state.lines[:NEWEST], _line), wide=True),
                rx.cond(state.lines.length() > NEWEST, _earlier(), rx.fragment()),
                class_name="ly-stack ly-reports",
                data_gap="8",
            ),
            empty("No reports yet", "Choose one above and make it. It appears here at once, and can be downloaded as soon as it is written."),
        ),
        sentence="A file is kept for a month. It holds personal data: it stays here, behind the sign-in, and is never attached to a mail.",
    )


def _earlier() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Earlier reports (", state.lines.length() - NEWEST, ")"),
        rows(rx.foreach(state.lines[NEWEST:], _line), wide=True),
        class_name="ly-settings-fold",
    )


def _line(line: ReportLine) -> rx.Component:
    """How far it is stands where its file will: a row is as high when it is done as it was when it was asked for."""
    busy = (line.status == "queued") | (line.status == "running")
    over = (line.status == "failed") | (line.status == "cancelled")
    named = line.title + ", " + line.when
    return row(
        rx.el.span(
            line.title,
            " ",
            pill(line.format.upper()),
            rx.cond(line.status == "done", rx.el.span(rx.el.span("Ready. ", class_name="ly-sr"), line.size, class_name="ly-caption"), rx.fragment()),
            rx.cond(line.status == "cancelled", pill("Stopped"), rx.fragment()),
            class_name="ly-line",
            # What it becomes is said, and what failed long ago is no alarm.
            aria_live="polite",
        ),
        rx.el.div(
            rx.el.p(line.about, " · ", line.who, " · ", line.when),
            rx.cond(
                line.status == "failed",
                rx.el.p(icon("circle-alert"), rx.el.span("Not made. ", line.refusal), class_name="ly-error"),
                rx.fragment(),
            ),
            class_name="ly-stack",
            data_gap="8",
            aria_live="polite",
        ),
        end=[
            rx.cond(busy, _under_way(line, named), rx.fragment()),
            rx.cond(
                line.status == "done",
                download_button(rx.Var.create("/v/reports/") + line.id, named),
                rx.fragment(),
            ),
            rx.cond(
                busy & line.may_change,
                button("Stop", size="s", on_click=state.cancel(line.id), aria_label=rx.Var.create("Stop: ") + named),
                rx.fragment(),
            ),
            rx.cond(
                over & line.may_change,
                button("Try again", size="s", icon="rotate-cw", on_click=state.retry(line.id), aria_label=rx.Var.create("Try again: ") + named),
                rx.fragment(),
            ),
            rx.cond(
                line.may_change & ~busy,
                icon_button("trash-2", rx.Var.create("Delete: ") + named, size="s", opens=REMOVING, on_click=state.ask_remove(line.id)),
                rx.fragment(),
            ),
        ],
        key=line.id,
    )


def _under_way(line: ReportLine, named: Any) -> rx.Component:
    """Its bar is there from the beginning, so that nothing jumps when it is known how far it is."""
    measured = line.percent != None  # noqa: E711 - becomes JavaScript
    stage = rx.cond(line.stage != "", line.stage, "Waiting for its turn")
    return meter_line(
        rx.cond(measured, line.percent, 0),
        rx.Var.create("Progress: ") + named,
        rx.cond(measured, line.stage + ", " + line.percent.to_string() + " %", stage),
    )
