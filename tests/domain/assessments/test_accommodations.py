"""What a person needs: in every course set by an administrator on the staff of one, in a course by who authors it; and nobody else's business."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import accommodations, overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.courses import access
from lms_app.domain.enrollments import enrollments, roster
from lms_app.domain.people import erasing
from lms_app.errors import Invalid, NotAllowed, NotFound
from lms_app.models import Accommodation, AuditEntry, Enrollment, Membership, Person
from lms_app.words import Role, StaffRole
from tests.support.campus import Campus, neutral_course, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


@pytest.fixture
def enrollment(campus: Campus) -> Enrollment:
    return campus.enroll()


@pytest.fixture
def admin(campus: Campus) -> Actor:
    """The instructor, who administers too."""
    return replace(campus.instructor, roles=campus.instructor.roles | {Role.ADMIN})


def save(campus: Campus, actor: Actor, enrollment: Enrollment, more: str, note: str = "") -> None:
    accommodations.save_accommodation(campus.session, actor, campus.course.id, enrollment.id, more=more, note=note)


def shown(campus: Campus, actor: Actor, enrollment: Enrollment) -> tuple[str, str, str]:
    sheet = accommodations.accommodation_sheet(campus.session, actor, campus.course.id, enrollment.id)
    return sheet.name, sheet.more, sheet.note


def test_it_is_kept_sealed_shown_again_and_taken_back(campus: Campus, enrollment: Enrollment, admin: Actor) -> None:
    assert shown(campus, admin, enrollment) == ("Ada Learner", "", "")
    save(campus, admin, enrollment, " 33,5 % ", "Reads slowly")
    assert shown(campus, admin, enrollment) == ("Ada Learner", "33.5", "Reads slowly")
    row = campus.session.exec(select(Accommodation)).one()
    assert row.time_factor == Decimal("1.335")
    assert row.note_sealed is not None
    assert b"Reads slowly" not in row.note_sealed
    save(campus, admin, enrollment, "")
    assert campus.session.exec(select(Accommodation)).all() == []


@pytest.mark.parametrize("here", ["much", "-10", "901", "nan"])
def test_what_cannot_be_given_in_a_course_is_refused_at_its_field(campus: Campus, enrollment: Enrollment, here: str) -> None:
    with pytest.raises(Invalid) as refusal:
        give_here(campus, campus.instructor, enrollment, here)
    assert set(refusal.value.fields) == {"here"}


@pytest.mark.parametrize("more", ["much", "-10", "901", "nan", "inf"])
def test_what_cannot_be_set_is_refused_at_its_field(campus: Campus, enrollment: Enrollment, admin: Actor, more: str) -> None:
    with pytest.raises(Invalid) as refusal:
        save(campus, admin, enrollment, more)
    assert refusal.value.fields == {"more": "A number of percent from 0 to 900, such as 50."}
    with pytest.raises(Invalid) as refusal:
        save(campus, admin, enrollment, "10", "x" * (accommodations.LONGEST_NOTE + 1))
    assert set(refusal.value.fields) == {"note"}


def staff(campus: Campus, name: str, role: StaffRole) -> Actor:
    actor = campus.person(name, teaches=True)
    campus.session.add(Membership(course_id=campus.course.id, person_id=actor.person_id, role=role, created_at=clock.now()))
    campus.session.flush()
    return actor


def give_here(campus: Campus, actor: Actor, enrollment: Enrollment, here: str) -> None:
    accommodations.save_accommodation(campus.session, actor, campus.course.id, enrollment.id, here=here)


def limit_of(campus: Campus, enrollment: Enrollment) -> int | None:
    student = Actor(person_id=enrollment.person_id, roles=frozenset({Role.STUDENT}))
    learned = access.learned_assessment(campus.session, student, campus.quiz("Final quiz").id)
    return overrides.rules_of(campus.session, learned, QuizSettings(time_limit=600)).time_limit


def test_who_authors_a_course_gives_more_time_in_it_and_learns_nothing_of_other_courses(campus: Campus, enrollment: Enrollment, admin: Actor) -> None:
    save(campus, admin, enrollment, "20", "Reads slowly")
    for author in (campus.instructor, staff(campus, "Edda Editor", StaffRole.EDITOR)):
        sheet = accommodations.accommodation_sheet(campus.session, author, campus.course.id, enrollment.id)
        assert (sheet.sets_here, sheet.sets_everywhere, sheet.more, sheet.note) == (True, False, "", "")
        with pytest.raises(NotAllowed):
            save(campus, author, enrollment, "50")
        with pytest.raises(NotAllowed):
            save(campus, author, enrollment, "", "Reads slowly")
        give_here(campus, author, enrollment, "50")
        assert accommodations.accommodation_sheet(campus.session, author, campus.course.id, enrollment.id).here == "50"
    assert [line.more for line in roster.roster(campus.session, campus.instructor, campus.course.id).lines] == ["50"]
    assert shown(campus, admin, enrollment) == ("Ada Learner", "20", "Reads slowly"), "what holds everywhere stays"
    give_here(campus, campus.instructor, enrollment, "")
    assert (enrollment.time_factor, limit_of(campus, enrollment)) == (None, 720)


def test_time_in_a_course_holds_in_every_timed_quiz_of_it_and_the_larger_of_two_counts(campus: Campus, enrollment: Enrollment, admin: Actor) -> None:
    other = new_campus(campus.session, neutral_course("another-course"))
    elsewhere = other.enroll(campus.student)
    give_here(campus, campus.instructor, enrollment, "50")
    assert (limit_of(campus, enrollment), limit_of(other, elsewhere)) == (900, 600)
    save(campus, admin, enrollment, "20")
    assert (limit_of(campus, enrollment), limit_of(other, elsewhere)) == (720, 720), "an empty field takes it back"
    give_here(campus, campus.instructor, enrollment, "100")
    overrides.set_override(
        campus.session, campus.instructor, campus.quiz("Final quiz").id, Override(time_factor=Decimal("0.5")), enrollment_id=enrollment.id
    )
    assert limit_of(campus, enrollment) == 1200, "an exception to one quiz does not undo it"


def test_who_only_looks_on_or_marks_is_refused_as_students_are(campus: Campus, enrollment: Enrollment) -> None:
    for actor in (staff(campus, "Vera Viewer", StaffRole.VIEWER), staff(campus, "Greta Grader", StaffRole.GRADER)):
        with pytest.raises(NotAllowed):
            shown(campus, actor, enrollment)
        with pytest.raises(NotAllowed):
            give_here(campus, actor, enrollment, "50")
    for actor in (campus.student, campus.person("Olga Other", teaches=True)):
        with pytest.raises(NotFound):
            give_here(campus, actor, enrollment, "50")
    assert enrollment.time_factor is None


def test_an_administrator_who_only_looks_on_sets_what_holds_everywhere(campus: Campus, enrollment: Enrollment) -> None:
    viewer = staff(campus, "Vera Viewer", StaffRole.VIEWER)
    watching = replace(viewer, roles=viewer.roles | {Role.ADMIN})
    save(campus, watching, enrollment, "50")
    assert limit_of(campus, enrollment) == 900
    with pytest.raises(NotAllowed):
        give_here(campus, watching, enrollment, "50")


def test_what_was_left_as_it_was_is_not_said_to_have_been_set(campus: Campus, enrollment: Enrollment, admin: Actor) -> None:
    save(campus, admin, enrollment, "50", "Reads slowly")
    save(campus, admin, enrollment, "50", "Reads slowly")
    assert len(campus.session.exec(select(AuditEntry).where(AuditEntry.action == "accommodation_set")).all()) == 1
    save(campus, admin, enrollment, "50", "Reads slowly and writes slowly")
    assert len(campus.session.exec(select(AuditEntry).where(AuditEntry.action == "accommodation_set")).all()) == 2


def test_it_goes_with_an_erased_account_and_who_has_left_is_not_looked_up(campus: Campus, enrollment: Enrollment, admin: Actor) -> None:
    save(campus, admin, enrollment, "50", "Reads slowly")
    give_here(campus, campus.instructor, enrollment, "30")
    enrollments.withdraw(campus.session, campus.student, campus.slug)
    with pytest.raises(NotFound):
        shown(campus, admin, enrollment)
    person = campus.session.get_one(Person, campus.student.person_id)
    erasing.erase_oneself(campus.session, campus.student, version=person.password_version, discard=lambda key: None)
    assert campus.session.exec(select(Accommodation)).all() == []
    campus.session.expire_all()
    assert enrollment.time_factor is None


def test_other_courses_people_do_not_exist(campus: Campus, enrollment: Enrollment, admin: Actor) -> None:
    other = campus.person("Olga Other", teaches=True)
    stranger = replace(other, roles=other.roles | {Role.ADMIN})
    with pytest.raises(NotFound):
        shown(campus, stranger, enrollment)
    with pytest.raises(NotFound):
        accommodations.accommodation_sheet(campus.session, admin, campus.course.id, uuid4())
