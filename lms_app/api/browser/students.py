"""The students of a course, for its staff: windows of the table and of the matrix of progress."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Response

from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.analytics import progress_matrix, students
from lms_app.domain.analytics.progress_matrix import MatrixHead
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


@router.get("/matrix")
async def read_matrix(course_id: UUID, actor: SignedIn) -> MatrixHead:
    """Pages and quizzes in their order, with what each adds up to."""
    return await cross(progress_matrix.head, actor, course_id)


@router.get("/matrix/window")
async def read_matrix_window(
    course_id: UUID,
    actor: SignedIn,
    first: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    rows: Annotated[int, Query(ge=1, le=progress_matrix.MOST_ROWS)] = 50,
    first_column: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    columns: Annotated[int, Query(ge=0, le=progress_matrix.MOST_COLUMNS)] = 20,
    search: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """A part of the matrix (`MatrixWindow`)."""
    part = {"first": first, "rows": rows, "first_column": first_column, "columns": columns, "search": search}
    return Response(orjson.dumps(await cross(progress_matrix.window, actor, course_id, **part)), media_type="application/json")
