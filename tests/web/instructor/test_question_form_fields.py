"""The fields of a question's form as a browser sends them, for every type."""

from dataclasses import fields
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_app.domain.assessments.question_editor import PARTS, ROWS, FormRow, sheet_of
from lms_app.domain.assessments.question_forms import FORMS, body_from_form, form_from_body
from lms_app.domain.assessments.types import TYPES
from lms_app.web.instructor.question_form_fields import PART_FIELDS, ROW_FIELDS, QuestionForm, about, filled_form
from lms_app.web.instructor.question_form_page import KINDS
from lms_app.words import QuestionType
from tests.support.questions import bodies


def sent(sheet: Any) -> dict[str, str]:
    """What a browser sends of a form that shows this: text fields, and boxes that are ticked."""

    def said(values: dict[str, Any]) -> dict[str, str]:
        return {name: "on" if value is True else value for name, value in values.items() if isinstance(value, str) or value is True}

    form = said(vars(sheet))
    for prefix, rows in (("", sheet.rows), ("part_", sheet.parts)):
        for row in rows:
            form |= {f"{prefix}{name}_{row.place}": value for name, value in said(vars(row)).items()}
    return form


@pytest.mark.parametrize("type_", list(FORMS))
@settings(max_examples=15)
@given(data=st.data())
def test_a_question_opened_on_the_page_and_saved_unchanged_stays_as_it_is(type_: QuestionType, data: st.DataObject) -> None:
    body = data.draw(bodies[type_])
    sheet = sheet_of(type_, form_from_body(type_, body), "", "1")
    again = body_from_form(type_, filled_form(cast(QuestionForm, sent(sheet)), sheet), previous=body)
    assert TYPES[type_].body.model_validate(again) == TYPES[type_].body.model_validate(body)


def test_every_field_of_a_row_is_sent_with_the_form() -> None:
    assert {field.name for field in fields(FormRow)} - {"place"} == {*ROW_FIELDS, *PART_FIELDS}


def test_every_kind_of_question_can_be_added_and_has_a_name() -> None:
    assert {name for name, _ in KINDS} == set(TYPES)
    assert set(ROWS) | set(PARTS) <= set(TYPES)


def test_a_sentence_says_which_line_it_is_about() -> None:
    assert about("gaps.1.name", "x") == "Gap 2: x"
    assert about("variables.0.low", "x") == "Number 1: x"
    assert about("answers.2.text", "x") == "Line 3: x"
    assert about("stem", "x") == "x"
