"""What stands in the page's place when the page itself breaks in the browser."""

from typing import Any

import reflex as rx
from reflex.event import noop
from reflex.state import FrontendEventExceptionState
from reflex_components_core.base.error_boundary import ErrorBoundary

from lms_app.web.components.buttons import button

# Reflex would reload the page by a script that our policy keeps from running.
FrontendEventExceptionState.auto_reload_on_errors.clear()


def failure_boundary(stateful: bool) -> Any:
    """Wraps every page. What broke is reported to the server, and not shown: its text is for whoever wrote the page."""
    fallback = rx.el.main(
        rx.el.section(
            rx.el.h1("This page has stopped working", class_name="ly-page-title"),
            rx.el.p("The fault is ours, and it has been noted. Nothing that you saved is lost.", class_name="ly-quiet"),
            button("Reload the page", kind="primary", custom_attrs={"onClick": rx.Var("() => window.location.reload()")}),
            class_name="ly-empty",
        ),
    )
    reported: dict[str, Any] = {} if stateful else {"on_error": noop()}
    return ErrorBoundary.create(fallback_render=rx.Var.create(fallback), **reported)
