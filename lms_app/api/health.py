"""Whether this process lives, and whether all that it needs answers."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path

import redis.asyncio
from alembic.script import ScriptDirectory
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from lms_app import database
from lms_app.adapters import jobs
from lms_app.api import addresses, figures
from lms_app.api.problems import problem
from lms_app.crossing import cross_plain
from lms_app.domain.analytics import audit
from lms_app.settings import get_settings

router = APIRouter()

MIGRATIONS = Path(__file__).parents[2] / "alembic"
HEARTBEAT = "lyceum:worker:alive"
PATIENCE = 3.0
"""Seconds that a part may take to answer."""


@router.get("/healthz")
async def alive() -> JSONResponse:
    """200 as long as this process answers."""
    return JSONResponse({"alive": True})


@router.get("/readyz")
async def ready() -> JSONResponse:
    """200 when every part answers; else 503. `parts` says of each "ok" or what is missing."""
    names = list(PARTS)
    findings = await asyncio.gather(*(_asked(PARTS[name]) for name in names))
    parts = dict(zip(names, findings, strict=True))
    is_ready = all(finding == "ok" for finding in parts.values())
    return JSONResponse({"ready": is_ready, "parts": parts}, 200 if is_ready else 503)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Figures for Prometheus, told on this machine only."""
    if not addresses.is_from_here(request.scope):
        return problem(404, "http-404", "Not Found")
    try:
        async with asyncio.timeout(PATIENCE):
            backlog, drifted = await cross_plain(jobs.backlog), await cross_plain(audit.drifted_runs)
    except Exception:
        # A database that is away takes none of the other figures along.
        backlog, drifted = None, 0
    return Response(figures.exposition(backlog, drifted), media_type=figures.CONTENT_TYPE)


async def _asked(part: Callable[[], Awaitable[str]]) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await part()
    except Exception as error:
        return f"does not answer ({type(error).__name__})"


async def _database() -> str:
    await cross_plain(database.applied_migrations)
    return "ok"


async def _migrations() -> str:
    at = await cross_plain(database.applied_migrations)
    return "ok" if at == _heads() else f"at {', '.join(sorted(at)) or 'nothing'}, needs {', '.join(sorted(_heads()))}"


@lru_cache(maxsize=1)
def _heads() -> frozenset[str]:
    return frozenset(ScriptDirectory(str(MIGRATIONS)).get_heads())


async def _redis(url: str) -> str:
    client = redis.asyncio.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    try:
        await client.execute_command("PING")
    finally:
        await client.aclose()
    return "ok"


async def _worker() -> str:
    client = redis.asyncio.Redis.from_url(get_settings().cache_redis_url, socket_timeout=2, socket_connect_timeout=2)
    try:
        return "ok" if await client.get(HEARTBEAT) else "no worker in the last 30 s"
    finally:
        await client.aclose()


PARTS: dict[str, Callable[[], Awaitable[str]]] = {
    "database": _database,
    "migrations": _migrations,
    "state": lambda: _redis(get_settings().state_redis_url),
    "broker": lambda: _redis(get_settings().broker_redis_url),
    "cache": lambda: _redis(get_settings().cache_redis_url),
    "worker": _worker,
}
