"""What single and multiple choice have in common."""

from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from lms_app.domain.assessments.types.kind import ChoiceGrade, ChoiceId, QuestionBody, Stored, Weight, common_sheet, place
from lms_app.domain.content.document import RichText

ChosenId = Annotated[str, Field(max_length=40)]
"""An id as a response gives it. Whether the question has such a choice is found on grading."""


class Choice(Stored):
    """One choice. `feedback` is for who chose it, `feedback_unselected` (multiple choice only) for who did not."""

    id: ChoiceId
    content: RichText
    weight: Weight
    feedback: RichText | None = None
    feedback_unselected: RichText | None = None

    @cached_property
    def plain(self) -> dict[str, Any]:
        """What a student sees of it, as JSON values. Not to be changed."""
        return self.model_dump(mode="json", include={"id", "content"})


class ChoiceBody(QuestionBody):
    """Choices in the author's order; `shuffle` draws an order for each attempt."""

    choices: tuple[Choice, ...] = Field(min_length=1, max_length=100)
    shuffle: bool = True

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        if len({choice.id for choice in self.choices}) != len(self.choices):
            raise ValueError("Two choices have the same id.")
        return self


def choice_sheets(body: ChoiceBody, seed: int) -> dict[str, Any]:
    """The sheet of a question with choices, in this attempt's order."""
    order = sorted(body.choices, key=lambda choice: place(seed, choice.id)) if body.shuffle else body.choices
    return {**common_sheet(body), "choices": [choice.plain for choice in order]}


def choice_grades(body: ChoiceBody, chosen: frozenset[str], right: frozenset[str]) -> list[ChoiceGrade]:
    """How each choice stands, in the author's order."""
    return [
        ChoiceGrade(
            id=choice.id,
            chosen=choice.id in chosen,
            right=choice.id in right,
            feedback=choice.feedback if choice.id in chosen else choice.feedback_unselected,
        )
        for choice in body.choices
    ]
