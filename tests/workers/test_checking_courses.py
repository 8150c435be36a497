"""A course is looked through once it is saved: by the job, after the commit."""

import pytest
import redis
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from lms_app.adapters.pubsub import CHANNEL
from lms_app.database import engine, transaction
from lms_app.domain.courses import authoring, course_health, health, node_health
from lms_app.models import OutboxMessage
from tests.support.campus import new_campus

pytestmark = pytest.mark.usefixtures("committed_database")


def test_a_saved_course_is_looked_through_and_its_pages_are_told(redis_url: str) -> None:
    from workers.analytics import check_course

    with transaction() as session:
        campus = new_campus(session)
        module = authoring.add_module(session, campus.instructor, campus.course.id, "Sky")
    with transaction() as session:
        (asked,) = session.exec(select(OutboxMessage).where(OutboxMessage.job == node_health.CHECK)).all()
        assert asked.arguments == {"course_id": str(campus.course.id)}
        before = health.health(session, campus.instructor, campus.course.id)
        assert (before.lines, before.waiting, before.checked) == ([], True, "")
    with redis.Redis.from_url(f"{redis_url}/2") as client, client.pubsub(ignore_subscribe_messages=True) as hints:
        hints.subscribe(CHANNEL)
        hints.get_message(timeout=1)
        check_course(**asked.arguments)
        told = hints.get_message(timeout=5)
    assert b'"health"' in told["data"]
    assert str(campus.course.id).encode() in told["data"]
    with transaction() as session:
        after = health.health(session, campus.instructor, campus.course.id)
    assert [(line.code, line.node) for line in after.lines] == [("module_empty", str(module.id))]
    assert (after.waiting, bool(after.checked)) == (False, True)


def test_a_save_that_is_not_committed_holds_up_the_look_that_would_miss_it() -> None:
    """The job begins by taking the course's row, which whoever asked holds."""
    with transaction() as session:
        campus = new_campus(session)
    with transaction() as saving:
        authoring.add_module(saving, campus.instructor, campus.course.id, "Sky")
        with Session(engine()) as looking:
            looking.execute(text("SET LOCAL lock_timeout = '200ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                course_health.begin(looking, campus.course.id)
    with transaction() as looking:
        course_health.begin(looking, campus.course.id)
        course_health.check(looking, campus.course.id)
    with transaction() as session:
        assert [line.code for line in health.health(session, campus.instructor, campus.course.id).lines] == ["module_empty"]
