import json
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, regrade_facts, regrade_preview, regrading
from lms_app.domain.certificates import issuing
from lms_app.domain.certificates.queries import own_certificates, verify
from lms_app.domain.notifications.queries import inbox
from lms_app.domain.people import erasing
from lms_app.errors import Conflict, NotFound
from lms_app.models import (
    Attempt,
    Certificate,
    Enrollment,
    OutboxMessage,
    QuestionScore,
    Regrade,
)
from lms_app.words import Outcome, QuestionType, RegradeStatus
from tests.support.campus import Campus, neutral_course, new_campus
from tests.support.questions import choice_body, text_body, true_false_body
from tests.support.regrades import corrected, finish_reading, question_of, sit, state


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def learner(campus: Campus, name: str, right: int) -> Actor:
    actor = campus.person(name)
    campus.enroll(actor)
    sit(campus, actor, right)
    return actor


def graduate(campus: Campus, name: str, right: int = 3) -> tuple[Actor, str]:
    """Somebody who completed the course, and the code of the certificate."""
    actor = campus.person(name)
    enrollment = campus.enroll(actor)
    finish_reading(campus, actor)
    sit(campus, actor, right)
    issuing.award(campus.session, enrollment.id)
    return actor, own_certificates(campus.session, actor)[0].code


FALSE_IS_RIGHT = true_false_body(False)


def test_a_dry_run_writes_nothing_and_names_whom_it_moves(campus: Campus, session: Session) -> None:
    learner(campus, "Ben Right", 3)
    learner(campus, "Cleo Wrong", 2)
    question = question_of(campus, QuestionType.TRUE_FALSE)
    before = state(session)
    revision = corrected(campus, question, FALSE_IS_RIGHT)
    shown = regrade_preview.preview(session, campus.instructor, question.id, revision)
    assert state(session) == before
    assert {(line.name, line.percent_before, line.percent_after, line.passed_after) for line in shown.lines} == {
        ("Ben Right", 60, 40, "not passed"),
        ("Cleo Wrong", 40, 60, "passed"),
    }
    assert (shown.figures.gained, shown.figures.lost, shown.figures.completed, shown.figures.withdrawn) == (1, 1, 1, 1)
    assert shown.harms
    assert shown.changes[0].what == "Right answer"


def test_applying_does_what_the_dry_run_said_and_undoing_puts_everything_back(campus: Campus, session: Session) -> None:
    ben, code = graduate(campus, "Ben Right")
    cleo = learner(campus, "Cleo Wrong", 2)
    finish_reading(campus, cleo)
    question = question_of(campus, QuestionType.TRUE_FALSE)
    before = state(session)
    revision = corrected(campus, question, FALSE_IS_RIGHT)
    shown = regrade_preview.preview(session, campus.instructor, question.id, revision)
    lines = {line.name: line for line in shown.lines}
    assert (lines["Ben Right"].certificate, lines["Ben Right"].course) == ("withdrawn", "withdrawn")
    assert (lines["Cleo Wrong"].certificate, lines["Cleo Wrong"].course) == ("issued", "completed")
    done = regrading.apply(session, campus.instructor, question.id, revision)
    assert done.status == RegradeStatus.APPLIED
    for line in shown.lines:
        attempt = session.get_one(Attempt, UUID(line.attempt_id))
        assert attempt.fraction is not None
        assert (int(attempt.fraction * 100), attempt.passed) == (line.percent_after, line.passed_after == "passed")
    assert not verify(session, code).valid
    assert session.exec(select(Enrollment.completed_at).where(Enrollment.person_id == ben.person_id)).one() is None
    graduate_of = session.exec(select(Enrollment).where(Enrollment.person_id == cleo.person_id)).one()
    assert graduate_of.completed_at is not None
    issuing.award(session, graduate_of.id)
    assert [one.revoked for one in own_certificates(session, cleo)] == [False]
    assert "your mark moved" in inbox(session, ben).items[0].sentence
    assert "certificate" in inbox(session, ben).items[0].sentence
    regrading.undo(session, campus.instructor, UUID(done.id))
    assert verify(session, code).valid
    assert [one.revoked for one in own_certificates(session, cleo)] == [True]
    session.exec(select(Certificate).where(Certificate.person_id == cleo.person_id)).one()
    after = json.loads(state(session))
    wanted = json.loads(before)
    gone = {str(row.id) for row in session.exec(select(Certificate).where(Certificate.person_id == cleo.person_id)).all()}
    after[5] = {key: value for key, value in after[5].items() if key not in gone}
    assert after == wanted


def test_a_second_try_after_a_withdrawal_earns_a_certificate_of_its_own_and_undoing_leaves_one_valid(campus: Campus, session: Session) -> None:
    ben, code = graduate(campus, "Ben Right")
    question = question_of(campus, QuestionType.TRUE_FALSE)
    done = regrading.apply(session, campus.instructor, question.id, corrected(campus, question, FALSE_IS_RIGHT))
    sit(campus, ben, 5)
    enrollment = session.exec(select(Enrollment).where(Enrollment.person_id == ben.person_id)).one()
    assert enrollment.completed_at is not None
    issuing.award(session, enrollment.id)
    assert sorted(one.revoked for one in own_certificates(session, ben)) == [False, True]
    regrading.undo(session, campus.instructor, UUID(done.id))
    assert verify(session, code).valid
    assert sorted(one.revoked for one in own_certificates(session, ben)) == [False, True]


def test_open_attempts_keep_the_question_as_they_have_it(campus: Campus, session: Session) -> None:
    learner(campus, "Ben Right", 3)
    late = campus.person("Dora Late")
    campus.enroll(late)
    sheet = attempts.start(session, late, campus.quiz("Final quiz").id)
    question = question_of(campus, QuestionType.TRUE_FALSE)
    revision = corrected(campus, question, FALSE_IS_RIGHT)
    shown = regrade_preview.preview(session, campus.instructor, question.id)
    assert (shown.revision_id, shown.open_attempts, shown.figures.attempts) == (str(revision), 1, 1)
    regrading.apply(session, campus.instructor, question.id)
    layout = session.get_one(Attempt, UUID(sheet.id)).layout
    assert str(revision) not in {entry["revision"] for entry in layout}


def test_what_a_marker_gave_stays_unless_it_is_overruled(session: Session, redis_url: str) -> None:
    campus = new_campus(session, neutral_course(behaviour="manual"))
    learner(campus, "Ben Right", 3)
    question = question_of(campus, QuestionType.TRUE_FALSE)
    row = session.exec(select(QuestionScore).where(QuestionScore.question_id == question.id)).one()
    row.fraction, row.score, row.outcome = Decimal("0.7"), Decimal("0.7"), Outcome.PARTIAL
    session.add(row)
    session.flush()
    revision = corrected(campus, question, FALSE_IS_RIGHT)
    assert regrade_preview.preview(session, campus.instructor, question.id, revision).figures.kept == 1
    regrading.apply(session, campus.instructor, question.id, revision)
    assert (row.score, row.outcome, row.question_revision_id) == (Decimal("0.7"), "partial", revision)
    regrading.apply(session, campus.instructor, question.id, revision, overrules=True)
    assert (row.score, row.outcome) == (Decimal(0), "pending")


def test_a_mark_given_after_a_correction_survives_its_undoing(campus: Campus, session: Session) -> None:
    learner(campus, "Ben Right", 3)
    question = question_of(campus, QuestionType.TRUE_FALSE)
    done = regrading.apply(session, campus.instructor, question.id, corrected(campus, question, FALSE_IS_RIGHT))
    row = session.exec(select(QuestionScore).where(QuestionScore.question_id == question.id)).one()
    row.fraction = row.score = Decimal("0.25")
    session.add(row)
    session.flush()
    regrading.undo(session, campus.instructor, UUID(done.id))
    assert row.score == Decimal("0.25")


def test_a_correction_that_is_at_work_lets_no_second_begin(campus: Campus, session: Session) -> None:
    learner(campus, "Ben Right", 3)
    question = question_of(campus, QuestionType.TRUE_FALSE)
    revision = corrected(campus, question, FALSE_IS_RIGHT)
    session.add(Regrade(question_id=question.id, revision_id=revision, attempts=1, created_by=campus.instructor.person_id, created_at=clock.now()))
    session.flush()
    with pytest.raises(Conflict):
        regrading.apply(session, campus.instructor, question.id, revision)


def test_many_attempts_are_corrected_by_a_job_in_chunks(campus: Campus, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrading, "AT_ONCE", 1)
    monkeypatch.setattr(regrade_facts, "CHUNK", 2)
    for number in range(5):
        learner(campus, f"Learner {number}", 3)
    question = question_of(campus, QuestionType.TRUE_FALSE)
    before = state(session)
    begun = regrading.apply(session, campus.instructor, question.id, corrected(campus, question, FALSE_IS_RIGHT))
    assert (begun.status, begun.percent) == (RegradeStatus.RUNNING, 0)
    assert session.exec(select(OutboxMessage.job).where(OutboxMessage.job == regrading.CARRY_ON)).all() == [regrading.CARRY_ON]
    assert regrading.carry_on(session, UUID(begun.id))
    assert regrading.read(session, campus.instructor, UUID(begun.id)).percent == 40
    while regrading.carry_on(session, UUID(begun.id)):
        pass
    assert not regrading.carry_on(session, UUID(begun.id))
    assert regrading.read(session, campus.instructor, UUID(begun.id)).status == RegradeStatus.APPLIED
    regrading.undo(session, campus.instructor, UUID(begun.id))
    while regrading.carry_on(session, UUID(begun.id)):
        pass
    assert state(session) == before


def test_a_choice_that_became_right_earns_and_undoing_takes_it_back(campus: Campus, session: Session) -> None:
    learner(campus, "Ben Right", 3)
    question = question_of(campus, QuestionType.SINGLE_CHOICE)
    done = regrading.apply(session, campus.instructor, question.id, corrected(campus, question, choice_body("0", "1", "0")))
    row = session.exec(select(QuestionScore).where(QuestionScore.question_id == question.id)).one()
    assert (row.score, row.outcome) == (Decimal(0), "incorrect")
    regrading.undo(session, campus.instructor, UUID(done.id))
    assert (row.score, row.outcome) == (Decimal(1), "correct")


def test_a_stranger_finds_no_question_to_correct(campus: Campus, session: Session) -> None:
    question = question_of(campus, QuestionType.TRUE_FALSE)
    for stranger in (campus.student, campus.person("Other Teacher", teaches=True)):
        with pytest.raises(NotFound):
            regrade_preview.preview(session, stranger, question.id)


def test_an_erased_students_marks_stay_when_the_answer_can_be_read_no_more(campus: Campus, session: Session) -> None:
    question = question_of(campus, QuestionType.SHORT_TEXT)
    ben, ada = learner(campus, "Ben Right", 5), learner(campus, "Ada Right", 5)
    erasing.erase(session, ada.person_id, discard=lambda _: None)
    session.expire_all()
    done = regrading.apply(session, campus.instructor, question.id, corrected(campus, question, text_body("Somebody else")))
    scored = select(Attempt.person_id, QuestionScore.score).join(QuestionScore, QuestionScore.attempt_id == Attempt.id)  # pyright: ignore[reportArgumentType]
    scores = dict(session.exec(scored.where(QuestionScore.question_id == question.id)).all())
    assert scores == {ben.person_id: Decimal(0), ada.person_id: Decimal(1)}
    assert done.status == RegradeStatus.APPLIED
