"""A bank as its page shows it: windows of what was looked for, and how each question is used and does. No more is read than is in sight."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, exists, func, literal, literal_column, or_
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.analytics.item_sums_rules import MICRO
from lms_app.domain.assessments import question_bank
from lms_app.domain.assessments.question_bank import CategoryLine, QuizName, TagLine
from lms_app.domain.assessments.question_drafts import ObjectiveName
from lms_app.domain.courses import objectives
from lms_app.models import Assessment, AssessmentSection, Question, QuestionDraft, RunQuestionSums, SectionQuestion
from lms_app.words import Difficulty, QuestionType

PER_WINDOW = 100
MOST_IDS = 5000
"""Questions that can be chosen at once."""


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What is looked for: words (each begins a word of the title, the text, or stands in a tag), a category with those below it, a type, a tag, a
    difficulty, an objective, what no quiz asks, what is not published, what was taken out."""

    search: str = ""
    category_id: UUID | None = None
    kind: QuestionType | None = None
    tagged: str = ""
    difficulty: Difficulty | None = None
    objective_id: UUID | None = None
    unused: bool = False
    unpublished: bool = False
    archived: bool = False


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What a bank is made of. `course_id` is "" for a person's own; `questions` counts what was not taken out."""

    course_id: str
    course: str
    questions: int
    categories: list[CategoryLine]
    tags: list[TagLine]
    quizzes: list[QuizName]
    objectives: list[ObjectiveName]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A question in the list. `state` is "new", "changed" or "saved"; `answers` and `facility` ("" for nobody) are of all runs."""

    id: str
    title: str
    type: str
    state: str
    category: str
    tags: list[str]
    difficulty: str
    objective: str
    quizzes: list[QuizName]
    answers: int
    facility: str


@dataclass(frozen=True, kw_only=True)
class Window:
    """At most 100 questions of those that were found, the newest first, from the place `offset` on."""

    total: int
    offset: int
    entries: list[Entry]


def shelf(session: Session, actor: Actor, course_id: UUID | None) -> Shelf:
    """What the bank of a course, or the actor's own (None), is made of. Raises NotAllowed, NotFound."""
    course = question_bank.owned(session, actor, course_id)
    quizzes = session.exec(
        select(Assessment).where(Assessment.course_id == course_id, col(Assessment.archived_at).is_(None)).order_by(col(Assessment.id))
    ).all()
    counted = (
        select(func.count()).select_from(Question).where(*question_bank.of_bank(Question, actor, course_id), col(Question.archived_at).is_(None))
    )
    return Shelf(
        course_id=str(course_id or ""),
        course=course.title if course else "",
        questions=session.exec(counted).one(),
        categories=question_bank.categories(session, actor, course_id),
        tags=question_bank.tags_of(session, actor, course_id),
        quizzes=[QuizName(id=str(quiz.id), title=quiz.title) for quiz in quizzes] if course_id else [],
        objectives=[ObjectiveName(id=str(row.id), text=row.text) for row in objectives.of_course(session, course_id)] if course_id else [],
    )


def window(session: Session, actor: Actor, course_id: UUID | None, sought: Sought, *, offset: int = 0) -> Window:
    """A window of what is looked for in a bank. Raises NotAllowed, NotFound. The number of statements does not depend on what is found."""
    where = _where(session, actor, course_id, sought)
    total = session.exec(select(func.count()).select_from(Question).where(*where)).one()
    rows = session.exec(select(Question).where(*where).order_by(col(Question.id).desc()).offset(max(0, offset)).limit(PER_WINDOW)).all()
    ids = [row.id for row in rows]
    used, sums = question_bank.used_in(session, ids), _sums(session, ids)
    drafts = set(session.exec(select(QuestionDraft.question_id).where(col(QuestionDraft.question_id).in_(ids))).all())
    return Window(total=total, offset=max(0, offset), entries=[_entry(row, used.get(row.id, []), sums.get(row.id), row.id in drafts) for row in rows])


def ids(session: Session, actor: Actor, course_id: UUID | None, sought: Sought) -> list[str]:
    """The ids of all that is looked for, in the order of the list, at most 5,000. Raises NotAllowed, NotFound."""
    where = _where(session, actor, course_id, sought)
    return [str(found) for found in session.exec(select(Question.id).where(*where).order_by(col(Question.id).desc()).limit(MOST_IDS)).all()]


def _where(session: Session, actor: Actor, course_id: UUID | None, sought: Sought) -> list[ColumnElement[bool]]:
    question_bank.owned(session, actor, course_id)
    archived = col(Question.archived_at)
    where: list[ColumnElement[bool]] = [
        *question_bank.of_bank(Question, actor, course_id),
        archived.is_not(None) if sought.archived else archived.is_(None),
    ]
    for word in re.findall(r"\w+", sought.search.lower())[:12]:
        begins = func.to_tsquery(literal_column("'simple'"), f"{word}:*")
        where.append(or_(col(Question.search).op("@@")(begins), func.array_to_string(col(Question.tags), " ").ilike(f"%{word}%")))
    if sought.category_id is not None:
        where.append(col(Question.category_id).in_(question_bank.category_with_those_below(session, actor, course_id, sought.category_id)))
    if sought.kind is not None:
        where.append(col(Question.type) == sought.kind)
    if sought.tagged:
        where.append(literal(" ".join(sought.tagged.split()).casefold()) == any_(col(Question.tags)))
    if sought.difficulty is not None:
        where.append(col(Question.difficulty) == sought.difficulty)
    if sought.objective_id is not None:
        where.append(col(Question.objective_id) == sought.objective_id)
    if sought.unused:
        where.append(~_is_asked())
    if sought.unpublished:
        where.append(
            or_(col(Question.published_revision_id).is_(None), exists().where(col(QuestionDraft.question_id) == col(Question.id)).correlate(Question))
        )
    return where


def _is_asked() -> ColumnElement[bool]:
    """Whether the newest state of a quiz asks the question."""
    return (
        exists()
        .where(
            and_(
                col(SectionQuestion.question_id) == col(Question.id),
                col(AssessmentSection.id) == col(SectionQuestion.section_id),
                col(Assessment.draft_revision_id) == col(AssessmentSection.assessment_revision_id),
                col(Assessment.archived_at).is_(None),
            )
        )
        .correlate(Question)
    )


def _sums(session: Session, question_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """The answers to each question and the sum of what they earned, over all its quizzes and runs."""
    rows = session.exec(
        select(RunQuestionSums.question_id, func.sum(RunQuestionSums.answered), func.sum(RunQuestionSums.fractions))
        .where(col(RunQuestionSums.question_id).in_(question_ids))
        .group_by(col(RunQuestionSums.question_id))
    ).all()
    return {question: (int(answered), int(fractions)) for question, answered, fractions in rows}


def _entry(row: Question, quizzes: list[QuizName], sums: tuple[int, int] | None, has_draft: bool) -> Entry:
    answered, fractions = sums or (0, 0)
    return Entry(
        id=str(row.id),
        title=row.title or "New question",
        type=row.type,
        state="new" if row.published_revision_id is None else "changed" if has_draft else "saved",
        category=str(row.category_id or ""),
        tags=list(row.tags),
        difficulty=row.difficulty,
        objective=str(row.objective_id or ""),
        quizzes=quizzes,
        answers=answered,
        facility=f"{fractions / answered / MICRO:.2f}" if answered else "",
    )
