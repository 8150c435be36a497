"""Exports of courses and of events, on the default queue."""

import time
from collections.abc import Callable
from io import RawIOBase
from typing import IO, cast
from uuid import UUID

from dramatiq.errors import Retry
from sqlalchemy.exc import OperationalError

from lms_app.adapters import storage
from lms_app.database import transaction
from lms_app.domain.analytics import event_exports
from lms_app.domain.courses import exporting, exports
from lms_app.errors import LmsError
from lms_app.interchange.course_formats import WRITERS
from lms_app.interchange.neutral import Report
from lms_app.logs import report_fault
from lms_app.words import JobQueue
from workers.broker import HOURS, job

EVERY = 0.5
"""Least time between two notes of progress, in seconds."""


@job(exports.RUN, queue=JobQueue.DEFAULT, time_limit=HOURS)
def run(export_id: str) -> None:
    """Writes a course into a sealed file as it reads it: whole, or not at all and the reason."""
    subject = UUID(export_id)
    with transaction() as session:
        waiting = exports.begin(session, subject)
    if waiting is None:
        return
    try:
        _write(waiting)
    except LmsError as refusal:
        _refuse(subject, refusal.sentence)
    except (Retry, OperationalError):
        raise
    except Exception as error:
        _refuse(subject, f"Something went wrong on our side. Reference {report_fault(error, job=exports.RUN)}")


def _write(waiting: exports.Waiting) -> None:
    with storage.Sealing(key=waiting.key) as sealing:
        report = _written(waiting, cast("IO[bytes]", Pipe(sealing)), _Teller(waiting.id))
        size, storage_key = sealing.size, sealing.finish()
    try:
        with transaction() as session:
            kept = exports.finish(session, waiting.id, storage_key=storage_key, size=size, report=report, delete=storage.delete)
    except BaseException:
        storage.delete(storage_key)
        raise
    if not kept:
        storage.delete(storage_key)


def _written(waiting: exports.Waiting, target: IO[bytes], tell: Callable[[int, int], None]) -> Report:
    if waiting.run_id is not None:
        event_exports.write(waiting.format, waiting.run_id, target, transaction, tell)
        return Report()
    with transaction() as session:
        course = exporting.exported_course(
            session, waiting.actor, waiting.course_id, read=lambda name, key: storage.read_range(name, 0, None, key=key)
        )
    write, _ = WRITERS[waiting.format]
    return write(course, target, tell)


def _refuse(subject: UUID, sentence: str) -> None:
    with transaction() as session:
        exports.refuse(session, subject, sentence)


class Pipe(RawIOBase):
    """What a writer writes goes sealed to the disk: there is no way back in it."""

    def __init__(self, sealing: storage.Sealing) -> None:
        self._sealing = sealing

    def writable(self) -> bool:
        return True

    def write(self, data, /) -> int:  # pyright: ignore[reportMissingParameterType]
        self._sealing.write(bytes(data))
        return len(data)


class _Teller:
    """Notes progress in transactions of its own, so that the page moves while the file is written."""

    def __init__(self, export_id: UUID) -> None:
        self._export_id = export_id
        self._last = 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._last < EVERY:
            return
        with transaction() as session:
            exports.note_progress(session, self._export_id, done, total)
        self._last = time.monotonic()
