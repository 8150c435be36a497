"""The guide's calls, as they stand in it, and the OpenAPI document's examples, which are their answers."""

import json
import os
import re
import shlex
from datetime import timedelta
from string import Template
from typing import Any
from uuid import UUID

import httpx
import jsonschema_rs
import orjson
import pytest
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.api.v1 import examples
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts
from lms_app.domain.certificates import issuing
from lms_app.domain.courses import access
from lms_app.domain.enrollments import enrollments, learning, seats
from lms_app.launcher.places import PROJECT
from lms_app.models import Answer, Question, QuestionRevision
from lms_app.words import QuestionType
from tests.api.v1.conftest import PASSWORD, Ground, new_account, new_administrator, token_of
from tests.support.apps import v1_app
from tests.support.campus import RIGHT, Campus, neutral_course, new_campus


def calls() -> list[str]:
    return [line for line in (PROJECT / "docs" / "api.md").read_text().splitlines() if line.startswith("curl ")]


async def send(client: httpx.AsyncClient, line: str, known: dict[str, str]) -> httpx.Response:
    """Sends what curl would."""
    method, headers, data, address = "", {}, None, ""
    words = iter(shlex.split(line)[1:])
    for word in words:
        match word:
            case "-s":
                pass
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = Template(next(words)).safe_substitute(known).partition(": ")
                headers[name] = value
            case "-d":
                data = Template(next(words)).safe_substitute(known)
            case _:
                address = Template(word).safe_substitute(known)
    return await client.request(method or ("POST" if data else "GET"), address, headers=headers, content=data)


class Walk:
    """The guide from its first call to its last, and what each operation was answered."""

    def __init__(self, ground: Ground, address: str) -> None:
        self.known = {
            "API": address.rstrip("/"),
            "COURSE": ground.slug,
            "COURSE_ID": str(ground.course_id),
            "PAGE": str(ground.pages["Sand"]),
            "LONG_PAGE": str(ground.pages["Stones"]),
            "QUIZ": str(ground.quizzes["Final quiz"]),
            "PRACTICE": str(ground.quizzes["Try it"]),
            "INSTRUCTOR_TOKEN": token_of(ground.instructor),
        }
        self.kept: dict[str, dict[str, Any]] = {}

    async def follow(self, client: httpx.AsyncClient) -> None:
        """Runs every call in order; each must be answered well."""
        for line in calls():
            answer = await send(client, line.replace("lyceum-student", PASSWORD), self.known)
            assert answer.status_code < 300, (line, answer.text)
            told = answer.json() if answer.content and answer.headers["content-type"] == "application/json" else None
            self._learn(line, told)
            self._keep(line, answer, told)

    def _learn(self, line: str, told: Any) -> None:
        match told:
            case {"access_token": access, "refresh_token": refresh}:
                self.known |= {"ACCESS_TOKEN": access, "REFRESH_TOKEN": refresh}
            case {"id": attempt, "questions": questions} if "-X POST" in line and "/attempts -H" in line:
                names = ("TRIAL", "TRIED") if "$PRACTICE" in line else ("ATTEMPT", "QUESTION")
                asked = next(question["id"] for question in questions if question["type"] == "true_false")
                self.known |= dict(zip(names, (attempt, asked), strict=True))
                if names[0] == "ATTEMPT":
                    self.known["TEACHING_QUESTION"] = asked
                    correct(UUID(asked))
            case {"columns": [{"id": column}, *_], "rows": [{"enrollment_id": enrolment}, *_]}:
                self.known |= {"COLUMN": column, "ENROLMENT": enrolment}
            case {"id": question, "body": _}:
                self.known["BANK_QUESTION"] = question
            case [{"id": category, "depth": _}]:
                self.known["CATEGORY"] = category
            case {"version": version, "policy": _}:
                self.known["VERSION"] = version
            case {"lines": [{"id": entry, "position": _}, *_]}:
                self.known["WAITING"] = entry
            case {"id": link, "address": _}:
                self.known["LINK"] = link
            case {"seen": seen, "fine": _}:
                self.known["SEEN"] = seen
            case {"lines": [{"id": invitation, "email": _}, *_]}:
                self.known["INVITATION"] = invitation
            case [{"id": run, "present": False}, *_]:
                self.known["RUN"] = run
            case [*_, {"id": colleague, "is_you": False}]:
                self.known["COLLEAGUE"] = colleague
            case {"id": exception, "time_factor": _}:
                self.known["EXCEPTION"] = exception
            case {"id": thread} if "$PAGE/discussion" in line:
                self.known["THREAD"] = thread
            case {"id": group, "people": _}:
                self.known["GROUP"] = group
            case {"id": regrade, "can_undo": _}:
                self.known["REGRADE"] = regrade
            case {"id": report, "stage": _} if "-d" in line:
                self.known["REPORT"] = report
                make_report(report)
            case [{"code": code}, *_]:
                self.known["CODE"] = code

    def _keep(self, line: str, answer: httpx.Response, told: Any) -> None:
        request = answer.request
        template, method, values = operation_at(request.url.path.removeprefix("/api/v1"), request.method.lower())
        operation = DOCUMENT["paths"][template][method]
        kept: dict[str, Any] = {"call": line, "parameters": values | dict(request.url.params), "status": str(answer.status_code)}
        if request.content and request.headers["content-type"] == "application/json":
            kept["body"] = json.loads(request.content)
        if told is not None:
            kept["answer"] = told
        kept = without_secrets(kept)
        self.kept.setdefault(operation["operationId"], kept)


def make_report(report_id: str) -> None:
    """What the worker does."""
    from workers.reports import run

    run(report_id)


def correct(question_id: UUID) -> None:
    """Saves a statement with the other answer, as its author would."""
    with transaction() as session:
        question = session.get_one(Question, question_id)
        old = session.get_one(QuestionRevision, question.published_revision_id)
        new = QuestionRevision(
            question_id=question_id, number=old.number + 1, type=old.type, body={**old.body, "answer": not old.body["answer"]}, created_at=clock.now()
        )
        session.add(new)
        session.flush()
        question.published_revision_id = question.draft_revision_id = new.id
        session.add(question)


def operation_at(path: str, method: str) -> tuple[str, str, dict[str, str]]:
    """Which path of the document an address is, and the values in it."""
    for template, item in DOCUMENT["paths"].items():
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), path)
        if found and method in item:
            return template, method, found.groupdict()
    raise AssertionError(f"{method} {path} is no operation")


def without_secrets(kept: Any) -> Any:
    """The same without what is a secret, or was one."""
    match kept:
        case dict():
            return {key: SECRETS.get(key) or without_secrets(value) for key, value in kept.items()}
        case list():
            return [without_secrets(one) for one in kept]
        case str():
            return re.sub(r"/join/[\w-]+", "/join/what-stands-in-the-link", kept)
        case _:
            return kept


DOCUMENT = v1_app().openapi()
ALL = [operation for item in DOCUMENT["paths"].values() for operation in item.values()]
SECRETS = {"password": "lyceum-student", "access_token": "eyJhbGciOiJFZERTQSJ9.…", "refresh_token": "eyJhbGciOiJFZERTQSJ9.…"}


async def test_every_call_of_the_guide_works_and_every_operation_is_called(visitor: httpx.AsyncClient, ground: Ground) -> None:
    account, waiter = new_account("student@example.org"), new_account("waits@example.org").actor.person_id
    with transaction() as session:
        campus = new_campus(session, neutral_course("first-steps"))
        enrollment = enrollments.enroll(session, account.actor, campus.slug)
        finish(session, account.actor, campus)
        issuing.award(session, enrollment)
        run = access.current_run(session, ground.course_id)
        seats.queue(session, run, waiter)
        required = str(campus.course.id)
    new_account("colleague@example.org", teaches=True)
    walk = Walk(ground, str(visitor.base_url))
    walk.known |= {"REQUIRED": required, "ADMIN_TOKEN": new_administrator("root@example.org").token}
    await walk.follow(visitor)
    assert {operation["operationId"] for operation in ALL} == set(walk.kept)
    if os.environ.get("RECORD"):
        examples.FILE.write_bytes(orjson.dumps(walk.kept, option=orjson.OPT_INDENT_2) + b"\n")
    recorded = examples.examples()
    for operation, kept in walk.kept.items():
        assert (recorded[operation]["call"], shape(recorded[operation])) == (kept["call"], shape(kept)), f"{operation}: record the examples anew"


def shape(kept: Any) -> Any:
    """What fields it has, whatever stands in them."""
    match kept:
        case dict():
            return {key: shape(value) for key, value in kept.items()}
        case list():
            return [shape(one) for one in kept]
        case _:
            return None


@pytest.mark.parametrize("operation", ALL, ids=lambda operation: operation["operationId"])
def test_every_operation_is_documented(operation: dict[str, Any]) -> None:
    about = operation["description"]
    assert about.startswith(operation["summary"].split("`")[0].split(" ")[0])
    assert about.rstrip().endswith(".")
    assert operation["x-codeSamples"][0]["source"] in calls()
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            assert fits(parameter["example"], parameter["schema"])
    for content in (*contents(operation.get("requestBody", {})), *(one for answer in operation["responses"].values() for one in contents(answer))):
        assert fits(content["example"], content["schema"]), content["example"]


@pytest.mark.parametrize("operation", ALL, ids=lambda operation: operation["operationId"])
def test_every_operation_names_its_errors(operation: dict[str, Any]) -> None:
    errors = {status for status in operation["responses"] if status.startswith("4")}
    wanted = {"400", "422"}
    if "security" in operation:
        wanted |= {"401"}
        wanted |= {"404"} if any(parameter["in"] == "path" for parameter in operation.get("parameters", [])) else set()
    assert wanted <= errors
    assert all(operation["responses"][status]["description"].endswith(".") for status in errors)


def contents(holder: dict[str, Any]) -> list[dict[str, Any]]:
    """What a body or an answer may be, files left out."""
    return [content for media, content in holder.get("content", {}).items() if media.endswith("json")]


def fits(example: Any, schema: dict[str, Any]) -> bool:
    """Whether an example is of the shape that the document promises."""
    return jsonschema_rs.is_valid({**schema, "components": DOCUMENT["components"]}, example)


def finish(session: Session, actor: Actor, campus: Campus) -> None:
    """Takes a course to its end."""
    with clock.moved_to(clock.now() - timedelta(minutes=2)):
        learning.open_page(session, actor, campus.page("Stones").id)
    learning.heartbeat(session, actor, campus.page("Stones").id, seconds=30, reached_end=True)
    learning.mark_complete(session, actor, campus.page("Sand").id)
    sheet = attempts.start(session, actor, campus.quiz("Final quiz").id)
    for question in sheet.questions:
        response = RIGHT[QuestionType(question.type)]
        session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now()))
    session.flush()
    attempts.submit(session, actor, UUID(sheet.id))
