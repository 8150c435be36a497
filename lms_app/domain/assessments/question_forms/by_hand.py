"""The forms of what a person marks, essay and file upload, and of the text that asks nothing."""

from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.question_forms.fields import Form, FormReader, plain, rich_of
from lms_app.domain.assessments.types.description import Description
from lms_app.domain.assessments.types.essay import Essay
from lms_app.domain.assessments.types.file_upload import MOST_BYTES, MOST_FILES, FileUpload

MEGABYTE = 1_000_000
EMPTY_ESSAY: Form = {"words_min": "", "words_max": "", "lines": "10", "sample": ""}
EMPTY_UPLOAD: Form = {"files_max": "1", "megabytes": "10", "kinds": ""}
EMPTY_DESCRIPTION: Form = {}


def read_essay(reader: FormReader) -> dict[str, Any]:
    """Limits left empty are none."""
    least, most = (reader.whole(name, lowest=1, highest=10_000) for name in ("words_min", "words_max"))
    if least is not None and most is not None and least > most:
        reader.note("words_max", "The most must not be below the least.")
    return {
        "words_min": least,
        "words_max": most,
        "rows": reader.whole("lines", lowest=2, highest=60) or 10,
        "sample": reader.rich_text("sample"),
    }


def write_essay(body: Essay) -> Form:
    """The limits in words."""
    return {
        "words_min": str(body.words_min or ""),
        "words_max": str(body.words_max or ""),
        "lines": str(body.rows),
        "sample": rich_of(body.sample),
    }


def read_upload(reader: FormReader) -> dict[str, Any]:
    """`megabytes` is of each file, a million bytes each; `kinds` are endings of names, parted by spaces or commas, with or without their dot."""
    size = reader.number("megabytes", reader.text("megabytes") or "10", lowest=0) * MEGABYTE
    if not 1_000 <= size <= MOST_BYTES or size != int(size):
        reader.note("megabytes", f"Write a number from 0.001 to {MOST_BYTES // MEGABYTE}.")
    kinds = [f".{ending.lower().lstrip('.')}" for ending in reader.text("kinds").replace(",", " ").split()]
    if any(not (kind[1:].isalnum() and kind.isascii()) or len(kind) > 11 for kind in kinds):
        reader.note("kinds", "Write endings of file names, as in .pdf .odt")
    return {"files_max": reader.whole("files_max", lowest=1, highest=MOST_FILES) or 1, "bytes_max": int(size), "kinds": kinds}


def write_upload(body: FileUpload) -> Form:
    """The size in megabytes."""
    return {"files_max": str(body.files_max), "megabytes": plain(Decimal(body.bytes_max) / MEGABYTE), "kinds": " ".join(body.kinds)}


def read_description(reader: FormReader) -> dict[str, Any]:
    """Nothing but the text."""
    return {}


def write_description(body: Description) -> Form:
    """Nothing but the text."""
    return {}
