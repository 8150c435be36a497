"""Letting this browser show messages while no page of ours is open."""

import reflex as rx

from lms_app.web.island_files import beside

MESSAGES = beside("browser_messages.jsx")


class BrowserMessages(rx.NoSSRComponent):
    """A button that asks the browser for leave, and tells the server where to send. `on_moved`: another browser shows messages now, or one less."""

    library = f"$/public/{MESSAGES}"
    tag = "BrowserMessages"

    on_moved: rx.EventHandler[lambda: []]
