"""Staying signed in and signing out: an island in every shell. `keeping.jsx` is what other islands send their requests by, `unsent.jsx` where
answers wait for a connection."""

from typing import Any

import reflex as rx

from lms_app.web.island_files import beside

_KEEPING = beside("keeping.jsx")
_UNSENT = beside("unsent.jsx")
_ISLAND = beside("keeper_island.jsx")


class KeeperIsland(rx.NoSSRComponent):
    """Renews the sign-in cookie before its token's time is over, once for all tabs; signs out by `data-sign-out`."""

    library = _ISLAND.importable_path
    tag = "KeeperIsland"
    lib_dependencies: list[str] = ["idb@8.0.4"]

    signed_in: rx.Var[bool]


def keeper(viewer: Any) -> rx.Component:
    """The island, once in each shell."""
    return KeeperIsland.create(signed_in=viewer.signed_in)
