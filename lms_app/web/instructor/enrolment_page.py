"""Enrolment in a course: its dates and seats, who may come in and how, who waits, what comes first, and its runs."""

from typing import Any

import reflex as rx

from lms_app.domain.courses.views import PossiblePrerequisite
from lms_app.domain.enrollments.prerequisites import Required
from lms_app.domain.enrollments.runs import Difference, RunLine
from lms_app.domain.enrollments.waiting_list import WaitingLine
from lms_app.web.components.buttons import button, icon_button
from lms_app.web.components.dialogs import confirm_dialog
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import error_summary, form, form_actions, form_row, select_field, text_field
from lms_app.web.components.icons import icon
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import line, page_header, row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.search_boxes import search_box
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.components.zone_field import ZoneField
from lms_app.web.instructor.enrolment_state import EnrolmentState
from lms_app.web.instructor.invitations_part import invitations_part
from lms_app.web.instructor.places import course_tabs
from lms_app.web.layout import app_shell
from lms_app.words import EnrollmentPolicy

state = EnrolmentState
sheet = EnrolmentState.sheet
waiting = EnrolmentState.waiting
TAKING_OFF, CHOOSING = "take-off-list", "choose-run"
POLICIES = [
    (EnrollmentPolicy.OPEN.value, "Everybody"),
    (EnrollmentPolicy.CODE.value, "Whoever has the code"),
    (EnrollmentPolicy.INVITATION.value, "Only who is invited"),
]
LABELS = {
    "opens_at": "Opens",
    "closes_at": "Ends",
    "time_zone": "Time zone",
    "seats": "Seats",
    "enrollment_opens_at": "Enrolment opens",
    "enrollment_closes_at": "Enrolment closes",
}


def enrolment_page() -> rx.Component:
    """One section under the other, each saved by itself."""
    known = state.ready & (sheet != None) & (waiting != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(known, _enrolment(), loading(skeleton_rows(8))),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, sheet.course, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + sheet.course_id, "/teach")),
            ("Enrolment", ""),
        ],
    )


def _enrolment() -> rx.Component:
    return rx.fragment(
        page_header(sheet.course, _standing()),
        stack(
            course_tabs(sheet.course_id, sheet.role, "enrolment"),
            rx.cond(
                state.may_edit,
                section("Dates and seats", _settings(), sentence=sheet.rules),
                section("Dates and seats", rx.el.p(sheet.rules), sentence="The owners and editors of the course set them."),
            ),
            rx.cond(state.may_edit & (sheet.policy == EnrollmentPolicy.CODE.value), _code(), rx.fragment()),
            _waiting_list(),
            rx.cond(state.may_edit, invitations_part(), rx.fragment()),
            _prerequisites(),
            _runs(),
            gap=48,
        ),
        confirm_dialog(
            TAKING_OFF,
            rx.fragment("Take ", state.leaving, " off the waiting list?"),
            "They can join it again, at its end.",
            verb="Take off",
            on_confirm=state.take_off,
        ),
        confirm_dialog(
            CHOOSING,
            rx.fragment("Let “", state.choosing, "” take enrolments?"),
            "The pages of the staff show that run from then on. Those who take another one go on in it.",
            verb="Choose run",
            on_confirm=state.choose,
            danger=False,
        ),
    )


def _standing() -> rx.Component:
    return line(
        rx.el.span(
            sheet.taken,
            rx.cond(sheet.seats != "", rx.fragment(" of ", sheet.seats, " seats taken"), rx.cond(sheet.taken == 1, " seat taken", " seats taken")),
        ),
        rx.cond(sheet.waiting > 0, pill(sheet.waiting.to_string() + " waiting", "warn", icon="clock"), rx.fragment()),
    )


def _settings() -> rx.Component:
    errors = state.errors

    def moment(label: str, name: str, value: Any, help_words: str = "") -> rx.Component:
        return text_field(label, name=name, type="datetime-local", default_value=value, error=errors[name], optional=True, help=help_words)

    return form(
        error_summary(errors, LABELS),
        form_row(
            select_field("Who may enrol", name="policy", options=POLICIES, default_value=sheet.policy),
            text_field(
                "Seats",
                name="seats",
                default_value=sheet.seats,
                error=errors["seats"],
                optional=True,
                help="Empty: no limit. When they are taken, students join the waiting list.",
                input_mode="numeric",
                max_length=7,
            ),
        ),
        form_row(moment("Opens", "opens_at", sheet.opens_at), moment("Ends", "closes_at", sheet.closes_at)),
        form_row(
            moment("Enrolment opens", "enrollment_opens_at", sheet.enrollment_opens_at),
            moment("Enrolment closes", "enrollment_closes_at", sheet.enrollment_closes_at),
        ),
        ZoneField.create(
            name="time_zone", chosen=sheet.time_zone, error=errors["time_zone"], help="The dates here are in it, and students read it beside them."
        ),
        rx.cond(state.moved, _moved(), rx.fragment()),
        form_actions(button("Save enrolment", kind="primary", type="submit")),
        on_submit=state.save,
        key=sheet.course_id + "-" + state.saved.to_string(),
        label="Settings of enrolment",
    )


def _moved() -> rx.Component:
    """What somebody else set meanwhile, beside what is in the form, and the choice between them."""
    return rx.el.div(
        rx.el.p("Somebody else changed these settings while you were at it. Yours are still here.", class_name="ly-strong"),
        rx.el.ul(rx.foreach(state.moved, _difference), class_name="ly-list"),
        form_actions(button("Save mine", on_click=state.keep_mine), button("Take theirs", on_click=state.take_theirs)),
        role="alert",
        class_name="ly-stack",
        data_gap="12",
    )


def _difference(moved: Difference) -> rx.Component:
    def told(words: Any) -> Any:
        return rx.cond(words != "", rx.match(words, *POLICIES, words), "nothing")

    name = rx.match(moved.name, *[(name, label) for name, label in (*LABELS.items(), ("policy", "Who may enrol"))], moved.name)
    return rx.el.li(name, ": yours is ", rx.el.strong(told(moved.yours)), ", theirs is ", rx.el.strong(told(moved.theirs)), ".", key=moved.name)


def _code() -> rx.Component:
    return section(
        "Enrolment code",
        rows(
            row(
                rx.el.span(sheet.code, class_name="ly-mono", aria_label=rx.Var.create("Enrolment code ") + sheet.code),
                "Small letters and spaces do not matter.",
                end=[button("New code", icon="rotate-cw", size="s", on_click=state.renew_code)],
            )
        ),
        sentence="Give it to your students. A new code takes the place of the old one; who is enrolled stays.",
    )


def _waiting_list() -> rx.Component:
    return section(
        "Waiting list",
        rx.cond(
            waiting.total > 0,
            rx.fragment(rows(rx.foreach(waiting.lines, _waiting)), pages(waiting, state.turn_waiting)),
            empty("Nobody waits", "When all seats are taken, students can wait here for one."),
        ),
        sentence="Whoever waits longest is enrolled by itself, and told, as soon as a seat is free.",
    )


def _waiting(entry: WaitingLine) -> rx.Component:
    return row(
        rx.fragment(entry.position, ". ", entry.name),
        rx.fragment("Since ", entry.since),
        end=[
            rx.cond(
                state.may_edit,
                icon_button(
                    "x",
                    rx.Var.create("Take off the waiting list: ") + entry.name,
                    size="s",
                    opens=TAKING_OFF,
                    on_click=state.ask_take_off(entry.id),
                ),
                rx.fragment(),
            )
        ],
        key=entry.id,
    )


def _prerequisites() -> rx.Component:
    return section(
        "Prerequisites",
        stack(
            rx.cond(
                state.required,
                rows(rx.foreach(state.required, _required)),
                empty("No prerequisites", "Everybody who may enrol can, whatever they have taken before."),
            ),
            rx.cond(
                state.may_edit,
                rx.el.div(
                    search_box(
                        "Search a course to complete first",
                        on_search=state.find,
                        picks=True,
                        default_value=state.search,
                        key=state.chosen.to_string(),
                    ),
                    rx.cond(state.found, rows(rx.foreach(state.found, _choosable)), rx.fragment()),
                    rx.cond(
                        state.required_error,
                        rx.el.p(icon("circle-alert"), rx.el.span(state.required_error), class_name="ly-error", role="alert"),
                        rx.fragment(),
                    ),
                    class_name="ly-stack",
                    data_gap="8",
                ),
                rx.fragment(),
            ),
        ),
        sentence="Courses that are to be completed before this one. An owner gets somebody past them by enrolling them by their address.",
    )


def _required(course: Required) -> rx.Component:
    return row(
        course.title,
        end=[
            rx.cond(
                state.may_edit,
                icon_button("x", rx.Var.create("Take out: ") + course.title, size="s", on_click=state.release(course.id)),
                rx.fragment(),
            )
        ],
        key=course.id,
    )


def _choosable(course: PossiblePrerequisite) -> rx.Component:
    return row(
        course.title,
        end=[button("Require", size="s", on_click=state.require(course.id), aria_label=rx.Var.create("Require ") + course.title)],
        key=course.id,
    )


def _runs() -> rx.Component:
    errors = state.run_errors
    return section(
        "Runs",
        stack(
            rows(rx.foreach(state.runs, _run)),
            rx.cond(
                state.may_edit,
                form(
                    form_row(
                        text_field(
                            "Title of a new run",
                            name="title",
                            id="run-title",
                            error=errors["title"],
                            optional=True,
                            help="Such as Autumn 2027.",
                            max_length=120,
                        ),
                        text_field(
                            "Opens on",
                            name="opens_on",
                            id="run-opens",
                            type="date",
                            error=errors["opens_on"],
                            optional=True,
                            help="The dates of the present run are moved to it.",
                        ),
                    ),
                    form_actions(button("Add run", icon="plus", type="submit")),
                    on_submit=state.add_run,
                    key=state.made.to_string(),
                    label="New run",
                ),
                rx.fragment(),
            ),
            gap=24,
        ),
        sentence="Give the course again to other people: a run has its own students, groups, dates, code and marks; the contents are the same.",
    )


def _run(run: RunLine) -> rx.Component:
    return row(
        run.title,
        rx.fragment(
            run.students,
            rx.cond(run.students == 1, " student", " students"),
            rx.cond(run.waiting > 0, rx.fragment(", ", run.waiting, " waiting"), rx.fragment()),
            rx.cond(run.opens != "", rx.fragment(" · opens ", run.opens), rx.fragment()),
            rx.cond(run.closes != "", rx.fragment(" · ends ", run.closes), rx.fragment()),
        ),
        end=[
            rx.cond(
                run.present,
                pill("Takes enrolments", "ok", icon="check"),
                rx.cond(
                    state.may_edit,
                    button(
                        "Choose",
                        size="s",
                        opens=CHOOSING,
                        on_click=state.ask_choose(run.id),
                        aria_label=rx.Var.create("Choose ") + run.title,
                    ),
                    rx.fragment(),
                ),
            )
        ],
        key=run.id,
    )
