"""The inbox: what happened, newest first, all of it or what one looks for."""

import reflex as rx

from lms_app.domain.notifications.views import InboxItem
from lms_app.web.components.buttons import button, icon_button, link_button
from lms_app.web.components.empties import empty
from lms_app.web.components.icons import icon
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import line, page_header, row, rows, stack
from lms_app.web.components.segmented import segmented
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import app_shell
from lms_app.web.student.inbox_state import InboxState

sheet = InboxState.sheet
known = InboxState.ready & (sheet != None)  # noqa: E711 - becomes JavaScript


def inbox_page() -> rx.Component:
    """Rows that lead where they say."""
    unread = known & (sheet.unread > 0)
    return app_shell(
        page_header(
            "Inbox",
            rx.cond(unread, rx.fragment(sheet.unread, " unread"), rx.cond(known, "Nothing unread", "What has happened")),
            [
                link_button("Preferences", "/profile/notifications", kind="ghost", icon="settings-2"),
                rx.cond(unread, button("Mark all as read", icon="check", on_click=InboxState.read_all), rx.fragment()),
            ],
        ),
        rx.cond(known, stack(_filters(), _list(), gap=24), loading(skeleton_rows(6))),
        active="inbox",
        narrow=True,
    )


def _filters() -> rx.Component:
    return line(
        segmented("What is shown", [("all", "All"), ("unread", "Unread")], InboxState.view, lambda view: InboxState.show(view)),
        _choice("Course", "Every course", InboxState.course, sheet.courses, InboxState.of_course),
        _choice("Kind", "Every kind", InboxState.group, sheet.groups, InboxState.of_group),
    )


def _choice(label: str, every: str, chosen: rx.Var, options: rx.Var, on_change: rx.EventHandler) -> rx.Component:
    return rx.el.select(
        rx.el.option(every, value=""),
        rx.foreach(options, lambda option: rx.el.option(option[1], value=option[0])),
        value=chosen,
        on_change=on_change,
        class_name="ly-input",
        aria_label=label,
        style={"width": "auto", "max_width": "13rem"},
    )


def _list() -> rx.Component:
    filtered = (InboxState.view != "all") | (InboxState.course != "") | (InboxState.group != "")
    return rx.cond(
        sheet.lines,
        rx.fragment(rows(rx.foreach(sheet.lines, _item)), pages(sheet, InboxState.turn)),
        rx.cond(
            filtered,
            empty("Nothing of this", "Choose another course or kind, or look at all."),
            empty("Nothing here yet", "You hear here what happens in your courses: due dates, marks, certificates, news."),
        ),
    )


def _item(item: InboxItem) -> rx.Component:
    sign = rx.match(
        item.group,
        ("certificates", icon("award")),
        ("grades", icon("scale")),
        ("feedback", icon("message-square-text")),
        ("due", icon("alarm-clock")),
        ("material", icon("book-open")),
        ("receipts", icon("circle-check")),
        ("places", icon("ticket")),
        ("announcements", icon("megaphone")),
        ("discussion", icon("messages-square")),
        ("questions", icon("messages-square")),
        ("arrivals", icon("users")),
        ("inactive", icon("users")),
        ("marking", icon("square-pen")),
        ("authoring", icon("package-open")),
        icon("bell"),
    )
    turn = rx.cond(
        item.unread,
        icon_button("mail-check", rx.Var.create("Mark as read: ") + item.sentence, size="s", on_click=InboxState.mark(item.id, True)),
        icon_button("mail", rx.Var.create("Mark as unread: ") + item.sentence, size="s", on_click=InboxState.mark(item.id, False)),
    )
    return row(
        item.sentence,
        item.when,
        start=sign,
        end=[turn, button("Open", size="s", on_click=InboxState.open(item.id), aria_label=rx.Var.create("Open: ") + item.sentence)],
        new=item.unread,
        key=item.id,
    )
