"""Groups of a run, the exceptions made for them, and more time for a person everywhere."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import Session

from lms_app.domain.assessments import attempts, overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.enrollments import groups
from lms_app.errors import Invalid, NotFound
from lms_app.models import Attempt, Person
from tests.support.campus import Campus, neutral_course, new_actor, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session, neutral_course(time_limit=600))


def minutes(campus: Campus, session: Session) -> float:
    """How long the student's attempt at the final quiz lasts."""
    attempt = session.get_one(Attempt, UUID(attempts.start(session, campus.student, campus.quiz("Final quiz").id).id))
    assert attempt.deadline_at is not None
    return (attempt.deadline_at - attempt.started_at).total_seconds() / 60


def test_a_group_is_made_filled_and_its_exception_holds_for_its_members(campus: Campus, session: Session) -> None:
    actor, course_id = campus.instructor, campus.course.id
    enrollment = campus.enroll()
    group = groups.add_group(session, actor, course_id, " Evening  class ")
    groups.add_member(session, actor, course_id, group, enrollment.id)
    groups.add_member(session, actor, course_id, group, enrollment.id)
    assert [(line.name, line.members) for line in groups.groups(session, actor, course_id)] == [
        ("Evening class", [(str(enrollment.id), "Ada Learner")])
    ]
    overrides.set_override(session, actor, campus.quiz("Final quiz").id, Override(extra_seconds=300), group_id=group)
    assert minutes(campus, session) == 15


def test_a_group_that_goes_takes_its_exceptions_with_it(campus: Campus, session: Session) -> None:
    actor, course_id, quiz_id = campus.instructor, campus.course.id, campus.quiz("Final quiz").id
    enrollment = campus.enroll()
    group = groups.add_group(session, actor, course_id, "Evening class")
    groups.add_member(session, actor, course_id, group, enrollment.id)
    overrides.set_override(session, actor, quiz_id, Override(extra_seconds=300), group_id=group)
    groups.remove_group(session, actor, course_id, group)
    assert (groups.groups(session, actor, course_id), overrides.overrides(session, actor, quiz_id)) == ([], [])
    assert minutes(campus, session) == 10


def test_names_are_given_once_and_others_groups_do_not_exist(campus: Campus, session: Session) -> None:
    group = groups.add_group(session, campus.instructor, campus.course.id, "Evening class")
    with pytest.raises(Invalid):
        groups.add_group(session, campus.instructor, campus.course.id, "EVENING class")
    stranger = new_actor(session, "Sam Stranger", teaches=True)
    with pytest.raises(NotFound):
        groups.remove_group(session, stranger, campus.course.id, group)


def test_an_accommodation_by_address_lengthens_every_timed_quiz(campus: Campus, session: Session) -> None:
    campus.enroll()
    email = session.get_one(Person, campus.student.person_id).email
    overrides.accommodate(session, email, time_factor=Decimal("1.5"))
    assert minutes(campus, session) == 15
    with pytest.raises(NotFound):
        overrides.accommodate(session, "nobody@example.org", time_factor=Decimal("1.5"))
    with pytest.raises(Invalid):
        overrides.accommodate(session, email, time_factor=Decimal(11))
