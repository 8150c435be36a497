"""The form of one question, in the quiz editor and in a bank."""

from typing import Any

import reflex as rx

from lms_app.domain.assessments.question_editor import FormRow
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.callouts import callout
from lms_app.web.components.fields import checkbox, form, form_actions, form_row, select_field, text_area, text_field
from lms_app.web.components.menus import menu, menu_button, menu_rule, opens_menu
from lms_app.web.components.panels import section
from lms_app.web.instructor.question_form_more import MORE_FIELDS
from lms_app.web.instructor.question_form_rows import MATCHES, TOLERANCES, box, choose, named, sheet, units, wrong
from lms_app.web.instructor.quiz_editor_state import QuizEditorState

GROUPS = [
    ("Choose", [("single_choice", "Single choice"), ("multiple_choice", "Multiple choice"), ("true_false", "True or false")]),
    ("Type", [("short_text", "Short text"), ("numeric", "Number"), ("calculated", "Calculated number")]),
    (
        "Put together",
        [
            ("matching", "Matching"),
            ("ordering", "Ordering"),
            ("cloze", "Gaps in a text"),
            ("dropdown", "Menus in a text"),
            ("hotspot", "Places on a picture"),
        ],
    ),
    ("Marked by hand", [("essay", "Essay"), ("file_upload", "File upload")]),
    ("Asks nothing", [("description", "Description")]),
]
"""Kinds of question in the menu, by what a student does."""
KINDS = [kind for _, kinds in GROUPS for kind in kinds]
HELP = {
    "calculated": "{a} stands for the number that is drawn for a; every attempt has its own.",
    "cloze": "Write [[1]] where the gap named 1 stands, [[2]] for the next.",
    "dropdown": "Write [[1]] where the menu named 1 stands, [[2]] for the next.",
    "description": "This text stands between the questions, asks nothing and is worth nothing.",
}


def kind_of(type_: Any) -> rx.Component:
    """The name of a kind of question."""
    return rx.match(type_, *KINDS, "Question")


def kinds_menu(write: Any, **button_props: Any) -> rx.Component:
    """The button that adds a question, and the menu of its kinds. `write` takes the kind."""
    return rx.fragment(
        button("Add question", icon="plus", custom_attrs=opens_menu("question-types"), **button_props),
        menu(
            "question-types",
            *[
                item
                for number, (group, kinds) in enumerate(GROUPS)
                for item in (
                    *([menu_rule()] if number else []),
                    rx.el.div(group, class_name="ly-menu-head"),
                    *[menu_button(words, on_click=write(value)) for value, words in kinds],
                )
            ],
            label="Kinds of question",
            long=True,
        ),
    )


def question_form(on_submit: Any = QuizEditorState.save_question, *, banked: bool = False) -> rx.Component:
    """The form of the question that is being written, with the fields of its kind. In a bank a question is worth nothing yet."""
    # A new key is a new element, which takes the focus and comes into view. A form that is taller than the window would not be scrolled to.
    opened = rx.el.p(
        "The form of the question",
        tab_index=-1,
        key=QuizEditorState.serial.to_string(),
        class_name="ly-sr ly-opened",
        custom_attrs={"data-focus-here": ""},
    )
    return rx.el.div(opened, _form(on_submit, banked))


def _form(on_submit: Any, banked: bool) -> rx.Component:
    kind = sheet.type
    asks = kind != "description"
    return section(
        rx.fragment(rx.cond(sheet.id, "Edit question: ", "New question: "), kind_of(kind)),
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
            rx.el.p(rx.match(kind, *HELP.items(), ""), class_name="ly-help"),
            text_area("Question", name="stem", default_value=sheet.stem, error=wrong("stem"), help="Markdown, as on a page."),
            rx.match(
                kind,
                ("single_choice", _choices(kind)),
                ("multiple_choice", _choices(kind)),
                ("true_false", _statement()),
                ("short_text", _texts()),
                ("numeric", _numbers()),
                *[(name, fields()) for name, fields in MORE_FIELDS.items()],
                rx.fragment(),
            ),
            rx.cond(asks, _common(banked), rx.fragment()),
            form_actions(
                button("Save question", kind="default", type="submit", icon="check"),
                button("Cancel", kind="ghost", on_click=QuizEditorState.close),
            ),
            on_submit=on_submit,
            key=QuizEditorState.serial.to_string(),
        ),
    )


def marks_to_correct() -> rx.Component:
    """The way to correcting marks, once a question is saved for whose earlier form marks were given."""
    return rx.cond(
        QuizEditorState.correctable != "",
        callout(
            "Marks were given for an earlier form of this question",
            rx.el.p("They stand as they are until you correct them. See first whom that would move."),
            actions=link_button("Correct marks…", rx.Var.create("/teach/questions/") + QuizEditorState.correctable + "/regrade", icon="scale"),
            tone="careful",
            live=True,
        ),
        rx.fragment(),
    )


def _statement() -> rx.Component:
    return rx.fragment(
        select_field(
            "The statement is",
            name="answer",
            options=[("", "Choose"), ("true", "True"), ("false", "False")],
            default_value=sheet.answer,
            error=wrong("answer"),
        ),
        text_area("Feedback to “true”", name="feedback_true", default_value=sheet.feedback_true, optional=True),
        text_area("Feedback to “false”", name="feedback_false", default_value=sheet.feedback_false, optional=True),
    )


def _common(banked: bool) -> rx.Component:
    return rx.fragment(
        text_area("Feedback to every answer", name="feedback", default_value=sheet.feedback, error=wrong("feedback"), optional=True),
        text_area(
            "Hints",
            name="hints",
            default_value=sheet.hints,
            optional=True,
            help="Shown one after the other. A line of --- stands between two hints.",
        ),
        *([] if banked else [text_field("Points", name="points", default_value=sheet.points, error=wrong("points"), input_mode="decimal")]),
        form_row(
            text_field(
                "Each wrong try takes, in percent",
                name="penalty",
                default_value=sheet.penalty,
                error=wrong("penalty"),
                optional=True,
                input_mode="decimal",
                placeholder="33 1/3",
                help="Counts where the quiz gives several tries.",
            ),
            text_field(
                "A wrong answer costs, in percent",
                name="deduction",
                default_value=sheet.deduction,
                error=wrong("deduction"),
                optional=True,
                input_mode="decimal",
                placeholder="0",
                help="Counts where the quiz lets wrong answers cost.",
            ),
        ),
    )


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
                    error=wrong("credit"),
                ),
                checkbox("Say how many are right", name="tell_count", default_checked=sheet.tell_count),
                form_row(
                    text_field(
                        "How many may be ticked",
                        name="select",
                        default_value=sheet.select,
                        error=wrong("select"),
                        optional=True,
                        input_mode="numeric",
                        help="Any number, if left empty. Who ticks more earns nothing.",
                    ),
                    select_field(
                        "That many",
                        name="select_rule",
                        options=[("exactly", "Exactly that many"), ("at_most", "At most that many")],
                        default_value=sheet.select_rule,
                        error=wrong("select_rule"),
                    ),
                ),
            ),
            rx.fragment(),
        ),
    )


def _choice(entry: FormRow) -> rx.Component:
    return rx.el.div(
        rx.el.input(type="hidden", name=named("id", entry), value=entry.id, read_only=True),
        box("Choice", "text", entry, entry.text),
        rx.el.label(
            rx.el.input(type="checkbox", name=named("right", entry), value="on", default_checked=entry.right),
            rx.el.span("Right"),
            class_name="ly-check",
        ),
        rx.el.details(
            rx.el.summary("More"),
            rx.el.div(
                box("Feedback when chosen", "feedback", entry, entry.feedback),
                box("Feedback when not chosen", "feedback_unselected", entry, entry.feedback_unselected),
                box("Weight in percent", "weight", entry, entry.weight, input_mode="decimal"),
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


def _text_answer(entry: FormRow) -> rx.Component:
    return rx.el.div(
        box("Answer", "text", entry, entry.text),
        rx.el.div(
            choose("Compared", "match", entry, entry.match, MATCHES),
            box("Earns, in percent", "weight", entry, entry.weight, input_mode="decimal", placeholder="100"),
            box("Feedback", "feedback", entry, entry.feedback),
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
        units(),
    )


def _number_answer(entry: FormRow) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            box("Value", "value", entry, entry.value),
            choose("Taken", "tolerance", entry, entry.tolerance, TOLERANCES),
            box("Distance or percent", "margin", entry, entry.margin),
            class_name="ly-form-row",
        ),
        rx.el.div(
            box("From", "low", entry, entry.low),
            box("To", "high", entry, entry.high),
            box("Earns, in percent", "weight", entry, entry.weight, placeholder="100"),
            box("Feedback", "feedback", entry, entry.feedback),
            class_name="ly-form-row",
        ),
        class_name="ly-question-row",
        key=entry.place.to_string(),
    )
