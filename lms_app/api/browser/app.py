"""The routes under /v. A module of routes is one noun: it defines `router` and has its line in ROUTERS."""

from fastapi import APIRouter, FastAPI

from lms_app.api.browser import (
    account,
    announcements,
    attempts,
    bank,
    calendar,
    certificate_samples,
    covers,
    csp_reports,
    discussion,
    exams,
    exports,
    files,
    gradebook,
    handed_in,
    health_findings,
    imports,
    marking,
    media,
    outline,
    own_events,
    pages,
    palette,
    push,
    questions,
    reading,
    reports,
    risk,
    signing_in,
    students,
)
from lms_app.api.problems import answer_in_problems

ROUTERS: tuple[APIRouter, ...] = (
    csp_reports.router,
    signing_in.router,
    account.router,
    attempts.router,
    handed_in.router,
    exams.router,
    marking.router,
    reading.router,
    files.router,
    media.router,
    covers.router,
    certificate_samples.router,
    palette.router,
    push.router,
    calendar.router,
    own_events.router,
    imports.router,
    exports.router,
    reports.router,
    gradebook.router,
    outline.router,
    pages.router,
    questions.router,
    bank.router,
    health_findings.router,
    discussion.router,
    announcements.router,
    students.router,
    risk.router,
)


def build() -> FastAPI:
    """The application mounted at /v."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.routes.extend(attempts.RUSHED)
    for router in ROUTERS:
        app.include_router(router)
    answer_in_problems(app)
    return app
