"""The top bar: the wordmark, search, the colour mode, and whose account this is."""

from typing import Any

import reflex as rx

from lms_app.web.components.avatars import avatar
from lms_app.web.components.buttons import icon_button, link_button
from lms_app.web.components.icons import icon, mark
from lms_app.web.components.links import link, plain_link
from lms_app.web.components.menus import menu, menu_button, menu_link, menu_rule, opens_menu
from lms_app.web.components.navigation import PROFILE

ACCOUNT_MENU = "account-menu"


def skip_link() -> rx.Component:
    """The first stop of the keyboard: past the bars, to the content."""
    return plain_link("Skip to content", href="#main", class_name="ly-skip")


def wordmark(href: str = "/", *, folds: bool = False, on_phone_only: bool = False) -> rx.Component:
    """The mark and the name; `folds` leaves the mark alone on a phone, `on_phone_only` is for where the side navigation has one."""
    attributes = {"data-folds": ""} if folds else {"data-phone": ""} if on_phone_only else {}
    return link(
        mark(),
        rx.el.span("Lyceum"),
        href=href,
        class_name="ly-wordmark",
        custom_attrs=attributes,
    )


def search_button() -> rx.Component:
    """Opens the palette; the island listens for it."""
    return rx.el.button(
        icon("search"),
        rx.el.span("Search"),
        rx.el.kbd("Ctrl K", custom_attrs={"data-mac": "⌘ K", "aria-hidden": "true"}),
        type="button",
        class_name="ly-search",
        custom_attrs={"data-opens-palette": "", "aria-keyshortcuts": "Control+K Meta+K"},
    )


def mode_button() -> rx.Component:
    """Day or night. Both icons are there; the style sheet shows the one that it would turn to."""
    return rx.el.button(
        icon("moon", class_name="ly-moon"),
        icon("sun", class_name="ly-sun"),
        type="button",
        on_click=rx.toggle_color_mode,
        class_name="ly-button",
        aria_label="Switch between light and dark",
        title="Light or dark",
        custom_attrs={"data-kind": "ghost", "data-icon-only": ""},
    )


def account(viewer: Any) -> rx.Component:
    """The avatar with its menu; the way to sign in for a visitor; a quiet circle until we know."""
    unknown = rx.el.span(rx.el.span(class_name="ly-avatar ly-skeleton"), class_name="ly-avatar-button", aria_hidden="true")
    mine = rx.fragment(
        rx.el.button(
            avatar(viewer.initials),
            type="button",
            class_name="ly-avatar-button",
            aria_label=rx.Var.create("Account of ") + viewer.name,
            custom_attrs=opens_menu(ACCOUNT_MENU),
        ),
        menu(
            ACCOUNT_MENU,
            menu_link(PROFILE.words, PROFILE.href, icon=PROFILE.icon),
            menu_button("Keyboard shortcuts", icon="keyboard", custom_attrs={"data-opens-keys": ""}),
            menu_rule(),
            menu_button("Sign out", icon="log-out", custom_attrs={"data-sign-out": "/"}),
            label="Account",
            head=rx.el.p(viewer.name, class_name="ly-strong ly-cut"),
        ),
    )
    return rx.cond(viewer.ready, rx.cond(viewer.signed_in, mine, link_button("Sign in", "/sign-in")), unknown)


def bell(viewer: Any) -> rx.Component:
    """The way to the inbox, with how much is unread."""
    some = viewer.unread > 0
    return rx.cond(
        viewer.signed_in,
        link(
            icon("bell"),
            rx.cond(some, rx.el.span(rx.cond(viewer.unread > 99, "99+", viewer.unread.to_string()), class_name="ly-nums"), rx.fragment()),
            href="/inbox",
            class_name="ly-button",
            aria_label=rx.cond(some, rx.Var.create("Inbox, ") + viewer.unread.to_string() + " unread", "Inbox"),
            title="Inbox",
            custom_attrs={"data-kind": "ghost", "data-icon-only": rx.cond(some, rx.Var("undefined"), "")},
        ),
        rx.fragment(),
    )


def top_bar(viewer: Any, *start: Any, end: Any = None, search: bool = True) -> rx.Component:
    """The bar of every shell: what this page is at the left, what is always at hand at the right."""
    return rx.el.header(
        rx.el.div(*start, class_name="ly-bar-start"),
        rx.el.div(
            *(end if isinstance(end, list) else [end] if end is not None else []),
            *([search_button()] if search else []),
            mode_button(),
            bell(viewer),
            account(viewer),
            class_name="ly-bar-end",
        ),
        class_name="ly-bar",
    )


def outline_button() -> rx.Component:
    """Opens the outline as a sheet where it does not stand beside the page."""
    return rx.el.button(
        icon("list"),
        rx.el.span("Outline"),
        type="button",
        class_name="ly-button",
        custom_attrs={"data-kind": "default", **opens_menu("outline")},
    )


def close_outline_button() -> rx.Component:
    """Closes the sheet."""
    return icon_button("x", "Close outline", custom_attrs={"popoverTarget": "outline", "popoverTargetAction": "hide"})
