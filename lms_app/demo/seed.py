"""Plays the plan of the demo campus: people, courses and eight weeks of acts, by calling the use cases on a moved clock.

All of it is one transaction: there is a whole campus, or none. Nothing leaves while it is played; what is due afterwards (the files of
certificates) is found in the outbox by the sweep.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, Protocol, cast
from uuid import UUID

import asyncpg
from sqlmodel import Session, col, select, update

from lms_app.adapters import clock
from lms_app.demo import behaviour
from lms_app.demo.behaviour import Act, AnswerQuestion, CompletePage, Enrol, StartQuiz, SubmitQuiz, ViewPage, Withdraw
from lms_app.demo.course_files import SLUGS, editors_of, owner_of, read_course
from lms_app.demo.handed_in import HandedIn, Script, handed_in
from lms_app.demo.outlines import CourseOutline, outline_of, worked_out
from lms_app.demo.people import ADMIN, INSTRUCTORS, STUDENTS, DemoPerson
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import events
from lms_app.domain.assessments import answer_writes, attempts, closing, handing_in, marking, marking_script, rubrics
from lms_app.domain.assessments.marking import MarkGiven
from lms_app.domain.assessments.types.kind import question_seed
from lms_app.domain.assessments.views import AttemptSheet
from lms_app.domain.certificates import issuing
from lms_app.domain.courses import access, authoring, importing
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments import enrollments, learning
from lms_app.domain.enrollments.beats import LONGEST_BEAT
from lms_app.domain.notifications import inbox
from lms_app.domain.people import profile
from lms_app.domain.people.registration import create_person, find_person
from lms_app.interchange import neutral
from lms_app.models import Attempt, Enrollment, Membership, NotificationDelivery, OutboxMessage, Question
from lms_app.words import DeliveryState, NodeKind, Role, StaffRole, Verb

SEED = 1
MARKED_BEFORE = timedelta(days=12)
"""How long before the end the last of what was handed in was marked by hand: the rest waits for whoever looks around."""

LONGEST_STAY = 30 * 60
"""Seconds that somebody is at a page or quiz at most: who takes longer is elsewhere."""

FORGET_AFTER = 100
"""Acts after which the session lets go of the rows it has read: kept, they save reading them again; kept for long, they fill the memory."""


class Store(Protocol):
    """Puts bytes away, sealed under `key`, and gives the key to find them by."""

    def __call__(self, data: bytes, *, key: bytes) -> str: ...


def is_seeded(session: Session) -> bool:
    """Whether the demo campus is there."""
    return find_person(session, ADMIN.email) is not None


def seed(session: Session, *, until: datetime, password_hashes: dict[str, str], store: Store) -> None:
    """The whole campus, in the caller's transaction: its eight weeks end at `until`. Who is not in `password_hashes` cannot sign in."""
    sources = [read_course(slug) for slug in SLUGS]
    outlines = [outline_of(source) for source in sources]
    opening = until - timedelta(weeks=behaviour.WEEKS + 2)
    campus = _Campus(session, password_hashes, store)
    with clock.moved_to(opening):
        for person in (ADMIN, *INSTRUCTORS):
            campus.welcome(person)
        for source, outline in zip(sources, outlines, strict=True):
            campus.open_course(source, outline)
    campus.play(behaviour.plan(outlines, STUDENTS, SEED, until), until)


@dataclass
class _Course:
    """Where things of a demo course are in the database, by the names the plan has for them."""

    id: UUID
    owner: Actor
    handed_in: HandedIn
    pages: dict[str, UUID]
    quizzes: dict[str, UUID]
    places: dict[str, int]
    """Question → its place in its quiz, from 0."""
    bodies: dict[str, dict[str, Any]]
    """Question → its body."""
    scripts: dict[tuple[str, bool], Iterator[Script]]
    """What is handed in next to a question that is marked by hand, by whether it earns everything."""


@dataclass
class _Campus:
    """The campus as it grows."""

    session: Session
    password_hashes: dict[str, str]
    store: Store
    people: dict[str, Actor] = field(default_factory=dict)
    courses: dict[str, _Course] = field(default_factory=dict)
    sittings: dict[tuple[str, str], AttemptSheet] = field(default_factory=dict)

    def welcome(self, person: DemoPerson) -> Actor:
        """Makes somebody's account, once."""
        if person.email in self.people:
            return self.people[person.email]
        teaches, administers = person in INSTRUCTORS, person is ADMIN
        row = create_person(
            self.session,
            name=person.name,
            email=person.email,
            password_hash=self.password_hashes.get(person.email),
            time_zone=person.time_zone,
            can_teach=teaches,
            can_administer=administers,
        )
        may = {Role.STUDENT: True, Role.INSTRUCTOR: teaches, Role.ADMIN: administers}
        actor = self.people[person.email] = Actor(person_id=row.id, roles=frozenset(role for role, allowed in may.items() if allowed))
        profile.save(self.session, actor, name=person.name, bio=person.bio, time_zone=person.time_zone)
        return actor

    def open_course(self, source: neutral.Course, outline: CourseOutline) -> None:
        """Imports and publishes a course, and notes where its parts are."""
        owner, work = self.people[owner_of(source.slug)], handed_in(source.slug)
        course = importing.store_course(self.session, owner, source, store=self.store)
        for email in editors_of(source.slug):
            editor = self.people[email].person_id
            self.session.add(Membership(course_id=course.id, person_id=editor, role=StaffRole.EDITOR, created_at=clock.now()))
        authoring.publish_course(self.session, owner, course.id)
        titles = {question.ref: question.title for question in source.questions()}
        for rubric in work.rubrics:
            asked = select(Question.id).where(Question.course_id == course.id, Question.title == titles[rubric.question])
            rubrics.write(self.session, owner, self.session.exec(asked).one(), rubric.body(), 0)
        stored = published_outline(self.session, course.id)
        found = _Course(
            id=course.id,
            owner=owner,
            handed_in=work,
            pages={},
            quizzes={},
            places={},
            bodies={question.ref: question.body for question in source.questions()},
            scripts={(script.question, script.good): cycle(work.of(script.question, good=script.good)) for script in work.scripts},
        )
        for step, page in zip(outline.pages, stored.pages(), strict=True):
            found.pages[step.ref] = page.id
            for quiz, item in zip(step.quizzes, page.quizzes, strict=True):
                found.quizzes[quiz.ref] = item.id
                found.places |= {question.ref: question.place for question in quiz.questions}
        self.courses[source.slug] = found

    def play(self, acts: Sequence[Act], until: datetime) -> None:
        """Everything that happened, each act at its time."""
        students = {person.email: person for person in STUDENTS}
        unmarked = sum(act.at < until - MARKED_BEFORE for act in acts)
        with asyncio.Runner() as runner:
            for number, act in enumerate(acts, start=1):
                if number == unmarked + 1:
                    self._mark(until - MARKED_BEFORE)
                with clock.moved_to(act.at):
                    self._act(act, self.welcome(students[act.person]), self.courses[act.course], runner)
                self.session.flush()
                if number % FORGET_AFTER == 0:
                    self.session.expunge_all()
        with clock.moved_to(until):
            while waiting := closing.overdue(self.session):
                for attempt_id in waiting:
                    closing.close(self.session, attempt_id)
        # Mails of past weeks are not sent today, and the attempts that were to be closed are.
        gone = [inbox.DELIVER, inbox.DIGEST, attempts.CLOSE]
        self.session.execute(update(OutboxMessage).where(col(OutboxMessage.job).in_(gone)).values(done_at=until))
        self.session.execute(update(NotificationDelivery).values(state=DeliveryState.DROPPED, ended_at=until))

    def _act(self, act: Act, actor: Actor, course: _Course, runner: asyncio.Runner) -> None:
        session = self.session
        match act:
            case Enrol():
                enrollments.enroll(session, actor, act.course)
            case Withdraw():
                enrollments.withdraw(session, actor, act.course)
            case ViewPage():
                learning.open_page(session, actor, course.pages[act.page])
            case CompletePage(by_hand=True):
                learning.mark_complete(session, actor, course.pages[act.page])
                self._stay(actor, course, NodeKind.PAGE, course.pages[act.page], act.seconds)
                self._award(actor)
            case CompletePage():
                counted = min(act.seconds, LONGEST_BEAT)
                learning.heartbeat(session, actor, course.pages[act.page], seconds=counted, reached_end=True)
                self._stay(actor, course, NodeKind.PAGE, course.pages[act.page], act.seconds - counted)
                self._award(actor)
            case StartQuiz():
                self.sittings[act.person, act.quiz] = attempts.start(session, actor, course.quizzes[act.quiz])
            case AnswerQuestion():
                self._answer(act, actor, course, runner)
            case SubmitQuiz():
                sitting = session.get_one(Attempt, UUID(self.sittings.pop((act.person, act.quiz)).id))
                self._stay(actor, course, NodeKind.ASSESSMENT, sitting.assessment_id, int((clock.now() - sitting.started_at).total_seconds()))
                attempts.submit(session, actor, sitting.id)
                self._award(actor)

    def _stay(self, actor: Actor, course: _Course, kind: NodeKind, node: UUID, seconds: int) -> None:
        """The seconds that somebody was at something, in one event instead of many beats."""
        if seconds > 0:
            value = {"seconds": min(seconds, LONGEST_STAY)}
            events.record(self.session, access.own_enrollment(self.session, actor, course.id), Verb.PROGRESSED, kind, node, value=value)

    def _answer(self, act: AnswerQuestion, actor: Actor, course: _Course, runner: asyncio.Runner) -> None:
        sitting = self.sittings[act.person, act.quiz]
        question = sitting.questions[course.places[act.question]]
        attempt_id, question_id = UUID(sitting.id), UUID(question.id)
        response = self._response(act, actor, course, attempt_id, question_id)
        pool = cast("asyncpg.Pool", _SessionPool(self.session))
        saving = answer_writes.save(pool, actor, attempt_id, question_id, question.type, response, 1)
        # The moved clock belongs to the present context, which a runner does not take over by itself.
        runner.run(saving, context=copy_context())
        if act.check:
            attempts.check(self.session, actor, attempt_id, question_id)

    def _response(self, act: AnswerQuestion, actor: Actor, course: _Course, attempt_id: UUID, question_id: UUID) -> dict[str, Any]:
        """What is answered, where the plan could not say it before."""
        if "formula" in act.response:
            seed = question_seed(self.session.get_one(Attempt, attempt_id).seed, question_id)
            return worked_out(course.bodies[act.question], act.response["formula"], seed)
        if "good" not in act.response:
            return act.response
        script = next(course.scripts[act.question, act.response["good"]])
        if not script.file:
            return {"text": script.text}
        admitted = handing_in.admit(self.session, actor, attempt_id, question_id, script.file)
        drawing = script.drawing()
        kept = self.store(drawing, key=admitted.key)
        sent = handing_in.keep(self.session, actor, attempt_id, question_id, script.file, storage_key=kept, size=len(drawing))
        return {"files": [sent.id]}

    def _mark(self, at: datetime) -> None:
        """Each course's owner marks what was handed in so far."""
        with clock.moved_to(at):
            for course in self.courses.values():
                marks = {script.text or script.file: script for script in course.handed_in.scripts}
                for quiz in sorted({script.question.partition("/")[0] for script in course.handed_in.scripts}):
                    while (waiting := marking_script.next_script(self.session, course.owner, course.quizzes[quiz], [])) is not None:
                        script = marks[waiting.text or waiting.files[0].name]
                        given = MarkGiven(comment=script.comment, points=str(script.points))
                        if waiting.rubric is not None:
                            given = MarkGiven(comment=script.comment, levels=list(script.levels), rubric=waiting.rubric.version)
                        marking.mark(self.session, course.owner, UUID(waiting.claim), given)

    def _award(self, actor: Actor) -> None:
        """The certificate on the day it was earned: the job, which comes today, finds it and makes its file."""
        complete = select(Enrollment.id).where(Enrollment.person_id == actor.person_id, Enrollment.completed_at == clock.now())
        for enrollment_id in self.session.exec(complete).all():
            issuing.award(self.session, enrollment_id)


class _SessionPool:
    """Lets the answer path, which talks to asyncpg, write in the transaction of the campus."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def fetchval(self, statement: str, *values: Any) -> Any:
        """The first value of the first row."""
        row = self._run(statement, values).first()
        return row[0] if row else None

    async def fetchrow(self, statement: str, *values: Any) -> Any:
        """The first row, by column name."""
        return self._run(statement, values).mappings().first()

    def _run(self, statement: str, values: tuple[Any, ...]) -> Any:
        named = re.sub(r"\$(\d+)", r"%(v\1)s", statement.replace("%", "%%"))
        given = {f"v{number}": str(value) if isinstance(value, UUID) else value for number, value in enumerate(values, start=1)}
        return self._session.connection().exec_driver_sql(named, given)
