"""Reports for the staff of courses, on the default queue."""

import time
from typing import IO, Any, cast
from uuid import UUID

from dramatiq.errors import Retry
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from lms_app.adapters import storage
from lms_app.database import transaction
from lms_app.domain.reports import contents, reports, schedules
from lms_app.errors import LmsError
from lms_app.interchange import report_csv, report_pdf, report_xlsx
from lms_app.logs import report_fault
from lms_app.words import JobQueue, ReportFormat
from workers.broker import HOURS, job
from workers.exports import Pipe

EVERY = 0.5
"""Least time between two notes of progress, in seconds."""

WRITERS = {ReportFormat.XLSX: report_xlsx.write, ReportFormat.CSV: report_csv.write, ReportFormat.PDF: report_pdf.write}


@job(reports.RUN, queue=JobQueue.DEFAULT, time_limit=HOURS)
def run(report_id: str) -> None:
    """Makes a report: whole, or not at all and the reason."""
    subject = UUID(report_id)
    with transaction() as session:
        waiting = reports.begin(session, subject)
    if waiting is None:
        return
    try:
        _make(waiting)
    except reports.Cancelled:
        pass
    except LmsError as refusal:
        _refuse(subject, refusal.sentence)
    except (Retry, OperationalError):
        raise
    except Exception as error:
        _refuse(
            subject,
            f"Something went wrong on our side. Try again; if it happens again, tell us the reference {report_fault(error, job=reports.RUN)}.",
        )


@job(schedules.ORDER_DUE, queue=JobQueue.DEFAULT, max_retries=0)
def order_due() -> None:
    """Orders the reports whose time has come."""
    while True:
        with transaction() as session:
            if schedules.order_due(session) < schedules.BATCH:
                return


def _make(waiting: reports.Waiting) -> None:
    with storage.Sealing(key=waiting.key) as sealing:
        with transaction() as session:
            # One snapshot: every figure of a report is of the same moment.
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            if not reports.take_turn(session, waiting.id):
                # Another run of this job is at it: look again later whether it came to an end.
                raise Retry(delay=10_000)
            document = contents.document(session, waiting.actor, waiting.course_id, waiting.asked)
            WRITERS[waiting.format](document, cast("IO[bytes]", Pipe(sealing)), _Teller(session, waiting.id, document.total))
        size, storage_key = sealing.size, sealing.finish()
    try:
        with transaction() as session:
            kept = reports.finish(session, waiting.id, storage_key=storage_key, size=size)
    except BaseException:
        storage.delete(storage_key)
        raise
    if not kept:
        storage.delete(storage_key)


def _refuse(subject: UUID, sentence: str) -> None:
    with transaction() as session:
        reports.refuse(session, subject, sentence)


class _Teller:
    """Notes progress in transactions of its own, so that the page moves while the report is written, and learns there when it was stopped."""

    def __init__(self, reading: Any, report_id: UUID, total: int) -> None:
        self._reading, self._report_id, self._total = reading, report_id, total
        self._last = 0.0

    def __call__(self, done: int) -> None:
        if time.monotonic() - self._last < EVERY:
            return
        # A word now and then, or Postgres would end the reading while pages are drawn.
        self._reading.connection().execute(text("SELECT 1"))
        with transaction() as session:
            reports.note_progress(session, self._report_id, min(done, self._total), self._total)
        self._last = time.monotonic()
