"""The job that makes pictures of how scores lie: of every run in which enough has moved, and again only then."""

from decimal import Decimal

import pytest
from sqlmodel import select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.analytics import own_course
from lms_app.domain.courses import access
from lms_app.models import Grade, GradeColumn, ScoreSpread
from tests.support.campus import new_campus

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


def test_a_picture_is_made_once_ten_have_a_score_and_is_left_alone_while_nothing_moves() -> None:
    from workers.analytics import picture_scores

    with transaction() as session:
        campus = new_campus(session)
        campus.enroll()
        run_id = access.current_run(session, campus.course.id).id
        column = session.exec(select(GradeColumn).where(GradeColumn.run_id == run_id)).one()
        for number in range(10):
            enrollment = campus.enroll(campus.person(f"Other {number}"))
            session.add(Grade(enrollment_id=enrollment.id, column_id=column.id, given=Decimal(number * 10), moved_at=clock.now()))
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
