"""The pages as browsers get them: built by Reflex when what they are made of has changed, kept apart for the servers.

Two fingerprints save work. The sources' says that nothing at all has changed. When something has, the compiled scripts' says
whether it reached the pages: most changes of the domain do not, and then the slow bundling is left out.
"""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from lms_app.launcher import keys, processes
from lms_app.launcher.failures import CannotStart, last_lines
from lms_app.launcher.fingerprints import files_below, fingerprint
from lms_app.launcher.places import PROJECT

SOURCES = ("lms_app", "assets", "rxconfig.py", "requirements.txt")
# What only ever runs outside the pages. Anything else may reach a page through an import.
NOT_IN_PAGES = (
    "lms_app/launcher",
    "lms_app/models",
    "lms_app/adapters",
    "lms_app/interchange",
    "lms_app/demo",
    "lms_app/cli.py",
    "lms_app/__main__.py",
)
# Made by the build itself.
MADE = ("assets/external", "assets/tokens.css")
# Not part of what the compiler writes, or different each time.
NOT_COMPILED = (
    *("node_modules", "build", ".react-router", "reflex.json", "package.json", "package-lock.json", "react-router.config.js"),
    "reflex.install_frontend_packages.cached",
)

# Of swagger-ui-dist: what lms_app/api/reference.py serves, and its licence.
REFERENCE = ("swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE")

Say = Callable[[str], None]


class Pages:
    """The kept build of one project folder."""

    def __init__(self, kept: Path, project: Path = PROJECT) -> None:
        """`kept` is the folder of builds, see `places.pages_folder`."""
        self._project = project
        self._kept = kept
        self._log = kept / "build.log"
        self._work = project / ".web"

    @property
    def folder(self) -> Path:
        """What REFLEX_WEB_WORKDIR must name when the pages are served."""
        return self._kept / "current"

    def make_current(self, say: Say = lambda _: None) -> bool:
        """Build if needed; returns whether anything was bundled. Two builds of one folder wait for each other."""
        self._kept.mkdir(parents=True, exist_ok=True)
        with FileLock(self._kept / "lock"):
            sources, made_from = self._fingerprint_of_sources(), self._made_from()
            if sources.items() <= made_from.items():
                return False
            if made_from.get("lock") == sources["lock"] and (self._work / "node_modules").is_dir():
                self._reflex("compile", "--no-rich", say=say, doing="Checking whether the pages have changed")
                if made_from["scripts"] == self._fingerprint_of_scripts():
                    (self.folder / "made_from.json").write_text(json.dumps(made_from | sources))
                    return False
            self._reflex("export", "--frontend-only", "--no-zip", "--env", "prod", say=say, doing="Building the pages")
            # A page that needs a new package has changed the lock on the way; of the rest, what it was when we began counts.
            self._keep(sources | {"lock": self._fingerprint_of_lock()})
            return True

    def _keep(self, sources: dict[str, str]) -> None:
        fresh = self._kept / "new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(self._work / "build" / "client", fresh / "build" / "client")
        shutil.copytree(self._work / "backend", fresh / "backend")
        _copy_reference(self._work / "node_modules" / "swagger-ui-dist", fresh / "build" / "client" / "reference")
        (fresh / "made_from.json").write_text(json.dumps(sources | {"scripts": self._fingerprint_of_scripts()}))
        old = self._kept / "old"
        shutil.rmtree(old, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(old)
        fresh.rename(self.folder)
        shutil.rmtree(old, ignore_errors=True)

    def _made_from(self) -> dict[str, str]:
        try:
            return json.loads((self.folder / "made_from.json").read_text())
        except FileNotFoundError:
            return {}

    def _fingerprint_of_sources(self) -> dict[str, str]:
        files: list[Path] = []
        for name in SOURCES:
            root = self._project / name
            files += [root] if root.is_file() else files_below(root)
        left_out = tuple(self._project / name for name in (*NOT_IN_PAGES, *MADE))
        kept = (file for file in files if not any(file.is_relative_to(folder) for folder in left_out) and file.suffix != ".pyc")
        return {"code": fingerprint(self._project, kept, extra=sys.version), "lock": self._fingerprint_of_lock()}

    def _fingerprint_of_lock(self) -> str:
        return fingerprint(self._project, files_below(self._project / "reflex.lock"))

    def _fingerprint_of_scripts(self) -> str:
        left_out = tuple(self._work / name for name in NOT_COMPILED)
        kept = (file for file in files_below(self._work, left_out) if not file.name.endswith(".lock"))
        return fingerprint(self._work, kept)

    def _reflex(self, *arguments: str, say: Say, doing: str) -> None:
        command = [sys.executable, "-m", "reflex", *arguments]
        say(f"{doing} …")
        with self._log.open("wb") as log, _same_order(self._project / "reflex.lock" / "package.json"):
            process = processes.start(command, env=build_environment(self._project, self._kept), cwd=self._project, output=log)
            try:
                processes.await_end(process, lambda seconds: say(f"{doing} … {seconds:.0f} s"))
            finally:
                processes.end(process, (signal.SIGTERM, 5))
        if process.returncode:
            raise CannotStart(f"{doing} failed. The whole log is {self._log}.", last_lines(self._log, 25))


def _copy_reference(package: Path, folder: Path) -> None:
    """Put what the reference of the REST API shows its calls with beside our own files for it, as they are and compressed."""
    folder.mkdir(exist_ok=True)
    for name in REFERENCE:
        packed = gzip.compress((package / name).read_bytes(), mtime=0)
        shutil.copy(package / name, folder / name)
        (folder / f"{name}.gz").write_bytes(packed)


def build_environment(project: Path, kept: Path) -> dict[str, str]:
    """What Reflex and npm need to build with packages from the registries alone.

    The settings are made up: a build takes nothing from an installation, so that it can leak nothing and serves any.
    """
    from lms_app.settings import Settings  # slow to import, and most starts build nothing

    ours = {name.upper() for name in Settings.model_fields}
    inherited = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith(("REFLEX_", "__REFLEX"))}
    env = inherited | keys.make() | {"DATABASE_URL": "postgresql://build@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1"}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])  # node and npm come with our requirements
    env |= {
        "PYTHONPATH": str(project),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_USE_NPM": "1",
        "REFLEX_DIR": str(kept / "reflex"),
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
        "NPM_CONFIG_AUDIT": "false",
        "NPM_CONFIG_FUND": "false",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        # What a package would run or report when it is installed is none of a build's business.
        "NPM_CONFIG_IGNORE_SCRIPTS": "true",
        "SCARF_ANALYTICS": "false",
        "CI": "true",
    }
    # Unset, Reflex would try several addresses for the fastest.
    env.setdefault("NPM_CONFIG_REGISTRY", _npm_registry(env))
    return env


def _npm_registry(env: Mapping[str, str]) -> str:
    npm = shutil.which("npm", path=env["PATH"])
    if npm is None:
        raise CannotStart("The pages need Node to be built, and there is none. Install the requirements: they bring it.")
    return subprocess.run([npm, "config", "get", "registry"], env=dict(env), capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def _same_order(file: Path) -> Iterator[None]:
    """Reflex writes this file anew with its keys in another order: when nothing else has changed, put it back as it was."""
    before = file.read_bytes() if file.exists() else None
    yield
    if before is not None and file.exists() and json.loads(before) == json.loads(file.read_bytes()):
        file.write_bytes(before)
