"""Correcting marks after a question was corrected: a dry run, carrying it out, putting everything back.

Carrying out goes in chunks of enrolments, each in one transaction, behind a cursor: what was cut off goes on where it was. A chunk plans anew under
locks with the code of the dry run, so that what it does is what was shown, unless somebody handed in or marked in between.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs, pubsub
from lms_app.crypto import key_ring
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.grading_rules import drawn_body
from lms_app.domain.assessments.regrade_plans import CHUNK, Change, Move, Plan, Scope, grader, moves_ledger, plans, undoer
from lms_app.domain.assessments.regrade_rules import Entry, Verdict
from lms_app.domain.assessments.regrade_views import KeyChange, RegradeEntry, RegradeFigures, RegradeLine, RegradePreview
from lms_app.domain.assessments.regrade_words import counts_in_words, key_changes, outcome_in_words
from lms_app.domain.assessments.regrade_writing import carry_out, held, tell_staff
from lms_app.domain.assessments.settling import FINISHED
from lms_app.domain.assessments.sheets import points_in_words
from lms_app.domain.courses import access
from lms_app.domain.enrollments.roster import name_of
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.people import audit
from lms_app.errors import Conflict, NotFound
from lms_app.ids import uuid7
from lms_app.models import Answer, AnswerTry, Assessment, Attempt, Membership, Person, Question, QuestionRevision, QuestionScore, Regrade, RegradeMove
from lms_app.words import AttemptStatus, Hint, JobQueue, QuestionType, RegradeStatus

CARRY_ON = "regrades.carry_on"
AT_ONCE = 50
"""Attempts that are corrected while the author waits; more are a job's."""
PER_PAGE = 50
MOST_PAGES = 200

AT_WORK = "Marks of this question are being corrected right now. Wait until that is done."


def preview(
    session: Session, actor: Actor, question_id: UUID, revision_id: UUID | None = None, *, overrules: bool = False, page: int = 1
) -> RegradePreview:
    """Whose marks, completions and certificates would move, and how, if finished attempts were graded by a revision of the question, by default its
    newest. Nothing is written. Raises NotFound."""
    question, revision = _asked(session, actor, question_id, revision_id)
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
        changes=_changes(session, question, revision),
        figures=figures,
        open_attempts=_open_attempts(session, question),
        sentence=counts_in_words(figures, would=True),
        harms=bool(figures.lost or figures.withdrawn or figures.certificates_withdrawn),
        lines=_lines(session, shown),
        page=page,
        pages=pages,
    )


def apply(session: Session, actor: Actor, question_id: UUID, revision_id: UUID | None = None, *, overrules: bool = False) -> RegradeEntry:
    """Grades finished attempts by a revision of the question, as the dry run showed: at once where there are few, by a job where there are many.

    Raises NotFound; Conflict while another correction of this question is at work, or where nothing would change.
    """
    question, revision = _asked(session, actor, question_id, revision_id)
    _hold(session, question)
    attempts = session.exec(_finished(question, func.count())).one()
    if not attempts:
        raise Conflict("Nobody has handed in this question yet, so there are no marks to correct.")
    regrade_id = uuid7()
    session.execute(
        insert(Regrade).values(
            id=regrade_id,
            question_id=question.id,
            revision_id=revision.id,
            status=RegradeStatus.RUNNING,
            overrules=overrules,
            attempts=attempts,
            done=0,
            figures=asdict(RegradeFigures()),
            created_by=actor.person_id,
            created_at=clock.now(),
        )
    )
    regrade = session.get_one(Regrade, regrade_id)
    audit.note(session, "marks_corrected", person_id=actor.person_id, object_kind="question", object_id=question.id)
    return _go(session, actor, regrade)


def undo(session: Session, actor: Actor, regrade_id: UUID) -> RegradeEntry:
    """Puts marks, completions and certificates back to what they were before a correction. What somebody marked since stays.

    Undoing twice is undoing once. Raises NotFound, Conflict while a correction of the question is at work.
    """
    regrade = session.get(Regrade, regrade_id)
    if regrade is None:
        raise NotFound("There is no such correction.")
    question = access.editable_question(session, actor, regrade.question_id)
    _hold(session, question)
    session.refresh(regrade, with_for_update=True)
    if regrade.status == RegradeStatus.UNDONE:
        return _entry(session, actor, regrade)
    regrade.status, regrade.done, regrade.cursor = RegradeStatus.UNDOING, 0, None
    regrade.undone_by = actor.person_id
    session.add(regrade)
    session.flush()
    audit.note(session, "marks_put_back", person_id=actor.person_id, object_kind="question", object_id=question.id)
    return _go(session, actor, regrade)


def carry_on(session: Session, regrade_id: UUID) -> bool:
    """Does the next chunk of a correction, or of undoing it. Gives True while there is more."""
    regrade = session.exec(select(Regrade).where(Regrade.id == regrade_id).with_for_update()).first()
    if regrade is None or regrade.status not in (RegradeStatus.RUNNING, RegradeStatus.UNDOING):
        return False
    session.execute(text("SET LOCAL statement_timeout = '60s'"))
    question = session.get_one(Question, regrade.question_id)
    scope, undoing = Scope(session=session, question=question), regrade.status == RegradeStatus.UNDOING
    ids = _enrollments(session, question, regrade.cursor)
    if not ids:
        _finish(session, regrade, question)
        return False
    figures = RegradeFigures(**regrade.figures)
    for plan in plans(scope, ids, _change(scope, regrade), without=regrade.id if undoing else None, hold=True):
        carry_out(scope, plan, regrade)
        figures = _with(figures, plan)
        regrade.done += plan.attempts
    regrade.cursor = ids[-1]
    if not undoing:
        regrade.figures = asdict(figures)
    session.add(regrade)
    session.flush()
    after_commit(session, lambda: pubsub.hint(Hint.REGRADE, question.id))
    return True


def history(session: Session, actor: Actor, question_id: UUID) -> list[RegradeEntry]:
    """The corrections of a question, the newest first, at most 50. Raises NotFound."""
    question = access.editable_question(session, actor, question_id)
    rows = session.exec(select(Regrade).where(Regrade.question_id == question.id).order_by(col(Regrade.id).desc()).limit(PER_PAGE)).all()
    return [_entry(session, actor, row) for row in rows]


def read(session: Session, actor: Actor, regrade_id: UUID) -> RegradeEntry:
    """One correction. Raises NotFound."""
    regrade = session.get(Regrade, regrade_id)
    if regrade is None:
        raise NotFound("There is no such correction.")
    access.editable_question(session, actor, regrade.question_id)
    return _entry(session, actor, regrade)


def can_correct(session: Session, actor: Actor, question_id: UUID) -> bool:
    """Whether marks were given for another form of a question than its newest. Raises NotFound."""
    question = access.editable_question(session, actor, question_id)
    query = _finished(question, col(QuestionScore.attempt_id)).where(QuestionScore.question_revision_id != question.published_revision_id)
    return session.exec(query.limit(1)).first() is not None


def _asked(session: Session, actor: Actor, question_id: UUID, revision_id: UUID | None) -> tuple[Question, QuestionRevision]:
    question = access.editable_question(session, actor, question_id)
    revision = session.get(QuestionRevision, revision_id or question.published_revision_id)
    if revision is None or revision.question_id != question.id:
        raise NotFound("This question has no such revision.")
    return question, revision


def _hold(session: Session, question: Question) -> None:
    """Lets one correction of a question begin at a time."""
    session.exec(select(Question.id).where(Question.id == question.id).with_for_update(key_share=True)).one()
    if held(session, question.id) is not None:
        raise Conflict(AT_WORK)


def _go(session: Session, actor: Actor, regrade: Regrade) -> RegradeEntry:
    if regrade.attempts <= AT_ONCE:
        while carry_on(session, regrade.id):
            pass
    else:
        key = f"regrade:{regrade.id}:{regrade.status}"
        jobs.enqueue(session, CARRY_ON, queue=JobQueue.DEFAULT, unique_key=key, regrade_id=str(regrade.id))
    return _entry(session, actor, regrade)


def _finish(session: Session, regrade: Regrade, question: Question) -> None:
    undone = regrade.status == RegradeStatus.UNDOING
    if undone:
        regrade.status, regrade.undone_at = RegradeStatus.UNDONE, clock.now()
    else:
        regrade.status, regrade.applied_at = RegradeStatus.APPLIED, clock.now()
    session.add(regrade)
    session.flush()
    staff = select(Membership.person_id).where(Membership.course_id == question.course_id, col(Membership.role).in_(access.MARKERS))
    if question.course_id is not None:
        tell_staff(session, regrade, session.exec(staff).all(), question.course_id, undone=undone)
    after_commit(session, lambda: pubsub.hint(Hint.REGRADE, question.id))


def _change(scope: Scope, regrade: Regrade) -> Change:
    if regrade.status == RegradeStatus.UNDOING:
        return undoer(scope, regrade.id)
    return grader(scope, scope.session.get_one(QuestionRevision, regrade.revision_id), overrules=regrade.overrules)


def _finished(question: Question, *what: object):
    """Finished attempts that have a question."""
    return (
        select(*what)  # pyright: ignore[reportCallIssue, reportArgumentType]
        .select_from(Attempt)
        .join(QuestionScore, col(QuestionScore.attempt_id) == col(Attempt.id))
        .where(QuestionScore.question_id == question.id, Attempt.course_id == question.course_id, col(Attempt.status).in_(FINISHED))
    )


def _enrollments(session: Session, question: Question, after: UUID | None) -> Sequence[UUID]:
    """The next enrolments with finished attempts that have the question, in the order of their ids."""
    query = _finished(question, col(Attempt.enrollment_id)).distinct().order_by(col(Attempt.enrollment_id)).limit(CHUNK)
    if after is not None:
        query = query.where(col(Attempt.enrollment_id) > after)
    return session.exec(query).all()


def _open_attempts(session: Session, question: Question) -> int:
    query = (
        select(func.count())
        .select_from(Attempt)
        .where(
            Attempt.course_id == question.course_id,
            Attempt.status == AttemptStatus.OPEN,
            col(Attempt.layout).contains([{"question": str(question.id)}]),
        )
    )
    return session.exec(query).one()


def _all_plans(scope: Scope, change: Change) -> Iterator[Plan]:
    after: UUID | None = None
    while ids := _enrollments(scope.session, scope.question, after):
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
            figures = _with(figures, plan)
            for move in plan.moves:
                if move.is_marked_anew:
                    yield plan, move

    first = heapq.nsmallest(most, marked(), key=_weight)
    return figures, first


def _weight(entry: tuple[Plan, Move]) -> tuple[object, ...]:
    move = entry[1]
    question = abs(float(move.after["score"]) - float(move.before["score"]))
    return -abs(move.becomes.fraction - move.was.fraction), -question, move.attempt_id


def _with(figures: RegradeFigures, plan: Plan) -> RegradeFigures:
    awards = plan.course.awards if plan.course else None
    gained = any((quiz.counts or 0) > (quiz.counted or 0) for quiz in plan.quizzes)
    lost = any((quiz.counts or 0) < (quiz.counted or 0) for quiz in plan.quizzes)
    turned = [quiz for quiz in plan.quizzes if moves_ledger(quiz.entries, quiz.verdict)]
    stood = {quiz.assessment_id: any(entry.stands for entry in quiz.entries) for quiz in turned}
    return replace(
        figures,
        attempts=figures.attempts + plan.attempts,
        students=figures.students + 1,
        moved=figures.moved + sum(move.is_marked_anew for move in plan.moves),
        gained=figures.gained + gained,
        lost=figures.lost + lost,
        completed=figures.completed + sum(quiz.verdict.holds and not stood[quiz.assessment_id] for quiz in turned),
        withdrawn=figures.withdrawn + sum(stood[quiz.assessment_id] and not quiz.verdict.holds for quiz in turned),
        certificates_issued=figures.certificates_issued + (awards.issues if awards else 0),
        certificates_revived=figures.certificates_revived + (awards.revived is not None if awards else 0),
        certificates_withdrawn=figures.certificates_withdrawn + (len(awards.revoked) if awards else 0),
        kept=figures.kept + sum(move.kept for move in plan.moves),
    )


def _changes(session: Session, question: Question, revision: QuestionRevision) -> list[KeyChange]:
    """What differs from the revision that most finished attempts are graded by."""
    used = _finished(question, col(QuestionScore.question_revision_id)).group_by(col(QuestionScore.question_revision_id))
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


def _entry(session: Session, actor: Actor, regrade: Regrade) -> RegradeEntry:
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    by = session.get_one(Person, regrade.created_by)
    key_ring.load(session, [by.id])
    return RegradeEntry(
        id=str(regrade.id),
        question_id=str(regrade.question_id),
        revision=session.get_one(QuestionRevision, regrade.revision_id).number,
        status=regrade.status,
        percent=min(100, regrade.done * 100 // regrade.attempts) if regrade.attempts else 100,
        sentence=counts_in_words(RegradeFigures(**regrade.figures), would=False),
        by=name_of(by),
        at=regrade.created_at.isoformat(),
        when=when_in_words(regrade.created_at, zone),
        can_undo=regrade.status == RegradeStatus.APPLIED,
    )
