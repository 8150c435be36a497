"""What stands in the page until its content comes: the same height, no spinner."""

import reflex as rx

from lms_app.web.components.links import plain_link


def skeleton_lines(count: int = 3) -> rx.Component:
    """Lines of text to come."""
    return rx.el.div(*[_piece("line") for _ in range(count)], class_name="ly-skeleton-lines", aria_hidden="true")


def skeleton_rows(count: int = 4) -> rx.Component:
    """Rows of a list to come."""
    return rx.el.div(*[_piece("row") for _ in range(count)], class_name="ly-skeleton-lines", aria_hidden="true")


def skeleton_block(height: int) -> rx.Component:
    """A figure or a panel to come, of that many pixels."""
    return rx.el.span(class_name="ly-skeleton", data_kind="block", aria_hidden="true", custom_attrs={"style": {"height": f"{height}px"}})


def skeleton_cards(count: int = 3) -> rx.Component:
    """Cards to come."""
    return rx.el.div(*[skeleton_block(300) for _ in range(count)], class_name="ly-cards", aria_hidden="true")


def skeleton_article() -> rx.Component:
    """A page to be read, as tall as the window."""
    return rx.el.div(_piece("title"), *[_piece("line") for _ in range(9)], class_name="ly-skeleton-article", aria_hidden="true")


def loading(skeleton: rx.Component) -> rx.Component:
    """A skeleton that says what it is, and after eight seconds what to do."""
    return rx.el.div(
        rx.el.span("Loading", class_name="ly-sr"),
        skeleton,
        rx.el.p("Still loading. Check your connection.", plain_link("Retry", href=""), class_name="ly-still ly-keep-time"),
        role="status",
    )


def _piece(kind: str) -> rx.Component:
    return rx.el.span(class_name="ly-skeleton", data_kind=kind)
