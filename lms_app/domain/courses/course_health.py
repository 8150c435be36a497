"""Looking through a whole course: its facts are read by a fixed number of statements, what is found is kept, and pages are told."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import delete, exists, func, update
from sqlalchemy import select as sql_select
from sqlmodel import Session, col

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain import turns
from lms_app.domain.analytics.item_figures_rules import all_item_figures
from lms_app.domain.analytics.item_sums_rules import ItemSums, QuizSums
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.certificates.award_rules import rule_of
from lms_app.domain.content.document import parse_document
from lms_app.domain.courses import node_health
from lms_app.domain.courses.certificate_rule import is_graded
from lms_app.domain.courses.health_rules import RULES_VERSION
from lms_app.domain.courses.outline import shown_page
from lms_app.domain.courses.outline_health_rules import (
    ENOUGH_ANSWERS,
    AnswerFacts,
    CourseFacts,
    LessonFacts,
    ModuleFacts,
    PageFacts,
    PoolFacts,
    QuizFacts,
    ReferenceFacts,
    course_findings,
)
from lms_app.domain.enrollments.openings import availabilities
from lms_app.errors import NotFound
from lms_app.models import (
    Assessment,
    AssessmentRevision,
    AssessmentSection,
    Course,
    CourseCheck,
    CourseFinding,
    Lesson,
    Module,
    NodeReference,
    Page,
    PageRevision,
    Question,
    QuestionCategory,
    QuestionRevision,
    Run,
    RunQuestionSums,
    RunQuizSums,
    SectionPool,
    SectionQuestion,
    StoredFile,
)
from lms_app.words import CompletionRule, Hint, NodeKind, Status

CHUNK = 200
"""Nodes whose contents are held in memory at once."""

_ASKS = tuple(type_.value for type_, kind in TYPES.items() if kind.asks)


def begin(session: Session, course_id: UUID) -> None:
    """Says that a look at a course begins: whoever saves from now on asks for another. It waits for those who saved and are not committed yet, and
    is to be committed before `check`."""
    session.execute(update(CourseCheck).where(col(CourseCheck.course_id) == course_id).values(waiting=False))


def check(session: Session, course_id: UUID) -> int:
    """Looks through a course as a whole, and through each node where that was done by earlier checks. Gives how many findings the whole has.

    Raises NotFound. Two who look at once take turns.
    """
    turns.wait(session, f"health:{course_id}")
    course = session.get(Course, course_id)
    if course is None:
        raise NotFound
    known = session.get(CourseCheck, course_id)
    if known is None or known.rules != RULES_VERSION:
        _look_at_every_node(session, course_id)
    facts, versions = _facts(session, course)
    rows = node_health.rows_of(course_id, course_findings(facts, clock.now()), versions, course_wide=True)
    _replace(session, course_id, rows)
    _note(session, course_id)
    after_commit(session, lambda: pubsub.hint(Hint.HEALTH, course_id))
    return len(rows)


def _replace(session: Session, course_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    """Writes what differs from what was found the last time."""
    here = (col(CourseFinding.course_id) == course_id, col(CourseFinding.course_wide))
    held = {row.id: (row.version, row.details) for row in session.execute(_select(*_columns("id", "version", "details")).where(*here))}
    found = {row["id"] for row in rows}
    gone = [identity for identity in held if identity not in found]
    if gone:
        session.execute(delete(CourseFinding).where(*here, col(CourseFinding.id).in_(gone)))
    changed = [row for row in rows if held.get(row["id"]) != (row["version"], row["details"])]
    node_health.keep(session, [node_health.Noted(changed, [])])


def _columns(*names: str) -> list[Any]:
    return [getattr(CourseFinding, name) for name in names]


def _note(session: Session, course_id: UUID) -> None:
    row = session.get(CourseCheck, course_id) or CourseCheck(course_id=course_id)
    row.rules, row.checked_at = RULES_VERSION, clock.now()
    session.add(row)
    session.flush()


def _look_at_every_node(session: Session, course_id: UUID) -> None:
    """Says anew what single nodes have to be told: there are other checks than those they were saved under."""
    session.execute(delete(CourseFinding).where(col(CourseFinding.course_id) == course_id, ~col(CourseFinding.course_wide)))
    session.execute(delete(NodeReference).where(col(NodeReference.course_id) == course_id))
    pages = (
        _select(Page, PageRevision.document)
        .join(PageRevision, col(PageRevision.id) == col(Page.draft_revision_id))
        .where(Page.course_id == course_id)
    )
    for chunk in _chunks(session, pages, Page):
        node_health.keep(session, [node_health.at_page(page, parse_document(document)) for page, document in chunk])
    questions = (
        _select(Question, QuestionRevision.body)
        .join(QuestionRevision, col(QuestionRevision.id) == col(Question.draft_revision_id))
        .where(Question.course_id == course_id)
    )
    for chunk in _chunks(session, questions, Question):
        node_health.keep(session, [node_health.at_question(question, body) for question, body in chunk])
    filled = {identity for identity, count, _, _ in _points(session, course_id) if count} | {pool.quiz for pool in _pools(session, course_id)}
    for quiz in session.execute(_select(Assessment).where(col(Assessment.course_id) == course_id)).scalars():
        node_health.keep(session, [node_health.at_quiz(quiz, empty=quiz.id not in filled)])


def _chunks(session: Session, query: Any, node: type[Page] | type[Question]) -> Iterator[Sequence[Any]]:
    """What a query of nodes gives, few at a time, by their ids."""
    last: UUID | None = None
    while True:
        rows = session.execute((query.where(col(node.id) > last) if last else query).order_by(col(node.id)).limit(CHUNK)).all()
        if not rows:
            return
        yield rows
        last = rows[-1][0].id


def _facts(session: Session, course: Course) -> tuple[CourseFacts, dict[UUID, str]]:
    """What a course is like, and of each node the version that is looked at."""
    run = session.execute(
        _select(Run).where(Run.course_id == course.id).order_by(col(Run.chosen_at).desc().nulls_last(), col(Run.id).desc()).limit(1)
    ).scalar()
    modules = session.execute(
        _select(Module.id, Module.title).where(Module.course_id == course.id, col(Module.archived_at).is_(None)).order_by(Module.position)
    ).all()
    there = {module.id for module in modules}
    lessons = session.execute(
        _select(Lesson.id, Lesson.module_id, Lesson.title)
        .where(Lesson.course_id == course.id, col(Lesson.archived_at).is_(None))
        .order_by(Lesson.position)
    ).all()
    lessons = [lesson for lesson in lessons if lesson.module_id in there]
    there = {lesson.id for lesson in lessons}
    pages = session.execute(
        _select(
            *(getattr(Page, name) for name in ("id", "lesson_id", "title", "required", "draft_revision_id")),
            (col(Page.completion_rule) == CompletionRule.NONE).label("unruled"),
            *_stand(Page),
            PageRevision.created_at,
        )
        .join(PageRevision, col(PageRevision.id) == col(Page.draft_revision_id))
        .where(Page.course_id == course.id, col(Page.archived_at).is_(None))
        .order_by(Page.position)
    ).all()
    pages = [page for page in pages if page.lesson_id in there]
    quizzes = session.execute(
        _select(
            *(getattr(Assessment, name) for name in ("id", "page_id", "title", "required", "draft_revision_id", "completion_rule")),
            *_stand(Assessment),
            AssessmentRevision.created_at,
            *(cast(Any, AssessmentRevision.settings)[name].astext.label(name) for name in ("pass_mark", "opens_at", "closes_at")),
        )
        .join(AssessmentRevision, col(AssessmentRevision.id) == col(Assessment.draft_revision_id))
        .where(Assessment.course_id == course.id, col(Assessment.archived_at).is_(None))
        .order_by(Assessment.id)
    ).all()
    answers, asked = _answers(session, run)
    award_rule = rule_of(course.certificate_rule)
    facts = CourseFacts(
        id=course.id,
        published=course.status == Status.PUBLISHED,
        summary=course.summary,
        certificate_offered=course.certificate_offered,
        opens_at=run.opens_at if run else None,
        closes_at=run.closes_at if run else None,
        modules=tuple(ModuleFacts(id=module.id, title=module.title) for module in modules),
        lessons=tuple(LessonFacts(id=lesson.id, module=lesson.module_id, title=lesson.title) for lesson in lessons),
        pages=tuple(map(_page, pages)),
        quizzes=tuple(_quizzes(session, course.id, quizzes, {page.id for page in pages})),
        references=tuple(_references(session, course.id, {page.id for page in pages})),
        answers=tuple(answers),
        award_rule=award_rule,
        graded=award_rule.least_grade is not None and is_graded(session, course.id),
        availabilities=availabilities(session, [course.id]).get(course.id, {}),
    )
    versions = {course.id: _version(course.title, course.summary, course.certificate_offered, course.certificate_rule)}
    versions |= {module.id: _version(module.title, *(lesson.id for lesson in lessons if lesson.module_id == module.id)) for module in modules}
    inside: dict[UUID, list[object]] = defaultdict(list)
    for page in pages:
        versions[page.id] = str(page.draft_revision_id)
        inside[page.lesson_id] += (page.id, page.title, page.seen)
    versions |= {lesson.id: _version(lesson.title, *inside[lesson.id]) for lesson in lessons}
    versions |= {quiz.id: str(quiz.draft_revision_id) for quiz in quizzes}
    needy = {reference.node for reference in facts.references if reference.kind == NodeKind.QUESTION}
    return facts, versions | asked | _versions_of(session, needy - asked.keys())


def _stand(node: Any) -> tuple[Any, Any]:
    """Whether students see a node, and whether they see its newest state."""
    return (
        (col(node.published_revision_id).is_not(None) & (col(node.status) == Status.PUBLISHED)).label("seen"),
        (col(node.published_revision_id) == col(node.draft_revision_id)).label("newest"),
    )


def _state(row: Any) -> str:
    return "draft" if not row.seen else "published" if row.newest else "changed"


def _page(row: Any) -> PageFacts:
    return PageFacts(
        id=row.id,
        lesson=row.lesson_id,
        title=row.title,
        state=_state(row),
        required=row.required and not row.unruled,
        saved_at=row.created_at,
        completes=not row.unruled,
    )


def _quizzes(session: Session, course_id: UUID, rows: Iterable[Any], pages: set[UUID]) -> Iterator[QuizFacts]:
    points = {identity: (count, total, best) for identity, count, total, best in _points(session, course_id)}
    pools = _drawn(session, course_id)
    for row in rows:
        count, total, best = points.get(row.id, (0, Decimal(0), Decimal(0)))
        yield QuizFacts(
            id=row.id,
            page=row.page_id,
            gone=row.page_id is not None and row.page_id not in pages,
            state=_state(row),
            required=row.required and row.completion_rule != CompletionRule.NONE,
            saved_at=row.created_at,
            pass_mark=Decimal(row.pass_mark) if row.pass_mark and row.completion_rule == CompletionRule.PASSED else None,
            opens_at=datetime.fromisoformat(row.opens_at) if row.opens_at else None,
            closes_at=datetime.fromisoformat(row.closes_at) if row.closes_at else None,
            questions=count,
            points=total,
            best=best,
            pools=tuple(pools[row.id]),
            title=row.title,
            completes=row.completion_rule != CompletionRule.NONE,
        )


def _points(session: Session, course_id: UUID) -> Sequence[Any]:
    """Of each quiz: its questions, their points, and those that can be earned: nothing for a question that cannot be graded."""
    asks, ungraded = col(Question.type).in_(_ASKS), col(CourseFinding.id).is_not(None)
    return session.execute(
        _select(
            Assessment.id,
            func.count(),
            func.coalesce(func.sum(SectionQuestion.points).filter(asks), 0),
            func.coalesce(func.sum(SectionQuestion.points).filter(asks, ~ungraded), 0),
        )
        .select_from(Assessment)
        .join(AssessmentSection, col(AssessmentSection.assessment_revision_id) == col(Assessment.draft_revision_id))
        .join(SectionQuestion, col(SectionQuestion.section_id) == col(AssessmentSection.id))
        .join(Question, col(Question.id) == col(SectionQuestion.question_id))
        .join(CourseFinding, (col(CourseFinding.node_id) == col(Question.id)) & (col(CourseFinding.code) == "question_without_key"), isouter=True)
        .where(col(Assessment.course_id) == course_id)
        .group_by(col(Assessment.id))
    ).all()


def _pools(session: Session, course_id: UUID) -> Sequence[Any]:
    return session.execute(
        _select(
            col(Assessment.id).label("quiz"), SectionPool.category_id, SectionPool.tags, col(SectionPool.count).label("wanted"), SectionPool.points
        )
        .join(AssessmentSection, col(AssessmentSection.assessment_revision_id) == col(Assessment.draft_revision_id))
        .join(SectionPool, col(SectionPool.section_id) == col(AssessmentSection.id))
        .where(col(Assessment.course_id) == course_id, col(Assessment.archived_at).is_(None))
        .order_by(col(SectionPool.number))
    ).all()


def _drawn(session: Session, course_id: UUID) -> dict[UUID, list[PoolFacts]]:
    """The pools of each quiz, and how many questions they find: those that the quiz asks anyhow left out."""
    found: dict[UUID, list[PoolFacts]] = defaultdict(list)
    pools = _pools(session, course_id)
    if not pools:
        return found
    can_be_drawn = (
        col(Question.archived_at).is_(None),
        col(Question.published_revision_id).is_not(None),
        col(Question.type).in_(_ASKS),
    )
    shelf = (Question.category_id, Question.tags)
    bank = session.execute(
        _select(*shelf, func.count().label("questions")).where(Question.course_id == course_id, *can_be_drawn).group_by(*shelf)
    ).all()
    asked = session.execute(
        _select(col(Assessment.id).label("quiz"), *shelf, func.count().label("questions"))
        .join(AssessmentSection, col(AssessmentSection.assessment_revision_id) == col(Assessment.draft_revision_id))
        .join(SectionQuestion, col(SectionQuestion.section_id) == col(AssessmentSection.id))
        .join(Question, col(Question.id) == col(SectionQuestion.question_id))
        .where(col(Assessment.id).in_({pool.quiz for pool in pools}), *can_be_drawn)
        .group_by(Assessment.id, *shelf)
    ).all()
    categories = session.execute(_select(QuestionCategory.id, QuestionCategory.parent_id).where(QuestionCategory.course_id == course_id)).all()
    parents: dict[UUID, UUID | None] = {row.id: row.parent_id for row in categories}
    for pool in pools:
        finds = sum(row.questions for row in bank if _draws(pool, row, parents))
        finds -= sum(row.questions for row in asked if row.quiz == pool.quiz and _draws(pool, row, parents))
        found[pool.quiz].append(PoolFacts(wanted=pool.wanted, finds=finds, points=pool.points))
    return found


def _draws(pool: Any, shelf: Any, parents: dict[UUID, UUID | None]) -> bool:
    """Whether a pool draws questions of this category with these tags."""
    if not set(pool.tags) <= set(shelf.tags):
        return False
    if pool.category_id is None:
        return True
    category, seen = shelf.category_id, set[UUID]()
    while category is not None and category not in seen and category != pool.category_id:
        seen.add(category)
        category = parents.get(category)
    return category == pool.category_id


def _references(session: Session, course_id: UUID, pages: set[UUID]) -> Iterator[ReferenceFacts]:
    """What leads nowhere, or to a page that students do not see. What is there and seen is passed by where it is looked up."""
    target, needs = col(NodeReference.target), col(NodeReference.needs)
    file = exists().where(col(StoredFile.id) == target, col(StoredFile.course_id) == course_id)
    quiz = exists().where(col(Assessment.id) == target, col(Assessment.course_id) == course_id, col(Assessment.archived_at).is_(None))
    page = exists().where(
        col(Page.id) == target,
        col(Page.course_id) == course_id,
        col(Lesson.id) == col(Page.lesson_id),
        col(Module.id) == col(Lesson.module_id),
        *shown_page(),
    )
    rows = session.execute(
        _select(*(getattr(NodeReference, name) for name in ("node_kind", "node_id", "block_id", "needs", "target")))
        .select_from(NodeReference)
        .join(Question, col(Question.id) == col(NodeReference.node_id), isouter=True)
        .where(
            NodeReference.course_id == course_id,
            col(Question.archived_at).is_(None),
            ~((needs == "file") & file) & ~((needs == "quiz") & quiz) & ~((needs == "page") & page),
        )
        .order_by(col(NodeReference.id))
    ).all()
    for row in rows:
        if row.node_kind == NodeKind.QUESTION or row.node_id in pages:
            kind = cast(Literal["file", "page", "quiz"], row.needs)
            yield ReferenceFacts(kind=NodeKind(row.node_kind), node=row.node_id, block=row.block_id, needs=kind, target=row.target)


def _answers(session: Session, run: Run | None) -> tuple[list[AnswerFacts], dict[UUID, str]]:
    """How the questions of a run's quizzes did, where there are answers enough, and the versions of those questions."""
    if run is None:
        return [], {}
    quizzes = {
        row.assessment_id: QuizSums(**{name: getattr(row, name) for name in _names(QuizSums) if name not in ("items", "choices")})
        for row in session.execute(_select(RunQuizSums).where(RunQuizSums.run_id == run.id, col(RunQuizSums.attempts) >= ENOUGH_ANSWERS)).scalars()
    }
    if not quizzes:
        return [], {}
    items = ("assessment_id", "question_id", *_names(ItemSums))
    rows = session.execute(
        _select(*(getattr(RunQuestionSums, name) for name in items), Question.draft_revision_id)
        .select_from(RunQuestionSums)
        .join(Question, col(Question.id) == col(RunQuestionSums.question_id))
        .where(RunQuestionSums.run_id == run.id, col(RunQuestionSums.assessment_id).in_(quizzes), col(Question.archived_at).is_(None))
    ).all()
    versions = {row.question_id: str(row.draft_revision_id) for row in rows}
    for row in rows:
        quizzes[row.assessment_id].items[str(row.question_id)] = ItemSums(**{name: getattr(row, name) for name in _names(ItemSums)})
    found = [
        AnswerFacts(question=UUID(name), answered=item.answered, facility=item.facility.value or 0.0, complete=item.n, item_rest=item.item_rest.value)
        for sums in quizzes.values()
        for name, item in all_item_figures(sums).items()
    ]
    return sorted(found, key=lambda fact: fact.question), versions


def _names(of: Any) -> list[str]:
    return [field.name for field in fields(of)]


def _versions_of(session: Session, questions: set[UUID]) -> dict[UUID, str]:
    if not questions:
        return {}
    rows = session.execute(_select(Question.id, Question.draft_revision_id).where(col(Question.id).in_(questions))).all()
    return {row.id: str(row.draft_revision_id) for row in rows}


def _select(*columns: Any) -> Any:
    """A select of columns, which SQLModel types as what they hold."""
    return sql_select(*columns)


def _version(*looked_at: object) -> str:
    """A short name of what was looked at: the same for the same, another for anything else."""
    return hashlib.sha256("\0".join(map(str, looked_at)).encode()).hexdigest()[:16]
