"""A quiz as its author sees it. What stands here holds keys, and reaches authors alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.assessments.question_bank import QuizName
from lms_app.domain.assessments.question_forms.fields import plain
from lms_app.domain.assessments.quiz_authoring import composition_of, lines_of, title_of
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.courses import access
from lms_app.errors import NotFound
from lms_app.models import AssessmentRevision, Course, Page, Question, QuestionDraft, QuestionRevision
from lms_app.words import QuestionType, Status

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    """A question in the list. `first` and `last` say where it cannot be moved; `section` is the number of its section. A text that asks nothing has
    no `points`."""

    id: str
    number: int
    type: str
    title: str
    points: str
    section: int
    first: bool
    last: bool


@dataclass(frozen=True, kw_only=True)
class QuizEditor:
    """A quiz under its author's hands, with at most 50 of the `total` entries of its list; `asked` of these are questions, the others texts. `asks`:
    it has questions, or draws some; `waiting` are questions that it takes once they are published, by id and title."""

    id: str
    course_id: str
    course: str
    page_id: str
    page: str
    title: str
    practice: bool
    state: str
    total: int
    asked: int
    asks: bool
    points: str
    questions: list[QuestionLine]
    waiting: list[QuizName]


def quiz_editor(session: Session, actor: Actor, assessment_id: UUID, page: int = 1) -> QuizEditor:
    """A quiz of a course that the actor may author. Raises NotFound."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    revision = session.get_one(AssessmentRevision, quiz.draft_revision_id)
    course = session.get_one(Course, quiz.course_id)
    lines, _, pools = composition_of(session, quiz)
    start = max(0, page - 1) * PER_PAGE
    shown = lines[start : start + PER_PAGE]
    found = session.exec(select(QuestionRevision).where(col(QuestionRevision.id).in_([line.revision_id for line in shown]))).all()
    rows = {row.id: row for row in found}
    types = session.exec(
        select(QuestionRevision.id, QuestionRevision.type).where(col(QuestionRevision.id).in_([line.revision_id for line in lines]))
    ).all()
    asking = {identity for identity, type_ in types if TYPES[QuestionType(type_)].asks}
    on_page = session.get(Page, quiz.page_id) if quiz.page_id else None
    published = quiz.status == Status.PUBLISHED and quiz.published_revision_id is not None
    return QuizEditor(
        id=str(quiz.id),
        course_id=str(course.id),
        course=course.title,
        page_id=str(quiz.page_id or ""),
        page=on_page.title if on_page else "",
        title=revision.title,
        practice=quiz.practice,
        state="draft" if not published else "published" if quiz.published_revision_id == quiz.draft_revision_id else "changed",
        total=len(lines),
        asked=sum(line.revision_id in asking for line in lines),
        asks=bool(lines or pools),
        points=plain(sum((line.points for line in lines if line.revision_id in asking), start=Decimal(0))),
        questions=[
            QuestionLine(
                id=str(line.question_id),
                number=number,
                type=rows[line.revision_id].type,
                title=title_of(rows[line.revision_id].body) or "Question",
                points=plain(line.points) if line.revision_id in asking else "",
                section=line.section,
                first=number == 1,
                last=number == len(lines),
            )
            for number, line in enumerate(shown, start=start + 1)
        ],
        waiting=[QuizName(id=str(identity), title=name or "New question") for identity, name in _waiting(session, quiz.id)],
    )


def asked(session: Session, actor: Actor, assessment_id: UUID, question_id: UUID) -> UUID:
    """The id of a question that a quiz asks, or takes once it is published. Raises NotFound for another."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    known = {line.question_id for line in lines_of(session, quiz)} | {identity for identity, _ in _waiting(session, quiz.id)}
    if question_id not in known:
        raise NotFound("This question is not in the quiz.")
    return question_id


def _waiting(session: Session, quiz_id: UUID) -> Sequence[tuple[UUID, str]]:
    return session.exec(
        select(Question.id, Question.title)
        .join(QuestionDraft, col(QuestionDraft.question_id) == col(Question.id))
        .where(QuestionDraft.assessment_id == quiz_id, col(Question.archived_at).is_(None), col(Question.published_revision_id).is_(None))
        .order_by(col(Question.id))
        .limit(PER_PAGE)
    ).all()
