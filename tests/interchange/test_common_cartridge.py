"""Cartridges that nobody here wrote come in whole, and so does one of ours with something of every kind in it."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lms_app.domain.content.document import parse_document
from lms_app.errors import Invalid
from lms_app.interchange.common_cartridge import read_cartridge
from lms_app.interchange.neutral import Course, Page
from tests.interchange.cartridge_builder import files_of, pack_zip

EXPECTED = json.loads((Path(__file__).parent / "cartridges.json").read_text())
CARTRIDGES = ("single-page", "canvas_cc_gem_fixture", "latex")
WITH_QTI = ("canvas_cartridge", "with_banks")
MAY_BE_REPORTED = {"assignment", "LTI link", "discussion topic", "canvas settings"}


def written(course: Course) -> dict[str, Any]:
    """What of a course the expectation holds."""
    return {
        "title": course.title,
        "modules": [
            [
                module.title,
                [
                    [lesson.title, [[page.title, page.draft, [block["type"] for block in page.blocks]] for page in lesson.pages]]
                    for lesson in module.lessons
                ],
            ]
            for module in course.modules
        ],
        "quizzes": [[quiz.title, quiz.practice, [question.type.value for question in quiz.questions]] for quiz in course.assessments],
        "bank": [[question.category, question.type.value] for question in course.bank],
        "files": [asset.name for asset in course.assets],
        "reported": [[item.kind, item.title, item.place] for item in course.report.unsupported],
    }


def _page(page: Page) -> list[Any]:
    return [page.title, page.draft, [block["type"] for block in page.blocks]]


@pytest.fixture(scope="module")
def tides(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return read_cartridge(pack_zip(tmp_path_factory.mktemp("cartridge") / "tides.imscc", files_of()))


@pytest.mark.parametrize("name", CARTRIDGES)
def test_a_trial_cartridge_comes_in_whole(name: str, trial_data: Path) -> None:
    course = read_cartridge(trial_data / "commoncartridge" / f"{name}.imscc")
    assert written(course) == EXPECTED[name]
    assert {item.kind for item in course.report.unsupported} <= MAY_BE_REPORTED
    assert course.report.missing_files == ()


@pytest.mark.parametrize("name", CARTRIDGES)
def test_every_page_of_a_trial_cartridge_is_a_page_in_its_order(name: str, trial_data: Path) -> None:
    path = trial_data / "commoncartridge" / f"{name}.imscc"
    with zipfile.ZipFile(path) as archive:
        there = sum(entry.startswith("wiki_content/") and entry.endswith(".html") for entry in archive.namelist())
    course = read_cartridge(path)
    assert sum(1 for _ in course.pages()) == there


@pytest.mark.parametrize("name", WITH_QTI)
def test_the_questions_of_a_trial_cartridge_come_in(name: str, trial_data: Path, tmp_path: Path) -> None:
    folder = trial_data / "qti" / name
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    course = read_cartridge(pack_zip(tmp_path / "packed.imscc", files))
    assert written(course) == EXPECTED[name]
    assert {item.kind for item in course.report.unsupported} <= MAY_BE_REPORTED | {"itemfeedback"}


def test_formulas_of_a_trial_cartridge_are_formulas(trial_data: Path) -> None:
    pages = {page.title: page for page in read_cartridge(trial_data / "commoncartridge" / "latex.imscc").pages()}
    assert '"tex": "f(10)"' in json.dumps(pages["Page 1"].blocks)
    assert "b^2-4ac" in json.dumps(pages["Page 2"].blocks)
    assert "$$" not in json.dumps(pages["Page 2"].blocks)


@pytest.mark.parametrize("minor", [0, 1, 2, 3])
def test_a_cartridge_of_each_version_comes_in_whole(minor: int, tmp_path: Path) -> None:
    course = read_cartridge(pack_zip(tmp_path / "tides.imscc", files_of(minor)))
    assert written(course) == EXPECTED["tides"]


def test_links_pictures_and_formulas_of_a_page_lead_on(tides: Course) -> None:
    page = next(page for page in tides.pages() if page.title == "What tides are")
    told = json.dumps(page.blocks)
    assert "page:r-moon" in told
    assert "file:web_resources_notes.txt" in told
    assert "web_resources_blue_sky.png" in told
    assert "\\\\frac{m}{r^2}" in told
    assert "alert" not in told
    assert "onclick" not in told
    assert [(item.title, item.place) for item in tides.report.unsupported if item.kind == "link"] == [("what is gone", "Basics › What tides are")]


def test_a_drawing_comes_without_what_runs_in_it(tides: Course) -> None:
    drawing = next(asset for asset in tides.assets if asset.name.endswith("seen.svg")).read()
    assert b"rect" in drawing
    assert b"script" not in drawing
    assert b"onload" not in drawing


def test_groups_of_a_quiz_draw_from_the_bank(tides: Course) -> None:
    quiz = tides.assessments[0]
    assert (quiz.title, quiz.settings["attempts_allowed"], quiz.settings["time_limit"]) == ("The quiz", 3, 1200)
    drawn = quiz.sections[1]
    assert [(pool.category, pool.count, pool.points) for pool in drawn.pools] == [("The quiz/Drawn", 1, "2")]
    assert [question.category for question in tides.bank] == ["The quiz/Drawn", "The quiz/Drawn", "Spare"]
    assert {question.body["stem"]["blocks"][-1]["type"] for question in tides.bank} == {"rich_text"}


def test_every_page_is_a_document(tides: Course) -> None:
    for page in tides.pages():
        parse_document({"schema_version": 1, "blocks": list(page.blocks)})
    assert len({page.ref for page in tides.pages()}) == sum(1 for _ in tides.pages())


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"pages/a.html": b"<p>a</p>"}, "no imsmanifest.xml"),
        ({"imsmanifest.xml": b"<manifest><metadata><schema>ADL SCORM</schema></metadata></manifest>"}, "SCORM"),
        ({"imsmanifest.xml": b"<manifest><metadata><schema>IMS Content</schema></metadata></manifest>"}, "not a Common Cartridge"),
        ({"imsmanifest.xml": b'<!DOCTYPE m [<!ENTITY a "b">]><manifest>&a;</manifest>'}, "document type"),
        ({"imsmanifest.xml": b'<!DOCTYPE m SYSTEM "file:///etc/passwd"><manifest/>'}, "not a Common Cartridge"),
        ({"imsmanifest.xml": b"<manifest>"}, "well-formed"),
        ({"imsmanifest.xml": files_of()["imsmanifest.xml"], "../out.html": b"<p>a</p>"}, "outside"),
    ],
)
def test_what_is_no_harmless_cartridge_is_refused_with_a_sentence(files: dict[str, bytes], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        read_cartridge(pack_zip(tmp_path / "x.imscc", files))
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    "page", ["", "<!DOCTYPE html>", "<!DOCTYPE html>\n\n<html>", "<html><head><title>x</title>", "<html><body>a</body></html><body>b</body>"]
)
def test_a_page_in_disorder_is_a_page(page: str, tmp_path: Path) -> None:
    course = read_cartridge(pack_zip(tmp_path / "x.imscc", files_of() | {"pages/moon.html": page.encode()}))
    assert [found.title for found in course.pages()][1] == "The moon pulls"


@pytest.mark.parametrize(
    ("path", "source", "kind"),
    [
        ("pages/moon.html", b'<p>Before</p><p><iframe src="https://[x" title="t"></iframe></p><p>After</p>', "embed"),
        ("link.xml", b'<webLink><title>T</title><url href="http://[x"/></webLink>', "web link"),
    ],
)
def test_an_address_that_is_none_is_told_of(path: str, source: bytes, kind: str, tmp_path: Path) -> None:
    course = read_cartridge(pack_zip(tmp_path / "x.imscc", files_of() | {path: source}))
    for page in course.pages():
        parse_document({"schema_version": 1, "blocks": list(page.blocks)})
    assert kind in {item.kind for item in course.report.unsupported}


def test_a_page_that_is_shown_twice_has_a_ref_of_its_own_each_time(tmp_path: Path) -> None:
    files = files_of()
    manifest = files["imsmanifest.xml"].replace(b'identifierref="r-map"', b'identifierref="r-tides"').replace(b'"r-moon"', b'"r-tides-2"')
    course = read_cartridge(pack_zip(tmp_path / "x.imscc", files | {"imsmanifest.xml": manifest}))
    refs = [page.ref for page in course.pages()]
    assert len(set(refs)) == len(refs)
    assert {"r-tides", "r-tides-2", "r-tides-3"} <= set(refs)


def test_a_manifest_that_points_outside_finds_nothing(tmp_path: Path) -> None:
    files = files_of()
    files["imsmanifest.xml"] = files["imsmanifest.xml"].replace(b'href="pages/extra.html"', b'href="../../../etc/passwd"')
    course = read_cartridge(pack_zip(tmp_path / "x.imscc", files))
    assert "../../../etc/passwd" in course.report.missing_files


def test_what_canvas_says_beside_a_quiz_opens_and_closes_it_and_is_told(tmp_path: Path) -> None:
    meta = "<quiz><quiz_type>assignment</quiz_type><unlock_at>2026-03-03T08:00:00</unlock_at><lock_at>2026-04-01T22:30:00</lock_at></quiz>"
    course = read_cartridge(pack_zip(tmp_path / "x.imscc", files_of() | {"quiz/assessment_meta.xml": meta.encode()}))
    (quiz,) = course.assessments
    assert (quiz.settings["opens_at"], quiz.settings["closes_at"]) == ("2026-03-03T08:00:00Z", "2026-04-01T22:30:00Z")
    assert [item.reason for item in course.report.unsupported if item.kind == "canvas settings"] == [
        "Opens 3 March 2026, 08:00, in UTC.",
        "Closes 1 April 2026, 22:30, in UTC.",
        "Of its settings those of groups and single students were not taken.",
    ]
