"""The form of true or false."""

from typing import Any

from lms_app.domain.assessments.question_forms.fields import Form, FormReader, rich_of
from lms_app.domain.assessments.types.true_false import TrueFalse

EMPTY: Form = {"answer": "", "feedback_true": "", "feedback_false": ""}


def read(reader: FormReader) -> dict[str, Any]:
    """The answer must be chosen: neither is a sensible guess."""
    answer = reader.text("answer")
    if answer not in ("true", "false"):
        reader.note("answer", "Say whether the statement is true or false.")
    return {
        "answer": answer == "true",
        "feedback_true": reader.rich_text("feedback_true"),
        "feedback_false": reader.rich_text("feedback_false"),
    }


def write(body: TrueFalse) -> Form:
    """The statement's answer in words."""
    return {
        "answer": "true" if body.answer else "false",
        "feedback_true": rich_of(body.feedback_true),
        "feedback_false": rich_of(body.feedback_false),
    }
