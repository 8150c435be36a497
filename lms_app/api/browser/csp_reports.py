"""Where browsers report what the Content-Security-Policy kept from loading. A browser test fails on any report."""

from urllib.parse import urlsplit

import orjson
import structlog
from fastapi import APIRouter, Request, Response

router = APIRouter()
log = structlog.get_logger(__name__)

LIMIT = 16_384
"""Longest report read, in bytes."""


@router.post("/csp-reports", status_code=204)
async def take_report(request: Request) -> Response:
    """Logs a report: the directive and where the blocked thing would have come from, without the addresses' paths and queries."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT:
            return Response(status_code=413)
    try:
        said = orjson.loads(body)
        report = said.get("csp-report") or said.get("body") or {}
        directive = str(report.get("effective-directive") or report.get("violated-directive") or "")
        blocked = str(report.get("blocked-uri") or "")
    except (ValueError, AttributeError):
        return Response(status_code=400)
    log.warning("csp_violation", directive=directive[:80], blocked=_origin(blocked), line=_number(report.get("line-number")))
    return Response(status_code=204)


def _origin(address: str) -> str:
    parts = urlsplit(address[:500])
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else address[:40]


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
