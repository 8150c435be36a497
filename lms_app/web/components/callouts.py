"""Callouts: a full soft ground with a line, an icon and words."""

from typing import Any, Literal

import reflex as rx

from lms_app.web.components.icons import icon

Tone = Literal["note", "tip", "careful", "ok", "bad", "warn"]
ICONS = {
    "note": "info",
    "tip": "lightbulb",
    "careful": "triangle-alert",
    "ok": "circle-check",
    "bad": "circle-alert",
    "warn": "triangle-alert",
}


def callout(title: Any, *children: Any, tone: Tone = "note", actions: Any = None, live: bool = False) -> rx.Component:
    """Something to know beside the rest. `live` announces it when it appears: for refusals and confirmations."""
    role = {"role": "alert" if tone == "bad" else "status"} if live else {}
    return rx.el.div(
        icon(ICONS[tone]),
        rx.el.div(
            rx.el.p(title, class_name="ly-callout-title"),
            *children,
            *([rx.el.div(actions, class_name="ly-callout-actions")] if actions is not None else []),
        ),
        class_name="ly-callout",
        data_tone=tone,
        **role,
    )


def refusal(sentence: Any, reference: Any = "") -> rx.Component:
    """Why something was not done, shown in its own place; nothing while the sentence is empty."""
    reference_line = rx.cond(reference, rx.el.p("Reference ", rx.el.span(reference, class_name="ly-mono")), rx.fragment())
    return rx.cond(sentence, callout(sentence, reference_line, tone="bad", live=True), rx.fragment())
