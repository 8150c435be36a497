"""What decides a start: the Procfile, the lock, the environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lms_app.launcher import installation, procfile
from lms_app.launcher.commands import WORKER_NICENESS
from lms_app.launcher.failures import CannotStart
from lms_app.launcher.lock import is_held, only_launcher
from lms_app.launcher.places import PROJECT
from lms_app.words import JobQueue


def test_the_procfile_names_web_scheduler_and_a_process_for_every_queue() -> None:
    commands = procfile.read(PROJECT / "Procfile")
    assert {"web", "worker", "scheduler"} <= set(commands)
    served = [word for command in commands.values() if command[:4] == ["python", "-m", "lms_app", "worker"] for word in command[4:]]
    assert sorted(served) == sorted(JobQueue)
    assert not [command for command in commands.values() if {"certificates", "analytics"} <= set(command)], "certificates wait behind nothing slow"


def test_a_broken_procfile_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("# ours\nweb: run it\nworker\n")
    with pytest.raises(CannotStart, match="Line 3"):
        procfile.read(tmp_path / "Procfile")


def test_a_data_folder_has_one_launcher(tmp_path: Path) -> None:
    with only_launcher(tmp_path, address="http://localhost:8000"):
        assert is_held(tmp_path)
        with pytest.raises(CannotStart, match=r"already runs from this folder.*http://localhost:8000"), only_launcher(tmp_path):
            pass
    assert not is_held(tmp_path)


@pytest.mark.parametrize(
    ("environment", "postgres", "valkey"),
    [
        ({}, True, True),
        ({"DATABASE_URL": "postgresql://there"}, False, True),
        ({"REDIS_URL": "redis://there"}, True, False),
        ({"STATE_REDIS_URL": "redis://a", "BROKER_REDIS_URL": "redis://b"}, True, True),
        ({"STATE_REDIS_URL": "redis://a", "BROKER_REDIS_URL": "redis://b", "CACHE_REDIS_URL": "redis://c"}, True, False),
    ],
)
def test_a_server_that_is_given_is_not_started(environment: dict[str, str], postgres: bool, valkey: bool) -> None:
    assert installation.needs_postgres(environment) == postgres
    assert installation.needs_valkey(environment) == valkey


def test_the_demo_campus_is_for_our_own_servers_unless_asked_for(tmp_path: Path) -> None:
    theirs = {"DATABASE_URL": "postgresql://there"}
    assert installation.settings_for(tmp_path, environment={})["DEMO"] == "1"
    assert installation.settings_for(tmp_path, environment={"DEMO": "0"})["DEMO"] == "0"
    assert "DEMO" not in installation.settings_for(tmp_path, environment=theirs)
    assert "INSTRUCTORS" not in installation.settings_for(tmp_path, environment=theirs)


def test_secrets_that_are_given_win_over_those_that_were_made(tmp_path: Path) -> None:
    assert installation.settings_for(tmp_path, environment={"STATE_KEY": "mine"})["STATE_KEY"] == "mine"
    made = installation.settings_for(tmp_path, environment={"STATE_KEY": ""})["STATE_KEY"]
    assert made == installation.settings_for(tmp_path, environment={})["STATE_KEY"] != ""


NICEST = 19
"""As far as a process can step back."""

STEPS_BACK = """
import subprocess, sys
from pathlib import Path
step = (
    "import os; from pathlib import Path; from lms_app.launcher import commands;"
    "commands._step_back(); print(os.nice(0), Path('/proc/self/autogroup').read_text())"
)
for own in (False, True):
    said = subprocess.check_output([sys.executable, "-c", step], text=True, start_new_session=own)
    print(*said.split(), *Path("/proc/self/autogroup").read_text().split())
"""


def shares_cores_out_by_session() -> bool:
    autogroup = Path("/proc/self/autogroup")
    return autogroup.exists() and autogroup.read_text().startswith("/autogroup")


@pytest.mark.skipif(not shares_cores_out_by_session(), reason="This system does not share cores out by session.")
def test_a_worker_takes_its_own_session_back_with_it_and_nobody_elses() -> None:
    said = subprocess.check_output([sys.executable, "-c", STEPS_BACK], cwd=PROJECT, text=True, start_new_session=True).splitlines()
    # Of a worker in somebody's session, and of one in its own: how nice it is, how nice its session is, and how nice the one that it came from is.
    nice, stepped_back = str(min(os.nice(0) + WORKER_NICENESS, NICEST)), str(WORKER_NICENESS)
    assert [(line.split()[0], line.split()[3], line.split()[6]) for line in said] == [(nice, "0", "0"), (nice, stepped_back, "0")]
