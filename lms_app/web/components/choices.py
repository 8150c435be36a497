"""A question as it is shown: choices, verdicts, feedback, the navigator. The island of a quiz draws the same classes."""

from typing import Any

import reflex as rx

from lms_app.web.components.icons import icon


def question_head(place: Any, *end: Any) -> rx.Component:
    """ "Question 7 of 12 · 1 point" and what stands at its right."""
    return rx.el.div(rx.el.span(place, class_name="ly-nums"), *end, class_name="ly-question-head")


def choice(key: Any, content: Any, *, name: str, value: Any, many: bool = False, checked: Any = None, verdict: Any = None) -> rx.Component:
    """One choice. `verdict` is "" until checked, then `right` (the correct answer), `wrong` (yours, and not correct) or `none`."""
    attributes: dict[str, Any] = {"data-many": ""} if many else {}
    said: list[Any] = []
    box: dict[str, Any] = {} if checked is None else {"checked": checked, "read_only": True}
    if verdict is not None:
        attributes["data-verdict"] = rx.cond(verdict, verdict, rx.Var("undefined"))
        box["disabled"] = rx.Var.create(verdict).bool()
        said = [
            rx.match(
                verdict,
                ("right", _verdict("check", "Correct answer")),
                ("wrong", _verdict("x", "Your answer")),
                rx.fragment(),
            )
        ]
    return rx.el.label(
        rx.el.input(type="checkbox" if many else "radio", name=name, value=value, **box),
        rx.el.span(key, class_name="ly-choice-key", aria_hidden="true"),
        rx.el.span(content, class_name="ly-choice-text"),
        *said,
        class_name="ly-choice",
        custom_attrs=attributes,
    )


def choices(legend: Any, *children: Any) -> rx.Component:
    """The choices of one question; the legend is read, the question above is seen."""
    return rx.el.fieldset(rx.el.legend(legend, class_name="ly-sr"), *children, class_name="ly-choices")


def feedback(outcome: Any, title: Any, *children: Any) -> rx.Component:
    """How an answer did and why: "That's right.", "Not quite." and the reason."""
    sign = rx.match(outcome, ("correct", icon("check")), ("incorrect", icon("x")), ("partial", icon("circle-dot-dashed")), icon("minus"))
    return rx.el.div(
        rx.el.span(sign, class_name="ly-feedback-sign"),
        rx.el.p(title, class_name="ly-feedback-title"),
        rx.el.div(*children),
        class_name="ly-feedback",
        data_outcome=outcome,
        role="status",
    )


def timer(left: Any, *, soon: Any = False) -> rx.Component:
    """The time that is left, amber in the last five minutes. Announcing it at five and one is the island's."""
    return rx.el.span(
        icon("timer"), rx.el.span("Time left ", class_name="ly-sr"), left, class_name="ly-timer", data_tone=rx.cond(soon, "warn", "calm")
    )


def saved_at(word: Any, time: Any = "", *, trouble: Any = False) -> rx.Component:
    """ "Saved" and "14:32", "Saving…", or in amber "Not saved. Retrying". On a phone the sign and the time are left."""
    return rx.el.span(
        rx.cond(trouble, icon("cloud-off"), icon("cloud-check")),
        rx.el.span(word, " ", custom_attrs={"data-long": ""}),
        rx.el.span(time),
        class_name="ly-saved",
        role="status",
        data_tone=rx.cond(trouble, "warn", "calm"),
    )


def _verdict(name: str, words: str) -> rx.Component:
    return rx.el.span(icon(name), rx.el.span(words), class_name="ly-choice-verdict")
