"""Staying signed in and signing out: an island in every shell. `keeping.jsx` is what other islands send their requests by."""

from typing import Any

import reflex as rx

_KEEPING = rx.asset("keeping.jsx", shared=True)
_ISLAND = rx.asset("keeper_island.jsx", shared=True)


class KeeperIsland(rx.NoSSRComponent):
    """Renews the sign-in cookie before its token's time is over, once for all tabs; signs out by `data-sign-out`."""

    library = _ISLAND.importable_path
    tag = "KeeperIsland"

    signed_in: rx.Var[bool]


def keeper(viewer: Any) -> rx.Component:
    """The island, once in each shell."""
    return KeeperIsland.create(signed_in=viewer.signed_in)
