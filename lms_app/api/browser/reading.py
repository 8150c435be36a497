"""What a page tells while it is read: that it is on screen, and whether its end was seen."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.enrollments import learning

router = APIRouter()


class Heartbeat(BaseModel):
    """Seconds on screen since the last beat, and whether the end was seen by now."""

    model_config = ConfigDict(extra="forbid")

    seconds: Annotated[int, Field(ge=0, le=3600)]
    reached_end: bool


class Beaten(BaseModel):
    """Whether the page is complete now."""

    complete: bool


@router.post("/pages/{page_id}/heartbeat")
async def heartbeat(page_id: UUID, beat: Heartbeat, actor: SignedIn) -> Beaten:
    """Adds to the time that the page was read."""
    done = await cross(learning.heartbeat, actor, page_id, seconds=beat.seconds, reached_end=beat.reached_end)
    return Beaten(complete=done)
