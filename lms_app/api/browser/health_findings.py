"""What is to mend in a course, for its builder."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.courses import health
from lms_app.domain.courses.health import CourseHealth
from lms_app.words import Severity

router = APIRouter(prefix="/courses/{course_id}/health")


@router.get("")
async def read(
    course_id: UUID,
    actor: SignedIn,
    severity: Severity | None = None,
    dismissed: bool = False,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> CourseHealth:
    """Fifty findings, the gravest first: of one severity or of all, or those that were set aside."""
    return await cross(health.health, actor, course_id, severity=severity, dismissed=dismissed, page=page)
