"""Exceptions to a quiz's rules, and the groups that they are made for."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.assessments import overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.assessments.overrides import OverrideLine
from lms_app.domain.enrollments import groups
from lms_app.domain.enrollments.groups import GroupList, GroupSheet

router = APIRouter(tags=["exceptions"], prefix="/teaching")

Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Whole = Annotated[int, Field(ge=0, lt=2**31)]
Page = Annotated[int, Query(ge=1, le=100_000)]


class ExceptionGiven(BaseModel):
    """For whom, a group or an enrolment, or with neither everybody; and what is different. Null leaves a thing as it is."""

    model_config = ConfigDict(extra="forbid")

    group_id: UUID | None = None
    enrollment_id: UUID | None = None
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    time_factor: Annotated[Decimal, Field(max_digits=8, decimal_places=6)] | None = None
    extra_seconds: Whole | None = None
    attempts_allowed: Whole | None = None


class GroupName(BaseModel):
    """What a group is called."""

    model_config = ConfigDict(extra="forbid")

    name: Words


@router.get("/quizzes/{quiz_id}/exceptions", responses=refuses(401, 404))
async def read_exceptions(quiz_id: UUID, actor: Program) -> list[OverrideLine]:
    """The exceptions of a quiz: everybody's first, then groups', then students'."""
    return await cross(overrides.overrides, actor, quiz_id)


@router.put("/quizzes/{quiz_id}/exceptions", responses=refuses(401, 404))
async def set_exception(quiz_id: UUID, given: ExceptionGiven, actor: Program) -> OverrideLine:
    """Sets what is different for a group, a student or everybody, in the place of what was set before. Attempts under way keep their rules."""
    override = Override(
        opens_at=given.opens_at,
        closes_at=given.closes_at,
        time_factor=given.time_factor,
        extra_seconds=given.extra_seconds,
        attempts_allowed=given.attempts_allowed,
    )
    override_id = await cross(overrides.set_override, actor, quiz_id, override, group_id=given.group_id, enrollment_id=given.enrollment_id)
    return await cross(overrides.override_line, actor, quiz_id, override_id)


@router.delete("/quizzes/{quiz_id}/exceptions/{exception_id}", status_code=204, responses=refuses(401, 404))
async def remove_exception(quiz_id: UUID, exception_id: UUID, actor: Program) -> None:
    """Removes an exception. Attempts under way keep their rules."""
    await cross(overrides.remove_override, actor, quiz_id, exception_id)


@router.get("/courses/{course_id}/groups", responses=refuses(401, 404))
async def read_groups(course_id: UUID, actor: Program, page: Page = 1) -> GroupList:
    """The groups of a course by name, fifty a page."""
    return await cross(groups.group_list, actor, course_id, page)


@router.post("/courses/{course_id}/groups", responses=refuses(401, 404, 409))
async def add_group(course_id: UUID, given: GroupName, actor: Program) -> GroupSheet:
    """Makes a group without members."""
    group_id = await cross(groups.add_group, actor, course_id, given.name)
    return await cross(groups.group_sheet, actor, course_id, group_id)


@router.get("/courses/{course_id}/groups/{group_id}", responses=refuses(401, 404))
async def read_group(course_id: UUID, group_id: UUID, actor: Program, search: Words = "", page: Page = 1) -> GroupSheet:
    """A group with its members, fifty a page; with `search`, everybody of the course whose name has all its words."""
    return await cross(groups.group_sheet, actor, course_id, group_id, search, page)


@router.put("/courses/{course_id}/groups/{group_id}", responses=refuses(401, 404))
async def rename_group(course_id: UUID, group_id: UUID, given: GroupName, actor: Program) -> GroupSheet:
    """Gives a group another name."""
    await cross(groups.rename_group, actor, course_id, group_id, given.name)
    return await cross(groups.group_sheet, actor, course_id, group_id)


@router.delete("/courses/{course_id}/groups/{group_id}", status_code=204, responses=refuses(401, 404))
async def remove_group(course_id: UUID, group_id: UUID, actor: Program) -> None:
    """Removes a group, with the exceptions that were made for it. Its members take the course as before."""
    await cross(groups.remove_group, actor, course_id, group_id)


@router.put("/courses/{course_id}/groups/{group_id}/members/{enrollment_id}", status_code=204, responses=refuses(401, 404))
async def put_in(course_id: UUID, group_id: UUID, enrollment_id: UUID, actor: Program) -> None:
    """Puts somebody who takes the course into a group; who is in it stays."""
    await cross(groups.add_member, actor, course_id, group_id, enrollment_id)


@router.delete("/courses/{course_id}/groups/{group_id}/members/{enrollment_id}", status_code=204, responses=refuses(401, 404))
async def take_out(course_id: UUID, group_id: UUID, enrollment_id: UUID, actor: Program) -> None:
    """Takes somebody out of a group."""
    await cross(groups.remove_member, actor, course_id, group_id, enrollment_id)
