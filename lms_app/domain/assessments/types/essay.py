"""Essay: a text that a person reads and marks.

**What a word is**: a run of letters, digits and marks of any script, with hyphens and apostrophes inside; in scripts that do not part words
(Chinese, Japanese, Korean, Thai) every letter is one. So "don't", "well-known" and "3.5" count as one, one and two, and 我喜歡 as three. The limits
are told to the student and to the marker; a text outside them is taken all the same.
"""

import re
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from lms_app.domain.assessments.types.kind import Grade, QuestionBody, QuestionKind, Stored, blank, common_sheet, first_line, pending
from lms_app.domain.content.document import RichText
from lms_app.domain.content.rendering import html_of_rich_text
from lms_app.words import QuestionType

LONGEST = 30_000
"""Characters of an essay."""

_UNPARTED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0900-\u0e00]|['’\u2010\u2011-](?=[^\W_]))*")


class Essay(QuestionBody):
    """`words_min` and `words_max` are told; `rows` is how high the field is at first. `sample` is a good answer, for markers and for review."""

    words_min: Annotated[int, Field(ge=1, le=10_000)] | None = None
    words_max: Annotated[int, Field(ge=1, le=10_000)] | None = None
    rows: Annotated[int, Field(ge=2, le=60)] = 10
    sample: RichText | None = None

    @model_validator(mode="after")
    def _limits_agree(self) -> Self:
        if self.words_min is not None and self.words_max is not None and self.words_min > self.words_max:
            raise ValueError("The least number of words must not be above the most.")
        return self


class EssayResponse(Stored):
    """What was written. Nothing but white space is no answer."""

    text: str = Field(max_length=LONGEST)


def count_words(text: str) -> int:
    """How many words a text has, by the rule above."""
    return len(_UNPARTED.findall(text)) + len(_WORD.findall(_UNPARTED.sub(" ", text)))


def sheet(body: Essay, seed: int) -> dict[str, Any]:
    """What a student may see."""
    told = {"words_min": body.words_min, "words_max": body.words_max, "rows": body.rows}
    return {"type": QuestionType.ESSAY.value, **common_sheet(body), **told}


def grade(body: Essay, response: EssayResponse | None) -> Grade:
    """A marker's, unless there is nothing to mark."""
    return pending(body, remark=_length(body, count_words(response.text))) if response and response.text.strip() else blank(body)


def solve(body: Essay) -> EssayResponse | None:
    """What earns everything is for the marker to say."""
    return None


def solution(body: Essay) -> str:
    """The author's example of a good answer."""
    return html_of_rich_text(body.sample) if body.sample else ""


def _length(body: Essay, words: int) -> str:
    counted = f"{words:,} word{'' if words == 1 else 's'}"
    if body.words_max is not None and words > body.words_max:
        return f"{counted}, more than the {body.words_max:,} asked for."
    if body.words_min is not None and words < body.words_min:
        return f"{counted}, fewer than the {body.words_min:,} asked for."
    return f"{counted}."


KIND = QuestionKind(
    body=Essay,
    response=EssayResponse,
    sheet=sheet,
    grade=grade,
    solve=solve,
    describe=first_line,
    solution=solution,
    by_hand=True,
    typed=True,
)
