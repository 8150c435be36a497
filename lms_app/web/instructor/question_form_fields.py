"""The fields of a question's form on the quiz editor's page, and what the domain reads from them."""

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.assessments.question_editor import HINT_LINE, PARTS, ROWS, QuestionSheetForm
from lms_app.words import QuestionType

Line = Annotated[str, Field(max_length=2000)]
Text = Annotated[str, Field(max_length=200_000)]
MOST_ROWS = 100
ROW_FIELDS = (
    *("id", "text", "right", "weight", "feedback", "feedback_unselected", "match", "value", "tolerance", "margin", "low", "high"),
    *("formula", "option_id", "option", "gap", "shape", "numbers"),
)
PART_FIELDS = (
    *("id", "name", "low", "high", "step", "kind", "share", "width", "case_sensitive", "ignore_accents", "shuffle"),
    *("unit", "units", "unit_rule", "unit_penalty", "choice", "feedback"),
)
PLAIN = (
    *("penalty", "deduction", "select", "select_rule", "credit", "answer", "shuffle", "tell_count", "case_sensitive", "ignore_accents"),
    *("unit", "unit_rule", "unit_penalty", "rounding", "places", "file", "alt", "width", "height", "marks"),
    *("words_min", "words_max", "lines", "files_max", "megabytes", "kinds"),
)
TEXTS = ("stem", "feedback", "hints", "feedback_true", "feedback_false", "units", "option_order", "sample")

QuestionForm = TypedDict(
    "QuestionForm",
    {
        "points": NotRequired[Line],
        **dict.fromkeys(TEXTS, NotRequired[Text]),
        **dict.fromkeys(PLAIN, NotRequired[Line]),
        **{f"{name}_{place}": NotRequired[Text] for place in range(MOST_ROWS) for name in ROW_FIELDS},
        **{f"part_{name}_{place}": NotRequired[Text] for place in range(MOST_ROWS) for name in PART_FIELDS},
    },
)
"""The form of a question of any type; rows are numbered, those of its second list begin with `part_`."""


def filled_form(form: QuestionForm, sheet: QuestionSheetForm) -> dict[str, Any]:
    """The form as the domain reads it: rows in lists, hints in a list."""
    given: dict[str, Any] = dict(form)
    type_ = QuestionType(sheet.type)
    rows = [{name: given.get(f"{name}_{place}", "") for name in ROW_FIELDS} for place in range(len(sheet.rows))]
    parts = [{name: given.get(f"part_{name}_{place}", "") for name in PART_FIELDS} for place in range(len(sheet.parts))]
    hints = [hint.strip() for hint in f"\n{given.get('hints', '')}\n".replace("\r\n", "\n").split(f"\n{HINT_LINE}\n")]
    plain = {name: given.get(name, "") for name in (*PLAIN, *TEXTS)}
    lists = {ROWS[type_]: rows} if type_ in ROWS else {}
    if type_ in PARTS:
        lists[PARTS[type_]] = parts
    return {**plain, "hints": [hint for hint in hints if hint], **lists}


def about(name: str, sentence: str) -> str:
    """A sentence with the row that it is about."""
    parts = name.split(".")
    if len(parts) < 2 or not parts[1].isdecimal():
        return sentence
    line = {"gaps": "Gap", "variables": "Number"}.get(parts[0], "Line")
    return f"{line} {int(parts[1]) + 1}: {sentence}"
