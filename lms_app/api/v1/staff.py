"""The staff of a course, for the programs of its owners."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.courses import staff
from lms_app.domain.courses.staff import Colleague
from lms_app.words import StaffRole

router = APIRouter(tags=["staff"], prefix="/teaching/courses/{course_id}/staff")


class NewColleague(BaseModel):
    """Somebody who may teach here, by address, and what they may do in the course."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(max_length=400, pattern=r"^[^\x00]*$")]
    role: StaffRole


class ColleagueRole(BaseModel):
    """What somebody may do in the course."""

    model_config = ConfigDict(extra="forbid")

    role: StaffRole


@router.get("", responses=refuses(401, 404))
async def read(course_id: UUID, actor: Program) -> list[Colleague]:
    """Those on a course's staff, the first ones first."""
    return await cross(staff.staff, actor, course_id)


@router.post("", responses=refuses(401, 404, 409, 429))
async def add(course_id: UUID, given: NewColleague, actor: Program) -> list[Colleague]:
    """Takes somebody who may teach here into the staff, and tells them. The whole staff comes back."""
    if await cross(staff.add, actor, course_id, given.email, given.role) is None:
        raise staff.nobody()
    return await cross(staff.staff, actor, course_id)


@router.put("/{person_id}", responses=refuses(401, 404, 409))
async def change(course_id: UUID, person_id: UUID, given: ColleagueRole, actor: Program) -> list[Colleague]:
    """Gives somebody on the staff another role. A course keeps an owner."""
    await cross(staff.change, actor, course_id, person_id, given.role)
    return await cross(staff.staff, actor, course_id)


@router.delete("/{person_id}", status_code=204, responses=refuses(401, 404, 409))
async def remove(course_id: UUID, person_id: UUID, actor: Program) -> None:
    """Takes somebody off the staff. What they made and marked stays."""
    await cross(staff.remove, actor, course_id, person_id)
