"""Exported and imported, a course is equal, people aside."""

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.demo import course_files
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.assessments.quiz_settings import password_digest
from lms_app.domain.courses import authoring, exporting, importing
from lms_app.errors import NotFound
from lms_app.interchange import neutral
from lms_app.interchange.course_formats import read_course
from lms_app.interchange.lyceum_archive import write_lyceum
from lms_app.models import AssessmentRevision, Course, GradeColumn, Membership, Question, QuestionRevision, Run
from lms_app.words import EnrollmentPolicy, StaffRole, Status
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
    assert (first.certificate_grade, len(first.certificate_quizzes)) == (source.certificate_grade, len(source.certificate_quizzes))
    assert [(page.published, page.shown_title) for page in first.pages()] == [(page.published, page.shown_title) for page in source.pages()]
    seen = [[(quiz.published, quiz.shown is None) for quiz in course.assessments] for course in (first, source)]
    assert seen[0] == seen[1]
    if source.runs:
        assert [replace(run, columns=()) for run in first.runs] == [replace(run, columns=()) for run in source.runs]
        assert [len(run.columns) for run in first.runs] == [len(run.columns) for run in source.runs]


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


def test_what_students_see_comes_back_beside_what_was_made_of_it_since(session: Session, tmp_path: Path) -> None:
    campus = new_campus(session)
    page, quiz = campus.page("Stones"), campus.quiz("Final quiz")
    lines, parts, pools = quiz_authoring.composition_of(session, quiz)
    quiz_authoring.recompose(session, campus.instructor, quiz, [], parts, pools)
    authoring.write_revision(session, page, "Welcome again", {"schema_version": 1, "blocks": []}, campus.instructor.person_id)
    kept: Kept = {}
    first = exported(session, campus.instructor, campus.course, kept)
    course = stored(session, campus.instructor, packed_and_read(first, tmp_path / "x.zip"), kept)
    again = exported(session, campus.instructor, course, kept)
    equal(first, again)
    known = {quiz.title: quiz for quiz in again.assessments}
    assert (len(known["Final quiz"].questions), len(known["Final quiz"].shown.questions)) == (0, len(lines))
    assert [(bool(found.blocks), bool(found.shown)) for found in again.pages() if found.shown is not None] == [(False, True)]
    assert course.status == Status.DRAFT
    rows = session.exec(select(GradeColumn).join(Run).where(Run.course_id == course.id)).all()
    assert [(row.title, row.archived_at) for row in rows] == [("Final quiz", None)]


def test_codes_links_and_passwords_stay_and_each_password_is_told(session: Session, tmp_path: Path) -> None:
    campus = new_campus(session)
    run = session.exec(select(Run).where(Run.course_id == campus.course.id)).one()
    run.enrollment_policy, run.enrollment_code, run.seats = EnrollmentPolicy.CODE, "SECRET42", 12
    quiz = campus.quiz("Final quiz")
    state = session.get_one(AssessmentRevision, quiz.draft_revision_id)
    state.settings = {**state.settings, "password": password_digest(quiz.id, "sesame")}
    first = exported(session, campus.instructor, campus.course, {})
    read = packed_and_read(first, tmp_path / "x.zip")
    text = "".join(part.decode() for part in zip_parts(tmp_path / "x.zip"))
    assert "SECRET42" not in text
    assert state.settings["password"] not in text
    assert [(item.kind, item.title) for item in read.report.unsupported] == [("password", "Final quiz")]
    course = stored(session, campus.instructor, read, {})
    made = session.exec(select(Run).where(Run.course_id == course.id)).one()
    assert (made.seats, made.enrollment_policy, made.enrollment_code not in ("SECRET42", None)) == (12, EnrollmentPolicy.CODE, True)


def zip_parts(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist() if name.endswith(".json")]


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
