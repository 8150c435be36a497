"""The routes under /api/v1. A module of routes is one noun: it defines `router` and has its line in ROUTERS."""

from fastapi import APIRouter, FastAPI

from lms_app.api.problems import answer_in_problems
from lms_app.api.v1 import certificates, courses, people, quizzes, teaching, tokens

ROUTERS: tuple[APIRouter, ...] = (tokens.router, people.router, courses.router, quizzes.router, certificates.router, teaching.router)


def build() -> FastAPI:
    """The application mounted at /api/v1."""
    app = FastAPI(title="Lyceum", version="1", openapi_url="/openapi.json", docs_url=None, redoc_url=None)
    for router in ROUTERS:
        app.include_router(router)
    answer_in_problems(app)
    return app
