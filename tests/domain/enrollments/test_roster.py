"""Names of those who take a run, opened in the process and kept there for a while."""

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.enrollments import enrollments, roster
from lms_app.domain.people import profile
from lms_app.models import Enrollment
from lms_app.words import EnrollmentStatus
from tests.support.campus import Campus, new_campus


@pytest.fixture
def campus(session: Session) -> Campus:
    return new_campus(session)


def names(campus: Campus) -> list[str]:
    run_id = campus.session.exec(select(Enrollment.run_id)).first()
    return [one.name for one in roster.named(campus.session, run_id)]  # pyright: ignore[reportArgumentType]


def test_who_leaves_in_the_moment_another_comes_back_is_replaced_at_once(campus: Campus):
    with clock.moved_to(clock.now()):
        ada, bo = campus.student, campus.person("Bo Learner")
        campus.enroll(ada)
        other = campus.enroll(bo)
        other.status = EnrollmentStatus.WITHDRAWN
        campus.session.add(other)
        assert names(campus) == ["Ada Learner"]
        enrollments.withdraw(campus.session, ada, campus.slug)
        other.status = EnrollmentStatus.ACTIVE
        campus.session.add(other)
        assert names(campus) == ["Bo Learner"]


def test_another_name_is_read_once_names_are_forgotten(campus: Campus):
    campus.enroll()
    assert names(campus) == ["Ada Learner"]
    profile.save(campus.session, campus.student, name="Ada Lovelace", bio="", time_zone="UTC")
    roster.forget_names()
    assert names(campus) == ["Ada Lovelace"]


def test_names_stand_where_readers_look_for_them_and_are_found_without_their_accents(campus: Campus):
    for name in ("Zoë Adler", "Émeline Roy", "Ștefania Pop", "Łukasz Nowak", "Eric Roy", "Þórdís Jónsdóttir", "Øystein Berg", "Владимир Нов"):
        campus.enroll(campus.person(name))
    assert names(campus) == [
        "Émeline Roy", "Eric Roy", "Łukasz Nowak", "Øystein Berg", "Ștefania Pop", "Þórdís Jónsdóttir", "Zoë Adler", "Владимир Нов",
    ]  # fmt: skip
    for search, found in (("emeline", "Émeline Roy"), ("THORDIS jons", "Þórdís Jónsdóttir"), ("zoë", "Zoë Adler"), ("владимир", "Владимир Нов")):
        assert [line.name for line in roster.roster(campus.session, campus.instructor, campus.course.id, search).lines] == [found]
