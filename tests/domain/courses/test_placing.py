"""Putting a node anywhere in its course."""

import threading
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, authoring, placing
from lms_app.domain.courses.outline import published_outline
from lms_app.errors import Conflict, LmsError, NotFound
from lms_app.models import Lesson, Module, Page, Progress
from tests.support.campus import Campus, neutral_course, new_actor, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def put(campus: Campus, kind: str, node: UUID, parent: UUID, after: UUID | None = None, actor: Actor | None = None) -> None:
    placing.place(campus.session, actor or campus.instructor, kind, node, parent, after)
    campus.session.flush()


def tree(session: Session, course_id: UUID) -> dict[str, dict[str, list[str]]]:
    """Titles of pages by lesson by module, in order, of what is not archived."""
    found: dict[str, dict[str, list[str]]] = {}
    for module in session.exec(select(Module).where(Module.course_id == course_id).order_by(Module.position)).all():
        if module.archived_at is None:
            lessons = session.exec(select(Lesson).where(Lesson.module_id == module.id).order_by(Lesson.position)).all()
            found[module.title] = {
                lesson.title: [
                    page.title
                    for page in session.exec(select(Page).where(Page.lesson_id == lesson.id).order_by(Page.position)).all()
                    if page.archived_at is None
                ]
                for lesson in lessons
                if lesson.archived_at is None
            }
    return found


def lesson(campus: Campus, title: str) -> Lesson:
    return campus.session.exec(select(Lesson).where(Lesson.course_id == campus.course.id, Lesson.title == title)).one()


def test_a_page_goes_first_last_and_between_in_its_lesson_and_into_another(campus: Campus) -> None:
    reading, final = lesson(campus, "Reading"), lesson(campus, "Final")
    stones, sand, quiz = (campus.page(title) for title in ("Stones", "Sand", "Final quiz"))

    def after(page: Page, to: Lesson, behind: Page | None) -> dict[str, list[str]]:
        put(campus, "page", page.id, to.id, behind.id if behind else None)
        return tree(campus.session, campus.course.id)["Ground"]

    assert after(sand, reading, None) == {"Reading": ["Sand", "Stones"], "Final": ["Final quiz"]}
    assert after(sand, reading, stones) == {"Reading": ["Stones", "Sand"], "Final": ["Final quiz"]}
    assert after(quiz, reading, stones) == {"Reading": ["Stones", "Final quiz", "Sand"], "Final": []}
    assert after(stones, final, None) == {"Reading": ["Final quiz", "Sand"], "Final": ["Stones"]}
    assert [page.item.title for page in published_outline(campus.session, campus.course.id).pages()] == ["Final quiz", "Sand", "Stones"]


def test_lessons_and_modules_move_as_pages_do(campus: Campus) -> None:
    sky = authoring.add_module(campus.session, campus.instructor, campus.course.id, "Sky")
    put(campus, "lesson", lesson(campus, "Reading").id, sky.id)
    assert tree(campus.session, campus.course.id) == {"Ground": {"Final": ["Final quiz"]}, "Sky": {"Reading": ["Stones", "Sand"]}}
    put(campus, "module", sky.id, campus.course.id)
    assert list(tree(campus.session, campus.course.id)) == ["Sky", "Ground"]


def test_a_move_writes_the_one_row_that_moved(campus: Campus) -> None:
    final = lesson(campus, "Final")
    written: list[str] = []
    event.listen(campus.session.connection(), "before_cursor_execute", lambda *told: written.append(told[2]))
    put(campus, "page", campus.page("Sand").id, final.id)
    asks_for_a_look = ("UPDATE course_checks", "INSERT INTO course_checks", "INSERT INTO outbox")
    (update,) = [statement for statement in written if not statement.startswith(("SELECT", *asks_for_a_look))]
    assert update.startswith("UPDATE pages SET lesson_id=")


def test_what_students_have_done_counts_wherever_the_page_goes(campus: Campus) -> None:
    enrollment = campus.enroll()
    before = campus.session.get_one(Progress, enrollment.id).total
    put(campus, "page", campus.page("Sand").id, lesson(campus, "Final").id)
    assert campus.session.get_one(Progress, enrollment.id, populate_existing=True).total == before


def test_a_published_page_taken_out_of_an_archived_lesson_is_required_again(campus: Campus) -> None:
    enrollment, sand = campus.enroll(), campus.page("Sand")
    total = campus.session.get_one(Progress, enrollment.id).total

    def required() -> int:
        campus.session.flush()
        return campus.session.get_one(Progress, enrollment.id, populate_existing=True).total

    authoring.archive(campus.session, campus.instructor, "lesson", sand.lesson_id)
    assert required() < total - 1
    without = required()
    put(campus, "page", sand.id, lesson(campus, "Final").id)
    assert required() == without + 1


def test_an_archived_place_is_left_free_for_what_comes_back_to_it(campus: Campus) -> None:
    reading, stones, sand = lesson(campus, "Reading"), campus.page("Stones"), campus.page("Sand")
    authoring.archive(campus.session, campus.instructor, "page", sand.id)
    added = [authoring.add_page(campus.session, campus.instructor, reading.id, title) for title in ("Clay", "Loam")]
    put(campus, "page", added[1].id, reading.id, stones.id)
    authoring.restore(campus.session, campus.instructor, "page", sand.id)
    assert tree(campus.session, campus.course.id)["Ground"]["Reading"] == ["Stones", "Loam", "Sand", "Clay"]


@pytest.mark.parametrize("gone", ["parent", "parent's module", "neighbour", "neighbour elsewhere", "nowhere", "itself", "node", "another course"])
def test_what_is_no_longer_there_is_a_clear_conflict_and_nothing_moves(campus: Campus, gone: str) -> None:
    session, author = campus.session, campus.instructor
    sand, final = campus.page("Sand"), lesson(campus, "Final")
    parent, after = final.id, None
    match gone:
        case "parent":
            authoring.archive(session, author, "lesson", final.id)
        case "parent's module":
            sky = authoring.add_module(session, author, campus.course.id, "Sky")
            parent = authoring.add_lesson(session, author, sky.id, "Clouds").id
            authoring.archive(session, author, "module", sky.id)
        case "neighbour":
            after = campus.page("Final quiz").id
            authoring.archive(session, author, "page", after)
        case "neighbour elsewhere":
            after = campus.page("Stones").id
        case "nowhere":
            parent = uuid4()
        case "itself":
            parent, after = sand.lesson_id, sand.id
        case "node":
            authoring.archive(session, author, "page", sand.id)
        case _:
            other = authoring.create_course(session, author, title="Another")
            module = authoring.add_module(session, author, other.id, "Elsewhere")
            parent = authoring.add_lesson(session, author, module.id, "Elsewhere").id
    before = (sand.lesson_id, sand.position)
    with pytest.raises(Conflict):
        put(campus, "page", sand.id, parent, after)
    session.refresh(sand)
    assert (sand.lesson_id, sand.position) == before


def test_somebody_elses_lesson_and_none_at_all_are_refused_by_the_same_words(campus: Campus) -> None:
    other = new_campus(campus.session, neutral_course("others"))
    refusals = []
    for parent in (lesson(other, "Reading").id, uuid4()):
        with pytest.raises(Conflict) as refused:
            put(campus, "page", campus.page("Sand").id, parent)
        refusals.append(refused.value.sentence)
    assert len(set(refusals)) == 1
    with pytest.raises(NotFound):
        put(campus, "page", other.page("Sand").id, lesson(campus, "Reading").id)
    with pytest.raises(NotFound):
        put(campus, "page", campus.page("Sand").id, lesson(campus, "Final").id, actor=new_actor(campus.session, "Otto Other", teaches=True))


def test_moves_and_additions_at_once_leave_every_page_whole_in_a_place_of_its_own(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session)
        lessons = [lesson(campus, title).id for title in ("Reading", "Final")]
        pages = [campus.page(title).id for title in ("Stones", "Sand", "Final quiz")]
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(4):
                with transaction() as session:
                    placing.place(session, campus.instructor, "page", pages[(number + turn) % 3], lessons[(number + turn // 2) % 2], None)
                with transaction() as session:
                    authoring.add_page(session, campus.instructor, lessons[turn % 2], f"{number}.{turn}")
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with transaction() as session:
        rows = session.exec(select(Page).where(Page.course_id == campus.course.id)).all()
        assert len({(row.lesson_id, row.position) for row in rows}) == len(rows) == 3 + 24
        titles = {title for titles in tree(session, campus.course.id)["Ground"].values() for title in titles}
        assert titles >= {"Final quiz", "Sand", "Stones"}


def test_a_page_put_into_a_lesson_that_is_archived_at_the_same_moment_is_in_it_or_stays(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session)
        final, sand, reading = lesson(campus, "Final").id, campus.page("Sand").id, lesson(campus, "Reading").id
    refused: list[LmsError] = []
    together = threading.Barrier(2)

    def place() -> None:
        together.wait()
        try:
            with transaction() as session:
                placing.place(session, campus.instructor, "page", sand, final, None)
        except LmsError as refusal:
            refused.append(refusal)

    def archive() -> None:
        together.wait()
        with transaction() as session:
            authoring.archive(session, campus.instructor, "lesson", final)

    threads = [threading.Thread(target=work) for work in (place, archive)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction() as session:
        page = session.get_one(Page, sand)
        assert page.lesson_id == (reading if refused else final)
        assert session.get_one(Lesson, final).archived_at is not None
        assert access.editable_page(session, campus.instructor, sand).archived_at is None
