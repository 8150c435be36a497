"""Publishing: what goes to students, and what waits."""

import dataclasses

from sqlmodel import Session

from lms_app.domain.courses import authoring
from lms_app.domain.courses.outline import published_outline
from lms_app.words import Status
from tests.support.campus import neutral_course, new_campus


def with_hidden_page(session: Session):
    source = neutral_course()
    module = source.modules[0]
    reading, ending = module.lessons
    first, second = reading.pages
    reading = dataclasses.replace(reading, pages=(first, dataclasses.replace(second, draft=True)))
    source = dataclasses.replace(source, modules=(dataclasses.replace(module, lessons=(reading, ending)),))
    return new_campus(session, source)


def test_a_page_that_students_of_the_source_could_not_see_is_not_published_with_the_rest(session: Session) -> None:
    campus = with_hidden_page(session)
    assert campus.page("Sand").status == Status.DRAFT
    assert [page.item.title for page in published_outline(session, campus.course.id).pages()] == ["Stones", "Final quiz"]


def test_it_is_published_by_hand_and_from_then_on_with_the_rest(session: Session) -> None:
    campus = with_hidden_page(session)
    sand = campus.page("Sand")
    authoring.publish_page(session, campus.instructor, sand.id)
    assert [page.item.title for page in published_outline(session, campus.course.id).pages()] == ["Stones", "Sand", "Final quiz"]
    assert not authoring.is_held_back(sand)
