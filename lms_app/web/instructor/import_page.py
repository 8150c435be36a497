"""Importing a course: choose the archive, watch it come in, read the report."""

import reflex as rx

from lms_app.domain.courses.import_reports import ImportLine, NotTaken
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.callouts import callout
from lms_app.web.components.kpis import kpi, kpi_strip
from lms_app.web.components.meters import meter_line
from lms_app.web.components.panels import page_header, row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_block
from lms_app.web.components.tables import cell, head_cell, table, table_row
from lms_app.web.instructor.import_state import ImportState
from lms_app.web.instructor.importer import importer
from lms_app.web.layout import app_shell

current = ImportState.current


def import_page() -> rx.Component:
    """One import at a time in sight."""
    return app_shell(
        page_header("Import course", "It arrives as a draft. If part of it fails, nothing is imported."),
        rx.cond(
            ImportState.ready,
            stack(
                rx.cond(
                    current != None,  # noqa: E711 - becomes JavaScript
                    rx.match(current.status, ("done", _report()), ("failed", _refused()), ("cancelled", _cancelled()), _under_way()),
                    importer(ImportState.limit_mb, ImportState.follow),
                ),
                rx.cond(ImportState.earlier, section("Your imports", rows(rx.foreach(ImportState.earlier, _earlier))), rx.fragment()),
                gap=32,
            ),
            loading(skeleton_block(180)),
        ),
        active="import",
        area="teach",
        crumbs=[("Teach", "/teach"), ("Import", "")],
    )


def _under_way() -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.cond(current.stage, current.stage, "Waiting for its turn"), class_name="ly-strong"),
        rx.cond(
            current.percent != None,  # noqa: E711 - becomes JavaScript
            meter_line(current.percent, "Imported", rx.el.span(current.percent, "\u00a0%")),
            rx.el.p(current.filename, class_name="ly-small"),
        ),
        rx.el.p("You may leave this page. You hear in your inbox when it is done.", class_name="ly-small ly-quiet"),
        button("Cancel import", size="s", on_click=ImportState.cancel),
        class_name="ly-drop",
        role="status",
    )


def _refused() -> rx.Component:
    return callout(
        "This archive was not imported",
        rx.el.p(current.refusal),
        rx.el.p("Nothing of it was kept.", class_name="ly-second"),
        tone="bad",
        live=True,
        actions=button("Choose another file", kind="primary", on_click=ImportState.start_over),
    )


def _cancelled() -> rx.Component:
    return callout(
        "This import was cancelled",
        rx.el.p("Nothing of ", current.filename, " was kept."),
        live=True,
        actions=button("Choose a file", kind="primary", on_click=ImportState.start_over),
    )


def _report() -> rx.Component:
    return rx.el.div(
        callout(
            rx.fragment(current.course, " is imported"),
            rx.el.p("It is a draft: look it over, then publish it."),
            tone="ok",
            live=True,
            actions=rx.fragment(
                link_button("Open course", rx.Var.create("/teach/courses/") + current.course_id, kind="primary"),
                button("Import another", on_click=ImportState.start_over),
            ),
        ),
        kpi_strip(
            kpi("Modules", current.modules),
            kpi("Lessons", current.lessons),
            kpi("Pages", current.pages),
            kpi("Questions", current.questions),
        ),
        rx.cond(
            current.unsupported,
            section(
                "Not taken",
                table(
                    "Parts of the archive that the course does not hold",
                    ["Title", "Kind", "Where it stood", "Why"],
                    rx.foreach(current.unsupported, _not_taken),
                ),
                _more(current.more_unsupported),
                sentence="Parts that Lyceum has nothing for, or that were taken with something missing.",
            ),
            rx.fragment(),
        ),
        rx.cond(
            current.missing_files,
            section(
                "Missing files",
                rx.el.ul(rx.foreach(current.missing_files, lambda name: rx.el.li(rx.el.span(name, class_name="ly-mono"))), class_name="ly-list"),
                _more(current.more_missing),
                sentence="The course names them, and the archive does not have them. A note stands in their place.",
            ),
            rx.fragment(),
        ),
        rx.cond(
            current.removed_scripts > 0,
            rx.el.p(
                current.removed_scripts,
                rx.cond(current.removed_scripts == 1, " script was removed.", " scripts were removed."),
                " Nothing in an archive is ever run.",
                class_name="ly-second",
            ),
            rx.fragment(),
        ),
        class_name="ly-stack",
        data_gap="32",
    )


def _not_taken(entry: NotTaken) -> rx.Component:
    return table_row(
        head_cell(entry.title, wide=True),
        cell(entry.kind, name="Kind"),
        cell(entry.place, name="Where", wide=True),
        cell(entry.reason, name="Why", wide=True),
    )


def _more(count: rx.Var) -> rx.Component:
    return rx.cond(count > 0, rx.el.p("And ", count, " more.", class_name="ly-small ly-quiet"), rx.fragment())


def _earlier(entry: ImportLine) -> rx.Component:
    return row(
        entry.filename,
        entry.when,
        end=[
            rx.match(
                entry.status,
                ("done", pill("Imported", "ok", icon="check")),
                ("failed", pill("Refused", "bad", icon="x")),
                ("cancelled", pill("Cancelled", icon="x")),
                pill("Under way", "accent", icon="loader"),
            ),
            button("Show report", size="s", on_click=ImportState.follow(entry.id), aria_label=rx.Var.create("Show report of ") + entry.filename),
        ],
        key=entry.id,
    )
