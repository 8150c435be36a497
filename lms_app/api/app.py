"""The HTTP application around the pages: health, the pages' own routes, the REST API, and then Reflex with the built pages."""

from typing import Any

from fastapi import FastAPI

from lms_app.api import health, reference, unsubscribing
from lms_app.api.browser import app as browser
from lms_app.api.problems import answer_in_problems
from lms_app.api.v1 import app as v1


def surround(pages: Any) -> FastAPI:
    """One application: ours first, `pages` for every other address."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(health.router)
    app.include_router(reference.router)
    app.include_router(unsubscribing.router)
    app.mount("/v", browser.build())
    app.mount("/api/v1", v1.build())
    app.mount("", pages)
    answer_in_problems(app)
    return app
