"""One student at a browser: opens the quiz page, starts, answers, submits. What went wrong and how long each step took is noted in a shared log."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import orjson

from bench.exam_campus import Acknowledged, Minted
from bench.wire import PATIENCE, Broken, EventSocket, HttpConnection

ROOT = "reflex___state____state"
QUIZ = f"{ROOT}.lms_app___web___student___quiz_state____quiz_state"
NOTICES = ("problem_state", "toast_state")
PAUSES = (2.0, 5.0, 10.0)
"""Seconds until the island asks for a result again, the last over and over (`quiz_answers.jsx`)."""


@dataclass
class Log:
    """What the whole crowd met: seconds by step, errors by kind, and every answer that was acknowledged, by attempt and question."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    told: dict[tuple[UUID, UUID], Acknowledged] = field(default_factory=dict)

    def ms(self, step: str, share: int) -> float:
        """Milliseconds within which `share` of 100 were done; 0 when none was."""
        found = sorted(self.seconds[step])
        return round(found[max(0, -(-len(found) * share // 100) - 1)] * 1000, 1) if found else 0.0


class Student:
    """A tab with its socket and its connection. Every step notes its time from `due`, when it was to begin."""

    def __init__(self, url: str, minted: Minted, exam_id: UUID, log: Log) -> None:
        self._url, self._cookie, self._log = url, minted.cookie, log
        self._exam_id, self._path = exam_id, f"/quiz/{exam_id}"
        self._tab = str(uuid4())
        self._http = HttpConnection(url, minted.cookie)
        self._socket: EventSocket | None = None
        self._known: dict[str, Any] = {}
        self._hydrated = False
        self._notice = ""
        self._moved = asyncio.Event()
        self._sequence = 0
        self._attempt: dict[str, Any] = {}
        self.questions: list[dict[str, Any]] = []

    @property
    def attempt_id(self) -> UUID:
        """The attempt under way, or the last one."""
        return UUID(self._attempt["id"])

    async def open(self, due: float) -> None:
        """Opens the quiz page: its document, its socket, everything that it shows."""
        async with _Step(self._log, "open", due):
            status, _ = await self._http.ask("GET", self._path)
            _expect(status, 200)
            self._socket = await EventSocket.connect(self._url, self._cookie, self._tab, self._event(f"{ROOT}.hydrate_and_load"), self._hear)
            await self._until(lambda: self._hydrated and self._known.get("cover") is not None)

    async def start(self, due: float, step: str = "start") -> None:
        """Begins an attempt and has its questions, as the quiz's island does: over HTTP."""
        async with _Step(self._log, step, due):
            status, said = await self._http.ask("POST", f"/v/quizzes/{self._exam_id}/attempts", b"{}")
            _expect(status, 200)
            self._attempt = orjson.loads(said)
            self.questions = self._attempt["questions"]

    async def answer(self, question: dict[str, Any], response: dict[str, Any], due: float, step: str = "answer") -> None:
        """Answers a question and has it acknowledged."""
        async with _Step(self._log, step, due):
            self._sequence += 1
            sequence, place = self._sequence, (self.attempt_id, UUID(question["id"]))
            body = orjson.dumps({"type": question["type"], "response": response, "sequence": sequence})
            status, said = await self._http.ask("PUT", f"/v/attempts/{self._attempt['id']}/answers/{question['id']}", body)
            _expect(status, 200)
            if orjson.loads(said)["sequence"] != sequence:
                raise _Unexpected("another sequence")
            self._log.told[place] = Acknowledged(sequence, response)

    async def submit(self, due: float, step: str = "submit") -> None:
        """Submits as the quiz's island does, over HTTP. The step ends when it is known to have arrived; `… result` when the result is there."""
        reply: tuple[int, bytes] | None = None
        async with _Step(self._log, step, due):
            if not self._attempt:
                raise _Unexpected("nothing was begun")
            reply = await self._ask_to_submit()
        if reply is None:
            return
        async with _Step(self._log, f"{step} result", due):
            (status, said), asked = reply, 0
            while status == 202:
                await asyncio.sleep(PAUSES[min(asked, len(PAUSES) - 1)] * random.uniform(0.75, 1.25))
                asked += 1
                status, said = await self._ask_to_submit()
            if len(orjson.loads(said)["questions"]) != len(self.questions):
                raise _Unexpected("a result without its questions")

    async def _ask_to_submit(self) -> tuple[int, bytes]:
        status, said = await self._http.ask("POST", f"/v/attempts/{self._attempt['id']}/submission")
        if status != 202:
            _expect(status, 200)
        return status, said

    def close(self) -> None:
        """Leaves. A socket that was lost meanwhile is an error."""
        if self._socket is not None:
            if self._socket.lost:
                self._log.errors["socket lost"] += 1
            self._socket.close()
        self._http.close()

    def _event(self, name: str, **payload: Any) -> dict[str, Any]:
        router_data = {"pathname": "/quiz/[assessment_id]", "asPath": self._path, "query": {}}
        return {"name": name, "payload": payload, "token": self._tab, "router_data": router_data}

    def _hear(self, update: dict[str, Any]) -> None:
        for state, values in (update.get("delta") or {}).items():
            if state == QUIZ:
                self._known.update({name.removesuffix("_rx_state_"): value for name, value in values.items()})
            elif state == ROOT and "is_hydrated_rx_state_" in values:
                self._hydrated = values["is_hydrated_rx_state_"]
            elif state.endswith(NOTICES):
                said = values.get("sentence_rx_state_") or values.get("text_rx_state_")
                self._notice = said or self._notice
        self._moved.set()

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not is_so():
                if self._notice:
                    raise _Unexpected(self._notice)
                self._moved.clear()
                await self._moved.wait()


class _Unexpected(Exception):
    """An answer that a step does not expect; its text is counted."""


class _Step:
    """Notes how long a step took, or what went wrong in it."""

    def __init__(self, log: Log, name: str, due: float) -> None:
        self._log, self._name, self._due = log, name, due

    async def __aenter__(self) -> None:
        return

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if error is None:
            self._log.seconds[self._name].append(asyncio.get_running_loop().time() - self._due)
            return False
        if isinstance(error, Broken | OSError | TimeoutError | _Unexpected):
            self._log.errors[f"{self._name}: {type(error).__name__} {error}".strip()] += 1
            return True
        return False


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise _Unexpected(f"status {status}")
