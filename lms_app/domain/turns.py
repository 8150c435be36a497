"""One at a time: locks in Postgres that end with their transaction, and hold for every process."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session


def take(session: Session, subject: UUID) -> bool:
    """Whether this transaction alone is at the subject. It waits for nobody."""
    number = subject.int & (2**63 - 1)
    return bool(session.connection().execute(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number}).scalar())


def wait(session: Session, name: str) -> None:
    """Waits until no other transaction is at what has this name: whoever counts and then adds sees what others have added."""
    session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
