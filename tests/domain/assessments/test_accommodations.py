"""What a person needs, set by an administrator on the staff of a course: kept sealed, taken back, and nobody else's business."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from lms_app.domain.actor import Actor
from lms_app.domain.assessments import accommodations
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people import erasing
from lms_app.errors import Invalid, NotAllowed, NotFound
from lms_app.models import Accommodation, Enrollment, Person
from lms_app.words import Role
from tests.support.campus import Campus, new_campus


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


@pytest.mark.parametrize("more", ["much", "-10", "901", "nan", "inf"])
def test_what_cannot_be_set_is_refused_at_its_field(campus: Campus, enrollment: Enrollment, admin: Actor, more: str) -> None:
    with pytest.raises(Invalid) as refusal:
        save(campus, admin, enrollment, more)
    assert refusal.value.fields == {"more": "A number of percent from 0 to 900, such as 50."}
    with pytest.raises(Invalid) as refusal:
        save(campus, admin, enrollment, "10", "x" * (accommodations.LONGEST_NOTE + 1))
    assert set(refusal.value.fields) == {"note"}


def test_instructors_and_students_are_refused(campus: Campus, enrollment: Enrollment) -> None:
    for actor in (campus.instructor, campus.student):
        with pytest.raises(NotAllowed):
            shown(campus, actor, enrollment)
        with pytest.raises(NotAllowed):
            save(campus, actor, enrollment, "50")
    assert campus.session.exec(select(Accommodation)).all() == []


def test_it_goes_with_an_erased_account_and_who_has_left_is_not_looked_up(campus: Campus, enrollment: Enrollment, admin: Actor) -> None:
    save(campus, admin, enrollment, "50", "Reads slowly")
    enrollments.withdraw(campus.session, campus.student, campus.slug)
    with pytest.raises(NotFound):
        shown(campus, admin, enrollment)
    person = campus.session.get_one(Person, campus.student.person_id)
    erasing.erase_oneself(campus.session, campus.student, version=person.password_version, discard=lambda key: None)
    assert campus.session.exec(select(Accommodation)).all() == []


def test_other_courses_people_do_not_exist(campus: Campus, enrollment: Enrollment, admin: Actor) -> None:
    other = campus.person("Olga Other", teaches=True)
    stranger = replace(other, roles=other.roles | {Role.ADMIN})
    with pytest.raises(NotFound):
        shown(campus, stranger, enrollment)
    with pytest.raises(NotFound):
        accommodations.accommodation_sheet(campus.session, admin, campus.course.id, uuid4())
