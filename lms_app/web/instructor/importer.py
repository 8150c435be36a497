"""The island that sends a course archive."""

from typing import Any

import reflex as rx

from lms_app.web.island_files import beside


class ImportIsland(rx.NoSSRComponent):
    """A place to drop a file on. `on_uploaded` fires with the import's id once the server has the archive."""

    library = f"$/public/{beside('import_island.jsx')}"
    tag = "ImportIsland"

    limit_mb: rx.Var[int]
    on_uploaded: rx.EventHandler[lambda import_id: [import_id]]


def importer(limit_mb: Any, on_uploaded: Any) -> rx.Component:
    """The place to drop an archive."""
    return ImportIsland.create(limit_mb=limit_mb, on_uploaded=on_uploaded)
