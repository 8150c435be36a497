"""Banks of questions: a course's, and a person's own. Categories, tags, search, use in a quiz, copies between banks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from uuid import UUID

from sqlalchemy import ColumnElement, any_, func, literal
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import question_pictures, quiz_authoring
from lms_app.domain.assessments.quiz_authoring import Line
from lms_app.domain.assessments.quiz_sections import read_tags
from lms_app.domain.courses import access, node_health
from lms_app.errors import Invalid, LimitReached, NotAllowed, NotFound
from lms_app.models import Assessment, AssessmentSection, Course, Question, QuestionCategory, QuestionRevision, SectionPool, SectionQuestion
from lms_app.words import QuestionType, Role

PER_PAGE = 50
MOST_CATEGORIES = 200
MOST_TAGS = 200
LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class CategoryLine:
    """A category in its tree: `depth` from 0; `questions` in it alone, `within` with those below it."""

    id: str
    name: str
    depth: int
    questions: int
    within: int


@dataclass(frozen=True, kw_only=True)
class QuizName:
    """A quiz of a course."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class QuestionName:
    """A question, and whose bank it is in: `course_id` is "" for a person's own."""

    id: str
    title: str
    course_id: str
    course: str


@dataclass(frozen=True, kw_only=True)
class BankLine:
    """A question of a bank. `category` is an id, "" for none; `used_in` are the quizzes that ask it."""

    id: str
    title: str
    type: str
    category: str
    tags: list[str]
    used_in: list[QuizName]


@dataclass(frozen=True, kw_only=True)
class TagLine:
    """A tag, and how many questions of the bank have it."""

    tag: str
    questions: int


@dataclass(frozen=True, kw_only=True)
class Bank:
    """One page of a bank. `course_id` is empty for a person's own. `questions` counts all, `total` those that were looked for."""

    course_id: str
    course: str
    questions: int
    total: int
    page: int
    pages: int
    categories: list[CategoryLine]
    tags: list[TagLine]
    lines: list[BankLine]
    quizzes: list[QuizName]


def bank(
    session: Session,
    actor: Actor,
    course_id: UUID | None,
    *,
    search: str = "",
    category_id: UUID | None = None,
    kind: QuestionType | None = None,
    tagged: str = "",
    page: int = 1,
) -> Bank:
    """The questions of a course's bank, or of the actor's own (None), whose titles or tags have all the words of `search`, newest first.
    `category_id` narrows them to a category and those below it, `kind` to a type, `tagged` to a tag. Raises NotFound."""
    course = owned(session, actor, course_id)
    rows = _categories(session, actor, course_id)
    everything = select(Question).where(*of_bank(Question, actor, course_id), *_given_out())
    query = everything
    for word in search.split()[:20]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(col(Question.title).ilike(pattern) | func.array_to_string(col(Question.tags), " ").ilike(pattern))
    if category_id is not None:
        _category(session, actor, course_id, category_id)
        query = query.where(col(Question.category_id).in_(_below(rows, category_id)))
    if kind is not None:
        query = query.where(Question.type == kind)
    if tagged:
        query = query.where(literal(" ".join(tagged.split()).casefold()) == any_(col(Question.tags)))
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    pages = max(1, ceil(total / PER_PAGE))
    page = min(max(1, page), pages)
    found = session.exec(query.order_by(col(Question.id).desc()).offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    quizzes = session.exec(
        select(Assessment).where(Assessment.course_id == course_id, col(Assessment.archived_at).is_(None)).order_by(col(Assessment.id))
    ).all()
    used = used_in(session, [row.id for row in found])
    return Bank(
        course_id=str(course_id or ""),
        course=course.title if course else "",
        questions=session.exec(select(func.count()).select_from(everything.subquery())).one(),
        total=total,
        page=page,
        pages=pages,
        categories=_tree(session, rows),
        tags=tags_of(session, actor, course_id),
        lines=[
            BankLine(
                id=str(row.id),
                title=row.title or "Question",
                type=row.type,
                category=str(row.category_id or ""),
                tags=row.tags,
                used_in=used.get(row.id, []),
            )
            for row in found
        ],
        quizzes=[QuizName(id=str(quiz.id), title=quiz.title) for quiz in quizzes] if course_id else [],
    )


def named(session: Session, actor: Actor, question_id: UUID) -> QuestionName:
    """A question that the actor may author. Raises NotFound."""
    question = access.editable_question(session, actor, question_id)
    course = session.get_one(Course, question.course_id) if question.course_id else None
    return QuestionName(
        id=str(question.id),
        title=question.title or "New question",
        course_id=str(course.id) if course else "",
        course=course.title if course else "",
    )


def course_of_bank(session: Session, actor: Actor, course_id: UUID) -> str:
    """The title of a course whose bank the actor may author. Raises NotFound."""
    return access.editable_course(session, actor, course_id).title


def categories(session: Session, actor: Actor, course_id: UUID | None) -> list[CategoryLine]:
    """The categories of a bank as a tree. Raises NotFound."""
    owned(session, actor, course_id)
    return _tree(session, _categories(session, actor, course_id))


def used_in(session: Session, question_ids: Sequence[UUID]) -> dict[UUID, list[QuizName]]:
    """The quizzes whose newest state asks a question, by question. Of what a pool might draw nothing is said."""
    found = session.exec(
        select(SectionQuestion.question_id, Assessment.id, Assessment.title)
        .join(AssessmentSection, col(AssessmentSection.id) == col(SectionQuestion.section_id))
        .join(Assessment, col(Assessment.draft_revision_id) == col(AssessmentSection.assessment_revision_id))
        .where(col(SectionQuestion.question_id).in_(question_ids), col(Assessment.archived_at).is_(None))
        .order_by(col(Assessment.id))
    ).all()
    used: dict[UUID, list[QuizName]] = {}
    for question, quiz, title in found:
        used.setdefault(question, []).append(QuizName(id=str(quiz), title=title))
    return used


def categories_for_quiz(session: Session, actor: Actor, assessment_id: UUID) -> list[tuple[str, str]]:
    """The categories that a pool of a quiz may draw from, as pairs of id and words; the first is the whole bank."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    lines = _tree(session, _categories(session, actor, quiz.course_id))
    return [("", "The whole bank"), *((line.id, "\u2003" * line.depth + line.name) for line in lines)]


def add_category(session: Session, actor: Actor, course_id: UUID | None, name: str, parent_id: UUID | None = None) -> UUID:
    """A new category, below another or at the top. Gives its id. Raises Invalid, LimitReached, NotFound."""
    owned(session, actor, course_id)
    if parent_id is not None:
        _category(session, actor, course_id, parent_id)
    if len(_categories(session, actor, course_id)) >= MOST_CATEGORIES:
        raise LimitReached(f"A bank has at most {MOST_CATEGORIES} categories.")
    row = QuestionCategory(
        course_id=course_id,
        person_id=None if course_id else actor.person_id,
        parent_id=parent_id,
        name=_name(name),
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def rename_category(session: Session, actor: Actor, course_id: UUID | None, category_id: UUID, name: str) -> None:
    """Gives a category another name."""
    row = _category(session, actor, course_id, category_id)
    row.name = _name(name)
    session.add(row)
    session.flush()


def remove_category(session: Session, actor: Actor, course_id: UUID | None, category_id: UUID) -> None:
    """Takes a category away. What stands in it moves to the one above. Raises Invalid while a quiz's pool draws from it."""
    row = _category(session, actor, course_id, category_id)
    if session.exec(select(SectionPool.id).where(SectionPool.category_id == row.id).limit(1)).first() is not None:
        raise Invalid("A pool of a quiz draws from this category, now or in an earlier state of the quiz. It stays.")
    for question in session.exec(select(Question).where(Question.category_id == row.id)).all():
        question.category_id = row.parent_id
        session.add(question)
    for below in session.exec(select(QuestionCategory).where(QuestionCategory.parent_id == row.id)).all():
        below.parent_id = row.parent_id
        session.add(below)
    session.flush()
    session.delete(row)
    _drawn_from(session, course_id)


def put_in_category(session: Session, actor: Actor, question_id: UUID, category_id: UUID | None) -> None:
    """Puts a question into a category of its own bank, or into none. Raises NotFound."""
    question = access.editable_question(session, actor, question_id)
    if category_id is not None:
        _category(session, actor, question.course_id, category_id)
    question.category_id = category_id
    session.add(question)
    _drawn_from(session, question.course_id)


def tag(session: Session, actor: Actor, question_id: UUID, tags: str) -> None:
    """Gives a question these tags, separated by commas, in the place of those before. Raises Invalid, NotFound."""
    question = access.editable_question(session, actor, question_id)
    question.tags = read_tags(tags)
    session.add(question)
    _drawn_from(session, question.course_id)


def use_in_quiz(session: Session, actor: Actor, question_id: UUID, assessment_id: UUID, points: str = "1") -> None:
    """Puts a question of a course's bank at the end of one of its quizzes, as it is now. Raises Invalid for one that is there."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    question = access.editable_question(session, actor, question_id)
    if question.course_id != quiz.course_id or question.published_revision_id is None:
        raise NotFound("This question is not in the course's bank. Copy it there first.")
    lines, parts, pools = quiz_authoring.composition_of(session, quiz)
    if any(line.question_id == question.id for line in lines):
        raise Invalid("This question is in that quiz already.")
    if len(lines) >= quiz_authoring.MOST_QUESTIONS:
        raise LimitReached(f"A quiz has at most {quiz_authoring.MOST_QUESTIONS} questions.")
    line = Line(
        section=len(parts) - 1,
        question_id=question.id,
        revision_id=question.published_revision_id,
        points=quiz_authoring.read_points(points),
    )
    quiz_authoring.recompose(session, actor, quiz, [*lines, line], parts, pools)


def copy(session: Session, actor: Actor, question_id: UUID, course_id: UUID | None) -> UUID:
    """A copy of a question in a course's bank, or in the actor's own (None): what it asks now and its tags. Later changes stay apart.
    Gives the copy's id. Raises NotFound, and Invalid for one on a picture that the bank does not have."""
    question = access.editable_question(session, actor, question_id)
    owned(session, actor, course_id)
    source = session.get(QuestionRevision, question.published_revision_id) if question.published_revision_id else None
    if source is None:
        raise Invalid("This question has not been saved yet.")
    question_pictures.check(session, course_id, source.body)
    twin = Question(
        course_id=course_id,
        person_id=None if course_id else actor.person_id,
        tags=list(question.tags),
        difficulty=question.difficulty,
        objective_id=question.objective_id if course_id == question.course_id else None,
        type=question.type,
        title=question.title,
        words=question.words,
        created_at=clock.now(),
    )
    session.add(twin)
    session.flush()
    revision = QuestionRevision(question_id=twin.id, number=1, type=source.type, body=source.body, created_at=clock.now(), created_by=actor.person_id)
    session.add(revision)
    session.flush()
    twin.draft_revision_id = twin.published_revision_id = revision.id
    session.add(twin)
    node_health.note_question(session, twin, source.body)
    session.flush()
    return twin.id


def owned(session: Session, actor: Actor, course_id: UUID | None) -> Course | None:
    """The course whose bank it is; None for the actor's own, which whoever teaches has. Raises NotAllowed, NotFound."""
    if course_id is not None:
        return access.editable_course(session, actor, course_id)
    if Role.INSTRUCTOR not in actor.roles:
        raise NotAllowed
    return None


def of_bank(row: type[Question] | type[QuestionCategory], actor: Actor, course_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    """That a row is of a course's bank, or of the actor's own (None). Who may see that bank is asked elsewhere: `owned`."""
    return (col(row.course_id) == course_id,) if course_id else (col(row.person_id) == actor.person_id,)


def tags_of(session: Session, actor: Actor, course_id: UUID | None) -> list[TagLine]:
    """The tags of a bank by name, at most 200."""
    each = (
        select(func.unnest(col(Question.tags)).label("tag"))
        .where(*of_bank(Question, actor, course_id), col(Question.archived_at).is_(None))
        .subquery()
    )
    counted = session.exec(select(each.c.tag, func.count()).group_by(each.c.tag).order_by(each.c.tag).limit(MOST_TAGS)).all()
    return [TagLine(tag=tag, questions=count) for tag, count in counted]


def category_with_those_below(session: Session, actor: Actor, course_id: UUID | None, category_id: UUID) -> list[UUID]:
    """A category of a bank and all that stand below it. Raises NotFound."""
    _category(session, actor, course_id, category_id)
    return _below(_categories(session, actor, course_id), category_id)


def _drawn_from(session: Session, course_id: UUID | None) -> None:
    """What the pools of a course draw from has changed."""
    session.flush()
    if course_id is not None:
        node_health.ask(session, course_id)


def _given_out() -> tuple[ColumnElement[bool], ...]:
    return col(Question.archived_at).is_(None), col(Question.published_revision_id).is_not(None)


def _categories(session: Session, actor: Actor, course_id: UUID | None) -> list[QuestionCategory]:
    return list(session.exec(select(QuestionCategory).where(*of_bank(QuestionCategory, actor, course_id))).all())


def _category(session: Session, actor: Actor, course_id: UUID | None, category_id: UUID) -> QuestionCategory:
    owned(session, actor, course_id)
    row = session.exec(select(QuestionCategory).where(QuestionCategory.id == category_id, *of_bank(QuestionCategory, actor, course_id))).first()
    if row is None:
        raise NotFound("There is no such category in this bank.")
    return row


def _below(rows: list[QuestionCategory], category_id: UUID) -> list[UUID]:
    """A category and all that stand below it."""
    found, next_ones = [], [category_id]
    while next_ones:
        found += next_ones
        next_ones = [row.id for row in rows if row.parent_id in next_ones and row.id not in found]
    return found


def _tree(session: Session, rows: list[QuestionCategory]) -> list[CategoryLine]:
    """The categories as they are read: each below its own, by name."""
    counted = session.exec(
        select(Question.category_id, func.count())
        .where(col(Question.category_id).in_([row.id for row in rows]), col(Question.archived_at).is_(None))
        .group_by(col(Question.category_id))
    ).all()
    counts = dict(counted)
    lines: list[CategoryLine] = []

    def descend(parent: UUID | None, depth: int) -> int:
        found = 0
        for row in sorted((row for row in rows if row.parent_id == parent), key=lambda row: (row.name.casefold(), row.id)):
            place, alone = len(lines), counts.get(row.id, 0)
            lines.append(CategoryLine(id=str(row.id), name=row.name, depth=depth, questions=alone, within=alone))
            within = alone + descend(row.id, depth + 1)
            lines[place] = replace(lines[place], within=within)
            found += within
        return found

    descend(None, 0)
    return lines


def _name(written: str) -> str:
    clean = " ".join(written.split())
    if not clean or len(clean) > LONGEST_NAME:
        raise Invalid("Give the category a name.", fields={"name": f"From 1 to {LONGEST_NAME} characters."})
    return clean
