"""Announcements of a course, for its staff: written, put right, taken back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.talk import announcements
from lms_app.domain.talk.views import AnnouncementPage

router = APIRouter()


class Announced(BaseModel):
    """What is told. `text` is Markdown; `run_id` names the run that it is for, None for all."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(max_length=1000)]
    text: Annotated[str, Field(max_length=20_000)]
    run_id: UUID | None = None


@router.get("/courses/{course_id}/announcements")
async def read(course_id: UUID, actor: SignedIn, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1) -> AnnouncementPage:
    """Twenty announcements, newest first."""
    return await cross(announcements.announcements_to_edit, actor, course_id, page)


@router.post("/courses/{course_id}/announcements", status_code=201)
async def write(course_id: UUID, announced: Announced, actor: SignedIn) -> dict[str, str]:
    """Tells all who take the course, or one run of it."""
    return {"id": str(await cross(announcements.write, actor, course_id, announced.title, announced.text, announced.run_id))}


@router.put("/announcements/{announcement_id}", status_code=204)
async def edit(announcement_id: UUID, announced: Announced, actor: SignedIn) -> None:
    """Puts one right. Whom it is for stays."""
    await cross(announcements.edit, actor, announcement_id, announced.title, announced.text)


@router.post("/announcements/{announcement_id}/removal", status_code=204)
async def remove(announcement_id: UUID, actor: SignedIn) -> None:
    """Takes one back."""
    await cross(announcements.remove, actor, announcement_id)


@router.delete("/announcements/{announcement_id}/removal", status_code=204)
async def restore(announcement_id: UUID, actor: SignedIn) -> None:
    """Puts it back."""
    await cross(announcements.restore, actor, announcement_id)
