"""The statistics of a quiz: figures of the test, then its questions, drawn and in a table."""

from typing import Any

import reflex as rx

from lms_app.domain.analytics.quiz_metrics import QUIZ_METRICS
from lms_app.domain.analytics.statistics_views import QuestionStatistics
from lms_app.web.charts.chart import chart_panel
from lms_app.web.components.buttons import link_button
from lms_app.web.components.empties import empty
from lms_app.web.components.kpis import kpi, kpi_strip
from lms_app.web.components.links import link
from lms_app.web.components.metric_notes import figure_note
from lms_app.web.components.pagination import pagination
from lms_app.web.components.panels import grid, line, page_header, panel, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_block, skeleton_rows
from lms_app.web.components.tables import Column, cell, head_cell, table, table_row
from lms_app.web.instructor.statistics_state import StatisticsState
from lms_app.web.layout import app_shell

COLUMNS = (
    ("facility", "Facility"),
    ("discrimination", "D"),
    ("item_rest", "Item-rest"),
    ("intended_weight", "Intended"),
    ("effective_weight", "Effective"),
)
"""Columns of the table: a question's field, which is the metric's name too, and its short name for a phone. A question's own page has the rest."""


def statistics_page() -> rx.Component:
    """One quiz's figures."""
    state = StatisticsState
    return app_shell(
        page_header(
            rx.cond(state.ready, rx.fragment(state.title, ": statistics"), "Statistics"),
            rx.cond(state.ready, rx.fragment("As of ", state.as_of, ", updates by itself"), "\u00a0"),
            link_button("Edit quiz", rx.Var.create("/teach/quizzes/") + state.quiz_id, icon="pencil"),
        ),
        rx.cond(
            state.ready,
            rx.cond(
                state.attempts > 0,
                _figures(),
                empty("No attempt counts yet", "Figures appear here by themselves, as soon as somebody hands in and every answer is marked."),
            ),
            loading(stack(skeleton_rows(2), skeleton_block(264))),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(state.ready, state.course, "Course"), rx.Var.create("/teach/courses/") + state.course_id),
            (rx.cond(state.ready, state.title, "Quiz"), rx.Var.create("/teach/quizzes/") + state.quiz_id),
            ("Statistics", ""),
        ],
    )


def _figures() -> rx.Component:
    state = StatisticsState
    return stack(
        kpi_strip(
            kpi("Attempts that count", state.attempts, foot=rx.el.span(state.complete, " answered every question")),
            figure_cell(state, "quiz_mean", foot=rx.el.span("of ", state.maximum, " points")),
            figure_cell(state, "quiz_median"),
            figure_cell(state, "quiz_sd"),
        ),
        kpi_strip(
            figure_cell(state, "alpha"),
            figure_cell(state, "standard_error"),
            figure_cell(state, "quiz_skewness"),
            figure_cell(state, "quiz_kurtosis"),
        ),
        rx.el.p(
            "Of each person the first attempt counts, once every answer of it is marked: who tries again has seen the questions. "
            "Facility and spread are over the answers given; whatever needs a total is over the attempts that answered every question. "
            "Answers to earlier versions of a question count with it.",
            class_name="ly-second ly-statistics-note",
        ),
        rx.cond(
            state.reason != "",
            rx.el.p("Figures that compare totals say “—”, because ", state.reason, ".", class_name="ly-second ly-statistics-note"),
            rx.fragment(),
        ),
        grid(
            chart_panel(
                "How easy, and how telling",
                state.map.finding,
                state.map.figure,
                label=state.map.label,
                columns=("Question", Column("Facility", numeric=True), Column("Item-rest", numeric=True)),
                rows=state.map.rows,
            ),
            panel(
                "Questions",
                "Open a question to see all its figures and what was chosen.",
                table(
                    "Questions and their figures",
                    [
                        "Question",
                        Column("Answers", numeric=True),
                        *(Column(rx.fragment(QUIZ_METRICS[metric].title, note(state, metric, "column")), numeric=True) for metric, _ in COLUMNS),
                    ],
                    rx.foreach(state.questions, _question),
                ),
                rx.cond(
                    state.total > 50,
                    pagination(
                        rx.el.span("Page ", state.page),
                        on_previous=StatisticsState.turn(-1),
                        on_next=StatisticsState.turn(1),
                        has_previous=state.page > 1,
                        has_next=state.page * 50 < state.total,
                    ),
                    rx.fragment(),
                ),
            ),
        ),
    )


def _question(question: QuestionStatistics) -> rx.Component:
    address = rx.Var.create("/teach/quizzes/") + StatisticsState.quiz_id + "/statistics/" + question.id
    return table_row(
        head_cell(
            stack(
                link(rx.cond(question.number > 0, rx.fragment(question.number, ". "), rx.fragment()), question.title, href=address),
                rx.cond(question.flags, line(rx.foreach(question.flags, lambda flag: pill(flag.words, flag.tone))), rx.fragment()),
                gap=4,
            ),
            wide=True,
        ),
        cell(rx.fragment(question.answered, " of ", question.seen), name="Answers", numeric=True),
        *(cell(_shown(getattr(question, metric)), name=name, numeric=True) for metric, name in COLUMNS),
        key=question.id,
    )


def _shown(figure: Any) -> rx.Component:
    return rx.cond(
        figure.because != "",
        rx.el.span("—", rx.el.span(", because ", figure.because, class_name="ly-sr"), title=figure.because),
        rx.el.span(figure.text),
    )


def figure_cell(state: Any, metric: str, *, foot: Any = None) -> rx.Component:
    """A key figure with its definition; where there is none, why."""
    reason = rx.el.span(state.reasons[metric])
    return kpi(
        rx.fragment(QUIZ_METRICS[metric].title, note(state, metric, "figure")),
        state.texts[metric],
        foot=reason if foot is None else rx.cond(state.reasons[metric] != "", reason, foot),
    )


def note(state: Any, name: str, place: str) -> rx.Component:
    """The definition of a figure, in words, with how many attempts count, its source and how fresh it is."""
    return figure_note(name, n=state.complete.to_string(), as_of=state.as_of, place=place)
