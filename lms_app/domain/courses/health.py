"""What is to mend in a course, for those who author it: read in order, set aside with a reason, looked for anew."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, course_health, node_health
from lms_app.domain.courses.health_rules import CHECKS, RULES_VERSION, Finding
from lms_app.domain.notifications.queries import when_in_words
from lms_app.errors import Invalid, NotFound
from lms_app.ids import uuid7
from lms_app.models import (
    Assessment,
    AssessmentSection,
    CourseCheck,
    CourseFinding,
    DismissedFinding,
    Lesson,
    Module,
    Page,
    Person,
    Question,
    SectionQuestion,
)
from lms_app.words import NodeKind, Severity

PER_PAGE = 50
LONGEST_REASON = 500
STALE_AFTER = timedelta(hours=1)
"""A look this old is followed by another when somebody reads: dates go by, and students answer, without anybody's saving."""

GRAVEST = tuple(Severity)


@dataclass(frozen=True, kw_only=True)
class HealthLine:
    """Something to mend. `title` is its node's, `place` where that stands in the course, `address` leads there. `reason` is why it was set aside."""

    id: str
    code: str
    severity: str
    sentence: str
    advice: str
    kind: str
    node: str
    block: str
    title: str
    place: str
    address: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CourseHealth:
    """One page of what is to mend, the gravest first and then in the order of the course. The figures count all but what was set aside, which
    `dismissed` counts. `checked` is when the whole was looked at last, "" for never; `waiting` that it is about to be."""

    course_id: str
    course: str
    checked: str
    waiting: bool
    errors: int
    warnings: int
    hints: int
    dismissed: int
    total: int
    page: int
    pages: int
    lines: list[HealthLine]


class _Seat(NamedTuple):
    """Where a node stands: its place in reading order, its title, and the titles above it."""

    order: int
    title: str
    above: str
    address: str


def health(
    session: Session, actor: Actor, course_id: UUID, *, severity: Severity | None = None, dismissed: bool = False, page: int = 1
) -> CourseHealth:
    """What is to mend in a course that the actor may author: of one severity or of all, or what was set aside. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    known = session.get(CourseCheck, course.id)
    every = _standing(session, course.id)
    open_ones = [(row, seat) for row, seat, aside in every if aside is None]
    chosen: list[tuple[CourseFinding, _Seat, str]] = (
        [(row, seat, aside) for row, seat, aside in every if aside is not None] if dismissed else [(row, seat, "") for row, seat in open_ones]
    )
    if severity is not None:
        chosen = [entry for entry in chosen if CHECKS[entry[0].code].severity == severity]
    chosen.sort(key=lambda entry: (GRAVEST.index(CHECKS[entry[0].code].severity), entry[1].order, entry[1].title, entry[0].code, entry[0].id))
    pages = max(1, ceil(len(chosen) / PER_PAGE))
    page = min(max(1, page), pages)
    counts = {each: sum(CHECKS[row.code].severity == each for row, _ in open_ones) for each in Severity}
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    return CourseHealth(
        course_id=str(course.id),
        course=course.title,
        checked=when_in_words(known.checked_at, zone) if known and known.checked_at else "",
        waiting=known is not None and known.waiting,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        hints=counts[Severity.HINT],
        dismissed=len(every) - len(open_ones),
        total=len(chosen),
        page=page,
        pages=pages,
        lines=[_line(row, seat, reason) for row, seat, reason in chosen[(page - 1) * PER_PAGE : page * PER_PAGE]],
    )


def to_mend(session: Session, actor: Actor, course_id: UUID) -> int:
    """How many errors and warnings a course has that nobody has set aside. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    return sum(aside is None and CHECKS[row.code].severity != Severity.HINT for row, _, aside in _standing(session, course.id))


def freshen(session: Session, actor: Actor, course_id: UUID) -> None:
    """Has a course looked through soon where that was never done, or long ago, or by other checks. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    known = session.get(CourseCheck, course.id)
    if known is not None and known.waiting:
        return
    checked = known.checked_at if known is not None and known.rules == RULES_VERSION else None
    if checked is None or checked < clock.now() - STALE_AFTER:
        node_health.ask(session, course.id)


def check_now(session: Session, actor: Actor, course_id: UUID) -> None:
    """Looks through a course at once. Raises NotFound."""
    course_health.check(session, access.editable_course(session, actor, course_id).id)


def dismiss(session: Session, actor: Actor, course_id: UUID, finding_id: UUID, reason: str) -> None:
    """Sets a finding aside, for a reason, until its node changes. Raises Invalid without one, NotFound for a finding that stands no more."""
    row = _finding(session, actor, course_id, finding_id)
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST_REASON:
        raise Invalid("Say why this may stay as it is.", fields={"reason": f"From 1 to {LONGEST_REASON} characters."})
    values = {"version": row.version, "reason": said, "person_id": actor.person_id, "at": clock.now()}
    kept = insert(DismissedFinding).values(id=uuid7(), course_id=course_id, finding_id=finding_id, **values)
    session.execute(kept.on_conflict_do_update(index_elements=["finding_id"], set_=values))


def restore(session: Session, actor: Actor, course_id: UUID, finding_id: UUID) -> None:
    """Takes a finding up again that was set aside. Raises NotFound."""
    _finding(session, actor, course_id, finding_id)
    session.execute(delete(DismissedFinding).where(col(DismissedFinding.finding_id) == finding_id))


def _finding(session: Session, actor: Actor, course_id: UUID, finding_id: UUID) -> CourseFinding:
    course = access.editable_course(session, actor, course_id)
    row = session.get(CourseFinding, finding_id)
    if row is None or row.course_id != course.id:
        raise NotFound("This is mended, or no longer part of the course.")
    return row


def _standing(session: Session, course_id: UUID) -> list[tuple[CourseFinding, _Seat, str | None]]:
    """The findings at nodes that are part of the course, each with where it stands and why it was set aside, None where it was not."""
    aside = DismissedFinding
    rows = session.exec(
        select(CourseFinding, aside.reason)
        .join(aside, (col(aside.finding_id) == col(CourseFinding.id)) & (col(aside.version) == col(CourseFinding.version)), isouter=True)
        .where(CourseFinding.course_id == course_id, col(CourseFinding.code).in_(CHECKS))
    ).all()
    if not rows:
        return []
    seats = _seats(session, course_id, {row.node_id for row, _ in rows if row.node_kind == NodeKind.QUESTION})
    return [(row, seats[row.node_id], reason) for row, reason in rows if row.node_id in seats]


def _seats(session: Session, course_id: UUID, questions: set[UUID]) -> dict[UUID, _Seat]:
    """Where every node of a course stands, and these questions."""
    course = f"/teach/courses/{course_id}"
    seats = {course_id: _Seat(-1, "The course", "", course)}
    lessons = _children(session, Lesson, course_id, "module_id")
    pages = _children(session, Page, course_id, "lesson_id")
    order = 0
    for module in _children(session, Module, course_id, "course_id").get(course_id, []):
        seats[module.id] = _Seat(order, module.title, "", f"{course}?module={module.id}")
        for lesson in lessons.get(module.id, []):
            seats[lesson.id] = _Seat(order, lesson.title, module.title, f"{course}?lesson={lesson.id}")
            for page in pages.get(lesson.id, []):
                order += 1
                seats[page.id] = _Seat(order, page.title, f"{module.title} › {lesson.title}", f"/teach/pages/{page.id}")
        order += 1
    quizzes = session.exec(
        select(Assessment.id, Assessment.title, Assessment.page_id).where(Assessment.course_id == course_id, col(Assessment.archived_at).is_(None))
    ).all()
    for identity, title, page_id in quizzes:
        if page_id is None:
            seats[identity] = _Seat(order + 1, title, "On no page", f"/teach/quizzes/{identity}")
        elif page_id in seats:
            page = seats[page_id]
            seats[identity] = _Seat(page.order, title, f"{page.above} › {page.title}", f"/teach/quizzes/{identity}")
    return seats | _question_seats(session, course, questions, seats, order + 2)


def _question_seats(session: Session, course: str, questions: set[UUID], seats: dict[UUID, _Seat], last: int) -> dict[UUID, _Seat]:
    if not questions:
        return {}
    placed = session.exec(
        select(SectionQuestion.question_id, Assessment.id)
        .join(AssessmentSection, col(AssessmentSection.id) == col(SectionQuestion.section_id))
        .join(Assessment, col(Assessment.draft_revision_id) == col(AssessmentSection.assessment_revision_id))
        .where(col(SectionQuestion.question_id).in_(questions))
        .order_by(col(Assessment.id))
    ).all()
    quiz_of: dict[UUID, UUID] = {}
    for question, quiz in placed:
        if quiz in seats:
            quiz_of.setdefault(question, quiz)
    found: dict[UUID, _Seat] = {}
    named = session.exec(select(Question.id, Question.title).where(col(Question.id).in_(questions), col(Question.archived_at).is_(None))).all()
    for identity, title in named:
        quiz = seats.get(quiz_of.get(identity, identity))
        if quiz is None:
            found[identity] = _Seat(last, title or "Question", "Question bank", f"/teach/questions/{identity}")
        else:
            found[identity] = _Seat(quiz.order, title or "Question", f"{quiz.above} › {quiz.title}", f"{quiz.address}?question={identity}")
    return found


def _children(session: Session, table: Any, course_id: UUID, parent: str) -> dict[UUID, list[Any]]:
    """What stands in the course, by what it stands in, in order."""
    parent_id = getattr(table, parent)
    rows = session.execute(
        sql_select(table.id, table.title, parent_id.label("parent"))
        .where(table.course_id == course_id, table.archived_at.is_(None))
        .order_by(table.position, table.id)
    ).all()
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.parent, []).append(row)
    return found


def _line(row: CourseFinding, seat: _Seat, reason: str) -> HealthLine:
    finding = Finding(code=row.code, kind=NodeKind(row.node_kind), node=row.node_id, block=row.block_id, details=row.details)
    address = f"{seat.address}?block={row.block_id}" if row.block_id and finding.kind == NodeKind.PAGE else seat.address
    return HealthLine(
        id=str(row.id),
        code=row.code,
        severity=finding.severity,
        sentence=finding.sentence,
        advice=finding.advice,
        kind=finding.kind,
        node=str(row.node_id),
        block=row.block_id,
        title=seat.title,
        place=seat.above,
        address=address,
        reason=reason,
    )
