"""Mail that did not arrive, for administrators: why, and once more."""

import reflex as rx

from lms_app.domain.notifications.failures import Failure
from lms_app.web.admin.mail_state import MailState
from lms_app.web.components.buttons import button
from lms_app.web.components.callouts import callout
from lms_app.web.components.empties import empty
from lms_app.web.components.kpis import kpi, kpi_strip
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import page_header, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.components.tables import Column, cell, head_cell, table, table_row
from lms_app.web.layout import app_shell

report = MailState.report


def mail_page() -> rx.Component:
    """Four figures, then what was given up."""
    known = MailState.ready & (report != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        page_header(
            "Mail",
            "Notifications that did not arrive in thirty days, or are late",
            rx.cond(known & (report.given_up > 0), button("Try all again", icon="rotate-cw", on_click=MailState.retry_all), rx.fragment()),
        ),
        rx.cond(
            known,
            stack(
                kpi_strip(
                    kpi("Sent in 24 hours", report.sent),
                    kpi("Waiting now", report.waiting),
                    kpi("Given up", report.given_up),
                    kpi("Addresses paused", report.paused),
                ),
                rx.cond(
                    report.parked > 0,
                    callout(
                        "Mails of accounts were given up",
                        rx.el.p(report.parked, " to confirm an account or set a password. The command parked-jobs lists them."),
                        tone="warn",
                    ),
                    rx.fragment(),
                ),
                rx.cond(
                    report.failures,
                    rx.fragment(_failures(), pages(report, MailState.turn)),
                    empty("Everything has arrived", "What a mail server refuses, or takes not for two days, stands here."),
                ),
                gap=32,
            ),
            loading(skeleton_rows(8)),
        ),
        active="mail",
    )


def _failures() -> rx.Component:
    heads = ["Address", "About", "Way", "Why", Column("Tries", numeric=True), "When", ""]
    return table("What did not arrive", heads, rx.foreach(report.failures, _failure))


def _failure(one: Failure) -> rx.Component:
    return table_row(
        head_cell(one.address, wide=True),
        cell(one.about, name="About"),
        cell(one.channel, name="Way"),
        cell(
            rx.fragment(
                rx.cond(one.bounced, pill("Address refused", "bad"), rx.cond(one.late, pill("Late", "warn"), rx.fragment())), " ", one.reason
            ),
            name="Why",
        ),
        cell(one.tries, name="Tries", numeric=True),
        cell(one.when, name="When"),
        cell(
            rx.cond(
                one.late,
                rx.fragment(),
                button("Try again", size="s", on_click=MailState.retry(one.id), aria_label=rx.Var.create("Try again: ") + one.address),
            )
        ),
        key=one.id,
    )
