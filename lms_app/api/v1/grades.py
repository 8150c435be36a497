"""Grades: one's own with every reason, and, for a course's staff, everybody's."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.gradebook import gradebook, queries
from lms_app.domain.gradebook.views import GradesPage, OwnGrades, SavedGrade

router = APIRouter(tags=["grades"])


class GradeGiven(BaseModel):
    """What is done to a grade: `set` to `points`, `excuse`, or `reset` to what it is without anybody's doing. Where `points` replace what a quiz
    made, a `reason` is needed; the student reads it. `version` is that of the grade as it was read: leave it out to change it whatever it is now."""

    model_config = ConfigDict(extra="forbid")

    act: Literal["set", "excuse", "reset"] = "set"
    points: Annotated[str, Field(max_length=40)] = ""
    reason: Annotated[str, Field(max_length=500)] = ""
    version: Annotated[int, Field(ge=0, lt=2**62)] | None = None


@router.get("/courses/{slug}/grades", responses=refuses(401, 404))
async def read_own(slug: str, actor: Program) -> OwnGrades:
    """The account's own grades in a course, and why they make what they make."""
    return await cross(queries.own_grades, actor, slug)


@router.get("/teaching/courses/{course_id}/grades", responses=refuses(401, 404))
async def read_all(course_id: UUID, actor: Program, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> GradesPage:
    """Everybody's grades in the present run of a course, fifty people a page, by name."""
    return await cross(queries.grades_page, actor, course_id, page)


@router.put("/teaching/courses/{course_id}/grades/{enrollment_id}/{column_id}", responses=refuses(401, 404, 409))
async def save(course_id: UUID, enrollment_id: UUID, column_id: UUID, given: GradeGiven, actor: Program) -> SavedGrade:
    """Changes one grade. Gives it as it stands now, and what all of that person's make."""
    place = (course_id, enrollment_id, column_id)
    return await cross(gradebook.write_grade, actor, *place, act=given.act, points=given.points, reason=given.reason, version=given.version)
