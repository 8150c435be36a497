"""What is found at a page, a quiz or a question is kept in the transaction that saves it. What only a look at the whole course can tell is asked for
there, by `outline_changes.tell` for most, and found after the commit (`course_health`): so a save costs the same in a course of any size."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from pydantic import ValidationError
from sqlalchemy import delete, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col, select

from lms_app.adapters import jobs
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import QuestionBody
from lms_app.domain.content.document import Document
from lms_app.domain.content.embeds import embed_hosts
from lms_app.domain.content.parts import Reference, parts_of
from lms_app.domain.courses.health_rules import RULES_VERSION, Finding, found
from lms_app.domain.courses.page_health_rules import page_findings
from lms_app.domain.courses.question_health_rules import question_findings, references_of, unreadable_question
from lms_app.ids import uuid7
from lms_app.models import Assessment, CourseCheck, CourseFinding, NodeReference, Page, Question
from lms_app.settings import get_settings
from lms_app.words import JobQueue, NodeKind, QuestionType

CHECK = "courses.check"


class Noted(NamedTuple):
    """Rows that say what was found at some nodes, and what these need."""

    findings: list[dict[str, Any]]
    references: list[dict[str, Any]]


def note_page(session: Session, page: Page, document: Document) -> None:
    """Keeps what is to be said of a page's newest text."""
    _replace(session, page.id, at_page(page, document))


def note_question(session: Session, question: Question, body: dict[str, Any]) -> None:
    """Keeps what is to be said of a question as it is asked now. One of a person's own bank is in no course."""
    if question.course_id is not None:
        _replace(session, question.id, at_question(question, body))
        ask(session, question.course_id)


def note_quiz(session: Session, quiz: Assessment, *, empty: bool) -> None:
    """Keeps what is to be said of a quiz's newest state. `empty`: it has neither questions nor pools."""
    _replace(session, quiz.id, at_quiz(quiz, empty=empty))


def at_page(page: Page, document: Document) -> Noted:
    """What is to be said of a page, and what it needs, as rows."""
    findings = page_findings(document, page.id, embed_hosts(get_settings().embed_hosts))
    needs = parts_of(document).references
    return Noted(
        rows_of(page.course_id, findings, {page.id: str(page.draft_revision_id)}, course_wide=False),
        _references(page.course_id, NodeKind.PAGE, page.id, needs),
    )


def at_question(question: Question, body: dict[str, Any] | QuestionBody) -> Noted:
    """The same of a question of a course. Its body may have been stored before its type asked for what it does now."""
    assert question.course_id is not None
    type_, needs = QuestionType(question.type), list[Reference]()
    try:
        read = TYPES[type_].body.model_validate(body) if isinstance(body, dict) else body
        findings = question_findings(type_, read, question.id, embed_hosts(get_settings().embed_hosts))
        needs = references_of(read)
    except ValidationError as fault:
        findings = [unreadable_question(question.id, fault)]
    return Noted(
        rows_of(question.course_id, findings, {question.id: str(question.draft_revision_id)}, course_wide=False),
        _references(question.course_id, NodeKind.QUESTION, question.id, needs),
    )


def at_quiz(quiz: Assessment, *, empty: bool) -> Noted:
    """The same of a quiz."""
    findings = [found("quiz_without_questions", NodeKind.ASSESSMENT, quiz.id)] if empty else []
    return Noted(rows_of(quiz.course_id, findings, {quiz.id: str(quiz.draft_revision_id)}, course_wide=False), [])


def rows_of(course_id: UUID, findings: Iterable[Finding], versions: dict[UUID, str], *, course_wide: bool) -> list[dict[str, Any]]:
    """Findings as rows. `versions` says of each node what was looked at."""
    return [
        {
            "id": uuid5(finding.node, f"{finding.code}:{finding.block}"),
            "course_id": course_id,
            "course_wide": course_wide,
            "node_kind": finding.kind,
            "node_id": finding.node,
            "block_id": finding.block,
            "code": finding.code,
            "version": versions.get(finding.node, ""),
            "details": dict(finding.details),
        }
        for finding in findings
    ]


def keep(session: Session, noted: Iterable[Noted]) -> None:
    """Writes what was found, many rows a statement."""
    every = list(noted)
    findings = [row for each in every for row in each.findings]
    references = [row for each in every for row in each.references]
    for start in range(0, len(findings), 500):
        statement = upsert(CourseFinding).values(findings[start : start + 500])
        changed = {name: statement.excluded[name] for name in ("version", "details")}
        session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))
    if references:
        session.execute(insert(NodeReference), references)


def ask(session: Session, course_id: UUID) -> None:
    """Has a course looked through once this transaction is committed. All who ask before that has begun get one look between them.

    Whoever asks second holds the row until the end of their transaction, so that the job, which begins by saying that nobody waits any more, begins
    when what they wrote can be read.
    """
    session.flush()
    here = col(CourseCheck.course_id) == course_id
    asked = update(CourseCheck).where(here, ~col(CourseCheck.waiting)).values(waiting=True).returning(col(CourseCheck.course_id))
    first = (
        upsert(CourseCheck)
        .values(course_id=course_id, waiting=True, rules=0)
        .on_conflict_do_nothing(index_elements=["course_id"])
        .returning(col(CourseCheck.course_id))
    )
    waits = select(CourseCheck.course_id).where(here, col(CourseCheck.waiting)).with_for_update(read=True)
    while True:
        if session.execute(asked).first() is not None or session.execute(first).first() is not None:
            jobs.enqueue(session, CHECK, queue=JobQueue.ANALYTICS, course_id=str(course_id))
            return
        if session.execute(waits).first() is not None:
            return


def begin_course(session: Session, course_id: UUID) -> None:
    """Says of a new course that all its nodes are looked at by the present checks, as they are saved."""
    session.add(CourseCheck(course_id=course_id, rules=RULES_VERSION))
    session.flush()


def _replace(session: Session, node: UUID, noted: Noted) -> None:
    session.flush()
    session.execute(delete(CourseFinding).where(col(CourseFinding.node_id) == node, ~col(CourseFinding.course_wide)))
    session.execute(delete(NodeReference).where(col(NodeReference.node_id) == node))
    keep(session, [noted])


def _references(course_id: UUID, kind: NodeKind, node: UUID, needs: Iterable[Reference]) -> list[dict[str, Any]]:
    once = dict.fromkeys((each.block, each.kind, each.target) for each in needs)
    return [
        {"id": uuid7(), "course_id": course_id, "node_kind": kind, "node_id": node, "block_id": block, "needs": needed, "target": target}
        for block, needed, target in once
    ]
