"""Servers of a benchmark's own: nothing that runs is touched, and fsync is on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from lms_app.launcher import keys
from tests.support.servers import TestServers, forget_connections, reachable_folder


@contextmanager
def own_servers() -> Iterator[TestServers]:
    """A Postgres with every table and no row, and a Valkey; the settings point at them."""
    with reachable_folder("lyceum-bench-") as folder:
        servers = TestServers(folder, durable=True)
        os.environ |= keys.make() | {"BCRYPT_ROUNDS": "4", "PUBLIC_URL": "http://localhost:8000", "DEMO": "0", "VAR_DIR": str(folder)}
        os.environ |= {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1"}
        try:
            servers.start()
            os.environ |= {"DATABASE_URL": servers.clone("bench"), "REDIS_URL": servers.valkey.url}
            forget_connections()
            yield servers
        finally:
            forget_connections()
            servers.stop()
