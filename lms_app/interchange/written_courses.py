"""What every writer of courses is given and gives."""

from collections.abc import Callable
from typing import IO, Protocol

from lms_app.interchange.neutral import Course, Report

Tell = Callable[[int, int], None]
"""`tell(done, total)`: how far the writing is."""


def untold(done: int, total: int) -> None:
    """For whoever does not want to know."""


class WriteCourse(Protocol):
    """Writes a course and gives the report of what of it the format does not say."""

    def __call__(self, course: Course, target: IO[bytes], tell: Tell = ..., /) -> Report: ...
