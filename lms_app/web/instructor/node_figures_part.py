"""The figures beside the editor of a page or quiz. They are a module of their own that the browser fetches when it is first asked for: the builder
itself brings none of it."""

from typing import Any

import reflex as rx
from reflex_base.utils.memo_paths import library_and_symbol

from lms_app.domain.analytics.node_views import NodeFigure, QuestionInShort
from lms_app.domain.analytics.registry import ALL
from lms_app.web.charts.chart import chart_panel
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import narrowing_select
from lms_app.web.components.kpis import kpi, kpi_strip
from lms_app.web.components.links import link
from lms_app.web.components.metric_notes import figure_note
from lms_app.web.components.panels import line, panel, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_block
from lms_app.web.components.tables import Column, cell, head_cell, table, table_row
from lms_app.web.instructor.node_figures_state import NodeFiguresState

state = NodeFiguresState

WEEK = ("Week of", *(Column(day, numeric=True) for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")))
KEY = (
    "opened",
    "completion",
    "median_time_by_item",
    "dropped_at",
    "submitted_by_quiz",
    "attempts_by_quiz",
    "passed_by_quiz",
    "mean_score_by_quiz",
    "median_attempt_time",
)
"""The metrics of the key figures, of pages and of quizzes."""


@rx.memo
def node_figures() -> rx.Component:
    """Everything about the page or quiz that is looked at."""
    return rx.cond(
        state.ready,
        stack(
            rx.el.p("As of ", state.as_of, ", updates by itself", class_name="ly-caption"),
            _filters(),
            rx.el.div(rx.cond(state.left != "", rx.el.p(state.left, class_name="ly-second"), rx.fragment()), role="status"),
            rx.cond(
                state.people == 0,
                empty("Nobody has enrolled yet", "Figures appear here by themselves, as soon as the first student enrols."),
                rx.cond(
                    (state.opened == 0) & (state.days.rows.length() == 0),
                    empty(
                        rx.cond(state.kind == "quiz", "Nobody has begun this quiz yet", "Nobody has opened this page yet"),
                        "Figures appear here by themselves, as soon as somebody does.",
                    ),
                    _dashboard(),
                ),
            ),
        ),
        loading(skeleton_block(560)),
    )


class NodeFigures(rx.NoSSRComponent):
    """`node_figures`, fetched when it is first shown."""

    library, tag = library_and_symbol(__name__, "NodeFigures")


def _dashboard() -> rx.Component:
    return stack(
        kpi_strip(rx.foreach(state.figures[:4], _figure)),
        rx.cond(state.figures.length() > 4, kpi_strip(rx.foreach(state.figures[4:8], _figure)), rx.fragment()),
        _panel("By day", "opened_by_item_and_day", state.days, WEEK),
        rx.cond(state.films.length() > 0, _film(), rx.fragment()),
        rx.cond(
            state.kind == "quiz",
            stack(_panel("Scores", "score", state.scores, ("Score", Column("Attempts", numeric=True))), _questions()),
            rx.fragment(),
        ),
    )


def _film() -> rx.Component:
    choice = rx.el.select(
        rx.foreach(state.films, lambda pair: rx.el.option(pair[1], value=pair[0])),
        value=state.film,
        on_change=state.choose_film,
        class_name="ly-input",
        aria_label="Film",
    )
    columns = ("Stretch", Column("Played by", numeric=True), Column("Stopped here", numeric=True))
    return _panel(
        "Films",
        "film_people",
        state.watched,
        columns,
        action=rx.cond(state.films.length() > 1, choice, rx.el.span(state.films[0][1], class_name="ly-second")),
        also=("film_stops",),
    )


def _questions() -> rx.Component:
    heads = ("Question", Column("Facility", numeric=True), Column("Item-rest", numeric=True))
    statistics = link_button("All statistics", rx.Var.create("/teach/quizzes/") + state.node_id + "/statistics", icon="chart-scatter")
    return rx.cond(
        state.questions.length() > 0,
        stack(
            _panel("How easy, and how telling", "facility", state.map, heads, action=statistics, also=("item_rest",)),
            panel(
                "Questions",
                "A question opens in its editor. Of each person the first marked attempt counts.",
                rx.cond(
                    state.reason != "",
                    rx.el.p("Item-rest says “—”, because ", state.reason, ".", class_name="ly-second"),
                    rx.fragment(),
                ),
                table(
                    "Questions and their figures",
                    [
                        "Question",
                        Column("Answers", numeric=True),
                        Column(rx.fragment("Facility", _note("facility", "column")), numeric=True),
                        Column(rx.fragment("Item-rest", _note("item_rest", "column")), numeric=True),
                        "Wrong most",
                    ],
                    rx.foreach(state.questions, _question),
                ),
                rx.cond(
                    state.questions_total > state.questions.length(),
                    rx.el.p("The first ", state.questions.length(), " of ", state.questions_total, " questions.", class_name="ly-second"),
                    rx.fragment(),
                ),
            ),
        ),
        panel("Questions", "No attempt counts yet: an attempt does once it is submitted and every answer of it is marked."),
    )


def _question(question: QuestionInShort) -> rx.Component:
    return table_row(
        head_cell(
            stack(
                link(
                    rx.cond(question.number > 0, rx.fragment(question.number, ". "), rx.fragment()),
                    question.title,
                    href=rx.Var.create("/teach/questions/") + question.id,
                ),
                rx.cond(question.flags, line(rx.foreach(question.flags, lambda flag: pill(flag.words, flag.tone))), rx.fragment()),
                gap=4,
            ),
            wide=True,
        ),
        cell(rx.fragment(question.answered, " of ", question.seen), name="Answers", numeric=True),
        cell(_written(question.facility), name="Facility", numeric=True),
        cell(_written(question.item_rest), name="Item-rest", numeric=True),
        cell(rx.cond(question.wrong != "", question.wrong, "—"), name="Wrong most"),
        key=question.id,
    )


def _written(figure: Any) -> rx.Component:
    return rx.cond(
        figure.because != "",
        rx.el.span("—", rx.el.span(", because ", figure.because, class_name="ly-sr"), title=figure.because),
        rx.el.span(figure.text),
    )


def _filters() -> rx.Component:
    """As on the overview, where there is anything to choose."""
    return rx.cond(
        (state.runs.length() > 1) | (state.groups.length() > 0),
        rx.el.form(
            line(
                rx.cond(state.runs.length() > 1, narrowing_select("run", "Run", state.runs, state.run), rx.fragment()),
                rx.cond(state.groups.length() > 0, narrowing_select("group", "Group", state.groups, state.group, everybody=True), rx.fragment()),
                button("Show", type="submit"),
            ),
            on_submit=state.narrow,
            aria_label="Narrow the figures",
            key=state.run + state.group,
        ),
        rx.fragment(),
    )


def _figure(figure: NodeFigure) -> rx.Component:
    named = rx.match(figure.metric, *[(name, rx.fragment(ALL[name].title, _note(name))) for name in KEY], rx.fragment())
    return kpi(named, figure.value, unit=figure.unit, foot=rx.el.span(figure.foot))


def _panel(title: str, metric: str, content: Any, columns: Any, *, action: Any = None, also: tuple[str, ...] = ()) -> rx.Component:
    return chart_panel(
        rx.fragment(title, *(_note(name, "chart") for name in (metric, *also))),
        content.finding,
        content.figure,
        label=content.label,
        columns=columns,
        rows=content.rows,
        action=action,
        caption=title,
        tall=content.tall,
    )


def _note(metric: str, place: str = "node") -> rx.Component:
    return figure_note(metric, n=state.n.get(metric, ""), as_of=state.as_of, place=place)
