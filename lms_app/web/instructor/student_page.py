"""One student of a course: how far and why, attempts, certificates, and what they did."""

from typing import Any

import reflex as rx

from lms_app.domain.analytics import registry
from lms_app.domain.analytics.student_views import Act, StudentAttempt, StudentCertificate, StudentItem
from lms_app.web.components.empties import empty
from lms_app.web.components.kpis import kpi, kpi_strip
from lms_app.web.components.links import link
from lms_app.web.components.meters import tick
from lms_app.web.components.metric_notes import figure_note
from lms_app.web.components.pagination import pages, pagination
from lms_app.web.components.panels import line, page_header, row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.components.tables import cell, head_cell, table, table_row
from lms_app.web.instructor.places import course_tabs
from lms_app.web.instructor.student_state import StudentState
from lms_app.web.instructor.students import message_island
from lms_app.web.layout import app_shell
from lms_app.words import StaffRole

sheet = StudentState.sheet
timeline = StudentState.timeline


def student_page() -> rx.Component:
    """Key figures above, then items, attempts and certificates, and what they did."""
    known = StudentState.ready & (sheet != None)  # noqa: E711 - becomes JavaScript
    base = rx.Var.create("/teach/courses/") + sheet.course_id
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                page_header(sheet.name, _under_the_name(), _message()),
                stack(
                    course_tabs(sheet.course_id, sheet.role, "people"),
                    _figures(),
                    _items(),
                    _attempts(),
                    rx.cond(sheet.certificates, _certificates(), rx.fragment()),
                    _timeline(),
                    gap=32,
                ),
            ),
            loading(skeleton_rows(8)),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, sheet.course, "Course"), rx.cond(known, base, "/teach")),
            ("Students", rx.cond(known, base + "/people", "/teach")),
            (rx.cond(known, sheet.name, "Student"), ""),
        ],
    )


def _under_the_name() -> rx.Component:
    return line(
        rx.el.span("Enrolled ", sheet.enrolled),
        rx.el.span(rx.cond(sheet.visited, rx.Var.create("Last visit ") + sheet.visited, "Not started")),
        rx.cond(sheet.groups, rx.el.span("In ", sheet.groups), rx.fragment()),
        rx.cond(sheet.taking, rx.fragment(), pill("Takes the course no longer")),
        rx.cond(sheet.completed, pill(rx.Var.create("Completed ") + sheet.completed, "ok", icon="check"), rx.fragment()),
    )


def _message() -> rx.Component:
    may_write = sheet.taking & (sheet.role != StaffRole.VIEWER.value)
    return rx.cond(may_write, message_island(sheet.course_id, sheet.enrollment_id, sheet.name), rx.fragment())


def _figures() -> rx.Component:
    of_all = sheet.done.to_string() + " of " + sheet.total.to_string() + " required items done"
    return kpi_strip(
        kpi(_named("progress", sheet.total.to_string()), sheet.percent, unit="%", foot=rx.el.span(of_all)),
        kpi(_named("mean_score_of_person"), rx.cond(sheet.score != None, sheet.score, "—"), unit=rx.cond(sheet.score != None, "%", "")),  # noqa: E711 - becomes JavaScript
        kpi(_named("time_by_person"), sheet.minutes, unit="min"),
        kpi(_named("active_days"), sheet.active_days),
    )


def _named(metric: str, n: Any = "") -> rx.Component:
    """The name of a figure, with what it means."""
    return rx.fragment(registry.note(metric).title, figure_note(metric, n=n, as_of=sheet.as_of))


def _items() -> rx.Component:
    return section(
        "Progress by item",
        rx.cond(
            sheet.lines,
            rx.fragment(
                table("Progress by item", ["Item", "Why", "Time"], rx.foreach(sheet.lines, _item)),
                pages(sheet, StudentState.turn),
            ),
            empty("Nothing is published yet", "Items appear here once the course has pages."),
        ),
        sentence=rx.fragment("As of ", sheet.as_of, "."),
    )


def _item(item: StudentItem) -> rx.Component:
    state = rx.match(item.state, ("done", "Done: "), ("started", "Started: "), "Not started: ")
    return table_row(
        head_cell(line(tick(item.state), rx.el.span(rx.el.span(state, class_name="ly-sr"), item.title)), wide=True),
        cell(item.why, wide=True),
        cell(rx.cond(item.minutes > 0, item.minutes.to_string() + " min", "—"), name="Time", numeric=True),
        key=item.id,
    )


def _attempts() -> rx.Component:
    return section(
        "Attempts",
        rx.cond(
            sheet.attempts,
            table("Attempts", ["Quiz", "When", "State", "Score"], rx.foreach(sheet.attempts, _attempt)),
            rx.el.p("No quiz was begun yet.", class_name="ly-second"),
        ),
    )


def _attempt(attempt: StudentAttempt) -> rx.Component:
    state = pill(attempt.state, attempt.tone)
    return table_row(
        head_cell(rx.fragment(attempt.quiz, rx.cond(attempt.number > 1, rx.el.small(", attempt ", attempt.number), rx.fragment())), wide=True),
        cell(attempt.when, name="When"),
        cell(line(state, rx.cond(attempt.link, link("Mark", href=attempt.link, aria_label=rx.Var.create("Mark ") + attempt.quiz), rx.fragment()))),
        cell(rx.cond(attempt.score, attempt.score, "—"), name="Score", numeric=True),
        key=attempt.id,
    )


def _certificates() -> rx.Component:
    return section("Certificates", rows(rx.foreach(sheet.certificates, _certificate)))


def _certificate(certificate: StudentCertificate) -> rx.Component:
    return row(
        rx.Var.create("Issued ") + certificate.issued,
        rx.cond(certificate.revoked, "Revoked", "Valid"),
        href=rx.Var.create("/certificates/") + certificate.code,
        key=certificate.code,
    )


def _timeline() -> rx.Component:
    return section(
        "What they did",
        rx.cond(
            timeline != None,  # noqa: E711 - becomes JavaScript
            rx.fragment(
                rows(rx.foreach(timeline.acts, _act)),
                rx.cond(
                    (timeline.older != "") | ~timeline.newest,
                    pagination(
                        "Fifty at a time",
                        on_previous=StudentState.newest,
                        on_next=StudentState.older,
                        has_previous=~timeline.newest,
                        has_next=timeline.older != "",
                    ),
                    rx.fragment(),
                ),
            ),
            rx.fragment(),
        ),
        sentence="The newest first. Time is counted beside each item.",
    )


def _act(act: Act) -> rx.Component:
    return row(act.what, act.when, key=act.id)
