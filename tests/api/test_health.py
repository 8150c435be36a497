"""Whether a web process says truly what it lacks."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis
from sqlalchemy import text

from lms_app.adapters import clock, jobs
from lms_app.api.health import HEARTBEAT
from lms_app.database import transaction
from lms_app.launcher.ports import free_port
from lms_app.models import OutboxMessage
from lms_app.words import JobQueue
from tests.support.servers import TestServers
from tests.support.web import web_server


@pytest.fixture
def beating(redis_url: str) -> Iterator[redis.Redis]:
    """A cache in which a worker has left its mark."""
    with redis.Redis.from_url(f"{redis_url}/2") as client:
        client.set(HEARTBEAT, 1)
        yield client


def parts(url: str) -> tuple[int, dict[str, str]]:
    answer = httpx.get(f"{url}/readyz", timeout=10)
    return answer.status_code, answer.json()["parts"]


def test_ready_when_every_part_answers(committed_database: str, beating: redis.Redis, tmp_path: Path) -> None:
    with web_server("tests.wire.site:app", tmp_path, REFLEX_WEB_WORKDIR=str(tmp_path)) as server:
        assert parts(server.url) == (200, dict.fromkeys(("database", "migrations", "state", "broker", "cache", "worker"), "ok"))
        beating.delete(HEARTBEAT)
        status, found = parts(server.url)
        assert status == 503
        assert found["worker"] == "no worker in the last 30 s"


def test_names_the_database_and_the_broker_when_they_are_away(servers: TestServers, beating: redis.Redis, tmp_path: Path) -> None:
    away = {"DATABASE_URL": f"postgresql://x@127.0.0.1:{free_port()}/x", "BROKER_REDIS_URL": f"redis://127.0.0.1:{free_port()}"}
    with web_server("tests.wire.site:app", tmp_path, REFLEX_WEB_WORKDIR=str(tmp_path), **away) as server:
        status, found = parts(server.url)
        assert status == 503
        assert {name for name, finding in found.items() if finding != "ok"} == {"database", "migrations", "broker"}
        assert httpx.get(f"{server.url}/healthz").status_code == 200


def test_says_which_migrations_are_missing(committed_database: str, beating: redis.Redis, tmp_path: Path) -> None:
    with transaction() as session:
        session.connection().execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num text)"))
        session.connection().execute(text("DELETE FROM alembic_version"))
        session.connection().execute(text("INSERT INTO alembic_version VALUES ('long-ago')"))
    with web_server("tests.wire.site:app", tmp_path, REFLEX_WEB_WORKDIR=str(tmp_path)) as server:
        assert parts(server.url)[1]["migrations"].startswith("at long-ago, needs ")


def test_the_metrics_count_jobs_that_wait_and_jobs_that_are_parked(committed_database: str, beating: redis.Redis, tmp_path: Path) -> None:
    with transaction() as session:
        jobs.enqueue(session, "stones.polish", queue=JobQueue.DEFAULT)
        now = clock.now()
        session.add(OutboxMessage(job="stones.crush", queue=JobQueue.DEFAULT, created_at=now, not_before=now, parked_at=now, last_error="It broke."))
    with web_server("tests.wire.site:app", tmp_path, REFLEX_WEB_WORKDIR=str(tmp_path)) as server:
        told = httpx.get(f"{server.url}/metrics").text
    for line in ('{state="waiting"} 1.0', '{state="failing"} 0.0', '{state="parked"} 1.0'):
        assert f"lyceum_outbox_messages{line}" in told


def test_the_metrics_do_without_a_database(servers: TestServers, beating: redis.Redis, tmp_path: Path) -> None:
    away = {"DATABASE_URL": f"postgresql://x@127.0.0.1:{free_port()}/x"}
    with web_server("tests.wire.site:app", tmp_path, REFLEX_WEB_WORKDIR=str(tmp_path), **away) as server:
        httpx.get(f"{server.url}/healthz")
        answer = httpx.get(f"{server.url}/metrics", timeout=10)
    assert answer.status_code == 200
    assert "lyceum_http_requests_total" in answer.text
    assert "lyceum_outbox_messages" not in answer.text
