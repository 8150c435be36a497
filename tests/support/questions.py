"""Bodies of questions and responses to them: as written by hand, and as Hypothesis draws them."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from lms_app.domain.content.rich_text import from_text
from lms_app.words import QuestionType

SECRET = "zq-secret-"
"""Stands in whatever a student must not see before an answer is graded."""


def rich(text: str) -> dict[str, Any]:
    """Rich text of one paragraph."""
    return from_text(text)


def stem(text: str) -> dict[str, Any]:
    """A stem of one rich text block."""
    return {"schema_version": 1, "blocks": [{"id": "stemstemstem", "type": "rich_text", "content": rich(text)}]}


def choice(number: int, weight: str, **more: Any) -> dict[str, Any]:
    """A choice whose id says nothing about it but in tests."""
    return {"id": choice_id(number), "content": rich(f"Choice {number}"), "weight": weight, **more}


def choice_id(number: int) -> str:
    """The id of `choice(number, …)`."""
    return f"choice-{number:05}"


def choice_body(*weights: str, **more: Any) -> dict[str, Any]:
    """A question with choices of these weights."""
    return {"stem": stem("Which?"), "choices": [choice(number, weight) for number, weight in enumerate(weights)], **more}


def text_body(*answers: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    """A short text question; a plain string earns everything."""
    return {
        "stem": stem("Who?"),
        "answers": [{"weight": "1", **({"text": answer} if isinstance(answer, str) else answer)} for answer in answers],
        **more,
    }


def numeric_body(*answers: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    """A numeric question; a plain string is the value and earns everything."""
    return {
        "stem": stem("How many?"),
        "answers": [{"weight": "1", **({"value": answer} if isinstance(answer, str) else answer)} for answer in answers],
        **more,
    }


def true_false_body(answer: bool, **more: Any) -> dict[str, Any]:
    """A statement."""
    return {"stem": stem("So?"), "answer": answer, **more}


_words = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co")), min_size=1, max_size=30).filter(str.strip)
_secrets = st.none() | _words.map(lambda word: rich(SECRET + word))
_credits = st.decimals(min_value=0, max_value=1, places=3).map(str)
_weights = st.decimals(min_value=-1, max_value=1, places=3).map(str)
_pixels = st.integers(1, 200).map(str)
_numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False, allow_infinity=False)
_common: dict[str, st.SearchStrategy[Any]] = {
    "stem": _words.map(stem),
    "feedback": _secrets,
    "hints": st.lists(_words.map(rich), max_size=2),
    "penalty": st.sampled_from(["0.333333333333", "0", "0.1", "1"]),
    "deduction": st.sampled_from(["0", "0", "0.25", "1"]),
}


def _choices(weights: st.SearchStrategy[list[str]], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    @st.composite
    def draw(draw: st.DrawFn) -> dict[str, Any]:
        drawn = draw(weights)
        numbers = draw(st.permutations(range(len(drawn))))
        return {
            **draw(st.fixed_dictionaries(_common)),
            **draw(st.fixed_dictionaries({"shuffle": st.booleans(), **more})),
            "choices": [
                {"id": choice_id(number), "content": rich(draw(_words)), "weight": weight, "feedback": draw(_secrets)}
                for number, weight in zip(numbers, drawn, strict=True)
            ],
        }

    return draw()


_single = st.lists(_weights, min_size=1, max_size=7).flatmap(lambda rest: st.permutations(["1", *rest]))
_all_or_nothing = st.lists(st.sampled_from(["0", "1"]), max_size=7).flatmap(lambda rest: st.permutations(["1", *rest]))
_partial = st.lists(_weights, max_size=7).flatmap(lambda rest: st.permutations(["0.5", *rest]))


def _tolerance(value: Decimal) -> st.SearchStrategy[dict[str, Any]]:
    margins = st.decimals(min_value=0, max_value=1000, places=4)
    return st.one_of(
        margins.map(lambda margin: {"kind": "absolute", "margin": str(margin)}),
        margins.map(lambda part: {"kind": "relative", "fraction": str(part / 1000)}),
        st.tuples(margins, margins).map(lambda sides: {"kind": "range", "low": str(value - sides[0]), "high": str(value + sides[1])}),
    )


@st.composite
def _numeric(draw: st.DrawFn) -> dict[str, Any]:
    credits = draw(st.permutations(["1", *draw(st.lists(_credits, max_size=4))]))
    values = [draw(_numbers) for _ in credits]
    return {
        **draw(st.fixed_dictionaries(_common)),
        "unit": draw(st.sampled_from([None, "", "m/s", "%", "kg"])),
        "answers": [
            {"value": str(value), "tolerance": draw(_tolerance(value)), "weight": weight, "feedback": draw(_secrets)}
            for value, weight in zip(values, credits, strict=True)
        ],
    }


@st.composite
def _short_text(draw: st.DrawFn) -> dict[str, Any]:
    credits = draw(st.permutations(["1", *draw(st.lists(_credits, max_size=4))]))
    return {
        **draw(st.fixed_dictionaries(_common)),
        "case_sensitive": draw(st.booleans()),
        "ignore_accents": draw(st.booleans()),
        "answers": [
            {"text": SECRET + draw(_words), "weight": weight, "match": draw(st.sampled_from(["exact", "wildcard"])), "feedback": draw(_secrets)}
            for weight in credits
        ],
    }


@st.composite
def _calculated(draw: st.DrawFn) -> dict[str, Any]:
    word = draw(_words).replace("{", "").replace("}", "")
    formulas = draw(st.lists(st.sampled_from(["a + b", "a*b", "a / b", "sqrt(a^2 + b^2)", "2^b", "sin(a)"]), min_size=1, max_size=3))
    return {
        **draw(st.fixed_dictionaries(_common)),
        "stem": stem(f"{word} {{a}} and {{b}}"),
        "variables": [
            {"name": "a", "low": draw(_numbers.map(str)), "high": "1000000000", "step": "10000.5"},
            {"name": "b", "low": "1", "high": "9", "step": draw(st.sampled_from(["1", "0.25"]))},
        ],
        "answers": [
            {"formula": formula, "tolerance": {"kind": "relative", "fraction": "0.01"}, "weight": "1", "feedback": draw(_secrets)}
            for formula in formulas
        ],
        "unit": draw(st.sampled_from([None, "m/s"])),
        "rounding": "figures",
        "places": draw(st.integers(3, 9)),
    }


@st.composite
def _matching(draw: st.DrawFn) -> dict[str, Any]:
    prompts, extra = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    return {
        **draw(st.fixed_dictionaries(_common)),
        "prompts": [
            {"id": choice_id(number), "content": rich(draw(_words)), "right": choice_id(number), "feedback": draw(_secrets)}
            for number in range(prompts)
        ],
        "options": [{"id": choice_id(number), "content": rich(f"Option {number}")} for number in range(prompts + extra)],
        "credit": draw(st.sampled_from(["each", "all"])),
        "shuffle": draw(st.booleans()),
    }


@st.composite
def _ordering(draw: st.DrawFn) -> dict[str, Any]:
    numbers = draw(st.permutations(range(draw(st.integers(2, 8)))))
    return {
        **draw(st.fixed_dictionaries(_common)),
        "items": [{"id": choice_id(number), "content": rich(f"Item {number}")} for number in numbers],
        "credit": draw(st.sampled_from(["exact", "position", "pairs", "run"])),
    }


@st.composite
def _gapped(draw: st.DrawFn, gap: Any) -> dict[str, Any]:
    word = draw(_words).replace("[", "").replace("]", "")
    count = draw(st.integers(1, 4))
    return {
        **draw(st.fixed_dictionaries(_common)),
        "stem": stem(word + "".join(f" x [[{number + 1}]]" for number in range(count))),
        "gaps": [{"id": choice_id(number), "name": str(number + 1), **gap(draw)} for number in range(count)],
    }


def _cloze() -> st.SearchStrategy[dict[str, Any]]:
    def gap(draw: st.DrawFn) -> dict[str, Any]:
        share = {"share": draw(st.sampled_from(["1", "2", "0.5"]))}
        match draw(st.sampled_from(["text", "number", "select"])):
            case "text":
                return {**share, "kind": "text", "answers": draw(_short_text())["answers"], "case_sensitive": draw(st.booleans())}
            case "number":
                drawn = draw(_numeric())
                return {**share, "kind": "number", "answers": drawn["answers"], "unit": drawn["unit"]}
            case _:
                weights = draw(st.permutations(["1", *draw(st.lists(_credits, min_size=1, max_size=4))]))
                return {
                    **share,
                    "kind": "select",
                    "choices": [
                        {"id": choice_id(10 + number), "text": f"Choice {number}", "weight": weight, "feedback": draw(_secrets)}
                        for number, weight in enumerate(weights)
                    ],
                }

    return _gapped(gap)


def _dropdown() -> st.SearchStrategy[dict[str, Any]]:
    shared = [{"id": choice_id(number), "text": f"Choice {number}"} for number in range(4)]

    def gap(draw: st.DrawFn) -> dict[str, Any]:
        own = draw(st.booleans())
        listed = [{"id": choice_id(10 + number), "text": f"Own {number}"} for number in range(3)] if own else shared
        return {"right": draw(st.sampled_from(listed))["id"], "choices": listed if own else [], "feedback": draw(_secrets)}

    return _gapped(gap).map(lambda body: {**body, "choices": shared})


_shapes = st.one_of(
    st.fixed_dictionaries({"kind": st.just("circle"), "x": _pixels, "y": _pixels, "radius": _pixels}),
    st.fixed_dictionaries({"kind": st.just("rectangle"), "x": _pixels, "y": _pixels, "width": _pixels, "height": _pixels}),
    st.tuples(_pixels, _pixels).map(lambda at: {"kind": "polygon", "points": [["0", "0"], [at[0], "0"], ["0", at[1]]]}),
)


@st.composite
def _hotspot(draw: st.DrawFn) -> dict[str, Any]:
    weights = draw(st.permutations(["1", *draw(st.lists(_weights, max_size=4))]))
    return {
        **draw(st.fixed_dictionaries(_common)),
        "image": {"file": "01890a5d-ac96-774b-bcce-b302099a8057", "alt": "A map", "width": 400, "height": 300},
        "regions": [
            {"id": choice_id(number), "shape": draw(_shapes), "weight": weight, "feedback": draw(_secrets)} for number, weight in enumerate(weights)
        ],
        "marks": draw(st.integers(1, 3)),
    }


bodies: dict[QuestionType, st.SearchStrategy[dict[str, Any]]] = {
    QuestionType.SINGLE_CHOICE: _choices(_single),
    QuestionType.MULTIPLE_CHOICE: _choices(_all_or_nothing | _partial, tell_count=st.booleans()),
    QuestionType.TRUE_FALSE: st.fixed_dictionaries({**_common, "answer": st.booleans(), "feedback_true": _secrets, "feedback_false": _secrets}),
    QuestionType.SHORT_TEXT: _short_text(),
    QuestionType.NUMERIC: _numeric(),
    QuestionType.CALCULATED: _calculated(),
    QuestionType.MATCHING: _matching(),
    QuestionType.ORDERING: _ordering(),
    QuestionType.CLOZE: _cloze(),
    QuestionType.DROPDOWN: _dropdown(),
    QuestionType.HOTSPOT: _hotspot(),
    QuestionType.ESSAY: st.fixed_dictionaries(
        {**_common, "rows": st.integers(2, 60), "words_max": st.none() | st.integers(1, 500), "sample": _secrets}
    ),
    QuestionType.FILE_UPLOAD: st.fixed_dictionaries(
        {**_common, "files_max": st.integers(1, 20), "kinds": st.lists(st.sampled_from([".pdf", ".odt", ".png"]), max_size=3)}
    ),
    QuestionType.DESCRIPTION: st.fixed_dictionaries(_common),
}
"""Valid bodies of each type, as JSON values."""

_halves = st.integers(0, 20).map(lambda number: number / 20)
_ids = st.integers(0, 8).map(choice_id)
_typed = st.one_of(_numbers.map(str), _words, st.sampled_from(["", " ", "1/3", "2e3", "1,5", "*"]))

responses: dict[QuestionType, st.SearchStrategy[dict[str, Any]]] = {
    QuestionType.SINGLE_CHOICE: st.fixed_dictionaries({"choice": _ids}),
    QuestionType.MULTIPLE_CHOICE: st.fixed_dictionaries({"choices": st.lists(_ids, max_size=10)}),
    QuestionType.TRUE_FALSE: st.fixed_dictionaries({"value": st.booleans()}),
    QuestionType.SHORT_TEXT: st.fixed_dictionaries({"text": _typed}),
    QuestionType.NUMERIC: st.fixed_dictionaries({"text": _typed}),
    QuestionType.CALCULATED: st.fixed_dictionaries({"text": _typed}),
    QuestionType.MATCHING: st.fixed_dictionaries({"pairs": st.dictionaries(_ids, _ids, max_size=6)}),
    QuestionType.ORDERING: st.fixed_dictionaries({"order": st.lists(_ids, max_size=10)}),
    QuestionType.CLOZE: st.fixed_dictionaries({"gaps": st.dictionaries(_ids, _typed | _ids, max_size=4)}),
    QuestionType.DROPDOWN: st.fixed_dictionaries({"gaps": st.dictionaries(_ids, _ids, max_size=4)}),
    QuestionType.HOTSPOT: st.fixed_dictionaries({"points": st.lists(st.fixed_dictionaries({"x": _halves, "y": _halves}), max_size=4)}),
    QuestionType.ESSAY: st.fixed_dictionaries({"text": st.text(max_size=200)}),
    QuestionType.FILE_UPLOAD: st.fixed_dictionaries({"files": st.lists(st.uuids().map(str), max_size=4)}),
    QuestionType.DESCRIPTION: st.just({}),
}
"""Responses of each type, right, wrong and blank."""

questions = st.sampled_from(list(bodies)).flatmap(lambda type_: st.tuples(st.just(type_), bodies[type_], responses[type_]))
"""A type, a body and a response to it."""
