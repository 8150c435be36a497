"""Exported and imported, a course is equal, people aside."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.demo import course_files
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.courses import exporting, importing
from lms_app.errors import NotFound
from lms_app.interchange import neutral
from lms_app.interchange.course_formats import read_course
from lms_app.interchange.lyceum_archive import write_lyceum
from lms_app.models import Course, Membership, Question, QuestionRevision
from lms_app.words import StaffRole
from tests.interchange.drawn_courses import courses
from tests.interchange.drawn_questions import EXAMPLES
from tests.support.campus import new_actor, new_campus

Kept = dict[str, bytes]


def stored(session: Session, actor: Actor, source: neutral.Course, kept: Kept) -> Course:
    def store(data: bytes, *, key: bytes) -> str:
        kept[f"k{len(kept)}"] = data
        return f"k{len(kept) - 1}"

    return importing.store_course(session, actor, source, store=store)


def exported(session: Session, actor: Actor, course: Course, kept: Kept) -> neutral.Course:
    session.flush()
    return exporting.exported_course(session, actor, course.id, read=lambda name, key: iter([kept[name]]))


def packed_and_read(course: neutral.Course, path: Path) -> neutral.Course:
    with path.open("wb") as target:
        write_lyceum(course, target)
    return read_course(path)


def equal(one: neutral.Course, other: neutral.Course) -> None:
    """Both say the same; an address belongs to one course alone."""
    plain: Any = [replace(course, slug="", report=neutral.Report(), assets=()) for course in (one, other)]
    assert plain[0] == plain[1]
    assert [(file.name, file.title, file.media_type, file.read()) for file in one.assets] == [
        (file.name, file.title, file.media_type, file.read()) for file in other.assets
    ]


@pytest.mark.parametrize("slug", course_files.SLUGS)
def test_a_course_of_the_demo_campus_is_equal_when_it_comes_back(slug: str, session: Session, tmp_path: Path) -> None:
    teacher, kept = new_actor(session, "Ines Teacher", teaches=True), {}
    first = exported(session, teacher, stored(session, teacher, course_files.read_course(slug), kept), kept)
    read = packed_and_read(first, tmp_path / "one.zip")
    again = exported(session, teacher, stored(session, teacher, read, kept), kept)
    equal(read, again)
    equal(replace(first, assets=()), replace(again, assets=()))
    assert sum(1 for _ in again.pages()) > 3
    assert again.bank


@seed(20261)
@settings(max_examples=EXAMPLES // 4, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(source=courses())
def test_a_course_with_everything_is_equal_when_it_comes_back(source: neutral.Course, session: Session, tmp_path: Path) -> None:
    teacher, kept = new_actor(session, "Ines Teacher", teaches=True), {}
    first = exported(session, teacher, stored(session, teacher, source, kept), kept)
    again = exported(session, teacher, stored(session, teacher, packed_and_read(first, tmp_path / "one.zip"), kept), kept)
    equal(first, again)
    assert (first.title, first.tags, first.objectives, first.level) == (source.title, source.tags, source.objectives, source.level)
    assert [page.title for page in first.pages()] == [page.title for page in source.pages()]
    assert [quiz.title for quiz in first.assessments] == [quiz.title for quiz in source.assessments]
    assert [len(quiz.questions) for quiz in first.assessments] == [len(quiz.questions) for quiz in source.assessments]
    assert set(source.categories) <= set(first.categories)


def test_two_quizzes_may_ask_one_question_in_two_states(session: Session, tmp_path: Path) -> None:
    campus = new_campus(session)
    quiz = campus.quiz("Final quiz")
    lines, parts, pools = quiz_authoring.composition_of(session, quiz)
    twin = quiz_authoring.new_quiz(session, campus.instructor, quiz.page_id, title="Twin", practice=False)
    quiz_authoring.recompose(session, campus.instructor, twin, lines, parts, pools)
    row = session.get_one(Question, lines[0].question_id)
    body = session.get_one(QuestionRevision, row.draft_revision_id).body
    changed = quiz_authoring.write_question(session, campus.instructor, row, {**body, "penalty": "0.5"})
    quiz_authoring.recompose(session, campus.instructor, quiz, [replace(lines[0], revision_id=changed.id), *lines[1:]], parts, pools)
    kept: Kept = {}
    first = exported(session, campus.instructor, campus.course, kept)
    again = exported(session, campus.instructor, stored(session, campus.instructor, packed_and_read(first, tmp_path / "x.zip"), kept), kept)
    equal(first, again)
    asked = {quiz.title: quiz.questions[0] for quiz in again.assessments}
    assert asked["Twin"].ref == asked["Final quiz"].ref
    assert (asked["Twin"].body["penalty"], asked["Final quiz"].body["penalty"]) != ("0.5", "0.5")
    assert asked["Final quiz"].body["penalty"] == "0.5"


def test_only_owners_and_editors_export(session: Session) -> None:
    campus = new_campus(session)
    helpers = {role: new_actor(session, role.value, teaches=True) for role in (StaffRole.EDITOR, StaffRole.GRADER, StaffRole.VIEWER)}
    for role, actor in helpers.items():
        session.add(Membership(course_id=campus.course.id, person_id=actor.person_id, role=role, created_at=clock.now()))
    session.flush()
    assert exported(session, helpers[StaffRole.EDITOR], campus.course, {}).title == campus.course.title
    for actor in (helpers[StaffRole.GRADER], helpers[StaffRole.VIEWER], campus.student, new_actor(session, "Otto", teaches=True)):
        with pytest.raises(NotFound):
            exported(session, actor, campus.course, {})
