"""Jobs of the default queue."""

import time
from datetime import timedelta
from uuid import UUID

import structlog

from lms_app.adapters import jobs, storage
from lms_app.database import transaction
from lms_app.domain.analytics import audit
from lms_app.domain.analytics.audit import AUDIT
from lms_app.domain.assessments import closing, regrading
from lms_app.domain.assessments.attempts import CLOSE
from lms_app.domain.courses import exports
from lms_app.domain.enrollments import address_invitations
from lms_app.domain.people import leftovers
from lms_app.domain.reports import reports
from lms_app.words import JobQueue
from workers.broker import HOURS, beat, given_up, job

SWEEP = "outbox.sweep"
log = structlog.get_logger(__name__)

CLOSE_OVERDUE = "attempts.close_overdue"
GRADE_HANDED_IN = "attempts.grade_handed_in"
BEAT = "worker.beat"
CLEAN_UP = "clean_up"

AUDIT_TRIES, AUDIT_PAUSE = 5, 1.0
"""How often an audit looks for a moment in which everything of a run is folded, and the seconds in between."""

UNFINISHED_KEPT = timedelta(days=1)
"""Nothing is a day on its way in."""


@job(SWEEP, queue=JobQueue.DEFAULT, max_retries=0)
def sweep_outbox() -> None:
    """Sends again what was due and never confirmed."""
    with transaction() as session:
        jobs.sweep(session, given_up=given_up)


@job(CLOSE_OVERDUE, queue=JobQueue.DEFAULT, max_retries=0)
def close_overdue_attempts() -> None:
    """Submits, with what was saved, every attempt whose time has run out. Of what cannot be closed the log tells; the others are."""
    with transaction() as session:
        waiting = closing.overdue(session)
    for attempt_id in waiting:
        try:
            with transaction() as session:
                closing.close(session, attempt_id, wait=False)
        except Exception:
            log.exception("attempt_not_closed", attempt=str(attempt_id))


@job(GRADE_HANDED_IN, queue=JobQueue.DEFAULT, max_retries=0)
def grade_handed_in() -> None:
    """Grades what was handed in and not asked for again. Of what cannot be graded the log tells; the others are."""
    with transaction() as session:
        waiting = closing.ungraded(session)
    for attempt_id in waiting:
        try:
            with transaction() as session:
                closing.grade(session, attempt_id)
        except Exception:
            log.exception("attempt_not_graded", attempt=str(attempt_id))


@job(CLOSE, queue=JobQueue.DEFAULT)
def close_attempt(attempt_id: str) -> None:
    """Closes an attempt whose time is over."""
    with transaction() as session:
        closing.close(session, UUID(attempt_id))


@job(regrading.CARRY_ON, queue=JobQueue.DEFAULT)
def carry_on_regrade(regrade_id: str) -> None:
    """Corrects marks, or puts them back, a chunk in each transaction; what was cut off goes on where it was."""
    more = True
    while more:
        with transaction() as session:
            more = regrading.carry_on(session, UUID(regrade_id))


@job(CLEAN_UP, queue=JobQueue.DEFAULT, max_retries=0)
def clean_up() -> None:
    """Deletes what nobody needs any more."""
    with transaction() as session:
        leftovers.clean_up(session)
        exports.clean_up(session, delete=storage.delete)
        reports.clean_up(session, delete=storage.delete)
        address_invitations.clean_up(session)
    storage.sweep_unfinished(older_than=UNFINISHED_KEPT)
    more = True
    while more:
        with transaction() as session:
            more = jobs.forget_done(session)


@job(AUDIT, queue=JobQueue.DEFAULT, max_retries=0, time_limit=HOURS)
def audit_figures() -> None:
    """Counts the figures of some runs again. One of which events come all the time is tried a few times."""
    with transaction() as session:
        runs = audit.due(session)
    for run_id in runs:
        for _ in range(AUDIT_TRIES):
            with transaction() as session:
                found = audit.compare(session, run_id)
            if found is not None:
                with transaction() as session:
                    audit.note(session, run_id, found)
                break
            time.sleep(AUDIT_PAUSE)


@job(BEAT, queue=JobQueue.DEFAULT, max_retries=0)
def say_alive() -> None:
    """Leaves the worker's mark, having come through the broker as any job does."""
    beat()
