"""The quiz editor: questions first, one of them open in a form; settings below."""

from typing import Any

import reflex as rx

from lms_app.domain.assessments.quiz_editor import FormRow, QuestionLine
from lms_app.web.components.buttons import button, icon_button, link_button
from lms_app.web.components.callouts import callout
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import checkbox, form, form_actions, form_row, select_field, text_area, text_field
from lms_app.web.components.menus import menu, menu_button, opens_menu
from lms_app.web.components.pagination import pagination
from lms_app.web.components.panels import line, page_header, row, rows, section, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.places import state_pill
from lms_app.web.instructor.quiz_editor_state import QuizEditorState
from lms_app.web.instructor.quiz_sections_part import quiz_sections_part, section_chooser
from lms_app.web.instructor.quiz_settings_form import quiz_settings_form
from lms_app.web.layout import app_shell

quiz = QuizEditorState.quiz
sheet = QuizEditorState.sheet

TYPES = [
    ("single_choice", "Single choice"),
    ("multiple_choice", "Multiple choice"),
    ("true_false", "True or false"),
    ("short_text", "Short text"),
    ("numeric", "Number"),
]
MATCHES = [("exact", "As it is"), ("wildcard", "* stands for anything"), ("regex", "As a pattern")]


def quiz_editor_page() -> rx.Component:
    """Questions and settings."""
    known = QuizEditorState.ready & (quiz != None)  # noqa: E711
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
                    quiz.total,
                    rx.cond(quiz.total == 1, " question, ", " questions, "),
                    quiz.points,
                    rx.cond(quiz.points == "1", " point", " points"),
                ),
            ),
            [
                link_button("Statistics", rx.Var.create("/teach/quizzes/") + quiz.id + "/statistics", icon="chart-scatter"),
                link_button("Exam control room", rx.Var.create("/teach/quizzes/") + quiz.id + "/room", icon="radio"),
                button("Publish quiz", kind="primary", icon="send", on_click=QuizEditorState.publish, disabled=~quiz.asks),
            ],
        ),
        stack(
            rx.cond(
                sheet != None,  # noqa: E711
                _question_form(),
                section(
                    "Questions",
                    rx.cond(
                        quiz.questions,
                        rx.fragment(rows(rx.foreach(quiz.questions, _question)), _pages()),
                        empty("No questions yet", "Add one of the five kinds."),
                    ),
                    action=_add(),
                ),
            ),
            quiz_sections_part(),
            section("Settings", quiz_settings_form()),
            gap=32,
        ),
    )


def _add() -> rx.Component:
    return rx.fragment(
        button("Add question", icon="plus", custom_attrs=opens_menu("question-types")),
        menu(
            "question-types",
            *[menu_button(words, on_click=QuizEditorState.write_new(value)) for value, words in TYPES],
            label="Kinds of question",
        ),
    )


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
        rx.el.span(_type(question.type), " · ", question.points, rx.cond(question.points == "1", " point", " points")),
        end=[
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


def _type(type_: Any) -> rx.Component:
    return rx.match(type_, *TYPES, "Question")


def _question_form() -> rx.Component:
    kind = sheet.type
    is_choice = (kind == "single_choice") | (kind == "multiple_choice")
    return section(
        rx.fragment(rx.cond(sheet.id, "Edit question: ", "New question: "), _type(kind)),
        form(
            rx.cond(
                QuizEditorState.wrong,
                callout(
                    "This question cannot be saved yet",
                    rx.el.ul(rx.foreach(QuizEditorState.wrong, lambda sentence: rx.el.li(sentence)), class_name="ly-list"),
                    tone="bad",
                    live=True,
                ),
                rx.fragment(),
            ),
            text_area("Question", name="stem", default_value=sheet.stem, error=_wrong("stem"), help="Markdown, as on a page."),
            rx.cond(is_choice, _choices(kind), rx.fragment()),
            rx.cond(
                kind == "true_false",
                rx.fragment(
                    select_field(
                        "The statement is",
                        name="answer",
                        options=[("", "Choose"), ("true", "True"), ("false", "False")],
                        default_value=sheet.answer,
                        error=_wrong("answer"),
                    ),
                    text_area("Feedback to “true”", name="feedback_true", default_value=sheet.feedback_true, optional=True),
                    text_area("Feedback to “false”", name="feedback_false", default_value=sheet.feedback_false, optional=True),
                ),
                rx.fragment(),
            ),
            rx.cond(kind == "short_text", _texts(), rx.fragment()),
            rx.cond(kind == "numeric", _numbers(), rx.fragment()),
            text_area("Feedback to every answer", name="feedback", default_value=sheet.feedback, error=_wrong("feedback"), optional=True),
            text_area(
                "Hints",
                name="hints",
                default_value=sheet.hints,
                optional=True,
                help="Shown one after the other. A line of --- stands between two hints.",
            ),
            text_field("Points", name="points", default_value=sheet.points, error=_wrong("points"), input_mode="decimal"),
            form_row(
                text_field(
                    "Each wrong try takes, in percent",
                    name="penalty",
                    default_value=sheet.penalty,
                    error=_wrong("penalty"),
                    optional=True,
                    input_mode="decimal",
                    placeholder="33 1/3",
                    help="Counts where the quiz gives several tries.",
                ),
                text_field(
                    "A wrong answer costs, in percent",
                    name="deduction",
                    default_value=sheet.deduction,
                    error=_wrong("deduction"),
                    optional=True,
                    input_mode="decimal",
                    placeholder="0",
                    help="Counts where the quiz lets wrong answers cost.",
                ),
            ),
            form_actions(
                button("Save question", kind="default", type="submit", icon="check"),
                button("Cancel", kind="ghost", on_click=QuizEditorState.close),
            ),
            on_submit=QuizEditorState.save_question,
            key=QuizEditorState.serial.to_string(),
        ),
    )


def _wrong(name: str) -> rx.Var:
    return QuizEditorState.question_errors[name]


def _choices(kind: Any) -> rx.Component:
    return rx.fragment(
        rx.el.fieldset(
            rx.el.legend("Choices", class_name="ly-label"),
            rx.foreach(sheet.rows, _choice),
            button("Add choice", size="s", icon="plus", on_click=QuizEditorState.add_row),
            class_name="ly-question-rows",
        ),
        checkbox("Shuffle the choices", name="shuffle", default_checked=sheet.shuffle),
        rx.cond(
            kind == "multiple_choice",
            rx.fragment(
                select_field(
                    "Scoring",
                    name="credit",
                    options=[
                        ("all_or_nothing", "Full marks for exactly the right choices"),
                        ("partial", "A share for each right choice, less for wrong ones"),
                        ("weights", "By the weights written at the choices"),
                    ],
                    default_value=sheet.credit,
                    error=_wrong("credit"),
                ),
                checkbox("Say how many are right", name="tell_count", default_checked=sheet.tell_count),
                form_row(
                    text_field(
                        "How many may be ticked",
                        name="select",
                        default_value=sheet.select,
                        error=_wrong("select"),
                        optional=True,
                        input_mode="numeric",
                        help="Any number, if left empty. Who ticks more earns nothing.",
                    ),
                    select_field(
                        "That many",
                        name="select_rule",
                        options=[("exactly", "Exactly that many"), ("at_most", "At most that many")],
                        default_value=sheet.select_rule,
                        error=_wrong("select_rule"),
                    ),
                ),
            ),
            rx.fragment(),
        ),
    )


def _named(name: str, entry: Any) -> rx.Var:
    return rx.Var.create(f"{name}_") + entry.place.to_string()


def _box(words: str, name: str, entry: Any, value: Any, **props: Any) -> rx.Component:
    """One field of a row, named with the row's number."""
    return rx.el.label(
        rx.el.span(words, class_name="ly-caption"),
        rx.el.input(name=_named(name, entry), default_value=value, class_name="ly-input", **props),
        class_name="ly-field",
    )


def _choice(entry: FormRow) -> rx.Component:
    return rx.el.div(
        rx.el.input(type="hidden", name=_named("id", entry), value=entry.id, read_only=True),
        _box("Choice", "text", entry, entry.text),
        rx.el.label(
            rx.el.input(type="checkbox", name=_named("right", entry), value="on", default_checked=entry.right),
            rx.el.span("Right"),
            class_name="ly-check",
        ),
        rx.el.details(
            rx.el.summary("More"),
            rx.el.div(
                _box("Feedback when chosen", "feedback", entry, entry.feedback),
                _box("Feedback when not chosen", "feedback_unselected", entry, entry.feedback_unselected),
                _box("Weight in percent", "weight", entry, entry.weight, input_mode="decimal"),
                class_name="ly-form-row",
            ),
        ),
        class_name="ly-question-row",
        key=entry.place.to_string(),
    )


def _texts() -> rx.Component:
    return rx.fragment(
        rx.el.fieldset(
            rx.el.legend("Answers that are taken", class_name="ly-label"),
            rx.foreach(sheet.rows, _text_answer),
            button("Add answer", size="s", icon="plus", on_click=QuizEditorState.add_row),
            class_name="ly-question-rows",
        ),
        checkbox("Capital letters matter", name="case_sensitive", default_checked=sheet.case_sensitive),
        checkbox("Accents do not matter", name="ignore_accents", default_checked=sheet.ignore_accents),
    )


def _choose(words: str, name: str, entry: Any, value: Any, options: list[tuple[str, str]]) -> rx.Component:
    return rx.el.label(
        rx.el.span(words, class_name="ly-caption"),
        rx.el.select(
            *[rx.el.option(said, value=key) for key, said in options],
            name=_named(name, entry),
            default_value=value,
            class_name="ly-input",
        ),
        class_name="ly-field",
    )


def _text_answer(entry: FormRow) -> rx.Component:
    return rx.el.div(
        _box("Answer", "text", entry, entry.text),
        rx.el.div(
            _choose(
                "Compared", "match", entry, entry.match, [("exact", "As it is"), ("wildcard", "* stands for anything"), ("regex", "As a pattern")]
            ),
            _box("Earns, in percent", "weight", entry, entry.weight, input_mode="decimal", placeholder="100"),
            _box("Feedback", "feedback", entry, entry.feedback),
            class_name="ly-form-row",
        ),
        class_name="ly-question-row",
        key=entry.place.to_string(),
    )


def _numbers() -> rx.Component:
    return rx.fragment(
        rx.el.fieldset(
            rx.el.legend("Answers that are taken", class_name="ly-label"),
            rx.foreach(sheet.rows, _number_answer),
            button("Add answer", size="s", icon="plus", on_click=QuizEditorState.add_row),
            class_name="ly-question-rows",
        ),
        text_field("Unit", name="unit", default_value=sheet.unit, optional=True, help="Shown beside the field; students may type it too."),
    )


def _number_answer(entry: FormRow) -> rx.Component:
    tolerances = [("absolute", "Within a distance"), ("relative", "Within percent"), ("range", "From … to …")]
    return rx.el.div(
        rx.el.div(
            _box("Value", "value", entry, entry.value),
            _choose("Taken", "tolerance", entry, entry.tolerance, tolerances),
            _box("Distance or percent", "margin", entry, entry.margin),
            class_name="ly-form-row",
        ),
        rx.el.div(
            _box("From", "low", entry, entry.low),
            _box("To", "high", entry, entry.high),
            _box("Earns, in percent", "weight", entry, entry.weight, placeholder="100"),
            _box("Feedback", "feedback", entry, entry.feedback),
            class_name="ly-form-row",
        ),
        class_name="ly-question-row",
        key=entry.place.to_string(),
    )
