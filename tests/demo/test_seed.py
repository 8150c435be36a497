"""The seeded campus: whole, believable, and there once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, func, select
from typer.testing import CliRunner

from lms_app.adapters import clock
from lms_app.cli import app
from lms_app.database import engine
from lms_app.demo import behaviour, seed
from lms_app.demo.behaviour import AnswerQuestion, CompletePage, Enrol, StartQuiz, SubmitQuiz, Withdraw
from lms_app.demo.course_files import SLUGS, read_course
from lms_app.demo.outlines import outline_of
from lms_app.demo.people import SIGN_INS, STUDENTS
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import audit, spreads
from lms_app.domain.analytics.fold import fold
from lms_app.domain.analytics.registry import ALL, RUN_METRICS
from lms_app.domain.assessments import marking_queue, question_bank
from lms_app.domain.people.registration import find_person
from lms_app.models import (
    Answer,
    Attempt,
    AttemptFile,
    Certificate,
    Completion,
    Course,
    Enrollment,
    LearningEvent,
    Mark,
    OutboxMessage,
    PageView,
    Person,
    Question,
    QuestionScore,
    Run,
    RunFigures,
)
from lms_app.words import AttemptStatus, EnrollmentStatus, NodeKind, Outcome, QuestionType, Role, Status
from tests.support.servers import TestServers, forget_connections

# The first test plays the whole campus, which the others look at.
pytestmark = pytest.mark.timeout(900)

UNTIL = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def acts() -> list[behaviour.Act]:
    return behaviour.plan([outline_of(read_course(slug)) for slug in SLUGS], STUDENTS, seed.SEED, UNTIL)


@pytest.fixture(scope="module")
def campus(servers: TestServers, database: str) -> Iterator[Session]:
    """One seeded and folded campus for all tests here."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", servers.clone("demo_campus"))
        forget_connections()
        with Session(engine(), expire_on_commit=False) as session, session.begin():
            seed.seed(session, until=UNTIL, password_hashes={"student@example.org": "hash"}, store=_keep_nothing)
        with Session(engine(), expire_on_commit=False) as session:
            while fold(session):
                session.commit()
            session.commit()
            yield session
        forget_connections()
        servers.drop("demo_campus")
    forget_connections()


def test_every_act_of_the_plan_left_its_trace(campus: Session, acts: list[behaviour.Act]) -> None:
    planned = Counter(type(act) for act in acts)
    assert _count(campus, Enrollment) == planned[Enrol]
    assert _count(campus, Attempt) == planned[StartQuiz]
    assert _count(campus, Answer) == planned[AnswerQuestion]
    assert campus.exec(select(func.count()).select_from(Completion).where(Completion.node_kind == NodeKind.PAGE)).one() == planned[CompletePage]
    submitted = campus.exec(select(func.count()).select_from(Attempt).where(Attempt.status == AttemptStatus.SUBMITTED)).one()
    assert submitted == planned[SubmitQuiz]


def test_things_happened_when_the_plan_says(campus: Session, acts: list[behaviour.Act]) -> None:
    views = campus.exec(select(func.min(PageView.first_at), func.max(PageView.last_at))).one()
    assert views[0] >= UNTIL - timedelta(weeks=behaviour.WEEKS)
    assert views[1] <= UNTIL
    started = sorted(campus.exec(select(Attempt.started_at)).all())
    assert started == sorted(act.at for act in acts if isinstance(act, StartQuiz))
    assert campus.exec(select(func.count()).select_from(LearningEvent).where(col(LearningEvent.occurred_at) > UNTIL)).one() == 0
    awarded = campus.exec(select(Certificate.issued_at, Certificate.completed_at)).all()
    assert awarded
    assert all(issued == completed for issued, completed in awarded)


def test_three_courses_stand_in_the_catalogue_with_a_cover(campus: Session) -> None:
    courses = campus.exec(select(Course)).all()
    assert {course.slug for course in courses} == set(SLUGS)
    assert all(course.status == Status.PUBLISHED and course.cover_file_id for course in courses)


def test_the_demo_student_has_a_certificate_and_is_in_the_middle_of_the_main_course(campus: Session) -> None:
    student = find_person(campus, "student@example.org")
    assert student is not None
    assert student.password_hash == "hash"
    standing = dict(
        campus.exec(
            select(Course.slug, Enrollment.completed_at)
            .join(Enrollment, col(Enrollment.course_id) == col(Course.id))
            .where(Enrollment.person_id == student.id, Enrollment.status == EnrollmentStatus.ACTIVE)
        ).all()
    )
    assert standing["first-steps"] is not None
    assert standing["seeing-with-statistics"] is None
    assert campus.exec(select(Certificate).where(Certificate.person_id == student.id)).one().name == "Mira Solberg"


def test_only_the_documented_accounts_can_sign_in(campus: Session) -> None:
    assert campus.exec(select(func.count()).select_from(Person).where(col(Person.password_hash).is_not(None))).one() == 1


def test_what_was_handed_in_is_marked_but_for_the_newest_which_waits(campus: Session) -> None:
    said = campus.exec(select(QuestionScore.outcome, QuestionScore.graded_at).where(col(QuestionScore.question_id).in_(_by_hand()))).all()
    waiting = [at for outcome, at in said if outcome == Outcome.PENDING]
    marked = [at for outcome, at in said if outcome in (Outcome.CORRECT, Outcome.PARTIAL)]
    assert len(waiting) >= 4
    assert len(marked) >= 8
    assert set(marked) == {UNTIL - seed.MARKED_BEFORE}
    assert _count(campus, AttemptFile) == len(said) // 2
    comments = campus.exec(select(Mark)).all()
    assert len(comments) == len(marked)
    assert all(mark.comment for mark in comments)


def test_who_signs_in_as_the_instructor_finds_work_to_mark_and_every_type_of_question(campus: Session) -> None:
    ines = find_person(campus, "instructor@example.org")
    assert ines is not None
    actor = Actor(person_id=ines.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR}))
    course_id = campus.exec(select(Course.id).where(Course.slug == "flat-maps-of-a-round-world")).one()
    assert marking_queue.overview(campus, actor, course_id).waiting >= 4
    assert {line.type for line in question_bank.bank(campus, actor, course_id).lines} == set(QuestionType)


def test_no_attempt_is_left_beyond_its_time_and_no_mail_of_the_past_is_due(campus: Session) -> None:
    assert not campus.exec(select(Attempt).where(Attempt.status == AttemptStatus.OPEN, col(Attempt.deadline_at) < UNTIL - timedelta(minutes=5))).all()
    due = list(campus.exec(select(OutboxMessage.job).where(col(OutboxMessage.done_at).is_(None))).all())
    assert set(due) <= {"certificates.issue", "courses.check"}
    assert due.count("certificates.issue") == _count(campus, Certificate) > 0


def test_the_roll_ups_know_the_campus_after_the_fold(campus: Session, acts: list[behaviour.Act]) -> None:
    assert seed.is_seeded(campus)
    figures = campus.exec(select(RunFigures)).all()
    assert len(figures) == len(SLUGS)
    enrolled = {(act.person, act.course) for act in acts if isinstance(act, Enrol)}
    left = {(act.person, act.course) for act in acts if isinstance(act, Withdraw)}
    assert sum(row.enrolled for row in figures) == len(enrolled - left)


def test_every_metric_equals_its_source(campus: Session) -> None:
    runs = campus.exec(select(Run.id)).all()
    with clock.moved_to(UNTIL):
        for run in runs:
            spreads.picture(campus, run)
        differing = {(name, run): found for name, metric in ALL.items() for run in runs if (found := audit.apart(campus, metric, run))}
        empty = {name for name, metric in RUN_METRICS.items() if not any(metric.rolled_up(campus, run) for run in runs)}
    assert differing == {}
    # Nobody was there in the last five minutes, and the campus has no films.
    assert empty <= {"active_now", "film_people", "film_seconds", "film_stops"}, "what is empty, of that the test says nothing"


def test_the_command_leaves_a_seeded_campus_alone_and_says_how_to_sign_in(campus: Session) -> None:
    before = _count(campus, LearningEvent)
    said = CliRunner().invoke(app, ["seed-demo"])
    assert said.exit_code == 0, said.output
    assert all(email in said.output and password in said.output for email, password in SIGN_INS.items())
    assert _count(campus, LearningEvent) == before


def test_the_command_makes_room_for_what_happens_before_the_campus_is_there(committed_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards the workers are at eight weeks of events, and the table is not to be had."""
    room: list[str | None] = []
    monkeypatch.setattr(
        seed, "seed", lambda session, **_: room.append(session.execute(text("SELECT to_regclass('learning_events_202603')")).scalar())
    )
    with clock.moved_to(UNTIL):
        said = CliRunner().invoke(app, ["seed-demo"])
    assert said.exit_code == 0, said.output
    assert room == ["learning_events_202603"]


def _by_hand():
    return select(Question.id).where(col(Question.type).in_([QuestionType.ESSAY, QuestionType.FILE_UPLOAD]))


def _count(session: Session, table: type) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def _keep_nothing(data: bytes, *, key: bytes) -> str:
    return str(UUID(int=len(data)))
