"""What becomes of one attempt's score for a question: graded by another revision, or put back to what it was."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lms_app.adapters import clock
from lms_app.domain.assessments import answers
from lms_app.domain.assessments.grading_rules import Circumstances, PinnedQuestion, grade_attempt
from lms_app.domain.assessments.regrade_facts import Facts, Scope, Score, as_stored
from lms_app.domain.assessments.types.kind import question_seed
from lms_app.models import QuestionRevision, RegradeMove
from lms_app.words import Outcome, QuestionType


@dataclass(frozen=True, kw_only=True)
class Changed:
    """The score as it becomes, and whether a mark given by hand was kept. Where a correction is undone, `record` is its move, and `spliced` the later
    move that lies on it and inherits its past."""

    after: Score
    kept: bool = False
    record: RegradeMove | None = None
    spliced: RegradeMove | None = None


Change = Callable[[Facts], Changed | None]
"""Gives None for an attempt that has nothing to change."""


def grader(scope: Scope, revision: QuestionRevision, *, overrules: bool) -> Change:
    """Grades by another revision of the question. Marks that somebody gave by hand stay, unless they are overruled."""
    question, now = scope.question, clock.now().isoformat()

    def change(facts: Facts) -> Changed | None:
        before, settings = facts.scores.get(question.id), facts.settings
        if before is None:
            return None
        given = answers.opened(scope.session, facts.answer, facts.attempt.person_id) if facts.answer else None
        if given and given.response is None:
            # An erased person's answer can be read no more: its marks stay what they are.
            return Changed(after={**before, "question_revision_id": str(revision.id)})
        pinned = PinnedQuestion(
            id=question.id,
            revision_id=revision.id,
            type=QuestionType(question.type),
            body=revision.body,
            points=Decimal(before["points"]),
            seed=question_seed(facts.attempt.seed, question.id),
        )
        how = Circumstances(certainty=given.certainty, earlier=answers.earlier_tries(facts.tries, given.sequence)) if given else Circumstances()
        (result,) = grade_attempt(
            [pinned],
            {question.id: given.response} if given and given.response is not None else {},
            negative=settings.floor,
            behaviour=settings.behaviour,
            circumstances={question.id: how},
        ).questions
        waits = result.grade.outcome == Outcome.PENDING
        by_hand = before["outcome"] != Outcome.PENDING and (facts.marked or waits)
        after = {**before, "question_revision_id": str(revision.id), "tally": [list(pair) for pair in result.tally]}
        if not by_hand or overrules:
            after |= {"fraction": as_stored(result.fraction), "score": as_stored(result.score), "outcome": result.grade.outcome.value}
        if any(after[name] != before[name] for name in ("fraction", "score", "outcome", "tally")):
            after["graded_at"] = now
        return Changed(after=after, kept=by_hand and not overrules)

    return change


def undoer(scope: Scope, regrade_id: UUID) -> Change:
    """Puts back what a correction replaced. Where another correction came later, that one's past is put back instead; where somebody has marked
    since, the mark stays."""
    question = scope.question

    def change(facts: Facts) -> Changed | None:
        present = facts.scores.get(question.id)
        own = [record for record in facts.records if record.question_id == question.id]
        mine = next((record for record in own if record.regrade_id == regrade_id), None)
        if present is None or mine is None:
            return None
        later = next((record for record in own if record.regrade_id > regrade_id), None)
        if later is not None:
            return Changed(after=present, record=mine, spliced=later if later.before == mine.after else None)
        stays = present != mine.after
        return Changed(after=present if stays else mine.before, kept=stays, record=mine)

    return change
