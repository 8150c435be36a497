"""Marking an answer by hand, marking it anew with its history kept, and releasing marks."""

from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import marking_queue, marking_script, marks, rubrics, settling
from lms_app.domain.assessments.marking_script import Script
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.rubric_rules import Earned, FilledLine, earned_by_points, earned_by_rubric, filled_by_levels, filled_by_points
from lms_app.domain.assessments.score_rules import points_in_words
from lms_app.domain.courses import access
from lms_app.domain.enrollments.roster import name_of
from lms_app.domain.notifications import inbox
from lms_app.domain.notifications.queries import when_in_words
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import AssessmentRevision, Attempt, Mark, Person, QuestionScore
from lms_app.words import NotificationKind, Outcome

LONGEST_COMMENT = 20_000
PER_PAGE = 50
BATCH = 50
"""Attempts released in one transaction."""


@dataclass(frozen=True, kw_only=True)
class MarkGiven:
    """What a marker says: `points`, or a level (from 0) or points for each criterion of the rubric of this version. `version` is the number of the
    mark that is replaced, 0 where there is none."""

    comment: str = ""
    points: str | None = None
    levels: list[int] | None = None
    criteria: list[str] | None = None
    rubric: int = 0
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A mark that is kept: its number, the points as text, and how many answers of the quiz still wait."""

    number: int
    points: str
    waiting: int


@dataclass(frozen=True, kw_only=True)
class MarkedLine:
    """An answer that is marked. `name` is "" where marking is anonymous. `waits` for release, when all of its attempt is marked."""

    id: str
    name: str
    question: int | None
    score: str
    points: str
    when: str
    released: bool
    waits: bool


@dataclass(frozen=True, kw_only=True)
class MarkedPage:
    """At most 50 marked answers of a quiz, newest first."""

    lines: list[MarkedLine] = field(default_factory=list)
    page: int = 1
    more: bool = False


def mark(session: Session, actor: Actor, claim_id: UUID, given: MarkGiven) -> Marked:
    """Marks the answer that the actor has in hand. The same mark sent twice is one.

    Raises Conflict when somebody else has the answer, or it was marked, or its rubric changed, since it was read; Invalid, NotFound.
    """
    claim = marking_queue.held(session, actor, claim_id)
    attempt = session.exec(select(Attempt).where(Attempt.id == claim.attempt_id).with_for_update()).one()
    access.staffed_assessment(session, actor, attempt.assessment_id, access.MARKERS)
    # The score before the claim, as whoever takes an answer holds them; and whoever waited may have lost the claim meanwhile.
    score = session.get_one(QuestionScore, (attempt.id, claim.question_id), with_for_update=True)
    claim = marking_queue.held(session, actor, claim_id, lock=True)
    before = marks.newest_of(session, attempt.id, claim.question_id)
    if before is None and score.outcome != Outcome.PENDING:
        raise Conflict("This answer does not wait for a marker.")
    comment = given.comment.strip()
    if len(comment) > LONGEST_COMMENT or "\0" in comment:
        raise Invalid(f"A comment has at most {LONGEST_COMMENT} characters.")
    lines, earned = _earned(session, claim.question_id, score.points, given)
    filled = [{**asdict(line), "points": points_in_words(line.points), "most": points_in_words(line.most)} for line in lines]
    if given.version != (before.number if before else 0):
        if before and _is_the_same(before, actor, given.version, earned, filled, comment):
            return _kept(session, before)
        raise Conflict("This answer was marked somewhere else meanwhile. Open it again to see that mark.")
    row = Mark(
        attempt_id=attempt.id,
        question_id=claim.question_id,
        assessment_id=attempt.assessment_id,
        person_id=attempt.person_id,
        marker_id=actor.person_id,
        number=given.version + 1,
        fraction=earned.fraction,
        score=earned.score,
        filled=filled,
        at=clock.now(),
    )
    session.add(row)
    row.comment = comment or None
    moved = attempt.fraction
    score.fraction, score.score, score.outcome, score.graded_at = earned.fraction, earned.score, earned.outcome, row.at
    session.add(score)
    marking_queue.give_back(session, actor, [claim.id])
    settling.settle(session, attempt)
    if attempt.pending == 0 and attempt.released_at is not None and (before is None or attempt.fraction != moved):
        _notify(session, attempt, f"graded:{row.id}")
    if comment and attempt.pending == 0 and attempt.released_at is not None and comment != (marks.comment_of(before) if before else ""):
        _tell_of_comment(session, attempt, row.id)
    return _kept(session, row)


def open_marked(session: Session, actor: Actor, mark_id: UUID) -> Script:
    """An answer that was marked, in the actor's hands to be marked anew. Raises NotFound, Conflict while somebody else has it."""
    row = _marked(session, actor, mark_id)
    return marking_script.script(session, actor, marking_queue.take(session, actor, row.attempt_id, row.question_id))


def marked(session: Session, actor: Actor, assessment_id: UUID, page: int = 1) -> MarkedPage:
    """What is marked in a quiz. Raises NotFound."""
    assessment = access.staffed_assessment(session, actor, assessment_id, access.MARKERS)
    newest = (
        select(Mark.id)
        .where(Mark.assessment_id == assessment.id)
        .ext(distinct_on(col(Mark.attempt_id), col(Mark.question_id)))
        .order_by(col(Mark.attempt_id), col(Mark.question_id), col(Mark.number).desc())
    )
    found = session.exec(
        select(Mark, Attempt, Person, QuestionScore)
        .join(Attempt, col(Attempt.id) == col(Mark.attempt_id))
        .join(Person, col(Person.id) == col(Mark.person_id))
        .join(QuestionScore, (col(QuestionScore.attempt_id) == col(Mark.attempt_id)) & (col(QuestionScore.question_id) == col(Mark.question_id)))
        .where(col(Mark.id).in_(newest))
        .order_by(col(Mark.at).desc(), col(Mark.id))
        .offset((max(page, 1) - 1) * PER_PAGE)
        .limit(PER_PAGE + 1)
    ).all()
    shown = found[:PER_PAGE]
    key_ring.load(session, [person.id for _, _, person, _ in shown])
    revisions = session.exec(
        select(AssessmentRevision).where(col(AssessmentRevision.id).in_({each.assessment_revision_id for _, each, _, _ in shown}))
    )
    settings = {revision.id: QuizSettings.model_validate(revision.settings) for revision in revisions.all()}
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    lines = [
        MarkedLine(
            id=str(row.id),
            name="" if marking_queue.hides_name(settings[attempt.assessment_revision_id], attempt) else name_of(person),
            question=next((entry["number"] for entry in attempt.layout if entry["question"] == str(row.question_id)), None),
            score=points_in_words(score.score),
            points=points_in_words(score.points),
            when=when_in_words(row.at, zone),
            released=attempt.released_at is not None,
            waits=attempt.released_at is None and attempt.pending == 0,
        )
        for row, attempt, person, score in shown
    ]
    return MarkedPage(lines=lines, page=max(page, 1), more=len(found) > PER_PAGE)


def release_all(session: Session, actor: Actor, assessment_id: UUID) -> int:
    """Releases the marks of attempts of a quiz that are marked to the end, at most BATCH of them. Gives how many; 0 when none is left. Raises
    NotFound."""
    assessment = access.staffed_assessment(session, actor, assessment_id, access.MARKERS)
    ready = session.exec(
        select(Attempt)
        .where(Attempt.assessment_id == assessment.id, *marking_queue.to_release())
        .order_by(col(Attempt.id))
        .limit(BATCH)
        .with_for_update()
    ).all()
    for attempt in ready:
        _release(session, attempt)
    return len(ready)


def release_one(session: Session, actor: Actor, mark_id: UUID) -> None:
    """Releases the marks of the attempt that a mark is of. Raises NotFound, Conflict while some of it waits for a marker."""
    row = _marked(session, actor, mark_id)
    attempt = session.exec(select(Attempt).where(Attempt.id == row.attempt_id).with_for_update()).one()
    if attempt.pending:
        raise Conflict("Mark all answers of this attempt first.")
    if attempt.released_at is None:
        _release(session, attempt)


def _earned(session: Session, question_id: UUID, worth: Decimal, given: MarkGiven) -> tuple[list[FilledLine], Earned]:
    try:
        if given.levels is None and given.criteria is None:
            return [], earned_by_points(_number(given.points), worth)
        known = rubrics.rubric_of(session, question_id)
        if known is None or known[1] != given.rubric:
            raise Conflict("The rubric was changed meanwhile. Load the page again; your comment is kept in this field until then.")
        if given.levels is not None:
            lines = filled_by_levels(known[0], given.levels)
        else:
            lines = filled_by_points(known[0], [_number(each) for each in given.criteria or []])
        return lines, earned_by_rubric(lines, worth)
    except ValueError as error:
        raise Invalid(str(error)) from None


def _number(given: str | None) -> Decimal:
    try:
        return Decimal((given or "").strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError("Give the points as a number.") from None


def _is_the_same(before: Mark, actor: Actor, version: int, earned: Earned, filled: list[dict[str, object]], comment: str) -> bool:
    """Whether this mark was kept already, by a request whose reply did not arrive."""
    same = (before.number, before.marker_id, before.score) == (version + 1, actor.person_id, earned.score)
    return same and before.filled == filled and marks.comment_of(before) == comment


def _kept(session: Session, row: Mark) -> Marked:
    return Marked(number=row.number, points=points_in_words(row.score), waiting=marking_queue.waiting_in(session, row.assessment_id))


def _marked(session: Session, actor: Actor, mark_id: UUID) -> Mark:
    row = session.get(Mark, mark_id)
    if row is None:
        raise NotFound("There is no such mark.")
    access.staffed_assessment(session, actor, row.assessment_id, access.MARKERS)
    return row


def _release(session: Session, attempt: Attempt) -> None:
    attempt.released_at = clock.now()
    settling.settle(session, attempt)
    _notify(session, attempt, f"graded:{attempt.id}")
    newest = session.exec(
        select(Mark.id).where(Mark.attempt_id == attempt.id, col(Mark.comment_sealed).is_not(None)).order_by(col(Mark.id).desc()).limit(1)
    ).first()
    if newest is not None:
        _tell_of_comment(session, attempt, newest)


def _tell_of_comment(session: Session, attempt: Attempt, mark_id: UUID) -> None:
    about = {"course": str(attempt.course_id), "assessment": str(attempt.assessment_id)}
    inbox.deliver(session, attempt.person_id, NotificationKind.FEEDBACK, unique_key=f"feedback:{mark_id}", **about)


def _notify(session: Session, attempt: Attempt, unique_key: str) -> None:
    inbox.deliver(
        session,
        attempt.person_id,
        NotificationKind.QUIZ_GRADED,
        unique_key=unique_key,
        course=str(attempt.course_id),
        assessment=str(attempt.assessment_id),
    )
