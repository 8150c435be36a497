"""The course as its author sees it, and the roster beside it."""

import pytest
from sqlalchemy import event
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.courses import authoring, builder
from lms_app.domain.enrollments import roster
from lms_app.errors import NotFound
from lms_app.models import Membership
from lms_app.words import CompletionRule, StaffRole
from tests.support.campus import new_actor, new_campus
from tests.support.writing import write_markdown


def test_an_empty_course_has_nothing_and_says_so(session: Session) -> None:
    campus = new_campus(session)
    course = authoring.create_course(session, campus.instructor, title="Empty")
    view = builder.course_builder(session, campus.instructor, course.id)
    assert (view.title, view.pages, view.drafts, view.quiz_drafts, view.held_back) == ("Empty", 0, 0, 0, 0)


def test_the_builder_counts_how_pages_stand_for_students(session: Session) -> None:
    campus = new_campus(session)
    sand = campus.page("Sand")
    write_markdown(session, campus.instructor, sand, "New.")
    authoring.add_page(session, campus.instructor, sand.lesson_id, "Clay")
    optional = authoring.add_page(session, campus.instructor, sand.lesson_id, "Mud")
    optional.required, optional.completion_rule = False, CompletionRule.READ
    session.flush()
    view = builder.course_builder(session, campus.instructor, campus.course.id)
    assert (view.pages, view.drafts, view.held_back) == (5, 2, 1)


def test_reading_the_builder_takes_as_many_statements_whatever_the_course_holds(session: Session) -> None:
    campus = new_campus(session)

    sent: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *call: sent.append(call[2]))

    def statements() -> int:
        session.expire_all()
        sent.clear()
        builder.course_builder(session, campus.instructor, campus.course.id)
        return len(sent)

    few = statements()
    for number in range(20):
        authoring.add_page(session, campus.instructor, campus.page("Sand").lesson_id, f"Clay {number}")
    session.flush()
    assert statements() == few


def test_the_builder_knows_whether_anything_waits_to_be_published(session: Session) -> None:
    campus = new_campus(session)

    def waiting() -> tuple[int, int]:
        view = builder.course_builder(session, campus.instructor, campus.course.id)
        return view.drafts, view.quiz_drafts

    assert waiting() == (0, 0)
    quiz = campus.quiz("Try it")
    first = quiz_authoring.lines_of(session, quiz)[0]
    quiz_authoring.move_question(session, campus.instructor, quiz.id, first.question_id, 1)
    assert waiting() == (0, 1), "the page stands as it was, its quiz does not"
    authoring.publish_course(session, campus.instructor, campus.course.id)
    assert waiting() == (0, 0)


def test_what_is_archived_is_not_in_the_builder(session: Session) -> None:
    campus = new_campus(session)
    authoring.archive(session, campus.instructor, "page", campus.page("Sand").id)
    assert builder.course_builder(session, campus.instructor, campus.course.id).pages == 2


def test_the_roster_finds_names_and_pages_them(session: Session) -> None:
    campus = new_campus(session)
    campus.enroll()
    for number in range(51):
        campus.enroll(campus.person(f"Łucja Wójcik {number:02}"))
    first = roster.roster(session, campus.instructor, campus.course.id)
    assert (first.learners, first.total, first.pages, len(first.lines)) == (52, 52, 2, 50)
    assert first.lines[0].name == "Ada Learner"
    assert len(roster.roster(session, campus.instructor, campus.course.id, page=2).lines) == 2
    found = roster.roster(session, campus.instructor, campus.course.id, "wójcik 07")
    assert [line.name for line in found.lines] == ["Łucja Wójcik 07"]


def test_neither_is_open_to_others(session: Session) -> None:
    campus = new_campus(session)
    campus.enroll()
    for stranger in (campus.student, new_actor(session, "Otto Other", teaches=True)):
        with pytest.raises(NotFound):
            builder.course_builder(session, stranger, campus.course.id)
        with pytest.raises(NotFound):
            roster.roster(session, stranger, campus.course.id)


def test_who_does_not_author_a_course_is_led_elsewhere_and_told_what_they_may(session: Session) -> None:
    campus = new_campus(session)
    for role, may in ((StaffRole.EDITOR, True), (StaffRole.GRADER, False), (StaffRole.VIEWER, False)):
        actor = new_actor(session, f"A {role}", teaches=True)
        session.add(Membership(course_id=campus.course.id, person_id=actor.person_id, role=role, created_at=clock.now()))
        session.flush()
        assert builder.may_build(session, actor, campus.course.id) is may
        assert roster.roster(session, actor, campus.course.id).role == role
    with pytest.raises(NotFound):
        builder.may_build(session, new_actor(session, "Sam Stranger", teaches=True), campus.course.id)
