from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, authoring, queries
from lms_app.domain.enrollments import enrollments, groups, runs, seats, waiting_list
from lms_app.domain.enrollments.runs import RunForm
from lms_app.domain.notifications.queries import inbox
from lms_app.domain.people import erasing
from lms_app.errors import LimitReached, NotFound
from lms_app.models import Enrollment, GroupMember, Membership, OutboxMessage, Run, WaitingEntry
from lms_app.words import EnrollmentStatus, StaffRole
from tests.support.at_once import at_once
from tests.support.campus import Campus, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def run_of(campus: Campus) -> Run:
    return access.current_run(campus.session, campus.course.id)


def with_seats(campus: Campus, number: str) -> int:
    return runs.set_up(campus.session, campus.instructor, campus.course.id, RunForm(time_zone="UTC", seats=number))


def wait(campus: Campus, actor: Actor) -> int | None:
    return enrollments.wait(campus.session, actor, campus.slug).position


def takes(campus: Campus, actor: Actor) -> bool:
    return seats.takes(campus.session, run_of(campus).id, actor.person_id) is not None


def told(campus: Campus, actor: Actor) -> list[str]:
    return [item.sentence for item in inbox(campus.session, actor).items]


def member(campus: Campus, role: StaffRole) -> Actor:
    actor = campus.person(f"A {role}", teaches=True)
    campus.session.add(Membership(course_id=campus.course.id, person_id=actor.person_id, role=role, created_at=clock.now()))
    campus.session.flush()
    return actor


def test_who_waits_longest_gets_the_seat_that_is_left_and_is_told_in_the_inbox_and_by_mail(campus: Campus, session: Session) -> None:
    with_seats(campus, "1")
    campus.enroll()
    second, third = campus.person("Bea"), campus.person("Cy")
    with pytest.raises(LimitReached, match="You can join its waiting list"):
        campus.enroll(second)
    assert (wait(campus, second), wait(campus, third), wait(campus, second)) == (1, 2, 1)
    assert enrollments.own_place(session, third, campus.slug).position == 2
    enrollments.withdraw(session, campus.student, campus.slug)
    assert (takes(campus, second), takes(campus, third)) == (True, False)
    assert told(campus, second) == ["A seat in Stones and sand is free: you are enrolled."]
    mails = session.exec(select(OutboxMessage).where(OutboxMessage.job == "notifications.deliver")).all()
    assert len(mails) == 1
    assert enrollments.own_place(session, third, campus.slug).position == 1
    assert wait(campus, campus.student) == 2


def test_raising_the_seats_promotes_as_many_as_there_are_new_ones_and_no_limit_everybody(campus: Campus) -> None:
    with_seats(campus, "0")
    people = [campus.person(f"Person {number}") for number in range(4)]
    assert [wait(campus, person) for person in people] == [1, 2, 3, 4]
    assert with_seats(campus, "2") == 2
    assert [takes(campus, person) for person in people] == [True, True, False, False]
    assert with_seats(campus, "1") == 0
    assert sum(takes(campus, person) for person in people) == 2
    assert with_seats(campus, "") == 2
    assert all(takes(campus, person) for person in people)


def test_removing_somebody_frees_a_seat_and_tells_them(campus: Campus, session: Session) -> None:
    with_seats(campus, "1")
    enrollment, second = campus.enroll(), campus.person("Bea")
    wait(campus, second)
    for _ in range(2):
        enrollments.remove(session, campus.instructor, campus.course.id, enrollment.id)
    assert (takes(campus, campus.student), takes(campus, second)) == (False, True)
    assert told(campus, campus.student)[0] == "The staff of Stones and sand ended your enrolment. What you did in it is kept."


def test_erasing_somebody_gives_the_seat_on_and_takes_them_off_the_lists(campus: Campus, session: Session) -> None:
    with_seats(campus, "1")
    campus.enroll()
    second, third = campus.person("Bea"), campus.person("Cy")
    wait(campus, second), wait(campus, third)
    erasing.erase(session, second.person_id, discard=lambda key: None)
    erasing.erase(session, campus.student.person_id, discard=lambda key: None)
    assert (takes(campus, second), takes(campus, third)) == (False, True)


def test_leaving_the_waiting_list_gives_up_the_place(campus: Campus, session: Session) -> None:
    with_seats(campus, "0")
    second, third = campus.person("Bea"), campus.person("Cy")
    wait(campus, second), wait(campus, third)
    for _ in range(2):
        enrollments.leave_waiting_list(session, second, campus.slug)
    with pytest.raises(NotFound):
        enrollments.own_place(session, second, campus.slug)
    assert (wait(campus, third), wait(campus, second)) == (1, 2)


def test_who_waits_for_a_run_leaves_its_list_once_another_run_takes_enrolments(campus: Campus, session: Session) -> None:
    with_seats(campus, "0")
    second = campus.person("Bea")
    wait(campus, second)
    before = access.current_run(session, campus.course.id)
    runs.choose_run(session, campus.instructor, campus.course.id, runs.create_run(session, campus.instructor, campus.course.id, title="Spring"))
    shown = queries.course_page(session, second, campus.slug)
    assert (shown.next_step, shown.position, shown.waits_elsewhere) == ("full", None, True)
    enrollments.leave_waiting_list(session, second, campus.slug)
    assert not queries.course_page(session, second, campus.slug).waits_elsewhere
    assert seats.waiting(session, before.id) == []


def test_asking_to_wait_where_a_seat_is_free_enrols(campus: Campus, session: Session) -> None:
    with_seats(campus, "1")
    place = enrollments.wait(session, campus.student, campus.slug)
    assert (place.enrolled, place.position) == (True, None)
    assert enrollments.own_place(session, campus.student, campus.slug).enrolled


def test_the_page_of_the_course_says_the_place_on_the_waiting_list(campus: Campus, session: Session) -> None:
    with_seats(campus, "1")
    campus.enroll()
    second = campus.person("Bea")
    full = queries.course_page(session, second, campus.slug)
    assert (full.next_step, full.seats_left, full.position) == ("full", 0, None)
    wait(campus, campus.person("Cy")), wait(campus, second)
    waiting = queries.course_page(session, second, campus.slug)
    assert (waiting.next_step, waiting.position) == ("waiting", 2)


def test_a_run_that_has_ended_promotes_nobody(campus: Campus, session: Session) -> None:
    with_seats(campus, "0")
    second = campus.person("Bea")
    wait(campus, second)
    run = run_of(campus)
    run.closes_at, run.seats = clock.now() - timedelta(hours=1), 5
    session.add(run)
    assert seats.promote(session, run) == 0
    assert not takes(campus, second)


def test_a_group_that_somebody_waits_for_comes_with_the_seat_unless_it_is_gone(campus: Campus, session: Session) -> None:
    with_seats(campus, "0")
    run = run_of(campus)
    evening, morning = (groups.add_group(session, campus.instructor, campus.course.id, name) for name in ("Evening", "Morning"))
    second, third = campus.person("Bea"), campus.person("Cy")
    seats.queue(session, run, second.person_id, group_id=evening)
    seats.queue(session, run, third.person_id, group_id=morning)
    groups.remove_group(session, campus.instructor, campus.course.id, morning)
    session.expire_all()
    assert with_seats(campus, "2") == 2
    assert session.exec(select(GroupMember.group_id)).all() == [evening]


def test_the_staff_sees_who_waits_by_name_and_its_authors_take_somebody_off(campus: Campus, session: Session) -> None:
    with_seats(campus, "0")
    wait(campus, campus.person("Bea")), wait(campus, campus.person("Cy"))
    viewer, editor = member(campus, StaffRole.VIEWER), member(campus, StaffRole.EDITOR)
    shown = waiting_list.waiting_list(session, viewer, campus.course.id)
    assert [(line.position, line.name) for line in shown.lines] == [(1, "Bea"), (2, "Cy")]
    first = UUID(shown.lines[0].id)
    for stranger in (viewer, member(campus, StaffRole.GRADER), campus.person("Other", teaches=True), campus.student):
        with pytest.raises(NotFound):
            waiting_list.take_off(session, stranger, campus.course.id, first)
        with pytest.raises(NotFound):
            runs.set_up(session, stranger, campus.course.id, RunForm(time_zone="UTC", seats="9"))
    for nobody in (campus.person("Other", teaches=True), campus.student):
        with pytest.raises(NotFound):
            waiting_list.waiting_list(session, nobody, campus.course.id)
    waiting_list.take_off(session, editor, campus.course.id, first)
    assert [line.name for line in waiting_list.waiting_list(session, editor, campus.course.id).lines] == ["Cy"]
    other = new_campus(session, publish=False)
    with pytest.raises(NotFound):
        waiting_list.take_off(session, other.instructor, other.course.id, UUID(shown.lines[1].id))


def test_of_eight_who_enrol_at_once_in_one_seat_one_is_let_in_and_leaving_at_once_lets_in_who_waits(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session)
        people = [campus.person(f"Person {number}") for number in range(8)]
        with_seats(campus, "1")
        run_id, slug = run_of(campus).id, campus.slug

    def enrol(actor: Actor) -> Callable[[], Any]:
        def act() -> Any:
            with transaction() as session:
                return enrollments.enroll(session, actor, slug)

        return act

    given = at_once([enrol(person) for person in people])
    assert sum(isinstance(one, enrollments.Full) for one in given) == 7
    with transaction() as session:
        assert seats.taken(session, run_id) == 1
        holder = next(person for person in people if seats.takes(session, run_id, person.person_id))
        for person in people:
            if person is not holder:
                enrollments.wait(session, person, slug)

    def leave() -> None:
        with transaction() as session:
            enrollments.withdraw(session, holder, slug)

    def more() -> None:
        with transaction() as session:
            runs.set_up(session, campus.instructor, campus.course.id, RunForm(time_zone="UTC", seats="3"))

    at_once([leave, more, *(enrol(person) for person in people if person is not holder)])
    with transaction() as session:
        assert seats.taken(session, run_id) == 3
        assert len(seats.waiting(session, run_id)) == 4
        active = session.exec(select(Enrollment.person_id).where(Enrollment.status == EnrollmentStatus.ACTIVE)).all()
        ended = session.exec(select(WaitingEntry.person_id).where(col(WaitingEntry.ended_at).is_not(None))).all()
        assert sorted(active) == sorted(ended)


def test_a_course_that_was_taken_back_keeps_its_waiting_list(campus: Campus, session: Session) -> None:
    with_seats(campus, "0")
    wait(campus, campus.student)
    authoring.unpublish_course(session, campus.instructor, campus.course.id)
    assert waiting_list.waiting_list(session, campus.instructor, campus.course.id).total == 1
