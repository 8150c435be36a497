"""Imports of course archives, on the default queue."""

import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import UUID

from dramatiq.errors import Retry
from sqlmodel import Session

from lms_app.adapters import storage
from lms_app.database import transaction
from lms_app.domain.courses import imports
from lms_app.interchange.course_formats import read_course
from lms_app.words import JobQueue
from workers.broker import job
from workers.endings import refused
from workers.progress import Paced


def _refuse(session: Session, sentence: str, import_id: str) -> None:
    imports.refuse(session, UUID(import_id), sentence)
    imports.drop_archive(session, UUID(import_id), delete=storage.delete)


@job(imports.RUN, queue=JobQueue.DEFAULT, give_up=_refuse)
def run(import_id: str) -> None:
    """Reads an archive and stores its course: all of it, or nothing and the reason."""
    subject = UUID(import_id)
    with transaction() as session:
        waiting = imports.begin(session, subject)
    if waiting is not None:
        with refused(imports.RUN, partial(_refuse, import_id=import_id)), suppress(imports.Cancelled):
            _store(waiting)
    with transaction() as session:
        imports.drop_archive(session, subject, delete=storage.delete)


def _store(waiting: imports.Waiting) -> None:
    with tempfile.NamedTemporaryFile(prefix="lyceum-archive-") as file:
        for piece in storage.read_range(waiting.storage_key, 0, None, key=waiting.key):
            file.write(piece)
        file.flush()
        source = read_course(Path(file.name))
    tell = Paced(imports.note_progress, waiting.id, "Storing the course")
    tell(0, 0)
    stored: list[str] = []

    def put(data: bytes, *, key: bytes) -> str:
        stored.append(storage.put(data, key=key))
        return stored[-1]

    try:
        with transaction() as session:
            done = imports.finish(session, waiting, source, store=put, tell=tell)
    except BaseException:
        for key in stored:
            storage.delete(key)
        raise
    if done is None:
        # Another run of this job is at it: look again later whether it came to an end.
        raise Retry(delay=10_000)
