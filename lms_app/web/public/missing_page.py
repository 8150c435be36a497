"""The page for an address that leads nowhere."""

import reflex as rx

from lms_app.web.components.buttons import link_button
from lms_app.web.components.problems import notice
from lms_app.web.layout import plain_shell


def missing_page() -> rx.Component:
    """Says what is known, and the way on."""
    return plain_shell(
        notice(
            "There is no page here",
            "The address may be mistyped, or what stood here has moved or been withdrawn.",
            link_button("Go to the start", "/", kind="primary"),
            link_button("Browse courses", "/catalogue"),
        )
    )
