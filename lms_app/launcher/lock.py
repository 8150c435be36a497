"""One launcher per data folder."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lms_app.launcher.failures import CannotStart


@contextmanager
def only_launcher(var: Path, *, address: str = "") -> Iterator[None]:
    """Hold the data folder for ourselves. Raises CannotStart when another process holds it; a killed holder holds nothing."""
    with _opened(var) as file:
        if not _taken(file):
            raise CannotStart(_who_holds(file))
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "address": address}, file)
        file.flush()
        yield


def is_held(var: Path) -> bool:
    """Whether a launcher runs on this data folder."""
    with _opened(var) as file:
        return not _taken(file)


def _opened(var: Path) -> IO[str]:
    var.mkdir(parents=True, exist_ok=True)
    return (var / "launcher.lock").open("a+")


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _who_holds(file: IO[str]) -> str:
    file.seek(0)
    try:
        holder = json.loads(file.read())
    except ValueError:
        return "Lyceum is just being started from this folder."
    at = f", at {holder['address']}" if holder["address"] else ""
    return f"Lyceum already runs from this folder: process {holder['pid']}{at}. End it first, or set VAR_DIR to another data folder."
