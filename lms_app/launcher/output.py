"""What the launcher shows and what it keeps: steps on the terminal, every process's lines in `var/log`."""

import json
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

COLOURS = (36, 33, 35, 32, 34)
QUIET = {"debug", "info"}
LARGEST_LOG = 20_000_000


class Output:
    """The terminal, shared by the steps and the processes' lines."""

    def __init__(self, stream: IO[str] | None = None, *, everything: bool = False) -> None:
        """`everything` also shows what the processes merely note; without it, that is in `var/log` alone."""
        self._stream = stream or sys.stdout
        self._everything = everything
        self._colour = self._stream.isatty()
        self._lock = threading.Lock()

    def say(self, line: str) -> None:
        """One line of our own."""
        with self._lock:
            print(line, file=self._stream, flush=True)

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Show what is being done and how long it took."""
        started = time.monotonic()
        self.say(f"  {doing} …")
        yield
        self.say(f"  {doing}: done in {time.monotonic() - started:.1f} s")

    def relay(self, name: str, place: int, pipe: IO[bytes], log: Path) -> deque[str]:
        """Follow a process's output to its end, in a thread. Returns its last lines, kept up to date."""
        latest: deque[str] = deque(maxlen=20)
        prefix = f"{name:<10}| "
        if self._colour:
            prefix = f"\x1b[{COLOURS[place % len(COLOURS)]}m{prefix}\x1b[0m"

        def follow() -> None:
            with Journal(log) as journal, pipe:
                for raw in pipe:
                    line = raw.decode(errors="replace").rstrip()
                    journal.add(line)
                    latest.append(line)
                    if self._everything or _matters(line):
                        self.say(prefix + line)

        threading.Thread(target=follow, name=f"output of {name}", daemon=True).start()
        return latest


class Journal:
    """A log file that begins anew when it is large; the one before it is kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a")

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, line: str) -> None:
        self._file.write(line + "\n")
        self._file.flush()
        if self._file.tell() > LARGEST_LOG:
            self._file.close()
            self._path.replace(self._path.with_suffix(".log.1"))
            self._file = self._path.open("a")


def _matters(line: str) -> bool:
    """Whether a line belongs on the terminal: all but what our logs, and those of the job library, merely note."""
    if not line.startswith("{"):
        return bool(line) and "] [INFO] " not in line
    try:
        return json.loads(line).get("level") not in QUIET
    except ValueError:
        return True
