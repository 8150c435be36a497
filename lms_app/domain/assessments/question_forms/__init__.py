"""Questions as forms: what an author writes, whole or not, to a body and back.

A form is a dict of JSON values. All types have `stem` (the block editor's document), `feedback` (a rich text), `hints` (a list of them), `penalty`
and `deduction` (percent; empty for the usual third, and for nothing). Contents and feedbacks of rows are rich texts too; one that says nothing may
be "", and Markdown is taken in the place of each. The rest stands with each type:

- `choices.py`: `choices`: rows `{id, text, right, weight, feedback, feedback_unselected}`; `shuffle`; for multiple choice `credit`
  ("all_or_nothing", "partial", "weights"), `tell_count`, `select` and `select_rule` ("exactly", "at_most").
- `statements.py`: `answer` ("true" or "false"), `feedback_true`, `feedback_false`.
- `typed_answers.py`: `answers`: rows `{text, match, weight, feedback}` with `case_sensitive` and `ignore_accents`, or
  `{value, tolerance, margin, low, high, weight, feedback}` with the fields of `measures.py`: `unit`, `units`, `unit_rule`, `unit_penalty`.
- `calculated.py`: `variables`: rows `{name, low, high, step}`, `answers`: rows `{formula, tolerance, margin, weight, feedback}`; `rounding`
  ("decimals" or "figures") and `places`; units as above.
- `pairs.py`: `pairs`: rows `{id, text, option_id, option, feedback}`, `option_order`, `credit` ("each", "all"), `shuffle`; for ordering `items`:
  rows `{id, text}` in their order, `credit` ("exact", "position", "pairs", "run").
- `gaps.py`: `gaps`, and `answers` or `choices` which say their gap. In the text a gap is written `[[1]]`.
- `pictures.py`: `file`, `alt`, `width`, `height`, `marks`, `regions`: rows `{id, shape, numbers, weight, feedback}`.
- `by_hand.py`: `words_min`, `words_max`, `lines`, `sample` of an essay; `files_max`, `megabytes`, `kinds` of a file upload.

Weights and relative margins are percentages. A row in which nothing is written is no row. What is wrong is told all at once, as `Invalid` whose
`fields` are named like `stem`, `choices` or `answers.2.value`, rows counted from 0 as they stand in the form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from lms_app.domain.assessments.question_forms import by_hand, calculated, choices, gaps, pairs, pictures, statements, typed_answers
from lms_app.domain.assessments.question_forms.fields import Form, FormReader, percent_of, rich_of
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import THIRD, QuestionBody
from lms_app.domain.content.document import Document
from lms_app.domain.content.editing import to_editor
from lms_app.words import QuestionType


@dataclass(frozen=True, kw_only=True)
class QuestionForm:
    """The part of a form that a type has for itself: read into a part of a body, written from a body, and as it is for a new question."""

    read: Callable[[FormReader], dict[str, Any]]
    write: Callable[[Any], Form]
    empty: Form


FORMS: dict[QuestionType, QuestionForm] = {
    QuestionType.SINGLE_CHOICE: QuestionForm(read=choices.read_single, write=choices.write_single, empty=choices.EMPTY_SINGLE),
    QuestionType.MULTIPLE_CHOICE: QuestionForm(read=choices.read_multiple, write=choices.write_multiple, empty=choices.EMPTY_MULTIPLE),
    QuestionType.TRUE_FALSE: QuestionForm(read=statements.read, write=statements.write, empty=statements.EMPTY),
    QuestionType.SHORT_TEXT: QuestionForm(read=typed_answers.read_texts, write=typed_answers.write_texts, empty=typed_answers.EMPTY_TEXTS),
    QuestionType.NUMERIC: QuestionForm(read=typed_answers.read_numbers, write=typed_answers.write_numbers, empty=typed_answers.EMPTY_NUMBERS),
    QuestionType.CALCULATED: QuestionForm(read=calculated.read, write=calculated.write, empty=calculated.EMPTY),
    QuestionType.MATCHING: QuestionForm(read=pairs.read_matching, write=pairs.write_matching, empty=pairs.EMPTY_MATCHING),
    QuestionType.ORDERING: QuestionForm(read=pairs.read_ordering, write=pairs.write_ordering, empty=pairs.EMPTY_ORDERING),
    QuestionType.CLOZE: QuestionForm(read=gaps.read_cloze, write=gaps.write_cloze, empty=gaps.EMPTY_CLOZE),
    QuestionType.DROPDOWN: QuestionForm(read=gaps.read_dropdown, write=gaps.write_dropdown, empty=gaps.EMPTY_DROPDOWN),
    QuestionType.HOTSPOT: QuestionForm(read=pictures.read, write=pictures.write, empty=pictures.EMPTY),
    QuestionType.ESSAY: QuestionForm(read=by_hand.read_essay, write=by_hand.write_essay, empty=by_hand.EMPTY_ESSAY),
    QuestionType.FILE_UPLOAD: QuestionForm(read=by_hand.read_upload, write=by_hand.write_upload, empty=by_hand.EMPTY_UPLOAD),
    QuestionType.DESCRIPTION: QuestionForm(read=by_hand.read_description, write=by_hand.write_description, empty=by_hand.EMPTY_DESCRIPTION),
}


def empty_form(type_: QuestionType) -> Form:
    """The form of a new question, with rows to fill in."""
    return _copy({"stem": "", "feedback": "", "hints": [], "penalty": "", "deduction": "", **FORMS[type_].empty})


def form_from_body(type_: QuestionType, body: Mapping[str, Any]) -> Form:
    """The form that shows a stored body. `body_from_form` of it, unchanged, gives an equal body."""
    stored: QuestionBody = TYPES[type_].body.model_validate(body)
    return {
        "stem": to_editor(stored.stem),
        "feedback": rich_of(stored.feedback),
        "hints": [rich_of(hint) for hint in stored.hints],
        "penalty": "" if stored.penalty == THIRD else percent_of(stored.penalty),
        "deduction": percent_of(stored.deduction) if stored.deduction else "",
        **FORMS[type_].write(stored),
    }


def body_from_form(type_: QuestionType, form: Mapping[str, Any], *, previous: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The body, as it is stored, that a filled-in form stands for. Blocks of the stem that `previous` had keep their ids.

    Raises Invalid, with a sentence for every field that needs another look.
    """
    kind = TYPES[type_]
    before: Document | None = kind.body.model_validate(previous).stem if previous else None
    reader = FormReader(form)
    body: dict[str, Any] = {
        "stem": reader.document("stem", before),
        "feedback": reader.rich_text("feedback"),
        "hints": reader.rich_texts("hints"),
        "penalty": reader.part("penalty", THIRD),
        "deduction": reader.part("deduction", Decimal(0)),
    }
    body |= FORMS[type_].read(reader)
    reader.refuse_if_wrong()
    try:
        checked = kind.body.model_validate(body)
    except ValidationError as fault:
        raise reader.refusal(fault) from fault
    try:
        kind.check(checked)
    except ValueError as fault:
        reader.note("answers", str(fault))
        reader.refuse_if_wrong()
    return checked.model_dump(mode="json")


def _copy(form: Form) -> Form:
    return {name: [dict(row) for row in value] if isinstance(value, list) else value for name, value in form.items()}
