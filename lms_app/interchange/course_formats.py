"""The formats of courses by name, and which one an archive is in."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from lms_app.errors import Invalid
from lms_app.interchange.archives import Archive, open_archive
from lms_app.interchange.cartridge_writing import write_cartridge
from lms_app.interchange.common_cartridge import read_cartridge_archive
from lms_app.interchange.lyceum_archive import write_lyceum
from lms_app.interchange.lyceum_archive_reading import read_lyceum_archive
from lms_app.interchange.markdown_folder import write_markdown_folder
from lms_app.interchange.markdown_folder_reading import read_markdown_folder
from lms_app.interchange.neutral import Course
from lms_app.interchange.olx import read_olx_archive
from lms_app.interchange.olx_writing import write_olx
from lms_app.interchange.written_courses import WriteCourse

READERS: dict[str, Callable[[Archive], Course]] = {
    "lyceum": read_lyceum_archive,
    "cartridge": read_cartridge_archive,
    "olx": read_olx_archive,
    "markdown": read_markdown_folder,
}
"""What reads an archive, by the format's name."""

WRITERS: dict[str, tuple[WriteCourse, str]] = {
    "lyceum": (write_lyceum, ".lyceum.zip"),
    "cartridge": (write_cartridge, ".imscc"),
    "olx": (write_olx, ".olx.tar.gz"),
    "markdown": (write_markdown_folder, ".markdown.zip"),
}
"""What writes an archive, and how its name ends, by the format's name."""

_MARKS = {"lyceum.json": "lyceum", "imsmanifest.xml": "cartridge", "course.xml": "olx", "library.xml": "olx"}


def read_course(path: Path, format_: str = "") -> Course:
    """The course in an archive, whose format is found out where none is named. Raises Invalid for what is harmful or holds no course.

    The archive's bytes stay readable as long as the course's assets are held; nothing is left on the disk.
    """
    if format_ and format_ not in READERS:
        raise Invalid(f"There is no format {format_} to read. Choose {', '.join(READERS)}.")
    archive = open_archive(path)
    return READERS[format_ or format_of(archive)](archive)


def format_of(archive: Archive) -> str:
    """The format of an archive, by the file that every course of it has: the one that lies highest decides. Texts alone are Markdown."""
    found = sorted((name.count("/"), list(_MARKS).index(mark)) for name in archive if (mark := PurePosixPath(name).name) in _MARKS)
    if not found and any(name.lower().endswith(".md") for name in archive):
        return "markdown"
    return list(_MARKS.values())[found[0][1]] if found else "olx"
