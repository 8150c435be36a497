"""Course files: who may have them, and under which key they are sealed."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.errors import NotFound
from lms_app.models import Course, StoredFile
from lms_app.words import Status


@dataclass(frozen=True, kw_only=True)
class OpenFile:
    """What is needed to send a file: where it lies, the key that opens it, and what it is."""

    storage_key: str
    key: bytes
    media_type: str
    filename: str
    size: int


def course_file(session: Session, actor: Actor | None, file_id: UUID) -> OpenFile:
    """A file of a course that the actor takes or is on the staff of; a published course's cover is anybody's. Raises NotFound."""
    row = session.get(StoredFile, file_id)
    if row is None or row.purpose != "course" or row.course_id is None:
        raise NotFound("There is no such file.")
    course = session.get_one(Course, row.course_id)
    is_cover = course.cover_file_id == row.id and course.status == Status.PUBLISHED
    if not is_cover and not (actor and _may_read(session, actor, course.id)):
        raise NotFound("There is no such file.")
    return opened(session, row)


def opened(session: Session, row: StoredFile) -> OpenFile:
    """A stored file with the key that opens it."""
    return OpenFile(
        storage_key=row.storage_key,
        key=key_ring.key(session, row.key_owner),
        media_type=row.media_type,
        filename=row.filename,
        size=row.size,
    )


def _may_read(session: Session, actor: Actor, course_id: UUID) -> bool:
    for find in (access.own_enrollment, access.staffed_course):
        try:
            find(session, actor, course_id)
        except NotFound:
            continue
        return True
    return False


def find_file(session: Session, file_id: UUID) -> StoredFile:
    """The row of a stored file. Raises NotFound."""
    row = session.exec(select(StoredFile).where(StoredFile.id == file_id)).first()
    if row is None:
        raise NotFound("There is no such file.")
    return row
