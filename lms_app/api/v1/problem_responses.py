"""How refusals look in the OpenAPI document."""

from typing import Any

from pydantic import BaseModel

from lms_app.api.problems import MEDIA_TYPE

SENTENCES = {
    400: "The request cannot be read.",
    401: "No token, or one that has ended.",
    403: "The account may not do this.",
    404: "There is no such thing that the account may see.",
    409: "It is no longer, or not yet, in a state that allows this.",
    413: "The request is larger than what is taken here.",
    422: "The request does not have the expected shape, or a value cannot be taken.",
    429: "Too many tries. `Retry-After` says how many seconds to wait.",
}

SLUGS = {
    400: "http-400",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    409: "conflict",
    413: "too-large",
    422: "invalid",
    429: "too-many",
}


class Problem(BaseModel):
    """A refusal (RFC 9457). `fields` maps names of fields to what is wrong with them."""

    type: str
    title: str
    status: int
    fields: dict[str, str] | None = None
    reference: str | None = None


def refuses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may refuse with these statuses."""
    schema = Problem.model_json_schema()
    return {
        status: {"description": SENTENCES[status], "content": {MEDIA_TYPE: {"schema": schema, "example": _example(status)}}}
        for status in sorted({*statuses, 400, 422})
    }


def _example(status: int) -> dict[str, Any]:
    fields = {"fields": {"name": "Field required"}} if status == 422 else {}
    return {"type": f"/problems/{SLUGS[status]}", "title": SENTENCES[status], "status": status} | fields
