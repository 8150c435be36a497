"""The sweep behind submissions that nobody asked about again."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.assessments import attempts, closing
from lms_app.domain.enrollments import enrollments
from lms_app.models import Attempt
from lms_app.words import AttemptStatus, Role
from tests.support.campus import new_campus
from tests.support.people import sign_in
from workers.default import grade_handed_in


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
