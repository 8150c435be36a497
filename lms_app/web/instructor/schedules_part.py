"""Scheduled reports on the page of reports: what comes, when and to whom, and the form of one."""

from typing import Any

import reflex as rx

from lms_app.domain.reports.report_rules import DAYS, FORMATS, NAMES, WEEKDAYS
from lms_app.domain.reports.schedules import MOST
from lms_app.domain.reports.views import Named, ScheduleLine
from lms_app.web.components.buttons import button, icon_button
from lms_app.web.components.dialogs import confirm_dialog
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import checkbox, error_summary, form, form_actions, form_row, select_field
from lms_app.web.components.icons import icon
from lms_app.web.components.panels import row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.instructor.reports_state import ReportsState
from lms_app.web.instructor.schedules_state import SchedulesState
from lms_app.words import ReportRhythm

state = SchedulesState
wish = SchedulesState.wish
REMOVING = "delete-schedule"
RHYTHMS = [(ReportRhythm.WEEKLY.value, "Every week"), (ReportRhythm.MONTHLY.value, "Every month")]
COMES = "A scheduled report is made by itself, each week or month, and those for whom it is are told where to fetch it."
IN_VIEW = {"scroll_margin_bottom": "60vh"}
"""How much of what follows the first field is in view where the form opens."""

LABELS = {
    "recipients": "For whom",
    "kind": "Report",
    "group": "Students",
    "weekday": "Day of the week",
    "day": "Day of the month",
    "hour": "Hour",
    "zone": "Time zone",
}


def schedules_part() -> rx.Component:
    """The list, and the form where it is open."""
    may, closed = ReportsState.may_schedule, state.editing == ""
    return rx.fragment(
        section(
            "By schedule",
            stack(
                rx.cond(
                    ReportsState.schedules,
                    rows(rx.foreach(ReportsState.schedules, _line), wide=True),
                    rx.cond(
                        closed,
                        empty(
                            "Nothing is scheduled",
                            rx.cond(may, COMES, f"{COMES} Owners and editors of the course make schedules."),
                        ),
                        rx.fragment(),
                    ),
                ),
                rx.cond(may & ~closed, _form(), rx.fragment()),
                rx.cond(may & closed, _new(), rx.fragment()),
                gap=24,
            ),
            sentence="Whoever is to get it is told in the app and, if they like, by mail with a link that asks them to sign in. "
            "Who has left the staff gets nothing.",
        ),
        confirm_dialog(
            REMOVING,
            rx.fragment("Delete this schedule?", rx.cond(state.leaving, " (" + state.leaving + ")", "")),
            "Nothing is made by it any more. Reports that it has made stay for their month.",
            verb="Delete",
            on_confirm=state.remove,
        ),
    )


def _new() -> rx.Component:
    return rx.cond(
        ReportsState.schedules.length() < MOST,
        rx.el.div(button("New schedule", icon="calendar-plus", on_click=state.begin)),
        rx.el.p(f"A course has at most {MOST} schedules. To make another, delete one that nobody needs.", class_name="ly-second"),
    )


def _line(line: ScheduleLine) -> rx.Component:
    named = line.title + ", " + line.rhythm
    may = ReportsState.may_schedule
    return row(
        rx.el.span(
            line.title,
            rx.cond(line.paused, pill("Paused", "warn", icon="pause"), rx.fragment()),
            rx.cond(line.for_you, pill("For you"), rx.fragment()),
            class_name="ly-line",
        ),
        rx.el.div(
            rx.el.p(line.rhythm, " · ", line.about, " · ", line.format),
            rx.cond(line.others, _people(line), rx.el.p("For ", line.people)),
            rx.el.p(
                rx.cond(line.paused, "Nothing comes until it goes on.", "Next: " + line.next + "."),
                rx.cond(line.last != "", " Last: " + line.last + ".", ""),
            ),
            class_name="ly-stack",
            data_gap="4",
        ),
        end=[
            rx.cond(may, button("Edit", size="s", on_click=state.edit(line.id), aria_label=rx.Var.create("Edit: ") + named), rx.fragment()),
            rx.cond(
                may,
                rx.cond(
                    line.paused,
                    button("Go on", size="s", on_click=state.resume(line.id), aria_label=rx.Var.create("Go on: ") + named),
                    button("Pause", size="s", on_click=state.pause(line.id), aria_label=rx.Var.create("Pause: ") + named),
                ),
                rx.fragment(),
            ),
            rx.cond(
                may,
                icon_button("trash-2", rx.Var.create("Delete: ") + named, size="s", opens=REMOVING, on_click=state.ask_remove(line.id)),
                rx.fragment(),
            ),
        ],
        key=line.id,
    )


def _people(line: ScheduleLine) -> rx.Component:
    return rx.el.details(rx.el.summary("For ", line.people), rx.el.p("Also for ", line.others), class_name="ly-others")


def _form() -> rx.Component:
    weekly = wish["rhythm"] == ReportRhythm.WEEKLY.value
    return form(
        rx.el.h3(rx.cond(state.editing == "new", "New schedule", "Change the schedule"), class_name="ly-panel-title"),
        error_summary(state.errors, LABELS),
        form_row(_choice("kind", "Report", list(NAMES.items()), auto_focus=True, style=IN_VIEW), _choice("format", "File", list(FORMATS.items()))),
        form_row(
            rx.cond(state.by_group & ((ReportsState.groups.length() > 0) | (state.past_group.length() > 0)), _group(), rx.fragment()),
            rx.cond(state.by_days, _choice("days", "Days", list(DAYS.items())), rx.fragment()),
        ),
        form_row(
            _choice("rhythm", "How often", RHYTHMS),
            rx.cond(
                weekly,
                _choice("weekday", "Day of the week", [(str(number), name) for number, name in enumerate(WEEKDAYS)]),
                _choice("day", "Day of the month", [(str(day), str(day)) for day in range(1, 32)], help="A month without it: its last day."),
            ),
            _choice("hour", "Hour", [(str(hour), f"{hour:02}:00") for hour in range(24)]),
            _choice("zone", "Time zone", ReportsState.zones),
        ),
        rx.el.fieldset(
            rx.el.legend("For whom", class_name="ly-label"),
            rx.foreach(ReportsState.staff, _person),
            rx.cond(
                state.errors["recipients"],
                rx.el.p(icon("circle-alert"), rx.el.span(state.errors["recipients"]), class_name="ly-error"),
                rx.fragment(),
            ),
            custom_attrs={"id": "field-recipients"},
        ),
        # On a phone the field itself is far above.
        rx.cond(
            state.errors.length() > 0,
            rx.el.p(icon("circle-alert"), rx.el.span("Not saved yet. Look at what is marked above."), class_name="ly-error", role="alert"),
            rx.fragment(),
        ),
        form_actions(button("Cancel", on_click=state.close), button("Save schedule", type="submit")),
        on_submit=state.save,
        label="Schedule",
        key=state.editing,
    )


def _choice(name: str, label: str, options: Any, **props: Any) -> rx.Component:
    return select_field(
        label,
        name=name,
        options=options,
        value=wish[name],
        error=state.errors[name],
        on_change=lambda value: state.choose(name, value),
        **props,
    )


def _group() -> rx.Component:
    return _choice("group", "Students", rx.Var.create([("", "Everybody")]).to(list[tuple[str, str]]) + ReportsState.groups + state.past_group)


def _person(one: Named) -> rx.Component:
    return checkbox(
        one.name, name="recipient", value=one.id, checked=state.recipients.contains(one.id), on_change=lambda _: state.toggle(one.id), key=one.id
    )
