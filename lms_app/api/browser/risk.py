"""Students at risk: whom thresholds flag, dismissals, and words to them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.analytics import nudges, nudging, risk, risk_decisions
from lms_app.domain.analytics.risk_rules import Thresholds
from lms_app.domain.analytics.risk_views import Nudged, RiskSheet

router = APIRouter(prefix="/courses/{course_id}/risk")

Number = Annotated[int, Field(ge=0, le=1000)]


class Values(BaseModel):
    """From where on something is a reason; 0 leaves it out."""

    model_config = ConfigDict(extra="forbid")

    absent_days: Number
    unbegun_days: Number
    low_percent: Number
    low_quizzes: Number
    behind_percent: Number
    missed_items: Number


class Why(BaseModel):
    """Why a student is well as they are."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=2000)]


class Message(BaseModel):
    """Words to students."""

    model_config = ConfigDict(extra="forbid")

    students: Annotated[list[UUID], Field(max_length=nudges.MOST_AT_ONCE)]
    text: Annotated[str, Field(max_length=4000)]


@router.get("")
async def read(course_id: UUID, actor: SignedIn, first: Annotated[int, Query(ge=0, le=1_000_000)] = 0, dismissed: bool = False) -> RiskSheet:
    """Whom the thresholds of the course flag."""
    return await cross(risk.at_risk, actor, course_id, first=first, dismissed=dismissed)


@router.post("/preview")
async def preview(course_id: UUID, values: Values, actor: SignedIn) -> RiskSheet:
    """Whom other thresholds would flag. Changes nothing."""
    return await cross(risk.at_risk, actor, course_id, tried=Thresholds(**values.model_dump()))


@router.put("/thresholds", status_code=204)
async def keep(course_id: UUID, values: Values, actor: SignedIn) -> Response:
    """Keeps thresholds for the course."""
    await cross(risk_decisions.set_thresholds, actor, course_id, Thresholds(**values.model_dump()))
    return Response(status_code=204)


@router.put("/dismissals/{enrollment_id}", status_code=204)
async def dismiss(course_id: UUID, enrollment_id: UUID, why: Why, actor: SignedIn) -> Response:
    """Notes that a student is well as they are, until something changes."""
    await cross(risk_decisions.dismiss, actor, course_id, enrollment_id, why.reason)
    return Response(status_code=204)


@router.delete("/dismissals/{enrollment_id}", status_code=204)
async def take_back(course_id: UUID, enrollment_id: UUID, actor: SignedIn) -> Response:
    """Lets a student be flagged again."""
    await cross(risk_decisions.take_back, actor, course_id, enrollment_id)
    return Response(status_code=204)


@router.post("/nudges")
async def nudge(course_id: UUID, message: Message, actor: SignedIn) -> Nudged:
    """Writes to students."""
    sent, passed_over = await cross(nudging.send, actor, course_id, message.students, message.text)
    return Nudged(sent=sent, passed_over=passed_over)
