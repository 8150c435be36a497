"""The audit finds a figure that differs from its events, and administrators hear of it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.api import figures
from lms_app.database import engine, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import audit, events
from lms_app.domain.courses import access
from lms_app.domain.notifications.queries import inbox
from lms_app.ids import uuid7
from lms_app.models import Enrollment, FigureAudit, Person
from lms_app.words import NodeKind, Role, Verb
from tests.domain.analytics.test_metrics import START, act, fold_all
from tests.support.campus import Campus, new_campus
from workers import default

pytestmark = pytest.mark.usefixtures("redis_url")


@pytest.fixture
def campus(committed_database: str) -> Campus:
    with transaction() as session:
        campus = new_campus(session)
        session.get_one(Person, campus.person("Root", teaches=True).person_id).can_administer = True
    for hours, what in enumerate(("enrol", "open", "read", "fail")):
        with transaction() as session, clock.moved_to(START + timedelta(hours=hours)):
            campus.session = session
            act(campus, session, campus.student, what)
    fold_all()
    return campus


def run_of(campus: Campus) -> UUID:
    with transaction() as session:
        return access.current_run(session, campus.course.id).id


def admin() -> Actor:
    with transaction() as session:
        person_id = session.exec(select(Person.id).where(Person.can_administer)).one()
    return Actor(person_id=person_id, roles=frozenset({Role.ADMIN}))


def told() -> list[str]:
    with transaction() as session:
        return [item.sentence for item in inbox(session, admin()).items]


def test_figures_that_are_right_are_noted_and_nobody_hears_of_them(campus: Campus) -> None:
    default.audit_figures()
    with Session(engine()) as session:
        assert session.get_one(FigureAudit, run_of(campus)).drifts == []
        assert audit.drifted_runs(session) == 0
    assert told() == []


def test_nobody_hears_of_figures_that_an_upgrade_has_not_made_anew_yet(campus: Campus) -> None:
    with transaction() as session:
        session.execute(text("DELETE FROM active_hours"))
        session.execute(text("UPDATE fold_cursors SET version = 0"))
    with transaction() as session:
        assert audit.compare(session, run_of(campus)) is None
    fold_all()
    with transaction() as session:
        assert audit.compare(session, run_of(campus)) == []
        session.execute(text("UPDATE fold_cursors SET version = version + 1"))
    with transaction() as session:
        assert audit.compare(session, run_of(campus)) is None


@pytest.mark.parametrize(
    ("broken", "metrics"),
    [
        ("UPDATE run_figures SET enrolled = 9", {"enrolled"}),
        ("UPDATE item_people SET seconds = seconds + 1 WHERE seconds > 0", {"time_by_person_and_item"}),
        ("DELETE FROM run_hours", {"heat", "time_by_hour"}),
        ("UPDATE learner_figures SET items_completed = 0, last_active_at = last_active_at - interval '1 day'", {"items_completed", "last_active"}),
        ("UPDATE run_quiz_sums SET totals = totals + 1000000", {"quiz_mean"}),
    ],
)
def test_a_row_that_was_broken_is_found(campus: Campus, broken: str, metrics: set[str]) -> None:
    with transaction() as session:
        session.execute(text(broken))
    with transaction() as session:
        found = audit.compare(session, run_of(campus))
    assert found is not None
    assert metrics <= {drift.metric for drift in found}


def test_administrators_hear_of_drift_once_a_day_with_what_drifted_and_the_rebuild_ends_it(campus: Campus) -> None:
    run_id = run_of(campus)
    with transaction() as session:
        session.execute(text("UPDATE run_figures SET enrolled = 9"))
        found = [audit.Drift(metric="enrolled", keys=1, examples=[("all", 9, 1)])]
    default.audit_figures()
    with transaction() as session:
        audit.note(session, run_id, found)
        drifts = session.get_one(FigureAudit, run_id).drifts
        assert audit.drifted_runs(session) == 1
    assert [(drift["metric"], drift["examples"]) for drift in drifts] == [("enrolled", [["all", 9, 1]])]
    title = campus.course.title
    assert told() == [f"Figures of {title} differ from its events: enrolled. Run rebuild-analytics --run {run_id}."]


def test_a_run_of_which_events_are_not_folded_yet_waits(campus: Campus) -> None:
    with transaction() as session:
        enrollment = session.exec(select(Enrollment)).one()
        events.record(session, enrollment, Verb.VIEWED, NodeKind.PAGE, uuid7())
    with transaction() as session:
        assert audit.compare(session, enrollment.run_id) is None
    fold_all()
    with transaction() as session:
        assert audit.compare(session, enrollment.run_id) == []


def test_each_run_has_its_turn_and_then_rests(campus: Campus) -> None:
    run_id = run_of(campus)
    with transaction() as session:
        assert audit.due(session) == [run_id]
        audit.note(session, run_id, [])
        assert audit.due(session) == []
        with clock.moved_by(timedelta(days=1)):
            assert audit.due(session) == [run_id]


def test_whoever_watches_the_installation_sees_how_many_runs_have_drifted(campus: Campus) -> None:
    from lms_app.adapters.jobs import Backlog

    told = figures.exposition(Backlog(waiting=0, failing=0, parked=0), 3).decode()
    assert "lyceum_drifted_runs 3.0" in told
