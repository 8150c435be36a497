"""Reports about a course, fetched by its staff."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lms_app.api.file_answers import send
from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.reports import reports

router = APIRouter()


@router.get("/reports/{report_id}")
async def read(report_id: UUID, request: Request, actor: SignedIn) -> Response:
    """The file of a report, to be saved. 404 for everybody but the staff of its course."""
    return send(request, await cross(reports.report_file, actor, report_id), download=True)
