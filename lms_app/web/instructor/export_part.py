"""Exports of a course on its settings page: the formats, what each keeps, and the file."""

import reflex as rx

from lms_app.domain.courses.exports import ExportLine
from lms_app.domain.courses.import_reports import NotTaken
from lms_app.web.components.buttons import button, download_button
from lms_app.web.components.callouts import callout
from lms_app.web.components.meters import meter
from lms_app.web.components.panels import row, rows, section
from lms_app.web.instructor.export_state import ExportState

FORMATS = {
    "lyceum": ("Lyceum archive", "Everything that its authors wrote and set, and all of its files. Imported again, the course is equal."),
    "cartridge": ("Common Cartridge 1.3", "Outline, pages, files and quizzes, for Canvas, Moodle, Blackboard and others."),
    "olx": ("OLX", "Outline, pages, videos, files and problems, for Open edX."),
    "markdown": ("Markdown", "The pages as texts in folders with their pictures beside them, quizzes as GIFT."),
    "xapi": ("What students did, xAPI", "Statements of xAPI 1.0.3 for a learning record store, of the present run. Students have pseudonyms."),
    "events": ("What students did, table", "The same as a CSV table, one line for each thing that was done."),
}


def export_part() -> rx.Component:
    """One row for each format."""
    return section(
        "Export",
        rows(rx.foreach(ExportState.lines, _format)),
        sentence="Take the course along in a file. People are in none of them. A file is kept for a week.",
    )


def _format(line: ExportLine) -> rx.Component:
    name = rx.match(line.format, *[(format_, words) for format_, (words, _) in FORMATS.items()], line.format).to(str)
    keeps = rx.match(line.format, *[(format_, words) for format_, (_, words) in FORMATS.items()], "")
    is_busy = (line.status == "queued") | (line.status == "running")
    return row(
        name,
        rx.el.div(
            rx.el.p(keeps),
            rx.cond(is_busy, _under_way(line), rx.fragment()),
            rx.cond(line.status == "failed", callout("This export was not made", rx.el.p(line.refusal), tone="bad", live=True), rx.fragment()),
            rx.cond(line.status == "done", _made(line), rx.fragment()),
            class_name="ly-stack",
            data_gap="8",
        ),
        end=[
            rx.cond(
                line.status == "done",
                download_button(rx.Var.create("/v/exports/") + line.id, name),
                rx.fragment(),
            ),
            button(
                rx.cond(line.status == "done", "Export anew", "Export"),
                size="s",
                on_click=ExportState.start(line.format),
                disabled=is_busy,
                aria_label=rx.cond(line.status == "done", "Export anew: ", "Export: ").to(str) + name,
            ),
        ],
        key=line.format,
    )


def _under_way(line: ExportLine) -> rx.Component:
    return rx.el.div(
        rx.cond(line.percent != None, meter(line.percent, "Written"), rx.el.p("Waiting for its turn")),  # noqa: E711 - becomes JavaScript
        role="status",
    )


def _made(line: ExportLine) -> rx.Component:
    return rx.fragment(
        rx.el.p("Made ", line.when, ".", role="status"),
        rx.cond(
            line.unsupported,
            rx.el.details(
                rx.el.summary("What this format does not say"),
                rx.el.ul(rx.foreach(line.unsupported, _lost), class_name="ly-list"),
                rx.cond(line.more_unsupported > 0, rx.el.p("And ", line.more_unsupported, " more."), rx.fragment()),
            ),
            rx.fragment(),
        ),
    )


def _lost(entry: NotTaken) -> rx.Component:
    return rx.el.li(entry.title, " (", entry.place, "): ", entry.reason)
