"""What a response to a QTI 1.2 item earns, by the item's own conditions.

Source: IMS QTI ASI 1.2, "Response processing". Two things are read as the files of the field mean them, not as the letter has it: a condition stops
the processing only where it says `continue="No"`, and several texts named for one field are alternatives.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from lxml import etree

from lms_app.interchange.qti_scoring import MOST_VALUES
from lms_app.interchange.qti_tree import children, number, words_in

RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")
_COMPARED = {"varlt": (-1,), "varlte": (-1, 0), "vargt": (1,), "vargte": (1, 0)}


def responses_of(item: etree._Element) -> list[etree._Element]:
    """The responses that an item asks for, in order."""
    return list(item.iter(*RESPONSES))


def conditions_of(item: etree._Element) -> list[etree._Element]:
    """The conditions of an item in order."""
    return [condition for processing in item.iter("resprocessing") for condition in processing.iter("respcondition")]


def earned_by(condition: etree._Element) -> Decimal:
    """What a condition gives, zero where it gives nothing."""
    values = [number(words_in(found)) or Decimal(0) for found in condition.iterchildren("setvar") if found.get("action", "Set") in ("Set", "Add")]
    return max(values, default=Decimal(0))


def score_old_item(item: etree._Element, given: Mapping[str, Sequence[str]]) -> Decimal:
    """The score that a response gets. `given` has the values for each response's ident; one that is absent is not answered."""
    values = {name: [str(value) for value in list(found)[:MOST_VALUES]] for name, found in given.items()}
    kinds = {found.get("ident") or "": found for found in responses_of(item)}
    name = _score_name(item)
    score, lowest = _declared(item, name)
    for condition in conditions_of(item):
        tests = [_all_hold(found, kinds, values) for found in condition.iterchildren("conditionvar")]
        if not tests or not all(tests):
            continue
        for change in condition.iterchildren("setvar"):
            if (change.get("varname") or "SCORE") == name:
                score = _changed(score, change)
        if (condition.get("continue") or "").lower() == "no":
            break
    return score if lowest is None else max(score, lowest)


def _score_name(item: etree._Element) -> str:
    names = [found.get("varname") or "SCORE" for condition in conditions_of(item) for found in condition.iterchildren("setvar")]
    return "SCORE" if "SCORE" in names or not names else names[0]


def _declared(item: etree._Element, name: str) -> tuple[Decimal, Decimal | None]:
    for found in item.iter("decvar"):
        if (found.get("varname") or "SCORE") == name:
            return number(found.get("defaultval")) or Decimal(0), number(found.get("minvalue"))
    return Decimal(0), None


def _changed(score: Decimal, change: etree._Element) -> Decimal:
    value = number(words_in(change)) or Decimal(0)
    match change.get("action", "Set"):
        case "Add":
            return score + value
        case "Subtract":
            return score - value
        case "Multiply":
            return score * value
        case "Divide":
            return score / value if value else score
    return value


def _all_hold(holder: etree._Element, kinds: Mapping[str, etree._Element], values: Mapping[str, list[str]]) -> bool:
    """Whether everything in a condition holds. Of several values for one single response one is enough; an ordered one takes them in turn."""
    equal: dict[str, list[etree._Element]] = {}
    for part in children(holder):
        if part.tag == "varequal":
            equal.setdefault(part.get("respident") or "", []).append(part)
        elif not _holds(part, kinds, values):
            return False
    for name, parts in equal.items():
        kind = kinds.get(name)
        cardinality = (kind.get("rcardinality") if kind is not None else "") or "Single"
        if cardinality == "Ordered" and len(parts) > 1:
            if values.get(name, []) != [words_in(part) for part in parts]:
                return False
        elif not (any if cardinality == "Single" else all)(_is_equal(part, kinds, values) for part in parts):
            return False
    return True


def _holds(part: etree._Element, kinds: Mapping[str, etree._Element], values: Mapping[str, list[str]]) -> bool:
    name = part.get("respident") or ""
    match str(part.tag):
        case "and":
            return all(_holds(inner, kinds, values) for inner in children(part))
        case "or":
            return any(_holds(inner, kinds, values) for inner in children(part))
        case "not":
            return not _all_hold(part, kinds, values)
        case "other":
            return True
        case "unanswered":
            return not values.get(name)
        case "varequal":
            return _is_equal(part, kinds, values)
        case "varsubset" | "varsubstring":
            return any(words_in(part).casefold() in value.casefold() for value in values.get(name, []))
        case tag if tag in _COMPARED:
            bound = number(words_in(part))
            found = [number(value) for value in values.get(name, [])]
            return bound is not None and any(value is not None and (value > bound) - (value < bound) in _COMPARED[tag] for value in found)
    return False


def _is_equal(part: etree._Element, kinds: Mapping[str, etree._Element], values: Mapping[str, list[str]]) -> bool:
    name, wanted = part.get("respident") or "", words_in(part)
    kind = kinds.get(name)
    for value in values.get(name, []):
        given = " ".join(value.split())
        if given == wanted:
            return True
        if kind is not None and kind.tag in ("response_str", "response_num"):
            if number(given) is not None and number(given) == number(wanted):
                return True
            if (part.get("case") or "").lower() != "yes" and given.casefold() == wanted.casefold():
                return True
    return False
