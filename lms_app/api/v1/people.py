"""One's own account."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.notifications.queries import inbox
from lms_app.domain.notifications.views import Inbox
from lms_app.domain.people import profile
from lms_app.domain.people.views import Profile

router = APIRouter(tags=["me"])


class ProfileChange(BaseModel):
    """What one may change of oneself. `time_zone` is a name of the tz database."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=500)]
    bio: Annotated[str, Field(max_length=2000)] = ""
    time_zone: Annotated[str, Field(max_length=60)] = "UTC"


@router.get("/me", responses=refuses(401))
async def read(actor: Program) -> Profile:
    """The account that the token belongs to."""
    return await cross(profile.read, actor)


@router.put("/me", responses=refuses(401))
async def save(change: ProfileChange, actor: Program) -> Profile:
    """Changes name, bio and time zone."""
    await cross(profile.save, actor, name=change.name, bio=change.bio, time_zone=change.time_zone)
    return await cross(profile.read, actor)


@router.get("/me/inbox", responses=refuses(401))
async def read_inbox(actor: Program) -> Inbox:
    """The newest fifty notifications."""
    return await cross(inbox, actor)
