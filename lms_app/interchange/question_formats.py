"""The formats of questions by name, and which one a file is in."""

from collections.abc import Callable
from pathlib import Path

from lms_app.errors import Invalid
from lms_app.interchange.aiken import read_aiken
from lms_app.interchange.csv_questions import read_csv
from lms_app.interchange.gift import read_gift
from lms_app.interchange.gift_writing import write_gift
from lms_app.interchange.moodle_xml import read_moodle_xml
from lms_app.interchange.moodle_xml_writing import write_moodle_xml
from lms_app.interchange.neutral import Bank
from lms_app.interchange.qti import read_qti, read_qti_package
from lms_app.interchange.qti_writing import write_qti
from lms_app.interchange.written_banks import Written

MAX_BYTES = 64 << 20

READERS: dict[str, Callable[[bytes, str], Bank]] = {
    "gift": read_gift,
    "aiken": read_aiken,
    "moodle": read_moodle_xml,
    "qti": read_qti,
    "csv": read_csv,
}
"""What reads the bytes of a file, by the format's name. A QTI package is read by `read_questions`."""

WRITERS: dict[str, Callable[[Bank], Written]] = {"gift": write_gift, "moodle": write_moodle_xml, "qti": write_qti}
"""What writes a file, by the format's name."""


def read_questions(path: Path, format_: str = "") -> Bank:
    """The questions of a file, whose format is found out where none is named. Raises Invalid for what cannot be read."""
    if not path.is_file():
        raise Invalid(f"There is no file {path.name}.")
    with path.open("rb") as source:
        start = source.read(4096)
    name = format_ or format_of(path.name, start)
    if name not in READERS:
        raise Invalid(f"There is no format {name} to read. Choose {', '.join(READERS)}.")
    if name == "qti" and start.startswith(b"PK"):
        return read_qti_package(path)
    if path.stat().st_size > MAX_BYTES:
        raise Invalid(f"{path.name} is too large to be read: more than {MAX_BYTES >> 20} MB.")
    return READERS[name](path.read_bytes(), path.name)


def write_questions(bank: Bank, format_: str) -> Written:
    """The questions in a format. Raises Invalid for a format that there is not."""
    if format_ not in WRITERS:
        raise Invalid(f"There is no format {format_} to write. Choose {', '.join(WRITERS)}.")
    return WRITERS[format_](bank)


def format_of(name: str, start: bytes) -> str:
    """The format of a file by its first bytes, and where they leave it open, by its name."""
    if start.startswith(b"PK"):
        return "qti"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") or name.lower().endswith((".xml", ".qti")):
        return "moodle" if b"<quiz" in start else "qti"
    if name.lower().endswith((".csv", ".tsv")):
        return "csv"
    return "aiken" if b"ANSWER:" in start and b"{" not in start else "gift"
