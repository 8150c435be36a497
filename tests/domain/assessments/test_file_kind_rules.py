import pytest

from lms_app.domain.assessments.file_kind_rules import is_what_its_name_says


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("essay.PDF", b"%PDF-1.7\n"),
        ("map.png", b"\x89PNG\r\n\x1a\n\0\0"),
        ("essay.docx", b"PK\x03\x04\x14"),
        ("talk.mp4", b"\0\0\0\x20ftypisom"),
        ("notes.txt", "Ünïcode".encode()),
        ("notes.txt", "Ünïcode".encode("utf-16")),
        ("model.xyz", b"\0anything"),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken(name: str, start: bytes) -> None:
    assert is_what_its_name_says(name, start)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("essay.pdf", b"MZ\x90\0"),
        ("essay.pdf", b""),
        ("map.png", b"<svg>"),
        ("essay.docx", b"%PDF-1.7"),
        ("notes.txt", b"MZ\0\0"),
        ("talk.mp4", b"ftyp"),
    ],
)
def test_a_file_that_is_something_else_is_not(name: str, start: bytes) -> None:
    assert not is_what_its_name_says(name, start)
