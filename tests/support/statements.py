"""What a session says to the database while something is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlmodel import Session


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The statements in their order, as they are said."""
    made: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        made.append(statement)

    event.listen(session.connection(), "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(session.connection(), "before_cursor_execute", note)
