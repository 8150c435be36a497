"""A question of each type as it is written by hand."""

from typing import Any

from lms_app.words import QuestionType
from tests.support.questions import choice_body, choice_id, numeric_body, rich, stem, text_body, true_false_body

PLAIN: dict[QuestionType, dict[str, Any]] = {
    QuestionType.SINGLE_CHOICE: choice_body("1", "0"),
    QuestionType.MULTIPLE_CHOICE: choice_body("1", "0"),
    QuestionType.TRUE_FALSE: true_false_body(True),
    QuestionType.SHORT_TEXT: text_body("x"),
    QuestionType.NUMERIC: numeric_body("1"),
    QuestionType.CALCULATED: {
        "stem": stem("{a} + {b}?"),
        "variables": [{"name": "a", "low": "1", "high": "9"}, {"name": "b", "low": "1.00", "high": "2", "step": "0.25"}],
        "answers": [{"formula": "a + b"}],
    },
    QuestionType.MATCHING: {
        "stem": stem("Match."),
        "prompts": [{"id": choice_id(0), "content": rich("One"), "right": choice_id(3)}],
        "options": [{"id": choice_id(number), "content": rich(f"Option {number}")} for number in (2, 3)],
    },
    QuestionType.ORDERING: {"stem": stem("Order."), "items": [{"id": choice_id(number), "content": rich(f"Item {number}")} for number in (1, 2)]},
    QuestionType.CLOZE: {
        "stem": stem("a [[1]] b"),
        "gaps": [{"id": choice_id(0), "name": "1", "kind": "text", "answers": [{"text": "x", "weight": "1"}]}],
    },
    QuestionType.DROPDOWN: {
        "stem": stem("a [[1]] b"),
        "choices": [{"id": choice_id(number), "text": f"Choice {number}"} for number in (1, 2)],
        "gaps": [{"id": choice_id(0), "name": "1", "right": choice_id(2)}],
    },
    QuestionType.HOTSPOT: {
        "stem": stem("Where?"),
        "image": {"file": "01890a5d-ac96-774b-bcce-b302099a8057", "alt": "A map", "width": 400, "height": 300},
        "regions": [{"id": choice_id(0), "shape": {"kind": "circle", "x": "10", "y": "20.5", "radius": "5"}}],
    },
    QuestionType.ESSAY: {"stem": stem("Write.")},
    QuestionType.FILE_UPLOAD: {"stem": stem("Send.")},
    QuestionType.DESCRIPTION: {"stem": stem("Read.")},
}
"""A body of each type."""
