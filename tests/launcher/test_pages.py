"""When the pages are built, and when they are not. The builder here is a small stand-in for Reflex's command."""

import gzip
import sys
from pathlib import Path

import pytest

from lms_app.launcher.failures import CannotStart
from lms_app.launcher.pages import Pages, build_environment

# Compiles each *.py of the web folder to a script; bundles by writing them to where Reflex puts its bundle.
REFLEX = """
import os, shutil, sys
from pathlib import Path
web, work = Path("lms_app/web"), Path(".web")
done = Path("done.txt")
done.write_text((done.read_text() if done.exists() else "") + sys.argv[1] + " ")
(work / "app").mkdir(parents=True, exist_ok=True)
reference = work / "node_modules" / "swagger-ui-dist"
reference.mkdir(parents=True, exist_ok=True)
for name in ("swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE"):
    (reference / name).write_text(name)
(work / "backend").mkdir(exist_ok=True)
if "broken" in (web / "page.py").read_text():
    sys.exit("SyntaxError: broken page")
for source in web.glob("*.py"):
    (work / "app" / source.name).write_text(source.read_text().split("#")[0])
if sys.argv[1] == "export":
    shutil.rmtree(work / "build", ignore_errors=True)
    shutil.copytree(work / "app", work / "build" / "client")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("lms_app/web", "lms_app/domain", "lms_app/launcher", "assets", "reflex.lock"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "reflex.py").write_text(REFLEX)
    (tmp_path / "rxconfig.py").write_text("")
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "lms_app/web/page.py").write_text("title = 'one'\n")
    (tmp_path / "reflex.lock/package.json").write_text("{}")
    return tmp_path


def made(project: Path) -> list[str]:
    """What the builder has been asked since the last time this was asked, having been asked to make the pages current."""
    note = project / "done.txt"
    note.unlink(missing_ok=True)
    Pages(project / "var" / "pages", project).make_current()
    return note.read_text().split() if note.exists() else []


def test_unchanged_sources_are_built_once(project: Path) -> None:
    assert made(project) == ["export"]
    assert made(project) == []


def test_the_reference_of_the_rest_api_comes_with_the_pages(project: Path) -> None:
    made(project)
    folder = project / "var/pages/current/build/client/reference"
    assert (folder / "swagger-ui-bundle.js").read_text() == "swagger-ui-bundle.js"
    assert gzip.decompress((folder / "swagger-ui.css.gz").read_bytes()) == b"swagger-ui.css"


def test_a_changed_page_is_bundled_again(project: Path) -> None:
    made(project)
    (project / "lms_app/web/page.py").write_text("title = 'two'\n")
    assert made(project) == ["compile", "export"]
    assert (project / "var/pages/current/build/client/page.py").read_text() == "title = 'two'\n"


def test_a_change_that_no_page_shows_is_not_bundled_and_not_asked_about_again(project: Path) -> None:
    made(project)
    (project / "lms_app/domain/rules.py").write_text("limit = 3\n")
    assert made(project) == ["compile"]
    assert made(project) == []


def test_a_change_of_the_launcher_is_not_even_asked_about(project: Path) -> None:
    made(project)
    (project / "lms_app/launcher/run.py").write_text("x = 1\n")
    assert made(project) == []


def test_a_changed_lock_is_bundled_again_even_when_no_script_differs(project: Path) -> None:
    made(project)
    (project / "reflex.lock/package.json").write_text('{"dependencies": {}}')
    assert "export" in made(project)


def test_a_failed_build_says_why_and_keeps_what_was_served(project: Path) -> None:
    made(project)
    (project / "lms_app/web/page.py").write_text("broken")
    with pytest.raises(CannotStart, match="SyntaxError: broken page"):
        made(project)
    assert (project / "var/pages/current/build/client/page.py").read_text() == "title = 'one'\n"


def test_a_build_is_given_no_secret_and_no_server_of_the_installation(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"MASTER_KEYS": "k1:mine", "STATE_KEY": "mine", "DATABASE_URL": "postgresql://mine@127.0.0.1/mine", "STATE_REDIS_URL": "redis://mine"}
    given |= {"SMTP_URL": "smtp://mine", "BROKER_REDIS_URL": "redis://mine"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    env = build_environment(project, project)
    assert not [name for name, value in env.items() if "mine" in value]
    assert env["PATH"].startswith(str(Path(sys.executable).parent))
