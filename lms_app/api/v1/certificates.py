"""Certificates: one's own, and anybody's by its code."""

from typing import Annotated

from fastapi import APIRouter, Path

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross, cross_plain
from lms_app.domain.certificates.queries import own_certificates, verify
from lms_app.domain.certificates.views import OwnCertificate, Verification

router = APIRouter(tags=["certificates"])


@router.get("/certificates", responses=refuses(401))
async def read_own(actor: Program) -> list[OwnCertificate]:
    """The account's certificates."""
    return await cross(own_certificates, actor)


@router.get("/verifications/{code}", responses=refuses())
async def read_verification(code: Annotated[str, Path(min_length=1, max_length=60)]) -> Verification:
    """Whether a certificate's code is good. Needs no token."""
    return await cross_plain(lambda session: verify(session, code))
