"""The students of a course, for its staff: windows of the table."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Response

from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.analytics import students
from lms_app.domain.analytics.student_views import StudentTableHead

router = APIRouter(prefix="/courses/{course_id}/students")


@router.get("")
async def read_window(
    course_id: UUID,
    actor: SignedIn,
    first: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    rows: Annotated[int, Query(ge=1, le=students.MOST_ROWS)] = 50,
    search: Annotated[str, Query(max_length=200)] = "",
    sort: students.Sort = "name",
    descending: bool = False,
    narrow: students.Narrow = "all",
    group: UUID | None = None,
) -> Response:
    """A part of the table (`StudentWindow`), in the order asked for."""
    order = {"sort": sort, "descending": descending, "narrow": narrow, "group_id": group}
    found = await cross(students.window, actor, course_id, first=first, rows=rows, search=search, **order)
    return Response(orjson.dumps(found), media_type="application/json")


@router.get("/head")
async def read_head(course_id: UUID, actor: SignedIn) -> StudentTableHead:
    """Groups, and what the figures mean."""
    return await cross(students.table_head, actor, course_id)
