"""Keys: the command palette, the list of shortcuts, and the few things in every page that need a script of ours."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from lms_app.web.components.navigation import LEARN, PROFILE, TEACH
from lms_app.web.island_files import beside

_DIALOGS = beside("palette_dialog.jsx")
_ISLAND = beside("palette_island.jsx")


class KeyboardIsland(rx.NoSSRComponent):
    """Listens for keys; fetches the palette (cmdk) when it is first opened."""

    library = _ISLAND.importable_path
    tag = "KeyboardIsland"
    lib_dependencies: list[str] = ["cmdk@1.1.1"]

    learn: rx.Var[list[dict[str, str]]]
    teach: rx.Var[list[dict[str, str]]]
    signed_in: rx.Var[bool]
    student: rx.Var[bool]
    instructor: rx.Var[bool]


def keyboard(viewer: Any) -> rx.Component:
    """The island, once in each shell. Anything with `data_key="j"` and `data_key_words="Next page"` answers that key and is listed."""
    return KeyboardIsland.create(
        learn=[asdict(place) for place in (*LEARN, PROFILE)],
        teach=[asdict(place) for place in TEACH],
        signed_in=viewer.signed_in,
        student=viewer.is_student,
        instructor=viewer.is_instructor,
    )
