"""The plain verbs of authoring: name, move, publish, take back."""

import threading

import pytest
from sqlmodel import Session, select

from lms_app.database import transaction
from lms_app.domain.courses import authoring, builder, queries, searching
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments.queries import learning_page
from lms_app.errors import Invalid, NotFound
from lms_app.models import Module, Page
from lms_app.words import Status
from tests.support.campus import Campus, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def modules(session: Session, campus: Campus) -> list[str]:
    rows = session.exec(select(Module).where(Module.course_id == campus.course.id).order_by(Module.position)).all()
    return [row.title for row in rows if row.archived_at is None]


def four_modules(campus: Campus) -> dict[str, Module]:
    """Modules Ground, B, C, D by their titles."""
    for title in "BCD":
        authoring.add_module(campus.session, campus.instructor, campus.course.id, title)
    return {row.title: row for row in campus.session.exec(select(Module).where(Module.course_id == campus.course.id)).all()}


def shift(campus: Campus, node: Module, step: int) -> list[str]:
    authoring.move(campus.session, campus.instructor, "module", node.id, step)
    campus.session.flush()
    return modules(campus.session, campus)


def test_a_node_moves_one_place_and_stays_at_both_ends(campus: Campus) -> None:
    nodes = four_modules(campus)
    assert shift(campus, nodes["Ground"], -1) == ["Ground", "B", "C", "D"]
    assert shift(campus, nodes["D"], 1) == ["Ground", "B", "C", "D"]
    assert shift(campus, nodes["D"], -1) == ["Ground", "B", "D", "C"]
    assert shift(campus, nodes["Ground"], 1) == ["B", "Ground", "D", "C"]
    for _ in range(4):
        order = shift(campus, nodes["C"], -1)
    assert order == ["C", "B", "Ground", "D"]
    assert shift(campus, nodes["D"], 1)[-1] == "D"


@pytest.mark.parametrize("step", [0, 2, -5])
def test_a_node_moves_one_place_at_a_time(campus: Campus, step: int) -> None:
    with pytest.raises(Invalid):
        authoring.move(campus.session, campus.instructor, "page", campus.page("Sand").id, step)


def test_what_was_taken_out_neither_moves_nor_stands_in_the_way(campus: Campus) -> None:
    nodes = four_modules(campus)
    authoring.archive(campus.session, campus.instructor, "module", nodes["C"].id)
    with pytest.raises(NotFound, match="no longer part"):
        shift(campus, nodes["C"], -1)
    assert shift(campus, nodes["D"], -1) == ["Ground", "D", "B"]


def test_moves_and_additions_at_once_leave_every_node_a_place_of_its_own(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session)
        nodes = list(four_modules(campus).values())
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(4):
                with transaction() as session:
                    authoring.move(session, campus.instructor, "module", nodes[(number + turn) % 4].id, 1 if number % 2 else -1)
                with transaction() as session:
                    authoring.add_module(session, campus.instructor, campus.course.id, f"{number}.{turn}")
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with transaction() as session:
        places = session.exec(select(Module.position).where(Module.course_id == campus.course.id)).all()
    assert len(set(places)) == len(places) == 4 + 24


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
