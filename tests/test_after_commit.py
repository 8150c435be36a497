"""What runs after a commit."""

from contextlib import suppress

import pytest

from lms_app.database import after_commit, savepoint, transaction


@pytest.mark.usefixtures("committed_database")
def test_acts_run_in_their_order_and_of_those_with_one_name_the_first() -> None:
    ran: list[str] = []
    with transaction() as session:
        for name, once in (("a", ""), ("b", "wake"), ("c", "wake"), ("d", ""), ("e", "other")):
            after_commit(session, lambda name=name: ran.append(name), once=once)
        assert ran == []
    assert ran == ["a", "b", "d", "e"]


@pytest.mark.usefixtures("committed_database")
def test_what_was_collected_in_a_savepoint_is_taken_back_with_it() -> None:
    ran: list[str] = []
    with transaction() as session:
        after_commit(session, lambda: ran.append("before"))
        with suppress(ZeroDivisionError), savepoint(session):
            after_commit(session, lambda: ran.append("taken back"), once="wake")
            raise ZeroDivisionError
        with savepoint(session):
            after_commit(session, lambda: ran.append("kept"), once="wake")
    assert ran == ["before", "kept"]


@pytest.mark.usefixtures("committed_database")
def test_nothing_runs_after_a_rollback() -> None:
    ran: list[str] = []

    def fail() -> None:
        with transaction() as session:
            after_commit(session, lambda: ran.append("a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert ran == []
