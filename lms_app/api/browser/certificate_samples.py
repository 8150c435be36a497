"""What a course's certificate would look like: the file that the worker makes, of the person who asks."""

from dataclasses import asdict
from functools import lru_cache
from typing import Annotated
from uuid import UUID

import anyio
import anyio.to_thread
from fastapi import APIRouter, Query
from fastapi.responses import Response

from lms_app.adapters import pdf
from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.certificates.template_rules import CertificateTemplate
from lms_app.domain.courses import course_settings

router = APIRouter()

Line = Annotated[str, Query(max_length=200)]


@router.get("/courses/{course_id}/certificate-sample.pdf", response_class=Response)
async def read(
    course_id: UUID,
    actor: SignedIn,
    signatory_name: Line = "",
    signatory_title: Line = "",
    heading: Line = "",
    certifies: Line = "",
    completed: Line = "",
    colour: Line = "",
) -> Response:
    """A PDF for the course's authors, signed, worded and coloured as the query says, saved or not. Its code leads to no certificate."""
    template = CertificateTemplate(heading=heading, certifies=certifies, completed=completed, colour=colour)
    sheet = await cross(course_settings.sample, actor, course_id, signatory_name=signatory_name, signatory_title=signatory_title, template=template)
    drawn = await anyio.to_thread.run_sync(lambda: pdf.render(**asdict(sheet)), limiter=_one_at_a_time())
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'inline; filename="certificate-sample.pdf"',
        # The browser's own reader shows it inside our page, and shows nothing in a sandbox.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'",
        "X-Frame-Options": "SAMEORIGIN",
    }
    return Response(drawn, media_type="application/pdf", headers=headers)


@lru_cache(maxsize=1)
def _one_at_a_time() -> anyio.CapacityLimiter:
    # A process has one renderer: who waits for it must not hold the threads that everybody else needs.
    return anyio.CapacityLimiter(1)
