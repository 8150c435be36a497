"""An exam of many students at once, against everything that `make run` runs. The last line is JSON.

In one minute the students open the quiz page and keep it open; they start within ten seconds, answer twenty questions at about one every five
seconds each, and submit within ten seconds of each other. Then a ramp of answers in further attempts, until they are too slow. Last, every
answer that was acknowledged is looked for in the graded attempts.

EXAM_USERS scales it down (1000). EXAM_PACE makes it quicker for a trial (1): 10 is ten times as quick.
"""

import asyncio
import json
import os
import platform
import random
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from uuid import UUID

import uvloop
from sqlmodel import Session

from bench.exam_campus import QUESTIONS, Minted, count_lost, furnish, response_to
from bench.exam_student import Log, Student
from bench.processor_time import memory_below, spent_below
from lms_app.database import engine
from lms_app.launcher.installation import attached
from lms_app.launcher.places import pages_folder
from lms_app.launcher.ports import free_port
from tests.support.running import RunningLyceum
from tests.support.servers import forget_connections, reachable_folder

USERS = int(os.environ.get("EXAM_USERS", "1000"))
PACE = float(os.environ.get("EXAM_PACE", "1"))

OPENING = 60 / PACE
STARTING = 10 / PACE
BETWEEN_ANSWERS = 5 / PACE
SUBMITTING = 10 / PACE
SETTLING = 5 / PACE
"""Seconds after a phase in which what it left to the workers is done and counted."""

RAMP_FIRST, RAMP_STEP, RAMP_SECONDS = 100, 25, 10 / PACE
"""Answers a second in the first step of the ramp, by how many each step is quicker, and how long it lasts."""
RAMP_P95_MS = 250
RAMP_TRIES = 2
"""How often a step may be tried: something else on the machine may have been in its way."""


def main() -> None:
    """Prints the machine, what was measured on the way, and all of it as one line of JSON."""
    with reachable_folder("lyceum-exam-") as folder:
        print(f"machine: {_machine()}", flush=True)
        running = RunningLyceum(folder, PORT=str(free_port()), DEMO="0", PAGES_DIR=str(pages_folder()))
        running.start()
        try:
            running.wait_until_ready()
            os.environ["VAR_DIR"] = str(folder)
            with attached():
                forget_connections()
                exam_id, minted = furnish(USERS)
                load = os.getloadavg()
                print(f"load average before: {load[0]:.2f} {load[1]:.2f} {load[2]:.2f}", flush=True)
                assert running.process is not None
                exam = Exam(running.url, running.process.pid, exam_id, minted)
                uvloop.run(exam.sit())
                with Session(engine()) as session:
                    lost = count_lost(session, exam.log.told)
        finally:
            running.end()
    print(f"answers compared: {len(exam.log.told)}; errors, those of the ramp too: {dict(exam.log.errors)}")
    names = ("answer_p95_ms", "start_p95_ms", "submit_p95_ms", "result_p95_ms", "answers_per_s_max")
    names += ("cpu_ms_per_answer", "cpu_ms_per_start", "cpu_ms_per_submit")
    found = {"users": USERS, "errors": exam.figures["errors"], "lost": lost} | {name: exam.figures[name] for name in names}
    print(f"load average before {load[0]:.2f}; machine {_machine()}")
    print(json.dumps(found))


class Exam:
    """One sitting of everybody, step by step."""

    def __init__(self, url: str, launcher: int, exam_id: UUID, minted: list[Minted]) -> None:
        self._url, self._launcher, self._exam_id, self._minted = url, launcher, exam_id, minted
        self._chance = random.Random(1)
        self._cpu: dict[str, float] = {}
        self.log = Log()
        self.figures: dict[str, float] = {}

    async def sit(self) -> None:
        """Everything from the first page to the last result."""
        students = self._students = [Student(self._url, minted, self._exam_id, self.log) for minted in self._minted]
        await self._phase("open", USERS, lambda: self._each_within(OPENING, lambda student, due: student.open(due)))
        print(f"memory in MB: { {name: round(size) for name, size in memory_below(self._launcher).items() if size > 20} }", flush=True)
        await self._phase("start", USERS, lambda: self._each_within(STARTING, lambda student, due: student.start(due)))
        await self._phase("answer", USERS * QUESTIONS, lambda: self._each_within(BETWEEN_ANSWERS, self._answer_all))
        await self._phase("submit", USERS, lambda: self._each_within(SUBMITTING, lambda student, due: student.submit(due)))
        for step in ("answer", "start", "submit"):
            self.figures[f"{step}_p95_ms"] = self.log.ms(step, 95)
        self.figures["result_p95_ms"] = self.log.ms("submit result", 95)
        self.figures["errors"] = sum(self.log.errors.values())
        self.figures["answers_per_s_max"] = await self._ramp()
        self.figures |= {f"cpu_ms_per_{step}": self._cpu[step] for step in ("answer", "start", "submit")}
        for student in students:
            student.close()

    async def _phase(self, name: str, count: int, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs a phase of `count` acts and tells what each took: time until it was done, processor time by what used it."""
        before, own, began = spent_below(self._launcher), time.process_time(), time.perf_counter()
        await act()
        await asyncio.sleep(SETTLING)
        after, took = spent_below(self._launcher), time.perf_counter() - began
        spent = {purpose: round((after[purpose] - before.get(purpose, 0)) / count, 2) for purpose in sorted(after)}
        self._cpu[name] = round((sum(after.values()) - sum(before.values())) / count, 2)
        own = round((time.process_time() - own) * 1000 / count, 2)
        print(
            f"{name}: {count} in {took:.1f} s, p50 {self.log.ms(name, 50)} ms, p95 {self.log.ms(name, 95)} ms, "
            f"cpu ms each {self._cpu[name]} {spent}, generator {own}",
            flush=True,
        )

    async def _each_within(self, seconds: float, act: Callable[[Student, float], Coroutine[Any, Any, None]]) -> None:
        """Everybody does it once, at a moment of their own in so many seconds."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        moments = sorted((began + self._chance.random() * seconds, number) for number in range(len(self._students)))
        async with asyncio.TaskGroup() as group:
            for due, number in moments:
                await asyncio.sleep(max(0.0, due - loop.time()))
                group.create_task(act(self._students[number], due))

    async def _answer_all(self, student: Student, due: float) -> None:
        for number, question in enumerate(student.questions):
            moment = due + BETWEEN_ANSWERS * (number + (self._chance.random() - 0.5) * 0.4)
            await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))
            await student.answer(question, response_to(question, self._chance), moment)

    async def _ramp(self) -> float:
        """The most answers a second that were acknowledged without an error, 95 of 100 within RAMP_P95_MS, in attempts that are begun for it and
        submitted after it."""
        before = sum(self.log.errors.values())
        await self._each_within(2 * STARTING, lambda student, due: student.start(due, "ramp start"))
        best, rate, tries = 0.0, RAMP_FIRST, 0
        while tries < RAMP_TRIES:
            step = f"ramp {rate} {tries}"
            achieved = await self._answers_at(rate, step)
            errors = sum(self.log.errors.values()) - before
            print(f"ramp: {rate} asked, {achieved:.0f} answered a second, p95 {self.log.ms(step, 95)} ms, {errors} errors", flush=True)
            if errors == 0 and self.log.ms(step, 95) <= RAMP_P95_MS:
                best, rate, tries = round(achieved, 1), rate + RAMP_STEP, 0
            else:
                tries += 1
                before += errors
                await asyncio.sleep(SETTLING)
        await self._each_within(2 * SUBMITTING, lambda student, due: student.submit(due, "ramp submit"))
        return best

    async def _answers_at(self, rate: int, step: str) -> float:
        """Asks for so many answers a second whether or not those before were acknowledged; gives how many a second were."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        students = [student for student in self._students if student.questions]
        async with asyncio.TaskGroup() as group:
            for number in range(int(rate * RAMP_SECONDS)):
                due = began + number / rate
                if due > loop.time():
                    await asyncio.sleep(due - loop.time())
                student = students[number % len(students)]
                question = student.questions[number // len(students) % len(student.questions)]
                group.create_task(student.answer(question, response_to(question, self._chance), due, step))
        return len(self.log.seconds[step]) / (loop.time() - began)


def _machine() -> str:
    facts = Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.partition(":")[2].strip() for line in facts if line.startswith("model name")), platform.processor())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {name}, {memory:.0f} GB, {platform.system()} {platform.release()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
