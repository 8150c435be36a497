"""Sittings: begun, answered (in `answer_writes`), turned page by page, checked where the quiz tells at once, submitted once."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs, pubsub
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import events
from lms_app.domain.assessments import answers, drawing, overrides, settling, sheets, timing_rules
from lms_app.domain.assessments.override_rules import Rules
from lms_app.domain.assessments.quiz_settings import QuizSettings, password_digest
from lms_app.domain.assessments.revisions import revision_of
from lms_app.domain.assessments.score_rules import total
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.views import AnswerFeedback, AttemptNews, AttemptResult, AttemptSheet, HandedIn
from lms_app.domain.courses import access
from lms_app.domain.courses.access import LearnedQuiz
from lms_app.domain.enrollments import openings
from lms_app.domain.people import throttling
from lms_app.errors import Conflict, Invalid, LimitReached, Locked, NotFound
from lms_app.models import Answer, AnswerTry, Attempt, Enrollment, Person
from lms_app.words import AttemptStatus, Behaviour, EnrollmentStatus, Hint, JobQueue, Navigation, NodeKind, OnExpiry, Outcome, QuestionType, Verb

CLOSE = "attempts.close"
SEEN_EVERY = timedelta(seconds=10)
FREE_PASSWORDS = 5
"""How many passwords of a quiz may be tried before each takes longer."""


def count_password_try(session: Session, actor: Actor, assessment_id: UUID) -> None:
    """Counts a password that the actor is about to give to `start`, in a transaction of its own: what a refusal takes back would count nothing.
    Raises NotFound, TooMany while guesses are held back."""
    access.learned_assessment(session, actor, assessment_id)
    throttling.spend(session, _password_key(actor, assessment_id), free=FREE_PASSWORDS)


def start(session: Session, actor: Actor, assessment_id: UUID, password: str = "") -> AttemptSheet:
    """The actor's open attempt at a quiz: the one under way, or a new one.

    Raises LimitReached when no attempt is left or it is not the time, Locked while the quiz is not open to the actor, Invalid for a wrong password,
    which `count_password_try` has counted.
    """
    # Two tabs that start at once meet at the lock; the second finds the first one's attempt.
    learned = access.learned_assessment(session, actor, assessment_id, lock=True)
    made = _made(session, learned)
    if made.running is not None and _is_over(made.running):
        _close_now(session, made.running)
        made = _made(session, learned)
    attempt = made.running or _begin(session, learned, made, password)
    if password:
        throttling.forget(session, _password_key(actor, assessment_id))
    return sheets.attempt_sheet(session, attempt, begun=made.running is None)


def read(session: Session, actor: Actor, attempt_id: UUID) -> AttemptSheet:
    """An open attempt of the actor's, with what is saved. Raises NotFound, Conflict when it is over."""
    attempt = own_attempt(session, actor, attempt_id)
    if attempt.status != AttemptStatus.OPEN:
        raise Conflict("This attempt is over.")
    return sheets.attempt_sheet(session, attempt)


def check(session: Session, actor: Actor, attempt_id: UUID, question_id: UUID) -> AnswerFeedback:
    """How the saved answer to one question did, in a quiz that tells at once. From then on the answer stands, unless the quiz lets one try again
    and tries are left.

    Raises NotFound, Conflict where the quiz tells only after submission, a person marks the answer, or nothing is saved yet.
    """
    attempt = own_attempt(session, actor, attempt_id)
    settings = settling.settings_of(session, attempt)
    if not settings.tells_at_once:
        raise Conflict("This quiz tells how you did after you submit it.")
    if attempt.status != AttemptStatus.OPEN:
        raise Conflict("This attempt is over.")
    _refuse_who_has_left(session.get_one(Enrollment, attempt.enrollment_id))
    row = session.exec(select(Answer).where(Answer.attempt_id == attempt.id, Answer.question_id == question_id).with_for_update()).first()
    if row is None:
        raise Conflict("Answer the question first.")
    if TYPES[QuestionType(sheets.entry_of(attempt, question_id)["type"])].by_hand:
        raise Conflict("This answer is marked by a person, after you submit.")
    if row.checked_at is None and (settings.behaviour != Behaviour.INTERACTIVE or _tried(session, attempt, row, settings)):
        row.checked_at = clock.now()
        session.add(row)
        session.flush()
    return sheets.feedback_on(session, attempt, settings, question_id)


def turn_page(session: Session, actor: Actor, attempt_id: UUID, page: int) -> AttemptSheet:
    """Goes to a page of the attempt. In a quiz without a way back that is the next one, and what is left is closed. Raises NotFound, Conflict, also
    when the actor has left the course: no question is shown to them that they have not seen."""
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    if attempt.status != AttemptStatus.OPEN:
        raise Conflict("This attempt is over.")
    _refuse_who_has_left(session.get_one(Enrollment, attempt.enrollment_id))
    if 1 <= page <= sheets.page_count(attempt) and (not attempt.one_way or page == attempt.page + 1):
        attempt.page = page
        session.add(attempt)
        session.flush()
        after_commit(session, lambda: pubsub.hint_of_many(Hint.EXAM, attempt.assessment_id))
    elif page != attempt.page:
        raise Conflict("Pages of this quiz open one after the other.")
    return sheets.attempt_sheet(session, attempt)


def beat(session: Session, actor: Actor, attempt_id: UUID, page: int) -> AttemptNews:
    """Notes that the actor is there, on this page; at most every ten seconds. Gives what may have moved: the deadline, messages, the end."""
    attempt = own_attempt(session, actor, attempt_id)
    now = clock.now()
    if attempt.status == AttemptStatus.OPEN and (attempt.seen_at is None or attempt.seen_at < now - SEEN_EVERY):
        moved = {} if attempt.one_way else {"page": min(max(page, 1), sheets.page_count(attempt))}
        session.execute(update(Attempt).where(col(Attempt.id) == attempt.id).values(seen_at=now, **moved))
    return AttemptNews(
        status=attempt.status,
        deadline_at=attempt.deadline_at.isoformat() if attempt.deadline_at else "",
        server_time=now.isoformat(),
        messages=sheets.messages(session, attempt),
    )


def submit(session: Session, actor: Actor, attempt_id: UUID) -> AttemptResult:
    """Submits the actor's attempt: grades it with what is saved, and gives its result. Graded already, it only gives the result; after the
    deadline what was saved counts, where the quiz lets it. Raises NotFound, Conflict when the actor has left the course while it was open."""
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    # Held here, so that whoever asks for the enrolment below finds it in the session.
    enrollment = session.get_one(Enrollment, attempt.enrollment_id)
    closing: settling.Closing | None = None
    if attempt.status == AttemptStatus.OPEN:
        _refuse_who_has_left(enrollment)
        if _is_over(attempt):
            end_of_time(session, attempt)
        else:
            closing = settling.close(session, attempt, late=_is_late(session, attempt, clock.now()))
    elif attempt.status == AttemptStatus.HANDED_IN:
        closing = grade_handed_in(session, attempt)
    return sheets.attempt_result(session, attempt, closing)


def hand_in(session: Session, actor: Actor, attempt_id: UUID) -> HandedIn | AttemptResult:
    """Submits the actor's attempt without grading it: for the moment when a whole hall does, and each should know at once that it has arrived. From
    then on it takes no answer. The next `submit` grades it, or the sweep `GRADED_AFTER`. Raises as `submit` does; of an attempt that is over it
    gives the result."""
    named = {"id": attempt_id, "person": actor.person_id, "now": clock.now(), "grace": timing_rules.GRACE}
    arrived = session.execute(_HAND_IN, named).first()
    if arrived is not None:
        after_commit(session, lambda: pubsub.hint_of_many(Hint.EXAM, arrived.assessment_id))
        return HandedIn(id=str(attempt_id), submitted_at=arrived.submitted_at.isoformat())
    known = session.execute(_ARRIVED, {"attempt_id": attempt_id, "person_id": actor.person_id}).scalar()
    return HandedIn(id=str(attempt_id), submitted_at=known.isoformat()) if known else submit(session, actor, attempt_id)


# An answer on its way to an attempt is saved all the same: it is graded later, by whoever then holds the row.
_HAND_IN = text("""
UPDATE attempts SET status = 'handed_in', submitted_at = :now FROM enrollments
WHERE attempts.id = :id AND attempts.person_id = :person AND attempts.status = 'open'
  AND (coalesce(submit_by, deadline_at) IS NULL OR CAST(:now AS timestamptz) <= coalesce(submit_by, deadline_at) + CAST(:grace AS interval))
  AND enrollments.id = attempts.enrollment_id AND enrollments.status = 'active'
RETURNING attempts.assessment_id, attempts.submitted_at
""")
_ARRIVED = select(Attempt.submitted_at).where(
    Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"), Attempt.status == AttemptStatus.HANDED_IN
)


def grade_handed_in(session: Session, attempt: Attempt) -> settling.Closing:
    """Grades an attempt that was handed in, as of the moment when it was. The caller holds the row."""
    return settling.close(session, attempt, late=_is_late(session, attempt, attempt.submitted_at or clock.now()))


def _is_late(session: Session, attempt: Attempt, submitted_at: datetime) -> bool:
    return settling.settings_of(session, attempt).on_expiry == OnExpiry.SUBMIT and timing_rules.is_overdue(submitted_at, attempt.deadline_at)


def result(session: Session, actor: Actor, attempt_id: UUID) -> AttemptResult:
    """The result of a submitted attempt of the actor's. Raises NotFound, Conflict while it is open or not graded yet."""
    attempt = own_attempt(session, actor, attempt_id)
    if attempt.status == AttemptStatus.OPEN:
        raise Conflict("This attempt is not submitted yet.")
    if attempt.status == AttemptStatus.HANDED_IN:
        raise Conflict("This attempt is submitted. Its result is being worked out.")
    return sheets.attempt_result(session, attempt)


def end_of_time(session: Session, attempt: Attempt) -> None:
    """What becomes of an open attempt whose time is over, by the quiz's rule. The caller holds the row."""
    if settling.settings_of(session, attempt).on_expiry == OnExpiry.SUBMIT:
        settling.close(session, attempt, late=True)
    else:
        settling.discard(session, attempt)


def own_attempt(session: Session, actor: Actor, attempt_id: UUID, *, lock: bool = False) -> Attempt:
    """An attempt of the actor's. Raises NotFound. `lock` takes the row FOR UPDATE, which answers on their way wait for."""
    attempt = session.execute(_HELD if lock else _OWN, {"attempt_id": attempt_id, "person_id": actor.person_id}).scalars().first()
    if attempt is None:
        raise NotFound("There is no such attempt of yours.")
    return attempt


_OWN = select(Attempt).where(Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"))
_HELD = _OWN.with_for_update()


def arm(session: Session, attempt: Attempt) -> None:
    """Lets a job close the attempt when its time is over. One that comes too early, since the end has moved, does nothing."""
    if attempt.submit_by is not None:
        due = attempt.submit_by + timing_rules.GRACE + timedelta(milliseconds=200)
        jobs.enqueue(session, CLOSE, queue=JobQueue.DEFAULT, not_before=due, attempt_id=str(attempt.id))


def _refuse_who_has_left(enrollment: Enrollment) -> None:
    if enrollment.status != EnrollmentStatus.ACTIVE:
        raise Conflict("You have left this course. Enrol again to go on with this attempt; what you saved is kept.")


def _is_over(attempt: Attempt) -> bool:
    return timing_rules.is_overdue(clock.now(), attempt.submit_by or attempt.deadline_at)


def _close_now(session: Session, attempt: Attempt) -> None:
    """Closes an attempt once no answer is on its way to it any more, unless somebody else has closed it in the meantime. Raises Conflict while
    somebody else does: they may come to need the enrolment, which a start holds, and each would wait for the other."""
    if session.execute(_UNTAKEN, {"attempt_id": attempt.id}).first() is None:
        raise Conflict("Your last attempt is being closed. Try again in a moment.")
    session.refresh(attempt, with_for_update=True)
    if attempt.status == AttemptStatus.OPEN:
        end_of_time(session, attempt)


# An answer on its way holds a share of the key, which this lock leaves alone.
_UNTAKEN = select(Attempt.id).where(Attempt.id == bindparam("attempt_id")).with_for_update(skip_locked=True, key_share=True)


@dataclass(frozen=True, kw_only=True)
class _Made:
    """The attempts that somebody has begun at a quiz: how many, when the last one ended, whether one waits to be graded, and the one that is open."""

    used: int
    ended: datetime | None
    ungraded: bool
    running: Attempt | None


def _made(session: Session, learned: LearnedQuiz) -> _Made:
    rows = session.execute(_MADE, {"enrollment_id": learned.enrollment.id, "assessment_id": learned.assessment.id}).all()
    running = next((attempt_id for attempt_id, status, _ in rows if status == AttemptStatus.OPEN), None)
    return _Made(
        used=len(rows),
        ended=max((ended for _, _, ended in rows if ended), default=None),
        ungraded=any(status == AttemptStatus.HANDED_IN for _, status, _ in rows),
        running=session.get_one(Attempt, running) if running else None,
    )


_MADE = select(Attempt.id, Attempt.status, Attempt.submitted_at).where(
    Attempt.enrollment_id == bindparam("enrollment_id"), Attempt.assessment_id == bindparam("assessment_id")
)


_BEGIN = insert(Attempt)


def _password_key(actor: Actor, assessment_id: UUID) -> bytes:
    return throttling.key_of("quiz-password", f"{actor.person_id}:{assessment_id}")


def _begin(session: Session, learned: LearnedQuiz, made: _Made, password: str) -> Attempt:
    assessment, enrollment = learned.assessment, learned.enrollment
    revision = revision_of(session, assessment.published_revision_id)
    settings = revision.settings
    rules = overrides.rules_of(session, learned, settings)
    now = clock.now()
    refusal = why_not(now, rules, settings, used=made.used, ended=made.ended, ungraded=made.ungraded)
    if refusal:
        raise LimitReached(refusal.in_words(ZoneInfo(session.get_one(Person, enrollment.person_id).time_zone)))
    opening = openings.opening_of_quiz(session, learned)
    if not opening.fresh:
        raise Locked(opening.sentence)
    if settings.password and not hmac.compare_digest(settings.password, password_digest(assessment.id, password)):
        sentence = "That is not the password of this quiz." if password else "This quiz needs a password."
        raise Invalid(sentence, fields={"password": sentence})
    seed = secrets.randbits(62)
    layout = drawing.draw(session, assessment.course_id, revision.id, settings, seed)
    if not any(entry["number"] for entry in layout):
        raise NotFound("This quiz has no questions yet.")
    deadline = rules.deadline(now)
    grace = timedelta(seconds=settings.grace_seconds) if settings.on_expiry == OnExpiry.GRACE else timedelta(0)
    attempt = Attempt(
        run_id=enrollment.run_id,
        course_id=enrollment.course_id,
        enrollment_id=enrollment.id,
        person_id=enrollment.person_id,
        assessment_id=assessment.id,
        assessment_revision_id=revision.id,
        number=made.used + 1,
        seed=seed,
        layout=layout,
        overrides=dict(overrides.pinned(rules)),
        one_way=settings.navigation == Navigation.ONE_WAY,
        started_at=now,
        seen_at=now,
        deadline_at=deadline,
        submit_by=deadline + grace if deadline else None,
        max_score=total((Decimal(entry["points"]), Decimal(0)) for entry in layout).max_score,
    )
    try:
        session.connection().execute(_BEGIN, attempt.model_dump())
    except IntegrityError as error:
        raise Conflict("This quiz was just started elsewhere. Load the page again.") from error
    arm(session, attempt)
    events.record(session, enrollment, Verb.STARTED, NodeKind.ASSESSMENT, assessment.id, revision_id=revision.id, attempt_id=attempt.id)
    after_commit(session, lambda: pubsub.hint_of_many(Hint.EXAM, assessment.id))
    return attempt


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why no attempt can be started, with the moment that it is about."""

    sentence: str
    moment: datetime | None = None

    def in_words(self, zone: ZoneInfo) -> str:
        """The sentence, with its moment in the reader's zone."""
        return self.sentence.format(when=sheets.moment_in_words(self.moment, zone)) if self.moment else self.sentence


def why_not(now: datetime, rules: Rules, settings: QuizSettings, *, used: int, ended: datetime | None, ungraded: bool) -> Refusal | None:
    """Why no new attempt can be started now, None where one can. `used` attempts were begun, the last ended at `ended`. While one is `ungraded`
    there is no other: they count in their order."""
    if ungraded:
        return Refusal(sentence="Your last submission is being graded. Try again in a moment.")
    if rules.opens_at and now < rules.opens_at:
        return Refusal(sentence="This quiz is not open yet. It opens {when}.", moment=rules.opens_at)
    if rules.closes_at and now >= rules.closes_at:
        return Refusal(sentence="This quiz closed {when}.", moment=rules.closes_at)
    if rules.attempts_allowed is not None and used >= rules.attempts_allowed:
        return Refusal(sentence="You have used all attempts at this quiz.")
    again = ended + timedelta(seconds=settings.wait_seconds) if ended and settings.wait_seconds else None
    if again and now < again:
        return Refusal(sentence="The next attempt can be started {when}.", moment=again)
    return None


def _tried(session: Session, attempt: Attempt, row: Answer, settings: QuizSettings) -> bool:
    """Counts a try at a question. True when it was the last one, because it was right or none is left. A repeated request is the same try."""
    made = answers.tries(session, attempt.id).get(row.question_id, [])
    if made and made[-1].sequence == row.sequence:
        return False
    grade = sheets.plain_grade(session, attempt, row.question_id, answers.opened(session, row, attempt.person_id).response)
    if grade.outcome == Outcome.CORRECT or len(made) + 1 >= settings.tries:
        return True
    session.add(
        AnswerTry(
            attempt_id=attempt.id,
            question_id=row.question_id,
            number=len(made) + 1,
            sequence=row.sequence,
            fraction=grade.fraction,
            at=clock.now(),
        )
    )
    session.flush()
    return False
