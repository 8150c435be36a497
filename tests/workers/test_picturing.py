"""The job that makes pictures of how scores lie: of every run in which enough has moved, and again only then."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from psycopg2.errors import QueryCanceled
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.analytics import own_course, spreads
from lms_app.domain.courses import access
from lms_app.models import Grade, GradeColumn, ScoreSpread
from tests.support.campus import Campus, neutral_course, new_campus

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


@pytest.fixture
def runs() -> list[UUID]:
    """Two runs in which ten have a score, in the order in which they are looked at."""
    made = []
    for number in range(2):
        with transaction() as session:
            campus = new_campus(session, neutral_course(f"pictured-{number}"))
            made.append(_with_scores(campus))
    return sorted(made)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The runs whose scores were read."""
    found, read = [], spreads.places_now
    monkeypatch.setattr(spreads, "places_now", lambda session, run_id: (found.append(run_id), read(session, run_id))[1])
    return found


def _with_scores(campus: Campus) -> UUID:
    session = campus.session
    run_id = access.current_run(session, campus.course.id).id
    column = session.exec(select(GradeColumn).where(GradeColumn.run_id == run_id)).one()
    for number in range(10):
        enrollment = campus.enroll(campus.person(f"Other {number}"))
        session.add(Grade(enrollment_id=enrollment.id, column_id=column.id, given=Decimal(number * 10), moved_at=clock.now()))
    return run_id


def _pictured() -> list[UUID]:
    with transaction() as session:
        return list(session.exec(select(ScoreSpread.run_id).where(col(ScoreSpread.made_at).is_not(None))).all())


@pytest.mark.parametrize(
    "error", [LookupError(), OperationalError("SELECT 1", {}, QueryCanceled())], ids=["a fault", "a statement that takes too long"]
)
def test_a_run_that_cannot_be_pictured_keeps_no_other_from_it_and_waits_its_time(
    runs: list[UUID], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    from workers import analytics

    read, faults = spreads.places_now, []

    def places_now(session: Session, run_id: UUID) -> dict[UUID, int]:
        if run_id == runs[0]:
            raise error
        return read(session, run_id)

    monkeypatch.setattr(spreads, "places_now", places_now)
    monkeypatch.setattr(analytics, "report_fault", lambda error, **about: faults.append(about["run"]))
    for _ in range(2):
        analytics.picture_scores()
    assert _pictured() == runs[1:]
    assert faults == [str(runs[0])]
    monkeypatch.setattr(spreads, "places_now", read)
    with clock.moved_to(clock.now() + timedelta(days=1, minutes=1)):
        analytics.picture_scores()
    assert sorted(_pictured()) == runs


def test_two_jobs_at_once_share_the_runs_out(runs: list[UUID], looked: list[UUID]) -> None:
    with transaction() as session:
        assert spreads.due(session) == runs
    with transaction() as one:
        assert spreads.picture_if_due(one, runs[0])
        with transaction() as other:
            assert spreads.due(other) == runs
            assert not spreads.picture_if_due(other, runs[0])
            assert spreads.picture_if_due(other, runs[1])
    # Each goes on with what was due when it began.
    for run_id in runs:
        with transaction() as session:
            assert not spreads.picture_if_due(session, run_id)
    assert looked == runs


def test_two_jobs_that_come_to_a_run_at_once_look_once(runs: list[UUID], looked: list[UUID]) -> None:
    with transaction() as session:
        spreads.picture(session, runs[0])
    looked.clear()
    with clock.moved_to(clock.now() + timedelta(days=2)), transaction() as one:
        assert not spreads.picture_if_due(one, runs[0]), "nothing has moved"
        with transaction() as other:
            assert not spreads.picture_if_due(other, runs[0])
    assert looked == runs[:1]


def test_a_picture_is_made_once_ten_have_a_score_and_is_left_alone_while_nothing_moves() -> None:
    from workers.analytics import picture_scores

    with transaction() as session:
        campus = new_campus(session)
        campus.enroll()
        run_id = _with_scores(campus)
    picture_scores()
    with transaction() as session:
        made = session.exec(select(ScoreSpread)).one()
        assert (made.run_id, made.people, made.made_at is not None) == (run_id, 10, True)
        shown = own_course.own_course(session, campus.student, campus.slug).spread
        assert [(line.people, line.own) for line in shown.lines] == [(5, False), (5, False)]
        at = made.looked_at
    picture_scores()
    with transaction() as session:
        assert session.exec(select(ScoreSpread.looked_at)).one() == at
