"""The routes under /api/v1. A module of routes is one noun: it defines `router` and has its line in ROUTERS."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from lms_app.api.problems import answer_in_problems, answer_refusal
from lms_app.api.v1 import (
    bank,
    certificates,
    courses,
    enrolment,
    examples,
    exceptions,
    grades,
    mail,
    people,
    questions,
    quizzes,
    regrades,
    reports,
    staff,
    talk,
    teaching,
    tokens,
)
from lms_app.errors import NotSignedIn

ROUTERS: tuple[APIRouter, ...] = (
    tokens.router,
    people.router,
    courses.router,
    quizzes.router,
    certificates.router,
    grades.router,
    teaching.router,
    reports.router,
    questions.router,
    bank.router,
    regrades.router,
    exceptions.router,
    talk.router,
    enrolment.router,
    staff.router,
    mail.router,
)

ABOUT = (
    "Lyceum for programs. Fetch a token from `POST /tokens` and send it as `Authorization: Bearer …`; cookies are ignored. "
    "Refusals are problems (RFC 9457): test `type`, show `title`."
)


def build() -> FastAPI:
    """The application mounted at /api/v1."""
    app = FastAPI(
        title="Lyceum",
        version="1",
        description=ABOUT,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation,
    )
    for router in ROUTERS:
        app.include_router(router)
    answer_in_problems(app)
    app.add_exception_handler(NotSignedIn, _ask_for_token)
    bare = app.openapi
    app.openapi = lambda: examples.put_into(bare())
    return app


def _operation(route: APIRoute) -> str:
    return f"{route.tags[0]}-{route.name}".replace("_", "-")


def _ask_for_token(request: Request, error: Exception) -> JSONResponse:
    # RFC 9110: a 401 names the scheme that would be taken.
    answer = answer_refusal(request, error)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
