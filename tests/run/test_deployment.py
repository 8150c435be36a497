"""The files by which Lyceum is tested elsewhere and put on servers: what they name exists, and every process has its place."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from lms_app.cli import app
from lms_app.launcher.places import PROJECT
from lms_app.settings import Settings

WORKFLOWS = sorted((PROJECT / ".github/workflows").glob("*.yml"))
COMPOSE = PROJECT / "deploy/compose.yml"
CLUSTER = PROJECT / "deploy/kubernetes/lyceum.yaml"
MIGRATE = PROJECT / "deploy/kubernetes/migrate.yaml"
SCRIPTS = (PROJECT / "deploy/roll-out", PROJECT / "deploy/back-up")
FILES = [*WORKFLOWS, COMPOSE, CLUSTER, MIGRATE, PROJECT / "deploy/kubernetes/kustomization.yaml"]
RUNNING = (PROJECT / "docs/running.md").read_text()
COMMANDS = set(getattr(get_command(app), "commands", {}))
SETTINGS = {name.upper() for name in Settings.model_fields}
PROCESSES = {tuple(line.split("lms_app ")[1].split()) for line in (PROJECT / "Procfile").read_text().splitlines()}
OURS = re.compile(r"(?<![\w/.-])((?:\.ci|bin|deploy|docs|lms_app|bench)/[\w./-]*\w)")


def documents(file: Path) -> list[Any]:
    """What a file says."""
    return list(yaml.safe_load_all(file.read_text()))


def steps() -> Iterator[dict[str, Any]]:
    """Every step of every workflow."""
    for file in WORKFLOWS:
        for job in documents(file)[0]["jobs"].values():
            yield from job.get("steps", [])


def containers(file: Path) -> list[tuple[str, ...]]:
    """What the containers of a manifest run."""
    found = []
    for document in documents(file):
        if document["kind"] in ("Deployment", "Job"):
            found += [tuple(container["args"]) for container in document["spec"]["template"]["spec"]["containers"]]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_it_can_be_read_and_names_what_exists(file: Path) -> None:
    assert all(documents(file))
    for name in OURS.findall(file.read_text()):
        assert (PROJECT / name).exists(), name


def test_workflows_run_what_exists_and_only_what_is_pinned_to_a_version() -> None:
    targets = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    called: set[str] = set()
    for step in steps():
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]), step["uses"]
        for line in step.get("run", "").splitlines():
            words = shlex.split(line)
            called |= {words[0]}
            if words[0] == "make":
                assert words[1] in targets
            if words[0].startswith((".ci", "bin/", "deploy/")):
                assert os.access(PROJECT / words[0], os.X_OK)
    assert ".ci/run" in called
    for job in documents(WORKFLOWS[1])[0]["jobs"].values():
        assert "uses" not in job or (PROJECT / job["uses"]).is_file()


def test_a_tag_is_tested_before_it_is_pushed_and_pushed_before_it_is_rolled_out() -> None:
    deploy = documents(PROJECT / ".github/workflows/deploy.yml")[0]
    assert deploy[True] == {"push": {"tags": ["v*"]}}  # In YAML 1.1 the word `on` is true.
    jobs = deploy["jobs"]
    assert (jobs["image"]["needs"], jobs["roll-out"]["needs"]) == ("test", "image")
    assert documents(PROJECT / ".github/workflows/ci.yml")[0][True].keys() >= {"push", "pull_request", "workflow_call"}


def test_what_the_workflows_need_is_told() -> None:
    needed = {name for file in WORKFLOWS for name in re.findall(r"(?:vars|secrets)\.(\w+)", file.read_text())}
    assert needed
    assert {name for name in needed if f"`{name}`" not in RUNNING} == set()


def test_every_process_runs_in_every_way_of_running() -> None:
    services = documents(COMPOSE)[0]["services"]
    ours = {tuple(service["command"].split()) for service in services.values() if service["image"].startswith("${LYCEUM_IMAGE")}
    assert ours == PROCESSES | {("migrate",)}
    assert set(containers(CLUSTER)) == PROCESSES
    assert containers(MIGRATE) == [("migrate",)]
    assert {command for command, *_ in ours} <= COMMANDS


def test_settings_in_the_files_are_settings() -> None:
    services = documents(COMPOSE)[0]["services"]
    given = set(services["web"]["environment"]) | names_in(PROJECT / "deploy/lyceum.env.example")
    assert given <= SETTINGS
    required = {name.upper() for name, field in Settings.model_fields.items() if field.is_required()}
    assert required <= given
    asked = set(re.findall(r"\$\{(\w+)\}", COMPOSE.read_text()))
    assert asked == names_in(PROJECT / "deploy/.env.example")


def names_in(file: Path) -> set[str]:
    return {line.partition("=")[0] for line in file.read_text().splitlines() if line and not line.startswith("#")}


def test_only_web_processes_answer_the_images_health_check() -> None:
    services = documents(COMPOSE)[0]["services"]
    checked = {name for name, service in services.items() if service["image"].startswith("${LYCEUM") and not service["healthcheck"].get("disable")}
    assert checked == {"web"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_the_scripts_are_shell_and_may_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", str(script)], check=True)


FAKE = """#!/bin/sh
echo "$LYCEUM_IMAGE $*" >> "$TOLD"
case "$LYCEUM_IMAGE $*" in
    *broken*exec*) exit 1 ;;
    *broken*up*) exit 1 ;;
esac
"""


def rolled_out(folder: Path, image: str) -> tuple[int, list[str]]:
    """Rolls `image` out with an engine that notes what it is told, on which no image named broken gets ready."""
    engine = folder / "engine"
    if not engine.exists():
        engine.mkdir()
        (engine / "docker").write_text(FAKE)
        (engine / "docker").chmod(0o755)
        (folder / "deploy").mkdir()
        script = folder / "deploy/roll-out"
        script.write_bytes(SCRIPTS[0].read_bytes())
        script.chmod(0o755)
    told = folder / "told"
    told.unlink(missing_ok=True)
    env = os.environ | {"PATH": f"{engine}:{os.environ['PATH']}", "TOLD": str(told)}
    done = subprocess.run([folder / "deploy/roll-out", image], env=env, capture_output=True, text=True, timeout=60)
    return done.returncode, told.read_text().splitlines()


def test_a_rollout_migrates_then_renews_then_asks_whether_all_is_well(tmp_path: Path) -> None:
    code, told = rolled_out(tmp_path, "lyceum:v1")
    assert code == 0
    assert [line.split()[4] for line in told] == ["pull", "run", "up", "exec"]
    assert (tmp_path / "deploy/running").read_text() == "lyceum:v1\n"


def test_a_version_that_is_not_ready_is_taken_back(tmp_path: Path) -> None:
    rolled_out(tmp_path, "lyceum:v1")
    code, told = rolled_out(tmp_path, "lyceum:broken")
    assert code == 1
    assert told[-1].startswith("lyceum:v1 compose")
    assert (tmp_path / "deploy/running").read_text() == "lyceum:v1\n"
