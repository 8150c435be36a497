"""A course before it is taken: what it is, what is in it, and the way in."""

import reflex as rx

from lms_app.domain.courses.views import ModuleContents, OutlineLine
from lms_app.domain.talk.views import AnnouncementView
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.cover import cover
from lms_app.web.components.dialogs import confirm_dialog
from lms_app.web.components.fields import form, form_actions, text_field
from lms_app.web.components.icons import icon
from lms_app.web.components.links import link
from lms_app.web.components.meters import meter_line
from lms_app.web.components.panels import facts, row, rows, section
from lms_app.web.components.skeletons import loading, skeleton_article
from lms_app.web.layout import app_shell
from lms_app.web.public.course_state import CourseState
from lms_app.web.public.required_part import required_part

course = CourseState.course


def course_page() -> rx.Component:
    """Cover, words, the way in; then the contents."""
    return app_shell(
        rx.cond(CourseState.ready & (course != None), _course(), loading(skeleton_article())),  # noqa: E711 - becomes JavaScript
        active="catalogue",
        crumbs=[("Catalogue", "/catalogue"), (rx.cond(CourseState.ready, course.title, "Course"), "")],
    )


def _course() -> rx.Component:
    return rx.el.article(
        rx.el.header(
            cover(course.cover, shape="wide"),
            rx.el.div(
                rx.cond(course.level, rx.el.p(course.level, class_name="ly-caption"), rx.fragment()),
                rx.el.h1(course.title, class_name="ly-lesson-title"),
                rx.el.p(course.summary, class_name="ly-lead"),
                rx.cond(course.tags, rx.el.div(rx.foreach(course.tags, _tag), class_name="ly-line"), rx.fragment()),
                facts(
                    [icon("user-round"), rx.el.span(course.teachers.join(", "))],
                    [icon("clock"), rx.el.span(course.minutes, " min")],
                    [icon("file-text"), rx.el.span(course.pages, " pages")],
                    [icon("circle-help"), rx.el.span(course.quizzes, " quizzes")],
                    [icon("users"), rx.el.span(course.learners, rx.cond(course.learners == 1, " student", " students"))],
                ),
                _standing(),
                _before(),
                _way_in(),
                rx.el.p(
                    icon("award"),
                    rx.el.span(course.rule_sentence, " ", course.certificate_sentence),
                    class_name="ly-small ly-rule-line",
                ),
                rx.foreach(course.certificate_missing, lambda lacking: rx.el.p(lacking, class_name="ly-small", key=lacking.to_string())),
                class_name="ly-stack",
                data_gap="16",
            ),
            class_name="ly-course-head",
        ),
        rx.cond(
            CourseState.announced,
            section(
                "Announcements",
                rows(rx.foreach(CourseState.announced, _announced)),
                action=link("All announcements", href=rx.Var.create("/courses/") + course.slug + "/announcements"),
            ),
            rx.fragment(),
        ),
        rx.cond(
            course.objectives,
            section("What you will be able to do", rx.el.div(rx.el.ul(rx.foreach(course.objectives, _objective)), class_name="ly-prose ly-sans")),
            rx.fragment(),
        ),
        section("What is in it", rx.el.div(rx.foreach(course.modules, _module), class_name="ly-contents")),
        confirm_dialog(
            "leave-course",
            "Leave this course?",
            "What you did in it is kept. You can enrol again at any time.",
            verb="Leave course",
            on_confirm=CourseState.withdraw,
        ),
        class_name="ly-stack",
        data_gap="48",
    )


def _tag(tag: rx.Var) -> rx.Component:
    return link(tag, href=rx.Var.create("/catalogue?search=") + tag, class_name="ly-pill", key=tag.to_string())


def _announced(line: AnnouncementView) -> rx.Component:
    return row(
        line.title,
        rx.fragment(line.author, " · ", line.when),
        href=rx.Var.create("/courses/") + course.slug + "/announcements",
        start=icon("megaphone"),
        key=line.id,
    )


def _objective(words: rx.Var) -> rx.Component:
    return rx.el.li(words, key=words.to_string())


def _standing() -> rx.Component:
    return rx.cond(
        course.percent != None,  # noqa: E711 - becomes JavaScript
        meter_line(
            course.percent,
            "Your progress",
            rx.el.span(course.done, " of ", course.total, " required steps done"),
            done=course.percent == 100,
        ),
        rx.fragment(),
    )


def _before() -> rx.Component:
    """What is to be known before one does what comes next."""
    return rx.fragment(
        rx.cond(
            course.position != None,  # noqa: E711 - becomes JavaScript
            rx.el.p("You are number ", course.position, " on the waiting list.", class_name="ly-strong", role="status"),
            rx.fragment(),
        ),
        rx.cond(course.notice != "", rx.el.p(course.notice, class_name=rx.cond(course.position != None, "", "ly-strong")), rx.fragment()),  # noqa: E711
        rx.cond((course.next_step == "missing") & course.prerequisites.bool(), required_part(course.prerequisites), rx.fragment()),
    )


def _coded(verb: str, on_submit: rx.EventHandler) -> rx.Component:
    """The form of who enrols or waits: with a field for the code where one is asked for."""
    return form(
        rx.cond(
            course.needs_code,
            text_field(
                "Enrolment code",
                name="code",
                error=CourseState.code_error,
                help="The staff of the course gives it to you.",
                auto_complete="off",
                max_length=100,
            ),
            rx.fragment(),
        ),
        form_actions(button(verb, kind="primary", size="l", type="submit")),
        on_submit=on_submit,
        label=verb,
    )


def _way_in() -> rx.Component:
    learn = rx.Var.create("/learn/") + course.slug
    leave = button("Leave course", kind="ghost", opens="leave-course")
    return rx.el.div(
        rx.match(
            course.next_step,
            ("sign_in", link_button("Sign in to enrol", rx.Var.create("/sign-in?next=/courses/") + course.slug, kind="primary", size="l")),
            ("start", rx.fragment(link_button("Start course", learn, kind="primary", size="l", icon_end="arrow-right"), leave)),
            ("continue", rx.fragment(link_button("Continue course", learn, kind="primary", size="l", icon_end="arrow-right"), leave)),
            ("review", rx.fragment(link_button("Look at it again", learn, size="l"), link_button("Your certificates", "/my/certificates"))),
            ("opens", leave),
            ("enroll", button("Enrol in course", kind="primary", size="l", on_click=CourseState.enroll)),
            ("code", _coded("Enrol in course", CourseState.enroll_by_code)),
            ("full", _coded("Join waiting list", CourseState.wait)),
            ("waiting", button("Leave waiting list", on_click=CourseState.leave_waiting_list)),
            rx.fragment(),
        ),
        rx.cond(
            course.waits_elsewhere & (course.next_step != "waiting"),
            button("Leave the waiting list of another run", kind="ghost", on_click=CourseState.leave_waiting_list),
            rx.fragment(),
        ),
        class_name="ly-line",
    )


def _module(module: ModuleContents) -> rx.Component:
    return rx.el.section(
        rx.el.h3(module.number, " · ", module.title, class_name="ly-strong"),
        rx.el.ul(rx.foreach(module.lessons, _lesson), class_name="ly-contents-list"),
        key=module.id,
    )


def _lesson(lesson: OutlineLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(lesson.title),
        rx.el.small(
            lesson.minutes,
            " min",
            rx.cond(lesson.quizzes > 0, rx.fragment(" · ", lesson.quizzes, rx.cond(lesson.quizzes == 1, " quiz", " quizzes")), rx.fragment()),
        ),
        key=lesson.id,
    )
