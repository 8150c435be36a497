"""The cover of a course, and the contour lines behind the doors."""

from typing import Any, Literal

import reflex as rx


def cover(address: Any, *, shape: Literal["card", "wide", "thumb"] = "card") -> rx.Component:
    """The picture of a course. Decoration: the title stands beside it."""
    return rx.el.img(
        src=address,
        alt="",
        loading="lazy",
        class_name="ly-cover",
        data_shape=shape,
        custom_attrs={"width": 640, "height": 360},
    )


def backdrop() -> rx.Component:
    """Contour lines over the whole window, faint; the style sheet masks them from `art/contours.svg`."""
    return rx.el.div(class_name="ly-backdrop-art", aria_hidden="true")
