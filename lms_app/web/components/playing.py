"""Videos and recordings that go on where they were left, transcripts that follow, and what comes from elsewhere on a click."""

from typing import Any

import reflex as rx

from lms_app.web.island_files import beside

PLAYING = beside("playing_island.jsx")


class Playing(rx.NoSSRComponent):
    """Stands last among the blocks that it serves. `blocks` tells when they are others; `page_id` is their page."""

    library = PLAYING.importable_path
    tag = "Playing"

    blocks: rx.Var[list[Any]]
    page_id: rx.Var[str]


def playing(blocks: Any, page_id: Any) -> rx.Component:
    """The island, inside the element that holds the blocks."""
    return Playing.create(blocks=blocks, page_id=page_id)
