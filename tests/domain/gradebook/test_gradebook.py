"""The gradebook of a run: columns that come by themselves, grades that follow attempts, grades set by hand, who sees what."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import event as engine_event
from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics.fold import fold
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import authoring
from lms_app.domain.gradebook import columns, gradebook, projection, queries
from lms_app.domain.gradebook.gradebook import GradeMoved
from lms_app.errors import Invalid, NotFound
from lms_app.models import (
    Answer,
    AssessmentRevision,
    Enrollment,
    FoldCursor,
    Grade,
    GradeCategory,
    GradeChange,
    GradeColumn,
    Membership,
    OutboxMessage,
    Run,
)
from lms_app.words import QuestionType, StaffRole
from tests.support.campus import RIGHT, WRONG, Campus, new_campus
from workers.analytics import bring_grades


@pytest.fixture
def campus(committed_database: str, redis_url: str) -> Iterator[Campus]:
    """A campus whose acts are committed, as the fold needs them."""
    with Session(engine(), expire_on_commit=False) as session:
        campus = new_campus(session)
        session.commit()
        yield campus


def column_of(campus: Campus) -> GradeColumn:
    return campus.session.exec(select(GradeColumn)).one()


def sit(campus: Campus, right: int, *, folded: bool = True) -> UUID:
    """The student takes the final quiz with so many of five right."""
    with transaction() as session:
        sheet = attempts.start(session, campus.student, campus.quiz("Final quiz").id)
        for number, question in enumerate(sheet.questions):
            given = (RIGHT if number < right else WRONG)[QuestionType(question.type)]
            answer = Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=given, sequence=1, saved_at=clock.now())
            session.add(answer)
        session.flush()
        attempts.submit(session, campus.student, UUID(sheet.id))
    if folded:
        fold_all()
    return UUID(sheet.id)


def fold_all() -> None:
    more = True
    while more:
        with transaction() as session:
            more = fold(session)


def enrolled(campus: Campus, actor: Actor | None = None) -> Enrollment:
    enrollment = campus.enroll(actor)
    campus.session.commit()
    return enrollment


def facts(session: Session) -> list[tuple]:
    rows = session.exec(select(Grade).order_by(col(Grade.enrollment_id))).all()
    return [(row.enrollment_id, row.column_id, row.fraction, row.pending, row.handed_in_at, row.attempt_id, row.given, row.excused) for row in rows]


def test_a_quiz_that_counts_gets_a_column_when_it_is_published_and_practice_gets_none(campus: Campus):
    column = column_of(campus)
    assert (column.title, column.points, column.archived_at) == ("Final quiz", 100, None)
    assert campus.session.exec(select(GradeCategory.title)).all() == ["Quizzes"]
    authoring.publish_course(campus.session, campus.instructor, campus.course.id)
    assert column_of(campus).id == column.id


def test_a_quiz_that_leaves_takes_its_column_along_and_brings_it_back(campus: Campus):
    page = campus.page("Final quiz")
    authoring.archive(campus.session, campus.instructor, "page", page.id)
    assert queries.head(campus.session, campus.instructor, campus.course.id).columns == []
    page.archived_at = None
    campus.session.add(page)
    campus.session.flush()
    authoring.follow_the_outline(campus.session, campus.course.id)
    assert [column.title for column in queries.head(campus.session, campus.instructor, campus.course.id).columns] == ["Final quiz"]


def test_a_submitted_attempt_is_in_the_gradebook_once_it_is_folded_and_a_better_one_replaces_it(campus: Campus):
    enrolled(campus)
    sit(campus, 3)
    rows = queries.window(campus.session, campus.instructor, campus.course.id).rows
    assert [(row.name, row.cells[0].text, row.total.text) for row in rows] == [("Ada Learner", "60", "60 %")]
    best = sit(campus, 5)
    sit(campus, 1)
    campus.session.rollback()
    row = queries.window(campus.session, campus.instructor, campus.course.id).rows[0]
    assert (row.cells[0].text, row.cells[0].version, row.total.percent) == ("100", 2, 100)
    assert campus.session.exec(select(Grade.attempt_id)).one() == best


def test_the_projection_made_anew_comes_out_equal(campus: Campus):
    for actor in (campus.student, campus.person("Bo Learner")):
        campus.student = actor
        enrolled(campus)
        for right in (2, 4, 3):
            sit(campus, right)
    with transaction() as session:
        before = facts(session)
        assert columns.rebuild(session) == 0
        session.execute(delete(Grade))
    with transaction() as session:
        assert columns.rebuild(session) == 2
        assert facts(session) == before


def test_a_column_that_comes_after_its_attempts_has_them_and_whoever_publishes_waits_for_no_fold(campus: Campus):
    enrolled(campus)
    sit(campus, 4)
    with transaction() as session:
        session.execute(delete(Grade))
        session.execute(delete(GradeColumn))
    with transaction() as folding, transaction() as session:
        folding.exec(select(FoldCursor).with_for_update()).all()
        session.execute(text("SET LOCAL lock_timeout = '3s'"))
        authoring.follow_the_outline(session, campus.course.id)
    with transaction() as session:
        [asked] = session.exec(select(OutboxMessage).where(OutboxMessage.job == columns.BRING)).all()
    bring_grades(**asked.arguments)
    with transaction() as session:
        assert session.exec(select(Grade.fraction)).one() == Decimal("0.8")


def test_a_grade_set_by_hand_stands_and_says_who_set_it_and_why(campus: Campus):
    enrollment, column = enrolled(campus), column_of(campus)
    sit(campus, 3)
    place = (campus.session, campus.instructor, campus.course.id, enrollment.id, column.id)
    with pytest.raises(Invalid, match="Say why"):
        gradebook.set_grade(*place, points="75", version=1)
    saved = gradebook.set_grade(*place, points="75,5", reason="A misprint in question 2", version=1)
    campus.session.commit()
    assert (saved.cell.text, saved.cell.state, saved.cell.version, saved.total.text) == ("75.5", "replaced", 2, "75 %")
    sit(campus, 5)
    told = queries.story(campus.session, campus.instructor, campus.course.id, enrollment.id, column.id)
    assert (told.cell.text, told.quiz_points, told.why) == ("75.5", "100", "Set by hand, in the place of the quiz’s score.")
    assert [(change.who, change.act, change.before, change.after, change.reason) for change in told.changes] == [
        ("Ines Teacher", "set", "", "75.5", "A misprint in question 2")
    ]
    assert b"misprint" not in campus.session.exec(select(GradeChange.reason_sealed)).one()
    own = queries.own_grades(campus.session, campus.student, campus.slug)
    assert [(line.title, line.text, line.reason, line.share) for line in own.lines] == [
        ("Final quiz", "75.5 of 100", "A misprint in question 2", "100 %")
    ]
    back = gradebook.reset(*place, version=told.cell.version)
    assert (back.cell.text, back.cell.state) == ("100", "earned")


def test_whoever_saw_an_older_grade_is_told_of_the_newer_one(campus: Campus):
    enrollment, column = enrolled(campus), column_of(campus)
    place = (campus.session, campus.instructor, campus.course.id, enrollment.id, column.id)
    gradebook.set_grade(*place, points="50", version=0)
    with pytest.raises(GradeMoved) as refused:
        gradebook.set_grade(*place, points="60", version=0)
    assert (refused.value.theirs.text, refused.value.theirs.version, refused.value.status) == ("50", 1, 409)
    assert len(campus.session.exec(select(GradeChange)).all()) == 1


@pytest.mark.parametrize("points", ["", "many", "-1", "100.1", "1e3", "NaN", "101 %", "١٢", "1,2,3"])
def test_what_is_no_grade_is_refused_in_words(campus: Campus, points: str):
    enrollment, column = enrolled(campus), column_of(campus)
    with pytest.raises(Invalid, match="from 0 to 100"):
        gradebook.set_grade(campus.session, campus.instructor, campus.course.id, enrollment.id, column.id, points=points)


def test_an_excused_grade_is_left_out_until_it_is_reset(campus: Campus):
    enrollment, column = enrolled(campus), column_of(campus)
    place = (campus.session, campus.instructor, campus.course.id, enrollment.id, column.id)
    gradebook.set_grade(*place, points="40")
    saved = gradebook.excuse(*place, reason="Ill")
    assert (saved.cell.text, saved.total.percent) == ("Excused", None)
    assert gradebook.reset(*place).cell.text == "40"


def test_only_the_course_s_graders_change_grades_and_only_its_staff_sees_them(campus: Campus):
    enrollment, column = enrolled(campus), column_of(campus)
    stranger, viewer = campus.person("Sam Stranger", teaches=True), campus.person("Vera Viewer", teaches=True)
    campus.session.add(Membership(course_id=campus.course.id, person_id=viewer.person_id, role=StaffRole.VIEWER, created_at=clock.now()))
    campus.session.flush()
    assert queries.head(campus.session, viewer, campus.course.id).may_grade is False
    for actor in (stranger, viewer, campus.student):
        with pytest.raises(NotFound):
            gradebook.set_grade(campus.session, actor, campus.course.id, enrollment.id, column.id, points="1")
    for actor in (stranger, campus.student):
        for read in (queries.head, queries.window, queries.grades_page):
            with pytest.raises(NotFound):
                read(campus.session, actor, campus.course.id)
        with pytest.raises(NotFound):
            queries.story(campus.session, actor, campus.course.id, enrollment.id, column.id)
    with pytest.raises(NotFound):
        queries.own_grades(campus.session, stranger, campus.slug)


def test_a_grade_of_another_course_cannot_be_set_through_one_s_own(campus: Campus):
    enrollment, column = enrolled(campus), column_of(campus)
    teacher = campus.person("Tia Teacher", teaches=True)
    other = authoring.create_course(campus.session, teacher, title="Mine")
    with pytest.raises(NotFound):
        gradebook.set_grade(campus.session, teacher, other.id, enrollment.id, column.id, points="1")
    run = campus.session.exec(select(Run).where(Run.course_id == other.id)).one()
    mine = GradeColumn(run_id=run.id, title="Mine", position="a0", created_at=clock.now())
    campus.session.add(mine)
    campus.session.flush()
    with pytest.raises(NotFound):
        gradebook.set_grade(campus.session, teacher, other.id, enrollment.id, mine.id, points="1")


def test_a_window_is_a_part_of_everybody_by_name(campus: Campus):
    for name in ("Zoe", "ada", "Émile", "Bo"):
        enrolled(campus, campus.person(name))
    read = queries.window(campus.session, campus.instructor, campus.course.id, first=1, rows=2)
    assert (read.students, [row.name for row in read.rows]) == (4, ["Bo", "Émile"])
    found = queries.window(campus.session, campus.instructor, campus.course.id, search="ZO")
    assert (found.students, [row.name for row in found.rows]) == (1, ["Zoe"])


@pytest.mark.parametrize(("shown", "text"), [({"marks": True}, "60 of 100"), ({"marks": False}, "To mark")])
def test_a_quiz_that_does_not_show_its_marks_keeps_them_here_too(campus: Campus, shown: dict[str, bool], text: str):
    quiz = campus.quiz("Final quiz")
    revision = campus.session.get_one(AssessmentRevision, quiz.published_revision_id)
    revision.settings = revision.settings | {"review": {"after": shown}}
    campus.session.add(revision)
    enrolled(campus)
    sit(campus, 3)
    own = queries.own_grades(campus.session, campus.student, campus.slug)
    assert own.lines[0].text == text
    assert (own.total.percent, queries.own_totals(campus.session, campus.student)[0].total.percent) == ((60, 60) if shown["marks"] else (None, None))
    assert queries.window(campus.session, campus.instructor, campus.course.id).rows[0].cells[0].text == "60"


def test_however_many_grades_move_at_once_they_are_looked_up_by_statements_of_one_length(campus: Campus):
    """A list with a place for each person is compared with every row there is: with thirty thousand rows the fold would be given up for good."""
    enrollment, column = enrolled(campus), column_of(campus)
    others = [enrolled(campus, campus.person(f"Student {number}")) for number in range(3)]
    lengths: list[list[int]] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            lengths[-1].append(len(statement))

    engine_event.listen(engine(), "before_cursor_execute", note)
    for people in ([enrollment], [enrollment, *others]):
        lengths.append([])
        places = [(one.id, column.id) for one in people]
        projection.counting_attempts(campus.session, [(column.assessment_id, one.id) for one in people])  # pyright: ignore[reportArgumentType]
        assert set(gradebook.lock_grades(campus.session, places)) == set(places)
    engine_event.remove(engine(), "before_cursor_execute", note)
    assert lengths[0] == lengths[1] != []


def test_moving_no_attempt_asks_nothing(session: Session):
    asked: list[object] = []
    engine_event.listen(session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2]))
    projection.move(session, [])
    assert asked == []
