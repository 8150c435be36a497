"""The job that looks for what time has brought: step by step, one worker at a time, and no step stops another."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.notifications import reminders
from lms_app.models import Notification
from lms_app.words import NotificationKind
from tests.support.campus import neutral_course, new_campus
from workers import notifications

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


def due_tomorrow() -> None:
    with transaction() as session:
        campus = new_campus(session, neutral_course("due", closes_at=(clock.now() + timedelta(hours=20)).isoformat()))
        campus.enroll()


def told() -> list[str]:
    with transaction() as session:
        return list(session.exec(select(Notification.kind).where(Notification.kind == NotificationKind.DUE_SOON)).all())


def test_whoever_runs_it_twice_tells_once() -> None:
    due_tomorrow()
    notifications.remind()
    notifications.remind()
    assert told() == ["due_soon"]


def test_a_step_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Session, __: object) -> None:
        raise RuntimeError

    due_tomorrow()
    monkeypatch.setattr(reminders, "STEPS", (fail, *reminders.STEPS))
    notifications.remind()
    assert told() == ["due_soon"]


def test_while_one_worker_is_at_it_another_does_nothing() -> None:
    due_tomorrow()
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        other.execute(text("SELECT pg_advisory_lock(:key)"), {"key": notifications.REMINDERS_LOCK})
        notifications.remind()
        assert told() == []
        other.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": notifications.REMINDERS_LOCK})
    notifications.remind()
    assert told() == ["due_soon"]
