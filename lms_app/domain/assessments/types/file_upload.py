"""File upload: one file or several, which a person marks. Who may send what is checked when it is sent; a response holds ids alone."""

from typing import Annotated, Any

from pydantic import Field

from lms_app.domain.assessments.types.kind import Grade, QuestionBody, QuestionKind, Stored, blank, common_sheet, first_line, pending
from lms_app.words import QuestionType

MOST_FILES = 20
MOST_BYTES = 200_000_000

FileKind = Annotated[str, Field(pattern=r"^\.[a-z0-9]{1,10}$")]


class FileUpload(QuestionBody):
    """At most `files_max` files of `bytes_max` bytes each, with names that end in one of `kinds`; any file where there are none."""

    files_max: Annotated[int, Field(ge=1, le=MOST_FILES)] = 1
    bytes_max: Annotated[int, Field(ge=1_000, le=MOST_BYTES)] = 10_000_000
    kinds: Annotated[tuple[FileKind, ...], Field(max_length=30)] = ()


class FileUploadResponse(Stored):
    """The ids of files sent before, in order."""

    files: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=MOST_FILES)]


def takes(body: FileUpload, name: str, size: int) -> bool:
    """Whether a file of this name and size, in bytes, is taken."""
    return 0 < size <= body.bytes_max and (not body.kinds or name.lower().endswith(body.kinds))


def sheet(body: FileUpload, seed: int) -> dict[str, Any]:
    """What a student may see."""
    told = {"files_max": body.files_max, "bytes_max": body.bytes_max, "kinds": list(body.kinds)}
    return {"type": QuestionType.FILE_UPLOAD.value, **common_sheet(body), **told}


def grade(body: FileUpload, response: FileUploadResponse | None) -> Grade:
    """A marker's, unless nothing was sent."""
    return pending(body) if response and response.files else blank(body)


def solve(body: FileUpload) -> FileUploadResponse | None:
    """What earns everything is for the marker to say."""
    return None


KIND = QuestionKind(
    body=FileUpload, response=FileUploadResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, by_hand=True, typed=True
)
