"""HTML of OLX courses: addresses lead somewhere, what ran is gone and counted, what can be text is text."""

import base64
from pathlib import Path

import pytest

from lms_app.domain.content import rich_text
from lms_app.interchange.html_tree import parse_html
from lms_app.interchange.neutral import Block, Course
from lms_app.interchange.olx import read_olx
from tests.interchange.olx_builder import course_of, pack, picture

OTHER_PAGE = '<html url_name="h"/></vertical><vertical url_name="other" display_name="Other"><html url_name="far"><p>There</p></html>'


def read_html(folder: Path, html: str, files: dict[str, str] | None = None) -> Course:
    return read_olx(pack(folder / "course.tar.gz", course_of(OTHER_PAGE, {"html/h.html": html, **(files or {})})))


def first_blocks(course: Course) -> tuple[Block, ...]:
    return next(course.pages()).blocks


def shown(course: Course) -> str:
    """The first page's blocks: rich text as Markdown, HTML as it is, others by type and address."""
    return "\n\n".join(
        rich_text.to_markdown(block["content"]) if block["type"] == "rich_text" else block.get("html") or f"{block['type']} {block['url']}"
        for block in first_blocks(course)
    )


def left_out(course: Course) -> list[tuple[str, str]]:
    return [(entry.kind, entry.title) for entry in course.report.unsupported]


@pytest.mark.parametrize(
    "address",
    [
        "/static/my%20picture.png",
        "/static/my_picture.png",
        "/static/my picture.png",
        "static/my_picture.png",
        "/static/my_picture.png?raw=1#x",
        "/asset-v1:O+C+run+type@asset+block@my_picture.png",
        "asset-v1:O+C+run+type@asset+block@my_picture.png",
        "https://studio.example.org/asset-v1:O+C+run+type@asset+block@my_picture.png",
        "/assets/courseware/v1/0123456789abcdef0123456789abcdef/asset-v1:O+C+run+type@asset+block@my_picture.png",
        "/c4x/O/C/asset/my_picture.png",
        "/static/images_my_picture.png/../my_picture.png",
    ],
)
def test_every_form_of_a_files_address_finds_it(tmp_path: Path, address: str) -> None:
    course = read_html(tmp_path, f'<p><img src="{address}" alt="Mine"></p>', {"static/my picture.png": "P"})
    assert shown(course) == "![Mine](file:my_picture.png)"
    assert [(asset.name, asset.media_type, asset.read()) for asset in course.assets] == [("my_picture.png", "image/png", b"P")]
    assert course.report.missing_files == ()


def test_names_that_differ_in_case_only_stay_apart(tmp_path: Path) -> None:
    course = read_html(
        tmp_path, '<p><img src="/static/A.png" alt="1"><img src="/static/a.png" alt="2"></p>', {"static/A.png": "big", "static/a.png": "small"}
    )
    assert [(asset.name, asset.read()) for asset in course.assets] == [("A.png", b"big"), ("a.png", b"small")]


def test_two_files_whose_safe_names_are_the_same_stay_apart(tmp_path: Path) -> None:
    course = read_html(
        tmp_path, '<p><a href="/static/a%20b.pdf">1</a> <a href="/static/a_b.pdf">2</a></p>', {"static/a b.pdf": "1", "static/a_b.pdf": "2"}
    )
    assert {asset.read() for asset in course.assets} == {b"1", b"2"}


def test_an_absent_picture_is_listed_and_its_description_stays(tmp_path: Path) -> None:
    course = read_html(
        tmp_path, '<p>Look: <img src="/static/gone.png" alt="A comet"></p><table width="3"><caption>c</caption><tr><td>1</td></tr></table>'
    )
    assert '<img src="file:gone.png" alt="A comet">' in shown(course)
    course = read_html(tmp_path, '<p><img src="/static/gone.png" alt="A comet"></p>')
    assert shown(course) == "![A comet](file:)"
    assert course.report.missing_files == ("gone.png",)
    assert course.assets == ()


@pytest.mark.parametrize(
    "address",
    [
        "/jump_to_id/other",
        "/jump_to_id/far",
        "/jump_to_id/other?x=1",
        "/jump_to_id/other#part",
        "/courses/course-v1:O+C+run/jump_to_id/other",
        "/courses/O/C/run/jump_to/i4x://O/C/vertical/other",
        "/courses/course-v1:O+C+run/jump_to/block-v1:O+C+run+type@html+block@far",
        "https://campus.example.org/courses/course-v1:O+C+run/courseware/c/s/other/",
        "https://learning.example.org/learning/course/course-v1:O+C+run/block-v1:O+C+run+type@sequential+block@s/block-v1:O+C+run+type@vertical+block@other",
        "other",
    ],
)
def test_links_inside_the_course_lead_to_our_pages(tmp_path: Path, address: str) -> None:
    course = read_html(tmp_path, f'<p><a href="{address}">on</a></p>')
    assert shown(course) == "[on](page:other)"


@pytest.mark.parametrize("name", ["c", "s"])
def test_a_link_to_a_chapter_or_lesson_leads_to_its_first_page(tmp_path: Path, name: str) -> None:
    assert shown(read_html(tmp_path, f'<p><a href="/jump_to_id/{name}">on</a></p>')) == "[on](page:v)"


@pytest.mark.parametrize("address", ["/jump_to_id/nowhere", "/courses/course-v1:O+C+run/discussion", "/progress", "nowhere.html"])
def test_links_into_the_old_platform_keep_their_words_and_are_reported(tmp_path: Path, address: str) -> None:
    course = read_html(tmp_path, f'<p><a href="{address}">on</a></p>')
    assert shown(course) == "on"
    assert left_out(course) == [("link", "on")]


def test_outside_links_and_anchors_stay(tmp_path: Path) -> None:
    html = '<p><a href="https://example.org/a?b=c#e">out</a> <a href="mailto:a@example.org">mail</a></p>'
    course = read_html(tmp_path, html)
    assert shown(course) == "[out](https://example.org/a?b=c#e) [mail](mailto:a@example.org)"
    course = read_html(tmp_path, '<p><a href="#far">down</a></p><p id="far">here</p><p id="other">gone</p>')
    assert shown(course) == '<p><a href="#in-far">down</a></p><p id="in-far">here</p><p>gone</p>'


def test_what_runs_is_removed_and_scripts_are_counted(tmp_path: Path) -> None:
    html = """<p onclick="x()">Text<script>alert(1)</script> goes on</p><script src="/static/a.js"></script><style>p {}</style>
        <link rel="stylesheet" href="/static/a.css"><a href="javascript:alert(1)">no</a><img src=x onerror=alert(1) alt="z">"""
    course = read_html(tmp_path, html, {"static/a.js": "x", "static/a.css": "x"})
    assert course.report.removed_scripts == 2
    assert course.assets == ()
    assert not any(word in str(first_blocks(course)) for word in ("alert", "script", "onclick", "onerror", "style"))
    assert "Text goes on" in shown(course)


def test_a_component_of_nothing_but_styles_and_scripts_leaves_no_block(tmp_path: Path) -> None:
    course = read_html(tmp_path, "<script>1</script><style>p {}</style><div> <p>&nbsp;</p></div>")
    assert first_blocks(course) == ()


def test_a_scripted_widget_is_reported_whole(tmp_path: Path) -> None:
    course = read_html(tmp_path, "<div><p>Useful?</p><button onclick='send(1)'>Yes</button></div>")
    assert first_blocks(course) == ()
    assert left_out(course) == [("html", "Text")]
    course = read_html(tmp_path, f"<p>{'A long text. ' * 30}</p><button>Yes</button>")
    assert shown(course).startswith("A long text.")


def test_simple_html_becomes_rich_text_and_the_rest_stays_html(tmp_path: Path) -> None:
    simple = '<div class="x"><h2>H</h2><ul><li><b>a</b></li></ul><table><tr><th>1</th></tr><tr><td>2</td></tr></table></div>'
    assert [block["type"] for block in first_blocks(read_html(tmp_path, simple))] == ["rich_text"]
    rich = "<details><summary>More</summary><p>Hidden</p></details>"
    (block,) = first_blocks(read_html(tmp_path, rich))
    assert (block["type"], block["html"]) == ("html", rich)


def test_maths_for_mathjax_becomes_maths(tmp_path: Path) -> None:
    tex = r"<p>So \(a^2\) and \[b\] and [mathjaxinline]c[/mathjaxinline], not $d$.</p>"
    assert shown(read_html(tmp_path, tex)) == "So $a^2$ and $b$ and $c$, not \\$d\\$."
    (block,) = first_blocks(read_html(tmp_path, tex + "<dl><dt>t</dt></dl><pre>\\(e\\)</pre>"))
    assert block["html"].count("<math") == 3
    assert 'alttext="a^2"' in block["html"]
    assert ", not $d$." in block["html"]
    assert "<pre>\\(e\\)</pre>" in block["html"]


def test_frames_on_their_own_become_embeds_and_videos_others_links(tmp_path: Path) -> None:
    html = """<div><p>Before</p><p><iframe src="https://www.youtube.com/embed/abcdefghijk?rel=0" title="Film"></iframe></p><p>Between</p>
        <iframe src="//phet.example.org/sim"></iframe>after <p>In <iframe src="https://example.org/x" title="the middle"></iframe> of it</p></div>"""
    course = read_html(tmp_path, html)
    assert shown(course) == (
        "Before\n\nvideo https://www.youtube.com/watch?v=abcdefghijk\n\nBetween\n\nembed https://phet.example.org/sim\n\n"
        "after\n\nIn [the middle](https://example.org/x) of it"
    )
    assert left_out(course) == []


def test_frames_of_local_pages_become_links_and_are_reported(tmp_path: Path) -> None:
    html = '<iframe src="/static/sim.html" title="Sim"></iframe><object data="/static/gone.pdf" title="Doc"></object><iframe></iframe>'
    course = read_html(tmp_path, html, {"static/sim.html": "<p>sim</p>"})
    assert "[Sim](file:sim.html)" in shown(course)
    assert left_out(course)[:2] == [("iframe", "Sim"), ("object", "Doc")]
    assert course.report.missing_files == ("gone.pdf",)


def test_pictures_on_other_servers_become_links_and_are_reported(tmp_path: Path) -> None:
    course = read_html(tmp_path, '<p>A <img src="https://example.org/p.png" alt="far star"> b</p>')
    assert shown(course) == "A [far star](https://example.org/p.png) b"
    assert left_out(course) == [("img", "far star")]


def test_a_picture_written_into_the_page_becomes_a_file(tmp_path: Path) -> None:
    data = picture(2, 2)
    course = read_html(tmp_path, f'<p><img src="data:image/png;base64,{base64.b64encode(data).decode()}" alt="dot"></p>')
    (asset,) = course.assets
    assert (asset.media_type, asset.read()) == ("image/png", data)
    assert shown(course) == f"![dot](file:{asset.name})"


def test_html_that_is_too_deep_or_too_long_is_reported_not_cut(tmp_path: Path) -> None:
    course = read_html(tmp_path, "<div>" * 1500 + "deep" + "</div>" * 1500 + "<p>after</p>")
    assert "deep" in shown(course)
    assert "after" in shown(course)
    for html in ("<div>" * 5000 + "x", "<p>" + "x" * 2_000_001):
        course = read_html(tmp_path, html)
        assert first_blocks(course) == ()
        assert left_out(course) == [("html", "Text")]


def test_sound_and_film_in_a_page_keep_their_files(tmp_path: Path) -> None:
    course = read_html(
        tmp_path, '<video controls><source src="/static/f.mp4"></video><audio src="/static/s.mp3" controls></audio>', {"static/f.mp4": "f"}
    )
    assert [(block["type"], block["file"]) for block in first_blocks(course)] == [("video", "f.mp4"), ("audio", "")]
    assert course.report.missing_files == ("s.mp3",)
    assert [asset.media_type for asset in course.assets] == ["video/mp4"]


@pytest.mark.parametrize(
    "nasty",
    ["\x01", "&#1;", "&#x1;", "&#XFFFE;", "&#99999999;", "&#1", "&#0000000000001;", "&#x00000000000B;", "\ufffe", "\x0b", "\ud800", "&#xD800;"],
)
def test_characters_that_no_document_may_hold_are_left_out(nasty: str) -> None:
    for around in ("{}Stones", "Stones{}", "<p>Stones{}</p>", "<p title='{}'>Stones</p>", "{}<p>Stones</p>"):
        assert "".join(parse_html(around.format(nasty)).itertext()).strip() == "Stones"


def test_references_to_other_characters_stay() -> None:
    assert "".join(parse_html("&#&#1;1;").itertext()) == "&# 1;"
    assert "".join(parse_html("&#65;&#x1F600;&#10;&amp;&#x42;").itertext()) == "A\U0001f600\n&B"
