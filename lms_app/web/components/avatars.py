"""Avatars: initials on a soft ground."""

from typing import Any, Literal

import reflex as rx


def avatar(initials: Any, *, size: Literal["m", "l"] = "m") -> rx.Component:
    """A person's initials. Decoration: the name stands in words nearby."""
    return rx.el.span(initials, class_name="ly-avatar", data_size=size, aria_hidden="true")
