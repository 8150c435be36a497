"""Groups of a run, the exceptions made for them, and more time for a person everywhere."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.assessments import accommodations, attempts, overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.enrollments import enrollments, groups
from lms_app.errors import Invalid, NotFound
from lms_app.models import Attempt, Membership, Person
from lms_app.words import StaffRole
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
    sheet = groups.group_sheet(session, actor, course_id, group)
    assert (sheet.name, [(one.id, one.name, one.inside) for one in sheet.people]) == ("Evening class", [(str(enrollment.id), "Ada Learner", True)])
    overrides.set_override(session, actor, campus.quiz("Final quiz").id, Override(extra_seconds=300), group_id=group)
    assert minutes(campus, session) == 15


def test_a_group_that_goes_takes_its_exceptions_with_it(campus: Campus, session: Session) -> None:
    actor, course_id, quiz_id = campus.instructor, campus.course.id, campus.quiz("Final quiz").id
    enrollment = campus.enroll()
    group = groups.add_group(session, actor, course_id, "Evening class")
    groups.add_member(session, actor, course_id, group, enrollment.id)
    overrides.set_override(session, actor, quiz_id, Override(extra_seconds=300), group_id=group)
    groups.remove_group(session, actor, course_id, group)
    assert (groups.group_list(session, actor, course_id).groups, overrides.overrides(session, actor, quiz_id)) == ([], [])
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
    accommodations.accommodate(session, email, time_factor=Decimal("1.5"))
    assert minutes(campus, session) == 15
    with pytest.raises(NotFound):
        accommodations.accommodate(session, "nobody@example.org", time_factor=Decimal("1.5"))
    with pytest.raises(Invalid):
        accommodations.accommodate(session, email, time_factor=Decimal(11))


def test_a_group_is_renamed_to_what_no_other_is_called(campus: Campus, session: Session) -> None:
    actor, course_id = campus.instructor, campus.course.id
    evening, _ = (groups.add_group(session, actor, course_id, name) for name in ("Evening class", "Morning class"))
    groups.rename_group(session, actor, course_id, evening, "evening  CLASS")
    with pytest.raises(Invalid):
        groups.rename_group(session, actor, course_id, evening, "Morning Class")
    with pytest.raises(Invalid):
        groups.rename_group(session, actor, course_id, evening, "  ")
    assert [group.name for group in groups.group_list(session, actor, course_id).groups] == ["evening CLASS", "Morning class"]


def test_an_open_group_lists_its_members_and_searches_everybody(campus: Campus, session: Session) -> None:
    actor, course_id = campus.instructor, campus.course.id
    inside, outside = campus.enroll(), campus.enroll(campus.person("Bea Learner"))
    group = groups.add_group(session, actor, course_id, "Evening class")
    groups.add_member(session, actor, course_id, group, inside.id)

    def listed(search: str = "") -> list[tuple[str, bool]]:
        return [(one.name, one.inside) for one in groups.group_sheet(session, actor, course_id, group, search).people]

    assert listed() == [("Ada Learner", True)]
    assert listed("learner") == [("Ada Learner", True), ("Bea Learner", False)]
    groups.remove_member(session, actor, course_id, group, inside.id)
    groups.add_member(session, actor, course_id, group, outside.id)
    assert listed() == [("Bea Learner", True)]
    assert [line.members for line in groups.group_list(session, actor, course_id).groups] == [1]


def test_who_has_left_is_not_counted_and_many_are_turned_like_pages(campus: Campus, session: Session) -> None:
    actor, course_id = campus.instructor, campus.course.id
    group = groups.add_group(session, actor, course_id, "Evening class")
    for number in range(51):
        groups.add_member(session, actor, course_id, group, campus.enroll(campus.person(f"Learner {number:02}")).id)
    groups.add_member(session, actor, course_id, group, campus.enroll().id)
    enrollments.withdraw(session, campus.student, campus.slug)
    sheet = groups.group_sheet(session, actor, course_id, group, page=9)
    assert (sheet.members, sheet.total, sheet.page, sheet.pages, [one.name for one in sheet.people]) == (51, 51, 2, 2, ["Learner 50"])
    assert groups.group_list(session, actor, course_id).groups[0].members == 51


@pytest.mark.parametrize("role", [StaffRole.GRADER, StaffRole.VIEWER, None])
def test_whoever_does_not_author_the_course_cannot_change_groups(campus: Campus, session: Session, role: StaffRole | None) -> None:
    course_id, enrollment = campus.course.id, campus.enroll()
    group = groups.add_group(session, campus.instructor, course_id, "Evening class")
    other = new_actor(session, "Olga Other", teaches=True)
    if role is not None:
        session.add(Membership(course_id=course_id, person_id=other.person_id, role=role, created_at=clock.now()))
        session.flush()
        assert groups.group_list(session, other, course_id).may_edit is False
        assert groups.group_sheet(session, other, course_id, group).name == "Evening class"
    for actor in (other, campus.student):
        for refused_use in (
            lambda actor=actor: groups.add_group(session, actor, course_id, "Mine"),
            lambda actor=actor: groups.rename_group(session, actor, course_id, group, "Mine"),
            lambda actor=actor: groups.remove_group(session, actor, course_id, group),
            lambda actor=actor: groups.add_member(session, actor, course_id, group, enrollment.id),
            lambda actor=actor: groups.remove_member(session, actor, course_id, group, enrollment.id),
        ):
            with pytest.raises(NotFound):
                refused_use()
    for actor in (campus.student, *([] if role else [other])):
        with pytest.raises(NotFound):
            groups.group_list(session, actor, course_id)
        with pytest.raises(NotFound):
            groups.group_sheet(session, actor, course_id, group)
