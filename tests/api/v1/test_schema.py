"""What the OpenAPI document says is what the routes do: calls made up from it, by a visitor, a student and an instructor."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks
from sqlmodel import select

from lms_app import database
from lms_app.api.problems import MEDIA_TYPE
from lms_app.database import transaction
from lms_app.domain.assessments import attempts
from lms_app.domain.enrollments import enrollments
from lms_app.models import GradeColumn
from tests.api.v1.conftest import Account, Ground, token_of
from tests.conftest import LONG
from tests.support.apps import v1_app, whole_site

CHECKS = [not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance]
EXAMPLES = 200 if LONG else 3
UNCHECKED = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
SETTINGS = settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=UNCHECKED, deadline=None)
ALL = sorted((path, method) for path, item in v1_app().openapi()["paths"].items() for method in item)
# Ending the login of the test would turn the rest of it into 401s.
OPERATIONS = [operation for operation in ALL if operation != ("/tokens/current", "delete")]


@schemathesis.serializer("message/rfc822")
def _as_it_is(_: Any, value: Any) -> bytes:
    return str(value).encode(errors="surrogateescape")


@pytest.fixture
def called(ground: Ground, account: Account) -> Iterator[dict[str, tuple[str, dict[str, str]]]]:
    """Per role: its token, and values for the parameters of paths that lead somewhere."""
    with transaction() as session:
        enrollment_id = enrollments.enroll(session, account.actor, ground.slug)
        column_id = session.exec(select(GradeColumn.id)).one()
        sheet = attempts.start(session, account.actor, ground.quizzes["Final quiz"])
    places = {
        "slug": ground.slug,
        "page_id": str(ground.pages["Sand"]),
        "quiz_id": str(ground.quizzes["Final quiz"]),
        "attempt_id": sheet.id,
        "question_id": sheet.questions[0].id,
        "enrollment_id": str(enrollment_id),
        "column_id": str(column_id),
        "course_id": str(ground.course_id),
        "code": "00000000000000000000000000000000",
    }
    yield {"visitor": ("", places), "student": (account.token, places), "instructor": (token_of(ground.instructor), places)}
    # The loop that answers these calls outlives the test, and its pool would go on trying to reach a database that is gone.
    for loop in {*database._answer_pools, *database._loop_engines}:
        if loop.is_running():
            asyncio.run_coroutine_threadsafe(database.close_loop(), loop).result(10)


@pytest.mark.timeout(1800 if LONG else 200)
@pytest.mark.parametrize("role", ["visitor", "student", "instructor"])
def test_every_call_is_answered_as_documented(called: dict[str, tuple[str, dict[str, str]]], role: str) -> None:
    token, places = called[role]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    app: Any = whole_site()
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    answered: list[int] = []

    with asgi.get_client(app) as client:

        def call(case: Case) -> None:
            # Every other call goes to a place that exists; the schema alone would only ever find 404.
            if len(answered) % 2 == 0:
                case.path_parameters = {name: places.get(name, value) for name, value in (case.path_parameters or {}).items()}
            response = case.call(session=client, headers=headers)
            answered.append(response.status_code)
            case.validate_response(response, checks=CHECKS)
            if response.status_code >= 400:
                assert response.headers["content-type"] == [MEDIA_TYPE]

        once = SETTINGS(call)
        for path, method in OPERATIONS:
            given(case=schema[path][method].as_strategy())(once)()

    assert len(answered) >= len(OPERATIONS)
    assert {200, 404, 422} <= set(answered) if token else {401, 422} <= set(answered)
    assert (403 in answered) is bool(token)


def test_what_needs_a_token_says_so() -> None:
    document = v1_app().openapi()
    open_to_all = {f"{method} {path}" for path, method in ALL if "security" not in document["paths"][path][method]}
    assert open_to_all == {"post /tokens", "post /tokens/refresh", "get /verifications/{code}"}


def test_every_refusal_is_documented_as_a_problem() -> None:
    document = v1_app().openapi()
    for path, method in ALL:
        for status, response in document["paths"][path][method]["responses"].items():
            if status.startswith("4"):
                assert list(response["content"]) == [MEDIA_TYPE], (method, path, status)
