"""An attempt under the student's hands: answers saved one by one, checked where the quiz tells at once, submitted."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.database import answer_pool
from lms_app.domain.assessments import answer_writes, attempts
from lms_app.domain.assessments.views import AnswerFeedback, AttemptResult, AttemptSheet

router = APIRouter()


class AnswerGiven(BaseModel):
    """A response, and the client's number for it: a higher one replaces a lower one."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str, Field(max_length=40)]
    response: dict[str, Any]
    sequence: Annotated[int, Field(ge=1, lt=2**62)]


class Saved(BaseModel):
    """The answer is on disk. ISO 8601, UTC."""

    saved_at: str
    sequence: int


@router.get("/attempts/{attempt_id}")
async def read(attempt_id: UUID, actor: SignedIn) -> AttemptSheet:
    """An open attempt with what is saved."""
    return await cross(attempts.read, actor, attempt_id)


@router.put("/attempts/{attempt_id}/answers/{question_id}")
async def save(attempt_id: UUID, question_id: UUID, given: AnswerGiven, actor: SignedIn) -> Saved:
    """Saves one answer; the reply means that it is on disk."""
    kept = await answer_writes.save(await answer_pool(), actor, attempt_id, question_id, given.type, given.response, given.sequence)
    return Saved(saved_at=kept.saved_at.isoformat(), sequence=kept.sequence)


@router.post("/attempts/{attempt_id}/answers/{question_id}/check")
async def check(attempt_id: UUID, question_id: UUID, actor: SignedIn) -> AnswerFeedback:
    """How the saved answer did, where the quiz tells at once. From then on it stands."""
    return await cross(attempts.check, actor, attempt_id, question_id)


@router.post("/attempts/{attempt_id}/submission")
async def submit(attempt_id: UUID, actor: SignedIn) -> AttemptResult:
    """Submits the attempt. A second submission gives the first result."""
    return await cross(attempts.submit, actor, attempt_id)
