"""The pictures that questions of a course may show: those among its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.errors import Invalid
from lms_app.models import StoredFile

MOST = 300


@dataclass(frozen=True, kw_only=True)
class CoursePicture:
    """A picture that the course has."""

    id: str
    name: str


def pictures(session: Session, course_id: UUID) -> list[CoursePicture]:
    """The pictures of a course by name, at most 300. What was archived is offered no more; a question that shows it keeps it."""
    there = _pictures(course_id).where(col(StoredFile.archived_at).is_(None))
    files = session.exec(there.order_by(col(StoredFile.filename), col(StoredFile.id)).limit(MOST)).all()
    return [CoursePicture(id=str(file.id), name=file.filename) for file in files]


def check(session: Session, course_id: UUID | None, body: Mapping[str, Any]) -> None:
    """Raises Invalid for the body of a question that is asked on a picture which is not the course's. A person's own bank (None) has no pictures."""
    if "image" not in body:
        return
    try:
        found = course_id and session.exec(_pictures(course_id).where(StoredFile.id == UUID(body["image"]["file"]))).first()
    except ValueError:
        found = None
    if not found:
        sentence = "The picture of this question must be a file of its course."
        raise Invalid(sentence, fields={"file": sentence})


def _pictures(course_id: UUID):
    return select(StoredFile).where(StoredFile.course_id == course_id, StoredFile.purpose == "course", col(StoredFile.media_type).like("image/%"))
