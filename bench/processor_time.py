"""Processor time of everything that a launcher runs, by what it is for. From /proc, so on Linux only."""

import os
from collections import defaultdict
from pathlib import Path

TICK = 1000 / os.sysconf("SC_CLK_TCK")


def spent_below(launcher: int) -> dict[str, float]:
    """Milliseconds that the launcher, its processes and its servers have used so far: by web, worker, scheduler, database, cache, launcher.

    Time of a child that has ended is its parent's, so nothing is lost between two readings.
    """
    table: dict[int, tuple[int, float]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (found := _times(entry)) is not None:
            table[int(entry.name)] = found
    children: dict[int, list[int]] = defaultdict(list)
    for process, (parent, _) in table.items():
        children[parent].append(process)
    spent: dict[str, float] = defaultdict(float)
    spent["launcher"] = _own_time(launcher)
    for child in children[launcher]:
        name, waiting = _purpose(child), [child]
        while waiting:
            process = waiting.pop()
            spent[name] += table[process][1]
            waiting += children[process]
    return dict(spent)


def memory_below(launcher: int) -> dict[str, float]:
    """Megabytes that each process keeps in memory of its own (proportional set size), largest first, named by what it is for."""
    found: dict[str, float] = {}
    waiting = [(launcher, "launcher")]
    while waiting:
        process, name = waiting.pop()
        try:
            listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
            sizes = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        found[f"{name} {process}"] = int(next(line for line in sizes.splitlines() if line.startswith("Pss:")).split()[1]) / 1024
        waiting += [(int(child), _purpose(int(child)) if process == launcher else name) for child in listed]
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))


def _times(entry: Path) -> tuple[int, float] | None:
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), sum(int(field) for field in fields[11:15]) * TICK


def _own_time(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def _purpose(process: int) -> str:
    try:
        command = Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return "other"
    words = {"granian": "web", "dramatiq": "worker", "schedule": "scheduler", "postgres": "database", "valkey": "cache"}
    return next((name for word, name in words.items() if word in command), "other")
