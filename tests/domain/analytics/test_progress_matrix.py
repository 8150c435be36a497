"""The matrix of students by pages and quizzes: cells, sums, windows, and who may look."""

from uuid import UUID

import pytest
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.analytics import progress_matrix
from lms_app.domain.analytics.progress_matrix import MatrixCell
from lms_app.domain.assessments import attempts
from lms_app.domain.enrollments import learning
from lms_app.errors import NotFound
from lms_app.models import Answer, ItemPerson, Membership, RunItem
from lms_app.words import NodeKind, QuestionType, StaffRole
from tests.support.campus import RIGHT, WRONG, Campus, new_campus
from tests.support.statements import statements

ITEMS = ["Stones", "Try it", "Sand", "Final quiz", "Final quiz"]
"""The pages of the campus in their order, each followed by its quiz."""


@pytest.fixture
def campus(session: Session) -> Campus:
    return new_campus(session)


def sit(campus: Campus, right: int) -> None:
    sheet = attempts.start(campus.session, campus.student, campus.quiz("Final quiz").id)
    for number, question in enumerate(sheet.questions):
        given = (RIGHT if number < right else WRONG)[QuestionType(question.type)]
        campus.session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=given, sequence=1, saved_at=clock.now()))
    campus.session.flush()
    attempts.submit(campus.session, campus.student, UUID(sheet.id))


def test_a_cell_says_what_is_done_and_begun_with_the_best_score_of_a_quiz(campus: Campus):
    enrollment = campus.enroll()
    campus.enroll(campus.person("Bo Learner"))
    learning.mark_complete(campus.session, campus.student, campus.page("Sand").id)
    stones = campus.page("Stones").id
    campus.session.add(ItemPerson(run_id=enrollment.run_id, person_id=enrollment.person_id, object_id=stones, first_at=clock.now()))
    campus.session.add(RunItem(run_id=enrollment.run_id, object_id=stones, object_kind=NodeKind.PAGE, started=1, completed=0))
    campus.session.flush()
    sit(campus, 2)
    sit(campus, 3)
    head = progress_matrix.head(campus.session, campus.instructor, campus.course.id)
    assert ([item.title for item in head.items], head.students) == (ITEMS, 2)
    assert [(item.started, item.completed) for item in head.items[:2]] == [(1, 0), (0, 0)]
    ada, bo = progress_matrix.window(campus.session, campus.instructor, campus.course.id).rows
    assert (ada.name, ada.done, bo.name) == ("Ada Learner", 2, "Bo Learner")
    started, none, done = MatrixCell(state="started", score=None), MatrixCell(state="none", score=None), MatrixCell(state="done", score=None)
    assert ada.cells == [started, none, done, none, MatrixCell(state="done", score=60)]
    assert bo.cells == [none] * 5


def test_a_window_is_a_part_of_rows_and_columns(campus: Campus):
    for name in ("Ada", "Bo", "Cy"):
        campus.enroll(campus.person(name))
    part = progress_matrix.window(campus.session, campus.instructor, campus.course.id, first=1, rows=1, first_column=2, columns=2)
    assert (part.students, part.first, part.first_column) == (3, 1, 2)
    assert [(row.name, len(row.cells)) for row in part.rows] == [("Bo", 2)]
    found = progress_matrix.window(campus.session, campus.instructor, campus.course.id, search="cy")
    assert (found.students, [row.name for row in found.rows]) == (1, ["Cy"])


def test_a_viewer_sees_the_matrix_and_nobody_outside_the_staff_does(campus: Campus):
    viewer = campus.person("Vera", teaches=True)
    campus.session.add(Membership(course_id=campus.course.id, person_id=viewer.person_id, role=StaffRole.VIEWER, created_at=clock.now()))
    campus.session.flush()
    assert progress_matrix.head(campus.session, viewer, campus.course.id).students == 0
    for stranger in (campus.student, campus.person("Otto", teaches=True)):
        for look in (progress_matrix.head, progress_matrix.window):
            with pytest.raises(NotFound):
                look(campus.session, stranger, campus.course.id)


def test_many_students_cost_as_many_statements_as_few(campus: Campus):
    def read() -> int:
        progress_matrix.window(campus.session, campus.instructor, campus.course.id)
        campus.session.expire_all()
        with statements(campus.session) as made:
            progress_matrix.window(campus.session, campus.instructor, campus.course.id)
        return len(made)

    campus.enroll(campus.person("Ada"))
    few = read()
    for number in range(20):
        campus.enroll(campus.person(f"Person {number}"))
    assert read() == few
