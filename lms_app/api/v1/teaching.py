"""What an instructor's programs may read."""

from uuid import UUID

from fastapi import APIRouter

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.analytics.queries import course_figures
from lms_app.domain.analytics.views import CourseFigures
from lms_app.domain.courses.queries import taught_courses
from lms_app.domain.courses.views import TaughtCourse

router = APIRouter(tags=["teaching"], prefix="/teaching")


@router.get("/courses", responses=refuses(401, 403))
async def read_courses(actor: Program) -> list[TaughtCourse]:
    """The courses that the account is on the staff of."""
    return await cross(taught_courses, actor)


@router.get("/courses/{course_id}/figures", responses=refuses(401, 404))
async def read_figures(course_id: UUID, actor: Program) -> CourseFigures:
    """The dashboard's figures, each with its meaning."""
    return await cross(course_figures, actor, course_id)
