"""Browsers that show messages while no page of ours is open: our key for them, and their address for us."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from lms_app.adapters import push
from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.notifications import browsers

router = APIRouter()


class Browser(BaseModel):
    """Where a browser takes messages."""

    model_config = ConfigDict(extra="forbid")

    address: Annotated[str, Field(max_length=browsers.MOST_CHARACTERS)]


class NewBrowser(Browser):
    """The same with the keys for which messages are sealed, base64url."""

    key: Annotated[str, Field(max_length=200)]
    auth: Annotated[str, Field(max_length=100)]


@router.get("/push")
async def key(_: SignedIn) -> dict[str, str]:
    """{"key"}: what a browser is to know us by; empty where nothing is sent."""
    return {"key": push.public_key()}


@router.put("/push", status_code=204)
async def add(browser: NewBrowser, actor: SignedIn) -> Response:
    """Lets the browser show messages for whoever is signed in."""
    await cross(browsers.add, actor, address=browser.address, key=browser.key, auth=browser.auth)
    return Response(status_code=204)


@router.delete("/push", status_code=204)
async def remove(browser: Browser, actor: SignedIn) -> Response:
    """Lets it show none any more."""
    await cross(browsers.remove, actor, address=browser.address)
    return Response(status_code=204)
