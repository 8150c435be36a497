"""The demo's mailbox: what would have been mailed."""

import reflex as rx

from lms_app.domain.notifications.views import CaughtMailLine, MailPart
from lms_app.web.components.buttons import button
from lms_app.web.components.callouts import callout
from lms_app.web.components.empties import empty
from lms_app.web.components.links import plain_link
from lms_app.web.components.panels import panel, row, rows, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import plain_shell
from lms_app.web.public.mailbox_state import MailboxState


def mailbox_page() -> rx.Component:
    """A note that this is a demo, the opened mail, the newest mails."""
    return plain_shell(
        rx.el.header(
            rx.el.h1("Mailbox", class_name="ly-door-title"),
            rx.el.p("Mail that this demo would have sent, to anybody, newest first.", class_name="ly-door-sub"),
        ),
        callout(
            "This is the demo's mailbox",
            rx.el.p("No mail leaves this machine while no mail server is set. Only this machine can open this page."),
        ),
        rx.cond(MailboxState.opened, _mail(), rx.fragment()),
        rx.cond(
            MailboxState.ready,
            rx.cond(
                MailboxState.mails,
                rows(rx.foreach(MailboxState.mails, _line)),
                empty("No mail yet", "Register or ask for a new password, and the mail comes here."),
            ),
            loading(skeleton_rows(5)),
        ),
        wide=True,
    )


def _mail() -> rx.Component:
    mail = MailboxState.opened
    return panel(
        mail.subject,
        rx.fragment("To ", mail.recipient, " · ", mail.when),
        rx.el.div(rx.foreach(mail.parts, _part), class_name="ly-mail"),
    )


def _part(part: MailPart) -> rx.Component:
    return rx.cond(part.href, plain_link(part.text, href=part.href), rx.el.span(part.text))


def _line(mail: CaughtMailLine) -> rx.Component:
    return row(
        mail.subject,
        stack(rx.el.span(mail.recipient, class_name="ly-cut"), rx.el.span(mail.when, class_name="ly-caption"), gap=4),
        end=[button("Open", size="s", on_click=MailboxState.open(mail.id), aria_label=rx.Var.create("Open: ") + mail.subject)],
        key=mail.id,
    )
