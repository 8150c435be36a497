"""Correcting marks: what changed in the question, whom it would move and how, then doing it, and undoing it."""

import reflex as rx

from lms_app.domain.assessments.regrade_views import KeyChange, RegradeEntry, RegradeLine
from lms_app.web.components.buttons import button
from lms_app.web.components.callouts import callout
from lms_app.web.components.dialogs import confirm_dialog
from lms_app.web.components.meters import meter
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import line, page_header, row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.components.tables import Column, cell, head_cell, table, table_row
from lms_app.web.instructor.regrade_state import RegradeState
from lms_app.web.layout import app_shell

shown = RegradeState.shown
figures = shown.figures
ASK = "correct-marks"


def regrade_page() -> rx.Component:
    """The dry run above, corrections that were made below."""
    known = RegradeState.ready & (shown != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(known, _regrade(), loading(skeleton_rows(6))),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, shown.course, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + shown.course_id, "/teach")),
            ("Correct marks", ""),
        ],
    )


def _regrade() -> rx.Component:
    return rx.fragment(
        page_header("Correct marks", rx.el.span(shown.title)),
        stack(
            section("What changed", rx.cond(shown.changes, _changes(), rx.el.p(_UNCHANGED, class_name="ly-second"))),
            section("Whom it moves", _dry_run()),
            rx.cond(RegradeState.history, section("Corrections made", rows(rx.foreach(RegradeState.history, _entry))), rx.fragment()),
            gap=32,
        ),
    )


_UNCHANGED = "All marks are given by the newest form of the question."


def _changes() -> rx.Component:
    return table(
        "What changed in the question",
        ["What", "Graded so far by", "Now"],
        rx.foreach(shown.changes, _change),
    )


def _change(change: KeyChange) -> rx.Component:
    return table_row(
        head_cell(change.what, wide=True),
        cell(change.before, name="So far", wide=True),
        cell(change.after, name="Now", wide=True),
        key=change.what,
    )


def _dry_run() -> rx.Component:
    return stack(
        rx.el.p(shown.sentence, class_name="ly-strong", custom_attrs={"data-dry-run": ""}),
        rx.cond(
            shown.open_attempts > 0,
            callout(
                rx.fragment(
                    shown.open_attempts,
                    rx.cond(shown.open_attempts == 1, " attempt is under way and keeps", " attempts are under way and keep"),
                    " the question as it was. Come back when they are graded.",
                )
            ),
            rx.fragment(),
        ),
        rx.cond(
            (figures.kept > 0) | RegradeState.overrules,
            rx.el.div(
                rx.cond(
                    RegradeState.overrules,
                    button("Keep marks given by hand", size="s", icon="hand", on_click=RegradeState.overrule(False)),
                    button("Take back marks given by hand too", size="s", icon="hand", on_click=RegradeState.overrule(True)),
                )
            ),
            rx.fragment(),
        ),
        rx.cond(shown.lines, _lines(), rx.fragment()),
        pages(shown, RegradeState.turn),
        rx.cond(
            RegradeState.at_work,
            rx.fragment(),
            rx.cond(
                figures.moved > 0,
                rx.cond(
                    shown.harms,
                    rx.fragment(
                        rx.el.div(button("Correct the marks", kind="danger", icon="check", opens=ASK)),
                        confirm_dialog(
                            ASK,
                            "Correct the marks, though some students lose by it?",
                            shown.sentence,
                            verb="Correct the marks",
                            on_confirm=RegradeState.apply,
                        ),
                    ),
                    rx.el.div(button("Correct the marks", kind="primary", icon="check", on_click=RegradeState.apply)),
                ),
                rx.fragment(),
            ),
        ),
        gap=16,
    )


def _lines() -> rx.Component:
    return table(
        "Attempts whose marks move",
        ["Name", "Quiz", Column("Question", numeric=True), Column("Attempt", numeric=True), Column("Counts", numeric=True), "Pass", "Effect"],
        rx.foreach(shown.lines, _line),
    )


def _line(entry: RegradeLine) -> rx.Component:
    return table_row(
        head_cell(entry.name, wide=True),
        cell(rx.fragment(entry.quiz, rx.cond(entry.number > 1, rx.Var.create(", attempt ") + entry.number.to_string(), "")), name="Quiz", wide=True),
        cell(_moved(entry.question_before, entry.question_after), name="Question", numeric=True),
        cell(_moved(_percent(entry.percent_before), _percent(entry.percent_after)), name="Attempt", numeric=True),
        cell(
            rx.cond(
                entry.counting_before == entry.counting_after,
                _percent(entry.counting_after),
                _moved(_percent(entry.counting_before), _percent(entry.counting_after)),
            ),
            name="Counts",
            numeric=True,
        ),
        cell(rx.cond(entry.passed_before == entry.passed_after, entry.passed_after, _moved(entry.passed_before, entry.passed_after)), name="Pass"),
        cell(_effect(entry), name="Effect"),
        key=entry.attempt_id,
    )


def _effect(entry: RegradeLine) -> rx.Component:
    return line(
        rx.match(
            entry.completion,
            ("completed", pill("Quiz completed", "ok", icon="check")),
            ("withdrawn", pill("Quiz no longer completed", "bad", icon="x")),
            rx.fragment(),
        ),
        rx.match(
            entry.certificate,
            ("issued", pill("Certificate issued", "ok", icon="award")),
            ("valid again", pill("Certificate valid again", "ok", icon="award")),
            ("withdrawn", pill("Certificate withdrawn", "bad", icon="x")),
            rx.fragment(),
        ),
    )


def _moved(before: rx.Var | rx.Component, after: rx.Var | rx.Component) -> rx.Component:
    return rx.fragment(before, rx.el.span(" → ", aria_hidden="true"), rx.el.span(" to ", class_name="ly-sr"), after)


def _percent(value: rx.Var) -> rx.Component:
    return rx.fragment(value, "\N{NO-BREAK SPACE}%")


def _entry(entry: RegradeEntry) -> rx.Component:
    return row(
        rx.fragment(entry.when, " · ", entry.by),
        rx.el.span(entry.sentence),
        end=[
            rx.match(
                entry.status,
                ("running", meter(entry.percent, "Progress of the correction")),
                ("undoing", meter(entry.percent, "Progress of putting marks back")),
                ("undone", pill("Undone", icon="undo-2")),
                pill("Applied", "ok", icon="check"),
            ),
            rx.cond(
                entry.can_undo & ~RegradeState.at_work,
                button("Undo", size="s", icon="undo-2", on_click=RegradeState.undo(entry.id)),
                rx.fragment(),
            ),
        ],
        key=entry.id,
    )
