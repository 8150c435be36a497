"""What the launcher keeps between two starts: the ports and passwords of its own servers, in `var/servers.json`."""

import json
import os
from pathlib import Path
from typing import Any


def recall(var: Path, server: str) -> dict[str, Any]:
    """What was kept about a server; empty before its first start."""
    return _read(var).get(server, {})


def remember(var: Path, server: str, **facts: Any) -> None:
    """Keep these facts, beside those kept before. The file is readable by its owner only."""
    kept = _read(var)
    kept[server] = kept.get(server, {}) | facts
    write_private(var / "servers.json", json.dumps(kept, indent=2))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read; readers see the old text or the new one, never half."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def _read(var: Path) -> dict[str, dict[str, Any]]:
    try:
        return json.loads((var / "servers.json").read_text())
    except FileNotFoundError:
        return {}
