"""The statistics of one question: its figures, and what was chosen in it."""

import reflex as rx

from lms_app.domain.analytics.statistics_views import ChoiceLine
from lms_app.web.charts.chart import chart_panel
from lms_app.web.components.buttons import link_button
from lms_app.web.components.kpis import kpi, kpi_strip
from lms_app.web.components.panels import grid, line, page_header, panel, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_block, skeleton_rows
from lms_app.web.components.tables import Column, cell, head_cell, table, table_row
from lms_app.web.instructor.statistics_page import figure_cell, note
from lms_app.web.instructor.statistics_state import QuestionStatisticsState
from lms_app.web.layout import app_shell

EASE = ("facility", "facility_sd", "discrimination", "efficiency")
FIT = ("item_rest", "item_total", "alpha_if_deleted", "intended_weight", "effective_weight")


def question_statistics_page() -> rx.Component:
    """One question's figures."""
    state = QuestionStatisticsState
    quiz = rx.Var.create("/teach/quizzes/") + state.quiz_id
    return app_shell(
        page_header(
            rx.cond(state.ready, state.title, "Question"),
            rx.cond(
                state.ready,
                line(
                    rx.el.span(rx.cond(state.number > 0, rx.fragment("Question ", state.number, " · "), rx.fragment()), "As of ", state.as_of),
                    rx.foreach(state.flags, lambda flag: pill(flag.words, flag.tone)),
                ),
                "\u00a0",
            ),
            link_button("All questions", quiz + "/statistics", icon="arrow-left"),
        ),
        rx.cond(state.ready, _figures(), loading(stack(skeleton_rows(2), skeleton_block(264)))),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(state.ready, state.quiz, "Quiz"), quiz),
            ("Statistics", quiz + "/statistics"),
            (rx.cond(state.number > 0, rx.fragment("Question ", state.number), "Question"), ""),
        ],
    )


def _figures() -> rx.Component:
    state = QuestionStatisticsState
    return stack(
        kpi_strip(
            kpi(
                "Answers",
                state.answered,
                foot=rx.el.span(
                    "of ", state.seen, "; ", state.complete, rx.cond(state.complete == 1, " attempt", " attempts"), " answered every question"
                ),
            ),
            *(figure_cell(state, metric) for metric in EASE),
        ),
        kpi_strip(*(figure_cell(state, metric) for metric in FIT)),
        rx.cond(
            state.choices.length() > 0,
            _choices(),
            panel("What was given", "People read these answers; there is nothing to count."),
        ),
        gap=16,
    )


def _choices() -> rx.Component:
    state = QuestionStatisticsState
    return grid(
        chart_panel(
            "What was given",
            state.bars.finding,
            state.bars.figure,
            label=state.bars.label,
            columns=("Choice", Column("Given", numeric=True), Column("Share", numeric=True), Column("With the total", numeric=True)),
            rows=state.bars.rows,
            tall=state.bars.tall,
            span=5,
        ),
        panel(
            "Choices",
            "A right choice should go with high totals, a wrong one with low ones.",
            table(
                "Choices and their figures",
                [
                    "Choice",
                    Column("Given", numeric=True),
                    Column(rx.fragment("Share", note(state, "choice_share", "column")), numeric=True),
                    Column(rx.fragment("With the total", note(state, "choice_total", "column")), numeric=True),
                ],
                rx.foreach(state.choices, _choice),
            ),
            rx.cond(state.left_out > 0, rx.el.p("And ", state.left_out, " more, given rarely.", class_name="ly-second"), rx.fragment()),
            span=7,
        ),
    )


def _choice(choice: ChoiceLine) -> rx.Component:
    return table_row(
        head_cell(
            stack(
                rx.el.span(rx.cond(choice.part != "", rx.fragment(choice.part, ": "), rx.fragment()), choice.name),
                rx.cond(
                    choice.right | (choice.flags.length() > 0),
                    line(
                        rx.cond(choice.right, pill("Right", "ok", icon="check"), rx.fragment()),
                        rx.foreach(choice.flags, lambda flag: pill(flag.words, flag.tone)),
                    ),
                    rx.fragment(),
                ),
                gap=4,
            ),
            wide=True,
        ),
        cell(choice.given, name="Given", numeric=True),
        cell(choice.share.text, name="Share", numeric=True),
        cell(
            rx.cond(
                choice.with_total.because != "",
                rx.el.span("—", rx.el.span(", because ", choice.with_total.because, class_name="ly-sr"), title=choice.with_total.because),
                rx.el.span(choice.with_total.text),
            ),
            name="With the total",
            numeric=True,
        ),
        key=choice.key,
    )
