"""Fixtures for every test: real servers, a database per need, a mail server, the trial data."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import redis
from sqlalchemy import text
from sqlmodel import Session

from lms_app.launcher import keys
from lms_app.launcher.pages import Pages
from lms_app.launcher.places import PROJECT
from tests.support import standstill
from tests.support.mailbox import Mailbox
from tests.support.measuring import unmeasured
from tests.support.servers import TestServers, forget_connections, forget_settings, reachable_folder
from tests.support.standstill import Journal

# Settings that pure tests may read without any server; `database` and `redis_url` put the real addresses in.
os.environ |= keys.make() | {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1",
    "BCRYPT_ROUNDS": "4",
    "PUBLIC_URL": "http://localhost:8000",
    "INSTRUCTORS": "open",
    "DEMO": "0",
}
for name in ("STATE_REDIS_URL", "BROKER_REDIS_URL", "CACHE_REDIS_URL", "SMTP_URL", "PORT", "STORAGE_DIR"):
    os.environ.pop(name, None)

BROWSERS = {"browser", "chromium", "visit"}
"""Fixtures that give a browser."""

TRIAL_DATA = Path(os.environ.get("LYCEUM_TRIAL_DATA") or PROJECT.parent / "shared" / "data")

NOBODY = text("SELECT NOT EXISTS (SELECT FROM people)")

LONG = os.environ.get("LYCEUM_LONG") == "1"
LONG_SECONDS = 900
"""What a test may take that draws two thousand examples."""

# The ordinary run repeats itself exactly; the long one looks for what nobody has met yet. No clock in either: a busy machine must not turn a
# property red.
hypothesis.settings.register_profile("ordinary", max_examples=40, derandomize=True, deadline=None)
hypothesis.settings.register_profile("long", max_examples=2_000, deadline=None, print_blob=True)
hypothesis.settings.load_profile("long" if LONG else "ordinary")

# Half of a test process is modules that stay. Looked through again and again for garbage, they cost a sixth of its time; see below, where all
# tests are collected.
gc.set_threshold(20_000)

# What starts servers and waits for them comes first, so that two processes end at about the same time.
FIRST = ("demo", "faults", "launcher", "workers", "wire", "web", "api")

OUTSIDE = {"demo", "faults", "launcher", "wire"}
"""Folders whose tests look at other processes: lines that this one goes over are no measure of what they test."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=_turn)
    for item in items:
        # A property goes forty times over lines that the tests beside it have gone over.
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False) or _folder(item) in OUTSIDE:
            item.add_marker(pytest.mark.no_cover)
    if LONG:
        for item in items:
            if not item.get_closest_marker("timeout") and BROWSERS.isdisjoint(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.timeout(LONG_SECONDS))
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    with unmeasured():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    with unmeasured():
        yield


def _turn(item: pytest.Item) -> int:
    """Which of `FIRST` a test belongs to; their number for all others."""
    folder = _folder(item)
    return FIRST.index(folder) if folder in FIRST else len(FIRST)


def _folder(item: pytest.Item) -> str:
    """The folder of `tests` in which a test stands."""
    return item.path.relative_to(PROJECT / "tests").parts[0] if item.path.is_relative_to(PROJECT / "tests") else ""


def pytest_report_header() -> str:
    return f"trial data: {TRIAL_DATA}{'' if TRIAL_DATA.is_dir() else ' (absent: tests on it are skipped)'}"


@pytest.fixture(scope="session")
def servers() -> Iterator[TestServers]:
    """Postgres and Valkey of this test process. fsync is off: tests about power loss start their own."""
    with reachable_folder("lyceum-tests-") as folder:
        running = TestServers(folder)
        try:
            running.start()
            os.environ["REDIS_URL"] = running.valkey.url
            os.environ["VAR_DIR"] = str(folder)
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def database(servers: TestServers) -> Iterator[str]:
    """Address of the database that tests share; each leaves it as it was, by `session`."""
    url = servers.clone("lyceum_shared")
    os.environ["DATABASE_URL"] = url
    forget_connections()
    yield url
    forget_connections()


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session whose commits are real to the test and undone after it."""
    from lms_app.database import engine

    with engine().connect() as connection:
        outer = connection.begin()
        assert connection.execute(NOBODY).scalar_one(), "an earlier test of this process has left people in the database that all share"
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def committed_database(servers: TestServers, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of its own for a test with real commits or several connections; the app's engine points at it."""
    with servers.lend() as url:
        monkeypatch.setenv("DATABASE_URL", url)
        forget_connections()
        yield url
        forget_connections()
    monkeypatch.undo()
    forget_connections()


@pytest.fixture
def redis_url(servers: TestServers) -> str:
    """Address of an empty Valkey, without a database number."""
    with redis.Redis.from_url(servers.valkey.url) as client:
        client.flushall()
    forget_settings()
    return servers.valkey.url


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that the settings point at; `smtp.wait_for(address)` gives what came."""
    mailbox = Mailbox()
    mailbox.open()
    monkeypatch.setenv("SMTP_URL", mailbox.url)
    forget_settings()
    yield mailbox
    mailbox.close()
    monkeypatch.undo()
    forget_settings()


@pytest.fixture
def journal() -> Journal:
    """What happens in a test's browser; written where the test stands still."""
    return Journal()


@pytest.fixture(autouse=True)
def never_still(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ends the browser of a test that stands still. A mark `timeout` allows longer, as it does for every test."""
    opens_one = "open_browser" in vars(request.module)
    if BROWSERS.isdisjoint(request.fixturenames) and not opens_one:
        yield
        return
    longer = request.node.get_closest_marker("timeout")
    with standstill.bounded(longer.args[0] - standstill.DRIVER_SECONDS * 2 if longer else standstill.SECONDS, request.getfixturevalue("journal")):
        yield


@pytest.fixture(scope="session")
def pages() -> Path:
    """Folder of the built pages, built now if their sources changed. What REFLEX_WEB_WORKDIR names for a web server."""
    built = Pages(Path(os.environ.get("PAGES_DIR") or PROJECT / "var" / "pages"))
    built.make_current()
    return built.folder


@pytest.fixture(scope="session")
def trial_data() -> Path:
    """Folder of real course files."""
    if not TRIAL_DATA.is_dir():
        pytest.skip(f"There is no trial data in {TRIAL_DATA}; LYCEUM_TRIAL_DATA may name another folder.")
    return TRIAL_DATA
