"""The exam control room: who is where, more time, an end, a word."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.assessments import exam_room
from lms_app.domain.assessments.exam_room import Room

router = APIRouter()


class Attempts(BaseModel):
    """Some attempts, or all that are under way."""

    model_config = ConfigDict(extra="forbid")

    attempts: Annotated[list[UUID], Field(max_length=5000)] | None = None


class Extension(Attempts):
    """More time for them."""

    seconds: Annotated[int, Field(ge=1, le=exam_room.LONGEST_EXTENSION)]


class Words(Attempts):
    """A message to them."""

    text: Annotated[str, Field(max_length=exam_room.LONGEST_MESSAGE)]


class Moved(BaseModel):
    """How many attempts it reached."""

    attempts: int


@router.get("/exams/{assessment_id}/room")
async def room(assessment_id: UUID, actor: SignedIn) -> Room:
    """Everybody who takes the quiz, with their newest attempt."""
    return await cross(exam_room.room, actor, assessment_id)


@router.post("/exams/{assessment_id}/extension")
async def extend(assessment_id: UUID, extension: Extension, actor: SignedIn) -> Moved:
    """Gives more time; the clocks on screen move."""
    return Moved(attempts=await cross(exam_room.extend, actor, assessment_id, extension.seconds, extension.attempts))


@router.post("/exams/{assessment_id}/end")
async def end(assessment_id: UUID, which: Attempts, actor: SignedIn) -> Moved:
    """Submits attempts with what was acknowledged."""
    return Moved(attempts=await cross(exam_room.end, actor, assessment_id, which.attempts))


@router.post("/exams/{assessment_id}/messages")
async def tell(assessment_id: UUID, words: Words, actor: SignedIn) -> Moved:
    """Tells something; it appears in the quiz."""
    return Moved(attempts=await cross(exam_room.tell, actor, assessment_id, words.text, words.attempts))
