"""Whether files are what they were."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def files_below(folder: Path, left_out: tuple[Path, ...] = ()) -> list[Path]:
    """Every file below a folder, without Python's caches and without what is left out."""
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and Path(parent) / name not in left_out]
        found += [Path(parent) / name for name in names if Path(parent) / name not in left_out]
    return found


def fingerprint(root: Path, files: Iterable[Path], extra: str = "") -> str:
    """A digest of the files' places below `root` and of what they hold."""
    digest = hashlib.sha256(extra.encode())
    for file in sorted(files):
        if file.is_file():
            digest.update(f"{file.relative_to(root)}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.hexdigest()
