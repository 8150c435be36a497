"""Certificates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, document, moment, no_facts, primary_id, refers


class Certificate(Row, table=True):
    """That a person completed a course. One per enrolment and award version; one at most is valid. The file can be made again from the row at any
    time. `regrade_id` names the correction of marks that revoked it; it is valid again once that is undone. `by_hand` says that grades set by hand
    did. `rule` is what it was given for, so that a later rule takes none away."""

    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("enrollment_id", "award_version"),)

    id: UUID = primary_id()
    enrollment_id: UUID = refers("enrollments.id", index=False)
    run_id: UUID = refers("runs.id")
    course_id: UUID = refers("courses.id")
    person_id: UUID = refers("people.id")
    award_version: int = 1
    code: str = Field(unique=True)
    name_sealed: bytes | None = ciphertext(default=None)
    course_title: str
    signatory_name: str = ""
    signatory_title: str = ""
    template: dict[str, str] = document(default_factory=no_facts)
    rule: dict[str, Any] = document(default_factory=no_facts)
    completed_at: datetime = moment()
    issued_at: datetime = moment()
    file_id: UUID | None = refers("files.id", default=None)
    revoked_at: datetime | None = moment(default=None)
    revoked_because: str | None = None
    regrade_id: UUID | None = None
    by_hand: bool = False

    name = sealed("name_sealed")
