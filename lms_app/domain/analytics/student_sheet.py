"""One student of a course, for its staff: how far and why, attempts, certificates, and what they did."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.analytics.student_figures import as_of, figures_of_run
from lms_app.domain.analytics.student_views import Act, StudentAttempt, StudentCertificate, StudentItem, StudentSheet, Timeline
from lms_app.domain.analytics.students import score_percent
from lms_app.domain.courses import access
from lms_app.domain.courses.outline import OutlineItem, published_outline
from lms_app.domain.enrollments.progress import stands
from lms_app.domain.enrollments.progress_rules import Done, percent_of, percentage
from lms_app.domain.enrollments.roster import name_of
from lms_app.domain.notifications.queries import when_in_words
from lms_app.errors import NotFound
from lms_app.models import (
    Assessment,
    Attempt,
    Certificate,
    Completion,
    Course,
    Enrollment,
    Group,
    GroupMember,
    ItemPerson,
    LearnerFigures,
    LearningEvent,
    Page,
    Person,
    Question,
)
from lms_app.words import AttemptStatus, CompletionRule, EnrollmentStatus, NodeKind, Verb

PER_PAGE = 50


def student(session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID, page: int = 1) -> StudentSheet:
    """One student of the newest run of a course, with one page of its items. Raises NotFound."""
    course, enrollment = _found(session, actor, course_id, enrollment_id)
    role = access.role_in(session, actor, course.id)
    person = session.get_one(Person, enrollment.person_id)
    key_ring.load(session, [person.id])
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    figures = figures_of_run(session, enrollment.run_id, [enrollment.id])[enrollment.id]
    days = session.exec(
        select(LearnerFigures.active_days).where(LearnerFigures.run_id == enrollment.run_id, LearnerFigures.person_id == person.id)
    ).first()
    items = list(published_outline(session, course.id).items())
    pages = max(1, ceil(len(items) / PER_PAGE))
    page = min(max(page, 1), pages)
    shown = items[(page - 1) * PER_PAGE : page * PER_PAGE]
    groups = session.exec(
        select(Group.name)
        .join(GroupMember, col(GroupMember.group_id) == col(Group.id))
        .where(GroupMember.enrollment_id == enrollment.id)
        .order_by(Group.name)
        .limit(PER_PAGE)
    ).all()
    return StudentSheet(
        course_id=str(course.id),
        run_id=str(enrollment.run_id),
        course=course.title,
        role=role,
        enrollment_id=str(enrollment.id),
        name=name_of(person),
        taking=enrollment.status == EnrollmentStatus.ACTIVE,
        completed=when_in_words(enrollment.completed_at, zone) if enrollment.completed_at else "",
        enrolled=when_in_words(enrollment.enrolled_at, zone),
        visited=when_in_words(figures.visited, zone) if figures.visited else "",
        percent=percent_of(figures.done, figures.total),
        done=figures.done,
        total=figures.total,
        score=score_percent(figures.score),
        minutes=figures.seconds // 60,
        active_days=days or 0,
        groups=", ".join(groups),
        lines=_items(session, enrollment, shown, zone),
        page=page,
        pages=pages,
        attempts=_attempts(session, enrollment, zone, may_mark=role in access.MARKERS),
        certificates=_certificates(session, enrollment, zone),
        as_of=as_of(session, actor),
    )


def timeline(session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID, before: UUID | None = None) -> Timeline:
    """What a student did in the course, fifty acts at a time: those before the event `before`, or the newest. Time that tabs told is no act.
    Raises NotFound."""
    _, enrollment = _found(session, actor, course_id, enrollment_id)
    query = select(LearningEvent).where(
        LearningEvent.person_id == enrollment.person_id,
        LearningEvent.run_id == enrollment.run_id,
        col(LearningEvent.verb).in_(_ACTS),
    )
    if before is not None:
        query = query.where(col(LearningEvent.id) < before)
    rows = session.exec(query.order_by(col(LearningEvent.id).desc()).limit(PER_PAGE + 1)).all()
    shown = rows[:PER_PAGE]
    titles = _titles(session, shown)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    return Timeline(
        acts=[Act(id=str(row.id), what=_told(row, titles), when=when_in_words(row.occurred_at, zone)) for row in shown],
        older=str(shown[-1].id) if len(rows) > PER_PAGE else "",
        newest=before is None,
    )


def _found(session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID) -> tuple[Course, Enrollment]:
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    enrollment = session.exec(select(Enrollment).where(Enrollment.id == enrollment_id, Enrollment.run_id == run.id)).first()
    if enrollment is None:
        raise NotFound("There is no such student in this course.")
    return course, enrollment


def _items(session: Session, enrollment: Enrollment, items: list[OutlineItem], zone: ZoneInfo) -> list[StudentItem]:
    ids = [item.id for item in items]
    rows = session.exec(
        select(Completion.node_id, Completion.rule, Completion.completed_at)
        .where(Completion.enrollment_id == enrollment.id, col(Completion.node_id).in_(ids), stands())
        .order_by(col(Completion.completed_at))
    ).all()
    done = {node_id: Done(rule=CompletionRule(rule), at=at) for node_id, rule, at in rows}
    query = select(ItemPerson.object_id, ItemPerson.first_at, ItemPerson.seconds).where(
        ItemPerson.run_id == enrollment.run_id, ItemPerson.person_id == enrollment.person_id, col(ItemPerson.object_id).in_(ids)
    )
    opened = {object_id: (first_at, seconds) for object_id, first_at, seconds in session.exec(query).all()}
    return [_item(item, done.get(item.id), *opened.get(item.id, (None, 0)), zone) for item in items]


def _item(item: OutlineItem, done: Done | None, opened: datetime | None, seconds: int, zone: ZoneInfo) -> StudentItem:
    if done:
        state, why = "done", f"{_DONE[done.rule]}, {when_in_words(done.at, zone)}."
    elif opened:
        state, why = "started", f"Opened {when_in_words(opened, zone)}. {_still_to_do(item)}"
    else:
        state, why = "none", f"Not opened yet. {_still_to_do(item)}" if item.required else "Not opened yet."
    return StudentItem(id=str(item.id), title=item.title, state=state, why=why, minutes=seconds // 60, required=item.required)


def _still_to_do(item: OutlineItem) -> str:
    if not item.required:
        return "It does not count towards progress."
    if item.rule == CompletionRule.PASSED and item.pass_mark:
        return f"Done with {percentage(item.pass_mark)} or more."
    return _ASKED[item.rule]


_DONE: Mapping[CompletionRule, str] = {
    CompletionRule.READ: "Read to the end",
    CompletionRule.MANUAL: "Marked as done",
    CompletionRule.SUBMITTED: "Submitted",
    CompletionRule.PASSED: "Passed",
    CompletionRule.NONE: "Done",
}
_ASKED: Mapping[CompletionRule, str] = {
    CompletionRule.READ: "Done once it is read to the end.",
    CompletionRule.MANUAL: "Done once the student marks it as done.",
    CompletionRule.SUBMITTED: "Done once it is submitted.",
    CompletionRule.PASSED: "Done once it is submitted.",
    CompletionRule.NONE: "It does not count towards progress.",
}


def _attempts(session: Session, enrollment: Enrollment, zone: ZoneInfo, *, may_mark: bool) -> list[StudentAttempt]:
    rows = session.exec(
        select(Attempt, Assessment.title)
        .join(Assessment, col(Assessment.id) == col(Attempt.assessment_id))
        .where(Attempt.enrollment_id == enrollment.id)
        .order_by(col(Attempt.id).desc())
        .limit(PER_PAGE)
    ).all()
    return [
        StudentAttempt(
            id=str(attempt.id),
            quiz=title,
            number=attempt.number,
            when=when_in_words(attempt.submitted_at or attempt.started_at, zone),
            **_standing(attempt),
            score="" if attempt.fraction is None else f"{int(attempt.fraction * 100)} %",
            link=f"/teach/courses/{enrollment.course_id}/marking?quiz={attempt.assessment_id}" if attempt.pending and may_mark else "",
        )
        for attempt, title in rows
    ]


def _standing(attempt: Attempt) -> dict[str, str]:
    if attempt.pending:
        return {"state": "Waits for marking", "tone": "warn"}
    match AttemptStatus(attempt.status):
        case AttemptStatus.OPEN:
            return {"state": "Open", "tone": "accent"}
        case AttemptStatus.DISCARDED:
            return {"state": "Discarded", "tone": "neutral"}
        case AttemptStatus.HANDED_IN:
            return {"state": "Being marked", "tone": "neutral"}
        case _ if attempt.passed is not None:
            return {"state": "Passed", "tone": "ok"} if attempt.passed else {"state": "Not passed", "tone": "bad"}
        case AttemptStatus.EXPIRED:
            return {"state": "Time ran out", "tone": "neutral"}
        case _:
            return {"state": "Submitted", "tone": "neutral"}


def _certificates(session: Session, enrollment: Enrollment, zone: ZoneInfo) -> list[StudentCertificate]:
    rows = session.exec(
        select(Certificate.code, Certificate.issued_at, Certificate.revoked_at)
        .where(Certificate.enrollment_id == enrollment.id)
        .order_by(col(Certificate.issued_at).desc())
        .limit(PER_PAGE)
    ).all()
    return [StudentCertificate(code=code, issued=when_in_words(at, zone), revoked=revoked is not None) for code, at, revoked in rows]


def _titles(session: Session, rows: Sequence[LearningEvent]) -> dict[UUID, str]:
    ids = {row.object_id for row in rows}
    titles: dict[UUID, str] = {}
    for table in (Page, Assessment, Question):
        titles |= dict(session.exec(select(table.id, table.title).where(col(table.id).in_(ids))).all())
    return titles


_ACTS = {
    Verb.ENROLLED: "Enrolled",
    Verb.WITHDREW: "Left the course",
    Verb.VIEWED: "Opened {}",
    Verb.STARTED: "Began {}",
    Verb.ANSWERED: "Answered {}",
    Verb.SUBMITTED: "Submitted {}",
    Verb.GRADED: "Marks of {} were settled",
    Verb.COMPLETED: "Completed {}",
    Verb.EARNED: "Earned the certificate",
    Verb.REPLIED: "Wrote in the discussion of {}",
    Verb.UNCOMPLETED: "A correction of marks took back that the course was completed",
}


def _told(row: LearningEvent, titles: Mapping[UUID, str]) -> str:
    about = "the course" if row.object_kind == NodeKind.COURSE else f"“{titles.get(row.object_id, 'something that is gone')}”"
    fraction = row.value.get("fraction")
    share = f": {int(float(fraction) * 100)} %" if fraction is not None and row.verb in (Verb.SUBMITTED, Verb.GRADED) else ""
    return f"{_ACTS[Verb(row.verb)].format(about)}{share}"
