"""Buttons and links that look like buttons. One filled (primary) button per page."""

from typing import Any, Literal

import reflex as rx

from lms_app.web.components.icons import icon as draw_icon
from lms_app.web.components.links import link, plain_link

Kind = Literal["default", "primary", "ghost", "danger"]
Size = Literal["m", "l", "s"]


def button(
    words: Any,
    *,
    kind: Kind = "default",
    size: Size = "m",
    icon: str = "",
    icon_end: str = "",
    loading: Any = None,
    disabled: Any = None,
    wide: bool = False,
    type: str = "button",
    opens: str = "",
    closes: str = "",
    custom_attrs: dict[str, Any] | None = None,
    **props: Any,
) -> rx.Component:
    """A button named by verb and object. `opens` and `closes` take the id of a dialog.

    While `loading`, the words stay, the icon turns into a spinner, the width does not change and a second press does nothing.
    Say the reason for `disabled` in words nearby.
    """
    attributes = {**_look(kind, size, wide), **dialog_command(opens, closes), **(custom_attrs or {})}
    if loading is not None:
        attributes["aria-busy"] = rx.cond(loading, "true", "false")
    off = [reason for reason in (disabled, loading) if reason is not None]
    if len(off) == 2:
        props["disabled"] = off[0] | off[1] if isinstance(off[0], rx.Var) else rx.cond(off[0], True, off[1])
    elif off:
        props["disabled"] = off[0]
    return rx.el.button(*_inside(words, icon, icon_end), type=type, class_name="ly-button", custom_attrs=attributes, **props)


def link_button(
    words: Any,
    href: Any,
    *,
    kind: Kind = "default",
    size: Size = "m",
    icon: str = "",
    icon_end: str = "",
    wide: bool = False,
    reload: bool = False,
    custom_attrs: dict[str, Any] | None = None,
    **props: Any,
) -> rx.Component:
    """A link with the looks of a button. With `reload` the browser loads the address itself: for files and routes under /v."""
    make = plain_link if reload else link
    attributes = {**_look(kind, size, wide), **(custom_attrs or {})}
    return make(*_inside(words, icon, icon_end), href=href, class_name="ly-button", custom_attrs=attributes, **props)


def download_button(href: Any, of: Any, **props: Any) -> rx.Component:
    """A small link that fetches a file; `of` says which to those who only hear it."""
    return link_button("Download", href, size="s", icon="download", reload=True, aria_label=rx.Var.create("Download: ") + of, **props)


def icon_button(
    name: str,
    label: Any,
    *,
    kind: Kind = "ghost",
    size: Size = "m",
    opens: str = "",
    closes: str = "",
    custom_attrs: dict[str, Any] | None = None,
    **props: Any,
) -> rx.Component:
    """A square button with an icon alone; `label` is its name for screen readers and its tooltip."""
    attributes = {**_look(kind, size, wide=False), "data-icon-only": "", **dialog_command(opens, closes), **(custom_attrs or {})}
    return rx.el.button(draw_icon(name), type="button", class_name="ly-button", aria_label=label, title=label, custom_attrs=attributes, **props)


def dialog_command(opens: str = "", closes: str = "") -> dict[str, str]:
    """The attributes by which a button opens or closes a native dialog without a script."""
    if opens:
        return {"commandfor": opens, "command": "show-modal"}
    if closes:
        return {"commandfor": closes, "command": "close"}
    return {}


def _look(kind: Kind, size: Size, wide: bool) -> dict[str, str]:
    look = {"data-kind": kind, "data-size": size}
    return {**look, "data-wide": ""} if wide else look


def _inside(words: Any, icon: str, icon_end: str) -> list[rx.Component]:
    start = [draw_icon(icon)] if icon else []
    end = [draw_icon(icon_end)] if icon_end else []
    return [*start, rx.el.span(words), *end]
