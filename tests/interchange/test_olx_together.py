"""Problems of OLX that ask in several places at once, draw their numbers, or are marked by a person come in as the types that Lyceum has for that."""

from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

import pytest

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content import rich_text
from lms_app.interchange.neutral import Course, Question
from lms_app.interchange.olx import read_olx
from lms_app.words import QuestionType
from tests.interchange.olx_builder import RUBRIC, SCRIPTED, course_of, dragged, pack, picture


def read(folder: Path, *components: str, files: dict[str, Any] | None = None) -> Course:
    return read_olx(pack(folder / "course.tar.gz", {**course_of("".join(components)), **(files or {})}))


def told(course: Course) -> list[tuple[str, str]]:
    return [(entry.kind, entry.reason) for entry in course.report.unsupported]


def said(text: dict[str, Any] | None) -> str:
    return rich_text.to_text(text) if text else ""


def asked(question: Question) -> str:
    return "\n\n".join(rich_text.to_markdown(block["content"]) for block in question.body["stem"]["blocks"] if block["type"] == "rich_text")


def earned(question: Question, response: dict[str, Any], seed: int = 1) -> Decimal:
    kind = TYPES[question.type]
    body = kind.draw(kind.body.model_validate(question.body), seed)
    return kind.grade(body, kind.response.model_validate(response)).fraction


def solved(question: Question, seed: int) -> Decimal:
    kind = TYPES[question.type]
    body = kind.draw(kind.body.model_validate(question.body), seed)
    return kind.grade(body, kind.solve(body)).fraction


def test_lists_inside_a_text_are_the_gaps_of_one_question(tmp_path: Path) -> None:
    course = read(
        tmp_path,
        """<problem display_name="Two" weight="3"><optionresponse><p>Sky: <optioninput options="('blue','red')" correct="blue"/> and grass:
        <optioninput options="('blue','red')" correct="red"/></p></optionresponse><solution>Look out.</solution></problem>""",
    )
    (question,) = course.questions()
    assert (question.type, question.title, question.points, asked(question)) == (
        QuestionType.DROPDOWN, "Two", "3", "Sky: \\[\\[1\\]\\] and grass: \\[\\[2\\]\\]",
    )  # fmt: skip
    menu = {choice["text"]: choice["id"] for choice in question.body["choices"]}
    first, second = (gap["id"] for gap in question.body["gaps"])
    assert earned(question, {"gaps": {first: menu["blue"], second: menu["red"]}}) == 1
    assert earned(question, {"gaps": {first: menu["blue"], second: menu["blue"]}}) == Decimal("0.5")
    assert said(question.body["feedback"]) == "Look out."
    assert told(course) == []


def test_fields_of_several_kinds_in_a_table_are_one_cloze(tmp_path: Path) -> None:
    course = read(
        tmp_path,
        """<problem><table><tr><td>Boils at</td><td><numericalresponse answer="100"><textline/></numericalresponse></td></tr>
        <tr><td>Called</td><td><stringresponse answer="water" type="ci"><textline/></stringresponse></td></tr>
        <tr><td>Is</td><td><optionresponse><optioninput><option correct="True">wet<optionhint>Yes.</optionhint></option>
        <option correct="False">dry</option></optioninput></optionresponse></td></tr></table></problem>""",
    )
    (question,) = course.questions()
    assert (question.type, [gap["kind"] for gap in question.body["gaps"]]) == (QuestionType.CLOZE, ["number", "text", "select"])
    one, two, three = question.body["gaps"]
    wet = next(choice for choice in three["choices"] if choice["text"] == "wet")
    assert said(wet["feedback"]) == "Yes."
    assert earned(question, {"gaps": {one["id"]: "100", two["id"]: "WATER", three["id"]: wet["id"]}}) == 1
    assert earned(question, {"gaps": {one["id"]: "99", two["id"]: "water", three["id"]: ""}}).quantize(Decimal("0.001")) == Decimal("0.333")
    assert "[[3]]" in str(question.body["stem"])


def test_the_same_list_under_every_label_makes_pairs(tmp_path: Path) -> None:
    part = "<optionresponse><label>{}</label><optioninput options=\"('Lisbon','Madrid','Rome')\" correct=\"{}\"/></optionresponse>"
    course = read(tmp_path, f"<problem><p>Capitals</p>{part.format('Portugal', 'Lisbon')}{part.format('<b>Spain</b>', 'Madrid')}</problem>")
    (question,) = course.questions()
    assert (question.type, asked(question)) == (QuestionType.MATCHING, "Capitals")
    options = {said(option["content"]): option["id"] for option in question.body["options"]}
    prompts = {said(prompt["content"]): prompt["id"] for prompt in question.body["prompts"]}
    assert earned(question, {"pairs": {prompts["Portugal"]: options["Lisbon"], prompts["Spain"]: options["Rome"]}}) == Decimal("0.5")


def labelled(name: str, other: str) -> str:
    return f"<optionresponse><label>{name}</label><optioninput options=\"('a','{other}')\" correct='a'/></optionresponse>"


SOLVED = "<stringresponse answer='a'><textline/><solution>Why</solution></stringresponse>"


@pytest.mark.parametrize(
    "problem",
    [f"{labelled('x', 'b')}<p>And now</p>{labelled('y', 'b')}", f"{labelled('x', 'b')}{labelled('y', 'c')}", f"<p>{SOLVED} {SOLVED}</p>"],
)
def test_what_each_asks_by_itself_stays_apart(tmp_path: Path, problem: str) -> None:
    assert len(list(read(tmp_path, f"<problem>{problem}</problem>").questions())) == 2


def test_true_and_false_are_what_they_are(tmp_path: Path) -> None:
    problem = """<problem><multiplechoiceresponse><label>Sure?</label><choicegroup><choice correct="false">True<choicehint>No.</choicehint></choice>
        <choice correct="true">False</choice></choicegroup></multiplechoiceresponse></problem>"""
    (question,) = read(tmp_path, problem).questions()
    assert (question.type, question.body["answer"], said(question.body["feedback_true"])) == (QuestionType.TRUE_FALSE, False, "No.")


def test_a_script_that_draws_and_reckons_becomes_a_calculated_question(tmp_path: Path) -> None:
    course = read(tmp_path, SCRIPTED)
    (question,) = course.questions()
    assert (question.type, question.points, question.body["unit"]) == (QuestionType.CALCULATED, "2", "m")
    assert question.body["variables"] == [
        {"name": "x", "low": "2", "high": "9", "step": "1"}, {"name": "y1", "low": "1", "high": "3", "step": "0.5"},
    ]  # fmt: skip
    assert question.body["answers"][0]["formula"] == "sqrt(((x + y1) / 2)) ^ 2"
    assert asked(question) == "A is {x}, B is {y1} and $\\frac{{x}}{2}$. The mean?"
    assert said(question.body["feedback"]) == "({x} + {y1}) / 2 = (({x} + {y1}) / 2)"
    assert said(question.body["hints"][0]) == "Add {x}."
    assert {solved(question, seed) for seed in range(30)} == {1}
    assert (told(course), course.report.removed_scripts) == ([], 1)


@pytest.mark.parametrize(
    ("script", "stem", "answer"),
    [
        ("x = random.randint(1, 5)\nx = x + 1", "Is it $x?", "$x"),
        ("x = open('/etc/passwd')", "Is it $x?", "$x"),
        ("x = random.randint(1, 5)\nprint(x)", "Is it $x?", "$x"),
        ("x = random.randint(1, 5)\ny = x // 2", "Is it $x?", "$y"),
        ("x = random.randint(1, 5)\ny = 2 * x", "Is it $y?", "$x"),
        ("x = random.randint(1, 5)\ny = 2 * x", "Is it big?", "$y"),
        ("x = random.randint(0, 5)\ny = 1 / x", "Is it $x?", "$y"),
        ("x = [].__class__", "Is it $x?", "$x"),
        ("x = random.randint(1, 5)\ny = " + "+".join(["sin(x)"] * 50), "Is it $x?", "$y"),
        ("x = " + "(" * 400 + "1" + ")" * 400, "Is it $x?", "$x"),
        ("x = 9 ** 9 ** 9 ** 9", "Is it $x?", "$x"),
        ("".join(f"x{n + 1} = x{n} + x{n}\n" if n else "x1 = random.randint(1, 2)\n" for n in range(60)), "Is it $x1?", "$x60"),
    ],
)
def test_a_script_that_does_more_is_reported(tmp_path: Path, script: str, stem: str, answer: str) -> None:
    problem = f"""<problem><script type="loncapa/python">{escape(script)}</script><p>{stem}</p>
        <numericalresponse answer="{answer}"><textline/></numericalresponse></problem>"""
    course = read(tmp_path, problem)
    assert list(course.questions()) == []
    assert [kind for kind, _ in told(course)] == ["numericalresponse"]


def test_a_formula_is_asked_for_by_its_value_and_that_is_told(tmp_path: Path) -> None:
    course = read(
        tmp_path,
        """<problem><formularesponse type="cs" samples="R_1,e2@1,0.5:9,2#10" answer="R_1^2/e2 + arctan(0)"><label>In terms of \\(R_1\\):</label>
        <responseparam type="tolerance" default="1%"/><formulaequationinput/></formularesponse></problem>""",
    )
    (question,) = course.questions()
    assert question.type == QuestionType.CALCULATED
    assert question.body["answers"][0]["formula"] == "R1^2/e2 + atan(0)"
    assert asked(question).endswith("Give its value for R_1 = {R1}, e2 = {e2}.")
    assert {solved(question, seed) for seed in range(30)} == {1}
    assert [kind for kind, _ in told(course)] == ["formularesponse"]


def test_a_place_on_a_picture(tmp_path: Path) -> None:
    course = read(
        tmp_path,
        """<problem><imageresponse><p>Where?</p><imageinput src="/static/map.png" width="60" height="40" alt="A map"
        rectangle="(1,2)-(11,12);(20,2)-(30,9)" regions="[[[40,10],[50,10],[45,15],[45,11],[40,20]]]"/></imageresponse></problem>""",
        files={"static/map.png": picture(80, 50)},
    )
    (question,) = course.questions()
    assert question.body["image"] == {"file": "map.png", "alt": "A map", "width": 80, "height": 50}
    for (x, y), fraction in {(5, 5): 1, (25, 5): 1, (48, 11): 1, (15, 5): 0, (79, 49): 0}.items():
        assert earned(question, {"points": [{"x": x / 80, "y": y / 50}]}) == fraction
    assert told(course) == []


def test_what_a_script_graded_is_for_a_person_to_mark(tmp_path: Path) -> None:
    typed = '<problem><customresponse cfn="f" expect="anything"><p>Say it.</p><textbox rows="7"/></customresponse></problem>'
    sent = '<problem><coderesponse><p>Send it.</p><filesubmission allowed_files="run.py, notes.TXT"/></coderesponse></problem>'
    course = read(tmp_path, typed, sent)
    essay, upload = course.questions()
    assert (essay.type, essay.body["rows"], said(essay.body["sample"]), asked(essay)) == (QuestionType.ESSAY, 7, "anything", "Say it.")
    assert (upload.type, upload.body["kinds"]) == (QuestionType.FILE_UPLOAD, [".py", ".txt"])
    assert [kind for kind, _ in told(course)] == ["customresponse", "coderesponse"]


def test_an_open_response_assessment_comes_with_its_rubric(tmp_path: Path) -> None:
    course = read(
        tmp_path,
        f"""<openassessment url_name="o" prompts_type="html"><title>Tides</title><assessments><assessment name="peer-assessment"/></assessments>
        <prompts><prompt><description>&lt;p&gt;Why &lt;b&gt;two&lt;/b&gt;?&lt;/p&gt;</description></prompt></prompts>{RUBRIC}</openassessment>""",
        f"""<openassessment url_name="p" text_response="" file_upload_response="required" file_upload_type="custom" white_listed_file_types="pdf,odt">
        <prompts><prompt><description>Send
        it.</description></prompt></prompts>{RUBRIC}</openassessment>""",
        '<edx_sga display_name="Report" points="5"/>',
    )
    essay, upload, report = course.questions()
    assert (essay.type, essay.title, essay.points, asked(essay)) == (QuestionType.ESSAY, "Tides", "3", "Why **two**?")
    assert essay.rubric == {
        "criteria": [
            {
                "title": "Clear",
                "description": "Is it clear?",
                "levels": [{"title": "No", "points": "0", "description": "Muddled"}, {"title": "Yes", "points": "3", "description": ""}],
            }
        ]
    }
    assert (upload.type, upload.body["kinds"], upload.points) == (QuestionType.FILE_UPLOAD, [".pdf", ".odt"], "3")
    assert (report.type, report.title, report.points) == (QuestionType.FILE_UPLOAD, "Report", "5")
    assert [kind for kind, _ in told(course)] == ["openassessment"]


def test_a_drag_and_drop_becomes_pairs_and_that_is_told(tmp_path: Path) -> None:
    course = read(tmp_path, dragged(), files={"static/house.png": picture(8, 8)})
    (question,) = course.questions()
    assert (question.type, question.title, question.points) == (QuestionType.MATCHING, "House", "4")
    assert [block["type"] for block in question.body["stem"]["blocks"]] == ["rich_text"]
    assert "house.png" in str(question.body["stem"])
    options = {option["id"]: said(option["content"]) for option in question.body["options"]}
    assert [(said(prompt["content"]), options[prompt["right"]]) for prompt in question.body["prompts"]] == [("Roof", "Top"), ("Cellar", "Bottom")]
    assert said(question.body["feedback"]) == "Well built."
    assert [kind for kind, _ in told(course)] == ["drag-and-drop-v2"] * 2


@pytest.mark.parametrize("changes", [{"items": [{"displayName": "x", "zones": ["t", "b"]}]}, {"items": []}, {"items": 7}, {"zones": None}])
def test_a_drag_and_drop_that_pairs_cannot_say_is_reported(tmp_path: Path, changes: dict[str, Any]) -> None:
    course = read(tmp_path, dragged(**changes))
    assert list(course.questions()) == []
    assert {kind for kind, _ in told(course)} == {"drag-and-drop-v2"}


ONE = '<problem display_name="{n}" weight="2"><stringresponse answer="x"><label>{n}?</label><textline/></stringresponse></problem>'


@pytest.mark.parametrize("tag", ["library_content", "itembank"])
def test_a_block_that_draws_becomes_a_pool_over_the_bank(tmp_path: Path, tag: str) -> None:
    course = read(tmp_path, ONE.format(n=1), f'<{tag} display_name="Some" max_count="2">{"".join(ONE.format(n=n) for n in (2, 3, 4))}</{tag}>')
    (quiz,) = course.assessments
    assert [question.title for question in quiz.questions] == ["1"]
    assert [(section.questions, [(pool.category, pool.count, pool.points) for pool in section.pools]) for section in quiz.sections] == [
        (1, []),
        (0, [("Some", 2, "2")]),
    ]
    assert [(question.title, question.category) for question in course.bank] == [("2", "Some"), ("3", "Some"), ("4", "Some")]
    assert (course.categories, told(course)) == (("Some",), [])


def test_a_block_that_draws_what_no_pool_could_gives_all_it_holds_and_says_so(tmp_path: Path) -> None:
    course = read(tmp_path, f'<library_content max_count="1">{ONE.format(n=1)}<html><p>Read</p></html></library_content>')
    assert [question.title for quiz in course.assessments for question in quiz.questions] == ["1"]
    assert [kind for kind, _ in told(course)] == ["library_content"]


def dated(**dates: str) -> dict[str, str]:
    """A course whose parts have dates: `chapter`, `sequential` and `due` of the sequential, `unit`, and `course`."""
    said = {name: f' start="{value}"' for name, value in dates.items() if name != "due"}
    due = f' due="{dates["due"]}"' if "due" in dates else ""
    return {
        "course.xml": f"""<course url_name="run" org="O" course="C" display_name="Small"{said.get("course", "")}>
            <chapter url_name="c" display_name="M"{said.get("chapter", "")}><sequential url_name="s" display_name="L" graded="true"
            {said.get("sequential", "")}{due}><vertical url_name="v" display_name="P"{said.get("unit", "")}>{ONE.format(n=1)}</vertical></sequential>
            </chapter></course>""",
    }


def opens(at: str) -> dict[str, Any]:
    return {"schema_version": 1, "match": "all", "conditions": [{"kind": "from", "at": at}]}


def test_dates_become_availability_and_the_end_of_quizzes(tmp_path: Path) -> None:
    files = dated(
        course="2026-01-01T00:00:00Z", chapter="2026-03-03T00:00:00Z", sequential="&quot;2026-03-05T10:30:00+02:00&quot;", due="2026-04-01T12:00:00Z"
    )
    course = read_olx(pack(tmp_path / "x.tar.gz", files))
    (module,) = course.modules
    (lesson,) = module.lessons
    assert (module.availability, lesson.availability) == (opens("2026-03-03T00:00"), opens("2026-03-05T08:30"))
    assert lesson.pages[0].availability == {}
    assert course.assessments[0].settings == {"closes_at": "2026-04-01T12:00:00Z"}
    assert [(entry.kind, entry.title, entry.reason) for entry in course.report.unsupported] == [
        ("start", "M", "Opens 3 March 2026: UTC at the source, the time of each run here."),
        ("start", "L", "Opens 5 March 2026, 08:30: UTC at the source, the time of each run here."),
        ("due", "L", "Due 1 April 2026, 12:00, in UTC: its quizzes close then."),
    ]


@pytest.mark.parametrize(
    "dates",
    [
        {"course": "2026-03-03T00:00:00Z", "chapter": "2026-03-03T00:00:00Z", "sequential": "2026-02-01", "unit": "2020-01-01"},
        {"chapter": "soon", "sequential": "0001-01-01", "unit": "9999-12-31T23:59:59-12:00", "due": "[" * 3000},
        {"chapter": "&quot;", "due": "2026-13-45T00:00:00Z"},
    ],
)
def test_dates_that_say_nothing_are_passed_over(tmp_path: Path, dates: dict[str, str]) -> None:
    course = read_olx(pack(tmp_path / "x.tar.gz", dated(**dates)))
    assert [course.modules[0].availability, *(part.availability for part in course.lessons()), *(page.availability for page in course.pages())] == [
        {}
    ] * 3
    assert (course.assessments[0].settings, told(course)) == ({}, [])
