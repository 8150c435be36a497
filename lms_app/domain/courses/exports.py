"""Exports of courses, and of the events of their runs: asked for, written in the background, fetched by the authors, kept for a week."""

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs, pubsub
from lms_app.crypto import INSTALLATION, key_ring
from lms_app.database import after_commit
from lms_app.domain import turns
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import event_exports
from lms_app.domain.courses import access
from lms_app.domain.courses.files import Delete, OpenFile, drop, opened
from lms_app.domain.courses.import_reports import MOST_ROWS, NotTaken
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.people.logins import actor_of
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.interchange.course_formats import WRITERS
from lms_app.interchange.neutral import Report
from lms_app.models import Course, ExportJob, Person, StoredFile
from lms_app.words import Hint, ImportStatus, JobQueue

RUN = "exports.run"
PURPOSE = "export"
MOST_AT_ONCE = 3
ENDINGS = {name: ending for name, (_, ending) in WRITERS.items()} | event_exports.FORMATS
"""How the name of a file ends, by format."""

KEPT = timedelta(days=7)
WAITING = (ImportStatus.QUEUED, ImportStatus.RUNNING)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An export that is to be done: whose, of what, in which format, and the key to seal it under. With a run it is of that run's events."""

    id: UUID
    actor: Actor
    course_id: UUID
    run_id: UUID | None
    format: str
    key: bytes


@dataclass(frozen=True, kw_only=True)
class ExportLine:
    """The newest export of a course in one format, as its authors see it. `status` is empty where there is none; `percent` is None while it has no
    measure. At most 50 things that the format does not say are shown."""

    format: str
    id: str = ""
    status: str = ""
    percent: int | None = None
    when: str = ""
    size: int = 0
    refusal: str = ""
    unsupported: list[NotTaken] = field(default_factory=list)
    more_unsupported: int = 0


def request(session: Session, actor: Actor, course_id: UUID, format_: str) -> UUID:
    """Has a course written in the background, or the events of its present run. Gives the export's id, that of one under way where there is such.

    Raises NotFound unless the actor is an owner or editor, Invalid for a format that there is not, LimitReached while three are under way.
    """
    course = access.editable_course(session, actor, course_id)
    if format_ not in ENDINGS:
        raise Invalid(f"There is no format {format_[:40]} to write.")
    turns.wait(session, f"exports:{actor.person_id}")
    under_way = select(ExportJob.id).where(ExportJob.course_id == course.id, ExportJob.format == format_, col(ExportJob.status).in_(WAITING))
    if (known := session.exec(under_way).first()) is not None:
        return known
    waiting = select(func.count()).select_from(ExportJob).where(ExportJob.person_id == actor.person_id, col(ExportJob.status).in_(WAITING))
    if session.exec(waiting).one() >= MOST_AT_ONCE:
        raise LimitReached("Three of your exports are still under way. Wait until one is done.")
    run_id = access.current_run(session, course.id).id if format_ in event_exports.FORMATS else None
    row = ExportJob(course_id=course.id, run_id=run_id, person_id=actor.person_id, format=format_, created_at=clock.now())
    session.add(row)
    session.flush()
    jobs.enqueue(session, RUN, queue=JobQueue.DEFAULT, unique_key=f"export:{row.id}", export_id=str(row.id))
    _tell(session, row)
    return row.id


def begin(session: Session, export_id: UUID) -> Waiting | None:
    """What is needed to do an export; None when it is done already, or no longer wanted."""
    row = _held(session, export_id)
    if row is None or row.status not in WAITING:
        return None
    row.status = ImportStatus.RUNNING
    session.add(row)
    _tell(session, row)
    actor = actor_of(session.get_one(Person, row.person_id))
    return Waiting(id=row.id, actor=actor, course_id=row.course_id, run_id=row.run_id, format=row.format, key=key_ring.create_once(session))


def note_progress(session: Session, export_id: UUID, done: int, total: int) -> None:
    """Says how far an export is, for the page that watches it."""
    row = session.get_one(ExportJob, export_id)
    row.done, row.total = done, total
    session.add(row)
    _tell(session, row)


def finish(session: Session, export_id: UUID, *, storage_key: str, size: int, report: Report, delete: Delete) -> bool:
    """Keeps the file of an export, in place of the one before. Not when another run of the same job did so: then nobody needs this file."""
    row = _held(session, export_id)
    if row is None or row.status not in WAITING:
        return False
    course = session.get_one(Course, row.course_id)
    file = StoredFile(
        key_owner=INSTALLATION,
        purpose=PURPOSE,
        filename=f"{course.slug}{ENDINGS[row.format]}",
        media_type="application/zip",
        size=size,
        storage_key=storage_key,
        created_at=clock.now(),
    )
    session.add(file)
    session.flush()
    earlier = select(ExportJob).where(ExportJob.course_id == row.course_id, ExportJob.format == row.format, ExportJob.id != row.id)
    for old in session.exec(earlier.where(col(ExportJob.status).not_in(WAITING))).all():
        _drop(session, old, delete)
    row.file_id = file.id
    row.report = {"unsupported": [asdict(item) for item in report.unsupported]}
    _end(session, row, ImportStatus.DONE)
    return True


def refuse(session: Session, export_id: UUID, sentence: str) -> None:
    """Ends an export that could not be done, with the reason."""
    row = _held(session, export_id)
    if row is None or row.status not in WAITING:
        return
    row.refusal = sentence
    _end(session, row, ImportStatus.FAILED)


def exports_of(session: Session, actor: Actor, course_id: UUID) -> list[ExportLine]:
    """The newest export of a course in each format, for its owners and editors. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    rows = session.exec(select(ExportJob).where(ExportJob.course_id == course.id).order_by(col(ExportJob.id))).all()
    newest = {row.format: row for row in rows}
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    return [_line(session, format_, newest.get(format_), zone) for format_ in ENDINGS]


def export_file(session: Session, actor: Actor, export_id: UUID) -> OpenFile:
    """The file of an export, for the owners and editors of its course. Raises NotFound."""
    row = session.get(ExportJob, export_id)
    file = session.get(StoredFile, row.file_id) if row is not None and row.file_id is not None else None
    if row is None or file is None:
        raise NotFound("There is no such export. It may have been made more than a week ago: make a new one.")
    access.editable_course(session, actor, row.course_id)
    return opened(session, file)


def course_at(session: Session, slug: str) -> UUID:
    """The course with this address. Raises NotFound."""
    found = session.exec(select(Course.id).where(Course.slug == slug.strip().lower())).first()
    if found is None:
        raise NotFound("There is no course with that address.")
    return found


def clean_up(session: Session, *, delete: Delete) -> None:
    """Deletes exports a week after they were made."""
    for row in session.exec(select(ExportJob).where(ExportJob.created_at < clock.now() - KEPT)).all():
        _drop(session, row, delete)


def _line(session: Session, format_: str, row: ExportJob | None, zone: ZoneInfo) -> ExportLine:
    if row is None:
        return ExportLine(format=format_)
    file = session.get(StoredFile, row.file_id) if row.file_id is not None else None
    unsupported = (row.report or {}).get("unsupported", [])
    return ExportLine(
        format=format_,
        id=str(row.id),
        status=ImportStatus(row.status).value,
        percent=row.done * 100 // row.total if row.total else None,
        when=when_in_words(row.finished_at or row.created_at, zone),
        size=file.size if file is not None else 0,
        refusal=row.refusal or "",
        unsupported=[NotTaken(**entry) for entry in unsupported[:MOST_ROWS]],
        more_unsupported=max(0, len(unsupported) - MOST_ROWS),
    )


def _held(session: Session, export_id: UUID) -> ExportJob | None:
    """The row as it is now, and no other may change it before this transaction ends."""
    return session.get(ExportJob, export_id, with_for_update=True, populate_existing=True)


def _drop(session: Session, row: ExportJob, delete: Delete) -> None:
    session.delete(row)
    drop(session, row.file_id, delete)


def _end(session: Session, row: ExportJob, status: ImportStatus) -> None:
    row.status, row.finished_at = status, clock.now()
    session.add(row)
    _tell(session, row)


def _tell(session: Session, row: ExportJob) -> None:
    course_id = row.course_id
    after_commit(session, lambda: pubsub.hint(Hint.EXPORT, course_id))
