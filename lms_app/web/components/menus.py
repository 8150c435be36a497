"""Menus: a native popover under the button that opens it; Escape and a click elsewhere close it."""

from typing import Any, Literal

import reflex as rx

from lms_app.web.components.icons import icon as draw_icon
from lms_app.web.components.links import link, plain_link


def opens_menu(menu_id: str) -> dict[str, str]:
    """The attribute by which a button opens a menu: `custom_attrs=opens_menu("row-menu")`."""
    return {"popoverTarget": menu_id}


def menu(menu_id: str, *children: Any, label: str, head: Any = None, long: bool = False) -> rx.Component:
    """The menu itself. Its items are ordinary links and buttons, reached by Tab. A `long` one has two columns on a phone."""
    return rx.el.div(
        *([rx.el.div(head, class_name="ly-menu-head")] if head is not None else []),
        *children,
        class_name="ly-menu ly-menu-long" if long else "ly-menu",
        role="group",
        custom_attrs={"popover": "auto", "id": menu_id, "aria-label": label},
    )


def menu_link(words: Any, href: Any, *, icon: str = "", reload: bool = False, **props: Any) -> rx.Component:
    """An item that leads to a page."""
    make = plain_link if reload else link
    return make(*([draw_icon(icon)] if icon else []), rx.el.span(words), href=href, class_name="ly-menu-item", **props)


def menu_button(
    words: Any,
    *,
    icon: str = "",
    tone: Literal["default", "bad"] = "default",
    type: str = "button",
    custom_attrs: dict[str, Any] | None = None,
    **props: Any,
) -> rx.Component:
    """An item that does something."""
    return rx.el.button(
        *([draw_icon(icon)] if icon else []),
        rx.el.span(words),
        type=type,
        class_name="ly-menu-item",
        custom_attrs={"data-tone": tone, **(custom_attrs or {})},
        **props,
    )


def menu_rule() -> rx.Component:
    """A line between groups of items."""
    return rx.el.hr()
