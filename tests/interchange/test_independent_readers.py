"""What we write, read by packages that others made: citolab-qti-convert for QTI 3.0, moodle-xml-parser for Moodle XML."""

from typing import Any

from hypothesis import given, settings
from moodle_xml_parser.parser import parse_bytes
from qti_convert import convert_qti3_to_qti21

from lms_app.interchange.likeness import comparable
from lms_app.interchange.moodle_xml_writing import write_moodle_xml
from lms_app.interchange.neutral import Bank, Question
from lms_app.interchange.qti import read_qti
from lms_app.interchange.qti_writing import write_item
from lms_app.words import QuestionType
from tests.interchange.drawn_questions import EXAMPLES, qti_questions
from tests.support.questions import choice, choice_id, rich, stem

PICTURE = {"01890a5d-ac96-774b-bcce-b302099a8057": (3, lambda: b"png")}


@settings(max_examples=EXAMPLES)
@given(question=qti_questions)
def test_an_item_of_qti_3_that_another_program_made_into_qti_2_is_the_same_question(question: Question) -> None:
    older = convert_qti3_to_qti21(write_item(question)).xml
    assert "<qti-" not in older
    assert [comparable(found) for found in read_qti(older.encode(), files=PICTURE).questions] == [comparable(question)]


def moodle(type_: QuestionType, body: dict[str, Any]) -> Any:
    """The one question of a file, as the other program reads it."""
    written = write_moodle_xml(Bank(questions=(Question(ref="q", type=type_, title="Named", body=body, points="2.5"),)))
    assert written.report.unsupported == ()
    (found,) = [question for questions in parse_bytes(written.content).values() for question in questions]
    return found


def test_choices_of_moodle_xml() -> None:
    choices = [choice(1, "0.5", feedback=rich("Yes")), choice(2, "0.5"), choice(3, "-1")]
    found = moodle(
        QuestionType.MULTIPLE_CHOICE, {"stem": stem("Which?"), "choices": choices, "shuffle": True, "penalty": "0.25", "feedback": rich("General")}
    )
    assert (found.name, found.text_pre_parse, found.default_grade, found.penalty) == ("Named", "<p>Which?</p>", 2.5, 0.25)
    assert (found.single, found.shuffle_answers, found.general_feedback) == (False, True, "<p>General</p>")
    assert [(option.answer, option.score_fraction, option.feedback or "") for option in found.options] == [
        ("<p>Choice 1</p>", 50, "<p>Yes</p>"),
        ("<p>Choice 2</p>", 50, ""),
        ("<p>Choice 3</p>", -100, ""),
    ]


def test_gaps_of_moodle_xml() -> None:
    gaps = [
        {
            "id": choice_id(1),
            "name": "1",
            "kind": "text",
            "share": "2",
            "answers": [{"text": "Italy", "weight": "1"}, {"text": "Italia", "weight": "0.5"}],
        },
        {"id": choice_id(2), "name": "2", "kind": "number", "answers": [{"value": "41.9", "weight": "1"}]},
    ]
    found = moodle(QuestionType.CLOZE, {"stem": stem("Rome, [[1]], at [[2]] degrees."), "gaps": gaps})
    assert [(gap.sub_type, gap.sub_grade) for gap in found.gaps] == [("SHORTANSWER", 2), ("NUMERICAL", 1)]
    assert [[(option.answer, option.score) for option in gap.options] for gap in found.gaps] == [[("Italy", 100), ("Italia", 50)], [("41.9:0", 100)]]
