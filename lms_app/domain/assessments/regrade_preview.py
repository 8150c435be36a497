"""The dry run of a correction: what changed in the question, and whose marks would move, and how. Nothing is written."""

import heapq
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import ceil
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.grading_rules import drawn_body
from lms_app.domain.assessments.regrade_changes import Change, grader
from lms_app.domain.assessments.regrade_facts import Scope, asked, finished, next_enrollments
from lms_app.domain.assessments.regrade_plans import Move, Plan, counted, plans
from lms_app.domain.assessments.regrade_rules import Entry, Verdict
from lms_app.domain.assessments.regrade_views import KeyChange, RegradeFigures, RegradeLine, RegradePreview
from lms_app.domain.assessments.regrade_words import counts_in_words, key_changes, outcome_in_words
from lms_app.domain.assessments.score_rules import points_in_words
from lms_app.domain.enrollments.roster import name_of
from lms_app.models import Answer, AnswerTry, Assessment, Attempt, Course, Person, Question, QuestionRevision, QuestionScore, RegradeMove
from lms_app.words import AttemptStatus, QuestionType

PER_PAGE = 50
MOST_PAGES = 200


def preview(
    session: Session, actor: Actor, question_id: UUID, revision_id: UUID | None = None, *, overrules: bool = False, page: int = 1
) -> RegradePreview:
    """Whose marks, completions and certificates would move, and how, if finished attempts were graded by a revision of the question, by default its
    newest. Nothing is written. Raises NotFound."""
    question, revision = asked(session, actor, question_id, revision_id)
    scope = Scope(session=session, question=question)
    page = min(max(page, 1), MOST_PAGES)
    figures, moved = _dry(scope, grader(scope, revision, overrules=overrules), page * PER_PAGE)
    pages = max(1, ceil(figures.moved / PER_PAGE))
    page = min(page, pages)
    shown = moved[(page - 1) * PER_PAGE : page * PER_PAGE]
    return RegradePreview(
        question_id=str(question.id),
        revision_id=str(revision.id),
        title=question.title,
        course_id=str(question.course_id or ""),
        course=session.get_one(Course, question.course_id).title if question.course_id else "",
        changes=_changes(session, question, revision),
        figures=figures,
        open_attempts=_open_attempts(session, question),
        sentence=counts_in_words(figures, would=True),
        harms=bool(figures.lost or figures.withdrawn or figures.certificates_withdrawn),
        lines=_lines(session, shown),
        page=page,
        pages=pages,
    )


def _open_attempts(session: Session, question: Question) -> int:
    query = (
        select(func.count())
        .select_from(Attempt)
        .where(
            Attempt.course_id == question.course_id,
            col(Attempt.status).in_((AttemptStatus.OPEN, AttemptStatus.HANDED_IN)),
            col(Attempt.layout).contains([{"question": str(question.id)}]),
        )
    )
    return session.exec(query).one()


def _all_plans(scope: Scope, change: Change) -> Iterator[Plan]:
    after: UUID | None = None
    while ids := next_enrollments(scope.session, scope.question, after):
        yield from plans(scope, ids, change)
        after = ids[-1]
        # What was read for this chunk is not needed again: memory does not grow with the number of attempts.
        for row in list(scope.session.identity_map.values()):
            if isinstance(row, Answer | AnswerTry | RegradeMove) and row not in scope.session.dirty:
                scope.session.expunge(row)


def _dry(scope: Scope, change: Change, most: int) -> tuple[RegradeFigures, list[tuple[Plan, Move]]]:
    """The figures of a dry run, and at most so many of the moves, those first that move most."""
    figures = RegradeFigures()

    def marked() -> Iterator[tuple[Plan, Move]]:
        nonlocal figures
        for plan in _all_plans(scope, change):
            figures = counted(figures, plan)
            for move in plan.moves:
                if move.is_marked_anew:
                    yield plan, move

    first = heapq.nsmallest(most, marked(), key=_weight)
    return figures, first


def _weight(entry: tuple[Plan, Move]) -> tuple[object, ...]:
    move = entry[1]
    question = abs(float(move.after["score"]) - float(move.before["score"]))
    return -abs(move.becomes.fraction - move.was.fraction), -question, move.attempt_id


def _changes(session: Session, question: Question, revision: QuestionRevision) -> list[KeyChange]:
    """What differs from the revision that most finished attempts are graded by."""
    used = finished(question, col(QuestionScore.question_revision_id)).group_by(col(QuestionScore.question_revision_id))
    by_most = session.exec(used.order_by(func.count().desc(), col(QuestionScore.question_revision_id))).all()
    others = [one for one in by_most if one != revision.id]
    if not others:
        return []
    kind = QuestionType(question.type)
    before = session.get_one(QuestionRevision, others[0])
    return key_changes(kind, drawn_body(kind, before.body, seed=0), drawn_body(kind, revision.body, seed=0))


def _lines(session: Session, moved: Sequence[tuple[Plan, Move]]) -> list[RegradeLine]:
    people = session.exec(select(Person).where(col(Person.id).in_({plan.person_id for plan, _ in moved}))).all()
    key_ring.load(session, [person.id for person in people])
    names = {person.id: name_of(person) for person in people}
    quizzes = session.exec(select(Assessment).where(col(Assessment.id).in_({move.assessment_id for _, move in moved}))).all()
    titles = {quiz.id: quiz.title for quiz in quizzes}
    return [_line(plan, move, names[plan.person_id], titles[move.assessment_id]) for plan, move in moved]


def _line(plan: Plan, move: Move, name: str, title: str) -> RegradeLine:
    quiz = next(quiz for quiz in plan.quizzes if quiz.assessment_id == move.assessment_id)
    course = plan.course
    awards = course.awards if course else None
    certificate = ""
    if awards:
        certificate = "issued" if awards.issues else "valid again" if awards.revived else "withdrawn" if awards.revoked else ""
    return RegradeLine(
        attempt_id=str(move.attempt_id),
        name=name,
        quiz=title,
        number=move.number,
        question_before=points_in_words(Decimal(move.before["score"])),
        question_after=points_in_words(Decimal(move.after["score"])),
        percent_before=int(move.was.fraction * 100),
        percent_after=int(move.becomes.fraction * 100),
        passed_before=outcome_in_words(move.was),
        passed_after=outcome_in_words(move.becomes),
        counting_before=None if quiz.counted is None else int(quiz.counted * 100),
        counting_after=None if quiz.counts is None else int(quiz.counts * 100),
        completion=_turned(quiz.entries, quiz.verdict),
        course=_turned(course.entries, course.verdict) if course else "",
        certificate=certificate,
    )


def _turned(entries: Sequence[Entry], verdict: Verdict) -> str:
    stood = any(entry.stands for entry in entries)
    return "" if stood == verdict.holds else "completed" if verdict.holds else "withdrawn"
