"""Jobs of the analytics queue."""

from lms_app.database import transaction
from lms_app.domain.analytics import fold
from lms_app.domain.analytics.events import FOLD
from lms_app.words import JobQueue
from workers.broker import job


@job(FOLD, queue=JobQueue.ANALYTICS, max_retries=0)
def fold_events() -> None:
    """Moves the roll-ups by what happened since the last time."""
    more = True
    while more:
        with transaction() as session:
            more = fold.fold(session)
