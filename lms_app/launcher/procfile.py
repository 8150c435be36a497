"""The Procfile: what runs, for every way of running."""

import re
import shlex
from pathlib import Path

from lms_app.launcher.failures import CannotStart


def read(path: Path) -> dict[str, list[str]]:
    """Command words of each process type, in the order of the file."""
    commands: dict[str, list[str]] = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = re.fullmatch(r"([A-Za-z0-9_-]+):\s*(\S.*)", line)
        if match is None:
            raise CannotStart(f"Line {number} of {path.name} should read `name: command`.")
        commands[match[1]] = shlex.split(match[2])
    return commands
