"""The gradebook under a grader's hands: windows of it, grades one by one, tables out and in."""

from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from lms_app.adapters import spreadsheets
from lms_app.api.identity import SignedIn
from lms_app.api.problems import problem
from lms_app.crossing import cross
from lms_app.domain.gradebook import gradebook, queries, tables
from lms_app.domain.gradebook.gradebook import GradeMoved
from lms_app.domain.gradebook.views import GradebookHead, GradeStory, ImportPreview
from lms_app.errors import Invalid

router = APIRouter(prefix="/courses/{course_id}/gradebook")

Version = Annotated[str, Header(alias="If-Match", pattern=r'^"?[0-9]{1,18}"?$')]
Place = Annotated[int, Query(ge=0, le=1_000_000)]


class GradeGiven(BaseModel):
    """What is done to a grade: `set` to `points`, `excuse`, or `reset` to what it is without anybody's doing."""

    model_config = ConfigDict(extra="forbid")

    act: Literal["set", "excuse", "reset"]
    points: Annotated[str, Field(max_length=40)] = ""
    reason: Annotated[str, Field(max_length=2000)] = ""


class Imported(BaseModel):
    """How many grades an import changed."""

    changed: int


@router.get("")
async def read(course_id: UUID, actor: SignedIn) -> GradebookHead:
    """Columns, categories, and how many students there are."""
    return await cross(queries.head, actor, course_id)


@router.get("/window")
async def read_window(
    course_id: UUID,
    actor: SignedIn,
    first: Place = 0,
    rows: Annotated[int, Query(ge=1, le=queries.MOST_ROWS)] = 50,
    first_column: Place = 0,
    columns: Annotated[int, Query(ge=0, le=queries.MOST_COLUMNS)] = 20,
    search: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """A part of the gradebook (`GradeWindow`). Written by hand: a model that validates a thousand cells again takes longer than reading them."""
    found = await cross(queries.window, actor, course_id, first=first, rows=rows, first_column=first_column, columns=columns, search=search)
    return Response(orjson.dumps(found), media_type="application/json")


@router.get("/grades/{enrollment_id}/{column_id}")
async def read_grade(course_id: UUID, enrollment_id: UUID, column_id: UUID, actor: SignedIn) -> GradeStory:
    """One grade, why it is what it is, and what was done to it."""
    return await cross(queries.story, actor, course_id, enrollment_id, column_id)


@router.put("/grades/{enrollment_id}/{column_id}")
async def save_grade(course_id: UUID, enrollment_id: UUID, column_id: UUID, given: GradeGiven, actor: SignedIn, version: Version) -> Response:
    """Changes a grade whose version is the one in `If-Match`. A 409 tells both: `theirs`, the grade as it is now, and `yours`."""
    place, seen = (course_id, enrollment_id, column_id), int(version.strip('"'))
    try:
        saved = await cross(gradebook.write_grade, actor, *place, act=given.act, points=given.points, reason=given.reason, version=seen)
    except GradeMoved as moved:
        return problem(409, moved.slug, moved.sentence, theirs=orjson.loads(orjson.dumps(moved.theirs)), yours=given.points)
    return Response(orjson.dumps(saved), media_type="application/json", headers={"ETag": f'"{saved.cell.version}"'})


@router.get("/table.csv")
async def read_csv(course_id: UUID, actor: SignedIn) -> StreamingResponse:
    """Everybody's grades as CSV."""
    written = await cross(tables.table, actor, course_id)
    lines = (line.encode() for line in tables.as_csv(written))
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=_named(f"{written.name}-grades.csv"))


@router.get("/table.xlsx")
async def read_xlsx(course_id: UUID, actor: SignedIn) -> Response:
    """Everybody's grades as an Excel workbook."""
    file, name = await cross(_workbook, actor, course_id)
    return Response(file, media_type=spreadsheets.MEDIA_TYPE, headers=_named(name))


@router.post("/import/preview")
async def preview_import(course_id: UUID, request: Request, actor: SignedIn) -> ImportPreview:
    """What the CSV table in the body would change. Changes nothing."""
    return await cross(tables.preview, actor, course_id, await _text(request))


@router.post("/import")
async def apply_import(
    course_id: UUID,
    request: Request,
    actor: SignedIn,
    digest: Annotated[str, Query(pattern=r"^[0-9a-f]{64}$")],
    name: Annotated[str, Query(max_length=400)] = "",
) -> Imported:
    """Makes exactly the changes of the preview that gave `digest`, all or none. Its file's name is in the query."""
    return Imported(changed=await cross(tables.apply, actor, course_id, await _text(request), digest, name))


def _workbook(session, actor, course_id: UUID) -> tuple[bytes, str]:  # pyright: ignore[reportMissingParameterType]
    written = tables.table(session, actor, course_id)
    return spreadsheets.workbook("Grades", written.head, written.rows, frozen_columns=2), f"{written.name}-grades.xlsx"


async def _text(request: Request) -> str:
    try:
        return (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("This file is not UTF-8 text. Save it as CSV in UTF-8.") from None


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
