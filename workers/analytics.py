"""Jobs of the analytics queue."""

import time
from uuid import UUID

from lms_app.adapters import jobs
from lms_app.database import transaction
from lms_app.domain.analytics import fold, partitions, spreads
from lms_app.domain.analytics.events import FOLD, REBUILD
from lms_app.domain.analytics.partitions import MAKE_PARTITIONS
from lms_app.domain.analytics.spreads import PICTURE
from lms_app.domain.courses import course_health
from lms_app.domain.courses.node_health import CHECK
from lms_app.domain.gradebook import columns
from lms_app.domain.gradebook.columns import BRING
from lms_app.logs import report_fault
from lms_app.words import JobQueue
from workers.broker import HOURS, job
from workers.endings import is_lost

PATIENCE = 0.6
"""Seconds that a fold waits for events that it may not read yet. After that the scheduler's next wake-up is soon enough."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5
"""Seconds between two looks of a fold that waits, doubling."""


@job(FOLD, queue=JobQueue.ANALYTICS, max_retries=0, time_limit=HOURS)
def fold_events() -> None:
    """Moves the roll-ups by what happened since the last time."""
    # From here on an event may wake the next fold: it may commit too late for this one.
    jobs.heard(FOLD)
    until, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
    while True:
        with transaction() as session:
            more = fold.fold(session)
        if more:
            continue
        with transaction() as session:
            behind = fold.is_behind(session)
        if not behind or time.monotonic() > until:
            return
        # Another transaction is under way, or another fold: both end within moments, and nobody would wake us then.
        # Where many act at once that is so all the time, and each look costs as much as folding a hundred events.
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


@job(REBUILD, queue=JobQueue.ANALYTICS, time_limit=HOURS)
def rebuild_run(run_id: str) -> None:
    """Makes the figures of a run anew, whose days begin at another time now."""
    with transaction() as session:
        fold.rebuild(session, UUID(run_id))


@job(BRING, queue=JobQueue.ANALYTICS, time_limit=HOURS)
def bring_grades(column_ids: list[str]) -> None:
    """Brings what quizzes made of people before they counted into their columns."""
    with transaction() as session:
        columns.bring(session, [UUID(column_id) for column_id in column_ids])


@job(MAKE_PARTITIONS, queue=JobQueue.ANALYTICS)
def make_partitions() -> None:
    """Makes room for the events of this month and the next."""
    with transaction() as session:
        partitions.make_partitions(session)


@job(PICTURE, queue=JobQueue.ANALYTICS, max_retries=0, time_limit=HOURS)
def picture_scores() -> None:
    """Makes the pictures of how scores lie anew, of the runs in which enough has moved. One that cannot be made keeps none of the others from it."""
    with transaction() as session:
        runs = spreads.due(session)
    for run_id in runs:
        try:
            with transaction() as session:
                spreads.picture_if_due(session, run_id)
        except Exception as error:
            if is_lost(error):
                raise
            report_fault(error, job=PICTURE, run=str(run_id))
            with transaction() as session:
                spreads.pass_over(session, run_id)


@job(CHECK, queue=JobQueue.ANALYTICS)
def check_course(course_id: str) -> None:
    """Looks through a course for what is to mend. From its beginning on, whoever saves asks for another look."""
    with transaction() as session:
        course_health.begin(session, UUID(course_id))
    with transaction() as session:
        course_health.check(session, UUID(course_id))
