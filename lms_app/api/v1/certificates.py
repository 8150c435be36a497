"""Certificates: one's own, and anybody's by its code."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from lms_app.api.file_answers import send_certificate
from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross, cross_plain
from lms_app.domain.certificates.queries import own_certificates, verify
from lms_app.domain.certificates.views import OwnCertificate, Verification

router = APIRouter(tags=["certificates"])

Code = Annotated[str, Path(min_length=1, max_length=60, description="The code printed on the certificate.")]
PDF: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/certificates", responses=refuses(401))
async def read_own(actor: Program) -> list[OwnCertificate]:
    """The account's certificates."""
    return [replace(one, download=one.download and f"/api/v1/certificates/{one.code}/file") for one in await cross(own_certificates, actor)]


@router.get("/certificates/{code}/file", response_class=Response, responses=PDF | refuses(401, 404))
async def read_file(code: Code, request: Request, actor: Program) -> Response:
    """One of the account's certificates as a PDF."""
    return await send_certificate(request, actor, code)


@router.get("/verifications/{code}", responses=refuses(404))
async def read_verification(code: Code) -> Verification:
    """Whether a certificate's code is good. Needs no token."""
    return await cross_plain(lambda session: verify(session, code))
