"""The dashboard of a course: key figures, then enrolments, activity, the funnel and scores, each in a sentence, a chart and a table."""

from typing import Any

import reflex as rx

from lms_app.domain.analytics.registry import RUN_METRICS
from lms_app.web.charts.chart import chart_panel, folded_table
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.empties import empty
from lms_app.web.components.every_minute import every_minute
from lms_app.web.components.fields import narrowing_select
from lms_app.web.components.heatmaps import heat_key, heat_map
from lms_app.web.components.kpis import kpi, kpi_strip, sparkline
from lms_app.web.components.links import link
from lms_app.web.components.metric_notes import figure_note
from lms_app.web.components.panels import grid, line, page_header, panel, stack
from lms_app.web.components.segmented import segmented
from lms_app.web.components.skeletons import loading, skeleton_block, skeleton_rows
from lms_app.web.components.tables import Column
from lms_app.web.instructor.analytics_figures import BY_ITEM, BY_MODULE
from lms_app.web.instructor.analytics_state import AnalyticsState
from lms_app.web.instructor.places import course_tabs
from lms_app.web.layout import app_shell

WEEK = ("Week of", *(Column(day, numeric=True) for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")))
HOURS = [str(hour) for hour in range(24)]
KEY = ("enrolled", "active_now", "active_week", "completed", "time", "mean_score", "days_to_complete", "certificates")
"""The metrics of the key figures."""


def analytics_page() -> rx.Component:
    """One course's figures."""
    state = AnalyticsState
    return app_shell(
        page_header(
            rx.cond(state.ready, state.title, "Analytics"),
            rx.cond(state.ready, rx.fragment("As of ", state.as_of, ", updates by itself"), "\u00a0"),
        ),
        rx.cond(
            state.ready,
            stack(course_tabs(state.course_id, state.role, "analytics"), rx.cond(state.ever_enrolled > 0, _dashboard(), _nobody()), gap=24),
            loading(stack(skeleton_rows(2), skeleton_block(264))),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(state.title, state.title, "Course"), rx.Var.create("/teach/courses/") + state.course_id),
            ("Analytics", ""),
        ],
    )


def _nobody() -> rx.Component:
    return empty("Nobody has enrolled yet", "Figures appear here by themselves, as soon as the first student enrols.")


def _dashboard() -> rx.Component:
    state = AnalyticsState
    return stack(
        _filters(),
        kpi_strip(rx.foreach(state.figures[:4], _figure)),
        kpi_strip(rx.foreach(state.figures[4:8], _figure)),
        grid(
            _panel("Active people each day", "active", state.activity, WEEK, span=7),
            _panel("Enrolled over time", "enrolled", state.enrolments, WEEK, span=5),
            _funnel(),
            _panel(
                "Where people stopped",
                "dropped_at",
                state.stops,
                ("Page or quiz", Column("Stopped here", numeric=True), Column("Opened it", numeric=True)),
            ),
            _heat(),
            rx.cond(state.quizzes.length() > 0, _scores(), panel("Scores", "The course has no graded quiz yet.", span=7)),
            _panel("Time to complete", "days_to_complete", state.durations, ("Day", Column("People", numeric=True)), span=5),
        ),
        gap=16,
    )


def _funnel() -> rx.Component:
    state = AnalyticsState
    views = segmented("Show the funnel by", [(BY_MODULE, "By module"), (BY_ITEM, "By item")], state.funnel_by, state.show_funnel_by)
    module = rx.el.select(
        rx.foreach(state.modules, lambda name: rx.el.option(name, value=name)),
        value=state.module,
        on_change=state.choose_module,
        class_name="ly-input",
        aria_label="Module",
    )
    choice = line(rx.cond(state.funnel_by == BY_ITEM, module, rx.fragment()), views)
    return _panel(
        "Completion",
        "completion",
        state.funnel,
        ("Step", Column("People", numeric=True), Column("Of all", numeric=True)),
        action=rx.cond(state.is_long, choice, rx.fragment()),
    )


def _scores() -> rx.Component:
    state = AnalyticsState
    quiz = rx.el.select(
        rx.foreach(state.quizzes, lambda pair: rx.el.option(pair[1], value=pair[0])),
        value=state.quiz,
        on_change=state.choose_quiz,
        class_name="ly-input",
        aria_label="Quiz",
    )
    items = link_button("Item statistics", rx.Var.create("/teach/quizzes/") + state.quiz + "/statistics", icon="chart-scatter")
    return _panel("Scores", "score", state.scores, ("Score", Column("Attempts", numeric=True)), action=line(quiz, items), span=7)


def _panel(title: str, metric: str, content: Any, columns: Any, *, action: Any = None, span: int = 12) -> rx.Component:
    return chart_panel(
        rx.fragment(title, _note(metric, "chart")),
        content.finding,
        content.figure,
        label=content.label,
        columns=columns,
        rows=content.rows,
        action=action,
        span=span,
        caption=title,
        tall=content.tall,
    )


def _filters() -> rx.Component:
    """What the page is narrowed to. The address says it, so that it can be shared."""
    state = AnalyticsState
    some = (state.group != "") | (state.since != "") | (state.until != "") | (state.run != state.runs[0][0])
    return rx.fragment(
        rx.el.form(
            line(
                rx.cond(state.runs.length() > 1, narrowing_select("run", "Run", state.runs, state.run), rx.fragment()),
                rx.cond(state.groups.length() > 0, narrowing_select("group", "Group", state.groups, state.group, everybody=True), rx.fragment()),
                rx.el.input(name="since", type="date", default_value=state.since, class_name="ly-input", aria_label="From this day"),
                rx.el.span("to", class_name="ly-second"),
                rx.el.input(name="until", type="date", default_value=state.until, class_name="ly-input", aria_label="To this day"),
                button("Show", type="submit"),
                rx.cond(some, link("Show everything", href=rx.Var.create("/teach/courses/") + state.course_id + "/analytics"), rx.fragment()),
            ),
            on_submit=state.narrow,
            aria_label="Narrow the figures",
            key=state.run + state.group + state.since + state.until,
        ),
        rx.cond(
            (state.since != "") | (state.until != ""),
            rx.el.p("These days narrow the charts by day, the trends and the working hours; all else is of the whole run.", class_name="ly-second"),
            rx.fragment(),
        ),
        every_minute(state.load),
    )


def _figure(figure: Any) -> rx.Component:
    named = rx.match(figure.metric, *[(name, rx.fragment(RUN_METRICS[name].title, _note(name))) for name in KEY], rx.fragment())
    spark = rx.cond(figure.path != "", sparkline(figure.path), rx.fragment())
    return kpi(named, figure.value, unit=figure.unit, foot=rx.fragment(rx.el.span(figure.change), spark))


def _heat() -> rx.Component:
    state = AnalyticsState
    shown = stack(heat_map("Acts by weekday and hour", HOURS, state.heat, every=6), heat_key("None", "Most"), gap=8)
    columns = ("Hour", *WEEK[1:])
    return panel(
        rx.fragment("When people work", _note("heat", "chart")),
        rx.fragment(state.heat_finding, " By the clock of the course, ", state.zone, "."),
        rx.cond(state.heat_rows, rx.fragment(shown, folded_table("Acts by hour and weekday", columns, state.heat_rows)), rx.fragment()),
    )


def _note(name: str, place: str = "figure") -> rx.Component:
    return figure_note(name, n=AnalyticsState.n.get(name, ""), as_of=AnalyticsState.as_of, place=place)
