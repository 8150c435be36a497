"""Problems of OLX become questions that grade as they did; what cannot be taken says why."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content import rich_text
from lms_app.interchange.neutral import Course, Question
from lms_app.interchange.olx import read_olx
from lms_app.words import QuestionType
from tests.interchange.olx_builder import PRACTICE_ANSWERS, QUIZ_ANSWERS, build_short_course, course_of, pack


def read_problem(folder: Path, *problems: str, files: dict[str, str] | None = None) -> Course:
    return read_olx(pack(folder / "course.tar.gz", course_of("".join(problems), files)))


def one_question(folder: Path, problem: str) -> Question:
    course = read_problem(folder, problem)
    (question,) = course.questions()
    assert course.report.unsupported == ()
    return question


def earned(question: Question, answer: Any) -> Decimal:
    """What an answer earns: a choice by its text, choices by theirs, or what is typed."""
    kind = TYPES[question.type]
    ids = {said(choice["content"]): choice["id"] for choice in question.body.get("choices", ())}
    if question.type == QuestionType.SINGLE_CHOICE:
        response = {"choice": ids[answer]}
    elif question.type == QuestionType.MULTIPLE_CHOICE:
        response = {"choices": [ids[text] for text in answer]}
    else:
        response = {"text": answer}
    return kind.grade(kind.body.model_validate(question.body), kind.response.model_validate(response)).fraction


def feedback(question: Question, answer: str) -> list[str]:
    kind = TYPES[question.type]
    grade = kind.grade(kind.body.model_validate(question.body), kind.response.model_validate({"text": answer}))
    return [said(text) for text in grade.feedback]


def said(text: dict[str, Any] | None) -> str:
    return rich_text.to_text(text) if text else ""


def asked(question: Question) -> str:
    """The stem as Markdown, for text that is no Markdown as HTML."""
    return "\n\n".join(
        rich_text.to_markdown(block["content"]) if block["type"] == "rich_text" else block.get("html", block["type"])
        for block in question.body["stem"]["blocks"]
    )


def reasons(course: Course) -> list[tuple[str, str]]:
    return [(entry.kind, entry.reason) for entry in course.report.unsupported]


def test_the_answers_of_the_short_course_are_right(tmp_path: Path) -> None:
    questions = {question.title: question for question in read_olx(build_short_course(tmp_path)).questions()}
    assert set(questions) == {*QUIZ_ANSWERS, *PRACTICE_ANSWERS}
    for title, answer in {**QUIZ_ANSWERS, **PRACTICE_ANSWERS}.items():
        assert earned(questions[title], answer) == 1


MULTIPLE_CHOICE = """<problem display_name="Q"><p>Before.</p><multiplechoiceresponse partial_credit="points"><label>Which?</label>
    <description>Take one.</description><choicegroup type="MultipleChoice" shuffle="true">
    <choice correct="true"><b>A</b> &lt;1&gt;<choicehint label="Yes">Well done.</choicehint></choice>
    <choice correct="partial" point_value="0.25">B</choice><choice correct="false">C<choicehint>No.</choicehint></choice>
    </choicegroup></multiplechoiceresponse><solution><p>Because.</p></solution>
    <demandhint><hint>First</hint><hint>Second \\(x^2\\)</hint></demandhint></problem>"""


def test_single_choice(tmp_path: Path) -> None:
    question = one_question(tmp_path, MULTIPLE_CHOICE)
    assert question.type == QuestionType.SINGLE_CHOICE
    assert [earned(question, text) for text in ("A <1>", "B", "C")] == [1, Decimal("0.25"), 0]
    assert asked(question) == "Before.\n\nWhich?\n\n*Take one.*"
    assert [said(choice["feedback"]) for choice in question.body["choices"]] == ["Yes Well done.", "", "No."]
    assert said(question.body["feedback"]) == "Because."
    assert [said(hint) for hint in question.body["hints"]] == ["First", "Second x^2"]
    assert question.body["shuffle"]


def test_multiple_choice_is_all_or_nothing_unless_the_author_gives_parts(tmp_path: Path) -> None:
    problem = """<problem><choiceresponse {credit}><checkboxgroup><choice correct="true">A</choice><choice correct="true">B</choice>
        <choice correct="false">C</choice></checkboxgroup></choiceresponse></problem>"""
    whole = one_question(tmp_path, problem.format(credit=""))
    assert [earned(whole, answer) for answer in (["A", "B"], ["A"], ["A", "B", "C"], ["C"])] == [1, 0, 0, 0]
    part = one_question(tmp_path, problem.format(credit='partial_credit="EDC"'))
    assert [earned(part, answer) for answer in (["A", "B"], ["A"], ["A", "B", "C"])] == [1, Decimal("0.5"), 0]


def test_a_choice_of_one_among_radio_buttons_is_a_single_choice(tmp_path: Path) -> None:
    problem = """<problem><choiceresponse><radiogroup><choice correct="false">A</choice><choice correct="true">B</choice></radiogroup>
        </choiceresponse></problem>"""
    question = one_question(tmp_path, problem)
    assert question.type == QuestionType.SINGLE_CHOICE
    assert (earned(question, "A"), earned(question, "B")) == (0, 1)


@pytest.mark.parametrize(
    "options",
    [
        """<optioninput options="('Sydney','Canberra','Coober, Pedy')" correct="Canberra"/>""",
        """<optioninput options='("Sydney","Canberra","Coober, Pedy")' correct="Canberra"/>""",
        """<optioninput><option correct="False">Sydney</option><option correct="True">Canberra<optionhint>Yes.</optionhint></option>
           <option correct="False">Coober, Pedy</option></optioninput>""",
    ],
)
def test_a_list_to_choose_from(tmp_path: Path, options: str) -> None:
    question = one_question(tmp_path, f"<problem><optionresponse><label>Capital?</label>{options}</optionresponse></problem>")
    assert [earned(question, text) for text in ("Sydney", "Canberra", "Coober, Pedy")] == [0, 1, 0]


def test_short_text_with_more_answers_case_and_feedback(tmp_path: Path) -> None:
    problem = """<problem><stringresponse answer="Paris" {kind}><label>Capital?</label><correcthint>Right.</correcthint>
        <additional_answer answer="Lutetia"><correcthint>Long ago.</correcthint></additional_answer>
        <stringequalhint answer="Lyon">That is the third.</stringequalhint><textline size="20"/></stringresponse></problem>"""
    question = one_question(tmp_path, problem.format(kind='type="ci"'))
    assert [earned(question, text) for text in ("paris", " PARIS ", "lutetia", "Lyon", "Rome")] == [1, 1, 1, 0, 0]
    assert [feedback(question, text) for text in ("Paris", "Lutetia", "lyon")] == [["Right."], ["Long ago."], ["That is the third."]]
    strict = one_question(tmp_path, problem.format(kind=""))
    assert [earned(strict, text) for text in ("paris", "Paris")] == [0, 1]


def test_the_old_way_to_write_two_answers(tmp_path: Path) -> None:
    question = one_question(tmp_path, '<problem><stringresponse answer="one_or_two"><textline label="Say a number"/></stringresponse></problem>')
    assert [earned(question, text) for text in ("one", "two", "one_or_two")] == [1, 1, 0]
    assert asked(question) == "Say a number"


def test_a_pattern_must_match_the_whole_answer(tmp_path: Path) -> None:
    question = one_question(
        tmp_path,
        '<problem><stringresponse answer="colou?r" type="ci regexp"><additional_answer answer="hues?"/><textline/></stringresponse></problem>',
    )
    assert [earned(question, text) for text in ("color", "COLOUR", "hue", "colors", "my color")] == [1, 1, 1, 0, 0]


def test_a_pattern_that_could_hold_up_the_server_is_reported(tmp_path: Path) -> None:
    course = read_problem(tmp_path, r'<problem><stringresponse answer="(a)\1" type="regexp"><textline/></stringresponse></problem>')
    assert list(course.questions()) == []
    assert reasons(course)[0][0] == "stringresponse"
    assert "pattern" in reasons(course)[0][1]


@pytest.mark.parametrize(
    ("response", "right", "wrong"),
    [
        ('<numericalresponse answer="5"><textline/>', ["5", "5.0", "5.00001"], ["5.1", "4", "five"]),
        ('<numericalresponse answer="5"><responseparam type="tolerance" default="0.5"/>', ["5.5", "4.5"], ["5.51", "4.4"]),
        ('<numericalresponse answer="-200"><responseparam type="tolerance" default="1%"/>', ["-202", "-198"], ["-202.1", "200"]),
        ('<numericalresponse answer="[1,5)">', ["1", "4.9999", "3"], ["5", "0.999", "6"]),
        ('<numericalresponse answer="(1, 5]">', ["5", "1.0001"], ["1", "5.001"]),
        ('<numericalresponse answer="10/4">', ["2.5"], ["10"]),
        ('<numericalresponse answer="1.5e3">', ["1500", "1.5e3"], ["1.5"]),
        ('<numericalresponse answer="25%">', ["0.25"], ["25"]),
        ('<numericalresponse answer="2*pi"><responseparam type="tolerance" default=".01"/>', ["6.28"], ["6.3"]),
        ('<numericalresponse answer="3"><additional_answer answer="7"/>', ["3", "7"], ["5"]),
    ],
)
def test_numbers_with_their_tolerances(tmp_path: Path, response: str, right: list[str], wrong: list[str]) -> None:
    question = one_question(tmp_path, f"<problem><p>How many?</p>{response}<formulaequationinput/></numericalresponse></problem>")
    assert {text: earned(question, text) for text in right + wrong} == {**dict.fromkeys(right, 1), **dict.fromkeys(wrong, 0)}


def test_part_of_the_credit_for_listed_and_for_close_numbers(tmp_path: Path) -> None:
    listed = '<numericalresponse answer="2" partial_credit="list"><responseparam partial_answers="1, 4"/></numericalresponse>'
    close = """<numericalresponse answer="10" partial_credit="close"><responseparam type="tolerance" default="1"/>
        <responseparam partial_range="3"/></numericalresponse>"""
    half = Decimal("0.5")
    assert [earned(one_question(tmp_path, f"<problem>{listed}</problem>"), text) for text in ("2", "1", "4", "3")] == [1, half, half, 0]
    assert [earned(one_question(tmp_path, f"<problem>{close}</problem>"), text) for text in ("11", "13", "13.1")] == [1, half, 0]


def test_a_unit_behind_the_field_is_kept(tmp_path: Path) -> None:
    question = one_question(tmp_path, '<problem><numericalresponse answer="3"><textline trailing_text="cm"/></numericalresponse></problem>')
    assert question.body["unit"] == "cm"
    assert earned(question, "3 cm") == 1


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        ('<customresponse cfn="f"><jsinput/></customresponse>', "customresponse"),
        ('<formularesponse answer="x^2"><textline/></formularesponse>', "formularesponse"),
        ('<formularesponse answer="x^2" samples="y@1:2#3"><textline/></formularesponse>', "formularesponse"),
        ('<formularesponse answer="f(x)" samples="x@1:2#3"><textline/></formularesponse>', "formularesponse"),
        ('<symbolicresponse answer="x"><textline/></symbolicresponse>', "symbolicresponse"),
        ('<imageresponse><imageinput src="/static/a.png" rectangle="(1,1)-(2,2)"/></imageresponse>', "imageresponse"),
        ("<schematicresponse><schematic/><answer>correct = []</answer></schematicresponse>", "schematicresponse"),
        ("<annotationresponse><annotationinput/></annotationresponse>", "annotationresponse"),
        ("<coderesponse/>", "coderesponse"),
        ("<wholenewresponse/>", "wholenewresponse"),
        ('<numericalresponse answer="$x"><textline/></numericalresponse>', "numericalresponse"),
        ('<numericalresponse answer="sin(y)"><textline/></numericalresponse>', "numericalresponse"),
        ('<stringresponse answer=""><textline/></stringresponse>', "stringresponse"),
        ('<multiplechoiceresponse><choicegroup><choice correct="false">A</choice></choicegroup></multiplechoiceresponse>', "multiplechoiceresponse"),
        ("<optionresponse/>", "optionresponse"),
        ("<p>No question at all.</p>", "problem"),
    ],
)
def test_what_cannot_be_taken_is_reported_by_kind_title_and_place(tmp_path: Path, response: str, kind: str) -> None:
    course = read_problem(tmp_path, f'<problem display_name="Odd">{response}</problem>')
    assert list(course.questions()) == []
    (entry,) = course.report.unsupported
    assert (entry.kind, entry.title, entry.place) == (kind, "Odd", "M › L › P")
    assert entry.reason.endswith(".")
    assert [page.blocks for page in course.pages()] == [()]


def test_a_script_is_never_run_and_its_problem_taken_only_where_nothing_depends_on_it(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    script = f'<script type="loncapa/python">open({str(witness)!r}, "w"); total = 3</script>'
    free = f"<problem>{script}<p>It costs $5.</p><stringresponse answer='yes'><textline/></stringresponse></problem>"
    bound = f"<problem display_name='Bound'>{script}<p>Is it $total?</p><stringresponse answer='yes'><textline/></stringresponse></problem>"
    course = read_problem(tmp_path, free, bound)
    (question,) = course.questions()
    assert asked(question) == "It costs \\$5."
    assert reasons(course) == [("stringresponse", "It needs a script, which makes total.")]
    assert course.report.removed_scripts == 2
    assert not witness.exists()


def test_several_responses_become_several_questions_with_what_each_asks(tmp_path: Path) -> None:
    course = read_problem(
        tmp_path,
        """<problem display_name="Passage" weight="3"><p>Read this.</p>
        <stringresponse answer="a"><label>First?</label><textline/><solution><p>It is a.</p></solution></stringresponse>
        <p>Then</p><stringresponse answer="b"><label>Second?</label><textline/></stringresponse>
        <customresponse><p>Odd one</p></customresponse><p>Last words.</p></problem>""",
    )
    first, second = course.questions()
    assert asked(first) == "Read this.\n\nFirst?"
    assert asked(second) == "Read this.\n\nThen\n\nSecond?"
    assert (said(first.body["feedback"]), second.body["feedback"]) == ("It is a.", None)
    assert (first.points, second.points) == ("1.5", "1.5")
    assert reasons(course) == [("customresponse", "It is graded by a script.")]


def test_each_question_gets_the_explanation_that_follows_it(tmp_path: Path) -> None:
    part = "<p>{n}?</p><stringresponse answer='{n}'><textline/></stringresponse><solution><p>Why {n}.</p></solution>"
    course = read_problem(tmp_path, f"<problem>{part.format(n=1)}{part.format(n=2)}</problem>")
    assert [(asked(question), said(question.body["feedback"])) for question in course.questions()] == [("1?", "Why 1."), ("2?", "Why 2.")]


def test_a_response_in_a_sentence_leaves_a_blank(tmp_path: Path) -> None:
    question = one_question(
        tmp_path, "<problem><p>Water boils at <numericalresponse answer='100' inline='1'><textline/></numericalresponse> degrees.</p></problem>"
    )
    assert asked(question) == "Water boils at \\_\\_\\_\\_ degrees."


def test_pictures_tables_and_maths_of_a_stem_come_along(tmp_path: Path) -> None:
    course = read_problem(
        tmp_path,
        """<problem><img src="/static/a b.png" alt="A graph"/><table><tr><th>x</th></tr><tr><td>1</td></tr></table>
        <p>Find \\(y\\) and [mathjaxinline]z[/mathjaxinline].</p><numericalresponse answer="1"><textline/></numericalresponse></problem>""",
        files={"static/a b.png": "picture"},
    )
    (question,) = course.questions()
    assert asked(question) == "![A graph](file:a_b.png)\n\n| x |\n| --- |\n| 1 |\n\nFind $y$ and $z$."
    assert [asset.read() for asset in course.assets] == [b"picture"]


def test_runs_of_problems_become_quizzes_where_they_stand(tmp_path: Path) -> None:
    problem = '<problem display_name="{n}" max_attempts="{a}"><stringresponse answer="x"><textline/></stringresponse></problem>'
    one, two, three = (problem.format(n=n, a=n) for n in "123")
    odd = "<problem><customresponse/></problem>"
    course = read_problem(tmp_path, one, odd, two, "<html><p>Between</p></html>", three, "<html><script>0</script></html>", problem.format(n=4, a=""))
    (page,) = course.pages()
    assert [block["type"] for block in page.blocks] == ["quiz", "rich_text", "quiz"]
    assert [(quiz.title, [question.title for question in quiz.questions]) for quiz in course.assessments] == [
        ("P, 1", ["1", "2"]),
        ("P, 2", ["3", "4"]),
    ]
    assert [block["assessment"] for block in page.blocks if block["type"] == "quiz"] == [quiz.ref for quiz in course.assessments]
    assert all(quiz.practice and quiz.settings == {} for quiz in course.assessments)
