"""Pills: a state in one or two words on a soft ground."""

from typing import Any, Literal

import reflex as rx

from lms_app.web.components.icons import icon as draw_icon

Tone = Literal["neutral", "accent", "ok", "bad", "warn"]


def pill(words: Any, tone: Tone | rx.Var = "neutral", *, icon: str = "") -> rx.Component:
    """A small label. The tone may be a variable; the words carry the meaning, never the colour alone."""
    return rx.el.span(*([draw_icon(icon)] if icon else []), words, class_name="ly-pill", data_tone=tone)


def status_pill(status: rx.Var | str) -> rx.Component:
    """Where a node stands: draft, published or archived."""
    return rx.match(
        status,
        ("published", pill("Published", "ok", icon="check")),
        ("archived", pill("Archived", icon="archive")),
        pill("Draft", "warn", icon="pencil"),
    )
