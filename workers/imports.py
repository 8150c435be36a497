"""Imports of course archives, on the default queue."""

import tempfile
import time
from pathlib import Path
from uuid import UUID

from dramatiq.errors import Retry
from sqlalchemy.exc import OperationalError

from lms_app.adapters import storage
from lms_app.database import transaction
from lms_app.domain.courses import imports
from lms_app.errors import LmsError
from lms_app.interchange.course_formats import read_course
from lms_app.logs import report_fault
from lms_app.words import JobQueue
from workers.broker import job

EVERY = 0.5
"""Least time between two notes of progress, in seconds."""


@job(imports.RUN, queue=JobQueue.DEFAULT)
def run(import_id: str) -> None:
    """Reads an archive and stores its course: all of it, or nothing and the reason."""
    subject = UUID(import_id)
    with transaction() as session:
        waiting = imports.begin(session, subject)
    try:
        if waiting is not None:
            _store(waiting)
    except imports.Cancelled:
        pass
    except LmsError as refusal:
        _refuse(subject, refusal.sentence)
    except (Retry, OperationalError):
        raise
    except Exception as error:
        _refuse(subject, f"Something went wrong on our side. Nothing was imported. Reference {report_fault(error, job=imports.RUN)}")
    with transaction() as session:
        imports.drop_archive(session, subject, delete=storage.delete)


def _store(waiting: imports.Waiting) -> None:
    with tempfile.NamedTemporaryFile(prefix="lyceum-archive-") as file:
        for piece in storage.read_range(waiting.storage_key, 0, None, key=waiting.key):
            file.write(piece)
        file.flush()
        source = read_course(Path(file.name))
    _Teller(waiting.id)(0, 0)
    stored: list[str] = []

    def put(data: bytes, *, key: bytes) -> str:
        stored.append(storage.put(data, key=key))
        return stored[-1]

    try:
        with transaction() as session:
            done = imports.finish(session, waiting, source, store=put, tell=_Teller(waiting.id))
    except BaseException:
        for key in stored:
            storage.delete(key)
        raise
    if done is None:
        # Another run of this job is at it: look again later whether it came to an end.
        raise Retry(delay=10_000)


def _refuse(subject: UUID, sentence: str) -> None:
    with transaction() as session:
        imports.refuse(session, subject, sentence)


class _Teller:
    """Notes progress in transactions of its own, so that the page moves while the course is stored."""

    def __init__(self, import_id: UUID) -> None:
        self._import_id = import_id
        self._last = 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._last < EVERY:
            return
        with transaction() as session:
            imports.note_progress(session, self._import_id, "Storing the course", done, total)
        self._last = time.monotonic()
