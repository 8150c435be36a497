"""Reports for the staff of courses, on the default queue."""

from contextlib import suppress
from functools import partial
from typing import IO
from uuid import UUID

from dramatiq.errors import Retry
from sqlalchemy import text
from sqlmodel import Session

from lms_app.database import transaction
from lms_app.domain import turns
from lms_app.domain.analytics import fold
from lms_app.domain.reports import contents, reports, schedules
from lms_app.domain.reports.report_rules import OF_ROLLUPS
from lms_app.domain.reports.sources import source
from lms_app.interchange import report_csv, report_pdf, report_xlsx
from lms_app.words import JobQueue, ReportFormat
from workers.broker import HOURS, job
from workers.endings import refused
from workers.progress import Paced
from workers.sealed_files import write_sealed

WRITERS = {ReportFormat.XLSX: report_xlsx.write, ReportFormat.CSV: report_csv.write, ReportFormat.PDF: report_pdf.write}


def _refuse(session: Session, sentence: str, report_id: str) -> None:
    reports.refuse(session, UUID(report_id), sentence)


@job(reports.RUN, queue=JobQueue.DEFAULT, time_limit=HOURS, give_up=_refuse)
def run(report_id: str) -> None:
    """Makes a report: whole, or not at all and the reason."""
    with transaction() as session:
        waiting = reports.begin(session, UUID(report_id))
    if waiting is None:
        return

    def keep(session: Session, storage_key: str, size: int, _: None) -> bool:
        return reports.finish(session, waiting.id, storage_key=storage_key, size=size)

    with refused(reports.RUN, partial(_refuse, report_id=report_id)), suppress(reports.Cancelled):
        write_sealed(waiting.key, partial(_write, waiting), keep)


@job(schedules.ORDER_DUE, queue=JobQueue.DEFAULT, max_retries=0)
def order_due() -> None:
    """Orders the reports whose time has come."""
    while True:
        with transaction() as session:
            if schedules.order_due(session) < schedules.BATCH:
                return


def _write(waiting: reports.Waiting, target: IO[bytes]) -> None:
    note = Paced(reports.note_progress, waiting.id)
    with transaction() as session:
        # One snapshot: every figure of a report is of the same moment.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        is_early = waiting.asked.kind in OF_ROLLUPS and not fold.is_whole(session)
        if is_early or not turns.take(session, waiting.id):
            # Figures are made anew after an upgrade, or another run of this job is at it: look again later whether that came to an end.
            raise Retry(delay=10_000)
        document = contents.document(source(session, waiting.actor, waiting.course_id, waiting.asked))

        def tell(done: int) -> None:
            # A word now and then, or Postgres would end the reading while pages are drawn.
            session.connection().execute(text("SELECT 1"))
            # The page learns how far it is, and this learns whether it was stopped.
            note(min(done, document.total), document.total)

        WRITERS[waiting.format](document, target, tell)
