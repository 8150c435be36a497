"""`python -m lms_app import`: JSON alone on stdout, refusals on stderr."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select

from lms_app.database import transaction
from lms_app.launcher.places import PROJECT
from lms_app.models import Course, Membership
from lms_app.words import Status
from tests.interchange.olx_builder import build_short_course, pack

OWNER = "teacher@example.org"


@pytest.fixture
def owner(committed_database: str, redis_url: str) -> None:
    from lms_app.domain.people.registration import create_person

    with transaction() as session:
        create_person(session, name="Ines Teacher", email=OWNER, password_hash=None, can_teach=True)
        create_person(session, name="Ada Learner", email="student@example.org", password_hash=None)


def run(tmp_path: Path, *arguments: str, command: str = "import") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"STORAGE_DIR": str(tmp_path / "storage")}
    return subprocess.run(
        [sys.executable, "-m", "lms_app", command, *arguments], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.usefixtures("owner")
def test_the_short_course_is_reported_as_json_alone(tmp_path: Path) -> None:
    done = run(tmp_path, str(build_short_course(tmp_path)), "--owner", OWNER.upper(), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {name: report["course"][name] for name in ("slug", "modules", "lessons", "pages", "questions")} == {
        "slug": "the-autumn-sky", "modules": 2, "lessons": 2, "pages": 3, "questions": 8,
    }  # fmt: skip
    assert report["missing_files"] == ["orion.png"]
    assert {"kind", "title", "place"} <= set(report["unsupported"][0])
    with transaction() as session:
        course = session.exec(select(Course)).one()
        assert (str(course.id), course.status) == (report["course"]["id"], Status.DRAFT)
        assert session.exec(select(Membership)).one().course_id == course.id


@pytest.mark.usefixtures("owner")
def test_a_course_is_written_into_a_file_that_an_import_takes(tmp_path: Path) -> None:
    assert run(tmp_path, str(build_short_course(tmp_path)), "--owner", OWNER, "--json").returncode == 0
    out = tmp_path / "sky.lyceum.zip"
    done = run(tmp_path, "the-autumn-sky", "--owner", OWNER, "--out", str(out), "--json", command="export")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["format"], report["size"], report["unsupported"]) == ("lyceum", out.stat().st_size, [])
    again = json.loads(run(tmp_path, str(out), "--owner", OWNER, "--format", "lyceum", "--json").stdout)
    for name in ("title", "modules", "pages", "questions"):
        assert again["course"][name] == report["course"][name]


@pytest.mark.usefixtures("owner")
def test_what_cannot_be_written_gets_a_sentence_and_leaves_no_file(tmp_path: Path) -> None:
    refused(run(tmp_path, "no-such-course", "--owner", OWNER, "--out", str(tmp_path / "out.zip"), "--json", command="export"))
    assert not (tmp_path / "out.zip").exists()


@pytest.mark.usefixtures("owner")
def test_the_demo_course_is_reported_with_the_counts_that_are_known(tmp_path: Path, trial_data: Path) -> None:
    done = run(tmp_path, str(trial_data / "olx" / "openedx-demo-course.tar.gz"), "--owner", OWNER, "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)["course"]
    assert [counts[name] for name in ("modules", "lessons", "pages", "questions")] == [6, 17, 58, 28]


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    ("who", "sentence"),
    [("nobody@example.org", "Nobody here has that e-mail address."), ("student@example.org", "Your account may not do this.")],
)
def test_somebody_who_does_not_teach_here_gets_a_sentence(tmp_path: Path, who: str, sentence: str) -> None:
    assert refused(run(tmp_path, str(build_short_course(tmp_path)), "--owner", who, "--json")) == sentence


@pytest.mark.usefixtures("owner")
def test_a_harmful_archive_gets_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    refused(run(tmp_path, str(pack(tmp_path / "x.tar.gz", {"../outside.xml": "<course/>"})), "--owner", OWNER, "--json"))
    refused(run(tmp_path, str(tmp_path / "absent.tar.gz"), "--owner", OWNER, "--json"))
    assert not [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The sentence with which a command was refused, having changed nothing."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.strip().endswith(".")
    assert "Traceback" not in done.stderr
    with transaction() as session:
        assert session.exec(select(Course)).all() == []
    return done.stderr.strip()


def test_without_servers_the_command_starts_its_own(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")} | {"VAR_DIR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "lms_app", "import", str(build_short_course(tmp_path)), "--owner", "nobody@example.org", "--json"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nobody here has that e-mail address." in done.stderr
