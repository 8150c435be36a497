"""Many questions of a bank at once: moved, tagged, taken out, put into a quiz, copied. Each act is whole or does not happen."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import question_bank, quiz_authoring
from lms_app.domain.assessments.bank_listing import MOST_IDS
from lms_app.domain.assessments.quiz_authoring import Line
from lms_app.domain.assessments.quiz_sections import read_tags
from lms_app.domain.courses import access, node_health
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.models import Objective, Question
from lms_app.words import Difficulty

MOST_COPIES = 500


@dataclass(frozen=True, kw_only=True)
class Changed:
    """How many questions an act has changed, and a sentence about those it left alone, "" where there are none."""

    changed: int
    left: str = ""


def move(session: Session, actor: Actor, course_id: UUID | None, ids: Sequence[UUID], category_id: UUID | None) -> Changed:
    """Puts questions into a category of their bank, or into none. Raises NotFound."""
    if category_id is not None:
        question_bank.category_with_those_below(session, actor, course_id, category_id)
    rows = _held(session, actor, course_id, ids)
    for row in rows:
        row.category_id = category_id
    return _done(session, course_id, rows)


def tag(session: Session, actor: Actor, course_id: UUID | None, ids: Sequence[UUID], *, add: str, remove: str) -> Changed:
    """Gives questions tags and takes others away. Raises Invalid for tags that cannot be used, NotFound."""
    added, removed = read_tags(add), set(read_tags(remove))
    rows = _held(session, actor, course_id, ids)
    for row in rows:
        row.tags = read_tags(", ".join([*(known for known in row.tags if known not in removed), *added]))
    return _done(session, course_id, rows)


def rate(
    session: Session, actor: Actor, course_id: UUID | None, ids: Sequence[UUID], *, difficulty: Difficulty | None, objective_id: UUID | None = None
) -> Changed:
    """Says how hard questions are, or which objective of the course they serve; None leaves that alone. Raises NotFound."""
    rows = _held(session, actor, course_id, ids)
    if objective_id is not None:
        objective = session.get(Objective, objective_id)
        if objective is None or objective.course_id != course_id:
            raise NotFound("There is no such objective in this course.")
    for row in rows:
        row.difficulty = row.difficulty if difficulty is None else difficulty
        row.objective_id = row.objective_id if objective_id is None else objective_id
    return _done(session, course_id, rows)


def archive(session: Session, actor: Actor, course_id: UUID | None, ids: Sequence[UUID]) -> Changed:
    """Takes questions out of their bank. Those that a quiz asks stay. Raises NotFound."""
    rows = _held(session, actor, course_id, ids)
    asked = question_bank.used_in(session, [row.id for row in rows])
    out = [row for row in rows if row.id not in asked]
    for row in out:
        row.archived_at = clock.now()
    stay = len(rows) - len(out)
    left = "" if not stay else "One stays: a quiz asks it." if stay == 1 else f"{stay} stay: quizzes ask them."
    return _done(session, course_id, out, left)


def bring_back(session: Session, actor: Actor, course_id: UUID | None, ids: Sequence[UUID]) -> Changed:
    """Brings questions back that were taken out. Raises NotFound."""
    rows = _held(session, actor, course_id, ids)
    for row in rows:
        row.archived_at = None
    return _done(session, course_id, rows)


def use_in_quiz(session: Session, actor: Actor, course_id: UUID, ids: Sequence[UUID], assessment_id: UUID, points: str) -> Changed:
    """Puts questions at the end of a quiz of the course, in the order given. Those that it asks already, and those that are not published, are left
    out. Raises Invalid, LimitReached, NotFound."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    if quiz.course_id != course_id:
        raise NotFound("There is no such quiz in this course.")
    worth = quiz_authoring.read_points(points)
    rows = {row.id: row for row in _held(session, actor, course_id, ids)}
    lines, parts, pools = quiz_authoring.composition_of(session, quiz)
    asked = {line.question_id for line in lines}
    added = [
        Line(section=len(parts) - 1, question_id=row.id, revision_id=row.published_revision_id, points=worth)
        for row in (rows[identity] for identity in dict.fromkeys(ids) if identity in rows)
        if row.id not in asked and row.published_revision_id is not None and row.archived_at is None
    ]
    if len(lines) + len(added) > quiz_authoring.MOST_QUESTIONS:
        raise LimitReached(f"A quiz has at most {quiz_authoring.MOST_QUESTIONS} questions. It has {len(lines)}.")
    if added:
        quiz_authoring.recompose(session, actor, quiz, [*lines, *added], parts, pools)
    left = len(rows) - len(added)
    return Changed(changed=len(added), left=f"{left} left out: in the quiz already, or not published." if left else "")


def copy(session: Session, actor: Actor, course_id: UUID | None, ids: Sequence[UUID], to: UUID | None) -> Changed:
    """Copies questions into a course's bank, or into the actor's own (None). Those that are not published, or on a picture that the bank cannot have,
    are left out. Raises Invalid, NotFound."""
    question_bank.owned(session, actor, to)
    rows = _held(session, actor, course_id, ids)
    if len(rows) > MOST_COPIES:
        raise LimitReached(f"At most {MOST_COPIES} questions are copied at once.")
    copied = 0
    for row in sorted(rows, key=lambda row: row.id):
        try:
            question_bank.copy(session, actor, row.id, to)
            copied += 1
        except Invalid:
            continue
    left = len(rows) - copied
    return Changed(changed=copied, left=f"{left} left out: not published, or on a picture that the other bank does not have." if left else "")


def _held(session: Session, actor: Actor, course_id: UUID | None, ids: Sequence[UUID]) -> list[Question]:
    """Those of the questions that are in the bank, nobody else's to change until the end of the transaction. Raises Invalid for too many."""
    question_bank.owned(session, actor, course_id)
    if len(ids) > MOST_IDS:
        raise Invalid(f"At most {MOST_IDS:,} questions are changed at once.")
    query = select(Question).where(col(Question.id).in_(ids), *question_bank.of_bank(Question, actor, course_id)).order_by(col(Question.id))
    return list(session.exec(query.with_for_update(key_share=True).execution_options(populate_existing=True)).all())


def _done(session: Session, course_id: UUID | None, rows: Sequence[Question], left: str = "") -> Changed:
    session.add_all(rows)
    session.flush()
    if course_id is not None and rows:
        node_health.ask(session, course_id)
    return Changed(changed=len(rows), left=left)
