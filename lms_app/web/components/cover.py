"""The cover of a course, and the contour lines behind the doors."""

from typing import Any, Literal

import reflex as rx


def cover(slug: Any, *, shape: Literal["card", "wide", "thumb"] = "card") -> rx.Component:
    """The drawing that belongs to a course's slug. Decoration: the title stands beside it."""
    return rx.el.img(
        src=rx.Var.create("/v/covers/") + slug + ".svg",
        alt="",
        loading="lazy",
        class_name="ly-cover",
        data_shape=shape,
        custom_attrs={"width": 640, "height": 360},
    )


def backdrop() -> rx.Component:
    """Contour lines over the whole window, faint; the style sheet masks them from `art/contours.svg`."""
    return rx.el.div(class_name="ly-backdrop-art", aria_hidden="true")
