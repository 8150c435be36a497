"""An attempt under the student's hands: answers saved one by one, checked where the quiz tells at once, submitted."""

import asyncio
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lms_app.api import identity
from lms_app.api.identity import SignedIn
from lms_app.crossing import cross, cross_for
from lms_app.database import answer_pool
from lms_app.domain.assessments import answer_writes, attempts
from lms_app.domain.assessments.views import AnswerFeedback, AttemptNews, AttemptResult, AttemptSheet, HandedIn

router = APIRouter()

GRADED_AT_ONCE = 1
"""Submissions that a process grades at the same moment. Whoever comes meanwhile is told that it has arrived, and asks again for the result."""

Body = TypeVar("Body", bound=BaseModel)


class AnswerGiven(BaseModel):
    """A response, and the client's number for it: a higher one replaces a lower one."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str, Field(max_length=40)]
    response: dict[str, Any]
    sequence: Annotated[int, Field(ge=1, lt=2**62)]
    certainty: Annotated[int, Field(ge=1, le=3)] | None = None


class Start(BaseModel):
    """What a quiz may ask for before it begins."""

    model_config = ConfigDict(extra="forbid")

    password: Annotated[str, Field(max_length=200)] = ""


class Page(BaseModel):
    """A page of the attempt, from 1."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[int, Field(ge=1, le=1000)]


@router.get("/attempts/{attempt_id}")
async def read(attempt_id: UUID, actor: SignedIn) -> AttemptSheet:
    """An open attempt with what is saved."""
    return await cross(attempts.read, actor, attempt_id)


@router.get("/attempts/{attempt_id}/result")
async def read_result(attempt_id: UUID, actor: SignedIn) -> AttemptResult:
    """The result of a submitted attempt."""
    return await cross(attempts.result, actor, attempt_id)


@router.post("/attempts/{attempt_id}/answers/{question_id}/check")
async def check(attempt_id: UUID, question_id: UUID, actor: SignedIn) -> AnswerFeedback:
    """How the saved answer did, where the quiz tells at once. From then on it stands."""
    return await cross(attempts.check, actor, attempt_id, question_id)


@router.post("/attempts/{attempt_id}/page")
async def turn_page(attempt_id: UUID, to: Page, actor: SignedIn) -> AttemptSheet:
    """Goes to a page. In a quiz without a way back that is the next one, and the page that is left does not open again."""
    return await cross(attempts.turn_page, actor, attempt_id, to.page)


@router.post("/attempts/{attempt_id}/beat")
async def beat(attempt_id: UUID, on: Page, actor: SignedIn) -> AttemptNews:
    """A sign of life; what may have moved comes back."""
    return await cross(attempts.beat, actor, attempt_id, on.page)


async def start(request: Request) -> Response:
    """The attempt under way at a quiz, or a new one (`AttemptSheet`)."""
    login_id, quiz_id = identity.login_named(request), request.path_params["quiz_id"]
    given = await _read(Start, request)
    if given.password:
        await cross_for(login_id, attempts.count_password_try, quiz_id)
    return _written(await cross_for(login_id, attempts.start, quiz_id, given.password))


async def submit(request: Request) -> Response:
    """Submits an attempt, once, and gives its result (`AttemptResult`); of one that is over the result alone. Where many submit at once the reply
    is 202 and `HandedIn`: it is submitted, and the same request gives the result a little later."""
    login_id, attempt_id = identity.login_named(request), request.path_params["attempt_id"]
    if _grading.locked():
        outcome = await cross_for(login_id, attempts.hand_in, attempt_id)
    else:
        async with _grading:
            outcome = await cross_for(login_id, attempts.submit, attempt_id)
    return _written(outcome, status=202 if isinstance(outcome, HandedIn) else 200)


_grading = asyncio.Semaphore(GRADED_AT_ONCE)


async def save(request: Request) -> Response:
    """Saves one answer; the reply means that it is on disk, and says when (ISO 8601, UTC), which number is kept, and the deadline as it is now."""
    path, actor, given = request.path_params, identity.named(request), await _read(AnswerGiven, request)
    kept = await answer_writes.save(
        await answer_pool(), actor, path["attempt_id"], path["question_id"], given.type, given.response, given.sequence, given.certainty
    )
    deadline = kept.deadline_at.isoformat() if kept.deadline_at else ""
    return _written({"saved_at": kept.saved_at.isoformat(), "sequence": kept.sequence, "deadline_at": deadline})


RUSHED = (
    Route("/quizzes/{quiz_id:uuid}/attempts", start, methods=["POST"]),
    Route("/attempts/{attempt_id:uuid}/answers/{question_id:uuid}", save, methods=["PUT"]),
    Route("/attempts/{attempt_id:uuid}/submission", submit, methods=["POST"]),
)
"""The addresses that everybody in an exam comes to at once. They are plain routes: what FastAPI does for one costs three times a save."""


async def _read(model: type[Body], request: Request) -> Body:
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]) from None


def _written(value: Any, *, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status_code=status, media_type="application/json")
