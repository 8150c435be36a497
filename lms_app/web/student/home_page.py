"""A student's home: the one thing to go on with, then everything else at a glance."""

from typing import Any

import reflex as rx

from lms_app.domain.analytics.own_figures import OWN_FIGURES
from lms_app.domain.analytics.own_week import OwnGoal
from lms_app.domain.analytics.standing import Feedback, ObjectiveStanding
from lms_app.domain.analytics.student_metrics import MASTERY
from lms_app.domain.analytics.views import LearnerCourse, ScoreLine
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.cover import cover
from lms_app.web.components.empties import empty
from lms_app.web.components.heatmaps import heat_key, heat_map
from lms_app.web.components.kpis import kpi
from lms_app.web.components.links import link
from lms_app.web.components.meters import meter_line
from lms_app.web.components.metric_notes import figure_note, metric_note
from lms_app.web.components.panels import feature, line, page_header, row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import app_shell
from lms_app.web.student.calendar_page import date_row
from lms_app.web.student.goal_state import GoalState
from lms_app.web.student.home_state import HomeState
from lms_app.web.student.own_parts import OwnLooks, goal_button, goal_dialog, goal_parts, named, own_week, week_cells
from lms_app.web.viewer_state import ViewerState

home = HomeState.home

goals_are_shown = (HomeState.week.goals.length() > 0) | (HomeState.week.without != "")
"""There are some, or a course that could have one."""

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def home_page() -> rx.Component:
    """Continue first, then what is due and the other courses; then the week, and the rest at a glance."""
    return app_shell(
        OwnLooks.create(),
        page_header(rx.cond(ViewerState.name, rx.fragment("Welcome, ", ViewerState.name), "Welcome")),
        rx.cond(
            HomeState.ready & (home != None),  # noqa: E711 - becomes JavaScript
            rx.cond(home.courses.length() > 0, _dashboard(), _nothing()),
            loading(skeleton_rows(6)),
        ),
        goal_dialog(),
        active="home",
    )


def _nothing() -> rx.Component:
    words = "Find one in the catalogue, or open the link of an invitation. Then the next step, what is due and your week appear here."
    teach = line(link_button("Go to what you teach", "/teach", kind="primary", icon="presentation"), link_button("Browse catalogue", "/catalogue"))
    return empty("You take no course yet", words, rx.cond(ViewerState.is_instructor, teach, _catalogue()))


def _dashboard() -> rx.Component:
    return stack(
        rx.cond(HomeState.going_on != None, _continue(HomeState.going_on), _all_done()),  # noqa: E711 - becomes JavaScript
        rx.cond(HomeState.coming != None, _coming(), rx.fragment()),  # noqa: E711 - becomes JavaScript
        rx.cond(
            HomeState.others.length() > 0,
            section(
                rx.cond(HomeState.going_on != None, "Your other courses", "Your courses"),  # noqa: E711 - becomes JavaScript
                rows(rx.foreach(HomeState.others, _course)),
                action=rx.cond(home.certificates > 0, _certificates(), rx.fragment()),
            ),
            rx.fragment(),
        ),
        rx.cond(HomeState.week != None, rx.fragment(_week(), rx.cond(goals_are_shown, _goals(), rx.fragment())), rx.fragment()),  # noqa: E711 - becomes JavaScript
        rx.cond(HomeState.standing != None, _standing(), rx.fragment()),  # noqa: E711 - becomes JavaScript
        section(
            _named("own_scores", home.scores.length().to_string()),
            rx.cond(
                home.scores.length() > 0,
                rows(rx.foreach(home.scores, _score)),
                empty("No scores yet", "They appear here when you submit a quiz that counts."),
            ),
        ),
        section(
            _named("own_weeks", home.active_days.length().to_string()),
            rx.el.div(
                heat_map("Steps completed by day", DAYS, home.weeks),
                heat_key("Quiet", "Many steps"),
                class_name="ly-weeks",
            ),
            sentence="Steps completed, by day.",
        ),
        gap=32,
    )


def _certificates() -> rx.Component:
    return link(home.certificates, rx.cond(home.certificates == 1, " certificate", " certificates"), href="/my/certificates")


def _all_done() -> rx.Component:
    return empty("Every course that you take is complete", "Look at them again at any time, or find the next one.", _catalogue())


def _catalogue() -> rx.Component:
    return link_button("Browse catalogue", "/catalogue", kind="primary")


def _week() -> rx.Component:
    own = HomeState.week
    return section(
        "Your week",
        own_week(*week_cells(own.week, own.as_of), rx.cond(own.hidden, rx.fragment(), _row_of_weeks())),
        rx.cond(
            own.hidden,
            rx.el.div(button("Show weeks in a row", kind="ghost", size="s", on_click=GoalState.show_streak)),
            rx.fragment(),
        ),
        sentence=rx.fragment("In all courses, from Monday on, by the clock of ", own.zone, "."),
    )


def _row_of_weeks() -> rx.Component:
    own = HomeState.week
    return kpi(
        named("weeks_in_a_row", own.row, own.as_of),
        rx.cond(own.row > 0, own.row, "–"),
        unit=rx.match(own.row, (0, ""), (1, "week"), "weeks"),
        foot=rx.fragment(
            rx.cond(own.row > 0, rx.el.span("A week off ends nothing"), rx.el.span("Begins with any day of learning")),
            button("Hide", kind="ghost", size="s", on_click=GoalState.hide_streak, aria_label="Hide weeks in a row"),
        ),
    )


def _goals() -> rx.Component:
    own = HomeState.week
    return section(
        "Your goals",
        rx.cond(
            own.goals,
            rx.el.div(rx.foreach(own.goals, _goal), class_name="ly-rows"),
            rx.el.p(
                "You have set none. A goal is a score, hours a week or days a week in a course, and nobody but you sees it.", class_name="ly-second"
            ),
        ),
        action=rx.cond(
            own.without != "",
            goal_button(rx.fragment("Set a goal", rx.el.span(" for ", own.without_course, class_name="ly-sr")), own.without, icon="target"),
            rx.fragment(),
        ),
    )


def _goal(goal: OwnGoal) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(link(goal.course, href=rx.Var.create("/progress/") + goal.slug), class_name="ly-strong"),
            rx.el.p(goal.words, class_name="ly-small"),
        ),
        goal_button("Change", goal.course_id, size="s", aria_label=rx.Var.create("Change your goal in ") + goal.course),
        goal_parts(goal.parts),
        class_name="ly-goal",
        key=goal.course_id,
    )


def _named(figure: str, n: Any) -> rx.Component:
    """The name of a figure of the student's own, with what it means."""
    return rx.fragment(OWN_FIGURES[figure].title, figure_note(figure, n=n, as_of=home.as_of))


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
                    metric_note("mastery", **MASTERY, n=known.objectives.length().to_string() + " objectives", as_of=home.as_of),
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
        kicker=rx.cond(course.done > 0, "Continue where you left off", "Begin here"),
        sentence=course.next_title,
        action=link_button("Continue lesson", course.next_link, kind="primary", size="l", icon_end="arrow-right"),
        meter=meter_line(
            course.percent,
            "Progress",
            rx.fragment(
                rx.el.span(course.done, " of ", course.total, " steps done · "),
                link("Progress and scores", href=rx.Var.create("/progress/") + course.slug),
            ),
        ),
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
            ),
            link("Progress", href=rx.Var.create("/progress/") + course.slug, aria_label=rx.Var.create("Progress in ") + course.title),
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
