"""Questions as the quiz files of the demo say them: texts in Markdown, each type with the fields it needs, made into what its type stores."""

import base64
import hashlib
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.multiple_choice import partial_weights
from lms_app.domain.content import rich_text
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.interchange import neutral
from lms_app.words import QuestionType


class Written(BaseModel):
    """Something that is written in a file of the demo."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenAnswer(Written):
    """A choice, or an answer that may be typed, with what is said about it. A `formula` is calculated; its tolerance is a part of its value."""

    text: str = ""
    value: Decimal | None = None
    formula: str = ""
    tolerance: Decimal = Decimal(0)
    match: Literal["exact", "wildcard"] = "exact"
    right: bool = False
    wrong: bool = False
    because: str = ""


class WrittenUnit(Written):
    """Another unit that may be typed, and how many of the question's unit one of it is."""

    name: str
    factor: Decimal


class WrittenVariable(Written):
    """A number that is drawn for each attempt."""

    name: str
    low: Decimal
    high: Decimal
    step: Decimal


class WrittenPair(Written):
    """Something to match with what belongs to it. `because` is for who gave it another."""

    prompt: str
    option: str
    because: str


class WrittenGap(Written):
    """A gap: to be typed into where it has `answers`, to be chosen where it has `choices`, or `right` of the question's own list."""

    name: str
    answers: tuple[WrittenAnswer, ...] = ()
    choices: tuple[WrittenAnswer, ...] = ()
    right: str = ""
    because: str = ""


class WrittenRegion(Written):
    """A rectangle on the picture, in its pixels, and what is said of a mark there."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    right: bool = False
    because: str


class WrittenPicture(Written):
    """A picture of the course, and its size in pixels."""

    file: str
    alt: str
    width: int
    height: int


class WrittenQuestion(Written):
    """A question in a quiz file. `because` is said to everybody afterwards; `options` are a list to choose from, beyond what belongs somewhere."""

    id: str
    type: QuestionType
    title: str
    stem: str
    because: str = ""
    points: str = "1"
    hints: tuple[str, ...] = ()
    unit: str | None = None
    units: tuple[WrittenUnit, ...] = ()
    variables: tuple[WrittenVariable, ...] = ()
    choices: tuple[WrittenAnswer, ...] = ()
    answers: tuple[WrittenAnswer, ...] = ()
    answer: bool | None = None
    when_true: str = ""
    when_false: str = ""
    pairs: tuple[WrittenPair, ...] = ()
    options: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    gaps: tuple[WrittenGap, ...] = ()
    picture: WrittenPicture | None = None
    regions: tuple[WrittenRegion, ...] = ()
    words_min: int | None = None
    words_max: int | None = None
    sample: str = ""
    kinds: tuple[str, ...] = ()


def question_of(quiz: str, written: WrittenQuestion) -> neutral.Question:
    """A question of a quiz file. Raises ValueError for what its type does not take."""
    body = TYPES[written.type].body.model_validate({**_common(written), **_particular(f"{quiz}/{written.id}", written)})
    return neutral.Question(
        ref=f"{quiz}/{written.id}", type=written.type, title=written.title, body=body.model_dump(mode="json"), points=written.points
    )


def _common(written: WrittenQuestion) -> dict[str, Any]:
    return {
        "stem": document_from_markdown(written.stem).dump(),
        "hints": [rich_text.from_markdown(hint) for hint in written.hints],
        "feedback": rich_text.from_markdown(written.because) if written.because else None,
    }


def _particular(ref: str, written: WrittenQuestion) -> dict[str, Any]:
    """The fields of a body that only its type has."""
    match written.type:
        case QuestionType.SINGLE_CHOICE:
            return {"choices": _choices(ref, written, [Decimal(choice.right) for choice in written.choices])}
        case QuestionType.MULTIPLE_CHOICE:
            choices = _choices(ref, written, partial_weights([choice.right for choice in written.choices]))
            return {
                "choices": [
                    {**choice, "feedback_unselected": choice["feedback"] if source.right else None}
                    for choice, source in zip(choices, written.choices, strict=True)
                ]
            }
        case QuestionType.TRUE_FALSE:
            feedback = {"feedback_true": rich_text.from_markdown(written.when_true), "feedback_false": rich_text.from_markdown(written.when_false)}
            return {"answer": written.answer, **feedback}
        case QuestionType.SHORT_TEXT:
            return {"ignore_accents": True, "answers": [_typed(answer) for answer in written.answers]}
        case QuestionType.NUMERIC:
            return {**_units(written), "answers": [_number(answer) for answer in written.answers]}
        case QuestionType.CALCULATED:
            answers = [
                {**_said(answer), "formula": answer.formula, "tolerance": {"kind": "relative", "fraction": answer.tolerance}}
                for answer in written.answers
            ]
            variables = [variable.model_dump() for variable in written.variables]
            return {**_units(written), "variables": variables, "answers": answers}
        case QuestionType.MATCHING:
            return _matching(ref, written)
        case QuestionType.ORDERING:
            items = [{"id": choice_id(f"{ref}/{item}"), "content": rich_text.from_markdown(item)} for item in written.items]
            return {"items": items, "credit": "run"}
        case QuestionType.CLOZE:
            return {"gaps": [_cloze_gap(ref, gap) for gap in written.gaps]}
        case QuestionType.DROPDOWN:
            return _dropdown(ref, written)
        case QuestionType.HOTSPOT:
            return {"image": written.picture and written.picture.model_dump(), "regions": [_region(ref, region) for region in written.regions]}
        case QuestionType.ESSAY:
            sample = rich_text.from_markdown(written.sample) if written.sample else None
            return {"words_min": written.words_min, "words_max": written.words_max, "sample": sample}
        case QuestionType.FILE_UPLOAD:
            return {"kinds": written.kinds}
        case QuestionType.DESCRIPTION:
            return {}


def choice_id(name: str) -> str:
    """An id that says nothing, and is the same each time the course is read, so that a plan of answers fits."""
    return base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).decode()[:12]


def _choices(ref: str, written: WrittenQuestion, weights: list[Decimal]) -> list[dict[str, Any]]:
    return [
        {
            "id": choice_id(f"{ref}/{number}"),
            "content": rich_text.from_markdown(choice.text),
            "weight": weight,
            "feedback": rich_text.from_markdown(choice.because),
        }
        for number, (choice, weight) in enumerate(zip(written.choices, weights, strict=True))
    ]


def _matching(ref: str, written: WrittenQuestion) -> dict[str, Any]:
    options = dict.fromkeys([*(pair.option for pair in written.pairs), *written.options])
    return {
        "prompts": [
            {
                "id": choice_id(f"{ref}/prompt/{pair.prompt}"),
                "content": rich_text.from_markdown(pair.prompt),
                "right": choice_id(f"{ref}/option/{pair.option}"),
                "feedback": rich_text.from_markdown(pair.because),
            }
            for pair in written.pairs
        ],
        "options": [{"id": choice_id(f"{ref}/option/{option}"), "content": rich_text.from_markdown(option)} for option in options],
    }


def _dropdown(ref: str, written: WrittenQuestion) -> dict[str, Any]:
    return {
        "choices": [{"id": choice_id(f"{ref}/{option}"), "text": option} for option in written.options],
        "gaps": [
            {
                "id": choice_id(f"{ref}/gap/{gap.name}"),
                "name": gap.name,
                "right": choice_id(f"{ref}/{gap.right}"),
                "feedback": rich_text.from_markdown(gap.because),
            }
            for gap in written.gaps
        ],
    }


def _cloze_gap(ref: str, gap: WrittenGap) -> dict[str, Any]:
    """A gap of a cloze: what its answers are says of which kind it is."""
    named = {"id": choice_id(f"{ref}/gap/{gap.name}"), "name": gap.name}
    if gap.choices:
        choices = [
            {
                "id": choice_id(f"{ref}/{gap.name}/{choice.text}"),
                "text": choice.text,
                "weight": Decimal(choice.right),
                "feedback": rich_text.from_markdown(choice.because),
            }
            for choice in gap.choices
        ]
        return {**named, "kind": "select", "choices": choices}
    if all(answer.value is not None for answer in gap.answers):
        return {**named, "kind": "number", "answers": [_number(answer) for answer in gap.answers], "width": 6}
    return {**named, "kind": "text", "answers": [_typed(answer) for answer in gap.answers]}


def _region(ref: str, region: WrittenRegion) -> dict[str, Any]:
    return {
        "id": choice_id(f"{ref}/{region.x}/{region.y}"),
        "shape": {"kind": "rectangle", **region.model_dump(include={"x", "y", "width", "height"})},
        "weight": Decimal(region.right),
        "feedback": rich_text.from_markdown(region.because),
    }


def _units(written: WrittenQuestion) -> dict[str, Any]:
    return {"unit": written.unit, "units": [unit.model_dump() for unit in written.units]}


def _number(answer: WrittenAnswer) -> dict[str, Any]:
    return {**_said(answer), "value": answer.value, "tolerance": {"kind": "absolute", "margin": answer.tolerance}}


def _typed(answer: WrittenAnswer) -> dict[str, Any]:
    return {**_said(answer), "text": answer.text, "match": answer.match}


def _said(answer: WrittenAnswer) -> dict[str, Any]:
    return {"weight": Decimal(0 if answer.wrong else 1), "feedback": rich_text.from_markdown(answer.because)}
