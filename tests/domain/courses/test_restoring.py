"""Archiving and its undoing; renaming over somebody's head; publishing a part."""

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.domain.courses import authored_outline, authoring
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments import progress
from lms_app.errors import Conflict, Invalid
from lms_app.models import Lesson, Page, PageRevision
from lms_app.words import CompletionRule
from tests.support.campus import Campus, new_campus

TABLES = ("courses", "modules", "lessons", "pages", "page_revisions", "assessments", "grade_columns", "completions", "enrollments", "progress")
COUNTED = {"progress": ("updated_at", "version")}
"""What tells how often something was projected, and not what."""


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def everything(session: Session) -> dict[str, list[dict[str, object]]]:
    """Every row that says what the course is and what students have of it."""
    session.flush()
    found = {}
    for table in TABLES:
        rows = session.execute(text(f"SELECT * FROM {table} t ORDER BY t::text")).mappings()
        found[table] = [{name: value for name, value in row.items() if name not in COUNTED.get(table, ())} for row in rows]
    return found


@pytest.mark.parametrize("kind", ["page", "lesson", "module"])
def test_restoring_undoes_archiving_to_the_last_row_and_what_students_did_counts_again(campus: Campus, kind: str) -> None:
    session, author = campus.session, campus.instructor
    stones = campus.page("Stones")
    lesson = session.get_one(Lesson, stones.lesson_id)
    enrollment = campus.enroll()
    item = next(item for item in published_outline(session, campus.course.id).items() if item.id == stones.id)
    progress.record(session, enrollment, item)
    before, outline = everything(session), authored_outline.authored_outline(session, author, campus.course.id)
    node = {"page": stones.id, "lesson": lesson.id, "module": lesson.module_id}[kind]
    authoring.archive(session, author, kind, node)
    assert everything(session)["progress"] != before["progress"]
    authoring.restore(session, author, kind, node)
    assert everything(session) == before
    assert authored_outline.authored_outline(session, author, campus.course.id) == outline


def test_archiving_twice_keeps_the_first_moment_and_restoring_what_is_there_changes_nothing(campus: Campus) -> None:
    session, sand = campus.session, campus.page("Sand")
    authoring.archive(session, campus.instructor, "page", sand.id)
    first = sand.archived_at
    authoring.archive(session, campus.instructor, "page", sand.id)
    assert sand.archived_at == first
    for _ in range(2):
        authoring.restore(session, campus.instructor, "page", sand.id)
    assert sand.archived_at is None


def test_nothing_comes_back_into_what_is_archived_itself(campus: Campus) -> None:
    session, sand = campus.session, campus.page("Sand")
    authoring.archive(session, campus.instructor, "page", sand.id)
    authoring.archive(session, campus.instructor, "lesson", sand.lesson_id)
    with pytest.raises(Conflict, match="Bring that back first"):
        authoring.restore(session, campus.instructor, "page", sand.id)
    authoring.restore(session, campus.instructor, "lesson", sand.lesson_id)
    authoring.restore(session, campus.instructor, "page", sand.id)
    assert sand.archived_at is None


def test_who_renames_what_somebody_has_renamed_meanwhile_is_told_the_other_title(campus: Campus) -> None:
    session, sand = campus.session, campus.page("Sand")
    authoring.rename(session, campus.instructor, "page", sand.id, "Dunes", seen="Sand")
    with pytest.raises(authoring.Renamed) as refused:
        authoring.rename(session, campus.instructor, "page", sand.id, "Beach", seen="Sand")
    assert (refused.value.theirs, sand.title) == ("Dunes", "Dunes")
    authoring.rename(session, campus.instructor, "page", sand.id, "Dunes", seen="Sand")
    authoring.rename(session, campus.instructor, "page", sand.id, "Beach", seen="Dunes")
    assert sand.title == "Beach"


def test_publishing_a_lesson_shows_its_pages_and_leaves_out_those_held_back_and_those_elsewhere(campus: Campus) -> None:
    session, author = campus.session, campus.instructor
    reading = session.get_one(Lesson, campus.page("Sand").lesson_id)
    clay, loam = (authoring.add_page(session, author, reading.id, title) for title in ("Clay", "Loam"))
    final = session.exec(select(Lesson).where(Lesson.course_id == campus.course.id, Lesson.title == "Final")).one()
    elsewhere = authoring.add_page(session, author, final.id, "Elsewhere")
    loam.required, loam.completion_rule = False, CompletionRule.READ
    session.flush()
    assert authoring.publish(session, author, "lesson", reading.id) == 3
    shown = [page.item.title for page in published_outline(session, campus.course.id).pages()]
    assert shown == ["Stones", "Sand", "Clay", "Final quiz"]
    assert authoring.publish(session, author, "module", reading.module_id) == 5
    assert [page.published_revision_id is None for page in (clay, loam, elsewhere)] == [False, True, False]
    assert authoring.publish(session, author, "page", loam.id) == 1
    assert loam.published_revision_id == loam.draft_revision_id


def test_publishing_nothing_says_why(campus: Campus) -> None:
    session, author = campus.session, campus.instructor
    module = authoring.add_module(session, author, campus.course.id, "Sky")
    with pytest.raises(Invalid, match="no pages in it yet"):
        authoring.publish(session, author, "module", module.id)
    page = session.get_one(Page, authoring.add_page(session, author, authoring.add_lesson(session, author, module.id, "Clouds").id, "Rain").id)
    for one in session.exec(select(Page).where(Page.lesson_id == page.lesson_id)).all():
        one.required = False
    session.flush()
    with pytest.raises(Invalid, match="held back"):
        authoring.publish(session, author, "module", module.id)
    assert session.get_one(PageRevision, page.draft_revision_id).number == 1
