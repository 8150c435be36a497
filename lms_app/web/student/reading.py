"""The island that watches a page being read."""

from typing import Any

import reflex as rx

from lms_app.web.components.attending import ATTENDING
from lms_app.web.components.moments import MOMENTS
from lms_app.web.island_files import beside

_PARTS = [ATTENDING, MOMENTS]
"""What the island imports."""


class ReadingIsland(rx.NoSSRComponent):
    """Posts heartbeats for `page_id` while it is `open` to its reader; `on_complete` fires once the server says that a `watched` page is complete,
    and soon after the moment `again_at` (ISO 8601, "" for none), when the clock may have opened something."""

    library = f"$/public/{beside('reading_island.jsx')}"
    tag = "ReadingIsland"

    page_id: rx.Var[str]
    open: rx.Var[bool]
    watched: rx.Var[bool]
    again_at: rx.Var[str]
    on_complete: rx.EventHandler[lambda: []]


def reading(page_id: Any, *, open: Any, watched: Any, on_complete: Any, again_at: Any) -> rx.Component:
    """Stands at the end of the article."""
    return ReadingIsland.create(page_id=page_id, open=open, watched=watched, on_complete=on_complete, again_at=again_at)
