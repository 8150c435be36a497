"""The inbox: what happened, newest first."""

import reflex as rx

from lms_app.domain.notifications.views import InboxItem
from lms_app.web.components.buttons import button
from lms_app.web.components.empties import empty
from lms_app.web.components.icons import icon
from lms_app.web.components.panels import page_header, row, rows
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import app_shell
from lms_app.web.student.inbox_state import InboxState


def inbox_page() -> rx.Component:
    """Rows that lead where they say."""
    return app_shell(
        page_header(
            "Inbox",
            rx.cond(
                InboxState.unread > 0, rx.fragment(InboxState.unread, " unread"), rx.cond(InboxState.ready, "Nothing unread", "What has happened")
            ),
            rx.cond(InboxState.unread > 0, button("Mark all as read", icon="check", on_click=InboxState.read_all), rx.fragment()),
        ),
        rx.cond(
            InboxState.ready,
            rx.cond(
                InboxState.items,
                rows(rx.foreach(InboxState.items, _item)),
                empty("Nothing here yet", "You hear here about certificates, enrolments and imports."),
            ),
            loading(skeleton_rows(6)),
        ),
        active="inbox",
        narrow=True,
    )


def _item(item: InboxItem) -> rx.Component:
    sign = rx.match(
        item.kind,
        ("certificate_issued", icon("award")),
        ("regraded", icon("scale")),
        ("regrade_finished", icon("scale")),
        ("import_failed", icon("circle-alert")),
        ("import_finished", icon("package-open")),
        ("enrolled", icon("book-open")),
        icon("bell"),
    )
    return row(
        item.sentence,
        item.when,
        start=sign,
        end=[button("Open", size="s", on_click=InboxState.open(item.id), aria_label=rx.Var.create("Open: ") + item.sentence)],
        new=item.unread,
        key=item.id,
    )
