"""What a page that moves by itself sends: what has changed, and nothing else."""

from typing import Any

import reflex as rx


def put(state: rx.State, **values: Any) -> None:
    """Gives variables of a state their values. Those that have them already are left alone: whatever is assigned to goes to the browser, which draws
    it anew."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
