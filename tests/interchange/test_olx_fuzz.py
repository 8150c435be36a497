"""Whatever is done to an archive, reading it gives a course or a sentence; never a fault, and never a file left behind."""

import gzip
import io
import random
import re
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.document import parse_document
from lms_app.errors import LmsError
from lms_app.interchange.neutral import Course
from lms_app.interchange.olx import read_olx
from lms_app.interchange.report import report_dict
from tests.interchange.olx_builder import OTHER_KINDS, build_short_course, course_of, pack, picture
from tests.interchange.test_question_fuzz import SECONDS, SEED

LONGEST = 10.0

NASTY = [
    "<", ">", "&", "]]>", "<![CDATA[", "<!--", "<?xml?>", "&nbsp;", "&#0;", "&#x110000;", "\x00", "\ud7ff", "\u202e", "\\(", "\\)",
    "$x", "${", "%%", "../", "file:", "page:", "javascript:", "data:image/png;base64,====", "/static/", "/jump_to_id/", "http://[::1", "//",
    "asset-v1:a+b+c+type@asset+block@", "https://", "1e999999", "-0", "[1,", ",1)", "(" * 300, "9" * 500, "((((((a+)+)+)+)+)+)$", "(?P<a",
    "\\", "'", '"', " url_name=''", " display_name=' '", " correct='partial'", "<problem/>", "<vertical/>", "<html>", "</html>", "<script>",
    "<table><tr><td>", "<p>" * 50, "<optionresponse/>", "<stringresponse answer='' type='regexp'/>", "<numericalresponse answer='[3,1]'/>",
    "<choice correct='true'/>", "</problem>", "<multiplechoiceresponse><choicegroup/></multiplechoiceresponse>",
]  # fmt: skip


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def check(path: Path) -> bool:
    """Whether a course was read; what was read must be whole and valid."""
    started = time.monotonic()
    course, sentence = None, "Read."
    try:
        course = read_olx(path)
    except LmsError as refusal:
        sentence = refusal.sentence
    assert time.monotonic() - started < LONGEST
    assert sentence.endswith(".")
    if course is not None:
        check_course(course)
    return course is not None


def check_course(course: Course) -> None:
    report_dict(course)
    quizzes = {quiz.ref for quiz in course.assessments}
    for page in course.pages():
        parse_document({"schema_version": 1, "blocks": list(page.blocks)})
        assert {block["assessment"] for block in page.blocks if block["type"] == "quiz"} <= quizzes
    for question in course.questions():
        TYPES[question.type].body.model_validate(question.body)
    refs = [page.ref for page in course.pages()]
    assert len(set(refs)) == len(refs)
    for asset in course.assets:
        assert len(asset.read()) == asset.size


def rewritten(text: str, chance: random.Random) -> str:
    """The text with a few things put in, taken out, doubled or swapped."""
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + 60)
        put_in = chance.choice(NASTY)
        text = chance.choice([text[:at] + put_in + text[at:], text[:at] + text[end:], text[:end] + text[at:], text[:at] + put_in + text[end:]])
    return text


def test_changed_texts_in_an_archive(tmp_path: Path, temporary: Path) -> None:
    chance = random.Random(SEED)
    with tarfile.open(build_short_course(tmp_path)) as tar:
        short = {member.name: tar.extractfile(member).read() for member in tar}
    parts = [(re.match(r"<([\w-]+)", kind)[1], f"part{number}", kind) for number, kind in enumerate(OTHER_KINDS)]
    pages = "".join(f'<vertical url_name="v{name}" start="2026-03-03T00:00:00Z"><{tag} url_name="{name}"/></vertical>' for tag, name, _ in parts)
    texts = course_of(pages) | {f"{tag}/{name}.xml": kind for tag, name, kind in parts}
    other = {name: text.encode() for name, text in texts.items()} | {"static/map.png": picture(80, 50)}
    read, refused = check_changed(short, "", 0.5, tmp_path, chance)
    assert read > 5
    assert refused > 0
    read, _ = check_changed(other, "course/", 0.3, tmp_path, chance)
    assert read > 0
    assert list(temporary.iterdir()) == []


def check_changed(files: dict[str, bytes], root: str, share: float, folder: Path, chance: random.Random) -> tuple[int, int]:
    """How many of the archives that were changed in this share of the time were read, and how many refused."""
    texts = [name for name in files if not name.endswith((".png", ".mp4"))]
    until, read, refused = time.monotonic() + SECONDS * share, 0, 0
    while time.monotonic() < until:
        changed = dict(files)
        for name in chance.sample(texts, min(2, len(texts))):
            changed[name] = rewritten(files[name].decode(), chance).encode("utf-8", "surrogatepass")
        if check(pack(folder / "fuzzed.tar.gz", changed, root=root)):
            read += 1
        else:
            refused += 1
    return read, refused


def test_changed_bytes_of_an_archive(tmp_path: Path, temporary: Path) -> None:
    chance = random.Random(SEED + 1)
    packed = build_short_course(tmp_path).read_bytes()
    plain = gzip.decompress(packed)
    zipped = as_zip(plain)
    until, tries = time.monotonic() + SECONDS * 0.2, 0
    while time.monotonic() < until:
        whole = bytearray(chance.choice([packed, plain, zipped]))
        for _ in range(chance.choice([1, 1, 3, 30])):
            at = chance.randrange(len(whole))
            whole[at] = chance.randrange(256)
        if chance.random() < 0.2:
            del whole[chance.randrange(len(whole)) :]
        (tmp_path / "fuzzed").write_bytes(gzip.compress(whole, 1) if chance.random() < 0.3 else whole)
        check(tmp_path / "fuzzed")
        tries += 1
    assert tries > 20
    assert list(temporary.iterdir()) == []


def as_zip(plain: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in tar:
            archive.writestr(member.name, tar.extractfile(member).read())
    return packed.getvalue()
