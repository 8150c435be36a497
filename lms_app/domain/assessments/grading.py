"""Grading what an attempt pinned from what was saved."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters.cache import ShortCache
from lms_app.domain.assessments import answers
from lms_app.domain.assessments.answers import Given
from lms_app.domain.assessments.grading_rules import AttemptGrade, Circumstances, PinnedQuestion, StoredBody, grade_attempt
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.types.kind import question_seed
from lms_app.models import Attempt, QuestionRevision
from lms_app.words import Behaviour, QuestionType

_kept: ShortCache[UUID, StoredBody] = ShortCache(seconds=3600, size=4096)


def grade(session: Session, attempt: Attempt, settings: QuizSettings, given: dict[UUID, Given] | None = None) -> AttemptGrade:
    """The attempt's grade from what is saved, its questions in the order shown."""
    given = answers.given(session, attempt) if given is None else given
    return grade_attempt(
        pinned_questions(attempt, revisions_of(session, attempt)),
        {question: answer.response for question, answer in given.items() if answer.response is not None},
        pass_mark=settings.pass_mark,
        negative=settings.floor,
        behaviour=settings.behaviour,
        circumstances=circumstances(session, attempt, settings, given),
    )


def circumstances(session: Session, attempt: Attempt, settings: QuizSettings, given: dict[UUID, Given]) -> dict[UUID, Circumstances]:
    """How each answer was given."""
    made = answers.tries(session, attempt.id) if settings.behaviour == Behaviour.INTERACTIVE else {}
    return {
        question: Circumstances(certainty=answer.certainty, earlier=answers.earlier_tries(made.get(question, []), answer.sequence))
        for question, answer in given.items()
    }


def pinned_questions(attempt: Attempt, bodies: Mapping[UUID, StoredBody]) -> list[PinnedQuestion]:
    """What an attempt pinned, in the order shown."""
    return [
        PinnedQuestion(
            id=UUID(entry["question"]),
            revision_id=UUID(entry["revision"]),
            type=QuestionType(entry["type"]),
            body=bodies[UUID(entry["revision"])],
            points=Decimal(entry["points"]),
            seed=question_seed(attempt.seed, UUID(entry["question"])),
        )
        for entry in attempt.layout
    ]


def revisions_of(session: Session, attempt: Attempt) -> dict[UUID, StoredBody]:
    """Bodies of the question revisions that an attempt pinned, by id. Not to be changed: they are kept for the next attempt."""
    return bodies_of(session, [UUID(entry["revision"]) for entry in attempt.layout])


def bodies_of(session: Session, revisions: Iterable[UUID]) -> dict[UUID, StoredBody]:
    """Bodies of question revisions, by id. A revision never changes, so each process reads it once."""
    wanted = set(revisions)
    found = {revision: held[0] for revision in wanted if (held := _kept.get(revision)) is not None}
    if missing := wanted - found.keys():
        for revision, body in session.exec(select(QuestionRevision.id, QuestionRevision.body).where(col(QuestionRevision.id).in_(missing))).all():
            found[revision] = StoredBody(body)
            _kept.put(revision, found[revision])
    return found
