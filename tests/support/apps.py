"""The HTTP applications, each made once for a test process: what an application works out of its routes at its first request takes longer than
most tests. None of them keeps anything of a request."""

from functools import cache
from typing import Any

from fastapi import FastAPI

from lms_app.api.app import surround
from lms_app.api.browser.app import build as build_browser
from lms_app.api.v1.app import build as build_v1


@cache
def browser_app() -> FastAPI:
    """What is mounted at /v."""
    return build_browser()


@cache
def browser_site() -> FastAPI:
    """The pages' own routes at their addresses, without walls."""
    site = FastAPI()
    site.mount("/v", browser_app())
    return site


@cache
def v1_app() -> FastAPI:
    """What is mounted at /api/v1."""
    return build_v1()


@cache
def whole_site() -> FastAPI:
    """Everything but the pages."""
    return surround(_no_pages)


async def _no_pages(scope: Any, receive: Any, send: Any) -> None:
    """In the place of the pages, which are not built here."""
    raise AssertionError(f"asked for the page {scope['path']}")
