"""Stored files: what is known about them; the bytes lie sealed in `adapters/storage.py`."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from lms_app.models.columns import Row, moment, primary_id, refers


class StoredFile(Row, table=True):
    """A file. `key_owner` is the person whose key seals the bytes, or the installation (id 0) for course files."""

    __tablename__ = "files"

    id: UUID = primary_id()
    key_owner: UUID
    person_id: UUID | None = Field(default=None, index=True)
    course_id: UUID | None = refers("courses.id", default=None)
    purpose: str
    filename: str
    media_type: str
    size: int
    storage_key: str
    created_at: datetime = moment()
