"""The shells: app (side navigation), lesson (outline and article), focus (quiz), plain (sign-in and the like), landing.

A page is `def page() -> rx.Component: return app_shell(…)`. Every shell brings the skip link, the top bar, the toast region, the
offline bar and the keys; a page brings its `h1`.
"""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from lms_app.web.components import bars
from lms_app.web.components.banners import offline_banner
from lms_app.web.components.breadcrumbs import Crumb, breadcrumbs
from lms_app.web.components.cover import backdrop
from lms_app.web.components.icons import icon
from lms_app.web.components.keeper import keeper
from lms_app.web.components.navigation import phone_tabs, side_nav_items
from lms_app.web.components.palette import keyboard
from lms_app.web.components.problems import or_problem
from lms_app.web.components.toasts import toast_region
from lms_app.web.viewer_state import ViewerState

Area = Literal["learn", "teach"]


def app_shell(
    *content: Any,
    active: str = "",
    crumbs: Sequence[Crumb] = (),
    area: Area = "learn",
    narrow: bool = False,
    viewer: Any = ViewerState,
) -> rx.Component:
    """Side navigation, top bar, page. `active` is a place of `components/navigation.py`; `area` says whose navigation is painted first."""
    return _page(
        viewer,
        rx.el.div(
            rx.el.aside(
                rx.el.div(bars.wordmark(), class_name="ly-nav-head"),
                rx.el.nav(*side_nav_items(viewer, active, area), aria_label="Main", class_name="ly-stack", data_gap="24"),
                class_name="ly-nav",
                aria_label="Side",
            ),
            rx.el.div(
                bars.top_bar(viewer, bars.wordmark("/home", on_phone_only=True), *([breadcrumbs(crumbs)] if crumbs else [])),
                offline_banner(area),
                _main(*content, class_name="ly-page", custom_attrs={"data-narrow": ""} if narrow else {}),
                class_name="ly-app-body",
            ),
            class_name="ly-app",
        ),
        phone_tabs(viewer, active, area),
    )


def lesson_shell(
    *article: Any,
    outline: Any,
    crumbs: Sequence[Crumb],
    tools: Any = None,
    phone_action: Any = None,
    viewer: Any = ViewerState,
) -> rx.Component:
    """Outline, article of 680 px, tools. On a phone the outline is a sheet, and a bar holds it beside `phone_action` (the way on)."""
    return _page(
        viewer,
        bars.top_bar(viewer, bars.wordmark("/home", folds=True), _rule(), breadcrumbs(crumbs)),
        offline_banner(),
        rx.el.div(
            rx.el.nav(
                rx.el.div(rx.el.span("Outline", class_name="ly-strong"), bars.close_outline_button(), class_name="ly-outline-close"),
                outline,
                class_name="ly-outline",
                aria_label="Course outline",
                custom_attrs={"popover": "auto", "id": "outline"},
            ),
            rx.el.div(
                _main(*article),
                *([rx.el.aside(tools, class_name="ly-tools", aria_label="Tools")] if tools is not None else []),
                class_name="ly-lesson-body",
                custom_attrs={} if tools is not None else {"data-alone": ""},
            ),
            class_name="ly-lesson",
        ),
        rx.el.nav(bars.outline_button(), *([phone_action] if phone_action is not None else []), class_name="ly-phone-bar", aria_label="This page"),
    )


def focus_shell(
    *content: Any,
    title: Any,
    subtitle: Any = None,
    back_href: Any,
    rail: Any = None,
    status: Sequence[Any] = (),
    action: Any = None,
    phone_bar: Any = None,
    viewer: Any = ViewerState,
) -> rx.Component:
    """Nothing but the task: a bar with the title, its state (`status`: saved-at, timer), a column and a rail.

    `action` stands in the bar where there is room; on a phone the way to it is `phone_bar`, which holds back and one big action.
    """
    return _page(
        viewer,
        rx.el.header(
            rx.el.div(
                rx.el.a(icon("arrow-left"), href=back_href, class_name="ly-button", aria_label="Leave", title="Leave", **_icon_only()),
                _rule(),
                rx.el.div(
                    rx.el.span(title, class_name="ly-strong ly-cut"),
                    *([rx.el.span(subtitle, class_name="ly-caption ly-cut")] if subtitle is not None else []),
                    class_name="ly-bar-title",
                ),
                class_name="ly-bar-start",
            ),
            rx.el.div(
                *status, *([rx.el.div(action, class_name="ly-bar-action")] if action is not None else []), bars.mode_button(), class_name="ly-bar-end"
            ),
            class_name="ly-bar",
            data_task="",
        ),
        offline_banner(),
        rx.el.div(
            _main(*content),
            *([rx.el.aside(rail, class_name="ly-rail", aria_label="Questions")] if rail is not None else []),
            class_name="ly-focus",
            custom_attrs={} if rail is not None else {"data-alone": ""},
        ),
        *([rx.el.nav(phone_bar, class_name="ly-phone-bar", aria_label="This question", data_task="")] if phone_bar is not None else []),
    )


def plain_shell(*content: Any, wide: bool = False, viewer: Any = ViewerState) -> rx.Component:
    """One thing in the middle: sign-in, register, a refusal, the check of a certificate. Contour lines behind it."""
    return _page(
        viewer,
        backdrop(),
        rx.el.div(
            rx.el.header(
                rx.el.div(bars.wordmark(), class_name="ly-bar-start"),
                rx.el.div(bars.mode_button(), class_name="ly-bar-end"),
                class_name="ly-bar",
            ),
            _main(rx.el.div(*content, class_name="ly-door")),
            class_name="ly-plain",
            custom_attrs={"data-wide": ""} if wide else {},
        ),
    )


def landing_shell(*content: Any, viewer: Any = ViewerState) -> rx.Component:
    """The front door: a top bar and parts of full width."""
    return _page(
        viewer,
        bars.top_bar(viewer, bars.wordmark(), search=False),
        offline_banner(),
        _main(*content),
    )


def _page(viewer: Any, *content: Any) -> rx.Component:
    return rx.fragment(bars.skip_link(), *content, toast_region(), keyboard(viewer), keeper(viewer))


def _main(*content: Any, **props: Any) -> rx.Component:
    return rx.el.main(or_problem(*content), id="main", tab_index=-1, **props)


def _rule() -> rx.Component:
    return rx.el.span(class_name="ly-bar-rule", aria_hidden="true")


def _icon_only() -> dict[str, Any]:
    return {"custom_attrs": {"data-kind": "ghost", "data-icon-only": ""}}
