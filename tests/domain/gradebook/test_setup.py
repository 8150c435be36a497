"""Setting up a gradebook: settings, categories, columns, by whoever authors the course."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.assessments import overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.enrollments import groups
from lms_app.domain.gradebook import gradebook, queries, setup
from lms_app.errors import Invalid, NotFound
from lms_app.models import AssessmentRevision, GradeColumn, Membership, Run
from lms_app.words import Aggregation, GradeScale, Missing, StaffRole
from tests.support.campus import Campus, new_campus

FORM = {
    "aggregation": Aggregation.WEIGHTED,
    "missing": Missing.ZERO,
    "late_per_day": "10 %",
    "late_floor": "",
    "late_grace": "15",
    "scale": GradeScale.LETTERS,
    "scale_points": "20",
    "letters": "Very good 80\nGood 60,5 %\nNot good 0",
    "pass_mark": "50",
}


@pytest.fixture
def campus(session: Session) -> Campus:
    return new_campus(session)


def test_a_form_becomes_settings_and_the_form_again(campus: Campus):
    settings = setup.read_settings(**FORM)
    assert (settings.late_per_day, settings.late_grace, settings.pass_mark) == (Decimal("0.1"), 900, Decimal("0.5"))
    setup.save_settings(campus.session, campus.instructor, campus.course.id, settings)
    told = setup.setup(campus.session, campus.instructor, campus.course.id)
    assert (told.late_per_day, told.late_grace, told.pass_mark) == ("10", "15", "50")
    assert told.letters == "Very good 80\nGood 60.5\nNot good 0"
    assert told.scale == "letters"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("late_per_day", "101"),
        ("late_floor", "a"),
        ("late_grace", "-1"),
        ("scale_points", "0"),
        ("pass_mark", "200"),
        ("letters", "A 90"),
        ("letters", "A 50\nB 60\nC 0"),
        ("letters", "A\nB 0"),
        ("letters", "A 90\nB 10"),
        ("letters", ""),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(field: str, value: str):
    with pytest.raises(Invalid) as refused:
        setup.read_settings(**FORM | {field: value})
    assert list(refused.value.fields) == [field]


def test_totals_follow_settings_categories_and_columns_at_once(campus: Campus):
    session, teacher, course_id = campus.session, campus.instructor, campus.course.id
    enrollment = campus.enroll()
    essay = setup.add_column(session, teacher, course_id, "Essay", "20")
    gradebook.set_grade(session, teacher, course_id, enrollment.id, essay, points="10")
    quiz = session.exec(select(GradeColumn).where(GradeColumn.title == "Final quiz")).one()
    gradebook.set_grade(session, teacher, course_id, enrollment.id, quiz.id, points="100")

    def percent() -> int | None:
        return queries.own_grades(session, campus.student, campus.slug).total.percent

    assert percent() == 91
    papers = setup.add_category(session, teacher, course_id, "Papers")
    due = datetime(2026, 5, 1, tzinfo=UTC).isoformat()
    setup.save_column(
        session, teacher, course_id, essay, title="Paper", points="20", category_id=str(papers), counted=True, required="60", due_at=due
    )
    setup.save_category(session, teacher, course_id, papers, title="Papers", weight="3", drop_lowest="1")
    setup.save_settings(session, teacher, course_id, setup.read_settings(**FORM))
    own = queries.own_grades(session, campus.student, campus.slug)
    assert (own.total.percent, own.total.text, own.total.passed) == (62, "Good", False)
    assert [(condition.sentence, condition.met) for condition in own.conditions] == [
        ("At least 50 % in all.", True),
        ("At least 60 % in Paper: you have 50 %.", False),
    ]
    assert {line.title: line.share for line in own.lines} == {"Final quiz": "25 %", "Paper": "75 %"}
    setup.remove_category(session, teacher, course_id, papers)
    assert percent() == 100
    setup.remove_column(session, teacher, course_id, essay)
    assert [line.title for line in queries.own_grades(session, campus.student, campus.slug).lines] == ["Final quiz"]


def test_a_quiz_s_column_cannot_be_taken_away_and_keeps_the_quiz_s_title(campus: Campus):
    session, teacher, course_id = campus.session, campus.instructor, campus.course.id
    quiz = session.exec(select(GradeColumn)).one()
    with pytest.raises(Invalid, match="as long as the quiz does"):
        setup.remove_column(session, teacher, course_id, quiz.id)
    setup.save_column(session, teacher, course_id, quiz.id, title="Mine", points="50", category_id="", counted=False, required="", due_at="")
    assert (quiz.title, quiz.points, quiz.counted) == ("Final quiz", 50, False)


@pytest.mark.parametrize(
    ("field", "value"), [("points", "0"), ("points", "many"), ("required", "101"), ("due_at", "tomorrow"), ("due_at", "1999-05-01T10:00")]
)
def test_a_column_that_cannot_be_is_refused_beside_its_field(campus: Campus, field: str, value: str):
    quiz = campus.session.exec(select(GradeColumn)).one()
    form = {"title": "Quiz", "points": "10", "category_id": "", "counted": True, "required": "", "due_at": ""} | {field: value}
    with pytest.raises(Invalid) as refused:
        setup.save_column(campus.session, campus.instructor, campus.course.id, quiz.id, **form)  # pyright: ignore[reportArgumentType]
    assert list(refused.value.fields) == [field]


def test_a_due_time_is_taken_and_told_in_the_run_s_zone(campus: Campus):
    session, teacher, course_id = campus.session, campus.instructor, campus.course.id
    session.exec(select(Run)).one().time_zone = "America/New_York"
    quiz = session.exec(select(GradeColumn)).one()
    form = {"title": "", "points": "10", "category_id": "", "counted": True, "required": ""}
    setup.save_column(session, teacher, course_id, quiz.id, due_at="2026-07-01T23:30", **form)  # pyright: ignore[reportArgumentType]
    assert quiz.due_at == datetime(2026, 7, 2, 3, 30, tzinfo=UTC)
    told = setup.setup(session, teacher, course_id)
    assert (told.zone, told.columns[0].due_at) == ("America/New York", "2026-07-01T23:30:00-04:00")


def test_a_column_without_a_due_time_is_due_when_its_quiz_closes_for_each_of_them(campus: Campus):
    session, teacher, course_id, quiz = campus.session, campus.instructor, campus.course.id, campus.quiz("Final quiz")
    now = clock.now()
    late = campus.enroll()
    campus.enroll(campus.person("Bo Learner"))
    setup.save_settings(session, teacher, course_id, setup.read_settings(**FORM | {"late_grace": "0"}))
    revision = session.get_one(AssessmentRevision, quiz.published_revision_id)
    revision.settings = revision.settings | {"closes_at": (now + timedelta(hours=1)).isoformat()}
    session.add(revision)
    session.flush()

    def states() -> list[str]:
        return [row.cells[0].state for row in queries.window(session, teacher, course_id).rows]

    assert datetime.fromisoformat(setup.setup(session, teacher, course_id).columns[0].closes_at) == now + timedelta(hours=1)
    assert states() == ["none", "none"]
    overrides.set_override(session, teacher, quiz.id, Override(closes_at=now + timedelta(hours=3)), enrollment_id=late.id)
    with clock.moved_to(now + timedelta(hours=2)):
        assert states() == ["none", "missing"]
        assert queries.own_totals(session, campus.student)[0].total.percent is None
    with clock.moved_to(now + timedelta(hours=4)):
        assert states() == ["missing", "missing"]
        assert queries.own_totals(session, campus.student)[0].total.percent == 0
    group = groups.add_group(session, teacher, course_id, "Evening")
    groups.add_member(session, teacher, course_id, group, late.id)
    overrides.set_override(session, teacher, quiz.id, Override(closes_at=now + timedelta(hours=9)), group_id=group)
    overrides.set_override(session, teacher, quiz.id, Override(closes_at=now + timedelta(hours=5)))
    with clock.moved_to(now + timedelta(hours=4)):
        assert states() == ["missing", "none"], "a student’s own exception stands before a group’s, and a run’s moves everybody else"


def test_graders_and_strangers_set_nothing_up(campus: Campus):
    grader, stranger = campus.person("Gus Grader", teaches=True), campus.person("Sam", teaches=True)
    campus.session.add(Membership(course_id=campus.course.id, person_id=grader.person_id, role=StaffRole.GRADER, created_at=clock.now()))
    campus.session.flush()
    column: UUID = campus.session.exec(select(GradeColumn.id)).one()
    for actor in (grader, stranger, campus.student):
        for refused in (
            lambda actor=actor: setup.setup(campus.session, actor, campus.course.id),
            lambda actor=actor: setup.add_category(campus.session, actor, campus.course.id, "X"),
            lambda actor=actor: setup.add_column(campus.session, actor, campus.course.id, "X"),
            lambda actor=actor: setup.remove_column(campus.session, actor, campus.course.id, column),
            lambda actor=actor: setup.save_settings(campus.session, actor, campus.course.id, setup.read_settings(**FORM)),
        ):
            with pytest.raises(NotFound):
                refused()
