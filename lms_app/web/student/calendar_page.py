"""A student's dates: a month on a desk, a list on a phone, and the way into one's own calendar."""

from typing import Any

import reflex as rx
from reflex_components_core.base.fragment import Fragment

from lms_app.domain.calendar.views import CalendarDay, CalendarWeek, DateLine
from lms_app.web.components.buttons import button, icon_button, link_button
from lms_app.web.components.callouts import callout
from lms_app.web.components.dialogs import dialog
from lms_app.web.components.empties import empty
from lms_app.web.components.icons import icon
from lms_app.web.components.links import link, plain_link
from lms_app.web.components.panels import page_header, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import app_shell
from lms_app.web.student.calendar_state import CalendarState

FEED = "calendar-feed"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

month, feed = CalendarState.month, CalendarState.feed


class _Looks(Fragment):
    """Brings the page's own style sheet along."""

    def add_imports(self) -> dict[str, Any]:
        """The sheet alone."""
        return {"": "$/public/css/calendar.css"}


def calendar_page() -> rx.Component:
    """The one primary action puts the dates into one's own calendar."""
    known = CalendarState.ready & (month != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        _Looks.create(),
        page_header(
            "Calendar",
            rx.cond(known, rx.fragment("What is due and what opens. Times are those of ", month.zone, "."), "What is due and what opens."),
            button("Add to my calendar", kind="primary", icon="calendar-plus", opens=FEED),
        ),
        rx.cond(known, rx.cond(month.courses, _month(), _nothing()), loading(skeleton_rows(8))),
        _feed(),
        active="calendar",
    )


def _nothing() -> rx.Component:
    return empty(
        "You take no course yet",
        "What is due in a course, and what opens in it, appears here once you take one.",
        link_button("Browse catalogue", "/catalogue"),
    )


def _month() -> rx.Component:
    return stack(
        rx.el.div(
            rx.el.h2(month.title, class_name="ly-section-title", custom_attrs={"aria-live": "polite"}),
            rx.el.div(
                icon_button("chevron-left", "Previous month", kind="default", on_click=CalendarState.turn(-1)),
                button("This month", on_click=CalendarState.turn(0), disabled=month.current),
                icon_button("chevron-right", "Next month", kind="default", on_click=CalendarState.turn(1)),
                class_name="ly-line",
            ),
            class_name="ly-line",
            custom_attrs={"data-between": ""},
        ),
        rx.el.table(
            rx.el.caption("Dates in ", month.title, class_name="ly-sr"),
            rx.el.thead(
                rx.el.tr(*[rx.el.th(rx.el.span(day[:3], aria_hidden="true"), rx.el.span(day, class_name="ly-sr"), scope="col") for day in DAYS])
            ),
            rx.el.tbody(rx.foreach(month.weeks, _week)),
            class_name="ly-month",
        ),
        rx.el.div(
            rx.cond(
                month.days,
                rx.el.ol(rx.foreach(month.days, _listed), class_name="ly-stack", data_gap="24"),
                rx.el.p("Nothing is due and nothing opens in ", month.title, ".", class_name="ly-second"),
            ),
            class_name="ly-month-list",
        ),
        rx.cond(month.days, rx.fragment(), rx.el.p("Nothing is due and nothing opens in this month.", class_name="ly-second ly-month-none")),
    )


def _week(week: CalendarWeek) -> rx.Component:
    return rx.el.tr(rx.foreach(week.days, _cell), key=week.id)


def _cell(day: CalendarDay) -> rx.Component:
    more = rx.el.details(
        rx.el.summary(day.rest.length(), " more", rx.el.span(" on ", day.words, class_name="ly-sr")),
        rx.foreach(day.rest, _entry),
    )
    return rx.el.td(
        rx.el.time(
            rx.el.span(day.words, class_name="ly-sr"), rx.el.span(day.number, aria_hidden="true"), date_time=day.day, class_name="ly-month-day"
        ),
        rx.foreach(day.lines, _entry),
        rx.cond(day.rest, more, rx.fragment()),
        key=day.day,
        custom_attrs={
            "data-outside": rx.cond(day.outside, "", rx.Var("undefined")),
            "aria-current": rx.cond(day.today, "date", rx.Var("undefined")),
        },
    )


def _entry(line: DateLine) -> rx.Component:
    return link(
        rx.el.span(line.time, " ", line.label, class_name="ly-month-when"),
        rx.el.span(line.title, class_name="ly-month-title"),
        rx.cond(line.course != "", rx.el.span(" ", line.course, class_name="ly-sr"), rx.fragment()),
        href=line.link,
        class_name="ly-month-entry",
        key=line.id,
        title=rx.cond(line.course != "", line.title + " · " + line.course, line.title),
        custom_attrs={"data-kind": rx.cond(line.done, "done", line.kind)},
    )


def _listed(day: CalendarDay) -> rx.Component:
    return rx.el.li(
        rx.el.h3(day.words, rx.cond(day.today, " · today", ""), class_name="ly-caption"),
        rx.el.div(rx.foreach(day.lines, date_row), rx.foreach(day.rest, date_row), class_name="ly-rows"),
        key=day.day,
        class_name="ly-stack",
        data_gap="8",
    )


def date_row(line: DateLine) -> rx.Component:
    """A date as a row: what, in which course, when."""
    return rx.el.div(
        rx.match(
            line.kind,
            ("due", rx.cond(line.done, icon("circle-check"), icon("clock"))),
            ("opens", icon("lock-open")),
            ("closes", icon("lock")),
            icon("flag"),
        ),
        rx.el.div(
            rx.el.p(link(line.title, href=line.link, class_name=""), class_name="ly-row-title"),
            rx.el.div(
                line.label,
                " ",
                line.when,
                rx.cond(line.course != "", rx.fragment(" · ", line.course), rx.fragment()),
                rx.cond(line.note != "", rx.fragment(" · ", line.note), rx.fragment()),
                class_name="ly-row-sub",
            ),
            class_name="ly-row-main",
        ),
        rx.cond(line.left != "", rx.el.div(rx.el.span(line.left, class_name="ly-nums ly-second"), class_name="ly-row-end"), rx.fragment()),
        class_name="ly-row",
        key=line.id,
    )


def _feed() -> rx.Component:
    known = feed != None  # noqa: E711 - becomes JavaScript
    return dialog(
        FEED,
        "Add to my calendar",
        stack(
            rx.el.p(
                "Calendar programs such as those of Google, Apple and Microsoft subscribe to an address of your own. They read it again from time to "
                "time, so that moved dates move there too.",
                class_name="ly-second",
            ),
            rx.cond(
                known & (feed.address != ""),
                callout(
                    "Copy the address now: it is not shown again.",
                    rx.el.input(
                        value=feed.address,
                        read_only=True,
                        class_name="ly-input ly-mono",
                        aria_label="Calendar address",
                        custom_attrs={"id": "calendar-address"},
                    ),
                    rx.el.p(
                        plain_link(
                            "Open in the calendar of this device", href=feed.address.replace("https://", "webcal://").replace("http://", "webcal://")
                        )
                    ),
                    tone="ok",
                    live=True,
                ),
                rx.fragment(),
            ),
            rx.cond(
                known & feed.exists & (feed.address == ""),
                rx.el.p(
                    "You have an address since ",
                    feed.since,
                    rx.cond(feed.read != "", rx.fragment("; a calendar last read it ", feed.read), "; no calendar has read it yet"),
                    ". It is kept as a digest alone, so it cannot be shown again. A new one takes its place, and the old one stops working.",
                    class_name="ly-second",
                ),
                rx.fragment(),
            ),
            rx.el.p(
                "Whoever has the address sees your dates, and nothing else of you. It works without signing in, until you stop it.",
                class_name="ly-caption",
            ),
        ),
        actions=[
            button("Close", closes=FEED),
            rx.cond(known & feed.exists, button("Stop the address", on_click=CalendarState.stop_feed), rx.fragment()),
            rx.cond(
                known & (feed.address == ""),
                button(rx.cond(feed.exists, "Make a new address", "Make an address"), kind="primary", on_click=CalendarState.make_feed),
                rx.fragment(),
            ),
        ],
    )
