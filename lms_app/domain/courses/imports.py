"""Course archives on their way in: asked for, read in the background, stored whole or not at all, told about with a report."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs, pubsub
from lms_app.crypto import key_ring
from lms_app.database import after_commit
from lms_app.domain import turns
from lms_app.domain.actor import Actor
from lms_app.domain.courses import importing
from lms_app.domain.courses.files import Delete, drop
from lms_app.domain.courses.importing import Store, Tell
from lms_app.domain.notifications import inbox
from lms_app.domain.people.logins import actor_of
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound
from lms_app.interchange import neutral
from lms_app.interchange.report import report_dict
from lms_app.models import Course, ImportJob, Person, StoredFile
from lms_app.words import Hint, ImportStatus, JobQueue, NotificationKind, Role

RUN = "imports.run"
PURPOSE = "import"
MOST_AT_ONCE = 3
WAITING = (ImportStatus.QUEUED, ImportStatus.RUNNING)

_GZIP, _ZIP, _TAR = b"\x1f\x8b", b"PK\x03\x04", b"ustar"


class Cancelled(Exception):
    """An import is over: its owner has stopped it, it was given up, or another run of the job has done it."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An import that is to be done: whose it is, and where its archive lies."""

    id: UUID
    actor: Actor
    storage_key: str
    key: bytes


def check_start(start: bytes) -> None:
    """Raises Invalid unless a file that begins like this (265 bytes or more) may be an archive: .tar.gz, .tar, .zip or .imscc."""
    if not (start.startswith((_GZIP, _ZIP)) or start[257:262] == _TAR):
        raise Invalid("This is not a course archive. Choose a file that ends in .tar.gz, .zip or .imscc.")


def admit(session: Session, actor: Actor) -> bytes:
    """The key to seal an archive of the actor's under. Raises LimitReached while three of the actor's imports are not done."""
    actor.must_be(Role.INSTRUCTOR)
    turns.wait(session, f"imports:{actor.person_id}")
    waiting = session.exec(
        select(func.count()).select_from(ImportJob).where(ImportJob.person_id == actor.person_id, col(ImportJob.status).in_(WAITING))
    ).one()
    if waiting >= MOST_AT_ONCE:
        raise LimitReached("Three of your imports are still under way. Wait until one is done.")
    return key_ring.key(session, actor.person_id)


def request(session: Session, actor: Actor, filename: str, *, storage_key: str, size: int) -> UUID:
    """Has an archive read in the background that is stored under the key which `admit` gave. Gives the import's id.

    Raises what `admit` raises; then nobody needs the stored file.
    """
    admit(session, actor)
    now = clock.now()
    name = filename.replace("\\", "/").rpartition("/")[2].strip()[:200] or "course"
    file = StoredFile(
        key_owner=actor.person_id,
        person_id=actor.person_id,
        purpose=PURPOSE,
        filename=name,
        media_type="application/octet-stream",
        size=size,
        storage_key=storage_key,
        created_at=now,
    )
    session.add(file)
    session.flush()
    row = ImportJob(person_id=actor.person_id, file_id=file.id, filename=name, status=ImportStatus.QUEUED, created_at=now)
    session.add(row)
    session.flush()
    jobs.enqueue(session, RUN, queue=JobQueue.DEFAULT, unique_key=f"import:{row.id}", import_id=str(row.id))
    return row.id


def begin(session: Session, import_id: UUID) -> Waiting | None:
    """What is needed to do an import; None when it is done or refused already."""
    row = _held(session, import_id)
    if row.status not in WAITING:
        return None
    person = session.get_one(Person, row.person_id)
    file = session.get_one(StoredFile, row.file_id)
    note_progress(session, import_id, "Reading the archive", 0, 0)
    return Waiting(
        id=row.id,
        actor=actor_of(person),
        storage_key=file.storage_key,
        key=key_ring.key(session, file.key_owner),
    )


def cancel(session: Session, actor: Actor, import_id: UUID) -> None:
    """Stops an import of the actor's at its next step; nothing of it is kept. Raises NotFound, or Conflict for one that is over."""
    row = _held(session, owned(session, actor, import_id).id)
    if row.status not in WAITING:
        raise Conflict("This import is over already.")
    _end(session, row, ImportStatus.CANCELLED)


def note_progress(session: Session, import_id: UUID, stage: str, done: int, total: int) -> None:
    """Says how far an import is, for the page that watches it. Raises Cancelled for one that is over."""
    row = _held(session, import_id)
    if row.status not in WAITING:
        raise Cancelled
    row.status, row.stage, row.done, row.total = ImportStatus.RUNNING, stage, done, total
    session.add(row)
    after_commit(session, lambda: pubsub.hint(Hint.IMPORT, import_id))


def finish(session: Session, waiting: Waiting, source: neutral.Course, *, store: Store, tell: Tell) -> Course | None:
    """Stores the whole course, the report and the news of it. None when another run of the same job did so or is at it.

    Raises what `importing.store_course` raises, and Cancelled for one that is over meanwhile; then nothing of it may be committed.
    """
    if not turns.take(session, waiting.id):
        return None
    row = session.get_one(ImportJob, waiting.id)
    if row.status not in WAITING:
        return None

    def told(done: int, total: int) -> None:
        # A word now and then, or Postgres would end a transaction in which files are stored for a long while.
        session.connection().execute(text("SELECT 1"))
        tell(done, total)

    course = importing.store_course(session, waiting.actor, source, store=store, tell=told)
    # Whoever cancels or gives it up now waits until this is committed, and finds that it is over.
    if _held(session, row.id).status not in WAITING:
        raise Cancelled
    row.report = stored_report(source, course)
    row.course_id = course.id
    _end(session, row, ImportStatus.DONE)
    inbox.deliver(session, row.person_id, NotificationKind.IMPORT_FINISHED, unique_key=f"import:{row.id}", course=str(course.id))
    return course


def refuse(session: Session, import_id: UUID, sentence: str) -> None:
    """Ends an import that could not be done, with the reason for its owner."""
    row = _held(session, import_id)
    if row.status not in WAITING:
        return
    row.refusal = sentence
    _end(session, row, ImportStatus.FAILED)
    inbox.deliver(session, row.person_id, NotificationKind.IMPORT_FAILED, unique_key=f"import:{row.id}", **{"import": str(row.id)})


def drop_archive(session: Session, import_id: UUID, *, delete: Delete) -> None:
    """Deletes the archive of an import that has ended: what it held is in the course, or was refused."""
    row = session.get(ImportJob, import_id)
    if row is not None and row.status not in WAITING:
        drop(session, row.file_id, delete)


def stored_report(source: neutral.Course, course: Course) -> dict[str, Any]:
    """The report of an import, with the address that the course was given."""
    report = report_dict(source)
    return {**report, "course": {**report["course"], "id": str(course.id), "slug": course.slug}}


def owned(session: Session, actor: Actor, import_id: UUID) -> ImportJob:
    """An import of the actor's. Raises NotFound."""
    row = session.get(ImportJob, import_id)
    if row is None or row.person_id != actor.person_id or Role.INSTRUCTOR not in actor.roles:
        raise NotFound("There is no such import of yours.")
    return row


def _held(session: Session, import_id: UUID) -> ImportJob:
    """The row as it is now, and no other may change it before this transaction ends."""
    query = select(ImportJob).where(ImportJob.id == import_id).with_for_update().execution_options(populate_existing=True)
    return session.exec(query).one()


def _end(session: Session, row: ImportJob, status: ImportStatus) -> None:
    row.status, row.finished_at, row.stage = status, clock.now(), ""
    session.add(row)
    import_id = row.id
    after_commit(session, lambda: pubsub.hint(Hint.IMPORT, import_id))
