"""`make run` from outside: one run is shared by the tests of this file, in their order; the last ones end it."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import sync_playwright

from lms_app.launcher.commands import WORKER_NICENESS
from lms_app.launcher.lock import is_held
from lms_app.launcher.places import PROJECT
from lms_app.launcher.ports import free_port
from lms_app.launcher.remembered import recall
from tests.support.browser import open_browser
from tests.support.running import RunningLyceum, alive, end_of
from tests.support.servers import reachable_folder

# The first start makes the demo campus.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    with reachable_folder("lyceum-run-") as folder:
        yield folder


@pytest.fixture(scope="module")
def lyceum(var: Path) -> Iterator[RunningLyceum]:
    running = RunningLyceum(var, PORT=str(free_port()))
    running.start()
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.end()


def test_the_first_start_says_what_it_does_where_to_go_and_who_to_be(lyceum: RunningLyceum) -> None:
    said = "\n".join(lyceum.lines)
    for step in ("Starting the servers", "Preparing the database", "Seeding the demo campus", "Starting the processes", "Ctrl-C ends it"):
        assert step in said
    assert lyceum.url == f"http://localhost:{lyceum.env['PORT']}"
    assert "@" in said.split(lyceum.url)[1], "the demo sign-ins"
    assert lyceum.readiness()["ready"] is True


def test_a_second_launcher_is_refused_with_a_sentence(lyceum: RunningLyceum, var: Path) -> None:
    second = RunningLyceum(var)
    second.start()
    assert second.wait_for_end() == 1
    assert "Lyceum already runs from this folder" in "\n".join(second.lines)
    assert lyceum.url in "\n".join(second.lines)
    assert lyceum.readiness()["ready"] is True


def test_a_busy_port_is_refused_with_a_sentence(lyceum: RunningLyceum, tmp_path: Path) -> None:
    other = RunningLyceum(tmp_path, PORT=lyceum.env["PORT"])
    other.start()
    assert other.wait_for_end() == 1
    assert f"Port {lyceum.env['PORT']} is in use" in "\n".join(other.lines)


@pytest.mark.parametrize("name", ["granian", "dramatiq workers.jobs --processes 1 --threads 8 --queues certificates", "workers.schedule"])
def test_a_process_that_dies_is_started_again(lyceum: RunningLyceum, name: str) -> None:
    before = lyceum.process_of(name)
    family = [before, *before.children(recursive=True)]
    before.kill()
    lyceum.wait_for(f"{_called(name)} ended unexpectedly (by SIGKILL)")
    lyceum.wait_until_well()
    assert not end_of(family), "what the dead process had started is gone too"
    assert _replaced(lyceum, name, before)


@pytest.mark.parametrize(("name", "server"), [("bin/postgres", "Postgres"), ("valkey-server", "Valkey")])
def test_a_server_that_dies_is_started_again(lyceum: RunningLyceum, name: str, server: str) -> None:
    before = lyceum.process_of(name)
    before.kill()
    lyceum.wait_for(f"{server} ended unexpectedly")
    assert _replaced(lyceum, name, before)
    lyceum.wait_until_well()


def test_jobs_step_back_behind_pages(lyceum: RunningLyceum) -> None:
    assert lyceum.process_of("--queues certificates").nice() == lyceum.process_of("granian").nice() + WORKER_NICENESS


def test_logs_and_secrets_are_kept_in_the_data_folder(lyceum: RunningLyceum, var: Path) -> None:
    assert {path.name for path in (var / "log").iterdir()} >= {"web.log", "worker.log", "scheduler.log", "postgres.log", "valkey.log"}
    for name in ("secrets.env", "servers.json"):
        assert (var / name).stat().st_mode & 0o077 == 0


def test_ctrl_c_ends_everything(lyceum: RunningLyceum, var: Path) -> None:
    processes = lyceum.processes()
    assert len(processes) >= 8
    assert lyceum.interrupt() == 0
    assert lyceum.lines[-1] == "Everything has ended."
    assert not alive(processes)
    assert not is_held(var)


@pytest.mark.timeout(180)
def test_a_warm_start_has_a_page_connected_in_ten_seconds(var: Path) -> None:
    warm = RunningLyceum(var, PORT=str(free_port()))
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        page = browser.new_page()
        allowed = 10 / _free_share_of_this_machine()
        warm.start()
        started = time.monotonic()
        try:
            warm.wait_until_ready()
            with page.expect_websocket() as socket:
                page.goto(warm.url)
            socket.value.wait_for_event("framereceived")
            assert time.monotonic() - started < allowed, "\n".join(warm.lines)
            assert "Building" not in "\n".join(warm.lines)
            assert "Preparing" not in "\n".join(warm.lines)
            assert "@" in "\n".join(warm.lines), "the demo sign-ins are said again"
            _kill_the_launcher(warm)
        finally:
            warm.end()


def _free_share_of_this_machine() -> float:
    """1 where we are alone. Where others work too we must be as much slower."""
    busy = psutil.cpu_percent(interval=2) / 100
    return 1.0 if busy < 0.25 else max(1 - busy, 0.1)


def _kill_the_launcher(running: RunningLyceum) -> None:
    """A launcher that is killed leaves nothing running: checked on a run that is there anyway."""
    assert running.process is not None
    processes = running.processes()
    assert len(processes) >= 8
    running.process.kill()
    running.process.wait()
    assert not end_of(processes)


def test_own_servers_and_port_are_honoured(committed_database: str, redis_url: str, tmp_path: Path) -> None:
    port = free_port()
    running = RunningLyceum(tmp_path, DATABASE_URL=committed_database, REDIS_URL=redis_url, PORT=str(port))
    running.start()
    try:
        running.wait_until_ready()
        commands = [" ".join(process.cmdline()) for process in running.processes()]
        assert not [command for command in commands if "postgres" in command.split(" ")[0] or "valkey-server" in command]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.status == 200
        assert not recall(tmp_path, "postgres")
        assert "Seeding" not in "\n".join(running.lines), "the demo campus is for runs on our own servers"
        assert running.process is not None
        running.process.send_signal(signal.SIGTERM)
        assert running.wait_for_end() == 0
    finally:
        running.end()


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can become somebody else. Every other test of this file has run as an ordinary user.")
def test_an_ordinary_user_can_run_it() -> None:
    with reachable_folder("lyceum-user-") as folder:
        project = _copy_project(folder / "project")
        python, settings = _python_for_others(folder / "python")
        nobody = 65534
        subprocess.run(["chown", "-R", f"{nobody}:{nobody}", str(project)], check=True)
        running = RunningLyceum(
            project / "var", project=project, python=python, PAGES_DIR=str(project / "var" / "pages"), HOME=str(project), DEMO="0", **settings
        )
        running.start(account={"user": nobody, "group": nobody, "extra_groups": []})
        try:
            running.wait_until_ready()
            assert {process.uids().effective for process in running.processes()} == {nobody}
            processes = running.processes()
            assert running.interrupt() == 0
            assert not alive(processes)
        finally:
            running.end()


def _copy_project(place: Path) -> Path:
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (PROJECT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, place / name)
    shutil.copytree(PROJECT / "var" / "pages", place / "var" / "pages")
    return place


def _python_for_others(place: Path) -> tuple[str, dict[str, str]]:
    """A copy of our Python that any account may run, and the settings with which it finds the packages."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = Path(sys.base_prefix)
    left_out = shutil.ignore_patterns("__pycache__", "test", "tests", "site-packages", "idlelib", "*.a")
    shutil.copytree(base / "lib" / version, place / "lib" / version, ignore=left_out)
    for library in (base / "lib").glob("libpython*.so*"):
        shutil.copy(library, place / "lib")
    (place / "bin").mkdir()
    shutil.copy(Path(sys.executable).resolve(), place / "bin" / version)
    packages = Path(psutil.__file__).parents[1]
    if subprocess.run(["test", "-r", str(packages / "psutil" / "__init__.py")], user=65534, group=65534, extra_groups=[], cwd="/").returncode:
        linked = place / "packages"
        if subprocess.run(["cp", "-al", str(packages), str(linked)]).returncode:
            shutil.copytree(packages, linked, symlinks=True)
        packages = linked
    return str(place / "bin" / version), {"PYTHONHOME": str(place), "PYTHONPATH": str(packages), "LD_LIBRARY_PATH": str(place / "lib")}


def _called(command: str) -> str:
    return {"granian": "web", "workers.schedule": "scheduler"}.get(command, "worker")


def _replaced(lyceum: RunningLyceum, name: str, before: psutil.Process) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if lyceum.process_of(name).pid != before.pid:
                return True
        except (AssertionError, psutil.NoSuchProcess):
            pass
        time.sleep(0.1)
    return False
