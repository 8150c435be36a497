"""The many ways in which an OLX archive may be laid out, and those that are refused."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lms_app.errors import Invalid
from lms_app.interchange.neutral import Course, Page
from lms_app.interchange.olx import read_olx
from tests.interchange.olx_builder import TITLE, build_short_course, course_of, pack
from tests.interchange.test_xml import BILLION_LAUGHS


def read_files(folder: Path, files: dict[str, str], **where: Any) -> Course:
    return read_olx(pack(folder / "course.tar.gz", files, **where))


def outline(course: Course) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    return [(module.title, [(lesson.title, [page.title for page in lesson.pages]) for lesson in module.lessons]) for module in course.modules]


def words(page: Page) -> str:
    return " ".join(re.findall(r"'text': '([^']*)'", str(page.blocks)))


def left_out(course: Course) -> list[tuple[str, str]]:
    return [(entry.kind, entry.title) for entry in course.report.unsupported]


def refusal(folder: Path, files: dict[str, str]) -> str:
    with pytest.raises(Invalid) as refused:
        read_files(folder, files)
    return refused.value.sentence


def test_pointers_and_inline_xml_may_be_mixed(tmp_path: Path) -> None:
    course = read_files(
        tmp_path,
        {
            "course.xml": '<course url_name="run"/>',
            "course/run.xml": """<course display_name="C"><chapter url_name="one"/>
                <chapter display_name="Two"><sequential url_name="s"/></chapter></course>""",
            "chapter/one.xml": """<chapter display_name="One"><sequential display_name="Inline"><vertical display_name="Page">
                <html><p>Hello</p></html></vertical></sequential></chapter>""",
            "sequential/s.xml": '<sequential display_name="Pointed"><vertical url_name="v" display_name="At the pointer"/></sequential>',
            "vertical/v.xml": '<vertical><html url_name="h"/></vertical>',
            "html/h.xml": "<html><![CDATA[<p>In CDATA</p>]]></html>",
        },
    )
    assert outline(course) == [("One", [("Inline", ["Page"])]), ("Two", [("Pointed", ["At the pointer"])])]
    assert [words(page) for page in course.pages()] == ["Hello", "In CDATA"]


def test_names_with_colons_lie_in_folders(tmp_path: Path) -> None:
    files = course_of(
        '<html url_name="week:intro"/>', {"html/week/intro.xml": '<html filename="week:intro"/>', "html/week/intro.html": "<p>Deep</p>"}
    )
    assert [words(page) for page in read_files(tmp_path, files).pages()] == ["Deep"]


def test_html_without_its_xml_is_found(tmp_path: Path) -> None:
    course = read_files(tmp_path, course_of('<html url_name="h"/>', {"html/h.html": "<p>Alone</p>"}))
    assert [words(page) for page in course.pages()] == ["Alone"]


@pytest.mark.parametrize("root", ["", "course/", "DemoX-2026/", "a/b/c/"])
def test_the_course_may_lie_in_any_folder(tmp_path: Path, root: str) -> None:
    files = course_of('<html url_name="h"/>', {"html/h.html": '<img src="/static/a.png" alt="A">', "static/a.png": "A"})
    course = read_files(tmp_path, files, root=root)
    assert [asset.read() for asset in course.assets] == [b"A"]


def test_a_zip_reads_as_well_as_a_tar(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "course.zip", "w") as archive:
        for name, text in course_of("<html><p>Zipped</p></html>").items():
            archive.writestr(f"course/{name}", text)
    assert [words(page) for page in read_olx(tmp_path / "course.zip").pages()] == ["Zipped"]


def test_the_policy_overrides_names_and_grading(tmp_path: Path) -> None:
    policy = """{"course/run": {"display_name": "New", "language": "fr"}, "chapter/c": {"display_name": "Module"},
        "sequential/s": {"graded": true, "format": "Homework"}}"""
    course = read_files(tmp_path, course_of("<html><p>x</p></html>", {"policies/run/policy.json": policy}))
    (module,) = course.modules
    (lesson,) = module.lessons
    assert (course.title, course.language, module.title, lesson.graded, lesson.category) == ("New", "fr", "Module", True, "Homework")


def test_grading_said_higher_up_holds_below(tmp_path: Path) -> None:
    files = course_of("<html><p>x</p></html>")
    files["course.xml"] = files["course.xml"].replace("<chapter ", '<chapter graded="true" format="Exam" ')
    (lesson,) = read_files(tmp_path, files).lessons()
    assert (lesson.graded, lesson.category) == (True, "Exam")


def test_a_lesson_that_is_not_graded_has_no_category(tmp_path: Path) -> None:
    files = course_of("<html><p>x</p></html>")
    files["course.xml"] = files["course.xml"].replace("<sequential ", '<sequential graded="false" format="Homework" ')
    (lesson,) = read_files(tmp_path, files).lessons()
    assert (lesson.graded, lesson.category) == (False, "")


def test_files_that_a_pointer_names_and_that_are_absent_are_listed(tmp_path: Path) -> None:
    course = read_files(tmp_path, course_of('<problem url_name="gone"/><html url_name="away"/><html><p>Here</p></html>'))
    assert course.report.missing_files == ("html/away.html", "problem/gone.xml")
    assert [words(page) for page in course.pages()] == ["Here"]
    assert "problem" not in course.report.source_counts


def test_what_stands_a_level_too_high_gets_a_page_of_its_own(tmp_path: Path) -> None:
    course = read_files(
        tmp_path,
        {
            "course.xml": """<course url_name="r" display_name="C"><chapter display_name="M"><sequential display_name="L">
            <html display_name="Loose text"><p>a</p></html><problem display_name="Loose problem"><stringresponse answer="a"/></problem></sequential>
            <vertical display_name="Loose unit"><html><p>b</p></html></vertical></chapter>
            <sequential display_name="Loose lesson"><vertical display_name="V"><html><p>c</p></html></vertical></sequential></course>"""
        },
    )
    assert outline(course) == [
        ("M", [("L", ["Loose text", "Loose problem"]), ("Loose unit", ["Loose unit"])]),
        ("Loose lesson", [("Loose lesson", ["V"])]),
    ]
    refs = [page.ref for page in course.pages()]
    assert len(set(refs)) == len(refs) == 4
    assert sum(1 for _ in course.questions()) == 1


def test_containers_are_opened_and_what_they_did_is_reported(tmp_path: Path) -> None:
    course = read_files(
        tmp_path,
        course_of(
            """<split_test display_name="A or B"><vertical><html><p>A</p></html></vertical><vertical><html><p>B</p></html></vertical></split_test>
            <conditional display_name="If" sources="i4x://O/C/problem/q"><show sources="i4x://O/C/html/secret"/></conditional>
            <vertical display_name="Inner"><html><p>D</p></html></vertical>""",
            {"html/secret.html": "<p>C</p>"},
        ),
    )
    assert [words(page) for page in course.pages()] == ["A B C D"]
    assert left_out(course) == [("split_test", "A or B"), ("conditional", "If")]


def test_the_same_block_twice_has_two_refs(tmp_path: Path) -> None:
    files = course_of("<html><p>x</p></html>")
    files["course.xml"] = files["course.xml"].replace("</sequential>", '<vertical url_name="v" display_name="Again"/></sequential>')
    files["vertical/v.xml"] = "<vertical><html><p>y</p></html></vertical>"
    assert [page.ref for page in read_files(tmp_path, files).pages()] == ["v", "v-2"]


def test_what_students_could_not_see_comes_as_a_draft(tmp_path: Path) -> None:
    files = course_of("<html><p>open</p></html>")
    files["course.xml"] = files["course.xml"].replace(
        "</sequential>", '<vertical display_name="Notes" visible_to_staff_only="true"><html><p>staff</p></html></vertical></sequential>'
    )
    files["drafts/vertical/new.xml"] = """<vertical display_name="New" parent_url="block-v1:O+C+run+type@sequential+block@s"
        index_in_children_list="1"><html url_name="n"/></vertical>"""
    files["drafts/html/n.html"] = "<p>coming</p>"
    files["drafts/vertical/v.xml"] = """<vertical display_name="P" parent_url="block-v1:O+C+run+type@sequential+block@s"
        index_in_children_list="0"><html><p>changed</p></html></vertical>"""
    course = read_files(tmp_path, files)
    assert [(page.title, page.draft, words(page)) for page in course.pages()] == [
        ("P", False, "open"),
        ("New", True, "coming"),
        ("Notes", True, "staff"),
    ]
    assert left_out(course) == [("draft", "P"), ("draft", "New")]


def test_parts_beside_the_outline_are_reported(tmp_path: Path) -> None:
    files = course_of(
        "<html><p>x</p></html>", {"tabs/syllabus.html": "<p>Week one</p>", "info/handouts.html": "<ol></ol>", "info/updates.html": "News"}
    )
    files["course.xml"] = files["course.xml"].replace("</course>", '<wiki slug="w"/><pdf_textbook title="The book"/></course>')
    assert left_out(read_files(tmp_path, files)) == [("pdf_textbook", "The book"), ("static_tab", "syllabus"), ("course_info", "updates")]


def test_a_component_that_is_no_xml_is_reported_and_the_rest_comes_in(tmp_path: Path) -> None:
    course = read_files(tmp_path, course_of('<problem url_name="p"/><html><p>Rest</p></html>', {"problem/p.xml": "<problem><p></problem>"}))
    assert [words(page) for page in course.pages()] == ["Rest"]
    (entry,) = course.report.unsupported
    assert (entry.kind, entry.title, entry.place) == ("problem", "Problem", "M › L › P")
    assert "problem/p.xml is not well-formed" in entry.reason


def test_a_chapter_that_is_no_xml_is_reported(tmp_path: Path) -> None:
    files = course_of("<html><p>Rest</p></html>", {"chapter/bad.xml": "<chapter"})
    files["course.xml"] = files["course.xml"].replace("</course>", '<chapter url_name="bad"/></course>')
    course = read_files(tmp_path, files)
    assert [words(page) for page in course.pages()] == ["Rest"]
    assert left_out(course) == [("chapter", "bad")]


def test_component_titles_come_from_wherever_their_kind_keeps_them(tmp_path: Path) -> None:
    essay = '<openassessment url_name="o"><title>Essay</title><prompts/></openassessment>'
    course = read_files(tmp_path, course_of(f'{essay}<survey block_name="How was it?"/><poll/><mystery/>'))
    assert left_out(course) == [("openassessment", "Essay"), ("survey", "How was it?"), ("poll", "Poll"), ("mystery", "mystery")]


def test_entities_in_any_file_that_is_read_are_refused(tmp_path: Path) -> None:
    evil = '<!DOCTYPE problem [<!ENTITY e SYSTEM "file:///etc/passwd">]><problem><p>&e;</p></problem>'
    for source in (evil, BILLION_LAUGHS):
        assert "document type" in refusal(tmp_path, course_of('<problem url_name="p"/>', {"problem/p.xml": source}))
    assert "document type" in refusal(tmp_path, {"course.xml": BILLION_LAUGHS})


def test_parts_that_hold_each_other_are_refused(tmp_path: Path) -> None:
    files = course_of('<vertical url_name="v"/>', {"vertical/v.xml": '<vertical><vertical url_name="v"/></vertical>'})
    assert "circle" in refusal(tmp_path, files)


def test_parts_that_multiply_are_refused(tmp_path: Path) -> None:
    files = {f"vertical/n{level}.xml": "<vertical>" + f'<vertical url_name="n{level + 1}"/>' * 20 + "</vertical>" for level in range(8)}
    assert "too many parts" in refusal(tmp_path, course_of('<vertical url_name="n0"/>', files))


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"readme.txt": "hello"}, "no course.xml"),
        ({"library.xml": "<library/>"}, "library"),
        ({"course.xml": "<library/>"}, "library"),
        ({"course.xml": "<lesson/>"}, "does not describe"),
        ({"course.xml": "not xml"}, "well-formed"),
        ({"course.xml": '<course url_name="gone"/>'}, "not there"),
        ({"course.xml": '<course url_name="run"/>', "course/run.xml": "<course"}, "well-formed"),
        ({"course.xml": '<course display_name="Empty"><wiki/></course>'}, "empty"),
        ({"a/course.xml": "<course/>", "b/course.xml": "<course/>"}, "several courses"),
    ],
)
def test_archives_without_one_course_are_refused(tmp_path: Path, files: dict[str, str], word: str) -> None:
    assert word in refusal(tmp_path, files)


def test_a_page_with_nothing_to_read_does_not_count_beside_its_graded_quiz(tmp_path: Path) -> None:
    problem = "<problem><stringresponse answer='x'><textline/></stringresponse></problem>"
    files = course_of(problem)
    graded = files["course.xml"].replace("<sequential ", '<sequential graded="true" ')
    for source, rule in ((files["course.xml"], "read"), (graded, "none"), (graded.replace(problem, "<done/>"), "none")):
        (page,) = read_files(tmp_path, {"course.xml": source}).pages()
        assert page.rule.value == rule


def test_the_short_course_comes_in_whole(tmp_path: Path) -> None:
    course = read_olx(build_short_course(tmp_path))
    assert (course.title, course.slug) == (TITLE, "the-autumn-sky")
    assert course.summary == "Six evenings under the autumn stars, without a telescope."
    assert outline(course) == [
        ("Evenings outside", [("A first look", ["Welcome outside", "Try it yourself"])]),
        ("What stayed", [("The end", ["The last question"])]),
    ]
    assert [page.rule.value for page in course.pages()] == ["read", "read", "read"]
    practice, final = course.assessments
    assert (practice.practice, final.practice, final.settings) == (True, False, {"pass_mark": "0.6", "attempts_allowed": 5})
    assert left_out(course) == [("discussion", "Say hello"), ("customresponse", "Weighed by a script")]
    assert (course.report.missing_files, course.report.removed_scripts) == (("orion.png",), 2)
