"""A student's home: the one thing to go on with, then everything else at a glance."""

import reflex as rx

from lms_app.domain.analytics.mastery_rules import FEWEST, METHOD
from lms_app.domain.analytics.standing import Feedback, ObjectiveStanding
from lms_app.domain.analytics.views import LearnerCourse, ScoreLine
from lms_app.web.components.buttons import link_button
from lms_app.web.components.cover import cover
from lms_app.web.components.empties import empty
from lms_app.web.components.heatmaps import heat_key, heat_map
from lms_app.web.components.kpis import kpi, kpi_strip
from lms_app.web.components.links import link
from lms_app.web.components.meters import meter_line
from lms_app.web.components.metric_notes import metric_note
from lms_app.web.components.panels import feature, page_header, row, rows, section
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import app_shell
from lms_app.web.student.calendar_page import date_row
from lms_app.web.student.home_state import HomeState
from lms_app.web.viewer_state import ViewerState

home = HomeState.home

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def home_page() -> rx.Component:
    """Continue first."""
    return app_shell(
        page_header(rx.cond(ViewerState.name, rx.fragment("Welcome, ", ViewerState.name), "Welcome")),
        rx.cond(
            HomeState.ready & (home != None),  # noqa: E711 - becomes JavaScript
            rx.cond(home.courses.length() > 0, _dashboard(), _nothing()),
            loading(skeleton_rows(6)),
        ),
        active="home",
    )


def _nothing() -> rx.Component:
    return empty(
        "You take no course yet",
        "Find one in the catalogue. It appears here with the next step to take.",
        link_button("Browse catalogue", "/catalogue", kind="primary"),
    )


def _dashboard() -> rx.Component:
    return rx.el.div(
        rx.cond(HomeState.going_on != None, _continue(HomeState.going_on), rx.fragment()),  # noqa: E711 - becomes JavaScript
        rx.cond(HomeState.coming != None, _coming(), rx.fragment()),  # noqa: E711 - becomes JavaScript
        kpi_strip(
            kpi("Courses", home.courses.length()),
            kpi("Steps done", home.completed_items),
            kpi("Active days", home.active_days.length(), foot=rx.el.span("in eight weeks")),
            kpi("Certificates", home.certificates, foot=link("See all", href="/my/certificates")),
        ),
        rx.cond(
            HomeState.others.length() > 0,
            section("Your courses", rows(rx.foreach(HomeState.others, _course))),
            rx.fragment(),
        ),
        section(
            "Your last eight weeks",
            rx.el.div(
                heat_map("Steps completed by day", DAYS, home.weeks),
                heat_key("Quiet", "Many steps"),
                class_name="ly-weeks",
            ),
        ),
        section(
            "Your scores",
            rx.cond(
                home.scores.length() > 0,
                rows(rx.foreach(home.scores, _score)),
                empty("No scores yet", "They appear here when you submit a quiz that counts."),
            ),
        ),
        rx.cond(HomeState.standing != None, _standing(), rx.fragment()),  # noqa: E711 - becomes JavaScript
        class_name="ly-stack",
        data_gap="32",
    )


def _standing() -> rx.Component:
    known = HomeState.standing
    return rx.fragment(
        rx.cond(
            known.feedback,
            section("Feedback", rows(rx.foreach(known.feedback, _feedback)), sentence="What markers wrote of your answers, the newest first."),
            rx.fragment(),
        ),
        rx.cond(
            known.objectives,
            section(
                rx.fragment(
                    "What you have mastered ",
                    metric_note(
                        "mastery",
                        title="Mastery of an objective",
                        meaning=METHOD,
                        unit="percent",
                        source=f"results of your own answers, from {FEWEST} questions on",
                        freshness="at once",
                    ),
                ),
                rows(rx.foreach(known.objectives, _objective)),
                sentence="An estimate by objective, the least sure ground first. More answers make it narrower.",
            ),
            rx.fragment(),
        ),
    )


def _feedback(feedback: Feedback) -> rx.Component:
    return row(
        feedback.quiz,
        rx.fragment(rx.el.p(feedback.comment), rx.el.span(feedback.course, " · ", feedback.when)),
        href=feedback.link,
        key=feedback.id,
    )


def _objective(objective: ObjectiveStanding) -> rx.Component:
    return row(
        objective.objective,
        rx.el.span(
            objective.course,
            " · between ",
            objective.low,
            " and ",
            objective.high,
            "\u00a0% with a chance of 90\u00a0%, from ",
            objective.answers,
            " answers",
        ),
        end=[rx.el.span("about ", objective.mean, "\u00a0%", class_name="ly-nums ly-strong")],
        key=objective.id,
    )


def _coming() -> rx.Component:
    coming = HomeState.coming
    return section(
        "Due next",
        rx.cond(
            coming.lines,
            rows(rx.foreach(coming.lines, date_row)),
            rx.el.p("Nothing has a date ahead. What you have not finished waits for you.", class_name="ly-second"),
        ),
        sentence=rx.cond(
            coming.more > 0,
            rx.fragment("And ", coming.more, " more in the calendar. Times are those of ", coming.zone, "."),
            rx.fragment("What closes, opens or ends next in your courses. Times are those of ", coming.zone, "."),
        ),
        action=link_button("Calendar", "/calendar", icon="calendar-days"),
    )


def _continue(course: rx.Var) -> rx.Component:
    return feature(
        course.title,
        cover=cover(course.cover),
        kicker="Continue where you left off",
        sentence=course.next_title,
        action=link_button("Continue lesson", course.next_link, kind="primary", size="l", icon_end="arrow-right"),
        meter=meter_line(course.percent, "Progress", rx.el.span(course.done, " of ", course.total, " steps done")),
    )


def _course(course: LearnerCourse) -> rx.Component:
    return row(
        course.title,
        rx.cond(
            course.completed,
            rx.cond(course.score != None, rx.el.span("Score ", course.score, "\u00a0%"), rx.el.span("Last here ", course.active_at)),  # noqa: E711 - becomes JavaScript
            rx.el.span(course.done, " of ", course.total, " steps done · last here ", course.active_at),
        ),
        href=rx.cond(course.completed, rx.Var.create("/courses/") + course.slug, course.next_link),
        start=cover(course.cover, shape="thumb"),
        end=[
            rx.cond(
                course.completed,
                pill("Completed", "ok", icon="check"),
                rx.el.span(course.percent, "\u00a0%", class_name="ly-nums ly-strong"),
            )
        ],
        key=course.slug,
    )


def _score(line: ScoreLine) -> rx.Component:
    return row(
        line.quiz,
        rx.el.span(line.course, " · ", line.when),
        href=rx.Var.create("/quiz/") + line.assessment_id,
        end=[
            rx.match(line.passed, (True, pill("Passed", "ok", icon="check")), (False, pill("Not passed", "bad", icon="x")), rx.fragment()),
            rx.el.span(line.percent, "\u00a0%", class_name="ly-nums ly-strong"),
        ],
        key=line.assessment_id,
    )
