"""The quiz: cover, attempt, result, in a shell with nothing else."""

import reflex as rx

from lms_app.domain.assessments.views import AttemptLine
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.fields import form, form_actions, text_field
from lms_app.web.components.icons import icon
from lms_app.web.components.panels import facts, row, rows, section
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_article
from lms_app.web.layout import focus_shell
from lms_app.web.student.quiz import quiz_island, quiz_review
from lms_app.web.student.quiz_state import QuizState

cover = QuizState.cover
result = QuizState.result


def quiz_page() -> rx.Component:
    """One thing at a time."""
    return focus_shell(
        rx.cond(
            QuizState.ready & (cover != None),  # noqa: E711
            rx.cond(
                QuizState.sheet != None,  # noqa: E711
                rx.fragment(
                    rx.el.h1(cover.title, class_name="ly-sr"),
                    quiz_island(QuizState.sheet, QuizState.show_result),
                ),
                rx.cond(result != None, _result(), _cover()),  # noqa: E711
            ),
            loading(skeleton_article()),
        ),
        title=rx.cond(cover != None, cover.title, "Quiz"),  # noqa: E711
        subtitle=rx.cond(cover != None, cover.course, ""),  # noqa: E711
        back_href=rx.cond(cover != None, _back(), "/home"),  # noqa: E711
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
                rx.cond(cover.time_limit != None, rx.el.span(cover.time_limit.to(int) // 60, " min"), rx.el.span("No time limit")),  # noqa: E711
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
            rx.cond(cover.needs_password, _with_password(), button(_begin(), on_click=QuizState.start, **_MAIN)),
        ),
        rx.cond(
            cover.attempts.length() > 0,
            section("Your attempts", rows(rx.foreach(cover.attempts, _attempt))),
            rx.fragment(),
        ),
        class_name="ly-stack",
        data_gap="24",
    )


_MAIN = {"kind": "primary", "size": "l", "icon_end": "arrow-right"}


def _begin() -> rx.Var:
    return rx.cond(cover.attempts.length() > 0, "Try again", rx.cond(cover.practice, "Start practice", "Start quiz"))


def _with_password() -> rx.Component:
    return form(
        text_field("Password of this quiz", name="password", id="quiz-password", error=QuizState.password_error, auto_complete="off"),
        form_actions(button(_begin(), type="submit", **_MAIN)),
        on_submit=QuizState.start_with_password,
    )


def _attempts_left() -> rx.Component:
    return rx.cond(
        cover.attempts_left != None,  # noqa: E711
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
                line.percent != None,  # noqa: E711
                rx.el.span(line.percent, "\u00a0%", class_name="ly-nums ly-strong"),
                rx.el.span(rx.match(line.status, ("open", "Open"), ("discarded", "Not submitted in time"), "Submitted")),
            ),
            button(
                "Review", size="s", on_click=QuizState.show_result(line.id), aria_label=rx.Var.create("Review attempt ") + line.number.to_string()
            ),
        ],
        key=line.id,
    )


def _result() -> rx.Component:
    return rx.el.article(
        rx.el.header(
            rx.el.p("Attempt ", result.number, class_name="ly-article-kicker"),
            rx.el.h1(
                rx.match(
                    result.passed,
                    (True, "You passed"),
                    (False, "Not passed yet"),
                    rx.cond(result.discarded, "Not submitted in time", rx.cond(result.percent != None, "Your result", "Submitted")),  # noqa: E711
                ),
                class_name="ly-article-title",
            ),
            rx.cond(
                result.percent != None,  # noqa: E711
                rx.el.p(
                    rx.el.strong(result.percent, "\u00a0%"),
                    rx.el.span(result.score, " of ", result.max_score, " points"),
                    rx.cond(result.pass_percent != None, rx.el.span("Pass mark ", result.pass_percent, "\u00a0%"), rx.fragment()),  # noqa: E711
                    class_name="ly-score",
                ),
                rx.fragment(),
            ),
            rx.cond(
                result.pending > 0,
                rx.el.p(
                    rx.cond(result.pending == 1, "One answer waits", rx.fragment(result.pending, " answers wait")),
                    " for a teacher\u2019s marks. Until then the result is provisional.",
                    class_name="ly-second",
                ),
                rx.fragment(),
            ),
            rx.cond(result.band, rx.el.p(result.band, class_name="ly-lead"), rx.fragment()),
            rx.cond(result.notice, rx.el.p(result.notice, class_name="ly-second"), rx.fragment()),
            rx.cond(result.late, rx.el.p("The time ran out. What was saved by then counts.", class_name="ly-second"), rx.fragment()),
            rx.cond(
                result.course_completed,
                rx.el.p(icon("award"), rx.el.span("You have completed the course."), class_name="ly-strong ly-line"),
                rx.fragment(),
            ),
            rx.el.div(
                link_button("Back to the course", _back(), kind="primary", icon="arrow-left"),
                rx.cond(
                    result.attempts_left != 0,
                    button("Try again", icon="repeat", on_click=rx.cond(cover.needs_password, QuizState.show_cover, QuizState.start)),
                    rx.fragment(),
                ),
                class_name="ly-line",
            ),
            class_name="ly-stack",
            data_gap="16",
        ),
        section("Question by question", quiz_review(result)),
        class_name="ly-stack",
        data_gap="32",
    )
