"""What every request meets first and every response carries: origin checks, security headers, caching, one log line, figures."""

import os
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import structlog
from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders

from lms_app.api import addresses, figures
from lms_app.api.policy import FOR_DATA, PagePolicies
from lms_app.api.problems import fault, problem
from lms_app.api.sockets import OpenSockets

log = structlog.get_logger(__name__)

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

CSP_REPORTS = "/v/csp-reports"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_SENT = 1 << 20
"""Bytes that one request to our routes may send. Course archives (lms_app/api/browser/imports.py), files that are handed in (handed_in.py there) and
files of courses (media.py there) have limits of their own."""
FILES = re.compile(r"/v/(?:imports|attempts/[0-9a-fA-F-]{36}/files|courses/[0-9a-fA-F-]{36}/media)")
QUIET = frozenset({"/healthz", "/readyz", "/metrics", "/ping"})

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    # Not stricter: embedded players refuse to play where they are not told the embedding site.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"
TRY_AGAIN_LATER = 1013
TOO_LARGE = "This is more than can be sent at once."
IMMUTABLE = "public, max-age=31536000, immutable"
LASTING = ("/assets/", "/fonts/")
"""Folders whose files carry a hash or a version in their names."""


def built_pages() -> Path:
    """Folder of the built pages."""
    return Path(os.environ.get("REFLEX_WEB_WORKDIR", ".web")) / "build" / "client"


def protect(inner: Asgi) -> Asgi:
    """`inner` behind the walls. The built pages are read now."""
    policies = PagePolicies(built_pages())
    sockets = OpenSockets()

    async def walled(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _http(inner, policies, addresses.resolve(scope), receive, send)
        elif scope["type"] == "websocket":
            await _websocket(inner, sockets, addresses.resolve(scope), receive, send)
        else:
            await inner(scope, receive, send)

    return walled


async def _websocket(inner: Asgi, sockets: OpenSockets, scope: Scope, receive: Receive, send: Send) -> None:
    """A socket carries the cookie whichever page opens it, so only our own pages may, and nobody opens them without end."""
    if not addresses.has_our_origin(scope):
        log.warning("socket_refused", why="origin")
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "origin"})
        return
    if why := sockets.refusal(scope):
        log.warning("socket_refused", why=why)
        await receive()
        # Accepted first: a browser is told the reason of a close, of a refused handshake it is told nothing.
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": TRY_AGAIN_LATER, "reason": why})
        return
    with sockets.counted(scope):
        await inner(scope, receive, send)


async def _http(inner: Asgi, policies: PagePolicies, scope: Scope, receive: Receive, send: Send) -> None:
    path: str = scope["path"]
    started = time.perf_counter()
    status, ended = 0, False

    async def send_with_headers(message: Message) -> None:
        nonlocal status, ended
        ended = message["type"] == "http.response.body" and not message.get("more_body")
        if message["type"] == "http.response.start":
            status = message["status"]
            _add_headers(MutableHeaders(raw=message.setdefault("headers", [])), policies, scope, status)
        await send(message)

    try:
        if _is_foreign_write(scope):
            await problem(403, "foreign", "This can only be asked for by our own pages.")(scope, receive, send_with_headers)
        elif _is_too_large(scope):
            await problem(413, "too-large", TOO_LARGE)(scope, receive, send_with_headers)
        else:
            await inner(scope, _bounded(receive) if _has_limit(path) else receive, send_with_headers)
    except Exception as error:
        answer = fault(error, method=scope["method"], area=figures.area(path))
        if status and not ended:
            raise
        if not status:
            await answer(scope, receive, send_with_headers)
    finally:
        seconds = time.perf_counter() - started
        figures.count_request(scope["method"], path, status, seconds)
        if path not in QUIET and not path.startswith(LASTING):
            log.info("request", method=scope["method"], area=figures.area(path), status=status, ms=round(seconds * 1000, 1))


def _is_foreign_write(scope: Scope) -> bool:
    """Whether a write to our pages' routes comes from somewhere else: a form of another site can send our cookie but neither header."""
    path: str = scope["path"]
    if not path.startswith("/v/") or scope["method"] in SAFE_METHODS or path == CSP_REPORTS:
        return False
    return Headers(scope=scope).get("x-lyceum") != "1" or not addresses.has_our_origin(scope)


def _has_limit(path: str) -> bool:
    return path.startswith(("/v/", "/api/")) and not FILES.fullmatch(path)


def _is_too_large(scope: Scope) -> bool:
    declared = Headers(scope=scope).get("content-length", "")
    return _has_limit(scope["path"]) and declared.isdecimal() and (len(declared) > 12 or int(declared) > MOST_SENT)


def _bounded(receive: Receive) -> Receive:
    """`receive` for a body that does not say its length: it is read no further than the limit."""
    size = 0

    async def bounded() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MOST_SENT:
            raise HTTPException(413, TOO_LARGE)
        return message

    return bounded


def _is_page(path: str, status: int, headers: MutableHeaders) -> bool:
    # A 304 names no content type, yet its policy replaces that of the page which the browser kept.
    return headers.get("content-type", "").startswith("text/html") or (status == 304 and "." not in path.rpartition("/")[2])


def _add_headers(headers: MutableHeaders, policies: PagePolicies, scope: Scope, status: int) -> None:
    for name, value in EVERYWHERE.items():
        headers.setdefault(name, value)
    secure = addresses.is_secure(scope)
    if secure:
        headers["Strict-Transport-Security"] = HSTS
    path: str = scope["path"]
    is_data = path.startswith(("/v/", "/api/"))
    if "content-security-policy" not in headers:
        is_page = not is_data and _is_page(path, status, headers)
        host = Headers(scope=scope).get("host", "")
        headers["Content-Security-Policy"] = policies.policy(path, host, secure=secure) if is_page else FOR_DATA
    if "cache-control" not in headers:
        if path.startswith(LASTING) and status in {200, 206, 304}:
            headers["Cache-Control"] = IMMUTABLE
        else:
            headers["Cache-Control"] = "no-store" if is_data else "no-cache"
