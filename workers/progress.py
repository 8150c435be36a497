"""How far a job is, for the page that watches it."""

import time
from collections.abc import Callable

from lms_app.database import transaction

EVERY = 0.5
"""Least time between two notes of progress, in seconds."""


class Paced:
    """Notes progress now and then by `note(session, *about, *so_far)`, in transactions of its own, so that the page moves while the work goes on."""

    def __init__(self, note: Callable[..., None], *about: object) -> None:
        self._note, self._about, self._last = note, about, 0.0

    def __call__(self, *so_far: object) -> None:
        if time.monotonic() - self._last < EVERY:
            return
        with transaction() as session:
            self._note(session, *self._about, *so_far)
        self._last = time.monotonic()
