"""Whether a file is what its name says, as far as its beginning tells. Pure."""

START = 512
"""Bytes of the beginning that are looked at."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)

_BEGINS: dict[str, tuple[bytes, ...]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "tif": (b"II*\0", b"MM\0*"),
    "tiff": (b"II*\0", b"MM\0*"),
    "webp": (b"RIFF",),
    "wav": (b"RIFF",),
    "ogg": (b"OggS",),
    "flac": (b"fLaC",),
    "webm": (b"\x1aE\xdf\xa3",),
    "mkv": (b"\x1aE\xdf\xa3",),
    "rtf": (b"{\\rtf",),
    "gz": (b"\x1f\x8b",),
    "tgz": (b"\x1f\x8b",),
    "7z": (b"7z\xbc\xaf\x27\x1c",),
    "rar": (b"Rar!\x1a\x07",),
    **dict.fromkeys(("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "odg", "epub", "jar", "ggb"), _ZIP),
    **dict.fromkeys(("doc", "xls", "ppt"), _OLE),
}

_TEXTS = frozenset({"txt", "md", "csv", "tsv", "tex", "py", "js", "java", "c", "h", "cpp", "r", "sql", "html", "css", "json", "xml", "svg", "ipynb"})


def is_what_its_name_says(name: str, start: bytes) -> bool:
    """Whether a file that begins like this may have this name. `start` holds START bytes, or the whole of a shorter file; kinds that cannot be told
    by their beginning are believed."""
    kind = name.rpartition(".")[2].lower()
    if kind == "pdf":
        return b"%PDF-" in start
    if kind in ("mp4", "mov", "m4a", "m4v", "heic"):
        return start[4:8] == b"ftyp"
    if kind in _TEXTS:
        return start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in start
    begins = _BEGINS.get(kind)
    return begins is None or start.startswith(begins)
