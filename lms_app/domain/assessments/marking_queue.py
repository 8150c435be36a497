"""The queue of answers that wait for a marker: oldest first, each in one marker's hands at a time.

A script is taken for five minutes, which the open page renews. Two markers never get the same one: the row of its score is held while it is taken,
and the claim is one row that only its marker, or whoever finds it run out, may overwrite.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, case, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import settling
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.courses import access
from lms_app.errors import Conflict
from lms_app.ids import uuid7
from lms_app.models import Assessment, AssessmentRevision, Attempt, Mark, MarkingClaim, QuestionScore
from lms_app.words import Outcome, Release

LEASE = timedelta(minutes=5)
TRIES = 20
"""How often another script is looked for when somebody else was quicker."""


@dataclass(frozen=True, kw_only=True)
class QuizToMark:
    """A quiz with answers for a marker. `ready` attempts are marked and wait to be released."""

    id: str
    title: str
    waiting: int
    marked: int
    ready: int
    anonymous: bool
    by_release: bool


@dataclass(frozen=True, kw_only=True)
class MarkingOverview:
    """What there is to mark in a course, for somebody of this `role` on its staff, who `may_author` rubrics or not."""

    course_id: str
    course: str
    role: str
    may_author: bool
    waiting: int
    quizzes: list[QuizToMark]


def overview(session: Session, actor: Actor, course_id: UUID) -> MarkingOverview:
    """The quizzes of a course that have or had something to mark, those with most to do first. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id, access.MARKERS)
    waiting = dict(session.exec(_pending(course.id).group_by(col(Attempt.assessment_id))).all())
    ready = dict(
        session.exec(
            select(Attempt.assessment_id, func.count()).where(Attempt.course_id == course.id, *to_release()).group_by(col(Attempt.assessment_id))
        ).all()
    )
    marked = dict(
        session.exec(
            select(Mark.assessment_id, func.count())
            .join(Assessment, col(Assessment.id) == col(Mark.assessment_id))
            .where(Assessment.course_id == course.id, Mark.number == 1)
            .group_by(col(Mark.assessment_id))
        ).all()
    )
    quizzes = session.exec(
        select(Assessment, AssessmentRevision)
        .join(AssessmentRevision, col(AssessmentRevision.id) == col(Assessment.published_revision_id))
        .where(col(Assessment.id).in_({*waiting, *ready, *marked}))
    ).all()
    lines: list[QuizToMark] = []
    for quiz, revision in quizzes:
        settings = QuizSettings.model_validate(revision.settings)
        lines.append(
            QuizToMark(
                id=str(quiz.id),
                title=revision.title,
                waiting=waiting.get(quiz.id, 0),
                marked=marked.get(quiz.id, 0),
                ready=ready.get(quiz.id, 0),
                anonymous=settings.anonymous,
                by_release=settings.release == Release.MANUAL,
            )
        )
    lines.sort(key=lambda line: (-line.waiting, -line.ready, line.title.casefold()))
    role = access.role_in(session, actor, course.id)
    return MarkingOverview(
        course_id=str(course.id),
        course=course.title,
        role=role,
        may_author=role in access.AUTHORS,
        waiting=sum(waiting.values()),
        quizzes=lines,
    )


def waiting_in(session: Session, assessment_id: UUID) -> int:
    """How many answers of a quiz wait for a marker, those in somebody's hands included."""
    return session.exec(
        select(func.count())
        .select_from(QuestionScore)
        .join(Attempt, col(Attempt.id) == col(QuestionScore.attempt_id))
        .where(QuestionScore.outcome == Outcome.PENDING, Attempt.assessment_id == assessment_id)
    ).one()


def take_next(session: Session, actor: Actor, assessment_id: UUID, held: Sequence[UUID] = ()) -> MarkingClaim | None:
    """The oldest answer of a quiz that nobody has in hand, now in the actor's; None when there is none. `held` are claims that the actor's page has
    already; of one's own that it does not have (it was loaded anew) the oldest comes again. Raises NotFound."""
    assessment = access.staffed_assessment(session, actor, assessment_id, access.MARKERS)
    now = clock.now()
    mine = and_(col(MarkingClaim.marker_id) == actor.person_id, col(MarkingClaim.id).not_in(held))
    for _ in range(TRIES):
        found = session.exec(
            select(QuestionScore.attempt_id, QuestionScore.question_id)
            .join(Attempt, col(Attempt.id) == col(QuestionScore.attempt_id))
            .join(
                MarkingClaim,
                and_(col(MarkingClaim.attempt_id) == col(QuestionScore.attempt_id), col(MarkingClaim.question_id) == col(QuestionScore.question_id)),
                isouter=True,
            )
            .where(
                QuestionScore.outcome == Outcome.PENDING,
                Attempt.assessment_id == assessment.id,
                or_(col(MarkingClaim.id).is_(None), and_(col(MarkingClaim.until) < now, col(MarkingClaim.id).not_in(held)), mine),
            )
            .order_by(
                func.coalesce(and_(col(MarkingClaim.passed), col(MarkingClaim.marker_id) == actor.person_id), False),
                col(Attempt.submitted_at),
                col(Attempt.id),
                col(QuestionScore.question_id),
            )
            .limit(1)
            .with_for_update(of=QuestionScore, skip_locked=True)
        ).first()
        if found is None:
            return None
        # What was read may be older than a claim that was made meanwhile; the claim's own row decides.
        if claim := _claim(session, actor, *found):
            return claim
    raise Conflict("Many mark at once. Try again.")


def take(session: Session, actor: Actor, attempt_id: UUID, question_id: UUID) -> MarkingClaim:
    """One answer in the actor's hands. Raises Conflict while somebody else has it."""
    claim = _claim(session, actor, attempt_id, question_id)
    if claim is None:
        raise Conflict("Somebody else has this answer in hand now.")
    return claim


def held(session: Session, actor: Actor, claim_id: UUID, *, lock: bool = False) -> MarkingClaim:
    """A claim of the actor's. One that ran out still stands until somebody else takes the answer. Raises Conflict."""
    query = select(MarkingClaim).where(MarkingClaim.id == claim_id, MarkingClaim.marker_id == actor.person_id)
    claim = session.exec(query.with_for_update() if lock else query).first()
    if claim is None:
        raise Conflict("Somebody else has this answer in hand now. What you wrote is still on this page.")
    return claim


def renew(session: Session, actor: Actor, claim_ids: Sequence[UUID]) -> list[UUID]:
    """Keeps answers in the actor's hands for another five minutes. Gives those that still are."""
    return list(
        session.execute(
            update(MarkingClaim)
            .where(col(MarkingClaim.id).in_(claim_ids), col(MarkingClaim.marker_id) == actor.person_id)
            .values(until=clock.now() + LEASE)
            .returning(col(MarkingClaim.id))
        ).scalars()
    )


def give_back(session: Session, actor: Actor, claim_ids: Sequence[UUID], *, passed: bool = False) -> None:
    """Puts answers back into the queue. `passed`: the actor gets them again after all others."""
    session.execute(
        update(MarkingClaim)
        .where(col(MarkingClaim.id).in_(claim_ids), col(MarkingClaim.marker_id) == actor.person_id)
        .values(until=clock.now() - timedelta(seconds=1), passed=passed)
    )


def hides_name(settings: QuizSettings, attempt: Attempt) -> bool:
    """Whether whoever marks may not know whose attempt this is: in an anonymous quiz, until its marks are made and released."""
    return settings.anonymous and (attempt.released_at is None or attempt.pending > 0)


def _claim(session: Session, actor: Actor, attempt_id: UUID, question_id: UUID) -> MarkingClaim | None:
    now = clock.now()
    statement = insert(MarkingClaim).values(
        id=uuid7(), attempt_id=attempt_id, question_id=question_id, marker_id=actor.person_id, until=now + LEASE, passed=False
    )
    is_mine = col(MarkingClaim.marker_id) == actor.person_id
    taken = statement.on_conflict_do_update(
        index_elements=["attempt_id", "question_id"],
        set_={
            # A new id where it changes hands: what the one before still holds opens nothing any more.
            "id": case((is_mine, col(MarkingClaim.id)), else_=statement.excluded.id),
            "marker_id": actor.person_id,
            "until": now + LEASE,
            "passed": False,
        },
        where=or_(is_mine, col(MarkingClaim.until) < now),
    ).returning(col(MarkingClaim.id))
    claim_id = session.execute(taken).scalar()
    return None if claim_id is None else session.exec(select(MarkingClaim).where(MarkingClaim.id == claim_id)).one()


def _pending(course_id: UUID):
    return (
        select(col(Attempt.assessment_id), func.count())
        .select_from(QuestionScore)
        .join(Attempt, col(Attempt.id) == col(QuestionScore.attempt_id))
        .where(QuestionScore.outcome == Outcome.PENDING, Attempt.course_id == course_id)
    )


def to_release():
    """What makes an attempt one whose marks can be released."""
    return (col(Attempt.status).in_(settling.FINISHED), col(Attempt.released_at).is_(None), Attempt.pending == 0)
