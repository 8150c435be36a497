"""What everybody's grades make, kept in this process for as long as nothing that goes into it has moved.

Of a total are kept what it was made by and of: how the run is graded, how many grades the person has, the sum of their versions and the last
moment that one moved, and which due times were over. A version grows with every change of a grade, so whatever changes one changes this too, and
what is kept is never told once it is no longer so. Nobody's name is here, and nothing is stored: a total is made again wherever it is not known.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from lms_app.adapters.cache import ShortCache
from lms_app.domain.gradebook import reading
from lms_app.domain.gradebook.views import TotalView


@dataclass(frozen=True)
class _Kept:
    """The totals of a run by enrolment, each with what it was made of, while it is graded in one way."""

    graded_by: Any
    totals: dict[UUID, tuple[Any, TotalView]] = field(default_factory=dict[UUID, tuple[Any, TotalView]])


_known: ShortCache[UUID, _Kept] = ShortCache(seconds=3600, size=50)

_MADE_OF = text("SELECT enrollment_id, count(*), sum(version), max(moved_at) FROM grades WHERE enrollment_id = ANY(:ids) GROUP BY enrollment_id")


def totals(session: Session, book: reading.Book, enrollment_ids: Collection[UUID]) -> dict[UUID, TotalView]:
    """What the grades of these people of a run make, by enrolment."""
    kept = _kept(book)
    over = book.dues_over()
    made_of: dict[UUID, Any] = {enrollment_id: (over, book.exceptions_over(enrollment_id)) for enrollment_id in enrollment_ids}
    for enrollment_id, *sums in session.execute(_MADE_OF, {"ids": list(enrollment_ids)}):
        made_of[enrollment_id] += tuple(sums)
    held = {enrollment_id: kept.totals.get(enrollment_id) for enrollment_id in enrollment_ids}
    found = {enrollment_id: one[1] for enrollment_id, one in held.items() if one is not None and one[0] == made_of[enrollment_id]}
    unknown = [enrollment_id for enrollment_id in enrollment_ids if enrollment_id not in found]
    marks = reading.read_marks(session, unknown, book.exceptions)
    for enrollment_id in unknown:
        found[enrollment_id] = book.total(marks.get(enrollment_id, {}))
        kept.totals[enrollment_id] = made_of[enrollment_id], found[enrollment_id]
    return found


def _kept(book: reading.Book) -> _Kept:
    graded_by = book.ruling, book.columns, book.categories
    held = _known.get(book.run_id)
    if held is not None and held[0].graded_by == graded_by:
        return held[0]
    fresh = _Kept(graded_by)
    _known.put(book.run_id, fresh)
    return fresh
