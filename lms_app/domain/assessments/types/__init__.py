"""The types of question. Editors, readers, writers and pages go through `TYPES`, and know no type by name."""

from typing import Any

from lms_app.domain.assessments.types import (
    calculated,
    cloze,
    description,
    dropdown,
    essay,
    file_upload,
    hotspot,
    matching,
    multiple_choice,
    numeric,
    ordering,
    short_text,
    single_choice,
    true_false,
)
from lms_app.domain.assessments.types.kind import QuestionKind
from lms_app.words import QuestionType

TYPES: dict[QuestionType, QuestionKind[Any, Any]] = {
    QuestionType.SINGLE_CHOICE: single_choice.KIND,
    QuestionType.MULTIPLE_CHOICE: multiple_choice.KIND,
    QuestionType.TRUE_FALSE: true_false.KIND,
    QuestionType.SHORT_TEXT: short_text.KIND,
    QuestionType.NUMERIC: numeric.KIND,
    QuestionType.CALCULATED: calculated.KIND,
    QuestionType.MATCHING: matching.KIND,
    QuestionType.ORDERING: ordering.KIND,
    QuestionType.CLOZE: cloze.KIND,
    QuestionType.DROPDOWN: dropdown.KIND,
    QuestionType.HOTSPOT: hotspot.KIND,
    QuestionType.ESSAY: essay.KIND,
    QuestionType.FILE_UPLOAD: file_upload.KIND,
    QuestionType.DESCRIPTION: description.KIND,
}
