"""What is found on a page: each check once where there is something to mend, and once where there is not."""

from typing import Any
from uuid import uuid4

import pytest

from lms_app.domain.content.document import Document, parse_document
from lms_app.domain.content.parts import parts_of
from lms_app.domain.courses.health_rules import CHECKS, PAGE_CHECKS
from lms_app.domain.courses.page_health_rules import LONG, document_findings, page_findings
from lms_app.words import NodeKind

HOSTS = frozenset({"player.vimeo.com", "www.youtube-nocookie.com"})
FILE = "01890a5d-ac96-774b-bcce-b302099a8057"
MANY = " ".join(["word"] * LONG)


def doc(*blocks: dict[str, Any]) -> Document:
    return parse_document({"blocks": [{"id": f"block{number:07}", **block} for number, block in enumerate(blocks)]})


def text(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "content": {"type": "doc", "content": list(nodes)}}


def line(*inline: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(inline)}


def words(said: str, href: str = "", *more: str) -> dict[str, Any]:
    marks = [{"type": mark} for mark in more] + ([{"type": "link", "attrs": {"href": href}}] if href else [])
    return {"type": "text", "text": said, "marks": marks}


def heading(level: int, said: str) -> dict[str, Any]:
    return {"type": "heading", "attrs": {"level": level}, "content": [words(said)]}


def table(first: str) -> dict[str, Any]:
    cells = [{"type": "tableRow", "content": [{"type": kind, "content": [line(words("Cell"))]}]} for kind in (first, "tableCell")]
    return text({"type": "table", "content": cells})


def html(source: str) -> dict[str, Any]:
    return {"type": "html", "html": source}


def picture(alt: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "image", "file": FILE, "alt": alt, **more}


def video(**more: Any) -> dict[str, Any]:
    return {"type": "video", "title": "Tides", **more}


CAPTIONS = {"captions": [{"file": FILE, "language": "en"}]}
VIMEO = "https://vimeo.com/123456"
PLAIN = text(line(words("Stones are old.")))

CASES: list[tuple[str, Document, Document]] = [
    ("page_empty", doc(), doc(PLAIN)),
    ("page_empty", doc(text(line())), doc({"type": "quiz", "assessment": FILE})),
    ("page_unparted", doc(text(line(words(MANY)))), doc(text(heading(2, "Stones"), line(words(MANY))))),
    ("page_unparted", doc(text(line(words(MANY)))), doc(video(file=FILE, transcript=MANY, **CAPTIONS))),
    ("heading_skipped", doc(text(heading(2, "Stones")), text(heading(4, "Slate"))), doc(text(heading(2, "Stones")), text(heading(3, "Slate")))),
    ("heading_skipped", doc(html("<h2>Stones</h2><h4>Slate</h4>")), doc(text(heading(3, "Stones"), heading(4, "Slate"), heading(3, "Sand")))),
    ("picture_without_description", doc(picture()), doc(picture("A grey stone"), picture(decorative=True))),
    (
        "picture_without_description",
        doc(text(line({"type": "image", "attrs": {"file": FILE, "alt": ""}}))),
        doc(text(line({"type": "image", "attrs": {"file": FILE, "alt": "A stone"}}))),
    ),
    ("picture_without_description", doc(html(f'<p><img src="file:{FILE}"></p>')), doc(html(f'<p><img src="file:{FILE}" alt=""></p>'))),
    ("description_is_a_file_name", doc(picture("slate-07.JPG")), doc(picture("The file slate.jpg on a screen"))),
    ("description_is_a_file_name", doc(picture("IMG_2041")), doc(picture("Picture of 2 stones"))),
    ("video_without_captions", doc(video(file=FILE)), doc(video(file=FILE, **CAPTIONS), video(url=VIMEO))),
    ("video_without_transcript", doc(video(url=VIMEO)), doc(video(url=VIMEO, transcript="The tide comes."), video(file=FILE, **CAPTIONS))),
    ("media_without_title", doc({"type": "audio", "file": FILE}), doc({"type": "audio", "file": FILE, "title": "Waves"})),
    ("media_without_title", doc({"type": "embed", "url": VIMEO}), doc({"type": "embed", "url": VIMEO, "title": "Waves"})),
    ("media_without_title", doc({"type": "file", "file": FILE}), doc({"type": "file", "file": FILE, "title": "Map"})),
    (
        "link_says_nothing",
        doc(text(line(words("Read "), words("click here", "https://a.example/"), words(".")))),
        doc(text(line(words("Here is "), words("the map of the coast", "https://a.example/")))),
    ),
    ("link_says_nothing", doc(text(line(words("https://a.example/x", "https://a.example/x")))), doc(text(line(words("https://a.example/x"))))),
    (
        "link_says_nothing",
        doc(html('<p><a href="https://a.example/">Hier</a></p>')),
        doc(text(line(words("Here ", "https://a.example/"), words("we go", "https://a.example/", "bold")))),
    ),
    ("link_unprotected", doc(text(line(words("The map", "http://a.example/")))), doc(text(line(words("The map", "https://a.example/"))))),
    (
        "link_unprotected",
        doc({"type": "embed", "url": "http://a.example/", "title": "A"}),
        doc(text(line(words("Try it", "http://localhost:8000/")))),
    ),
    ("html_left_over", doc(html("<p>Old</p>")), doc(PLAIN)),
    ("frame_not_allowed", doc({"type": "embed", "url": "https://a.example/", "title": "A"}), doc({"type": "embed", "url": VIMEO, "title": "A"})),
    ("frame_not_allowed", doc(video(url="https://a.example/v.mp4")), doc(video(url="https://youtu.be/abcdefghijk"))),
    ("table_without_head", doc(table("tableCell")), doc(table("tableHeader"))),
    ("table_without_head", doc(html("<table><tr><td>1</td></tr></table>")), doc(html("<table><tr><th>1</th></tr></table>"))),
    ("address_missing", doc(video()), doc(video(url=VIMEO))),
    ("address_missing", doc({"type": "embed", "url": "", "title": "A"}), doc({"type": "embed", "url": VIMEO, "title": "A"})),
]
IN_THE_COURSE = {"file_missing", "link_to_nothing", "link_to_hidden_page", "quiz_missing"}
"""What needs a look at the course: see test_outline_health_rules."""


def test_every_check_of_a_page_has_its_cases() -> None:
    assert {code for code, _, _ in CASES} | IN_THE_COURSE == set(PAGE_CHECKS)
    assert len(CHECKS) >= 18


@pytest.mark.parametrize(("code", "bad", "good"), CASES)
def test_a_check_finds_what_is_to_mend_and_passes_by_what_is_not(code: str, bad: Document, good: Document) -> None:
    node = uuid4()
    found = [finding for finding in page_findings(bad, node, HOSTS) if finding.code == code]
    assert len(found) == 1
    assert found[0].node == node
    assert "{" not in found[0].sentence + found[0].advice
    assert found[0].sentence.endswith(".")
    assert [finding for finding in page_findings(good, node, HOSTS) if finding.code == code] == []


def test_a_finding_names_its_block() -> None:
    findings = page_findings(doc(PLAIN, picture(), PLAIN), uuid4(), HOSTS)
    assert [(finding.code, finding.block) for finding in findings] == [("picture_without_description", "block0000001")]


def test_the_same_twice_in_a_block_is_one_finding_that_says_so() -> None:
    vague = [words("here", f"https://a.example/{number}") for number in range(3)]
    findings = page_findings(doc(text(*(line(each) for each in vague))), uuid4(), HOSTS)
    assert [finding.sentence for finding in findings] == ["A link reads “here”. The same 2 more times in this place."]


def test_the_sentence_says_which_levels_a_heading_stands_between() -> None:
    (finding,) = page_findings(doc(text(heading(1, "Stones"), heading(4, "Slate"))), uuid4(), HOSTS)
    assert finding.sentence == "The heading “Slate” is of level 4, and the one before it of level 1."
    assert finding.advice == "Make it level 2."


def test_words_that_are_long_are_cut_in_a_sentence() -> None:
    (finding,) = page_findings(doc(text(line(words("The map", f"http://a.example/{'x' * 500}")))), uuid4(), HOSTS)
    assert len(finding.sentence) < 220


def test_the_stem_of_a_question_is_looked_at_as_a_page_is_but_may_be_short() -> None:
    findings = document_findings(doc(picture()), NodeKind.QUESTION, uuid4(), HOSTS)
    assert [(finding.code, finding.kind) for finding in findings] == [("picture_without_description", NodeKind.QUESTION)]


def test_what_a_page_needs_is_told_with_its_block() -> None:
    page, quiz = uuid4(), uuid4()
    document = doc(
        picture("A stone"),
        {"type": "quiz", "assessment": str(quiz)},
        text(line(words("Next", f"page:{page}#sand"), words(" and "), words("a map", f"file:{FILE}"), words(" or "), words("gone", "page:old-name"))),
        html(f'<p><a href="page:{page}">Sand</a><img src="file:{FILE}" alt="x"></p>'),
        {"type": "image", "file": "", "alt": "Lost"},
        video(file=FILE, **CAPTIONS),
        video(url=VIMEO),
    )
    needs = sorted((each.block[-1], each.kind, str(each.target)) for each in parts_of(document).references)
    assert needs == sorted([
        ("0", "file", FILE), ("1", "quiz", str(quiz)), ("2", "file", FILE), ("2", "page", str(page)), ("2", "page", "None"),
        ("3", "file", FILE), ("3", "page", str(page)), ("4", "file", "None"), ("5", "file", FILE), ("5", "file", FILE),
    ])  # fmt: skip
