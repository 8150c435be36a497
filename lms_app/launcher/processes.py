"""Child processes that end with us."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TypedDict

LAUNCHER = "LYCEUM_LAUNCHER"
"""Variable that tells a child of the launcher whose it is. Who is started by something else has none."""

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def start(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    output: IO[bytes] | int,
    notes: IO[bytes] | int = subprocess.STDOUT,
    last_word: signal.Signals = signal.SIGTERM,
    account: pwd.struct_passwd | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches us alone and we end things in order.

    `output` takes its standard output, `notes` its standard error. When we are killed, the system sends it `last_word` (Linux
    only). The system means the thread that started the child, so call this from the main thread. With `account` the child runs
    as that account; only root may ask for it.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=notes,
        start_new_session=True,
        preexec_fn=_die_with_parent(last_word),
        **as_account(account),
    )


class AccountArguments(TypedDict, total=False):
    """Keyword arguments of subprocess that choose an account."""

    user: int
    group: int
    extra_groups: list[int]


def as_account(account: pwd.struct_passwd | None) -> AccountArguments:
    """Arguments that make subprocess run a command as that account; none for our own."""
    return {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def await_end(process: subprocess.Popen[bytes], still_at_it: Callable[[float], None], *, every: float = 10) -> None:
    """Wait for a child to end by itself, and tell every so many seconds how long it has been at it."""
    started = time.monotonic()
    while True:
        try:
            process.wait(every)
            return
        except subprocess.TimeoutExpired:
            still_at_it(time.monotonic() - started)


def end(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> None:
    """End a child and everything in its session. Each step is a signal and the seconds it is given; SIGKILL comes last."""
    for step, seconds in steps:
        if process.poll() is not None:
            break
        process.send_signal(step)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    kill_group(process.pid)
    process.wait()


def kill_group(leader: int) -> None:
    """Kill whatever is left of a child's process group, also when its leader is gone."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def working_in(folder: Path) -> list[int]:
    """Processes whose working folder is this one. Linux only; elsewhere none are found."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _die_with_parent(last_word: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    libc, parent = _libc, os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(last_word))
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask
