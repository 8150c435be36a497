"""The quiz editor: questions first, one of them open in a form; settings below."""

import reflex as rx

from lms_app.domain.assessments.question_bank import QuizName
from lms_app.domain.assessments.quiz_editor import QuestionLine
from lms_app.web.components.buttons import Kind, button, icon_button, link_button
from lms_app.web.components.empties import empty
from lms_app.web.components.pagination import pagination
from lms_app.web.components.panels import line, page_header, row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.places import state_pill
from lms_app.web.instructor.question_editor import question_editor
from lms_app.web.instructor.question_kinds import kind_of, kinds_menu
from lms_app.web.instructor.quiz_editor_state import QuizEditorState
from lms_app.web.instructor.quiz_sections_part import quiz_sections_part, section_chooser
from lms_app.web.instructor.quiz_settings_form import quiz_settings_form
from lms_app.web.layout import app_shell

quiz = QuizEditorState.quiz


def quiz_editor_page() -> rx.Component:
    """Questions and settings."""
    known = QuizEditorState.ready & (quiz != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(known, _editor(), loading(skeleton_rows(6))),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, quiz.course, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + quiz.course_id, "/teach")),
            (
                rx.cond(known & (quiz.page != ""), quiz.page, "Page"),
                rx.cond(known & (quiz.page_id != ""), rx.Var.create("/teach/pages/") + quiz.page_id, "/teach"),
            ),
            (rx.cond(known, quiz.title, "Quiz"), ""),
        ],
        narrow=True,
    )


def _editor() -> rx.Component:
    return rx.fragment(
        page_header(
            quiz.title,
            line(
                state_pill(quiz.state),
                rx.el.span(
                    rx.cond(quiz.practice, "Practice · ", "Counts · "),
                    quiz.asked,
                    rx.cond(quiz.asked == 1, " question, ", " questions, "),
                    quiz.points,
                    rx.cond(quiz.points == "1", " point", " points"),
                ),
            ),
            [
                link_button("Statistics", rx.Var.create("/teach/quizzes/") + quiz.id + "/statistics", icon="chart-scatter"),
                link_button("Exceptions", rx.Var.create("/teach/quizzes/") + quiz.id + "/exceptions", icon="users"),
                link_button("Exam control room", rx.Var.create("/teach/quizzes/") + quiz.id + "/room", icon="radio"),
                rx.cond(
                    quiz.state == "published",
                    rx.el.span("No changes to publish", class_name="ly-second"),
                    # While a question is open, its own button is the one to press.
                    rx.cond(QuizEditorState.question == "", _publish("primary"), _publish("default")),
                ),
            ],
        ),
        stack(
            rx.cond(
                QuizEditorState.question != "",
                section("Question", question_editor(QuizEditorState.question, on_close=QuizEditorState.close)),
                section(
                    "Questions",
                    rx.cond(
                        quiz.questions | quiz.waiting,
                        rx.fragment(rows(rx.foreach(quiz.questions, _question), rx.foreach(quiz.waiting, _waiting)), _pages()),
                        empty("No questions yet", "Add one of the fourteen kinds."),
                    ),
                    action=line(
                        link_button("Question bank", rx.Var.create("/teach/courses/") + quiz.course_id + "/bank", kind="ghost", icon="library"),
                        kinds_menu(QuizEditorState.write_new),
                    ),
                ),
            ),
            quiz_sections_part(),
            section("Settings", quiz_settings_form()),
            gap=32,
        ),
    )


def _publish(kind: Kind) -> rx.Component:
    return button("Publish quiz", kind=kind, icon="send", on_click=QuizEditorState.publish, disabled=~quiz.asks)


def _pages() -> rx.Component:
    return rx.cond(
        quiz.total > 50,
        pagination(
            rx.el.span("Page ", QuizEditorState.page),
            on_previous=QuizEditorState.turn(-1),
            on_next=QuizEditorState.turn(1),
            has_previous=QuizEditorState.page > 1,
            has_next=QuizEditorState.page * 50 < quiz.total,
        ),
        rx.fragment(),
    )


def _question(question: QuestionLine) -> rx.Component:
    def named(verb: str) -> rx.Var:
        return rx.Var.create(f"{verb} question ") + question.number.to_string()

    return row(
        rx.fragment(question.number, ". ", question.title),
        rx.el.span(kind_of(question.type)),
        end=[
            rx.cond(question.points, _points(question), rx.fragment()),
            section_chooser(question.id, question.number, question.section),
            rx.el.span(
                icon_button("arrow-up", named("Move up"), size="s", on_click=QuizEditorState.move(question.id, -1), disabled=question.first),
                icon_button("arrow-down", named("Move down"), size="s", on_click=QuizEditorState.move(question.id, 1), disabled=question.last),
                icon_button("pencil", named("Edit"), size="s", on_click=QuizEditorState.edit(question.id)),
                icon_button("trash-2", named("Remove"), size="s", on_click=QuizEditorState.remove(question.id)),
                class_name="ly-build-acts",
            ),
        ],
        key=question.id,
    )


def _points(question: QuestionLine) -> rx.Component:
    """What a question is worth: kept once the field is left."""
    return rx.el.label(
        rx.el.input(
            default_value=question.points,
            on_blur=lambda value: QuizEditorState.set_points(question.id, value),
            input_mode="decimal",
            max_length=8,
            class_name="ly-input ly-points",
            aria_label=rx.Var.create("Points of question ") + question.number.to_string(),
        ),
        rx.el.span(rx.cond(question.points == "1", "point", "points"), class_name="ly-caption"),
        class_name="ly-line",
        key=question.id + question.points,
    )


def _waiting(question: QuizName) -> rx.Component:
    """A question that is being written, and that the quiz takes once it is published."""
    return row(
        question.title,
        pill("Not published yet"),
        end=[icon_button("pencil", rx.Var.create("Go on writing: ") + question.title, size="s", on_click=QuizEditorState.edit(question.id))],
        key=question.id,
    )
