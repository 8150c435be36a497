"""Correcting marks after a question was corrected."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.assessments import regrade_preview, regrading
from lms_app.domain.assessments.regrade_views import RegradeEntry, RegradePreview

router = APIRouter(tags=["regrades"], prefix="/teaching")


class Correction(BaseModel):
    """By which revision of the question to grade, its newest without one, and whether marks given by hand move too."""

    model_config = ConfigDict(extra="forbid")

    revision_id: UUID | None = None
    overrules: bool = False


@router.get("/questions/{question_id}/regrade", responses=refuses(401, 404))
async def preview(
    question_id: UUID,
    actor: Program,
    revision_id: UUID | None = None,
    overrules: bool = False,
    page: Annotated[int, Query(ge=1, le=regrade_preview.MOST_PAGES)] = 1,
) -> RegradePreview:
    """A dry run: whose marks and certificates would move, and how. Nothing is written."""
    return await cross(regrade_preview.preview, actor, question_id, revision_id, overrules=overrules, page=page)


@router.post("/questions/{question_id}/regrades", responses=refuses(401, 404, 409))
async def apply(question_id: UUID, actor: Program, how: Correction | None = None) -> RegradeEntry:
    """Corrects the marks as the dry run showed. Of more than 50 attempts a job does it; read the correction to follow it."""
    chosen = how or Correction()
    return await cross(regrading.apply, actor, question_id, chosen.revision_id, overrules=chosen.overrules)


@router.get("/questions/{question_id}/regrades", responses=refuses(401, 404))
async def read_all(question_id: UUID, actor: Program) -> list[RegradeEntry]:
    """The corrections of a question, the newest first."""
    return await cross(regrading.history, actor, question_id)


@router.get("/regrades/{regrade_id}", responses=refuses(401, 404))
async def read(regrade_id: UUID, actor: Program) -> RegradeEntry:
    """One correction, and how far it is."""
    return await cross(regrading.read, actor, regrade_id)


@router.post("/regrades/{regrade_id}/undoing", responses=refuses(401, 404, 409))
async def undo(regrade_id: UUID, actor: Program) -> RegradeEntry:
    """Puts marks, completions and certificates back to what they were."""
    return await cross(regrading.undo, actor, regrade_id)
