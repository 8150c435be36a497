"""What another completion rule of a page would do to those who take its course. Nothing is saved; what the ledger holds stays in any case."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.courses.outline import OutlineItem, OutlinePage, published_outline
from lms_app.domain.enrollments import progress
from lms_app.domain.enrollments.progress_rules import is_read, page_sentence
from lms_app.models import Completion, Enrollment, PageView
from lms_app.words import CompletionRule, EnrollmentStatus, NodeKind

NOBODY = "Nobody takes the course yet."


@dataclass(frozen=True, kw_only=True)
class CompletionPreview:
    """Of all `students` of the course, how many have the page complete, how many would by now under the new rule, and how many complete the course
    with the change. `words` is what students will read."""

    students: int
    done: int
    then: int
    complete_course: int
    words: str
    sentence: str


def preview_rule(session: Session, actor: Actor, page_id: UUID, *, rule: CompletionRule, required: bool) -> CompletionPreview:
    """What a rule would do. Raises NotFound for a page that the actor may not author."""
    page = access.editable_page(session, actor, page_id)
    outline = published_outline(session, page.course_id)
    shown = next((each for each in outline.pages() if each.id == page.id), None)
    quizzes = shown.quizzes if shown else ()
    counts = required and rule != CompletionRule.NONE
    item = OutlineItem(id=page.id, kind=NodeKind.PAGE, title=page.title, rule=rule, rule_version=0, required=required)
    words = page_sentence(OutlinePage(item=item, minutes=0, quizzes=quizzes))
    query = select(Enrollment).where(Enrollment.course_id == page.course_id, Enrollment.status == EnrollmentStatus.ACTIVE)
    students = session.exec(query).all()
    if not students:
        return CompletionPreview(students=0, done=0, then=0, complete_course=0, words=words, sentence=NOBODY)
    needed = frozenset(quiz.id for quiz in quizzes if quiz.required) if rule == CompletionRule.NONE else frozenset[UUID]()
    asked = {each.id for each in outline.items() if each.required and each.id != page.id} | ({page.id} if counts and shown else set())
    completed = _completed(session, page.course_id, asked | needed | {page.id})
    ids = [each.id for each in students]
    done = sum(page.id in completed[each] for each in ids)
    then = _would_have(session, page.id, rule, needed, ids, completed)
    whole = sum(bool(asked) and each.completed_at is None and asked <= completed[each.id] for each in students)
    return CompletionPreview(
        students=len(students),
        done=done,
        then=then,
        complete_course=whole,
        words=words,
        sentence=_sentence(len(students), done, then, whole, asks=rule != CompletionRule.NONE or bool(needed)),
    )


def _completed(session: Session, course_id: UUID, nodes: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Which of some nodes each enrolment has complete, under whatever rule."""
    query = (
        select(Completion.enrollment_id, Completion.node_id)
        .join(Enrollment, col(Enrollment.id) == col(Completion.enrollment_id))
        .where(Enrollment.course_id == course_id, col(Completion.node_id).in_(nodes), progress.stands())
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for enrollment_id, node_id in session.exec(query).all():
        found[enrollment_id].add(node_id)
    return found


def _would_have(
    session: Session, page_id: UUID, rule: CompletionRule, needed: frozenset[UUID], ids: list[UUID], completed: dict[UUID, set[UUID]]
) -> int:
    """How many of some enrolments have done by now what a rule asks for."""
    if rule == CompletionRule.READ:
        views = session.exec(select(PageView).where(PageView.page_id == page_id)).all()
        met = {view.enrollment_id for view in views if is_read(seconds=view.seconds, reached_end=view.reached_end)}
    elif rule == CompletionRule.MANUAL:
        query = select(Completion.enrollment_id).where(Completion.node_id == page_id, Completion.rule == CompletionRule.MANUAL, progress.stands())
        met = set(session.exec(query).all())
    else:
        met = {each for each in ids if needed and needed <= completed[each]}
    return len(met.intersection(ids))


def _sentence(students: int, done: int, then: int, whole: int, *, asks: bool) -> str:
    has = "has" if done == 1 else "have"
    told = f"{done} of {students} {has} completed it"
    told += f"; with the new rule {then} would by now" if asks else "; from now on there is nothing to complete"
    told += f"; the {done} keep{'s' if done == 1 else ''} it." if done else "."
    if whole:
        told += f" {whole} {'student completes' if whole == 1 else 'students complete'} the course with this change."
    return told
