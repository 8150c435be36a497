"""Correcting marks after a question was corrected: carrying out what `regrade_preview` showed, and putting everything back.

Carrying out goes in chunks of enrolments, each in one transaction, behind a cursor: what was cut off goes on where it was. A chunk plans anew under
locks with the code of the dry run, so that what it does is what was shown, unless somebody handed in or marked in between.
"""

from dataclasses import asdict
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs, pubsub
from lms_app.crypto import key_ring
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.regrade_changes import Change, grader, undoer
from lms_app.domain.assessments.regrade_facts import Scope, asked, finished, next_enrollments
from lms_app.domain.assessments.regrade_plans import counted, plans
from lms_app.domain.assessments.regrade_views import RegradeEntry, RegradeFigures
from lms_app.domain.assessments.regrade_words import counts_in_words
from lms_app.domain.assessments.regrade_writing import carry_out, held, tell_staff
from lms_app.domain.courses import access
from lms_app.domain.enrollments.roster import name_of
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.people import audit
from lms_app.errors import Conflict, NotFound
from lms_app.ids import uuid7
from lms_app.models import Membership, Person, Question, QuestionRevision, QuestionScore, Regrade
from lms_app.words import Hint, JobQueue, RegradeStatus

CARRY_ON = "regrades.carry_on"
AT_ONCE = 50
"""Attempts that are corrected while the author waits; more are a job's."""
MOST_SHOWN = 50

AT_WORK = "Marks of this question are being corrected right now. Wait until that is done."


def apply(session: Session, actor: Actor, question_id: UUID, revision_id: UUID | None = None, *, overrules: bool = False) -> RegradeEntry:
    """Grades finished attempts by a revision of the question, as the dry run showed: at once where there are few, by a job where there are many.

    Raises NotFound; Conflict while another correction of this question is at work, or where nothing would change.
    """
    question, revision = asked(session, actor, question_id, revision_id)
    _hold(session, question)
    attempts = session.exec(finished(question, func.count())).one()
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
    ids = next_enrollments(session, question, regrade.cursor)
    if not ids:
        _finish(session, regrade, question)
        return False
    figures = RegradeFigures(**regrade.figures)
    for plan in plans(scope, ids, _change(scope, regrade), without=regrade.id if undoing else None, hold=True):
        carry_out(scope, plan, regrade)
        figures = counted(figures, plan)
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
    rows = session.exec(select(Regrade).where(Regrade.question_id == question.id).order_by(col(Regrade.id).desc()).limit(MOST_SHOWN)).all()
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
    query = finished(question, col(QuestionScore.attempt_id)).where(QuestionScore.question_revision_id != question.published_revision_id)
    return session.exec(query.limit(1)).first() is not None


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
