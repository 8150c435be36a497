"""How a quiz's settings make an attempt: tries, certainty, the end of the time, pages, a password, waiting, counting, review."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.assessments import attempts, closing, exam_room, settling
from lms_app.domain.assessments.quiz_settings import NOTHING, QuizSettings, Review, Shown, password_digest
from lms_app.domain.assessments.views import AnswerFeedback, AttemptSheet, QuestionSheet
from lms_app.domain.content.rich_text import from_text
from lms_app.errors import Conflict, Invalid, LimitReached
from lms_app.models import Answer, AnswerTry, AssessmentRevision, Attempt, OutboxMessage, QuestionRevision
from lms_app.words import AttemptStatus, Behaviour, QuestionType
from tests.support.campus import RIGHT, WRONG, Campus, neutral_course, new_campus
from tests.support.marking import write_answer, written_course

pytestmark = pytest.mark.usefixtures("redis_url")

GENERAL = "Said to everybody in the end"


def campus_with(session: Session, **final: Any) -> Campus:
    """A campus whose final quiz has these settings, its student enrolled."""
    campus = new_campus(session, neutral_course(**final))
    campus.enroll()
    return campus


def start(campus: Campus, password: str = "") -> AttemptSheet:
    return attempts.start(campus.session, campus.student, campus.quiz("Final quiz").id, password)


def answer(
    campus: Campus, sheet: AttemptSheet, question: QuestionSheet, response: dict[str, Any], sequence: int, certainty: int | None = None
) -> None:
    """Writes an answer as the answer path does."""
    campus.session.merge(
        Answer(
            attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=sequence, certainty=certainty, saved_at=clock.now()
        )
    )
    campus.session.flush()
    campus.session.expire_all()


def of_type(sheet: AttemptSheet, type_: QuestionType) -> QuestionSheet:
    return next(question for question in sheet.questions if question.type == type_)


def check(campus: Campus, sheet: AttemptSheet, question: QuestionSheet) -> AnswerFeedback:
    return attempts.check(campus.session, campus.student, UUID(sheet.id), UUID(question.id))


def submit(campus: Campus, sheet: AttemptSheet) -> Attempt:
    attempts.submit(campus.session, campus.student, UUID(sheet.id))
    return stored(campus, sheet)


def stored(campus: Campus, sheet: AttemptSheet) -> Attempt:
    campus.session.expire_all()
    return campus.session.get_one(Attempt, UUID(sheet.id))


def say(session: Session, type_: QuestionType, **more: Any) -> None:
    """Puts something into the bodies of a type."""
    for row in session.exec(select(QuestionRevision)).all():
        if ("answer" in row.body and type_ == QuestionType.TRUE_FALSE) or type_ is None:
            row.body = {**row.body, **more}
            session.add(row)
    session.flush()


def later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    """The clock goes forward."""
    now = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_each_try_that_was_not_right_takes_its_penalty_and_the_right_one_stands(session: Session) -> None:
    campus = campus_with(session, behaviour="interactive", tries=3)
    say(session, QuestionType.TRUE_FALSE, penalty="0.25", feedback=from_text(GENERAL), hints=[from_text("Hint one"), from_text("Hint two")])
    sheet = start(campus)
    question = of_type(sheet, QuestionType.TRUE_FALSE)
    assert (question.tries_left, question.hints) == (3, [])
    for sequence, left in ((1, 2), (2, 1)):
        answer(campus, sheet, question, WRONG[QuestionType.TRUE_FALSE], sequence)
        told = check(campus, sheet, question)
        assert (told.final, told.tries_left, told.outcome, told.solution, len(told.hints)) == (False, left, "incorrect", "", sequence)
        again = check(campus, sheet, question)
        assert again == told, "a repeated check is the same try"
    answer(campus, sheet, question, RIGHT[QuestionType.TRUE_FALSE], 3)
    told = check(campus, sheet, question)
    assert (told.final, told.outcome, told.score) == (True, "correct", "0.5")
    assert submit(campus, sheet).score == Decimal("0.5")


def test_what_is_said_to_everybody_waits_for_the_last_try(session: Session) -> None:
    campus = campus_with(session, behaviour="interactive", tries=2)
    say(session, QuestionType.TRUE_FALSE, feedback=from_text(GENERAL), feedback_false=from_text("Look at the sand"))
    sheet = start(campus)
    question = of_type(sheet, QuestionType.TRUE_FALSE)
    answer(campus, sheet, question, WRONG[QuestionType.TRUE_FALSE], 1)
    told = check(campus, sheet, question)
    assert "Look at the sand" in told.html
    assert GENERAL not in told.html
    answer(campus, sheet, question, WRONG[QuestionType.TRUE_FALSE], 2)
    told = check(campus, sheet, question)
    assert (told.final, told.tries_left, told.solution) == (True, 0, "True")
    assert GENERAL in told.html


def test_certainty_weighs_what_is_right_and_what_is_wrong(session: Session) -> None:
    campus = campus_with(session, behaviour="certainty")
    sheet = start(campus)
    sure = {
        QuestionType.TRUE_FALSE: (RIGHT, 3),
        QuestionType.NUMERIC: (RIGHT, 1),
        QuestionType.SHORT_TEXT: (WRONG, 2),
        QuestionType.SINGLE_CHOICE: (RIGHT, None),
    }
    for sequence, (type_, (responses, certainty)) in enumerate(sure.items(), start=1):
        answer(campus, sheet, of_type(sheet, type_), responses[type_], sequence, certainty)
    # 1 for sure and right, a third for unsure and right (twice: nobody said is unsure), −2/3 for quite sure and wrong.
    assert submit(campus, sheet).score == Decimal("1") + 2 * Decimal("0.333333") - Decimal("0.666667")


@pytest.mark.parametrize(
    ("rule", "seconds", "status", "counts"),
    [
        ("submit", 70, AttemptStatus.EXPIRED, True),
        ("grace", 80, AttemptStatus.SUBMITTED, True),
        ("grace", 130, AttemptStatus.DISCARDED, False),
        ("discard", 70, AttemptStatus.DISCARDED, False),
        ("discard", 50, AttemptStatus.SUBMITTED, True),
    ],
)
def test_what_becomes_of_an_attempt_submitted_by_hand_when_the_time_is_over(
    session: Session, monkeypatch: pytest.MonkeyPatch, rule: str, seconds: int, status: AttemptStatus, counts: bool
) -> None:
    campus = campus_with(session, time_limit=60, on_expiry=rule, grace_seconds=30)
    sheet = start(campus)
    answer(campus, sheet, of_type(sheet, QuestionType.TRUE_FALSE), RIGHT[QuestionType.TRUE_FALSE], 1)
    later(monkeypatch, seconds=seconds)
    attempt = submit(campus, sheet)
    assert attempt.status == status
    assert (attempt.score == 1) is counts
    assert len(settling.sittings(session, attempt.enrollment_id, attempt.assessment_id)) == counts


@pytest.mark.parametrize(
    ("rule", "seconds", "status"),
    [
        ("submit", 70, AttemptStatus.EXPIRED),
        ("grace", 70, AttemptStatus.OPEN),
        ("grace", 130, AttemptStatus.DISCARDED),
        ("discard", 70, AttemptStatus.DISCARDED),
        ("submit", 50, AttemptStatus.OPEN),
    ],
)
def test_what_becomes_of_an_attempt_that_nobody_submits(
    session: Session, monkeypatch: pytest.MonkeyPatch, rule: str, seconds: int, status: AttemptStatus
) -> None:
    campus = campus_with(session, time_limit=60, on_expiry=rule, grace_seconds=30)
    sheet = start(campus)
    later(monkeypatch, seconds=seconds)
    assert closing.overdue(session) == ([] if status == AttemptStatus.OPEN else [UUID(sheet.id)])
    closing.close(session, UUID(sheet.id))
    assert stored(campus, sheet).status == status
    closing.close(session, UUID(sheet.id))
    assert stored(campus, sheet).status == status


def test_more_time_moves_the_deadline_and_arms_the_closing_job_anew(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    campus = campus_with(session, time_limit=60)
    sheet = start(campus)
    assert exam_room.extend(session, campus.instructor, campus.quiz("Final quiz").id, 300) == 1
    attempt = stored(campus, sheet)
    assert attempt.deadline_at == datetime.fromisoformat(sheet.deadline_at) + timedelta(seconds=300)
    armed = [
        row.not_before
        for row in session.exec(select(OutboxMessage).where(OutboxMessage.job == attempts.CLOSE).order_by(OutboxMessage.not_before)).all()
    ]  # pyright: ignore[reportArgumentType]
    assert len(armed) == 2
    assert armed[1] - armed[0] == timedelta(seconds=300)
    later(monkeypatch, seconds=120)
    closing.close(session, UUID(sheet.id))
    assert stored(campus, sheet).status == AttemptStatus.OPEN, "the first job comes too early"
    later(monkeypatch, seconds=300)
    closing.close(session, UUID(sheet.id))
    assert stored(campus, sheet).status == AttemptStatus.EXPIRED


def test_pages_without_a_way_back_open_one_after_the_other(session: Session) -> None:
    campus = campus_with(session, navigation="one_way", questions_per_page=2)
    sheet = start(campus)
    assert (sheet.page, sheet.pages, sheet.total, len(sheet.questions)) == (1, 3, 5, 2)
    attempt_id = UUID(sheet.id)
    for page in (3, 99):
        with pytest.raises(Conflict):
            attempts.turn_page(session, campus.student, attempt_id, page)
    second = attempts.turn_page(session, campus.student, attempt_id, 2)
    assert attempts.turn_page(session, campus.student, attempt_id, 2).questions == second.questions, "turned twice is turned once"
    with pytest.raises(Conflict):
        attempts.turn_page(session, campus.student, attempt_id, 1)
    attempts.beat(session, campus.student, attempt_id, 3)
    assert attempts.read(session, campus.student, attempt_id).page == 2, "a sign of life opens no page"
    assert {question.id for question in sheet.questions}.isdisjoint(question.id for question in second.questions)


def test_a_password_is_asked_for_and_stands_nowhere(session: Session) -> None:
    campus = campus_with(session)
    quiz = campus.quiz("Final quiz")
    revision = session.get_one(AssessmentRevision, quiz.published_revision_id)
    revision.settings = {**revision.settings, "password": password_digest(quiz.id, "open sesame")}
    session.add(revision)
    session.flush()
    for wrong in ("", "Open Sesame", "sesame"):
        with pytest.raises(Invalid):
            start(campus, wrong)
    assert "sesame" not in json.dumps(revision.settings)
    sheet = start(campus, "open sesame ")
    assert start(campus).id == sheet.id, "one who has begun goes on without it"


@pytest.mark.parametrize("behaviour", list(Behaviour))
def test_what_submitting_tells_is_what_is_read_later(session: Session, behaviour: Behaviour) -> None:
    campus = campus_with(session, behaviour=behaviour)
    sheet = start(campus)
    for sequence, question in enumerate(sheet.questions[:-1], start=1):
        certainty = 2 if behaviour == Behaviour.CERTAINTY else None
        answer(campus, sheet, question, (RIGHT if sequence % 2 else WRONG)[QuestionType(question.type)], sequence, certainty)
    told = attempts.submit(session, campus.student, UUID(sheet.id))
    session.expire_all()
    assert told == attempts.result(session, campus.student, UUID(sheet.id))
    assert [bool(question.feedback) for question in told.questions] == [True] * len(told.questions)


def test_the_next_attempt_waits_as_long_as_the_quiz_says(session: Session) -> None:
    campus = campus_with(session, wait_seconds=600)
    handed_in = submit(campus, start(campus)).submitted_at
    assert handed_in
    with clock.moved_to(handed_in + timedelta(seconds=600, microseconds=-1)), pytest.raises(LimitReached):
        start(campus)
    with clock.moved_to(handed_in + timedelta(seconds=600)):
        assert start(campus).number == 2


@pytest.mark.parametrize(("counting", "fraction"), [("best", "0.6"), ("last", "0.2"), ("first", "0.4"), ("mean", "0.4")])
def test_which_attempt_counts_is_for_the_quiz_to_say(session: Session, counting: str, fraction: str) -> None:
    campus = campus_with(session, counting=counting, pass_mark="0.5")
    for right in (2, 3, 1):
        sheet = start(campus)
        for sequence, question in enumerate(sheet.questions, start=1):
            type_ = QuestionType(question.type)
            answer(campus, sheet, question, (RIGHT if sequence <= right else WRONG)[type_], sequence)
        attempt = submit(campus, sheet)
    settings = settling.settings_of(session, attempt)
    assert settling.counting_score(session, attempt.enrollment_id, attempt.assessment_id, settings) == Decimal(fraction)


def test_review_shows_what_is_said_for_now_and_nothing_before_marks_are_released() -> None:
    after, closed = Shown(marks=True, correctness=False, feedback=False, solution=False), Shown()
    settings, now = QuizSettings(review=Review(after=after, closed=closed)), clock.now()
    soon, before = now + timedelta(minutes=1), now - timedelta(minutes=1)
    assert settings.shown(now, closes_at=None, released=True) == after
    assert settings.shown(now, closes_at=soon, released=True) == after
    assert settings.shown(now, closes_at=now, released=True) == settings.shown(now, closes_at=before, released=True) == closed
    assert settings.shown(now, closes_at=before, released=False) == NOTHING


@pytest.mark.parametrize("hidden", ["marks", "correctness", "feedback", "solution"])
def test_what_the_review_hides_is_not_in_the_result(session: Session, hidden: str) -> None:
    review = {"during": {}, "after": {hidden: False}, "closed": {}}
    campus = campus_with(session, review=review, bands=[{"from_fraction": "0", "text": "A band"}])
    say(session, QuestionType.TRUE_FALSE, feedback=from_text(GENERAL))
    sheet = start(campus)
    for sequence, question in enumerate(sheet.questions, start=1):
        answer(campus, sheet, question, WRONG[QuestionType(question.type)], sequence)
    result = attempts.submit(session, campus.student, UUID(sheet.id))
    told = [question.feedback for question in result.questions if question.feedback]
    assert len(told) == 5
    seen = {
        "marks": bool(result.score or result.percent is not None or result.passed is not None or any(each.score for each in told)),
        "correctness": any(each.outcome or each.choices or each.parts for each in told),
        "feedback": bool(result.band) or any(GENERAL in each.html for each in told),
        "solution": any(each.solution or any(choice.right for choice in each.choices) for each in told),
    }
    if hidden == "correctness":
        # Which choice is right stands with the choices, and the words of the solution where there are none.
        assert seen == {"marks": True, "correctness": False, "feedback": True, "solution": True}
    else:
        assert seen == {name: name != hidden for name in seen}


@pytest.mark.parametrize("behaviour", ["immediate", "interactive"])
def test_what_a_person_marks_cannot_be_checked_and_stays_open(session: Session, behaviour: str) -> None:
    campus = new_campus(session, written_course(behaviour=behaviour, tries=3))
    campus.enroll()
    row = session.exec(select(QuestionRevision)).one()
    row.body = {**row.body, "hints": [from_text("Hint one")]}
    session.add(row)
    session.flush()
    sheet = attempts.start(session, campus.student, campus.quiz("Final essay").id)
    question = sheet.questions[0]
    write_answer(session, campus.student, UUID(sheet.id), UUID(question.id), QuestionType.ESSAY, {"text": "They are heavy."})
    hints = attempts.read(session, campus.student, UUID(sheet.id)).questions[0].hints
    with pytest.raises(Conflict, match="marked by a person"):
        check(campus, sheet, question)
    assert session.exec(select(AnswerTry)).all() == []
    assert session.exec(select(Answer)).one().checked_at is None
    assert attempts.read(session, campus.student, UUID(sheet.id)).questions[0].hints == hints


def test_where_right_and_wrong_are_hidden_the_right_answer_stands_in_words_whatever_was_chosen(session: Session) -> None:
    campus = campus_with(session, review={"during": {}, "after": {"correctness": False}, "closed": {}})
    sheet = start(campus)
    for sequence, question in enumerate(sheet.questions, start=1):
        given = RIGHT if question.type == QuestionType.SINGLE_CHOICE else WRONG
        answer(campus, sheet, question, given[QuestionType(question.type)], sequence)
    result = attempts.submit(session, campus.student, UUID(sheet.id))
    told = {question.type: question.feedback for question in result.questions}
    for type_ in (QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE):
        feedback = told[type_]
        assert feedback is not None
        assert (bool(feedback.solution), feedback.outcome, feedback.choices) == (True, "", []), type_
