"""The files that were sent to the questions of an attempt."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.models import Attempt, AttemptFile, StoredFile
from lms_app.words import QuestionType


@dataclass(frozen=True, kw_only=True)
class FileSheet:
    """A file that was handed in. `size` in bytes."""

    id: str
    name: str
    size: int


def sent(session: Session, attempt: Attempt) -> dict[UUID, list[FileSheet]]:
    """What was sent to each question of an attempt, in the order of coming. Empty, without a look, where no question takes files."""
    found: dict[UUID, list[FileSheet]] = {}
    if not takes_files(attempt):
        return found
    rows = session.exec(
        select(AttemptFile.question_id, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(AttemptFile.file_id))
        .where(AttemptFile.attempt_id == attempt.id)
        .order_by(col(StoredFile.id))
    ).all()
    for question_id, row in rows:
        found.setdefault(question_id, []).append(FileSheet(id=str(row.id), name=row.filename, size=row.size))
    return found


def takes_files(attempt: Attempt) -> bool:
    """Whether a question of the attempt takes files."""
    return any(entry["type"] == QuestionType.FILE_UPLOAD for entry in attempt.layout)


def only_sent(response: dict[str, Any] | None, files: list[FileSheet]) -> dict[str, Any] | None:
    """A response that names files, without those that were not sent to this question of this attempt: what is somebody else's is not given."""
    if response is None or not isinstance(response.get("files"), list):
        return response
    known = {file.id for file in files}
    return {**response, "files": [each for each in response["files"] if each in known]}
