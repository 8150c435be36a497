"""For pages whose figures move by the clock alone."""

from typing import Any

import reflex as rx

from lms_app.web.island_files import beside


class EveryMinute(rx.NoSSRComponent):
    """Draws nothing."""

    library = f"$/public/{beside('every_minute.jsx')}"
    tag = "EveryMinute"

    on_minute: rx.EventHandler[rx.event.no_args_event_spec]


def every_minute(handler: Any) -> rx.Component:
    """Runs a handler once a minute while the page is looked at."""
    return EveryMinute.create(on_minute=handler)
