"""What the files of a course are called and of which type their names say they are."""

import mimetypes
import re
from pathlib import PurePosixPath

UNSAFE = re.compile(r"[^\w.\-]+")
_MEDIA_TYPES = {".srt": "application/x-subrip", ".vtt": "text/vtt", ".webp": "image/webp", ".svg": "image/svg+xml", ".md": "text/markdown"}


def media_type(name: str) -> str:
    """The media type that a file's name promises."""
    ending = PurePosixPath(name).suffix.lower()
    return _MEDIA_TYPES.get(ending) or mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


def asset_name(path: str) -> str:
    """A name that can stand in an address: letters, digits, dots, dashes and underscores."""
    return UNSAFE.sub("_", path)[-200:]
