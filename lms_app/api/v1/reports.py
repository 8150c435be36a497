"""Reports about a course, for its staff's programs."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from lms_app.adapters import storage
from lms_app.api.file_answers import send
from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.reports import queries, reports
from lms_app.domain.reports.report_rules import MEDIA_TYPES
from lms_app.domain.reports.sources import Asked
from lms_app.domain.reports.views import ReportLine
from lms_app.words import ReportFormat, ReportKind

router = APIRouter(tags=["reports"], prefix="/teaching")


FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in MEDIA_TYPES.values()},
    }
}


class NewReport(BaseModel):
    """What a report is asked for: its kind and file, and what it is narrowed to. Without a run it is of the present one; what does not narrow a kind
    is left out."""

    model_config = ConfigDict(extra="forbid")

    kind: ReportKind
    format: ReportFormat = ReportFormat.XLSX
    run_id: UUID | None = None
    group_id: UUID | None = None
    since: date | None = None
    until: date | None = None


@router.get("/courses/{course_id}/reports", responses=refuses(401, 404))
async def read_all(course_id: UUID, actor: Program) -> list[ReportLine]:
    """The newest fifty reports of a course, with how far each is."""
    return await cross(queries.reports_of, actor, course_id)


@router.post("/courses/{course_id}/reports", status_code=202, responses=refuses(401, 404, 409))
async def order(course_id: UUID, wanted: NewReport, actor: Program) -> ReportLine:
    """Has a report made. Ask for it until its `status` is `done`, then fetch its file."""
    asked = Asked(**wanted.model_dump(exclude={"format"}))
    report_id = await cross(reports.order, actor, course_id, asked, wanted.format)
    return await cross(queries.report, actor, report_id)


@router.get("/reports/{report_id}", responses=refuses(401, 404))
async def read(report_id: UUID, actor: Program) -> ReportLine:
    """A report, and how far it is."""
    return await cross(queries.report, actor, report_id)


@router.get("/reports/{report_id}/file", response_class=Response, responses=FILE | refuses(401, 404))
async def read_file(report_id: UUID, request: Request, actor: Program) -> Response:
    """The file of a report that is `done`. It is there for a month."""
    return send(request, await cross(reports.report_file, actor, report_id), download=True)


@router.delete("/reports/{report_id}", status_code=204, responses=refuses(401, 404))
async def remove(report_id: UUID, actor: Program) -> None:
    """Deletes a report and its file; one that is under way stops."""
    await cross(_removed, actor, report_id)


def _removed(session, actor, report_id: UUID) -> None:  # pyright: ignore[reportMissingParameterType]
    reports.remove(session, actor, report_id, delete=storage.delete)
