"""Several responses of one OLX problem that belong together, as one question: fields inside a text are its gaps, the same list under every label
makes pairs."""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from lms_app.domain.assessments.types.kind import RichText, new_choice_id
from lms_app.domain.content import rich_text
from lms_app.interchange.html_tree import inner_html
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.olx_answers import HINTS, Answers, Read, read_answers
from lms_app.interchange.olx_stems import gapped_html, opening_html, speaks
from lms_app.interchange.xml import words
from lms_app.words import QuestionType

Unit = tuple[etree._Element, etree._Element]
_IN_A_TEXT = ("p", "td", "th", "li", "span", "dd", "dt")
_FIT = {"optionresponse", "stringresponse", "numericalresponse"}
_GAP_KINDS = {QuestionType.SHORT_TEXT: "text", QuestionType.NUMERIC: "number", QuestionType.SINGLE_CHOICE: "select"}


def read_together(problem: etree._Element, units: Sequence[Unit], read: Read) -> tuple[Answers, str] | None:
    """The answers of a problem whose responses are one question, and its stem as HTML; None where each asks for itself."""
    if not units or any(str(response.tag) not in _FIT or response.find(".//solution") is not None for response, _ in units):
        return None
    try:
        if all(_stands_in_a_text(problem, unit) for _, unit in units) and (len(units) > 1 or _is_a_word(*units[0])):
            return _gaps(units, read), gapped_html(problem, [unit for _, unit in units])
        if len(units) > 1 and _is_a_row_of_lists(units) and (answers := _pairs(units, read)):
            return answers, opening_html(problem, [unit for _, unit in units])
    except Unfit:
        # By themselves some of them can be taken, and the others be reported.
        return None
    return None


def _stands_in_a_text(problem: etree._Element, unit: etree._Element) -> bool:
    inside = any(above is not problem and str(above.tag) in _IN_A_TEXT for above in unit.iterancestors())
    return inside and not speaks(unit)


def _is_a_word(response: etree._Element, unit: etree._Element) -> bool:
    """Whether a list to choose from is one of the words of a text."""
    around = next((above for above in unit.iterancestors() if str(above.tag) in _IN_A_TEXT), None)
    return response.tag == "optionresponse" and around is not None and words(around) != words(unit)


def _gaps(units: Sequence[Unit], read: Read) -> Answers:
    gaps = [_gap(str(number), read_answers(response, unit, read)) for number, (response, unit) in enumerate(units, start=1)]
    if any(gap["kind"] != "select" or any(choice["feedback"] for choice in gap["choices"]) for gap in gaps):
        return Answers(type=QuestionType.CLOZE, fields={"gaps": gaps})
    menus = [[choice["text"] for choice in gap["choices"]] for gap in gaps]
    shared = _choices(gaps[0]) if all(menu == menus[0] for menu in menus) else []
    lists = [{"id": new_choice_id(), "name": gap["name"], **_key(gap, shared)} for gap in gaps]
    return Answers(type=QuestionType.DROPDOWN, fields={"choices": shared, "gaps": lists, "shuffle": False})


def _gap(name: str, answers: Answers) -> dict[str, Any]:
    kept = {"id": new_choice_id(), "name": name, "kind": _GAP_KINDS[answers.type]}
    if answers.type != QuestionType.SINGLE_CHOICE:
        return kept | answers.fields
    choices = [{**choice, "text": _plain(choice["content"])} for choice in answers.fields["choices"]]
    return kept | {"choices": [{name: value for name, value in choice.items() if name != "content"} for choice in choices], "shuffle": False}


def _key(gap: dict[str, Any], shared: list[dict[str, str]]) -> dict[str, Any]:
    """What belongs into a gap of a drop-down: by the shared list, or by one of its own."""
    own = shared or _choices(gap)
    right = [kept["id"] for kept, choice in zip(own, gap["choices"], strict=True) if choice["weight"] == "1"]
    if len(right) != 1:
        raise Unfit("One of its lists has no right choice, or several.")
    return {"right": right[0], "choices": [] if shared else own}


def _choices(gap: dict[str, Any]) -> list[dict[str, str]]:
    return [{"id": choice["id"], "text": choice["text"]} for choice in gap["choices"]]


def _is_a_row_of_lists(units: Sequence[Unit]) -> bool:
    """Whether a problem is labels with a list under each, and nothing between them."""
    responses = [response for response, _ in units]
    if any(response is not unit or response.getparent() is not responses[0].getparent() for response, unit in units):
        return False
    beside = [child for child in responses[0].itersiblings(etree.Element) if child not in responses]
    if any(words(child) for child in beside if str(child.tag) not in ("solution", "demandhint")):
        return False
    return all(
        {str(child.tag) for child in response} == {"label", "optioninput"}
        and next(response.iter(*HINTS), None) is None
        and not (response.tail or "").strip()
        for response in responses
    )


def _pairs(units: Sequence[Unit], read: Read) -> Answers | None:
    lists = [read_answers(response, unit, read).fields["choices"] for response, unit in units]
    said = [[_plain(choice["content"]) for choice in choices] for choices in lists]
    if any(menu != said[0] for menu in said) or len(set(said[0])) != len(said[0]):
        return None
    options = [{"id": new_choice_id(), "content": choice["content"]} for choice in lists[0]]
    prompts: list[dict[str, Any]] = []
    for (response, _), choices in zip(units, lists, strict=True):
        label: RichText | None = read(inner_html(response.find("label")))  # pyright: ignore[reportArgumentType] - there is one, see above
        right = [option["id"] for option, choice in zip(options, choices, strict=True) if choice["weight"] == "1"]
        if label is None or len(right) != 1:
            return None
        prompts.append({"id": new_choice_id(), "content": label, "right": right[0]})
    return Answers(type=QuestionType.MATCHING, fields={"prompts": prompts, "options": options, "shuffle": False})


def _plain(text: RichText) -> str:
    return " ".join(rich_text.to_text(text).split())
