"""The field for a time zone."""

import reflex as rx

from lms_app.web.island_files import beside

_ISLAND = beside("zone_island.jsx")


class ZoneField(rx.NoSSRComponent):
    """A field of the form around it: the time zones that the browser knows."""

    library = _ISLAND.importable_path
    tag = "ZoneIsland"

    name: rx.Var[str]
    chosen: rx.Var[str]
    error: rx.Var[str]
    help: rx.Var[str]
