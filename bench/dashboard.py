"""How long the dashboards take to read: on the demo campus, and on a course of 60 items with 1,000 students. The last line is JSON."""

import json
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert
from sqlmodel import Session, SQLModel, select

from bench.servers import own_servers
from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.demo import seed
from lms_app.demo.people import STUDENTS
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import learner, queries
from lms_app.domain.analytics.fold import fold
from lms_app.domain.courses import access, authoring, importing
from lms_app.domain.courses.outline import OutlineItem, published_outline
from lms_app.domain.people.registration import create_person, find_person
from lms_app.ids import uuid7
from lms_app.interchange import neutral
from lms_app.models import Completion, Course, Enrollment, LearningEvent, Membership, Progress
from lms_app.words import CompletionRule, NodeKind, Role, Verb

READINGS = 40
MANY_STUDENTS = 1_000
MANY_ITEMS = 60


def main() -> None:
    """Prints what it measures, then all of it as one line of JSON."""
    with own_servers():
        found: dict[str, Any] = {}
        with Session(engine(), expire_on_commit=False) as session, session.begin():
            seed.seed(session, until=clock.now(), password_hashes={}, store=_store)
        fold_all()
        with transaction() as session:
            owner, course_id = session.exec(select(Membership.person_id, Membership.course_id).join(Course).where(Course.slug == SEEDED)).one()
            person = find_person(session, STUDENTS[0].email)
            assert person is not None
        found["demo course_figures"] = reading(queries.course_figures, Actor(person_id=owner, roles=frozenset(Role)), course_id)
        found["demo learner_home"] = reading(learner.learner_home, Actor(person_id=person.id, roles=frozenset({Role.STUDENT})))

        instructor, course_id, student = large_course()
        began = time.perf_counter()
        events = fold_all()
        found["fold events per second"] = round(events / (time.perf_counter() - began))
        found["large course_figures"] = reading(queries.course_figures, instructor, course_id)
        found["large learner_home"] = reading(learner.learner_home, student)
    for name, figures in found.items():
        print(f"{name:24} {figures}")
    print(json.dumps(found))


SEEDED = "seeing-with-statistics"


def reading(read: Callable[..., object], *arguments: object) -> dict[str, float]:
    """Milliseconds of reading it (p50, p95), and its statements."""
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(engine(), "before_cursor_execute", count)
    took = []
    for _ in range(READINGS):
        began = time.perf_counter()
        with transaction() as session:
            read(session, *arguments)
        took.append((time.perf_counter() - began) * 1000)
    event.remove(engine(), "before_cursor_execute", count)
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(sorted(took)[int(READINGS * 0.95) - 1], 1),
        "statements": statements // READINGS,
    }


def fold_all() -> int:
    """Folds everything; gives the number of events there are."""
    more = True
    while more:
        with transaction() as session:
            more = fold(session)
    with transaction() as session:
        return len(session.exec(select(LearningEvent.id)).all())


def large_course() -> tuple[Actor, UUID, Actor]:
    """A course of many items, taken by many students who each completed about half. Gives its instructor, its id and one of the students."""
    with transaction() as session:
        teacher = create_person(session, name="Instructor", email="bench@example.org", password_hash=None, can_teach=True)
        learners = [
            create_person(session, name=f"S {number}", email=f"s{number}@example.org", password_hash=None).id for number in range(MANY_STUDENTS)
        ]
        instructor = Actor(person_id=teacher.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR}))
        course = importing.store_course(session, instructor, _source(), store=_store)
        authoring.publish_course(session, instructor, course.id)
        run_id = access.current_run(session, course.id).id
        items = [item for item in published_outline(session, course.id).items() if item.required]
    # Made outside a transaction: one that is idle for a minute is ended, and on a busy machine this takes longer.
    rows = _eight_weeks(course.id, run_id, learners, items)
    with transaction() as session:
        for table, entries in rows.items():
            session.execute(insert(table), entries)
    return instructor, course.id, Actor(person_id=learners[MANY_ITEMS // 2], roles=frozenset({Role.STUDENT}))


def _eight_weeks(course_id: UUID, run_id: UUID, learners: list[UUID], items: list[OutlineItem]) -> dict[type[SQLModel], list[dict[str, Any]]]:
    """What the students did, as rows of each table: the first completed nothing, each next one item more, and round again."""
    now = clock.now()
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {Enrollment: [], Completion: [], Progress: [], LearningEvent: []}

    def happens(person: UUID, verb: Verb, kind: NodeKind, node: UUID, at: datetime) -> None:
        event = LearningEvent(
            id=uuid7(int(at.timestamp() * 1000)),
            occurred_at=at,
            recorded_at=at,
            course_id=course_id,
            run_id=run_id,
            person_id=person,
            verb=verb,
            object_kind=kind,
            object_id=node,
        )
        rows[LearningEvent].append(event.model_dump(exclude={"xid"}))

    for number, person in enumerate(learners):
        began = now - timedelta(days=60)
        enrollment = Enrollment(id=uuid7(), run_id=run_id, course_id=course_id, person_id=person, enrolled_at=began)
        rows[Enrollment].append(enrollment.model_dump())
        happens(person, Verb.ENROLLED, NodeKind.COURSE, course_id, began)
        done = items[: number % len(items)]
        rows[Progress].append(Progress(enrollment_id=enrollment.id, done=len(done), total=len(items), updated_at=now).model_dump())
        for place, item in enumerate(done):
            at = now - timedelta(days=59 - place * 59 // len(items))
            happens(person, Verb.COMPLETED, item.kind, item.id, at)
            completion = Completion(
                id=uuid7(),
                enrollment_id=enrollment.id,
                node_kind=item.kind,
                node_id=item.id,
                rule=item.rule,
                rule_version=item.rule_version,
                completed_at=at,
            )
            rows[Completion].append(completion.model_dump())
    return rows


def _source() -> neutral.Course:
    text = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Words."}]}]}
    block = {"id": "block0000001", "type": "rich_text", "content": text}
    modules = tuple(
        neutral.Module(
            ref=f"m{module}",
            title=f"Module {module}",
            lessons=tuple(
                neutral.Lesson(
                    ref=f"l{module}-{page}",
                    title=f"Lesson {page}",
                    pages=(neutral.Page(ref=f"p{module}-{page}", title=f"Page {module}.{page}", blocks=(block,), rule=CompletionRule.READ),),
                )
                for page in range(MANY_ITEMS // 6)
            ),
        )
        for module in range(6)
    )
    return neutral.Course(title="A large course", summary="", slug="a-large-course", language="en", modules=modules)


def _store(data: bytes, *, key: bytes) -> str:
    return f"{len(data)}-{len(key)}"


if __name__ == "__main__":
    main()
