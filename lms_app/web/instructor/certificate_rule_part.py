"""What a certificate asks for, on the settings page of a course: a grade, quizzes to pass, and whom that gives one today."""

import reflex as rx

from lms_app.domain.courses.certificate_rule import QuizToPass
from lms_app.web.components.buttons import button
from lms_app.web.components.fields import checkbox, form, form_actions, text_field
from lms_app.web.components.panels import section
from lms_app.web.instructor.certificate_rule_state import CertificateRuleState

state = CertificateRuleState


def certificate_rule_part() -> rx.Component:
    """The rule as a form, and below it in words."""
    return section(
        "What earns a certificate",
        rx.cond(state.ready, _rule(), rx.fragment()),
        sentence="Everything that the course requires, and what you ask for here. Certificates that were given stay.",
    )


def _rule() -> rx.Component:
    return form(
        text_field(
            "Least course grade",
            name="least_grade",
            default_value=state.least_grade,
            error=state.error,
            optional=True,
            help="In percent of the gradebook’s total, such as 70.",
            max_length=10,
            input_mode="decimal",
            on_blur=state.try_grade,
        ),
        rx.cond(
            state.quizzes,
            rx.el.fieldset(
                rx.el.legend("Quizzes that must be passed", class_name="ly-label"),
                rx.foreach(state.quizzes, _quiz),
                class_name="ly-settings-group",
            ),
            rx.el.p("A quiz with a pass mark can be asked for here, once it is published and counts.", class_name="ly-help"),
        ),
        _preview(),
        form_actions(button("Save rule", kind="primary", type="submit")),
        on_submit=state.save,
        key=state.read.to_string(),
    )


def _quiz(quiz: QuizToPass) -> rx.Component:
    return checkbox(
        rx.fragment(quiz.title, rx.el.span(", from ", quiz.mark, class_name="ly-second")),
        name="passed",
        default_checked=quiz.asked,
        on_change=lambda asked: state.choose(quiz.id, asked),
        key=quiz.id,
    )


def _preview() -> rx.Component:
    preview = state.preview
    return rx.cond(
        preview != None,  # noqa: E711 - becomes JavaScript
        rx.el.div(
            rx.el.p(preview.words),
            rx.el.p(preview.sentence, class_name="ly-second"),
            rx.cond(preview.never, rx.el.p(preview.never, class_name="ly-error"), rx.fragment()),
            role="status",
            class_name="ly-stack",
            data_gap="8",
        ),
        rx.fragment(),
    )
