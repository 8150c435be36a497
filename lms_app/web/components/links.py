"""Links: within the app, and out of it by a full page load."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A


def link(*children: Any, href: Any, class_name: str = "ly-link", **props: Any) -> rx.Component:
    """A link to another page of ours, without a page load."""
    return rx.el.a(*children, href=href, class_name=class_name, **props)


def plain_link(*children: Any, href: Any, class_name: str = "ly-link", **props: Any) -> rx.Component:
    """A link that the browser follows itself: to a place on this page, to a route under /v, to another site."""
    return A.create(*children, href=href, class_name=class_name, **props)
