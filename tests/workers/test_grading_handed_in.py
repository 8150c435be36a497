"""The sweeps behind submissions that nobody asked about again, and behind attempts whose time is over."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.assessments import attempts, closing
from lms_app.domain.enrollments import enrollments
from lms_app.models import Attempt
from lms_app.words import AttemptStatus, Role
from tests.support.campus import neutral_course, new_campus
from tests.support.people import sign_in
from workers.default import close_overdue_attempts, grade_handed_in


@pytest.mark.usefixtures("committed_database", "redis_url")
def test_what_cannot_be_graded_stops_no_other() -> None:
    handed_in: list[UUID] = []
    with transaction() as session:
        campus = new_campus(session)
    for student in (sign_in(Role.STUDENT), sign_in(Role.STUDENT)):
        with transaction() as session:
            enrollments.enroll(session, student.actor, campus.slug)
            sheet = attempts.start(session, student.actor, campus.quiz("Final quiz").id)
            attempts.hand_in(session, student.actor, UUID(sheet.id))
            handed_in.append(UUID(sheet.id))
    with transaction() as session:
        broken = session.get_one(Attempt, handed_in[0])
        broken.layout = [{**entry, "revision": str(uuid4())} for entry in broken.layout]
        session.add(broken)
    with clock.moved_by(closing.GRADED_AFTER + timedelta(seconds=1)):
        grade_handed_in()
    with transaction() as session:
        found = [session.get_one(Attempt, attempt_id).status for attempt_id in handed_in]
    assert found == [AttemptStatus.HANDED_IN, AttemptStatus.SUBMITTED]


@pytest.mark.usefixtures("committed_database", "redis_url")
def test_what_cannot_be_closed_stops_no_other() -> None:
    open_attempts: list[UUID] = []
    with transaction() as session:
        campus = new_campus(session, neutral_course(time_limit=60))
    for student in (sign_in(Role.STUDENT), sign_in(Role.STUDENT)):
        with transaction() as session:
            enrollments.enroll(session, student.actor, campus.slug)
            open_attempts.append(UUID(attempts.start(session, student.actor, campus.quiz("Final quiz").id).id))
    with transaction() as session:
        broken = session.get_one(Attempt, open_attempts[0])
        broken.layout = [{**entry, "revision": str(uuid4())} for entry in broken.layout]
        session.add(broken)
    with clock.moved_by(timedelta(minutes=2)):
        close_overdue_attempts()
    with transaction() as session:
        found = [session.get_one(Attempt, attempt_id).status for attempt_id in open_attempts]
    assert found == [AttemptStatus.OPEN, AttemptStatus.EXPIRED]
