"""What the staff of a course has told those who take it."""

import reflex as rx

from lms_app.domain.talk.views import AnnouncementView
from lms_app.web.components.empties import empty
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import page_header, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import app_shell
from lms_app.web.student.announcements_state import AnnouncementsState

sheet = AnnouncementsState.sheet


def announcements_page() -> rx.Component:
    """Newest first, each whole."""
    known = AnnouncementsState.ready & (sheet != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        page_header("Announcements", rx.cond(known, sheet.course, "What the staff of a course tells you")),
        rx.cond(
            known,
            rx.cond(
                sheet.lines,
                stack(rx.foreach(sheet.lines, _line), pages(sheet, AnnouncementsState.turn), gap=32),
                empty("Nothing announced yet", "What the staff of the course tells everybody appears here."),
            ),
            loading(skeleton_rows(4)),
        ),
        narrow=True,
        crumbs=[
            (rx.cond(known, sheet.course, "Course"), rx.cond(known, rx.Var.create("/courses/") + sheet.slug, "/home")),
            ("Announcements", ""),
        ],
    )


def _line(line: AnnouncementView) -> rx.Component:
    return rx.el.article(
        rx.el.h2(line.title, class_name="ly-section-title"),
        rx.el.p(line.author, " · ", line.when, rx.cond(line.edited, " · edited", ""), class_name="ly-caption"),
        rx.el.div(rx.html(line.html), class_name="ly-prose ly-sans"),
        class_name="ly-stack",
        data_gap="8",
        key=line.id,
    )
