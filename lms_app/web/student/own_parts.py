"""What home and the page of one's progress share: the week, goals with their dialog, and how a figure is explained."""

from typing import Any

import reflex as rx
from reflex_components_core.base.fragment import Fragment

from lms_app.domain.analytics.goal_rules import Reached
from lms_app.domain.analytics.own_week import WeekDay
from lms_app.domain.analytics.student_metrics import STUDENT_METRICS
from lms_app.web.components.buttons import button
from lms_app.web.components.dialogs import dialog
from lms_app.web.components.fields import form, form_actions, text_field
from lms_app.web.components.icons import icon
from lms_app.web.components.kpis import kpi, kpi_strip
from lms_app.web.components.meters import meter
from lms_app.web.components.metric_notes import metric_note
from lms_app.web.student.goal_state import GoalState

GOAL = "own-goal"


class OwnLooks(Fragment):
    """Brings the style sheet of these parts along."""

    def add_imports(self) -> dict[str, Any]:
        """The sheet alone."""
        return {"": "$/public/css/goals.css"}


def explained(name: str, n: Any, as_of: Any) -> rx.Component:
    """The definition of a figure of one's own, with its n and up to when it is counted."""
    metric = STUDENT_METRICS[name]
    told = {"title": metric.title, "meaning": metric.meaning, "unit": metric.unit, "source": metric.source, "freshness": metric.freshness}
    return metric_note(name, **told, n=rx.fragment(n, f" ({metric.n})"), as_of=as_of)


def named(name: str, n: Any, as_of: Any) -> rx.Component:
    """The name of a figure with its definition."""
    return rx.fragment(STUDENT_METRICS[name].title, explained(name, n, as_of))


def own_week(*cells: rx.Component) -> rx.Component:
    """The figures of a week, in an order of their own on a phone."""
    return rx.el.div(kpi_strip(*cells), class_name="ly-own-week")


def week_cells(week: Any, as_of: Any) -> list[rx.Component]:
    """Time and days of this week."""
    return [
        kpi(named("time_this_week", week.learnt, as_of), week.time, foot=rx.el.span(week.before, " last week")),
        kpi(
            named("days_this_week", week.learnt, as_of),
            week.learnt,
            unit=rx.cond(week.learnt == 1, "day", "days"),
            foot=rx.el.ol(rx.foreach(week.days, _day), class_name="ly-days", aria_label="The days of this week"),
        ),
    ]


def _day(day: WeekDay) -> rx.Component:
    return rx.el.li(
        rx.el.span(day.letter, aria_hidden="true"),
        rx.el.span(day.words, class_name="ly-sr"),
        key=day.id,
        title=day.words,
        custom_attrs={
            "data-learnt": rx.cond(day.learnt, "", rx.Var("undefined")),
            "aria-current": rx.cond(day.today, "date", rx.Var("undefined")),
        },
    )


def goal_button(words: Any, course_id: Any, **look: Any) -> rx.Component:
    """Opens the dialog for the goal of a course."""
    return button(words, opens=GOAL, on_click=GoalState.open(course_id), **look)


def goal_parts(parts: Any) -> rx.Component:
    """How far each part of a goal is."""
    return rx.el.ul(rx.foreach(parts, _part), class_name="ly-goal-parts")


def _part(part: Reached) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(part.name, ": ", part.have),
            rx.cond(part.done, rx.el.span(icon("check"), " Goal of ", part.wanted, " reached"), rx.el.span("Goal ", part.wanted)),
        ),
        meter(part.percent, part.name, done=part.done),
        class_name="ly-goal-part",
        key=part.kind,
    )


GOAL_FIELDS = (
    ("score", "Score to reach, in percent", "numeric", 4),
    ("hours", "Hours a week", "decimal", 6),
    ("days", "Days a week", "numeric", 2),
)
"""Name, label, keys of a phone and longest text of each part of a goal."""


def goal_dialog() -> rx.Component:
    """The form of a goal. It is in the page once, for all of its courses."""
    wanted = GoalState.form
    known = wanted != None  # noqa: E711 - becomes JavaScript
    asked = dialog(
        GOAL,
        rx.cond(known, rx.fragment("Your goal in ", wanted.course), "Your goal"),
        rx.el.p("Only you see it. It changes no grade and reminds you of nothing. Leave empty what you do not want.", class_name="ly-second"),
        form(
            *(
                text_field(
                    label,
                    name=name,
                    default_value=rx.cond(known, getattr(wanted, name), ""),
                    error=GoalState.errors[name],
                    optional=True,
                    input_mode=keys,
                    auto_complete="off",
                    max_length=longest,
                )
                for name, label, keys, longest in GOAL_FIELDS
            ),
            form_actions(
                button("Cancel", closes=GOAL),
                rx.cond(known & wanted.exists, button("Remove goal", on_click=GoalState.remove), rx.fragment()),
                button("Save goal", kind="primary", type="submit"),
            ),
            on_submit=GoalState.save,
            label="Your goal",
            key=GoalState.asked.to_string(),
        ),
    )
    # A native dialog is closed by whoever opened it; a new key takes it away once it has done its work.
    return rx.el.div(asked, key=GoalState.answered.to_string())
