"""A course with one of everything in it, marked so that it is recognised wherever it turns up; and everything that the database says about it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import comment_bank, overrides, question_bank, quiz_sections, regrading
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.courses import access, authoring, objectives
from lms_app.domain.enrollments import address_invitations, groups, invitation_links, prerequisites, runs, seats
from lms_app.domain.gradebook import setup
from lms_app.domain.reports import schedules
from lms_app.domain.talk import announcements, discussion
from lms_app.models import (
    AddressInvitation,
    AttemptFile,
    CourseFinding,
    ExportJob,
    ImportJob,
    Mark,
    MarkingClaim,
    Membership,
    Module,
    Person,
    Report,
    SectionPool,
    StoredFile,
)
from lms_app.words import QuestionType, ReportFormat, ReportKind, ReportRhythm, StaffRole
from tests.support.campus import neutral_course, new_actor, new_campus
from tests.support.people import SignedIn
from tests.support.questions import true_false_body
from tests.support.regrades import corrected, question_of, sit

MARK = "Zanzibar"
"""Stands in every title, text and name of a marked course."""

Ids = dict[str, str]
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def course_of_all(slug: str, staff: SignedIn | None = None, role: StaffRole = StaffRole.OWNER, *, mark: bool = False) -> Ids:
    """A course with one of everything, and ids of it by the names of the handlers' arguments."""
    with transaction() as session:
        source = neutral_course(slug, time_limit=600)
        campus = new_campus(session, _marked(source) if mark else source)
        teacher, learner = campus.instructor, campus.student
        prefix = f"{MARK} " if mark else ""
        session.get_one(Person, learner.person_id).name = f"{prefix}Learner"
        if staff is not None:
            session.add(Membership(course_id=campus.course.id, person_id=staff.actor.person_id, role=role, created_at=clock.now()))
        return _furnished(session, campus, teacher, learner, prefix)


def _furnished(session: Session, campus: Any, teacher: Actor, learner: Actor, prefix: str) -> Ids:
    course_id, enrollment = campus.course.id, campus.enroll()
    title = f"{prefix}Final quiz"
    quiz, question = campus.quiz(title), question_of(campus, QuestionType.TRUE_FALSE, title)
    attempt_id = sit(campus, learner, title=title)
    group_id = groups.add_group(session, teacher, course_id, f"{prefix}evening")
    groups.add_member(session, teacher, course_id, group_id, enrollment.id)
    category = question_bank.add_category(session, teacher, course_id, f"{prefix}category")
    question_bank.put_in_category(session, teacher, question.id, category)
    quiz_sections.add_pool(session, teacher, quiz.id, 0, category_id=category, tags="", count="1", points="1")
    exception = overrides.set_override(session, teacher, quiz.id, Override(attempts_allowed=2), enrollment_id=enrollment.id)
    corrected(campus, question, true_false_body(False))
    job = ImportJob(person_id=teacher.person_id, file_id=uuid4(), filename=f"{prefix}course.tar.gz", course_id=course_id, created_at=clock.now())
    file = StoredFile(
        key_owner=learner.person_id, person_id=learner.person_id, course_id=course_id, purpose="course", filename=f"{prefix}plan.pdf",
        media_type="application/pdf", size=1, storage_key="nowhere", created_at=clock.now(),
    )  # fmt: skip
    about = {"attempt_id": attempt_id, "question_id": question.id}
    claim = MarkingClaim(**about, marker_id=teacher.person_id, until=clock.now() + timedelta(minutes=5))
    made = Mark(
        **about, assessment_id=quiz.id, person_id=learner.person_id, marker_id=teacher.person_id, number=1, fraction=0, score=0, filled=[],
        at=clock.now(),
    )  # fmt: skip
    export = ExportJob(person_id=teacher.person_id, course_id=course_id, format="lyceum", status="done", file_id=file.id, created_at=clock.now())
    session.add_all([job, file, claim, made, export])
    session.flush()
    session.add(AttemptFile(**about, file_id=file.id))
    session.flush()
    empty = authoring.add_page(session, teacher, campus.page(f"{prefix}Sand").lesson_id, f"{prefix}Empty")
    present = access.current_run(session, course_id)
    report = Report(
        course_id=course_id, run_id=present.id, person_id=teacher.person_id, kind=ReportKind.STUDENTS, format=ReportFormat.CSV, group_id=group_id,
        status="done", file_id=file.id, refusal=f"{prefix}report", created_at=clock.now(),
    )  # fmt: skip
    session.add(report)
    wish = schedules.Wish(
        kind=ReportKind.STUDENTS, format=ReportFormat.CSV, rhythm=ReportRhythm.WEEKLY, group_id=group_id, recipients=[teacher.person_id]
    )  # fmt: skip
    runs.create_run(session, teacher, course_id, title=f"{prefix}run")
    address_invitations.invite(session, teacher, present, [address_invitations.Invitee(email=f"{uuid4().hex}@example.org", name=f"{prefix}Invited")])
    required = new_campus(session, neutral_course(f"before-{campus.slug}")).course
    prerequisites.require(session, teacher, course_id, required.id)
    module = session.exec(select(Module.id).where(Module.course_id == course_id)).first()
    ids = {
        "course_id": course_id,
        "slug": campus.slug,
        "page_id": campus.page(f"{prefix}Sand").id,
        "revision_id": campus.page(f"{prefix}Sand").draft_revision_id,
        "assessment_id": quiz.id,
        "quiz": quiz.id,
        "question_id": question.id,
        "module_id": module,
        "node_id": module,
        "parent_id": course_id,
        "enrollment_id": enrollment.id,
        "subject": enrollment.id,
        "group_id": group_id,
        "override_id": exception,
        "category": category,
        "category_id": setup.add_category(session, teacher, course_id, f"{prefix}weight"),
        "column_id": setup.add_column(session, teacher, course_id, f"{prefix}column"),
        "pool_id": session.exec(select(SectionPool.id).where(SectionPool.category_id == category)).first(),
        "regrade_id": regrading.apply(session, teacher, question.id).id,
        "import_id": job.id,
        "export_id": export.id,
        "report_id": report.id,
        "schedule_id": schedules.create(session, teacher, course_id, wish),
        "quiz_id": quiz.id,
        "attempt_id": attempt_id,
        "exception_id": exception,
        "file_id": file.id,
        "claim_id": claim.id,
        "mark_id": made.id,
        "finding_id": session.exec(select(CourseFinding.id).where(CourseFinding.node_id == empty.id)).one(),
        "objective_id": objectives.add(session, teacher, course_id, f"{prefix}objective"),
        "person_id": teacher.person_id,
        "run_id": present.id,
        "entry_id": seats.queue(session, present, new_actor(session, f"{prefix}Waiter").person_id).id,
        "link_id": invitation_links.make(session, teacher, course_id, label=f"{prefix}link").id,
        "invitation_id": session.exec(select(AddressInvitation.id).where(AddressInvitation.run_id == present.id)).one(),
        "required_id": required.id,
        "comment_id": comment_bank.keep(session, teacher, course_id, f"{prefix}comment").id,
    }
    thread_id = discussion.ask(session, learner, campus.page(f"{prefix}Sand").id, f"{prefix}why", f"{prefix}because")
    ids |= {
        "thread_id": thread_id,
        "post_id": discussion.reply(session, teacher, thread_id, f"{prefix}therefore"),
        "announcement_id": announcements.write(session, teacher, course_id, f"{prefix}hear", f"{prefix}this"),
    }
    words = {"kind": "module", "due_at": "", "stem": "Is it?", "answer": "true"}
    return {name: str(value) for name, value in ids.items()} | {"id": str(ids["column_id"]), **words}


def _marked(value: Any, key: str = "") -> Any:
    """A neutral course with the mark in every title and text."""
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _marked(getattr(value, field.name), field.name) for field in fields(value)})
    if isinstance(value, dict):
        return {name: _marked(inside, name) for name, inside in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_marked(inside) for inside in value)
    return f"{MARK} {value}" if key in ("title", "summary", "text") and isinstance(value, str) else value


def _rows() -> Iterator[tuple[str, str]]:
    """Every row of the database as text, but for what only says who was seen when and what is still to be sent."""
    with transaction() as session:
        tables = session.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).scalars().all()
        for table in tables:
            if table not in ("logins", "outbox"):
                yield from ((table, row) for row in session.execute(text(f'SELECT t::text FROM "{table}" t')).scalars())


def ids_there_are() -> set[str]:
    return {found for _, row in _rows() for found in _ID.findall(row)}


def rows_about(ids: set[str]) -> Counter[tuple[str, str]]:
    return Counter((table, row) for table, row in _rows() if not ids.isdisjoint(_ID.findall(row)))
