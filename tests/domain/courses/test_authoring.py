"""The plain verbs of authoring: name, move, publish, take back."""

import pytest
from sqlmodel import Session

from lms_app.domain.courses import authoring, builder, queries, searching
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments.queries import learning_page
from lms_app.errors import Invalid
from lms_app.models import Page
from lms_app.words import Status
from tests.support.campus import Campus, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def titles(campus: Campus) -> list[str]:
    return [page.item.title for page in published_outline(campus.session, campus.course.id).pages()]


def test_a_pages_new_title_reaches_students_when_it_is_published(campus: Campus) -> None:
    campus.enroll()
    sand = campus.page("Sand")
    authoring.rename(campus.session, campus.instructor, "page", sand.id, "Dunes")
    campus.session.flush()
    assert titles(campus) == ["Stones", "Sand", "Final quiz"]
    assert builder.page_state(sand) == "changed"
    seen = learning_page(campus.session, campus.student, campus.slug, sand.id)
    assert (seen.title, "Dunes" in repr(seen)) == ("Sand", False)
    assert [found.title for found in searching.find(campus.session, campus.student, "dunes")] == []
    authoring.publish_page(campus.session, campus.instructor, sand.id)
    assert titles(campus) == ["Stones", "Dunes", "Final quiz"]
    assert learning_page(campus.session, campus.student, campus.slug, sand.id).title == "Dunes"
    assert [found.title for found in searching.find(campus.session, campus.student, "dunes")] == ["Dunes"]


def test_renaming_keeps_the_text_and_the_same_name_changes_nothing(campus: Campus) -> None:
    sand = campus.page("Sand")
    before = sand.draft_revision_id
    authoring.rename(campus.session, campus.instructor, "page", sand.id, "  Sand ")
    assert sand.draft_revision_id == before
    authoring.rename(campus.session, campus.instructor, "page", sand.id, "Dunes")
    authoring.publish_page(campus.session, campus.instructor, sand.id)
    campus.enroll()
    assert "Sand is young." in repr(learning_page(campus.session, campus.student, campus.slug, sand.id))


def test_unpublishing_takes_a_course_out_of_the_catalogue_and_publishing_again_keeps_its_date(campus: Campus) -> None:
    first = campus.course.published_at
    authoring.unpublish_course(campus.session, campus.instructor, campus.course.id)
    campus.session.flush()
    assert queries.catalogue(campus.session, None).total == 0
    authoring.publish_course(campus.session, campus.instructor, campus.course.id)
    assert queries.catalogue(campus.session, None).total == 1
    assert campus.course.published_at == first


def test_a_course_without_pages_is_not_published(campus: Campus) -> None:
    empty = authoring.create_course(campus.session, campus.instructor, title="Nothing yet")
    with pytest.raises(Invalid, match="no pages yet"):
        authoring.publish_course(campus.session, campus.instructor, empty.id)
    assert empty.status == Status.DRAFT


def test_two_courses_of_one_title_get_addresses_of_their_own(campus: Campus) -> None:
    made = [authoring.create_course(campus.session, campus.instructor, title="Über Steine").slug for _ in range(3)]
    assert made == ["uber-steine", "uber-steine-2", "uber-steine-3"]


@pytest.mark.parametrize("title", ["", "  ", "x" * 201])
def test_a_title_is_neither_empty_nor_endless(campus: Campus, title: str) -> None:
    sand = campus.page("Sand")
    with pytest.raises(Invalid):
        authoring.rename(campus.session, campus.instructor, "page", sand.id, title)
    assert campus.session.get_one(Page, sand.id).title == "Sand"
