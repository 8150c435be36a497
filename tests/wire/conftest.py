"""What the wire tests talk to: a site of the tests' own, or the whole application, for a whole module on a database of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.servers import TestServers, forget_connections
from tests.support.web import WebServer, web_server

Factory = pytest.TempPathFactory


@pytest.fixture(scope="module")
def site(servers: TestServers, database: str, tmp_path_factory: Factory, request: pytest.FixtureRequest) -> Iterator[WebServer]:
    """The test site on one web worker, or as many as the module's WORKERS says."""
    with _served("tests.wire.site:app", servers, database, tmp_path_factory, request) as server:
        yield server


@pytest.fixture(scope="module")
def lyceum(servers: TestServers, database: str, tmp_path_factory: Factory, request: pytest.FixtureRequest) -> Iterator[WebServer]:
    """The whole application, without its built pages."""
    with _served("lms_app.lms_app:app", servers, database, tmp_path_factory, request) as server:
        yield server


@contextmanager
def _served(app: str, servers: TestServers, database: str, folders: Factory, request: pytest.FixtureRequest) -> Iterator[WebServer]:
    name = f"wire_{os.getpid()}_{request.module.__name__.rpartition('.')[2]}"
    os.environ["DATABASE_URL"] = servers.clone(name)
    folder = folders.mktemp("web")
    with web_server(app, folder, workers=getattr(request.module, "WORKERS", 1), REFLEX_WEB_WORKDIR=str(folder / "no-build")) as server:
        os.environ["PUBLIC_URL"] = server.url
        forget_connections()
        yield server
    os.environ["DATABASE_URL"] = database
    os.environ["PUBLIC_URL"] = "http://localhost:8000"
    forget_connections()
    servers.drop(name)
