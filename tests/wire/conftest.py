"""The test site, served for the whole module on servers of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import TestServers, forget_connections
from tests.support.web import WebServer, web_server


@pytest.fixture(scope="module")
def site(servers: TestServers, database: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[WebServer]:
    """The test site on one web worker, or as many as the module's WORKERS says."""
    name = f"wire_{os.getpid()}_{request.module.__name__.rpartition('.')[2]}"
    os.environ["DATABASE_URL"] = servers.clone(name)
    folder: Path = tmp_path_factory.mktemp("web")
    workers = getattr(request.module, "WORKERS", 1)
    with web_server("tests.wire.site:app", folder, workers=workers, REFLEX_WEB_WORKDIR=str(folder / "no-build")) as server:
        os.environ["PUBLIC_URL"] = server.url
        forget_connections()
        yield server
    os.environ["DATABASE_URL"] = database
    os.environ["PUBLIC_URL"] = "http://localhost:8000"
    forget_connections()
    servers.drop(name)
