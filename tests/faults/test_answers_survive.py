"""What was acknowledged is graded, whichever process is killed while attempts are under way."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psutil
import pytest
from sqlalchemy import update
from sqlmodel import col, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.assessments import answers, attempts, grading, settling
from lms_app.domain.assessments.grading_rules import grade_attempt
from lms_app.domain.enrollments import enrollments
from lms_app.interchange import neutral
from lms_app.launcher.places import PROJECT
from lms_app.models import Attempt
from lms_app.words import AttemptStatus, CompletionRule, QuestionType, Role
from tests.support.campus import RIGHT, WRONG, five_questions, new_campus, quiz_block
from tests.support.people import SignedIn, sign_in
from tests.support.servers import TestServers, forget_connections, reachable_folder
from tests.support.web import WebServer, web_server

pytestmark = pytest.mark.timeout(600)

STUDENTS = 5
PATIENCE = 240
"""Seconds in which everything must be over, on a busy machine too."""


@dataclass
class Installation:
    """A running installation of its own: what can be killed, and what brings it back."""

    servers: TestServers
    web: WebServer
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *queues: str) -> None:
        """One of our long-lived processes: `worker` or `scheduler`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "lms_app", name, *queues]
            self.processes[name] = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def kill(self, name: str) -> None:
        """Ends one, with what it has started, as a power cut would."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait(10)

    def end(self) -> None:
        """Ends what `start` started."""
        for name in list(self.processes):
            self.kill(name)


@pytest.fixture(scope="module")
def installation(database: str) -> Iterator[Installation]:
    """Servers that keep what they confirm, a web server that starts its worker again, a worker of the jobs, the scheduler."""
    with ExitStack() as ending:
        folder = ending.enter_context(reachable_folder("lyceum-faults-"))
        servers = TestServers(folder, durable=True)
        ending.callback(servers.stop)
        servers.start()
        environment = {
            "DATABASE_URL": servers.clone("faults"),
            "REDIS_URL": servers.valkey.url,
            "VAR_DIR": str(folder / "var"),
            "REFLEX_WEB_WORKDIR": str(folder / "no-build"),
        }
        kept = {name: os.environ.get(name) for name in environment}
        ending.callback(_put_back, kept)
        os.environ |= environment
        forget_connections()
        running = Installation(servers, ending.enter_context(web_server("lms_app.lms_app:app", folder, **environment)), folder)
        ending.callback(running.end)
        running.start("worker", "default", "analytics")
        running.start("scheduler")
        yield running


def _put_back(kept: dict[str, str | None]) -> None:
    for name, value in kept.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    forget_connections()


def test_every_acknowledged_answer_is_graded_when_web_is_killed(installation: Installation) -> None:
    def kill() -> None:
        workers = psutil.Process(installation.web.process.pid).children(recursive=True)
        assert workers
        for worker in workers:
            worker.kill()

    handed_in = asyncio.run(_sit_through(installation, kill))
    assert [found(sitting) for sitting in handed_in] == [as_acknowledged(sitting, AttemptStatus.SUBMITTED) for sitting in handed_in]


def test_every_acknowledged_answer_is_graded_when_valkey_is_killed(installation: Installation) -> None:
    def kill() -> None:
        _kill(installation.servers.valkey.pid)
        installation.servers.valkey.start()

    handed_in = asyncio.run(_sit_through(installation, kill))
    assert [found(sitting) for sitting in handed_in] == [as_acknowledged(sitting, AttemptStatus.SUBMITTED) for sitting in handed_in]


def test_every_acknowledged_answer_is_graded_when_postgres_is_killed(installation: Installation) -> None:
    def kill() -> None:
        _kill(installation.servers.postgres.pid)
        installation.servers.postgres.start()

    handed_in = asyncio.run(_sit_through(installation, kill))
    assert [found(sitting) for sitting in handed_in] == [as_acknowledged(sitting, AttemptStatus.SUBMITTED) for sitting in handed_in]


def test_every_acknowledged_answer_is_graded_when_the_worker_that_closes_the_attempts_is_killed(installation: Installation) -> None:
    def kill() -> None:
        installation.kill("worker")
        installation.start("worker", "default", "analytics")

    closed = asyncio.run(_sit_through(installation, kill, by_hand=False))
    assert [found(sitting) for sitting in closed] == [as_acknowledged(sitting, AttemptStatus.EXPIRED) for sitting in closed]


def _kill(pid: int | None) -> None:
    assert pid
    process = psutil.Process(pid)
    process.kill()
    process.wait(10)


@dataclass
class Sitting:
    """One student's attempt as the browser has it. `told` is what was acknowledged, by question: its number and the response."""

    who: SignedIn
    attempt_id: UUID
    questions: list[tuple[UUID, QuestionType]]
    told: dict[UUID, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    repeated: int = 0


@dataclass
class Hall:
    """Everybody who sits the exam, and how many answers were acknowledged so far."""

    sittings: list[Sitting]
    acknowledged: int = 0
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def count(self) -> None:
        """One more."""
        async with self.moved:
            self.acknowledged += 1
            self.moved.notify_all()

    async def until(self, share: float) -> None:
        """Until this share of all answers is acknowledged."""
        wanted = share * sum(len(sitting.questions) for sitting in self.sittings) * 2
        async with self.moved:
            await self.moved.wait_for(lambda: self.acknowledged >= wanted)


async def _sit_through(installation: Installation, kill: Callable[[], None], *, by_hand: bool = True) -> list[Sitting]:
    """Students answer all at once; a third through, something is killed. Then they submit, or their time runs out. Gives what each was told."""
    hall = Hall(_begin())
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as everybody:
        for sitting in hall.sittings:
            everybody.create_task(_sit(installation.web, hall, sitting, submits=by_hand))
        await hall.until(1 / 3)
        kill()
    forget_connections()
    if not by_hand:
        await _time_runs_out(hall, kill)
    return hall.sittings


def _begin() -> list[Sitting]:
    """A new course, its quiz begun by every student."""
    asked = tuple(question for part in "abcd" for question in five_questions(part))
    exam = neutral.Assessment(ref="exam", title="The exam", practice=False, questions=asked, settings={"pass_mark": "0.6", "time_limit": 3600})
    page = neutral.Page(ref="p1", title="The exam", blocks=(quiz_block("exam"),), rule=CompletionRule.NONE)
    module = neutral.Module(ref="m1", title="Ground", lessons=(neutral.Lesson(ref="l1", title="The exam", pages=(page,)),))
    source = neutral.Course(title="Faults", summary="One exam", slug="faults", language="en", modules=(module,), assessments=(exam,))
    people = [sign_in(Role.STUDENT) for _ in range(STUDENTS)]
    sittings: list[Sitting] = []
    with transaction() as session:
        campus = new_campus(session, source)
        exam_id = campus.quiz("The exam").id
        for who in people:
            enrollments.enroll(session, who.actor, campus.slug)
            sheet = attempts.start(session, who.actor, exam_id)
            sittings.append(Sitting(who, UUID(sheet.id), [(UUID(question.id), QuestionType(question.type)) for question in sheet.questions]))
    return sittings


async def _sit(web: WebServer, hall: Hall, sitting: Sitting, *, submits: bool) -> None:
    """Answers each question, thinks better of it once, and submits: as the page does, the same request until it is answered."""
    place = hall.sittings.index(sitting)
    headers = {"Origin": web.url, "X-Lyceum": "1", "Cookie": sitting.who.cookie}
    async with httpx.AsyncClient(base_url=web.url, headers=headers, timeout=10) as browser:
        sequence = 0
        for number, (question, type_) in enumerate(sitting.questions):
            for response in (WRONG[type_], RIGHT[type_]) if (number + place) % 3 else (RIGHT[type_], WRONG[type_]):
                sequence += 1
                body = {"type": type_.value, "response": response, "sequence": sequence}
                path = f"/v/attempts/{sitting.attempt_id}/answers/{question}"
                said = await _until_answered(sitting, lambda path=path, body=body: browser.put(path, json=body))
                assert said["sequence"] == sequence
                sitting.told[question] = (sequence, response)
                await hall.count()
        if submits:
            await _until_answered(sitting, lambda: browser.post(f"/v/attempts/{sitting.attempt_id}/submission"))


async def _until_answered(sitting: Sitting, ask: Callable[[], Awaitable[httpx.Response]]) -> dict[str, Any]:
    """What the server says once it can; of a submission that has only arrived, the result. A refusal fails the test: nothing that is asked
    here may be refused."""
    while True:
        try:
            reply = await ask()
        except httpx.TransportError:
            pass
        else:
            if reply.status_code < 500 and reply.status_code != 202:
                assert reply.status_code == 200, reply.text
                return reply.json()
        sitting.repeated += 1
        await asyncio.sleep(0.1)


async def _time_runs_out(hall: Hall, kill: Callable[[], None]) -> None:
    """The deadline of every attempt has come, and who is to close them is killed once more; waits until they are closed all the same."""
    ids = [sitting.attempt_id for sitting in hall.sittings]
    over = clock.now() - timedelta(seconds=30)
    with transaction() as session:
        session.execute(update(Attempt).where(col(Attempt.id).in_(ids)).values(deadline_at=over, submit_by=over))
    kill()
    async with asyncio.timeout(PATIENCE):
        while True:
            with transaction() as session:
                if not session.exec(select(Attempt.id).where(col(Attempt.id).in_(ids), Attempt.status == AttemptStatus.OPEN)).first():
                    return
            await asyncio.sleep(0.1)


@dataclass
class Outcome:
    """What became of an attempt."""

    status: AttemptStatus
    answers: dict[UUID, tuple[int, dict[str, Any]]]
    score: Decimal | None
    fraction: Decimal | None
    passed: bool | None


def found(sitting: Sitting) -> Outcome:
    """What is stored."""
    with transaction() as session:
        attempt = session.get_one(Attempt, sitting.attempt_id)
        kept = {question: (given.sequence, given.response) for question, given in answers.given(session, attempt).items()}
        return Outcome(AttemptStatus(attempt.status), kept, attempt.score, attempt.fraction, attempt.passed)


def as_acknowledged(sitting: Sitting, status: AttemptStatus) -> Outcome:
    """Exactly what was acknowledged, an answer to each question, and what a grading of exactly that makes: neither nothing nor everything."""
    assert sitting.told.keys() == {question for question, _ in sitting.questions}
    with transaction() as session:
        attempt = session.get_one(Attempt, sitting.attempt_id)
        settings = settling.settings_of(session, attempt)
        pinned = grading.pinned_questions(attempt, grading.revisions_of(session, attempt))
    graded = grade_attempt(pinned, {question: response for question, (_, response) in sitting.told.items()}, pass_mark=settings.pass_mark)
    assert 0 < graded.total.score < graded.total.max_score
    return Outcome(status, sitting.told, graded.total.score, graded.total.fraction, graded.passed)
