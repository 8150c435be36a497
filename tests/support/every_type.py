"""A quiz with a question of every type that is graded by itself, and an essay: what a student sees and how each is answered right."""

from typing import Any

from lms_app.words import QuestionType
from tests.support.questions import choice_body, choice_id, numeric_body, rich, stem, text_body, true_false_body

PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200" fill="#dde"/>'
    b'<circle cx="300" cy="100" r="40" fill="#568"/></svg>'
)


def bodies(picture: str = "picture") -> dict[QuestionType, dict[str, Any]]:
    """A body of each type. `picture` is the file of the hotspot."""
    order = [{"id": choice_id(number), "content": rich(name)} for number, name in enumerate(("Egg", "Caterpillar", "Pupa", "Butterfly"))]
    cities = [{"id": choice_id(number), "content": rich(name)} for number, name in enumerate(("Lisbon", "Madrid", "Rome"))]
    lands = [{"id": choice_id(10 + number), "content": rich(name), "right": choice_id(number)} for number, name in enumerate(("Portugal", "Spain"))]
    menu = [{"id": choice_id(number), "text": name} for number, name in enumerate(("north", "south"))]
    weighed = [{**menu[0], "weight": "1"}, {**menu[1], "weight": "0"}]
    return {
        QuestionType.DESCRIPTION: {"stem": stem("Take your time.")},
        QuestionType.SINGLE_CHOICE: choice_body("1", "0", "0"),
        QuestionType.MULTIPLE_CHOICE: choice_body("0.5", "-0.5", "0.5"),
        QuestionType.TRUE_FALSE: true_false_body(True),
        QuestionType.SHORT_TEXT: text_body("Hypatia"),
        QuestionType.NUMERIC: numeric_body("3.14"),
        QuestionType.CALCULATED: {
            "stem": stem("How much is {x} and {x}?"),
            "variables": [{"name": "x", "low": "7", "high": "7"}],
            "answers": [{"formula": "x + x"}],
        },
        QuestionType.MATCHING: {"stem": stem("Which is the capital?"), "prompts": lands, "options": cities},
        QuestionType.ORDERING: {"stem": stem("Put these in order."), "items": order},
        QuestionType.CLOZE: {
            "stem": stem("Water boils at [[1]] degrees, and the needle points [[2]]."),
            "gaps": [
                {"id": choice_id(20), "name": "1", "kind": "number", "answers": [{"value": "100", "weight": "1"}]},
                {"id": choice_id(21), "name": "2", "kind": "select", "choices": weighed},
            ],
        },
        QuestionType.DROPDOWN: {
            "stem": stem("The needle points [[1]]."),
            "choices": menu,
            "gaps": [{"id": choice_id(22), "name": "1", "right": choice_id(0)}],
        },
        QuestionType.HOTSPOT: {
            "stem": stem("Where is the disc?"),
            "image": {"file": picture, "alt": "A disc on a plain", "width": 400, "height": 200},
            "regions": [{"id": choice_id(23), "shape": {"kind": "circle", "x": "300", "y": "100", "radius": "40"}}],
        },
        QuestionType.ESSAY: {"stem": stem("What did you see?"), "words_min": 2, "words_max": 50},
    }
