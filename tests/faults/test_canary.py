"""Marked personal data goes the whole way; then nothing that lies on a disk may hold it, in any form."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx
import psycopg2
import pytest
import redis

from lms_app.adapters import jobs, storage, tokens
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import enrollments
from lms_app.domain.enrollments.progress import ISSUE
from lms_app.domain.notifications import mailbox
from lms_app.domain.people import profile
from lms_app.domain.people.registration import find_person
from lms_app.launcher.places import PROJECT
from lms_app.models import Certificate, Enrollment
from lms_app.words import JobQueue, Role
from tests.support.campus import new_campus
from tests.support.servers import TestServers, forget_connections, reachable_folder
from tests.support.traces import forms, traces
from tests.support.web import ROOT, Tab, WebServer, web_server

T = TypeVar("T")

NAME, EMAIL = "Zylphrena Quombat-Ödegård", "zylphrena.quombat@canary.example"
BIO, NETWORK = "Vexillology by moonlight, eight thousand flags", "203.0.113.219"
PASSWORD, NEW_PASSWORD = "quartz heron nineteen lamps", "basalt heron twenty lamps"
MARKS = (NAME, NAME.split()[0], EMAIL, BIO, NETWORK, PASSWORD, NEW_PASSWORD)

VIEWER = f"{ROOT}.lms_app___web___viewer_state____viewer_state"
PROFILE = f"{ROOT}.lms_app___web___student___profile_state____profile_state"


@dataclass
class Installation:
    """A running installation of its own, and every folder that it writes to."""

    servers: TestServers
    web: WebServer
    folder: Path
    pages: Path


@pytest.fixture(scope="module")
def installation(database: str, pages: Path) -> Iterator[Installation]:
    """Servers, web and worker, with mail caught in the database and the network address taken from a proxy's header."""
    with ExitStack() as ending:
        folder = ending.enter_context(reachable_folder("lyceum-canary-"))
        servers = TestServers(folder)
        servers.start()
        ending.callback(servers.stop)
        environment = {
            "DATABASE_URL": servers.clone("canary"),
            "REDIS_URL": servers.valkey.url,
            "VAR_DIR": str(folder / "var"),
            "DEMO": "1",
            "TRUSTED_PROXIES": "127.0.0.0/8",
            "LOG_LEVEL": "DEBUG",
            "REFLEX_WEB_WORKDIR": str(pages),
        }
        kept = {name: os.environ.get(name) for name in environment}
        os.environ |= environment
        ending.callback(_put_back, kept)
        forget_connections()
        web = ending.enter_context(web_server("lms_app.lms_app:app", folder, **environment))
        with (folder / "worker.log").open("wb") as log:
            command = [sys.executable, "-m", "lms_app", "worker", "certificates", "notifications", "default", "analytics"]
            worker = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        ending.callback(worker.wait, 20)
        ending.callback(worker.terminate)
        yield Installation(servers, web, folder, pages)


def test_no_disk_holds_personal_data_that_can_be_read(installation: Installation) -> None:
    asyncio.run(_go_the_whole_way(installation.web))
    places = _on_disk(installation)
    assert set(traces(MARKS, *places)) == set()

    # The search can find: the same words, planted once in each kind of place.
    _plant(installation)
    places = _on_disk(installation)
    found = {_kind(installation, path) for word, path in traces([NAME], *places) if word == NAME}
    assert {"postgres", "dump", "valkey", "log", "storage"} <= found


@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_the_search_knows_every_form(tmp_path: Path, before: str) -> None:
    import base64
    import json

    planted = f"{before}{NAME}, and more"
    for number, data in enumerate(
        [
            planted.encode(),
            planted.encode("utf-16-le"),
            planted.encode("utf-16-be"),
            base64.b64encode(planted.encode()),
            base64.b64encode(planted.encode("utf-16-le")),
            json.dumps(planted).encode(),
            planted.encode().hex().encode(),
            planted.upper().encode(),
        ]
    ):
        path = tmp_path / f"{number}"
        path.write_bytes(b"\x01\x02" + data)
        assert list(traces([NAME], path)) == [(NAME, path)], number
    assert all(len(form) >= 8 for form in forms(NAME))


async def _go_the_whole_way(web: WebServer) -> None:
    """Registers, signs in with a wrong and a right password, changes things, takes a course, earns a certificate; opens pages that show it all."""
    headers = {"Origin": web.url, "X-Lyceum": "1", "X-Forwarded-For": NETWORK, "User-Agent": "Canary browser"}
    async with httpx.AsyncClient(base_url=web.url, headers=headers, timeout=20) as browser:
        await _ok(browser.post("/v/register", json={"name": NAME, "email": EMAIL, "teach": True, "time_zone": "Europe/Oslo"}))
        await _ok(browser.post("/v/confirm", json={"secret": _secret(1), "password": PASSWORD}))
        refused = await browser.post("/v/sign-in", json={"email": EMAIL, "password": "not " + PASSWORD})
        assert refused.status_code == 422
        await browser.post("/v/register", json={"name": NAME, "email": EMAIL, "password": PASSWORD, "time_zone": "No/Where"})
        await browser.post("/v/sign-in", json={"email": EMAIL, "password": PASSWORD, "network": NETWORK, "name": NAME})
        await browser.post("/v/reset", json={"email": EMAIL})
        await _ok(browser.post("/v/reset/new", json={"secret": _secret(2), "password": NEW_PASSWORD}))
        await _ok(browser.post("/v/sign-in", json={"email": EMAIL, "password": NEW_PASSWORD}))
        await _ok(browser.post("/v/password", json={"current": NEW_PASSWORD, "password": PASSWORD}))
        pair = await browser.post("/api/v1/tokens", json={"email": EMAIL, "password": PASSWORD})
        assert pair.status_code == 201
        await _ok(browser.get("/api/v1/me", headers={"Authorization": f"Bearer {pair.json()['access_token']}"}))
        code = await asyncio.to_thread(_learn)
        certificate = await browser.get(f"/v/certificates/{code}.pdf")
        assert certificate.content.startswith(b"%PDF")
        await _ok(browser.get("/v/palette", params={"q": NAME}))
        async with Tab(web, f"{tokens.cookie_name()}={browser.cookies[tokens.cookie_name()]}") as tab:
            await tab.send(f"{VIEWER}.load")
            await tab.wait(lambda: tab.value(VIEWER, "name") == NAME, 15)
            await tab.send(f"{PROFILE}.load")
            await tab.wait(lambda: tab.value(PROFILE, "ready") is True, 15)
            assert NETWORK in str(tab.state)
            assert BIO in str(tab.state)
            # Wrong in shape and in content, with the words in them: what is logged of a refusal?
            await tab.send(f"{PROFILE}.save", form={"name": NAME}, extra=EMAIL)
            await tab.send(f"{PROFILE}.end_login", login_id=NAME)
            await tab.send(f"{PROFILE}.{NAME}", login_id=NAME)
            await tab.send(f"{VIEWER}.load")
            await asyncio.sleep(1)


async def _ok(asked) -> None:  # pyright: ignore[reportMissingParameterType]
    answer = await asked
    assert answer.status_code == 200, answer.text


def _secret(count: int) -> str:
    """The secret in the newest of so many mails: the worker has sent them all."""

    def newest() -> str | None:
        with transaction() as session:
            lines = mailbox.caught(session, None)
            if len([line for line in lines if line.recipient == EMAIL]) < count:
                return None
            parts = mailbox.read(session, None, UUID(lines[0].id)).parts
        links = [part.href for part in parts if "#" in part.href]
        return links[0].partition("#")[2] if links else None

    return _awaited(newest)


def _learn() -> str:
    """Takes a course and completes it; gives the certificate's code once the worker has made the file."""
    with transaction() as session:
        person = find_person(session, EMAIL)
        assert person is not None
        learner = Actor(person_id=person.id, roles=frozenset({Role.STUDENT}))
        profile.save(session, learner, name=NAME, bio=BIO, time_zone="Europe/Oslo")
        campus = new_campus(session)
        enrollment = session.get_one(Enrollment, enrollments.enroll(session, learner, campus.slug))
        enrollment.completed_at = enrollment.enrolled_at
        session.add(enrollment)
        jobs.enqueue(session, ISSUE, queue=JobQueue.CERTIFICATES, enrollment_id=str(enrollment.id))

    def made() -> str | None:
        from sqlmodel import select

        with transaction() as session:
            certificate = session.exec(select(Certificate).where(Certificate.file_id != None)).first()  # noqa: E711
            return certificate.code if certificate else None

    return _awaited(made)


def _awaited(ask: Callable[[], T | None], seconds: float = 30) -> T:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if (found := ask()) is not None:
            return found
        time.sleep(0.2)
    raise AssertionError("It did not happen.")


def _on_disk(installation: Installation) -> list[Path]:
    """Everything that lies on a disk now, all of it written out: servers' folders, logs, storage, a dump, the built pages."""
    address = os.environ["DATABASE_URL"].replace("postgresql+psycopg2://", "postgresql://")
    connection = psycopg2.connect(installation.servers.postgres.url_of("postgres"))
    connection.autocommit = True
    connection.cursor().execute("CHECKPOINT")
    connection.close()
    dump = installation.folder / "dump.sql"
    subprocess.run([installation.servers.postgres.bin / "pg_dump", "--file", dump, address], check=True)
    with redis.Redis.from_url(installation.servers.valkey.url) as valkey:
        # Compressed values would hide from the search.
        valkey.config_set("rdbcompression", "no")
        valkey.save()
    return [installation.folder, installation.pages / "build"]


def _plant(installation: Installation) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"].replace("postgresql+psycopg2://", "postgresql://"))
    with connection, connection.cursor() as cursor:
        cursor.execute("UPDATE courses SET summary = %s", (NAME,))
    connection.close()
    with redis.Redis.from_url(installation.servers.valkey.url) as valkey:
        valkey.set("planted", NAME)
    with (installation.folder / "worker.log").open("ab") as log:
        log.write(NAME.encode())
    from lms_app.settings import get_settings

    key = storage.put(b"planted", key=b"k" * 32)
    stored = next(get_settings().storage.rglob(key))
    stored.write_bytes(stored.read_bytes() + NAME.encode())


def _kind(installation: Installation, path: Path) -> str:
    if path.is_relative_to(installation.servers.postgres.data):
        return "postgres"
    if path.is_relative_to(installation.servers.valkey.data):
        return "valkey"
    return {".sql": "dump", ".log": "log"}.get(path.suffix, "storage" if "storage" in path.parts else str(path))


def _put_back(kept: dict[str, str | None]) -> None:
    for name, value in kept.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    forget_connections()
