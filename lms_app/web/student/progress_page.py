"""One's own progress in a course: this week, the goal, the score so far, and why progress stands where it stands."""

import reflex as rx

from lms_app.domain.analytics.spreads import SpanLine
from lms_app.domain.enrollments.views import ProgressReason
from lms_app.web.components.buttons import link_button
from lms_app.web.components.icons import icon
from lms_app.web.components.kpis import kpi
from lms_app.web.components.links import link
from lms_app.web.components.meters import meter_line, tick
from lms_app.web.components.panels import page_header, section, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import app_shell
from lms_app.web.student.own_parts import OwnLooks, explained, goal_button, goal_dialog, goal_parts, named, own_week, week_cells
from lms_app.web.student.progress_state import ProgressState

standing = ProgressState.standing


def progress_page() -> rx.Component:
    """The one primary action goes on with the course."""
    known = ProgressState.ready & (standing != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        OwnLooks.create(),
        rx.cond(
            known,
            rx.fragment(
                page_header(
                    standing.course,
                    meter_line(
                        standing.why.percent,
                        "Your progress",
                        rx.el.span(standing.why.done, " of ", standing.why.total, " required steps done"),
                        done=standing.why.percent == 100,
                    ),
                    link_button("Continue course", rx.Var.create("/learn/") + standing.slug, kind="primary", icon_end="arrow-right"),
                ),
                stack(_week(), _goal(), _scores(), _why(), gap=32),
            ),
            loading(skeleton_rows(8)),
        ),
        goal_dialog(),
        active="home",
        crumbs=[("Home", "/home"), (rx.cond(known, standing.course, "Course"), "")],
        narrow=True,
    )


def _week() -> rx.Component:
    return section(
        "This week",
        own_week(
            *week_cells(standing.week, standing.as_of),
            kpi(
                named("score_so_far", rx.fragment(standing.graded, " of ", standing.grades), standing.as_of),
                rx.cond(standing.total.percent != None, standing.total.percent, "–"),  # noqa: E711 - becomes JavaScript; a dash
                unit=rx.cond(standing.total.percent != None, "%", ""),  # noqa: E711 - becomes JavaScript
                foot=link("Every grade, and why", href=rx.Var.create("/grades/") + standing.slug),
            ),
        ),
        sentence=rx.fragment("In this course, from Monday on, by the clock of ", standing.zone, "."),
    )


def _goal() -> rx.Component:
    return section(
        "Your goal",
        rx.cond(
            standing.goal != "",
            rx.el.div(goal_parts(standing.parts), class_name="ly-rows ly-goal"),
            rx.el.p(
                "You have set none for this course. A goal is a score, hours a week or days a week, and nobody but you sees it.",
                class_name="ly-second",
            ),
        ),
        sentence=rx.cond(standing.goal != "", rx.fragment("You mean to reach ", standing.goal, ". Only you see this."), ""),
        action=goal_button(rx.cond(standing.goal != "", "Change goal", "Set a goal"), standing.course_id, icon="target"),
    )


def _scores() -> rx.Component:
    spread = standing.spread
    return section(
        rx.fragment("How scores lie", explained("score_spread", spread.others, rx.cond(spread.as_of != "", spread.as_of, "not made yet"))),
        rx.cond(
            spread.lines,
            rx.el.details(
                rx.el.summary(icon("chevron-right"), "Compare with ", spread.others, " others"),
                rx.el.table(
                    rx.el.caption("Scores so far in this course", class_name="ly-sr"),
                    rx.el.tbody(rx.foreach(spread.lines, _span)),
                    class_name="ly-spread",
                ),
                class_name="ly-own-fold",
            ),
            rx.el.p("Shown once ten others have a score, so that it tells of nobody.", class_name="ly-second"),
        ),
        sentence=rx.cond(spread.lines, rx.fragment("Of those who take the course with you, without names. As of ", spread.as_of, "."), rx.fragment()),
    )


def _span(line: SpanLine) -> rx.Component:
    return rx.el.tr(
        rx.el.th(line.words, scope="row"),
        rx.el.td(rx.el.span(class_name="ly-spread-bar", style={"width": rx.Var.create(line.share).to_string() + "%"}, aria_hidden="true")),
        rx.el.td(line.people, rx.cond(line.own, " · yours is here", "")),
        key=line.id,
        custom_attrs={"data-own": rx.cond(line.own, "", rx.Var("undefined"))},
    )


def _why() -> rx.Component:
    why = standing.why
    return section(
        rx.fragment("Why ", why.percent, "\u00a0%?"),
        rx.cond(why.certificate_sentence, rx.el.p(why.certificate_sentence, " ", why.certificate_missing.join(" ")), rx.fragment()),
        rx.el.ul(rx.foreach(why.reasons, _reason), class_name="ly-reasons"),
        sentence=why.sentence,
    )


def _reason(reason: ProgressReason) -> rx.Component:
    return rx.el.li(
        tick(rx.cond(reason.done, "done", "none")),
        rx.el.div(
            link(reason.title, href=reason.link),
            rx.el.p(reason.sentence, rx.cond(reason.when, rx.fragment(" ", reason.when, "."), rx.fragment()), class_name="ly-small"),
        ),
        key=reason.id,
    )
