import time

import pytest
from sqlmodel import Session

from lms_app.domain.courses import searching
from lms_app.domain.enrollments import enrollments
from tests.support.campus import Campus, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def hrefs(campus: Campus, actor: object, sought: str) -> list[str]:
    return [found.href for found in searching.find(campus.session, actor, sought)]  # pyright: ignore[reportArgumentType]


def test_a_visitor_finds_published_courses_by_the_beginnings_of_words(campus: Campus) -> None:
    assert hrefs(campus, None, "ston sa") == ["/courses/stones"]
    assert hrefs(campus, None, "nothing of this kind") == []
    assert hrefs(campus, None, "  ") == []


def test_pages_are_found_by_those_who_take_the_course_alone(campus: Campus) -> None:
    page = f"/learn/stones/{campus.page('Sand').id}"
    assert page not in hrefs(campus, campus.student, "sand")
    campus.enroll()
    assert page in hrefs(campus, campus.student, "sand")
    assert hrefs(campus, campus.student, "") == ["/learn/stones"]
    enrollments.withdraw(campus.session, campus.student, campus.slug)
    campus.session.flush()
    assert page not in hrefs(campus, campus.student, "sand")


def test_a_taught_course_is_found_by_its_staff_alone_also_as_a_draft(session: Session, redis_url: str) -> None:
    campus = new_campus(session, publish=False)
    assert hrefs(campus, campus.instructor, "stones") == [f"/teach/courses/{campus.course.id}"]
    assert hrefs(campus, campus.person(teaches=True), "stones") == []
    assert hrefs(campus, campus.student, "stones") == []


@pytest.mark.parametrize("sought", ["(", "a|b", "\\", "'; drop", "*", "ß:*", "&&&", "%"])
def test_no_sign_in_what_is_sought_is_a_command(campus: Campus, sought: str) -> None:
    assert len(hrefs(campus, campus.instructor, sought)) <= len(hrefs(campus, campus.instructor, ""))


def test_an_answer_takes_fifty_milliseconds_at_most(campus: Campus) -> None:
    campus.enroll()
    searching.find(campus.session, campus.student, "st")
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        searching.find(campus.session, campus.student, "st")
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.05
