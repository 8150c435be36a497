"""What Lighthouse says of the learning page, the catalogue, a course and a quiz in its desktop setting, signed in as a student.

Servers, web process and Chromium of its own; the pages are those of this project folder. Each page is looked at RUNS times (3), and the run of
median performance counts. The last line is JSON: by page, performance, accessibility and best practices from 0 to 100.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.servers import own_servers
from lms_app.launcher.pages import Pages, build_environment
from lms_app.launcher.places import PROJECT, pages_folder
from tests.support.browser import FLAGS, chromium_path
from tests.support.web import free_port, web_server

CATEGORIES = ("performance", "accessibility", "best-practices")
PLACES = {"learning page": "/learn/{slug}/{page_id}", "catalogue": "/catalogue", "course": "/courses/{slug}", "quiz": "/quiz/{open_quiz}"}
RUNS = int(os.environ.get("RUNS", "3"))
LOCKED = Path(__file__).parent


def main() -> None:
    """Builds the pages if need be, furnishes a campus, and asks Lighthouse."""
    pages = Pages(pages_folder())
    pages.make_current(say)
    environment = build_environment(PROJECT, pages_folder())
    program = install(pages_folder().parent / "lighthouse", environment)
    served = {"REFLEX_WEB_WORKDIR": str(pages.folder), "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true"}
    with own_servers(), tempfile.TemporaryDirectory(prefix="lyceum-lighthouse-") as folder:
        from tests.e2e.furnished import furnish  # reads the settings that own_servers has made

        found = furnish()
        with web_server("lms_app.lms_app:app", Path(folder), workers=2, **served) as web, signed_in_browser(web.url, Path(folder)) as port:
            figures = {
                name: look(program, environment, f"{web.url}{place.format(**vars(found))}", port, Path(folder)) for name, place in PLACES.items()
            }
    print(f"load average {os.getloadavg()[0]:.1f}")
    print(json.dumps({"setting": "desktop", "runs": RUNS, "pages": figures}))


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def install(folder: Path, environment: dict[str, str]) -> Path:
    """Lighthouse as locked, installed by our Node where it is not yet; its command line program."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (LOCKED / "package-lock.json").read_bytes()
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists() or (folder / "package-lock.json").read_bytes() != lock:
        say("Installing Lighthouse …")
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCKED / name, folder)
        npm = shutil.which("npm", path=environment["PATH"])
        assert npm, "npm comes with our requirements: run `make test` or `make run` once."
        subprocess.run([npm, "ci"], cwd=folder, env=environment, check=True, stdout=sys.stderr)
    return program


class signed_in_browser:
    """Chromium, signed in as the student; entering it gives the port at which it is steered."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address, self._folder = address, folder

    def __enter__(self) -> int:
        from tests.e2e.conftest import sign_in
        from tests.e2e.furnished import STUDENT

        port = free_port()
        self._playwright = sync_playwright().start()
        self._context = self._playwright.chromium.launch_persistent_context(
            str(self._folder / "profile"),
            executable_path=chromium_path(whole=True),
            args=[*FLAGS, f"--remote-debugging-port={port}"],
            base_url=self._address,
        )
        sign_in(self._context.pages[0], STUDENT)
        self._context.pages[0].goto("about:blank")
        return port

    def __exit__(self, *_: object) -> None:
        self._context.close()
        self._playwright.stop()


def look(program: Path, environment: dict[str, str], address: str, port: int, folder: Path) -> dict[str, Any]:
    """The scores of one page, and what is not perfect in it."""
    reports = [_report(program, environment, address, port, folder) for _ in range(RUNS)]
    middle = statistics.median_low([report["categories"]["performance"]["score"] for report in reports])
    report = next(report for report in reports if report["categories"]["performance"]["score"] == middle)
    scores: dict[str, Any] = {category: round(report["categories"][category]["score"] * 100) for category in CATEGORIES}
    scores["faults"] = [
        entry["id"]
        for category in CATEGORIES[1:]
        for entry in report["categories"][category]["auditRefs"]
        if entry["weight"] and report["audits"][entry["id"]]["score"] not in (1, None)
    ]
    say(f"{address}: {scores}")
    return scores


def _report(program: Path, environment: dict[str, str], address: str, port: int, folder: Path) -> dict[str, Any]:
    out = folder / "report.json"
    node = shutil.which("node", path=environment["PATH"])
    assert node
    options = ["--preset=desktop", f"--only-categories={','.join(CATEGORIES)}", "--disable-storage-reset", "--no-enable-error-reporting", "--quiet"]
    command = [node, str(program), address, f"--port={port}", *options, "--output=json", f"--output-path={out}"]
    subprocess.run(command, env=environment, check=True, stdout=sys.stderr)
    report = json.loads(out.read_bytes())
    assert report["finalDisplayedUrl"].startswith(address), f"{address} led to {report['finalDisplayedUrl']}"
    assert "runtimeError" not in report, report["runtimeError"]
    return report


if __name__ == "__main__":
    main()
