"""Who may see and do what in a course. What somebody may not see does not exist for them."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, authored_outline, authoring, duplicating, placing, queries
from lms_app.domain.enrollments import enrolling_many, enrollments, invitation_links, runs, waiting_list
from lms_app.domain.enrollments.runs import RunForm
from lms_app.errors import NotFound
from lms_app.models import Lesson, Membership, Module
from lms_app.words import Role, StaffRole
from tests.support.campus import Campus, new_campus

READS: dict[str, Callable[[Campus, Actor], object]] = {
    "run": lambda campus, actor: runs.run_sheet(campus.session, actor, campus.course.id),
    "waiting list": lambda campus, actor: waiting_list.waiting_list(campus.session, actor, campus.course.id),
    "course": lambda campus, actor: access.staffed_course(campus.session, actor, campus.course.id),
}
WRITES: dict[str, Callable[[Campus, Actor], object]] = {
    "settings": lambda campus, actor: access.editable_course(campus.session, actor, campus.course.id),
    "module": lambda campus, actor: authoring.add_module(campus.session, actor, campus.course.id, "New"),
    "page": lambda campus, actor: authoring.publish_page(campus.session, actor, campus.page("Sand").id),
    "rename": lambda campus, actor: authoring.rename(campus.session, actor, "page", campus.page("Sand").id, "Dunes"),
    "archive": lambda campus, actor: authoring.archive(campus.session, actor, "page", campus.page("Sand").id),
    "outline": lambda campus, actor: authored_outline.authored_outline(campus.session, actor, campus.course.id),
    "place": lambda campus, actor: placing.place(campus.session, actor, "page", campus.page("Sand").id, campus.page("Sand").lesson_id, None),
    "duplicate": lambda campus, actor: duplicating.duplicate(campus.session, actor, "page", campus.page("Sand").id),
    "restore": lambda campus, actor: authoring.restore(campus.session, actor, "page", campus.page("Sand").id),
    "publish part": lambda campus, actor: authoring.publish(campus.session, actor, "lesson", campus.page("Sand").lesson_id),
    "publish": lambda campus, actor: authoring.publish_course(campus.session, actor, campus.course.id),
    "unpublish": lambda campus, actor: authoring.unpublish_course(campus.session, actor, campus.course.id),
    "set up run": lambda campus, actor: runs.set_up(campus.session, actor, campus.course.id, RunForm(time_zone="UTC")),
    "link": lambda campus, actor: invitation_links.make(campus.session, actor, campus.course.id),
    "list": lambda campus, actor: enrolling_many.preview(campus.session, actor, campus.course.id, "new@example.org"),
    "prerequisite": lambda campus, actor: queries.possible_prerequisites(campus.session, actor, campus.course.id, "sand"),
    "quiz": lambda campus, actor: access.editable_assessment(campus.session, actor, campus.quiz("Final quiz").id),
}


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def staff(campus: Campus, role: StaffRole) -> Actor:
    """Somebody who has a role in the course."""
    actor = campus.person(teaches=True)
    campus.session.add(Membership(course_id=campus.course.id, person_id=actor.person_id, role=role, created_at=clock.now()))
    campus.session.flush()
    return actor


def may(campus: Campus, actor: Actor, act: str) -> bool:
    """Whether somebody may do something, which is done then."""
    try:
        (READS | WRITES)[act](campus, actor)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("act", READS | WRITES)
@pytest.mark.parametrize("role", StaffRole)
def test_all_of_the_staff_see_the_course_and_owners_and_editors_author(campus: Campus, role: StaffRole, act: str) -> None:
    assert may(campus, staff(campus, role), act) == (act in READS or role in (StaffRole.OWNER, StaffRole.EDITOR))


@pytest.mark.parametrize("act", READS | WRITES)
def test_another_instructors_course_does_not_exist(campus: Campus, act: str) -> None:
    with pytest.raises(NotFound):
        (READS | WRITES)[act](campus, campus.person(teaches=True))


@pytest.mark.parametrize("act", READS | WRITES)
def test_an_owner_who_may_no_longer_teach_has_no_courses(campus: Campus, act: str) -> None:
    actor = Actor(person_id=campus.instructor.person_id, roles=frozenset({Role.STUDENT}))
    with pytest.raises(NotFound):
        (READS | WRITES)[act](campus, actor)


def test_a_draft_course_is_nobodys_but_its_staffs(session: Session, redis_url: str) -> None:
    campus = new_campus(session, publish=False)
    for actor in (None, campus.student, campus.instructor):
        with pytest.raises(NotFound):
            queries.course_page(session, actor, campus.slug)
        assert queries.catalogue(session, actor).cards == []
    with pytest.raises(NotFound):
        enrollments.enroll(session, campus.student, campus.slug)
    assert [course.slug for course in queries.taught_courses(session, campus.instructor)] == [campus.slug]


EVERYTHING = {"page Stones", "page Final quiz", "quiz Try it", "quiz Final quiz"}


def readable(campus: Campus) -> set[str]:
    """What of a page and a quiz of each kind opens to the student."""
    session, student, found = campus.session, campus.student, set[str]()
    for title, quiz in (("Stones", "Try it"), ("Final quiz", "Final quiz")):
        with suppress(NotFound):
            found.add(f"page {access.learned_page(session, student, campus.page(title).id)[0].title}")
        with suppress(NotFound):
            found.add(f"quiz {access.learned_assessment(session, student, campus.quiz(quiz).id).assessment.title}")
    return found


def test_pages_and_quizzes_are_open_to_those_who_take_the_course_for_as_long_as_they_do(campus: Campus) -> None:
    assert readable(campus) == set()
    enrollment = campus.enroll()
    assert readable(campus) == EVERYTHING
    assert access.learned_page(campus.session, campus.student, campus.page("Stones").id)[1] == enrollment
    enrollments.withdraw(campus.session, campus.student, campus.slug)
    assert readable(campus) == set()


def test_unpublishing_closes_a_course_and_publishing_opens_it_again(campus: Campus) -> None:
    campus.enroll()
    authoring.unpublish_course(campus.session, campus.instructor, campus.course.id)
    assert readable(campus) == set()
    authoring.publish_course(campus.session, campus.instructor, campus.course.id)
    assert readable(campus) == EVERYTHING


@pytest.mark.parametrize("kind", ["module", "lesson", "page"])
def test_what_was_taken_out_of_the_course_cannot_be_opened_by_its_id(campus: Campus, kind: str) -> None:
    campus.enroll()
    page, quiz = campus.page("Stones"), campus.quiz("Try it")
    lesson = campus.session.get_one(Lesson, page.lesson_id)
    module = campus.session.get_one(Module, lesson.module_id)
    authoring.archive(campus.session, campus.instructor, kind, {"module": module.id, "lesson": lesson.id, "page": page.id}[kind])
    campus.session.flush()
    with pytest.raises(NotFound):
        access.learned_page(campus.session, campus.student, page.id)
    with pytest.raises(NotFound):
        access.learned_assessment(campus.session, campus.student, quiz.id)


def test_a_page_that_was_never_published_is_closed_to_students(campus: Campus) -> None:
    campus.enroll()
    page = authoring.add_page(campus.session, campus.instructor, campus.page("Sand").lesson_id, "Clay")
    with pytest.raises(NotFound):
        access.learned_page(campus.session, campus.student, page.id)
