"""Jobs of the analytics queue."""

from lms_app.adapters import jobs
from lms_app.database import transaction
from lms_app.domain.analytics import fold, partitions
from lms_app.domain.analytics.events import FOLD
from lms_app.domain.analytics.partitions import MAKE_PARTITIONS
from lms_app.words import JobQueue
from workers.broker import job


@job(FOLD, queue=JobQueue.ANALYTICS, max_retries=0)
def fold_events() -> None:
    """Moves the roll-ups by what happened since the last time."""
    # From here on an event may wake the next fold: it may commit too late for this one.
    jobs.heard(FOLD)
    more = True
    while more:
        with transaction() as session:
            more = fold.fold(session)


@job(MAKE_PARTITIONS, queue=JobQueue.ANALYTICS)
def make_partitions() -> None:
    """Makes room for the events of this month and the next."""
    with transaction() as session:
        partitions.make_partitions(session)
