"""Quizzes: covers, attempts, answers, results."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.database import answer_pool
from lms_app.domain.assessments import answer_writes, attempts
from lms_app.domain.assessments.queries import quiz_cover
from lms_app.domain.assessments.views import AnswerFeedback, AttemptNews, AttemptResult, AttemptSheet, QuizCover

router = APIRouter(tags=["quizzes"])


class AnswerGiven(BaseModel):
    """A response of the question's type, and the client's number for it: a higher one replaces a lower one."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str, Field(max_length=40)]
    response: dict[str, Any]
    sequence: Annotated[int, Field(ge=1, lt=2**62)]
    certainty: Annotated[int, Field(ge=1, le=3)] | None = None


class Saved(BaseModel):
    """The answer is on disk. ISO 8601, UTC. A `sequence` above the one that was sent says that a newer answer is kept; `deadline_at`, "" without one,
    is the attempt's as it is now."""

    saved_at: str
    sequence: int
    deadline_at: str


class Page(BaseModel):
    """A page of the attempt, from 1."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[int, Field(ge=1, le=1000)]


class Start(BaseModel):
    """What a quiz may ask for before it begins."""

    model_config = ConfigDict(extra="forbid")

    password: Annotated[str, Field(max_length=200)] = ""


@router.get("/quizzes/{quiz_id}", responses=refuses(401, 404))
async def read(quiz_id: UUID, actor: Program) -> QuizCover:
    """A quiz and the account's attempts at it."""
    return await cross(quiz_cover, actor, quiz_id)


@router.post("/quizzes/{quiz_id}/attempts", responses=refuses(401, 404, 409, 429))
async def start(quiz_id: UUID, actor: Program, given: Start | None = None) -> AttemptSheet:
    """The attempt under way, or a new one."""
    if given and given.password:
        await cross(attempts.count_password_try, actor, quiz_id)
    return await cross(attempts.start, actor, quiz_id, given.password if given else "")


@router.get("/attempts/{attempt_id}", responses=refuses(401, 404, 409))
async def read_attempt(attempt_id: UUID, actor: Program) -> AttemptSheet:
    """An open attempt with what is saved."""
    return await cross(attempts.read, actor, attempt_id)


@router.put("/attempts/{attempt_id}/answers/{question_id}", responses=refuses(401, 404, 409))
async def save(attempt_id: UUID, question_id: UUID, given: AnswerGiven, actor: Program) -> Saved:
    """Saves one answer; the reply means that it is on disk."""
    kept = await answer_writes.save(await answer_pool(), actor, attempt_id, question_id, given.type, given.response, given.sequence, given.certainty)
    return Saved(saved_at=kept.saved_at.isoformat(), sequence=kept.sequence, deadline_at=kept.deadline_at.isoformat() if kept.deadline_at else "")


@router.post("/attempts/{attempt_id}/answers/{question_id}/check", responses=refuses(401, 404, 409))
async def check(attempt_id: UUID, question_id: UUID, actor: Program) -> AnswerFeedback:
    """How the saved answer did, where the quiz tells at once. From then on it stands."""
    return await cross(attempts.check, actor, attempt_id, question_id)


@router.post("/attempts/{attempt_id}/page", responses=refuses(401, 404, 409))
async def turn_page(attempt_id: UUID, to: Page, actor: Program) -> AttemptSheet:
    """Goes to a page. In a quiz without a way back that is the next one, and the page that is left does not open again."""
    return await cross(attempts.turn_page, actor, attempt_id, to.page)


@router.post("/attempts/{attempt_id}/beat", responses=refuses(401, 404))
async def beat(attempt_id: UUID, on: Page, actor: Program) -> AttemptNews:
    """A sign of life; what may have moved comes back."""
    return await cross(attempts.beat, actor, attempt_id, on.page)


@router.post("/attempts/{attempt_id}/submission", responses=refuses(401, 404, 409))
async def submit(attempt_id: UUID, actor: Program) -> AttemptResult:
    """Submits the attempt. A second submission gives the first result."""
    return await cross(attempts.submit, actor, attempt_id)


@router.get("/attempts/{attempt_id}/result", responses=refuses(401, 404, 409))
async def read_result(attempt_id: UUID, actor: Program) -> AttemptResult:
    """The result of a submitted attempt."""
    return await cross(attempts.result, actor, attempt_id)
