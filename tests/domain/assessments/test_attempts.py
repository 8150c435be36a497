from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, func, select

from lms_app.adapters import clock
from lms_app.domain.assessments import attempts, closing, queries
from lms_app.domain.assessments.views import AttemptResult, AttemptSheet, HandedIn
from lms_app.domain.enrollments import enrollments
from lms_app.errors import Conflict, LimitReached, NotFound
from lms_app.models import Answer, Attempt, Enrollment, LearningEvent, OutboxMessage, Progress, QuestionRevision, QuestionScore
from lms_app.words import AttemptStatus, QuestionType, Verb
from tests.support.campus import RIGHT, WRONG, Campus, neutral_course, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    campus = new_campus(session)
    campus.enroll()
    return campus


def answer(session: Session, sheet: AttemptSheet, responses=RIGHT) -> None:
    """Writes answers as the answer path does."""
    for question in sheet.questions:
        session.merge(
            Answer(
                attempt_id=UUID(sheet.id),
                question_id=UUID(question.id),
                response=responses[QuestionType(question.type)],
                sequence=1,
                saved_at=clock.now(),
            )
        )
    session.flush()


def start(campus: Campus, title: str = "Final quiz") -> AttemptSheet:
    return attempts.start(campus.session, campus.student, campus.quiz(title).id)


def test_every_type_answered_right_scores_everything(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    answer(session, sheet)
    result = attempts.submit(session, campus.student, UUID(sheet.id))
    assert (result.score, result.max_score, result.percent, result.passed) == ("5", "5", 100, True)
    assert {question.feedback.outcome for question in result.questions if question.feedback} == {"correct"}


def test_everything_wrong_fails_and_completes_nothing(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    answer(session, sheet, WRONG)
    result = attempts.submit(session, campus.student, UUID(sheet.id))
    assert (result.percent, result.passed) == (0, False)
    assert session.exec(select(Progress.done)).one() == 0


def test_blanks_score_nothing_and_are_kept_as_blanks(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    attempts.submit(session, campus.student, UUID(sheet.id))
    assert set(session.exec(select(QuestionScore.outcome)).all()) == {"blank"}


def test_a_second_submit_returns_the_first_result(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    answer(session, sheet)
    first = attempts.submit(session, campus.student, UUID(sheet.id))
    answer(session, sheet, WRONG)
    again = attempts.submit(session, campus.student, UUID(sheet.id))
    assert (again.score, again.submitted_at) == (first.score, first.submitted_at)


def test_passing_completes_the_quiz_and_the_last_item_the_course(campus: Campus, session: Session) -> None:
    from lms_app.domain.enrollments import learning

    began = clock.now()
    learning.mark_complete(session, campus.student, campus.page("Sand").id)
    page = campus.page("Stones").id
    learning.open_page(session, campus.student, page)
    with clock.moved_to(began + timedelta(seconds=10)):
        learning.heartbeat(session, campus.student, page, seconds=9, reached_end=True)
    sheet = start(campus)
    answer(session, sheet)
    assert attempts.submit(session, campus.student, UUID(sheet.id)).course_completed
    assert session.exec(select(Enrollment.completed_at)).one() is not None
    assert session.exec(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.job == "certificates.issue")).one() == 1


def test_starting_again_gives_the_attempt_under_way(campus: Campus, session: Session) -> None:
    assert start(campus).id == start(campus).id


def test_a_sheet_tells_no_key(campus: Campus) -> None:
    sheet = repr(start(campus))
    assert "weight" not in sheet
    assert "Hypatia" not in sheet
    assert "3.14" not in sheet


def test_the_attempts_allowed_are_kept(session: Session, redis_url: str) -> None:
    campus = new_campus(session, neutral_course(attempts_allowed=1))
    campus.enroll()
    sheet = start(campus)
    attempts.submit(session, campus.student, UUID(sheet.id))
    with pytest.raises(LimitReached):
        start(campus)
    assert queries.quiz_cover(session, campus.student, campus.quiz("Final quiz").id).attempts_left == 0


def test_an_attempt_whose_time_is_over_is_closed_with_what_was_saved(session: Session, redis_url: str) -> None:
    campus = new_campus(session, neutral_course(time_limit=60))
    campus.enroll()
    sheet = start(campus)
    answer(session, sheet)
    with clock.moved_by(timedelta(seconds=66)):
        assert closing.overdue(session) == [UUID(sheet.id)]
        closing.close(session, UUID(sheet.id))
        assert closing.overdue(session) == []
    row = session.exec(select(Attempt)).one()
    assert (row.status, row.fraction, row.submitted_at) == (AttemptStatus.EXPIRED, Decimal(1), row.deadline_at)


def test_an_attempt_in_time_is_left_alone(session: Session, redis_url: str) -> None:
    campus = new_campus(session, neutral_course(time_limit=60))
    campus.enroll()
    sheet = start(campus)
    with clock.moved_by(timedelta(seconds=30)):
        assert closing.overdue(session) == []
        closing.close(session, UUID(sheet.id))
    assert session.exec(select(Attempt.status)).one() == AttemptStatus.OPEN


def test_a_checked_answer_tells_how_it_did(campus: Campus, session: Session) -> None:
    sheet = start(campus, "Try it")
    answer(session, sheet, WRONG)
    question = next(entry for entry in sheet.questions if entry.type == QuestionType.SINGLE_CHOICE)
    feedback = attempts.check(session, campus.student, UUID(sheet.id), UUID(question.id))
    assert feedback.outcome == "incorrect"
    assert [choice.right for choice in feedback.choices] == [True, False, False]
    assert attempts.read(session, campus.student, UUID(sheet.id)).questions[question.number - 1].feedback == feedback


def test_an_exam_tells_nothing_before_it_is_submitted(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    answer(session, sheet)
    with pytest.raises(Conflict):
        attempts.check(session, campus.student, UUID(sheet.id), UUID(sheet.questions[0].id))
    with pytest.raises(Conflict):
        attempts.result(session, campus.student, UUID(sheet.id))


def test_anothers_attempt_does_not_exist(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    other = campus.person()
    for verb in (attempts.read, attempts.submit, attempts.result):
        with pytest.raises(NotFound):
            verb(session, other, UUID(sheet.id))


def test_who_is_not_enrolled_starts_nothing(campus: Campus, session: Session) -> None:
    with pytest.raises(NotFound):
        attempts.start(session, campus.person(), campus.quiz("Final quiz").id)


def test_the_cover_names_the_attempt_that_counts(campus: Campus, session: Session) -> None:
    for responses in (RIGHT, WRONG):
        sheet = start(campus)
        answer(session, sheet, responses)
        attempts.submit(session, campus.student, UUID(sheet.id))
    cover = queries.quiz_cover(session, campus.student, campus.quiz("Final quiz").id)
    assert [(line.percent, line.counts) for line in cover.attempts] == [(100, True), (0, False)]
    assert (cover.best_percent, cover.passed, cover.questions, cover.points) == (100, True, 5, "5")


def test_who_has_left_reads_an_open_attempt_and_submits_it_only_once_back(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    answer(session, sheet)
    enrollments.withdraw(session, campus.student, campus.slug)
    assert attempts.read(session, campus.student, UUID(sheet.id)).questions[0].response is not None
    with pytest.raises(Conflict, match="You have left this course"):
        attempts.submit(session, campus.student, UUID(sheet.id))
    campus.enroll()
    assert attempts.submit(session, campus.student, UUID(sheet.id)).percent == 100


def test_who_has_left_opens_no_further_page(session: Session, redis_url: str) -> None:
    campus = new_campus(session, neutral_course(navigation="one_way"))
    campus.enroll()
    sheet = start(campus)
    enrollments.withdraw(session, campus.student, campus.slug)
    with pytest.raises(Conflict, match="You have left this course"):
        attempts.turn_page(session, campus.student, UUID(sheet.id), 2)
    assert attempts.read(session, campus.student, UUID(sheet.id)).page == 1
    campus.enroll()
    assert attempts.turn_page(session, campus.student, UUID(sheet.id), 2).page == 2


def test_who_has_left_still_reads_the_result_of_what_was_submitted(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    answer(session, sheet)
    attempts.submit(session, campus.student, UUID(sheet.id))
    enrollments.withdraw(session, campus.student, campus.slug)
    assert attempts.result(session, campus.student, UUID(sheet.id)).percent == 100


def test_a_stem_and_its_feedback_lead_to_pages_of_the_course(session: Session, redis_url: str) -> None:
    campus = new_campus(session)
    campus.enroll()
    target = campus.page("Sand").id
    link = {"type": "text", "text": "Sand", "marks": [{"type": "link", "attrs": {"href": f"page:{target}"}}]}
    words = {"type": "doc", "content": [{"type": "paragraph", "content": [link]}]}
    for revision in session.exec(select(QuestionRevision).where(QuestionRevision.type == QuestionType.SINGLE_CHOICE)).all():
        body = {**revision.body, "stem": {"schema_version": 1, "blocks": [{"id": "stemstemstem", "type": "rich_text", "content": words}]}}
        body["choices"] = [{**choice, "content": words, "feedback": words} for choice in body["choices"]]
        revision.body = body
        session.add(revision)
    session.flush()
    sheet = start(campus, "Try it")
    answer(session, sheet)
    questions = attempts.submit(session, campus.student, UUID(sheet.id)).questions
    question = next(question for question in questions if question.type == QuestionType.SINGLE_CHOICE)
    assert question.feedback
    for html in (question.html, question.choices[0].html, question.feedback.choices[0].html):
        assert f'href="/learn/stones/{target}"' in html


def test_what_is_handed_in_takes_no_answer_and_is_graded_as_of_that_moment(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    answer(session, sheet)
    arrived = attempts.hand_in(session, campus.student, UUID(sheet.id))
    assert isinstance(arrived, HandedIn)
    with pytest.raises(Conflict, match="over"):
        attempts.read(session, campus.student, UUID(sheet.id))
    with pytest.raises(Conflict, match="being worked out"):
        attempts.result(session, campus.student, UUID(sheet.id))
    assert attempts.beat(session, campus.student, UUID(sheet.id), 1).status == AttemptStatus.HANDED_IN
    assert session.exec(select(func.count()).select_from(QuestionScore)).one() == 0
    assert attempts.hand_in(session, campus.student, UUID(sheet.id)) == arrived
    with clock.moved_by(timedelta(minutes=5)):
        result = attempts.submit(session, campus.student, UUID(sheet.id))
    assert (result.percent, result.submitted_at, result.late) == (100, arrived.submitted_at, False)
    assert session.exec(select(Progress.done)).one() == 1
    assert attempts.hand_in(session, campus.student, UUID(sheet.id)) == result


def test_what_is_handed_in_and_not_asked_for_again_is_graded_by_the_sweep(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    answer(session, sheet)
    arrived = attempts.hand_in(session, campus.student, UUID(sheet.id))
    assert isinstance(arrived, HandedIn)
    assert closing.overdue(session) == []
    assert closing.ungraded(session) == []
    with clock.moved_by(closing.GRADED_AFTER + timedelta(seconds=1)):
        assert closing.ungraded(session) == [UUID(sheet.id)]
        closing.grade(session, UUID(sheet.id))
        assert closing.ungraded(session) == []
        closing.grade(session, UUID(sheet.id))
    row = session.get_one(Attempt, UUID(sheet.id))
    assert (row.status, row.fraction, row.submitted_at.isoformat() if row.submitted_at else "") == ("submitted", 1, arrived.submitted_at)
    told = session.exec(select(LearningEvent.occurred_at).where(LearningEvent.verb == Verb.SUBMITTED)).one()
    assert told.isoformat() == arrived.submitted_at


def test_handing_in_is_taken_within_the_grace_and_after_it_what_was_saved_in_time_counts(session: Session, redis_url: str) -> None:
    campus = new_campus(session, neutral_course(time_limit=60))
    campus.enroll()
    sheet = start(campus)
    answer(session, sheet)
    with clock.moved_by(timedelta(seconds=61)):
        assert isinstance(attempts.hand_in(session, campus.student, UUID(sheet.id)), HandedIn)
    with clock.moved_by(timedelta(seconds=600)):
        result = attempts.submit(session, campus.student, UUID(sheet.id))
    assert (result.late, result.percent) == (False, 100)
    again = start(campus)
    answer(session, again)
    with clock.moved_by(timedelta(seconds=120)):
        over = attempts.hand_in(session, campus.student, UUID(again.id))
    assert isinstance(over, AttemptResult)
    assert (over.late, over.percent) == (True, 100)


def test_who_has_left_cannot_hand_in_and_nobody_hands_in_for_another(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    stranger = campus.person()
    with pytest.raises(NotFound):
        attempts.hand_in(session, stranger, UUID(sheet.id))
    enrollments.withdraw(session, campus.student, campus.slug)
    with pytest.raises(Conflict, match="left this course"):
        attempts.hand_in(session, campus.student, UUID(sheet.id))


def test_no_other_attempt_begins_while_one_waits_to_be_graded_since_they_count_in_their_order(campus: Campus, session: Session) -> None:
    sheet = start(campus)
    attempts.hand_in(session, campus.student, UUID(sheet.id))
    with pytest.raises(LimitReached, match="is being graded"):
        start(campus)
    cover = queries.quiz_cover(session, campus.student, campus.quiz("Final quiz").id)
    assert ([line.status for line in cover.attempts], cover.refusal) == (
        ["handed_in"],
        "Your last submission is being graded. Try again in a moment.",
    )
    attempts.submit(session, campus.student, UUID(sheet.id))
    assert start(campus).number == 2


def test_a_quiz_that_one_may_not_see_is_not_told_from_one_that_does_not_exist(campus: Campus, session: Session) -> None:
    quiz, stranger = campus.quiz("Final quiz"), campus.person()
    with pytest.raises(NotFound, match="not enrolled"):
        attempts.start(session, stranger, quiz.id)
    quiz.archived_at = clock.now()
    session.add(quiz)
    session.flush()
    with pytest.raises(NotFound) as hidden:
        attempts.start(session, stranger, quiz.id)
    with pytest.raises(NotFound) as unknown:
        attempts.start(session, stranger, uuid4())
    assert str(hidden.value) == str(unknown.value)
