"""Exports of courses and of events, on the default queue."""

from functools import partial
from typing import IO
from uuid import UUID

from sqlmodel import Session

from lms_app.adapters import storage
from lms_app.database import transaction
from lms_app.domain.analytics import event_exports
from lms_app.domain.courses import exporting, exports
from lms_app.interchange.course_formats import WRITERS
from lms_app.interchange.neutral import Report
from lms_app.words import JobQueue
from workers.broker import HOURS, job
from workers.endings import refused
from workers.progress import Paced
from workers.sealed_files import write_sealed


def _refuse(session: Session, sentence: str, export_id: str) -> None:
    exports.refuse(session, UUID(export_id), sentence)


@job(exports.RUN, queue=JobQueue.DEFAULT, time_limit=HOURS, give_up=_refuse)
def run(export_id: str) -> None:
    """Writes a course into a sealed file as it reads it: whole, or not at all and the reason."""
    with transaction() as session:
        waiting = exports.begin(session, UUID(export_id))
    if waiting is None:
        return

    def keep(session: Session, storage_key: str, size: int, report: Report) -> bool:
        return exports.finish(session, waiting.id, storage_key=storage_key, size=size, report=report, delete=storage.delete)

    with refused(exports.RUN, partial(_refuse, export_id=export_id)):
        write_sealed(waiting.key, partial(_written, waiting), keep)


def _written(waiting: exports.Waiting, target: IO[bytes]) -> Report:
    tell = Paced(exports.note_progress, waiting.id)
    if waiting.run_id is not None:
        event_exports.write(waiting.format, waiting.run_id, target, transaction, tell)
        return Report()
    with transaction() as session:
        course = exporting.exported_course(
            session, waiting.actor, waiting.course_id, read=lambda name, key: storage.read_range(name, 0, None, key=key)
        )
    write, _ = WRITERS[waiting.format]
    return write(course, target, tell)
