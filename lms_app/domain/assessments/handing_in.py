"""Files handed in as an answer: admitted before their bytes come, kept, listed, sent to their owner and to whoever marks them."""

import mimetypes
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, grading, marking_queue, marking_script, sheets, timing_rules
from lms_app.domain.assessments.file_kind_rules import is_what_its_name_says
from lms_app.domain.assessments.handed_in import FileSheet
from lms_app.domain.courses import access
from lms_app.domain.courses.files import OpenFile, opened
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound
from lms_app.models import Attempt, AttemptFile, StoredFile
from lms_app.words import AttemptStatus, QuestionType

PURPOSE = "answer"
SPARE = 10
"""How many files beyond those that count may be sent, for whoever replaces one: a bound on what a person can fill the disk with."""


@dataclass(frozen=True, kw_only=True)
class Admission:
    """What may come: the key to seal it under, the clean name, at most so many bytes."""

    key: bytes
    name: str
    bytes_max: int


def admit(session: Session, actor: Actor, attempt_id: UUID, question_id: UUID, name: str) -> Admission:
    """Whether the actor may send a file of this name to a question of an open attempt of theirs. Raises NotFound, Conflict, LimitReached, Invalid."""
    attempt, body = _open(session, actor, attempt_id, question_id)
    clean = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable()).strip()[-200:]
    kinds = tuple(body.get("kinds", ()))
    if not clean:
        raise Invalid("This file has no name.")
    if kinds and not clean.lower().endswith(kinds):
        raise Invalid(f"{clean} is of another kind. Hand in {', '.join(kinds)}.")
    sent = session.exec(
        select(func.count()).select_from(AttemptFile).where(AttemptFile.attempt_id == attempt.id, AttemptFile.question_id == question_id)
    ).one()
    if sent >= body.get("files_max", 1) + SPARE:
        raise LimitReached("You have replaced files too often. Keep those that you have sent.")
    return Admission(key=key_ring.key(session, actor.person_id), name=clean, bytes_max=body.get("bytes_max", 10_000_000))


def check_start(name: str, start: bytes) -> None:
    """Raises Invalid unless a file that begins like this may have this name."""
    if not is_what_its_name_says(name, start):
        raise Invalid(f"{name} is not what its name says. Save it anew, in the kind that its name ends in.")


def keep(session: Session, actor: Actor, attempt_id: UUID, question_id: UUID, name: str, *, storage_key: str, size: int) -> FileSheet:
    """Notes a file whose bytes lie under the key that `admit` gave. Raises what `admit` raises; then nobody needs the stored bytes."""
    # Two files that come at once meet here, so that the limit holds; an attempt that is being closed is waited for.
    attempts.own_attempt(session, actor, attempt_id, lock=True)
    admitted = admit(session, actor, attempt_id, question_id, name)
    row = StoredFile(
        key_owner=actor.person_id,
        person_id=actor.person_id,
        purpose=PURPOSE,
        filename=admitted.name,
        media_type=mimetypes.guess_type(admitted.name)[0] or "application/octet-stream",
        size=size,
        storage_key=storage_key,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    session.add(AttemptFile(file_id=row.id, attempt_id=attempt_id, question_id=question_id))
    session.flush()
    return FileSheet(id=str(row.id), name=row.filename, size=row.size)


def own_file(session: Session, actor: Actor, attempt_id: UUID, file_id: UUID) -> OpenFile:
    """A file that the actor sent to an attempt. Raises NotFound."""
    attempts.own_attempt(session, actor, attempt_id)
    sent = session.get(AttemptFile, file_id)
    if sent is None or sent.attempt_id != attempt_id:
        raise NotFound("There is no such file of yours.")
    return opened(session, session.get_one(StoredFile, file_id))


def script_file(session: Session, actor: Actor, claim_id: UUID, file_id: UUID) -> OpenFile:
    """A file of the answer that the actor has in hand. Its name tells nobody where marking is anonymous. Raises NotFound."""
    claim = marking_queue.held(session, actor, claim_id)
    attempt = session.get_one(Attempt, claim.attempt_id)
    access.staffed_assessment(session, actor, attempt.assessment_id, access.MARKERS)
    shown = marking_script.files_of(session, attempt, claim.question_id)
    sheet = next((entry for entry in shown if entry.id == str(file_id)), None)
    if sheet is None:
        raise NotFound("There is no such file in this script.")
    file = opened(session, session.get_one(StoredFile, file_id))
    return OpenFile(storage_key=file.storage_key, key=file.key, media_type=file.media_type, filename=sheet.name, size=file.size)


def _open(session: Session, actor: Actor, attempt_id: UUID, question_id: UUID) -> tuple[Attempt, dict]:  # pyright: ignore[reportMissingTypeArgument]
    attempt = attempts.own_attempt(session, actor, attempt_id)
    entry = sheets.entry_of(attempt, question_id)
    if entry["type"] != QuestionType.FILE_UPLOAD or (attempt.one_way and entry["page"] != attempt.page):
        raise NotFound("There is no question here that takes files.")
    if attempt.status != AttemptStatus.OPEN:
        raise Conflict("This attempt is over. What was saved before counts.")
    if timing_rules.is_overdue(clock.now(), attempt.deadline_at):
        raise LimitReached("The time is over. What was saved before counts.")
    revision = UUID(entry["revision"])
    return attempt, grading.bodies_of(session, [revision])[revision]
