"""Refusals and faults over HTTP, as RFC 9457 problems."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from lms_app.api import figures
from lms_app.errors import LmsError, TooMany
from lms_app.logs import report_fault

MEDIA_TYPE = "application/problem+json"
_REFERENCE = "lyceum_reference"


def problem(status: int, slug: str, title: str, **more: Any) -> JSONResponse:
    """A problem: `type` is a slug that programs may test, `title` a sentence for people."""
    return JSONResponse({"type": f"/problems/{slug}", "title": title, "status": status, **more}, status, media_type=MEDIA_TYPE)


def answer_refusal(_: Request, error: Exception) -> JSONResponse:
    """The problem for one of our refusals."""
    assert isinstance(error, LmsError)
    answer = problem(error.status, error.slug, error.sentence, **({"fields": error.fields} if error.fields else {}))
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def answer_invalid(_: Request, error: Exception) -> JSONResponse:
    """The problem for a request of the wrong shape. It names the fields and does not repeat what was sent."""
    assert isinstance(error, RequestValidationError)
    fields = {".".join(str(part) for part in fault["loc"][1:]) or str(fault["loc"][0]): fault["msg"] for fault in error.errors()}
    return problem(422, "invalid", "The request does not have the expected shape.", fields=fields)


def answer_http(_: Request, error: Exception) -> JSONResponse:
    """The problem for what the router itself refuses: no such address, wrong method."""
    assert isinstance(error, HTTPException)
    answer = problem(error.status_code, f"http-{error.status_code}", str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


def fault(error: Exception, **context: Any) -> JSONResponse:
    """The problem for anything unexpected: a reference number, the rest in the log. An error that passes several apps has one number."""
    reference = getattr(error, _REFERENCE, None) or report_fault(error, **context)
    setattr(error, _REFERENCE, reference)
    return problem(500, "fault", "Something went wrong on our side.", reference=reference)


async def answer_fault(request: Request, error: Exception) -> JSONResponse:
    """The problem for what an app did not expect. Without it an app inside another answers in plain words, and nobody after it can."""
    return fault(error, method=request.method, area=figures.area(request.url.path))


def answer_in_problems(app: FastAPI) -> None:
    """Makes an app answer every refusal as a problem."""
    app.add_exception_handler(LmsError, answer_refusal)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(HTTPException, answer_http)
    app.add_exception_handler(Exception, answer_fault)
