"""The front door: what Lyceum is, and the two ways in."""

import reflex as rx

from lms_app.web.components.buttons import link_button
from lms_app.web.components.climb import climb
from lms_app.web.components.icons import icon
from lms_app.web.components.links import link, plain_link
from lms_app.web.layout import landing_shell
from lms_app.web.viewer_state import ViewerState


def landing_page() -> rx.Component:
    """What Lyceum is in one screen, and what it does for those who learn and those who teach."""
    return landing_shell(
        rx.el.section(
            climb(),
            rx.el.div(
                rx.el.h1("Learning, with the contour lines drawn in.", class_name="ly-landing-title"),
                rx.el.p(
                    "Take courses in the browser: read, try the questions, see how far you have come and why, "
                    "and finish with a certificate that anyone can check.",
                    class_name="ly-landing-lead",
                ),
                rx.el.div(
                    link_button("Browse courses", "/catalogue", kind="primary", size="l"),
                    rx.cond(
                        ViewerState.signed_in,
                        link_button("Go to your courses", "/home", size="l", icon_end="arrow-right"),
                        link_button("Sign in", "/sign-in", size="l"),
                    ),
                    class_name="ly-landing-acts",
                ),
                class_name="ly-landing-in",
            ),
            class_name="ly-landing-hero",
        ),
        rx.el.section(
            rx.el.div(
                _reason(
                    "book-open",
                    "Read, then try",
                    "Pages are set to be read at length. Questions stand where they help, and say why an answer holds or does not.",
                ),
                _reason(
                    "route",
                    "Progress that says why",
                    "Open any percentage: what counts, what is done, what is left. It moves in every open tab as you work.",
                ),
                _reason(
                    "award",
                    "Certificates that hold",
                    "Finish a course and the certificate comes by itself. Its code can be checked by anyone, at any time.",
                ),
                class_name="ly-landing-three",
            ),
            class_name="ly-landing-in ly-landing-part",
        ),
        rx.el.section(
            rx.el.div(
                rx.el.div(
                    rx.el.h2("For those who teach", class_name="ly-landing-h"),
                    rx.el.p(
                        "Write courses and quizzes in the browser, or bring them from an Open edX archive. "
                        "Then watch a run as it happens: who is active, where people stop, how the scores fall.",
                        class_name="ly-landing-lead",
                    ),
                    class_name="ly-stack",
                    data_gap="8",
                ),
                link("Start teaching", href="/teach"),
                class_name="ly-landing-teach",
            ),
            class_name="ly-landing-in ly-landing-part",
        ),
        rx.el.footer(
            rx.el.p("Lyceum keeps what it knows about you sealed, and tells you what that is."),
            rx.el.p(plain_link("REST reference", href="/api/docs")),
            class_name="ly-landing-in ly-landing-foot",
        ),
    )


def _reason(name: str, title: str, sentence: str) -> rx.Component:
    icons = {"book-open": icon("book-open"), "route": icon("route"), "award": icon("award")}
    return rx.el.div(rx.el.span(icons[name], class_name="ly-landing-sign"), rx.el.h2(title), rx.el.p(sentence))
