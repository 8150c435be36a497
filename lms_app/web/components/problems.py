"""What stands in a page's place when it cannot be shown: what is known, and the way on."""

import reflex as rx

from lms_app.web.components.buttons import link_button
from lms_app.web.components.icons import icon
from lms_app.web.errors import ProblemState


def problem_notice() -> rx.Component:
    """The refusal of the page's own loader, in words, with one thing to do."""
    return rx.el.section(
        rx.match(
            ProblemState.kind,
            ("not-signed-in", icon("log-in")),
            ("not-found", icon("search-x")),
            ("not-allowed", icon("lock")),
            icon("circle-alert"),
        ),
        rx.el.h1(
            rx.match(
                ProblemState.kind,
                ("not-signed-in", "Sign in to see this page"),
                ("not-found", "There is nothing here for you"),
                ("not-allowed", "Your account may not open this page"),
                "This page could not be shown",
            ),
            class_name="ly-title",
        ),
        rx.el.p(ProblemState.sentence, class_name="ly-quiet"),
        rx.cond(ProblemState.reference, rx.el.p("Reference: ", rx.el.code(ProblemState.reference), class_name="ly-caption"), rx.fragment()),
        rx.cond(
            ProblemState.kind == "not-signed-in",
            link_button("Sign in", href=ProblemState.sign_in, kind="primary"),
            link_button("Go home", href="/home", kind="primary"),
        ),
        class_name="ly-empty",
    )
