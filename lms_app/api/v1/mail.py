"""Mail that comes back, for administrators' programs."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from lms_app.api.identity import Program
from lms_app.api.uploads import Upload
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.notifications import bounce_rules, bounces
from lms_app.domain.notifications.bounces import Outcome

router = APIRouter(tags=["mail"], prefix="/mail")

REPORT = {"requestBody": {"required": True, "content": {"message/rfc822": {"schema": {"type": "string"}}}}}


class Taken(BaseModel):
    """What a report has changed."""

    outcome: Annotated[
        Outcome,
        Field(
            description="`refused`: the address takes no mail. `lost`: the mail did not arrive. `late`: it is on its way. `unknown`: nothing of ours."
        ),
    ]


@router.post("/returns", responses=refuses(401, 403, 413), openapi_extra=REPORT)
async def take_back(request: Request, actor: Program) -> Taken:
    """Takes a delivery status notification (RFC 3464) as a mail server sends it back, whole, for administrators."""
    upload = Upload(request, bytes_max=10 * bounce_rules.LARGEST, too_large="A report has ten megabytes at most.")
    return Taken(outcome=await cross(bounces.take_back, actor, await upload.whole()))
