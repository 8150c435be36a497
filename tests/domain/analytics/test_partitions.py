from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.analytics import events, partitions
from lms_app.domain.analytics.fold import fold
from lms_app.models import Enrollment, LearningEvent, RunItem
from lms_app.words import NodeKind, Verb
from tests.support.campus import new_campus

DECEMBER = datetime(2026, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
JANUARY = datetime(2027, 1, 1, tzinfo=UTC)
PAGE = UUID(int=7)


@pytest.fixture
def enrollment(committed_database: str, redis_url: str) -> Enrollment:
    with transaction() as session, clock.moved_to(datetime(2026, 11, 3, tzinfo=UTC)):
        return new_campus(session).enroll()


def views(enrollment: Enrollment, at: datetime) -> None:
    with transaction() as session:
        events.record(session, enrollment, Verb.VIEWED, NodeKind.PAGE, PAGE, occurred_at=at)


def make(at: datetime) -> list[str]:
    with transaction() as session, clock.moved_to(at):
        return partitions.make_partitions(session)


def places() -> dict[str, list[str]]:
    """Which verbs lie in which partition."""
    with Session(engine()) as session:
        rows = session.execute(text("SELECT CAST(CAST(tableoid AS regclass) AS text), verb FROM learning_events ORDER BY id")).all()
    found: dict[str, list[str]] = {}
    for place, verb in rows:
        found.setdefault(place, []).append(verb)
    return found


def test_this_month_and_the_next_are_made_once(enrollment: Enrollment) -> None:
    assert make(DECEMBER) == ["learning_events_202612", "learning_events_202701"]
    assert make(DECEMBER) == []
    assert make(JANUARY) == ["learning_events_202702"]


def test_events_go_to_their_month_and_others_to_the_rest(enrollment: Enrollment) -> None:
    make(DECEMBER)
    views(enrollment, DECEMBER)
    views(enrollment, JANUARY)
    assert places() == {"learning_events_rest": ["enrolled"], "learning_events_202612": ["viewed"], "learning_events_202701": ["viewed"]}


def test_rows_that_came_before_their_month_was_made_move_over_and_are_folded_once(enrollment: Enrollment) -> None:
    views(enrollment, DECEMBER)
    with transaction() as session:
        fold(session)
    views(enrollment, JANUARY)
    before = all_events()
    assert make(DECEMBER) == ["learning_events_202612", "learning_events_202701"]
    assert places() == {"learning_events_rest": ["enrolled"], "learning_events_202612": ["viewed"], "learning_events_202701": ["viewed"]}
    assert all_events() == before
    with transaction() as session:
        fold(session)
    with Session(engine()) as session:
        assert session.get_one(RunItem, (enrollment.run_id, PAGE)).started == 1


def test_a_repeat_is_still_one_event_in_a_new_month(enrollment: Enrollment) -> None:
    views(enrollment, DECEMBER)
    make(DECEMBER)
    with Session(engine()) as session:
        event_id = session.exec(select(LearningEvent.id).where(LearningEvent.verb == Verb.VIEWED)).one()
    with transaction() as session:
        events.record(session, enrollment, Verb.VIEWED, NodeKind.PAGE, PAGE, event_id=event_id, occurred_at=DECEMBER)
    assert len(all_events()) == 2


def test_the_fold_finds_its_events_by_an_index_in_every_partition(enrollment: Enrollment) -> None:
    make(DECEMBER)
    with Session(engine()) as session:
        indexed = session.execute(
            text("SELECT tablename FROM pg_indexes WHERE tablename LIKE 'learning_events_%' AND indexdef LIKE '%(xid, id)%' ORDER BY 1")
        ).scalars()
        assert list(indexed) == ["learning_events_202612", "learning_events_202701", "learning_events_rest"]


def all_events() -> list[tuple[UUID, str]]:
    with Session(engine()) as session:
        return [(row.id, row.xid) for row in session.execute(text("SELECT id, CAST(xid AS text) AS xid FROM learning_events ORDER BY id"))]
