"""Matching: to each prompt belongs one of the options. There may be more options than prompts, and one may belong to several.

Each prompt that has its option earns the same share, or the whole earns everything or nothing (`credit`). Two options may not say the same: nobody
could tell them apart.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from lms_app.domain.assessments.types.choices import ChosenId
from lms_app.domain.assessments.types.kind import (
    ChoiceId,
    Grade,
    QuestionBody,
    QuestionKind,
    Stored,
    Tally,
    blank,
    common_sheet,
    first_line,
    graded,
    listed,
    part_grade,
    place,
    shown,
)
from lms_app.domain.content.document import RichText
from lms_app.words import QuestionType


class Option(Stored):
    """Something that may belong to a prompt."""

    id: ChoiceId
    content: RichText


class Prompt(Stored):
    """Something to which an option belongs. `feedback` is for who gave it another."""

    id: ChoiceId
    content: RichText
    right: ChoiceId
    feedback: RichText | None = None


class Matching(QuestionBody):
    """Options are always shown in a drawn order; `shuffle` draws one for the prompts too."""

    prompts: Annotated[tuple[Prompt, ...], Field(min_length=1, max_length=50)]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=100)]
    credit: Literal["each", "all"] = "each"
    shuffle: bool = True

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        options = {option.id for option in self.options}
        if len(options) != len(self.options) or len({prompt.id for prompt in self.prompts}) != len(self.prompts):
            raise ValueError("Two parts have the same id.")
        if any(option.content == other.content for number, option in enumerate(self.options) for other in self.options[:number]):
            raise ValueError("Two options say the same, so nobody could tell them apart.")
        if any(prompt.right not in options for prompt in self.prompts):
            raise ValueError("Every prompt needs an option of the question.")
        return self


class MatchingResponse(Stored):
    """The id of the option given to each prompt's id. Ids that the question does not have are passed by."""

    pairs: Annotated[dict[ChosenId, ChosenId], Field(max_length=200)]


def sheet(body: Matching, seed: int) -> dict[str, Any]:
    """What a student may see."""
    prompts = sorted(body.prompts, key=lambda prompt: place(seed, prompt.id)) if body.shuffle else body.prompts
    options = sorted(body.options, key=lambda option: place(seed, option.id))
    return {
        "type": QuestionType.MATCHING.value,
        **common_sheet(body),
        "prompts": [prompt.model_dump(mode="json", include={"id", "content"}) for prompt in prompts],
        "options": [option.model_dump(mode="json") for option in options],
    }


def grade(body: Matching, response: MatchingResponse | None) -> Grade:
    """The part of the prompts that have their option."""
    options = {option.id for option in body.options}
    given = {prompt: option for prompt, option in (response.pairs.items() if response else ()) if option in options}
    parts = [
        part_grade(
            prompt.id,
            Decimal(given.get(prompt.id) == prompt.right),
            answered=prompt.id in given,
            feedback=prompt.feedback if prompt.id in given and given[prompt.id] != prompt.right else None,
        )
        for prompt in body.prompts
    ]
    if not any(prompt.id in given for prompt in body.prompts):
        return blank(body, parts=parts)
    right = sum(part.fraction == 1 for part in parts)
    fraction = Decimal(right) / len(parts) if body.credit == "each" else Decimal(right == len(parts))
    return graded(body, fraction, parts=parts)


def solve(body: Matching) -> MatchingResponse:
    """The key."""
    return MatchingResponse(pairs={prompt.id: prompt.right for prompt in body.prompts})


def solution(body: Matching) -> str:
    """Each prompt with its option."""
    contents = {option.id: option.content for option in body.options}
    return listed(f"{shown(prompt.content)} → {shown(contents[prompt.right])}" for prompt in body.prompts)


def tally(body: Matching, response: MatchingResponse) -> Tally:
    """The option given to each prompt."""
    options = {option.id for option in body.options}
    return tuple((prompt.id, response.pairs[prompt.id]) for prompt in body.prompts if response.pairs.get(prompt.id) in options)


KIND = QuestionKind(
    body=Matching, response=MatchingResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, solution=solution, tally=tally
)
