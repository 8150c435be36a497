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

TOO_LONG = "It took longer than it may. Ask for less of it, or try again when there is less to do."


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
    except OperationalError as lost:
        if not isinstance(lost.orig, QueryCanceled):
            raise
        _end(refuse, TOO_LONG)
    except Exception as error:
        _end(refuse, f"Something went wrong on our side. Try again; if it happens again, tell us the reference {report_fault(error, job=job)}.")


def _end(refuse: Refuse, sentence: str) -> None:
    with transaction() as session:
        refuse(session, sentence)
