"""What is written in the formats of others comes back as far as they can say it, and what they cannot say is told."""

import io
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.document import document_of
from lms_app.domain.content.rich_text import from_text
from lms_app.interchange import neutral
from lms_app.interchange.course_formats import WRITERS, read_course
from lms_app.interchange.likeness import differences
from lms_app.words import CompletionRule, QuestionType
from tests.interchange.drawn_courses import asset, courses
from tests.interchange.drawn_questions import EXAMPLES, any_questions
from tests.interchange.olx_builder import picture
from tests.support.every_type import bodies
from tests.support.questions import choice_body, numeric_body, rich, stem, text_body, true_false_body

VTT = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nLook up.\n"
LINK = {"type": "text", "text": "see the moon", "marks": [{"type": "link", "attrs": {"href": "page:page-2"}}]}
NOTES = {"type": "text", "text": "notes", "marks": [{"type": "link", "attrs": {"href": "file:notes.txt"}}]}


def text(*nodes: dict) -> dict:
    return {"type": "rich_text", "content": {"type": "doc", "content": [{"type": "paragraph", "content": list(nodes)}]}}


BLOCKS = document_of(
    [
        text(LINK),
        {"type": "image", "file": "sky.png", "alt": "The sky", "caption": "At night"},
        {"type": "video", "file": "film.mp4", "title": "A film", "captions": [{"file": "captions-film.vtt", "language": "en", "label": "English"}]},
        {"type": "video", "url": "https://www.youtube.com/watch?v=0000000SKY1", "title": "Elsewhere"},
        text(NOTES),
        {"type": "callout", "tone": "tip", "content": from_text("A tip.")},
        {"type": "collapsible", "title": "More", "content": from_text("Hidden.")},
        {"type": "code", "language": "python", "text": "a < b\n", "caption": ""},
        {"type": "maths", "tex": "a^2 < b"},
        {"type": "quiz", "assessment": "quiz-1"},
    ]
).dump()["blocks"]
MOON = document_of([text({"type": "text", "text": "Round."})]).dump()["blocks"]
BODIES = bodies("sky.png")
QUESTIONS = tuple(
    neutral.Question(ref=f"question-{number}", type=type_, title=f"A {type_.value}", body=body)
    for number, (type_, body) in enumerate(BODIES.items(), start=1)
)
SPARE = neutral.Question(ref="question-99", type=QuestionType.TRUE_FALSE, title="Spare", body=true_false_body(False))
COURSE = neutral.Course(
    title="Skies & tides", summary="Evenings outside.", slug="skies", language="en", level="Beginner", tags=("sky",), objectives=("Look up",),
    signatory_name="Ines", cover="sky.png",
    modules=(
        neutral.Module(
            ref="module-1", title="Evenings <outside>",
            lessons=(
                neutral.Lesson(
                    ref="lesson-1", title="A first look",
                    pages=(
                        neutral.Page(ref="page-1", title="Stars & planets", blocks=tuple(BLOCKS)),
                        neutral.Page(ref="page-2", title="The moon", draft=True, blocks=tuple(MOON)),
                    ),
                ),
                neutral.Lesson(ref="lesson-2", title="Empty", graded=True, category="Homework", pages=(neutral.Page(ref="page-3", title="Nothing"),)),
            ),
        ),
    ),
    assessments=(
        neutral.Assessment(ref="quiz-1", title="All kinds", practice=False, questions=QUESTIONS, settings={"attempts_allowed": 3, "time_limit": 600}),
    ),
    bank=(*QUESTIONS, SPARE),
    assets=(
        asset("captions-film.vtt", VTT, "text/vtt"), asset("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(40), "video/mp4"),
        asset("notes.txt", b"Notes", "text/plain"), asset("sky.png", picture(20, 10), "image/png"),
    ),
)  # fmt: skip


def written(course: neutral.Course, format_: str, folder: Path) -> tuple[Path, neutral.Report]:
    path = folder / f"course{WRITERS[format_][1]}"
    with path.open("wb") as target:
        report = WRITERS[format_][0](course, target)
    return path, report


def outline(course: neutral.Course) -> list:
    return [[module.title, [[lesson.title, [page.title for page in lesson.pages]] for lesson in module.lessons]] for module in course.modules]


def told(report: neutral.Report) -> set[str]:
    assert all(item.place and item.reason.endswith(".") for item in report.unsupported)
    return {item.kind for item in report.unsupported}


def contents(page: neutral.Page) -> list[dict]:
    return [{name: value for name, value in block.items() if name != "id"} for block in page.blocks]


def test_markdown_keeps_outline_pages_and_files(tmp_path: Path) -> None:
    path, report = written(COURSE, "markdown", tmp_path)
    read = read_course(path)
    assert outline(read) == outline(COURSE)
    assert (read.title, read.summary, read.level, read.tags, read.objectives, read.cover) == (
        COURSE.title, COURSE.summary, COURSE.level, COURSE.tags, COURSE.objectives, COURSE.cover,
    )  # fmt: skip
    pages, before = list(read.pages()), list(COURSE.pages())
    assert contents(pages[0]) == contents(before[0])
    assert [(page.draft, page.rule, page.required) for page in pages] == [(page.draft, page.rule, page.required) for page in before]
    assert [(file.name, file.read()) for file in read.assets] == [(file.name, file.read()) for file in COURSE.assets]
    (quiz,) = read.assessments
    told_of = {item.title for item in report.unsupported}
    assert (quiz.title, quiz.practice, quiz.settings) == ("All kinds", False, {"attempts_allowed": 3, "time_limit": 600})
    assert {question.title for question in QUESTIONS} <= {question.title for question in quiz.questions} | told_of
    by_ref = {question.ref: question for question in QUESTIONS}
    assert all(question.title in told_of or differences(by_ref[question.ref], question) == [] for question in quiz.questions)
    assert {question.type for question in quiz.questions} > {QuestionType.SINGLE_CHOICE, QuestionType.MATCHING, QuestionType.ESSAY}
    assert [question.ref for question in read.bank][-1] == SPARE.ref
    assert {"certificate", "hotspot", "cloze"} <= told(report)
    assert read.report.unsupported == read.report.missing_files == ()
    with zipfile.ZipFile(path) as archive:
        first = archive.read("01-evenings-outside/01-a-first-look/01-stars-planets.md").decode()
    assert "](../../files/sky.png" in first
    assert "](../../01-evenings-outside/01-a-first-look/02-the-moon.md)" in first
    assert "::quiz(01-stars-planets-quiz-10.gift)" in first


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(course=courses())
def test_markdown_of_any_course_comes_back_with_its_pages(course: neutral.Course, tmp_path: Path) -> None:
    read = read_course(written(course, "markdown", tmp_path)[0])
    assert outline(read) == outline(course)
    for page, before in zip(read.pages(), course.pages(), strict=True):
        assert [block["type"] for block in joined(page)] == [block["type"] for block in joined(before)]
        assert (page.rule, page.required, page.draft) == (before.rule, before.required, before.draft)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(course=courses())
def test_markdown_of_any_course_comes_back_with_its_quizzes_or_says_what_is_lost(course: neutral.Course, tmp_path: Path) -> None:
    path, report = written(course, "markdown", tmp_path)
    read = read_course(path)
    lost = {item.title for item in report.unsupported}
    placed = [block["assessment"] for page in course.pages() for block in page.blocks if block["type"] == "quiz"]
    quizzes = {quiz.ref: quiz for quiz in course.assessments}
    for quiz, before in zip(read.assessments, (quizzes[ref] for ref in placed), strict=True):
        assert (quiz.title, quiz.practice, quiz.category) == (before.title, before.practice, before.category)
        assert QuizSettings.model_validate(quiz.settings) == QuizSettings.model_validate(before.settings)
        assert [replace(section, questions=0) for section in quiz.sections] == [replace(section, questions=0) for section in before.sections]
        again = {question.ref: question for question in quiz.questions}
        for question in before.questions:
            assert question.title in lost or differences(question, again[question.ref]) == []
    bank = {question.ref: question for question in read.bank}
    for question in course.bank:
        assert question.title in lost or differences(question, bank[question.ref]) == []


FOREIGN = """---
title: The oak
practice: false
settings: {attempts_allowed: 2, password: secret}
---

Tall? {T}

[html]<img src\\="oak.png" alt\\="An oak"> {~a =b}
"""


def test_quizzes_in_a_folder_that_somebody_else_wrote(tmp_path: Path) -> None:
    texts = {
        "trees/01 oak.md": "Read.\n\n::quiz(oak.gift)\n\n::quiz(oak.gift)\n\n::quiz(gone.gift)\n",
        "trees/oak.gift": FOREIGN,
        "trees/02 elm.gift": "// ---\n// title: [broken\n// ---\nTall? {F}\n\n{{{\n",
        "bank.gift": "$CATEGORY: Leaves\n\n// [id:leaf]\nGreen? {T}\n",
    }
    path = tmp_path / "book.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in texts.items():
            archive.writestr(name, body)
        archive.writestr("trees/oak.png", picture(3, 3))
    course = read_course(path)
    assert [page.title for page in course.pages()] == ["Oak", "Elm"]
    oak, elm = course.assessments
    assert (oak.title, oak.practice, oak.settings, len(oak.questions)) == ("The oak", False, {"attempts_allowed": 2}, 2)
    assert "oak.png" in str(oak.questions[1].body["stem"])
    assert [block["assessment"] for page in course.pages() for block in page.blocks if block["type"] == "quiz"] == [oak.ref, elm.ref]
    assert (elm.practice, [question.title for question in elm.questions]) == (True, ["Tall?"])
    assert [(question.ref, question.category) for question in course.bank] == [("leaf", "Leaves")]
    assert course.report.missing_files == ("gone.gift",)
    assert course.report.unsupported[0].kind == "quiz"


def joined(page: neutral.Page) -> list[dict]:
    """The blocks without quizzes, and with texts that follow one another as one."""
    found: list[dict] = []
    for block in contents(page):
        if block["type"] != "quiz" and not (found and block["type"] == found[-1]["type"] == "rich_text"):
            found.append(block)
    return found


def test_a_folder_of_texts_that_somebody_else_wrote_becomes_a_course(tmp_path: Path) -> None:
    texts = {
        "book/README.md": "# Trees\n\nA book. See [oaks](chapter%201/oak.md#top) and <script>alert(1)</script>.\n",
        "book/chapter 1/index.md": "+++\ntitle = 'Broad leaves'\n+++\n",
        "book/chapter 1/10 - Elm.md": "Elms.\n",
        "book/chapter 1/2 - Oak.md": '---\ntitle: The oak\ndraft: true\ntags: [a, b]\n---\n![An oak](oak.png "Old")\n\n[gone](gone.pdf)\n',
        "book/chapter 1/oak.md": "Text\n",
        "book/chapter 1/deep/er/x.md": "# *Very* deep\n\nDown.\n",
        "book/run.js": "alert(1)",
    }
    path = tmp_path / "book.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in texts.items():
            archive.writestr(name, body)
        archive.writestr("book/chapter 1/oak.png", picture(3, 3))
    course = read_course(path)
    assert outline(course) == [
        ["Course", [["Course", ["Trees"]]]],
        ["Broad leaves", [["Broad leaves", ["The oak", "Elm", "Oak"]], ["Deep › Er", ["Very deep"]]]],
    ]
    assert [item.title for item in course.report.unsupported] == ["run.js"]
    assert course.report.missing_files == ("gone.pdf",)
    pages = {page.title: page for page in course.pages()}
    assert pages["The oak"].draft
    assert pages["The oak"].blocks[0]["caption"] == "Old"
    assert [asset.name for asset in course.assets] == [pages["The oak"].blocks[0]["file"]]
    assert "page:" in str(pages["Trees"].blocks)
    assert {block["type"] for page in course.pages() for block in page.blocks} == {"rich_text", "image"}


def test_front_matter_cannot_grow(tmp_path: Path) -> None:
    laughs = "---\na: &a [x, x, x]\nb: &b [*a, *a, *a]\ntitle: Ha\n---\nText\n"
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.md", laughs)
        archive.writestr("two.md", "---\ntitle: !!python/object/apply:os.system ['true']\n---\nText\n")
    course = read_course(path)
    assert {page.title for page in course.pages()} == {"One", "Two"}


def test_a_cartridge_keeps_outline_pages_files_and_the_questions_that_it_can_say(tmp_path: Path) -> None:
    path, report = written(COURSE, "cartridge", tmp_path)
    read = read_course(path)
    assert outline(read) == [
        ["Evenings <outside>", [["A first look", ["Stars & planets", "All kinds", "The moon"]], ["Empty", ["Nothing"]]]]
    ]  # fmt: skip
    taken = {question.type for quiz in read.assessments for question in quiz.questions}
    assert taken == {QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.SHORT_TEXT, QuestionType.ESSAY}
    assert {type_.value for type_ in BODIES} - {type_.value for type_ in taken} <= told(report)
    assert {"tags", "objectives", "level", "cover", "certificate", "callout"} <= told(report)
    assert (read.assessments[0].settings["attempts_allowed"], read.assessments[0].settings["time_limit"]) == (3, 600)
    assert [question.title for question in read.bank] == ["Spare"]
    assert [(file.name.removeprefix("web_resources_"), file.read()) for file in read.assets] == [(file.name, file.read()) for file in COURSE.assets]
    first = str(next(iter(read.pages())).blocks)
    for kept in ("web_resources_sky.png", "page:page-2", "web_resources_film.mp4", "web_resources_captions-film.vtt", "At night"):
        assert kept in first
    assert read.report.missing_files == ()
    assert read.report.unsupported == ()


def test_a_cartridge_names_every_file_that_it_holds(tmp_path: Path) -> None:
    path, _ = written(COURSE, "cartridge", tmp_path)
    with zipfile.ZipFile(path) as archive:
        manifest = etree.fromstring(archive.read("imsmanifest.xml"))
        names = set(archive.namelist()) - {"imsmanifest.xml"}
        for name in names:
            if name.endswith(".xml"):
                etree.fromstring(archive.read(name))
    space = {"c": "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"}
    assert set(manifest.xpath("//c:file/@href", namespaces=space)) == names
    assert manifest.xpath("string(//c:schemaversion)", namespaces=space) == "1.3.0"
    refs = manifest.xpath("//c:resource/@identifier", namespaces=space)
    assert len(set(refs)) == len(refs)
    assert set(manifest.xpath("//c:item/@identifierref", namespaces=space)) <= set(refs)


def test_olx_keeps_outline_pages_videos_files_and_the_problems_that_it_can_say(tmp_path: Path) -> None:
    path, report = written(COURSE, "olx", tmp_path)
    read = read_course(path)
    assert outline(read) == outline(COURSE)
    assert (read.title, read.summary, read.language, read.cover) == (COURSE.title, COURSE.summary, COURSE.language, COURSE.cover)
    page = next(iter(read.pages()))
    videos = [block for block in page.blocks if block["type"] == "video"]
    assert [(video["file"], video["title"]) for video in videos] == [("film.mp4", "A film"), ("", "Elsewhere")]
    assert "0000000SKY1" in videos[1]["url"]
    assert videos[0]["captions"] == [{"file": "captions-film.vtt", "language": "en", "label": "English"}]
    files = {file.name: file.read() for file in read.assets}
    assert files["sky.png"] == picture(20, 10)
    assert b"Look up." in files["captions-film.vtt"]
    assert "page:page-2" in str(page.blocks)
    assert [page.draft for page in read.pages()] == [False, True, False]
    assert {"ordering", "hotspot", "essay", "matching", "bank", "tags"} <= told(report)
    taken = [question.type for quiz in read.assessments for question in quiz.questions]
    assert set(taken) == set(BODIES) - {QuestionType.ORDERING, QuestionType.DESCRIPTION}
    assert read.report.missing_files == ()


SAYS_ALL = {
    QuestionType.SINGLE_CHOICE: choice_body("1", "0", "0.5"),
    QuestionType.MULTIPLE_CHOICE: choice_body("1", "0", "1"),
    QuestionType.SHORT_TEXT: text_body("Hypatia"),
    QuestionType.NUMERIC: numeric_body("3.14"),
    QuestionType.TRUE_FALSE: true_false_body(True),
    QuestionType.MATCHING: {**BODIES[QuestionType.MATCHING], "shuffle": False},
    QuestionType.DROPDOWN: {**BODIES[QuestionType.DROPDOWN], "shuffle": False},
    QuestionType.CALCULATED: {
        "stem": stem("A is {a}, B is {lambda1}. What is the mean of their logarithms?"),
        "variables": [{"name": "a", "low": "1", "high": "9"}, {"name": "lambda1", "low": "0.5", "high": "2.5", "step": "0.25"}],
        "answers": [{"formula": "(ln(a) + log(lambda1)) / 2 + 1e3 * a^2", "tolerance": {"kind": "relative", "fraction": "0.001"}}],
        "places": 5,
        "hints": [rich("Not {a}.")],
        "feedback": rich("It follows from {a} and {lambda1}."),
    },
    QuestionType.CLOZE: {
        "stem": stem("Water boils at [[1]] degrees, is called [[2]], and rises [[3]]."),
        "gaps": [
            {"id": "gapgapgap001", "name": "1", "kind": "number", "answers": [{"value": "100", "weight": "1"}]},
            {"id": "gapgapgap002", "name": "2", "kind": "text", "answers": [{"text": "steam", "weight": "1", "feedback": rich("Yes.")}]},
            {
                "id": "gapgapgap003",
                "name": "3",
                "kind": "select",
                "choices": [{"id": "choicechoi01", "text": "up", "weight": "1"}, {"id": "choicechoi02", "text": "down", "feedback": rich("No.")}],
                "shuffle": False,
            },
        ],
    },
    QuestionType.HOTSPOT: {
        "stem": stem("Where is it?"),
        "image": {"file": "sky.png", "alt": "The sky", "width": 20, "height": 10},
        "regions": [
            {"id": "regionregi01", "shape": {"kind": "rectangle", "x": "1", "y": "2", "width": "3", "height": "4"}},
            {"id": "regionregi02", "shape": {"kind": "polygon", "points": [["10", "1"], ["15", "1"], ["15.5", "6.25"]]}},
        ],
    },
    QuestionType.ESSAY: {"stem": stem("What did you see?")},
    QuestionType.FILE_UPLOAD: {"stem": stem("Send it."), "kinds": [".pdf", ".odt"]},
}
LEVELS = [{"title": "No", "points": "0", "description": ""}, {"title": "Yes", "points": "1", "description": "So"}]
RUBRIC = {"criteria": [{"title": "Clear", "description": "Is it?", "levels": LEVELS}]}


@pytest.mark.parametrize("type_", SAYS_ALL)
def test_our_olx_reads_a_question_of_our_olx_back_equal(type_: QuestionType, tmp_path: Path) -> None:
    rubric = RUBRIC if type_ in (QuestionType.ESSAY, QuestionType.FILE_UPLOAD) else None
    question = neutral.Question(ref="question-1", type=type_, title="Asked", body=SAYS_ALL[type_], rubric=rubric)
    quiz = replace(COURSE.assessments[0], questions=(question,))
    path, report = written(replace(COURSE, assessments=(quiz,), bank=()), "olx", tmp_path)
    (again,) = read_course(path).questions()
    assert differences(question, again) == []
    assert again.rubric == rubric
    assert "Asked" not in [item.title for item in report.unsupported]


def test_olx_keeps_what_is_drawn_and_when_parts_open_and_close(tmp_path: Path) -> None:
    bank = tuple(replace(SPARE, ref=f"question-{number}", title=f"Spare {number}", category="Sky/Night", tags=("old",)) for number in range(1, 4))
    pool = neutral.Pool(category="Sky", tags=("old",), count=2, points="2")
    quiz = neutral.Assessment(
        ref="quiz-1", title="Drawn", practice=False, questions=(SPARE,), settings={"closes_at": "2026-04-01T12:00:00Z"},
        sections=(neutral.Section(questions=1), neutral.Section(title="From the bank", pools=(pool,))),
    )  # fmt: skip
    opens = {"schema_version": 1, "match": "all", "conditions": [{"kind": "from", "at": "2026-03-03T00:00"}]}
    waits = {**opens, "conditions": [*opens["conditions"], {"kind": "after", "node_kind": "page", "node": "page-1"}]}
    (module,) = COURSE.modules
    first, second = module.lessons
    lessons = (replace(first, graded=True), replace(second, availability=waits))
    course = replace(COURSE, modules=(replace(module, availability=opens, lessons=lessons),), assessments=(quiz,), bank=(SPARE, *bank))
    path, report = written(course, "olx", tmp_path)
    read = read_course(path)
    (again,) = read.assessments
    assert [(section.questions, [(pool.count, pool.points) for pool in section.pools]) for section in again.sections] == [(1, []), (0, [(2, "2")])]
    assert {question.title for question in read.bank} == {"Spare 1", "Spare 2", "Spare 3"}
    assert again.settings == quiz.settings
    assert read.modules[0].availability == opens
    assert [item.title for item in report.unsupported if item.kind == "availability"] == ["Empty"]
    assert not {"pool", "settings", "bank", "section"} & told(report)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(course=courses(), format_=st.sampled_from(["olx", "cartridge"]))
def test_any_course_is_written_and_read_without_a_question_lost_in_silence(course: neutral.Course, format_: str, tmp_path: Path) -> None:
    path, report = written(course, format_, tmp_path)
    read = read_course(path)
    titles = {question.title for question in read.questions()}
    said = {item.title for item in report.unsupported}
    for quiz in course.assessments:
        for question in quiz.questions:
            assert question.title in titles | said or quiz.title in said
    for question in read.questions():
        TYPES[question.type].body.model_validate(question.body)
    assert [page.title for page in read.pages() if page.title] or not list(course.pages())


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(question=any_questions)
def test_olx_says_of_any_question_what_it_does_not_say(question: neutral.Question, tmp_path: Path) -> None:
    asked = replace(question, ref="question-1", title="Asked")
    quiz = replace(COURSE.assessments[0], questions=(asked,))
    path, report = written(replace(COURSE, assessments=(quiz,), bank=()), "olx", tmp_path)
    read = list(read_course(path).questions())
    is_told = any(item.title == "Asked" for item in report.unsupported)
    assert is_told or differences(asked, replace(read[0], title="Asked", tags=asked.tags, category=asked.category)) == []


def test_an_archive_is_written_without_going_back(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        taken = b""

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            self.taken += bytes(data)
            return len(data)

    for write, _ in WRITERS.values():
        pipe = Pipe()
        done: list[tuple[int, int]] = []
        write(COURSE, pipe, lambda now, whole, done=done: done.append((now, whole)))
        assert done[-1][0] == done[-1][1] > 3
        with contextlib_opened(pipe.taken) as names:
            assert names


def contextlib_opened(data: bytes):
    from contextlib import contextmanager

    @contextmanager
    def opened():
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                yield archive.namelist()
        else:
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                yield archive.getnames()

    return opened()


def test_a_page_rule_that_no_format_says_is_told_of(tmp_path: Path) -> None:
    page = neutral.Page(ref="page-1", title="P", rule=CompletionRule.NONE)
    module = neutral.Module(ref="m", title="M", lessons=(neutral.Lesson(ref="l", title="L", pages=(page,)),))
    _, report = written(replace(COURSE, modules=(module,), assessments=(), bank=()), "cartridge", tmp_path)
    assert "rules" in told(report)
