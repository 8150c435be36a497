"""What stands in a page's place when it cannot be shown: what is known, and the way on."""

from typing import Any

import reflex as rx

from lms_app.web.components.buttons import link_button
from lms_app.web.components.empties import contours
from lms_app.web.errors import ProblemState


def or_problem(*content: Any) -> rx.Component:
    """The content, or in its place why it cannot be shown."""
    return rx.cond(ProblemState.sentence, problem(), rx.fragment(*content))


def problem() -> rx.Component:
    """The notice of `ProblemState`: sign in, nothing here, or a fault with its reference."""
    return rx.match(
        ProblemState.kind,
        ("not-signed-in", notice("Sign in to go on", ProblemState.sentence, link_button("Sign in", ProblemState.sign_in, kind="primary"))),
        ("not-found", notice("Nothing here", ProblemState.sentence, _home())),
        ("not-allowed", notice("Not open to you", ProblemState.sentence, _home())),
        ("fault", notice("That did not work", ProblemState.sentence, _reload(), _home(), reference=ProblemState.reference)),
        notice("That did not work", ProblemState.sentence, _home()),
    )


def notice(title: Any, sentence: Any, *actions: Any, reference: Any = None) -> rx.Component:
    """A title, a sentence, the reference that finds a fault in the log, and what to do."""
    found_by = []
    if reference is not None:
        line = rx.el.p("Reference ", rx.el.span(reference, class_name="ly-mono"), class_name="ly-small ly-quiet")
        found_by = [rx.cond(reference, line, rx.fragment())]
    return rx.el.div(
        contours(),
        rx.el.h1(title, class_name="ly-page-title"),
        rx.el.p(sentence, class_name="ly-second"),
        *found_by,
        rx.el.div(*actions, class_name="ly-line"),
        class_name="ly-notice",
        role="alert",
    )


def _home() -> rx.Component:
    return link_button("Go to the start", "/")


def _reload() -> rx.Component:
    return link_button("Try again", "", kind="primary", icon="rotate-cw", reload=True)
