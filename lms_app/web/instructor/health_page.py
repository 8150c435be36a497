"""The health of a course: what is to mend, the gravest first, each with what to do and the way to its place."""

import reflex as rx

from lms_app.domain.courses.health import HealthLine
from lms_app.web.components.buttons import button
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import form, form_actions, text_area
from lms_app.web.components.links import link
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import page_header, panel, rows, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.segmented import segmented
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.health_state import HealthState
from lms_app.web.instructor.places import course_tabs
from lms_app.web.layout import app_shell
from lms_app.words import StaffRole

state = HealthState
health = HealthState.health


def health_page() -> rx.Component:
    """When the course was looked through, then what was found."""
    known = state.ready & (health != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(known, _health(), loading(skeleton_rows(6))),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, health.course, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + health.course_id, "/teach")),
            ("Health", ""),
        ],
    )


def _health() -> rx.Component:
    return rx.fragment(
        page_header(
            health.course,
            rx.cond(
                health.checked != "",
                rx.fragment("Health: last looked through ", health.checked, rx.cond(health.waiting, ", and about to be again", "")),
                "Health: about to be looked through for the first time",
            ),
            button("Check again", icon="rotate-cw", on_click=state.check),
        ),
        stack(
            course_tabs(health.course_id, StaffRole.EDITOR.value, "health"),
            _filter(),
            rx.cond(state.leaving != "", _reason(), rx.fragment()),
            rx.cond(health.lines, rx.fragment(rows(rx.foreach(health.lines, _line)), pages(health, state.turn)), _nothing()),
            gap=24,
        ),
    )


def _filter() -> rx.Component:
    return rx.el.div(
        segmented(
            "What is shown",
            [
                ("", rx.fragment("All ", health.errors + health.warnings + health.hints)),  # pyright: ignore[reportArgumentType]
                ("error", rx.fragment("Errors ", health.errors)),  # pyright: ignore[reportArgumentType]
                ("warning", rx.fragment("Warnings ", health.warnings)),  # pyright: ignore[reportArgumentType]
                ("hint", rx.fragment("Hints ", health.hints)),  # pyright: ignore[reportArgumentType]
                ("dismissed", rx.fragment("Set aside ", health.dismissed)),  # pyright: ignore[reportArgumentType]
            ],
            state.shown,
            state.show,
        ),
        class_name="ly-health-filter",
    )


def _nothing() -> rx.Component:
    when = rx.cond(
        health.checked != "", rx.fragment("The course was last looked through ", health.checked, "."), "It will be looked through in a moment."
    )
    return rx.match(
        state.shown,
        ("dismissed", empty("Nothing is set aside.", "What may stay as it is can be set aside, with a reason.")),
        ("", empty("Nothing to mend.", when)),
        empty("Nothing of this kind to mend.", when),
    )


def _line(finding: HealthLine) -> rx.Component:
    return rx.el.div(
        rx.match(
            finding.severity,
            ("error", pill("Error", "bad", icon="circle-alert")),
            ("warning", pill("Warning", "warn", icon="triangle-alert")),
            pill("Hint", icon="lightbulb"),
        ),
        rx.el.div(
            rx.el.p(link(finding.title, href=finding.address, class_name=""), class_name="ly-row-title"),
            rx.cond(finding.place != "", rx.el.p(finding.place, class_name="ly-row-sub"), rx.fragment()),
            rx.el.p(finding.sentence, " ", rx.el.span(finding.advice, class_name="ly-quiet"), class_name="ly-health-says"),
            rx.cond(finding.reason != "", rx.el.p("Set aside: ", finding.reason, class_name="ly-row-sub"), rx.fragment()),
            class_name="ly-row-main",
        ),
        rx.el.div(
            rx.cond(
                state.shown == "dismissed",
                button("Take up again", kind="ghost", size="s", on_click=state.restore(finding.id), aria_label=_named("Take up again", finding)),
                button("Set aside", kind="ghost", size="s", on_click=state.ask_dismiss(finding.id), aria_label=_named("Set aside", finding)),
            ),
            class_name="ly-row-end",
        ),
        class_name="ly-row ly-health",
        key=finding.id,
    )


def _named(verb: str, finding: HealthLine) -> rx.Var:
    return rx.Var.create(f"{verb}: ") + finding.title + rx.Var.create(", ") + finding.sentence


def _reason() -> rx.Component:
    # A new key is a new element, which takes the focus and comes into view.
    return rx.el.div(
        panel(
            "Set aside",
            state.leaving,
            form(
                text_area(
                    "Why it may stay as it is",
                    name="reason",
                    rows=2,
                    error=state.errors["reason"],
                    help="It comes back by itself when its place is changed.",
                ),
                form_actions(button("Cancel", on_click=state.keep), button("Set aside", kind="primary", type="submit")),
                on_submit=state.dismiss,
            ),
        ),
        tab_index=-1,
        key=state.leaving,
        class_name="ly-opened",
        custom_attrs={"data-focus-here": ""},
    )
