"""Whatever is done to a cartridge, our own archive, a folder of Markdown or a table, reading it gives a course or a sentence, within the bounds."""

import io
import json
import random
import tempfile
import time
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from lms_app.errors import LmsError
from lms_app.interchange.course_formats import WRITERS, read_course
from lms_app.interchange.csv_questions import read_csv
from tests.interchange.cartridge_builder import files_of, pack_zip
from tests.interchange.test_course_writing import COURSE
from tests.interchange.test_olx_fuzz import check_course
from tests.interchange.test_question_fuzz import SECONDS, SEED, check, rearranged, rewritten

LONGEST = 10.0
NASTY = [
    "<", ">", "&", "]]>", "<![CDATA[", "<!--", "&nbsp;", "&#0;", "\x00", "\u202e", "../", "file:", "page:", "javascript:", "$IMS-CC-FILEBASE$/", "$$",
    "\\(", "<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY b "c">]>', "&b;", '{"a": ', "[" * 300, "]", "null", "1e999", "NaN", "\\u0000", "\\ud800", '"',
    "---\n", "+++\n", "a: &a [*a]\n", "::quiz(x)", "::video[", "](", "![", "# ", "```", ":::tip\n", "<script>", "<p>" * 50, "identifierref",
    'type="webcontent"', "<item/>", "<resource/>", '"type": "quiz"', '"ref"', '"blocks": {}', "true", "-1",
    "::quiz(01-stars-planets-quiz-10.gift)", "// ---\n", "// settings: 7\n", "// sections: [{}]\n", "// points: [-1]\n",
]  # fmt: skip


def unpacked(format_: str, folder: Path) -> dict[str, bytes]:
    path = folder / "whole"
    with path.open("wb") as target:
        WRITERS[format_][0](COURSE, target)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def listed_anew(files: dict[str, bytes]) -> dict[str, bytes]:
    """Our archive with the list that it should have: what was changed is to be read, not to be refused at the door."""
    inside = {name: data for name, data in files.items() if name != "lyceum.json"}
    entries = [{"path": name, "size": len(data), "sha256": sha256(data).hexdigest()} for name, data in inside.items()]
    return {**inside, "lyceum.json": json.dumps({"format": "lyceum-course", "version": 1, "files": entries}).encode()}


SOURCES: dict[str, Callable[[Path], dict[str, bytes]]] = {
    "cartridge of another": lambda folder: files_of(),
    "cartridge": lambda folder: unpacked("cartridge", folder),
    "lyceum": lambda folder: unpacked("lyceum", folder),
    "markdown": lambda folder: unpacked("markdown", folder),
}


def read(path: Path) -> bool:
    """Whether a course was read; what was read must be whole and valid."""
    started, sentence, course = time.process_time(), "Read.", None
    try:
        course = read_course(path)
    except LmsError as refusal:
        sentence = refusal.sentence
    assert time.process_time() - started < LONGEST
    assert sentence.endswith(".")
    if course is not None:
        check_course(course)
        assert all(item.place and item.reason.endswith(".") for item in course.report.unsupported)
    return course is not None


@pytest.mark.parametrize("name", SOURCES)
def test_a_changed_archive_is_read_or_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    chance = random.Random(SEED)
    files = SOURCES[name](tmp_path)
    texts = [path for path in files if path.endswith((".xml", ".html", ".md", ".json", ".gift"))]
    assert read(pack_zip(tmp_path / "changed.zip", files))
    until, tries, taken = time.monotonic() + SECONDS, 0, 0
    while time.monotonic() < until or not tries:
        changed = dict(files)
        for path in chance.sample(texts, chance.randint(1, 2)):
            text = files[path].decode()
            is_xml = path.endswith(".xml") and chance.random() < 0.6
            changed[path] = (rearranged(text, chance) if is_xml else rewritten(text, NASTY, chance)).encode("utf-8", "surrogatepass")
        if name == "lyceum":
            changed = listed_anew(changed)
        pack_zip(tmp_path / "changed.zip", changed)
        if chance.random() < 0.1:
            whole = bytearray((tmp_path / "changed.zip").read_bytes())
            whole[chance.randrange(len(whole))] = chance.randrange(256)
            (tmp_path / "changed.zip").write_bytes(whole)
        taken += read(tmp_path / "changed.zip")
        tries += 1
    assert 0 < taken <= tries
    assert list(temporary.iterdir()) == []


def test_a_changed_table_is_read_or_refused() -> None:
    chance = random.Random(SEED)
    table = "type,question,answer,a,b,points,tags\n,Which *one*?,A,one,two,1,x\nnumeric,How many?,3 ± 1,,,2,\ntrue_false,So?,true,,,,\n"
    assert check(read_csv, table.encode())
    until, taken, tries = time.monotonic() + SECONDS, 0, 0
    while time.monotonic() < until or not tries:
        source = bytearray(rewritten(table, [",", ";", '"', "\n", "\x00", "|", "±", "1e999", "question", "multiple_choice", "z"], chance).encode())
        if source and chance.random() < 0.2:
            source[chance.randrange(len(source))] = chance.randrange(256)
        taken += check(read_csv, bytes(source))
        tries += 1
    assert 0 < taken <= tries


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", b"a" * (64 << 20))
    return packed.getvalue()


def linked() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo("a.md")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return packed.getvalue()


@pytest.mark.parametrize("format_", ["lyceum", "cartridge", "markdown", "olx"])
@pytest.mark.parametrize(("made", "sentence"), [(bomb, "suspicious multiple"), (linked, "a link")])
def test_bombs_and_links_are_refused_by_every_reader(format_: str, made: Callable[[], bytes], sentence: str, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(made())
    with pytest.raises(LmsError, match=sentence):
        read_course(tmp_path / "x.zip", format_)


@pytest.mark.parametrize("name", ["../out.md", "/etc/out.md", "C:/out.md", "a/../../out.md"])
@pytest.mark.parametrize("format_", ["lyceum", "cartridge", "markdown", "olx"])
def test_names_that_lead_outside_are_refused_by_every_reader(format_: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(LmsError, match="outside"):
        read_course(pack_zip(tmp_path / "x.zip", {name: b"x"}), format_)


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("start", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize("path", ["imsmanifest.xml", "quiz/quiz.xml", "bank/bank.xml", "link.xml"])
def test_entities_in_a_cartridge_are_never_followed(path: str, start: bytes, tmp_path: Path) -> None:
    files = files_of()
    files[path] = start + files[path].partition(b"?>")[2] if files[path].startswith(b"<?xml") else start + files[path].replace(b">", b">&b;", 1)
    packed = pack_zip(tmp_path / "x.imscc", files)
    if path == "imsmanifest.xml":
        with pytest.raises(LmsError, match="document type"):
            read_course(packed)
        return
    course = read_course(packed)
    assert any("document type" in item.reason for item in course.report.unsupported)
    assert "root:" not in str(course)


def test_scripts_in_pages_of_every_reader_are_gone(tmp_path: Path) -> None:
    nasty = (
        "<p onclick='steal()'>Text</p><script>steal()</script><a href='javascript:steal()'>x</a><iframe srcdoc='<script>steal()</script>'></iframe>"
    )
    cartridge = files_of() | {"pages/moon.html": f"<html><body>{nasty}</body></html>".encode()}
    pages = {"one.md": f"```{{=html}}\n{nasty}\n```\n\n[x](javascript:steal())\n".encode()}
    for files in (cartridge, pages):
        course = read_course(pack_zip(tmp_path / "x.zip", files))
        told = str([page.blocks for page in course.pages()])
        assert "steal" not in told
        assert "Text" in told
