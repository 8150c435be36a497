"""A large course and what happened in it, from a seeded generator, loaded by COPY: learners, items, and events by the million."""

import io
import random
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.crypto import master_keys, seal
from lms_app.database import engine, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, authoring, importing
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.people.registration import create_person
from lms_app.ids import uuid7
from lms_app.interchange import neutral
from lms_app.models import Assessment, Enrollment, Person, PersonKey, Progress
from lms_app.words import CompletionRule, Role
from tests.support.campus import five_questions, quiz_block, text_block

DAYS = 90
"""How long ago the first of them began."""

MODULES = 10
ANSWERS = 5
CHUNK = 50_000
ZONE = "Europe/Berlin"

_EVENT_COLUMNS = "id, occurred_at, recorded_at, course_id, run_id, person_id, verb, object_kind, object_id, attempt_id, value, schema_version"
_ATTEMPT_COLUMNS = (
    "id, run_id, course_id, enrollment_id, person_id, assessment_id, assessment_revision_id, number, status, seed, layout, overrides, started_at, "
    "one_way, page, submitted_at, score, max_score, fraction, passed, pending, released_at"
)


@dataclass(frozen=True)
class Item:
    """A page or quiz; of a quiz, the revision that is out."""

    id: str
    kind: str
    revision: str = ""


@dataclass(frozen=True)
class Place:
    """A course with its run, its items in order, and its learners with their enrolments."""

    course_id: UUID
    run_id: UUID
    items: list[Item]
    learners: list[tuple[str, str]]


def furnish_people(learners: int, email: str = "bench") -> tuple[Actor, list[UUID]]:
    """An instructor with this address, and so many students."""
    with transaction() as session:
        teacher = create_person(session, name="Instructor", email=f"{email}@example.org", password_hash=None, can_teach=True)
        master_id, master = next(iter(master_keys().items()))
        keys, people = [], []
        for number in range(learners):
            person_id, key = uuid7(), secrets.token_bytes(32)
            wrapped = seal(master, f"person_keys.wrapped:{person_id}", key)
            keys.append({"person_id": person_id, "wrapped": wrapped, "master_key_id": master_id, "created_at": clock.now()})
            named = seal(key, f"people.name_sealed:{person_id}", f"Student {number:05}".encode())
            people.append(Person(id=person_id, created_at=clock.now(), name_sealed=named).model_dump())
        session.execute(insert(PersonKey), keys)
        session.execute(insert(Person), people)
    return Actor(person_id=teacher.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR})), [person["id"] for person in people]


def furnish_course(instructor: Actor, people: list[UUID], slug: str, *, items: int) -> Place:
    """A published course of this many pages and quizzes (one in ten), with everybody enrolled."""
    with transaction() as session:
        course = importing.store_course(session, instructor, _source(slug, items), store=_keep_nothing)
        authoring.publish_course(session, instructor, course.id)
        run = access.current_run(session, course.id)
        run.time_zone = ZONE
        session.add(run)
        quizzes = session.exec(select(Assessment).where(Assessment.course_id == course.id)).all()
        revisions = {row.id: str(row.published_revision_id) for row in quizzes}
        outline = published_outline(session, course.id).items()
        made = [Item(str(item.id), str(item.kind), revisions.get(item.id, "")) for item in outline if item.required]
        now = clock.now()
        enrollments = [
            Enrollment(id=uuid7(), run_id=run.id, course_id=course.id, person_id=person, enrolled_at=now - timedelta(days=DAYS)) for person in people
        ]
        session.execute(insert(Enrollment), [row.model_dump() for row in enrollments])
        progress = [Progress(enrollment_id=row.id, done=0, total=len(made), updated_at=now) for row in enrollments]
        session.execute(insert(Progress), [row.model_dump() for row in progress])
    return Place(course.id, run.id, made, [(str(row.person_id), str(row.id)) for row in enrollments])


def load(place: Place, events: int, *, seed: int) -> int:
    """Writes this many events, and the attempts that they tell of, by COPY. Gives how many attempts. Another seed is
    another time through the course."""
    history = History(place, events, seed, clock.now())
    _copy("learning_events", _EVENT_COLUMNS, history.events())
    _copy("attempts", _ATTEMPT_COLUMNS, history.attempts)
    with Session(engine()) as session, session.begin():
        connection: Any = session.connection().connection.cursor()
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("ANALYZE learning_events, attempts")
    return len(history.attempts)


class History:
    """What each learner did: a walk through the items as far as they came, with beats in between."""

    def __init__(self, place: Place, events: int, seed: int, until: datetime) -> None:
        self.place, self.total, self.seed, self.chance = place, events, seed, random.Random(seed)
        self.first = int((until - timedelta(days=DAYS)).timestamp())
        self.until = int(until.timestamp())
        self.day_names = {day: date.fromordinal(719163 + day).isoformat() for day in range(self.first // 86400, self.until // 86400 + 2)}
        self.attempts: list[str] = []

    def events(self) -> Iterator[str]:
        """Lines for COPY."""
        learners = self.place.learners
        each, more = divmod(self.total, len(learners))
        for number, (person, enrollment) in enumerate(learners):
            yield from self._walk(person, enrollment, each + (number < more))

    def _walk(self, person: str, enrollment: str, quota: int) -> Iterator[str]:
        chance, place = self.chance, self.place
        skill = chance.betavariate(5, 2)
        began = self.first + chance.randrange((DAYS - 20) * 86400)
        reach = min(len(place.items), 1 + int(chance.betavariate(2, 2.5) * len(place.items)))
        steps: list[tuple[str, str, str, str, str]] = [("enrolled", "course", str(place.course_id), "", "{}")]
        for item in place.items[:reach]:
            steps += self._quiz(item, enrollment, person, skill) if item.revision else [("viewed", "page", item.id, "", "{}")]
            if not item.revision and chance.random() < 0.92:
                steps.append(("completed", "page", item.id, "", "{}"))
            if len(steps) >= quota:
                break
        steps = steps[:quota]
        beats = quota - len(steps)
        # What is left of the quota are beats, spread over the pages that were opened.
        opened = [number for number, step in enumerate(steps) if step[0] == "viewed"] or [0]
        extra: dict[int, int] = {}
        for _ in range(beats):
            at = opened[chance.randrange(len(opened))]
            extra[at] = extra.get(at, 0) + 1
        span = max(1, min(self.until - began - 3600, 86400 * chance.randrange(5, DAYS)))
        pause, at = span // max(1, len(steps)), began
        for number, (verb, kind, node, attempt, value) in enumerate(steps):
            at += chance.randrange(1, 2 * pause + 2)
            yield self._line(min(at, self.until), person, verb, kind, node, attempt, value)
            page = node if kind != "course" else place.items[0].id
            for _ in range(extra.get(number, 0)):
                at += 30
                yield self._line(min(at, self.until), person, "progressed", "page", page, "", f'{{"seconds": {chance.randrange(5, 31)}}}')

    def _quiz(self, item: Item, enrollment: str, person: str, skill: float) -> list[tuple[str, str, str, str, str]]:
        chance, attempt = self.chance, self._uuid(self.until)
        right = [chance.random() < skill for _ in range(ANSWERS)]
        fraction = sum(right) / ANSWERS
        at = self._moment(self.until)
        place = self.place
        whose = (attempt, str(place.run_id), str(place.course_id), enrollment, person, item.id, item.revision, str(self.seed))
        made = (str(sum(right)), str(ANSWERS), f"{fraction:.6f}", "t" if fraction >= 0.5 else "f", "0", at)
        self.attempts.append("\t".join((*whose, "submitted", "1", "[]", "{}", at, "f", "1", at, *made)))
        steps = [("started", "assessment", item.id, attempt, "{}")]
        steps += [("answered", "question", self._uuid(self.until), attempt, f'{{"fraction": "{earned:d}"}}') for earned in right]
        steps.append(("submitted", "assessment", item.id, attempt, f'{{"fraction": "{fraction:.6f}", "number": 1}}'))
        if fraction >= 0.5:
            steps.append(("completed", "assessment", item.id, "", "{}"))
        return steps

    def _line(self, at: int, person: str, verb: str, kind: str, node: str, attempt: str, value: str) -> str:
        moment = self._moment(at)
        place = self.place
        return (
            f"{self._uuid(at)}\t{moment}\t{moment}\t{place.course_id}\t{place.run_id}\t{person}\t{verb}\t{kind}\t{node}\t{attempt or chr(92) + 'N'}"
            f"\t{value}\t1"
        )

    def _uuid(self, at: int) -> str:
        return f"{at * 1000 + self.chance.randrange(1000):012x}7{self.chance.getrandbits(12):03x}8{self.chance.getrandbits(60):015x}"

    def _moment(self, at: int) -> str:
        second = at % 86400
        return f"{self.day_names[at // 86400]} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}+00"


def _copy(table: str, columns: str, lines: Iterable[str]) -> None:
    connection = engine().raw_connection()
    try:
        cursor: Any = connection.cursor()
        cursor.execute("SET statement_timeout = 0")
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", _Stream(lines))
        connection.commit()
        cursor.execute("RESET statement_timeout")
        connection.commit()
    finally:
        connection.close()


class _Stream(io.RawIOBase):
    """Lines as a file that COPY reads, made as it reads."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._left = iter(lines), b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        while len(self._left) < size:
            more = "\n".join(line for _, line in zip(range(CHUNK // 50), self._lines, strict=False))
            if not more:
                break
            self._left += more.encode() + b"\n"
        given, self._left = self._left[:size], self._left[size:]
        return given


def _source(slug: str, items: int) -> neutral.Course:
    quizzes = items // 10
    pages = items - quizzes
    each = pages // MODULES
    assessments = tuple(
        neutral.Assessment(
            ref=f"quiz{number}",
            title=f"Quiz {number + 1}",
            practice=False,
            questions=five_questions(f"q{number}"),
            settings={"pass_mark": "0.5"},
        )
        for number in range(quizzes)
    )
    modules = []
    for module in range(MODULES):
        lessons = [
            neutral.Lesson(
                ref=f"l{module}-{number}",
                title=f"Lesson {module + 1}.{number + 1}",
                pages=(
                    neutral.Page(
                        ref=f"p{module}-{number}", title=f"Page {module + 1}.{number + 1}", blocks=(text_block("Words."),), rule=CompletionRule.READ
                    ),
                ),
            )
            for number in range(each)
        ]
        own = [number for number in range(quizzes) if number % MODULES == module]
        lessons += [
            neutral.Lesson(
                ref=f"g{number}",
                title=f"Quiz {number + 1}",
                graded=True,
                category="Quizzes",
                pages=(neutral.Page(ref=f"gp{number}", title=f"Quiz {number + 1}", blocks=(quiz_block(f"quiz{number}"),), rule=CompletionRule.NONE),),
            )
            for number in own
        ]
        modules.append(neutral.Module(ref=f"m{module}", title=f"Module {module + 1}", lessons=tuple(lessons)))
    return neutral.Course(title=f"A large course, {slug}", summary="", slug=slug, language="en", modules=tuple(modules), assessments=assessments)


def _keep_nothing(data: bytes, *, key: bytes) -> str:
    return f"{len(data)}-{len(key)}"
