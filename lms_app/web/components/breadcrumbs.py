"""The way from the top to this page."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from lms_app.web.components.links import link

Crumb = tuple[Any, Any]
"""Words and address. The last crumb is this page; its address is not used."""


def breadcrumbs(crumbs: Sequence[Crumb]) -> rx.Component:
    """Links to the pages above and the name of this one. On a phone only the last is left."""
    *above, (here, _) = crumbs
    return rx.el.nav(
        rx.el.ol(
            *[rx.el.li(link(words, href=address, class_name="")) for words, address in above],
            rx.el.li(rx.el.span(here, aria_current="page")),
        ),
        aria_label="Breadcrumb",
        class_name="ly-crumbs",
    )
