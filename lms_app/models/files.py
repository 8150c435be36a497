"""Stored files: what is known about them; the bytes lie sealed in `adapters/storage.py`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from lms_app.models.columns import Row, moment, primary_id, refers


class StoredFile(Row, table=True):
    """A file. `key_owner` is the person whose key seals the bytes, or the installation (id 0) for course files.

    `digest` is keyed, of what an author sent: the same sent twice to a course is one file. `width` and `height` of a picture are in pixels.
    """

    __tablename__ = "files"
    __table_args__ = (UniqueConstraint("course_id", "digest"),)

    id: UUID = primary_id()
    key_owner: UUID
    person_id: UUID | None = Field(default=None, index=True)
    course_id: UUID | None = refers("courses.id", default=None)
    purpose: str
    filename: str
    media_type: str
    size: int
    storage_key: str
    width: int | None = None
    height: int | None = None
    digest: bytes | None = None
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)
