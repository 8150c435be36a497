"""Short text: a word or a few, typed. Of the answers that match, the one with the highest weight counts, so their order does not matter."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from lms_app.domain.assessments.types.kind import (
    Credit,
    Grade,
    QuestionBody,
    QuestionKind,
    Stored,
    Tally,
    best,
    blank,
    common_sheet,
    counted,
    first_line,
    graded,
    listed,
    need_full_marks,
    shown,
)
from lms_app.domain.assessments.types.text_matching import LONGEST_ANSWER, check_pattern, matches_pattern, matches_wildcard, normalise
from lms_app.domain.content.document import RichText
from lms_app.words import QuestionType


class Match(StrEnum):
    """How an answer's text is compared: as it stands, with `*` for anything, or as an RE2 pattern. Always the whole of what was typed."""

    EXACT = "exact"
    WILDCARD = "wildcard"
    REGEX = "regex"


class TextAnswer(Stored):
    """Something that may be typed, and what it earns."""

    text: Annotated[str, Field(max_length=LONGEST_ANSWER), AfterValidator(str.strip)]
    weight: Credit
    match: Match = Match.EXACT
    feedback: RichText | None = None

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        if not normalise(self.text, case_sensitive=True, ignore_accents=False):
            raise ValueError("An answer must not be blank.")
        if self.match == Match.REGEX:
            check_pattern(self.text)
        return self


class ShortText(QuestionBody):
    """At least one answer earns everything."""

    answers: tuple[TextAnswer, ...] = Field(min_length=1, max_length=100)
    case_sensitive: bool = False
    ignore_accents: bool = False

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        need_full_marks(answer.weight for answer in self.answers)
        return self


class ShortTextResponse(Stored):
    """What was typed. Nothing but white space is no answer."""

    text: str = Field(max_length=LONGEST_ANSWER)


def sheet(body: ShortText, seed: int) -> dict[str, Any]:
    """What a student may see. `case_sensitive` is said, because nobody could guess it."""
    return {"type": QuestionType.SHORT_TEXT.value, **common_sheet(body), "case_sensitive": body.case_sensitive}


def grade(body: ShortText, response: ShortTextResponse | None) -> Grade:
    """The highest weight among the answers that match."""
    if response is None or not normalise(response.text, case_sensitive=True, ignore_accents=False):
        return blank(body)
    weight, feedback = best((answer.weight, answer.feedback) for answer in body.answers if _matches(body, answer, response.text))
    return graded(body, weight, feedback=[feedback])


def solve(body: ShortText) -> ShortTextResponse | None:
    """An answer that earns everything, spelt as the author has it; None where there are patterns only."""
    for answer in body.answers:
        response = ShortTextResponse(text=written_answer(answer))
        if answer.weight == 1 and grade(body, response).fraction == 1:
            return response
    return None


def solution(body: ShortText) -> str:
    """What earns everything, as the author has it; nothing where that are patterns only."""
    solved = solve(body)
    written = [answer.text for answer in body.answers if answer.weight == 1 and answer.match == Match.EXACT]
    return listed(shown(text) for text in written or ([solved.text] if solved else []))


def tally(body: ShortText, response: ShortTextResponse) -> Tally:
    """Which answer counted, by its place, or `other`."""
    return (("answer", counted([(answer.weight, _matches(body, answer, response.text)) for answer in body.answers])),)


def matches(answer: TextAnswer, text: str, *, case_sensitive: bool, ignore_accents: bool) -> bool:
    """Whether a text is what an answer means."""
    match answer.match:
        case Match.EXACT:
            return normalise(text, case_sensitive=case_sensitive, ignore_accents=ignore_accents) == normalise(
                answer.text, case_sensitive=case_sensitive, ignore_accents=ignore_accents
            )
        case Match.WILDCARD:
            return matches_wildcard(text, answer.text, case_sensitive=case_sensitive, ignore_accents=ignore_accents)
        case Match.REGEX:
            return matches_pattern(text, answer.text, case_sensitive=case_sensitive, ignore_accents=ignore_accents)


def written_answer(answer: TextAnswer) -> str:
    """What one would type to give this answer; of a pattern the pattern itself, which may not match."""
    return answer.text.replace("\\*", "\0").replace("*", "").replace("\0", "*") if answer.match == Match.WILDCARD else answer.text


def _matches(body: ShortText, answer: TextAnswer, text: str) -> bool:
    return matches(answer, text, case_sensitive=body.case_sensitive, ignore_accents=body.ignore_accents)


KIND = QuestionKind(
    body=ShortText,
    response=ShortTextResponse,
    sheet=sheet,
    grade=grade,
    solve=solve,
    describe=first_line,
    solution=solution,
    tally=tally,
    typed=True,
)
