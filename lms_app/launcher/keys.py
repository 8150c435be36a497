"""The secrets of an installation: made once, kept in `var/secrets.env`, handed to the processes by their environment."""

import base64
import secrets
from pathlib import Path

from lms_app.launcher.remembered import write_private

HEADING = """\
# The secrets of this installation, made at its first start. Without them nobody can sign in and no personal data can be read:
# keep a copy apart from the backups of the database.
"""


def load_or_make(var: Path) -> dict[str, str]:
    """The secrets by the name of their setting. Those that the file lacks are made and added."""
    path = var / "secrets.env"
    kept = _read(path) if path.exists() else {}
    complete = make() | kept
    if complete != kept:
        var.mkdir(parents=True, exist_ok=True)
        write_private(path, HEADING + "".join(f"{name}={value}\n" for name, value in complete.items()))
    return complete


def make() -> dict[str, str]:
    """Fresh random secrets, one for each setting that needs one."""
    return {
        "MASTER_KEYS": f"k1:{_random()}",
        "BLIND_INDEX_KEY": _random(),
        "STATE_KEY": _random(),
        "PASSWORD_KEY": _random(),
        "SIGNING_KEYS": f"s1:{_random()}",
        "VAPID_KEY": _random(),
    }


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _read(path: Path) -> dict[str, str]:
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}
