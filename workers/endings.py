"""How work ends that somebody asked for and waits for: done, or refused with a reason that they understand. Never under way for good."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dramatiq.errors import Retry
from dramatiq.middleware import TimeLimitExceeded
from psycopg2.errors import QueryCanceled
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from lms_app.database import transaction
from lms_app.errors import LmsError
from lms_app.logs import report_fault

Refuse = Callable[[Session, str], None]
"""`refuse(session, sentence)` ends the work with the reason."""

TOO_LONG = "It took longer than it may. Try again later, or with less at once."


def is_lost(error: Exception) -> bool:
    """Whether the database is away, so that another try may meet it again. A statement that it gave up, because it took too long, is none of that."""
    return isinstance(error, OperationalError) and not isinstance(error.orig, QueryCanceled)


@contextmanager
def refused(job: str, refuse: Refuse) -> Iterator[None]:
    """Refuses what cannot be done and would fail again. A lost database, and another run of the same job, are left to the next try."""
    try:
        yield
    except LmsError as refusal:
        _end(refuse, refusal.sentence)
    except Retry:
        raise
    except TimeLimitExceeded:
        _end(refuse, TOO_LONG)
    except Exception as error:
        if is_lost(error):
            raise
        too_long = isinstance(error, OperationalError)
        fault = "" if too_long else report_fault(error, job=job)
        _end(refuse, TOO_LONG if too_long else f"Something went wrong on our side. Try again; if it happens again, tell us the reference {fault}.")


def _end(refuse: Refuse, sentence: str) -> None:
    with transaction() as session:
        refuse(session, sentence)
