"""The quiz: cover, attempt, result, in a shell with nothing else."""

import reflex as rx

from lms_app.domain.assessments.views import AttemptLine
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.icons import icon
from lms_app.web.components.panels import facts, row, rows, section
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_article
from lms_app.web.layout import focus_shell
from lms_app.web.student.quiz import quiz_stage, quiz_start
from lms_app.web.student.quiz_state import QuizState

cover = QuizState.cover


def quiz_page() -> rx.Component:
    """One thing at a time."""
    return focus_shell(
        rx.cond(
            QuizState.ready & (cover != None),  # noqa: E711 - becomes JavaScript
            quiz_stage(
                _cover(),
                quiz_id=cover.id,
                needs_password=cover.needs_password,
                back=_back(),
                sheet=QuizState.sheet,
                result=QuizState.result,
                moved=QuizState.moved,
                on_over=QuizState.put_away,
                again_at=cover.opens_again_at,
                on_left=QuizState.show_cover,
                on_moment=QuizState.may_open,
            ),
            loading(skeleton_article()),
        ),
        title=rx.cond(cover != None, cover.title, "Quiz"),  # noqa: E711 - becomes JavaScript
        subtitle=rx.cond(cover != None, cover.course, ""),  # noqa: E711 - becomes JavaScript
        back_href=rx.cond(cover != None, _back(), "/home"),  # noqa: E711 - becomes JavaScript
        rail=rx.el.div(id="quiz-rail"),
        status=[rx.el.div(id="quiz-status", class_name="ly-line")],
        phone_bar=rx.el.div(id="quiz-phone", class_name="ly-line"),
    )


def _back() -> rx.Var:
    return rx.Var.create("/learn/") + cover.slug + rx.cond(cover.page_id, "/" + cover.page_id, "")


def _cover() -> rx.Component:
    return rx.el.article(
        rx.el.p(rx.cond(cover.practice, "Practice", "Quiz"), class_name="ly-article-kicker"),
        rx.el.h1(cover.title, class_name="ly-article-title"),
        facts(
            [icon("list"), rx.el.span(cover.questions, rx.cond(cover.questions == 1, " question", " questions"))],
            [icon("target"), rx.el.span(cover.points, rx.cond(cover.points == "1", " point", " points"))],
            [
                icon("timer"),
                rx.cond(cover.time_limit != None, rx.el.span(cover.time_limit.to(int) // 60, " min"), rx.el.span("No time limit")),  # noqa: E711 - becomes JavaScript
            ],
            [icon("repeat"), _attempts_left()],
        ),
        rx.cond(cover.introduction, rx.el.p(cover.introduction, class_name="ly-lead"), rx.fragment()),
        rx.el.ul(
            rx.el.li(cover.rule_sentence),
            rx.foreach(cover.facts, rx.el.li),
            rx.cond(cover.counting, rx.el.li(cover.counting), rx.fragment()),
            class_name="ly-list",
        ),
        rx.cond(
            cover.refusal,
            rx.fragment(rx.el.p(cover.refusal, class_name="ly-strong"), link_button("Back to the page", _back(), kind="primary")),
            quiz_start(_begin()),
        ),
        rx.cond(
            cover.attempts.length() > 0,
            section("Your attempts", rows(rx.foreach(cover.attempts, _attempt))),
            rx.fragment(),
        ),
        class_name="ly-stack",
        data_gap="24",
    )


def _begin() -> rx.Var:
    return rx.cond(cover.attempts.length() > 0, "Try again", rx.cond(cover.practice, "Start practice", "Start quiz"))


def _attempts_left() -> rx.Component:
    return rx.cond(
        cover.attempts_left != None,  # noqa: E711 - becomes JavaScript
        rx.el.span(cover.attempts_left, rx.cond(cover.attempts_left == 1, " attempt left", " attempts left")),
        rx.el.span("As many attempts as you like"),
    )


def _attempt(line: AttemptLine) -> rx.Component:
    return row(
        rx.fragment("Attempt ", line.number),
        line.when,
        end=[
            rx.cond(line.counts, pill("Counts", "accent"), rx.fragment()),
            rx.match(line.passed, (True, pill("Passed", "ok", icon="check")), (False, pill("Not passed", "bad", icon="x")), rx.fragment()),
            rx.cond(line.pending, pill("Waits for marks", "warn"), rx.fragment()),
            rx.cond(
                line.percent != None,  # noqa: E711 - becomes JavaScript
                rx.el.span(line.percent, "\u00a0%", class_name="ly-nums ly-strong"),
                rx.el.span(rx.match(line.status, ("open", "Open"), ("discarded", "Not submitted in time"), "Submitted")),
            ),
            button(
                "Review", size="s", on_click=QuizState.show_result(line.id), aria_label=rx.Var.create("Review attempt ") + line.number.to_string()
            ),
        ],
        key=line.id,
    )
