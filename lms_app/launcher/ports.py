"""Loopback ports: which are free."""

import random
import socket
from contextlib import closing

# Below the range from which systems take the ports of outgoing connections, so that a remembered port is free tomorrow too.
LOWEST, HIGHEST = 20_000, 32_000


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """The preferred port when it is free, else another free one."""
    if preferred and is_free(preferred):
        return preferred
    for _ in range(200):
        port = random.randint(LOWEST, HIGHEST)  # noqa: S311 - any free port will do
        if is_free(port):
            return port
    raise OSError("No free port was found between 20000 and 32000.")
