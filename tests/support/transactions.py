"""A session in the place of transactions of one's own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlmodel import Session


def within(session: Session) -> Callable[[], AbstractContextManager[Session]]:
    """What gives this session where something asks for a transaction."""

    @contextmanager
    def transaction() -> Iterator[Session]:
        yield session

    return transaction
