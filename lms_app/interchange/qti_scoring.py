"""What a response to a QTI 2 or 3 item earns, by the item's own rules: declarations and response processing, nothing else is run.

Sources: 1EdTech QTI 2.2 information model, sections "Response Processing" and "Expressions"; the standard templates `match_correct`, `map_response`
and `map_response_point` by name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import islice
from typing import Any

from lxml import etree

from lms_app.errors import Invalid
from lms_app.interchange.qti_tree import children, number, words_in

Value = list[Any] | None
"""The values of a container, or one value in a list; None is QTI's null."""

MOST_VALUES = 200
MOST_ENTRIES = 1_000
MOST_RULES = 5_000
_POINT = re.compile(r"\s*(-?\d{1,7}(?:\.\d{1,10})?)[\s,]+(-?\d{1,7}(?:\.\d{1,10})?)\s*")


class CannotScore(Invalid):
    """The item's rules use something that is not understood."""

    slug = "cannot-score"


@dataclass(frozen=True, kw_only=True)
class Area:
    """A shape on a picture and what a point in it earns. `shape` is QTI's word, `coords` its numbers."""

    shape: str
    coords: tuple[Decimal, ...]
    value: Decimal

    def holds(self, x: Decimal, y: Decimal) -> bool:
        """Whether a point lies in it, edges included."""
        match self.shape, self.coords:
            case "circle", (cx, cy, radius):
                return (x - cx) ** 2 + (y - cy) ** 2 <= radius**2
            case "rect", (left, top, right, bottom):
                return left <= x <= right and top <= y <= bottom
            case "ellipse", (cx, cy, h, v) if h and v:
                return ((x - cx) / h) ** 2 + ((y - cy) / v) ** 2 <= 1
            case "poly", coords:
                return _in_polygon(list(zip(coords[::2], coords[1::2], strict=False)), x, y)
            case "default", _:
                return True
        return False


@dataclass(frozen=True, kw_only=True)
class Response:
    """A response that an item declares, with its key and what single values earn."""

    id: str
    cardinality: str
    base_type: str
    correct: tuple[str, ...] = ()
    mapping: dict[str, Decimal] = field(default_factory=dict)
    any_case: frozenset[str] = frozenset()
    default: Decimal = Decimal(0)
    lowest: Decimal | None = None
    highest: Decimal | None = None
    areas: tuple[Area, ...] = ()

    def map(self, values: Sequence[str]) -> Decimal:
        """What these values earn by the mapping; the same value counts once."""
        total = sum((self.mapped(value) for value in dict.fromkeys(self.key_of(value) for value in values)), Decimal(0))
        return self._bounded(total)

    def mapped(self, value: str) -> Decimal:
        """What one value earns."""
        return self.mapping.get(self.key_of(value), self.default)

    def key_of(self, value: str) -> str:
        """The mapping's own way to write a value: of a pair either order, of a text any case where the author says so."""
        if value in self.mapping:
            return value
        same = self.same_as
        for key in self.mapping:
            if same(key, value) or (key in self.any_case and key.casefold() == value.casefold()):
                return key
        return value

    def same_as(self, one: str, other: str) -> bool:
        """Whether two values are the same one."""
        match self.base_type:
            case "pair":
                return sorted(one.split()) == sorted(other.split())
            case "integer" | "float":
                return number(one) is not None and number(one) == number(other)
            case "string":
                return one == other
            case _:
                return one.split() == other.split()

    def map_points(self, values: Sequence[str]) -> Decimal:
        """What these points earn: each area once."""
        waiting, total = list(self.areas), Decimal(0)
        for value in values:
            point = _POINT.fullmatch(value)
            hit = next((area for area in waiting if point and area.holds(Decimal(point[1]), Decimal(point[2]))), None)
            if hit:
                waiting.remove(hit)
            total += hit.value if hit else self.default
        return self._bounded(total)

    def matches(self, values: Sequence[str]) -> bool:
        """Whether these values are the key: in order where order counts."""
        return bool(self.correct) and _same(self, list(values), list(self.correct))

    def _bounded(self, total: Decimal) -> Decimal:
        total = total if self.lowest is None else max(total, self.lowest)
        return total if self.highest is None else min(total, self.highest)


def declared_responses(item: etree._Element) -> dict[str, Response]:
    """The responses that an item declares, by id."""
    return {found.id: found for found in map(_response, islice(item.iterchildren("responseDeclaration"), MOST_VALUES)) if found.id}


def template_of(item: etree._Element) -> str:
    """The standard template that scores the item, "" where it has rules of its own or none."""
    processing = item.find("responseProcessing")
    name = (processing.get("template") or "").rsplit("/", 1)[-1] if processing is not None else ""
    name = name.removesuffix(".xml")
    return name if name in ("match_correct", "map_response", "map_response_point") else ""


def score_item(item: etree._Element, given: Mapping[str, Sequence[str]]) -> Decimal:
    """The SCORE that a response gets. `given` has the values of each response declared; one that is absent is not answered.

    Raises CannotScore where the rules use what is not understood.
    """
    if item.find("templateProcessing") is not None:
        raise CannotScore("The item draws its key anew for each attempt, so there is nothing to score a response against.")
    responses = declared_responses(item)
    values = {name: [str(value) for value in list(given.get(name, ()))[:MOST_VALUES]] for name in responses}
    template = template_of(item)
    processing = item.find("responseProcessing")
    if template or processing is None or len(processing) == 0:
        return _by_template(template or _implied(responses), responses, values)
    if sum(1 for _ in processing.iter()) > MOST_RULES:
        raise CannotScore(f"The item has more than {MOST_RULES:,} rules.")
    return _Rules(item, responses, values).score(processing)


def _implied(responses: Mapping[str, Response]) -> str:
    """The template for an item without rules: what its declarations offer."""
    first = next(iter(responses.values()), None)
    return "map_response_point" if first and first.areas else "map_response" if first and first.mapping else "match_correct"


def _by_template(template: str, responses: Mapping[str, Response], values: Mapping[str, list[str]]) -> Decimal:
    response = responses.get("RESPONSE") or next(iter(responses.values()), None)
    if response is None:
        return Decimal(0)
    given = values[response.id]
    match template:
        case "map_response":
            return response.map(given) if given else Decimal(0)
        case "map_response_point":
            return response.map_points(given) if given else Decimal(0)
    return Decimal(response.matches(given))


def _response(element: etree._Element) -> Response:
    mapping = element.find("mapping")
    areas = element.find("areaMapping")
    key = element.find("correctResponse")
    holder = mapping if mapping is not None else areas
    entries = list(mapping.iterchildren("mapEntry"))[:MOST_ENTRIES] if mapping is not None else []
    return Response(
        id=element.get("identifier") or "",
        cardinality=element.get("cardinality") or "single",
        base_type=element.get("baseType") or "string",
        correct=tuple(words_in(value) for value in list(key.iterchildren("value"))[:MOST_VALUES]) if key is not None else (),
        mapping={entry.get("mapKey") or "": number(entry.get("mappedValue")) or Decimal(0) for entry in entries},
        any_case=frozenset(entry.get("mapKey") or "" for entry in entries if entry.get("caseSensitive") == "false"),
        default=(number(holder.get("defaultValue")) if holder is not None else None) or Decimal(0),
        lowest=number(holder.get("lowerBound")) if holder is not None else None,
        highest=number(holder.get("upperBound")) if holder is not None else None,
        areas=tuple(map(_area, list(areas.iterchildren("areaMapEntry"))[:MOST_VALUES])) if areas is not None else (),
    )


def _area(element: etree._Element) -> Area:
    return Area(
        shape=element.get("shape") or "",
        coords=coordinates(element.get("coords")),
        value=number(element.get("mappedValue")) or Decimal(0),
    )


def coordinates(text: str | None) -> tuple[Decimal, ...]:
    """The numbers of a shape."""
    return tuple(found for part in (text or "").split(",")[:200] if (found := number(part)) is not None)


def _in_polygon(corners: list[tuple[Decimal, Decimal]], x: Decimal, y: Decimal) -> bool:
    inside = False
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        if (ay > y) != (by > y) and x <= (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def _same(response: Response, one: list[Any], other: list[Any]) -> bool:
    if len(one) != len(other):
        return False
    if response.cardinality == "multiple":
        waiting = list(other)
        for value in one:
            found = next((at for at, wanted in enumerate(waiting) if response.same_as(str(value), str(wanted))), None)
            if found is None:
                return False
            del waiting[found]
        return True
    return all(response.same_as(str(value), str(wanted)) for value, wanted in zip(one, other, strict=True))


class _Rules:
    """One run of an item's own rules. Conditions and expressions cannot loop, so a run ends."""

    def __init__(self, item: etree._Element, responses: Mapping[str, Response], values: Mapping[str, list[str]]) -> None:
        self._responses = responses
        self._given = values
        self._outcomes: dict[str, Value] = {"SCORE": [Decimal(0)]}
        self._item = item
        for declaration in item.iterchildren("outcomeDeclaration"):
            default = declaration.find("defaultValue")
            is_number = declaration.get("baseType") in ("float", "integer")
            found = [words_in(value) for value in default.iterchildren("value")] if default is not None else []
            read: Value = [number(value) or Decimal(0) for value in found] if is_number else list(found)
            if not read and is_number and declaration.get("cardinality", "single") == "single":
                read = [Decimal(0)]
            self._outcomes[declaration.get("identifier") or ""] = read or None

    def score(self, processing: etree._Element) -> Decimal:
        self._run(list(children(processing)))
        score = self._outcomes.get("SCORE")
        return score[0] if score and isinstance(score[0], Decimal) else Decimal(0)

    def _run(self, rules: Sequence[etree._Element]) -> bool:
        """Runs rules in order; whether the item says to stop."""
        for rule in rules:
            match rule.tag:
                case "responseCondition":
                    if self._run(self._branch(rule)):
                        return True
                case "responseProcessingFragment":
                    if self._run(list(children(rule))):
                        return True
                case "exitResponse":
                    return True
                case _:
                    self._set(rule)
        return False

    def _branch(self, condition: etree._Element) -> list[etree._Element]:
        """The rules of the first branch whose condition holds."""
        for branch in children(condition):
            parts = list(children(branch))
            if branch.tag == "responseElse":
                return parts
            if parts and self._truth(parts[0]):
                return parts[1:]
        return []

    def _set(self, rule: etree._Element) -> None:
        name, parts = rule.get("identifier") or "", list(children(rule))
        match rule.tag:
            case "setOutcomeValue" if len(parts) == 1:
                self._outcomes[name] = self._value(parts[0])
            case "lookupOutcomeValue" if len(parts) == 1:
                self._outcomes[name] = self._looked_up(name, self._value(parts[0]))
            case _:
                raise CannotScore(f"The item is scored by {rule.tag}, which we do not understand.")

    def _looked_up(self, name: str, source: Value) -> Value:
        declaration = next((found for found in self._item.iterchildren("outcomeDeclaration") if found.get("identifier") == name), None)
        table = declaration.find("matchTable") if declaration is not None else None
        if table is None:
            raise CannotScore("The item is scored by a table that we do not understand.")
        entries = [entry for entry in table.iterchildren("matchTableEntry") if source and number(entry.get("sourceValue")) == source[0]]
        found = number(entries[0].get("targetValue") if entries else table.get("defaultValue"))
        return None if found is None else [found]

    def _truth(self, expression: etree._Element) -> bool:
        value = self._value(expression)
        return bool(value and value[0] is True)

    def _number(self, expression: etree._Element) -> Decimal | None:
        value = self._value(expression)
        if not value or isinstance(value[0], bool):
            return None
        return value[0] if isinstance(value[0], Decimal) else number(str(value[0]))

    def _value(self, expression: etree._Element) -> Value:
        parts, name = list(children(expression)), expression.get("identifier") or ""
        match expression.tag:
            case "variable":
                return self._variable(name)
            case "correct":
                return list(self._declared(name).correct) or None
            case "default":
                return None
            case "baseValue":
                text = words_in(expression)
                match expression.get("baseType"):
                    case "boolean":
                        return [text == "true"]
                    case "float" | "integer":
                        return [number(text) or Decimal(0)]
                return [text]
            case "null":
                return None
            case "mapResponse":
                given = self._given.get(name) or []
                return [self._declared(name).map(given) if given else Decimal(0)]
            case "mapResponsePoint":
                given = self._given.get(name) or []
                return [self._declared(name).map_points(given) if given else Decimal(0)]
            case "multiple" | "ordered":
                return [value for part in parts for value in self._value(part) or []] or None
            case "containerSize":
                return [Decimal(len(self._value(parts[0]) or []))] if parts else None
            case "index" if parts and (at := number(expression.get("n"))):
                values = self._value(parts[0]) or []
                return [values[int(at) - 1]] if 1 <= at <= len(values) else None
        return self._logic(str(expression.tag), expression, parts)

    def _variable(self, name: str) -> Value:
        if name in self._responses:
            return list(self._given.get(name) or []) or None
        if name in self._outcomes:
            return self._outcomes[name]
        raise CannotScore(f"The item is scored by {name[:60] or 'a variable'}, which we do not know.")

    def _declared(self, name: str) -> Response:
        if name not in self._responses:
            raise CannotScore(f"The item is scored by a response {name[:60]} that it does not declare.")
        return self._responses[name]

    def _logic(self, tag: str, expression: etree._Element, parts: list[etree._Element]) -> Value:
        match tag, len(parts):
            case "and", _:
                return [all(self._truth(part) for part in parts)]
            case "or", _:
                return [any(self._truth(part) for part in parts)]
            case "not", 1:
                return [not self._truth(parts[0])]
            case "isNull", 1:
                return [not self._value(parts[0])]
            case "match", 2:
                return [self._are_same(parts, self._value(parts[0]), self._value(parts[1]))]
            case "member", 2:
                one, many = self._value(parts[0]), self._value(parts[1]) or []
                return [bool(one) and any(self._are_same(parts, one, [value]) for value in many)]
            case "contains", 2:
                waiting = list(self._value(parts[0]) or [])
                wanted = self._value(parts[1]) or []
                return [bool(wanted) and all(any(self._are_same(parts, [value], [other]) for other in waiting) for value in wanted)]
            case "stringMatch", 2:
                return [self._is_text(expression, self._value(parts[0]), self._value(parts[1]))]
            case "substring", 2:
                one, other = self._value(parts[0]), self._value(parts[1])
                fold = str.casefold if expression.get("caseSensitive") == "false" else str
                return [bool(one and other) and fold(str(one[0])) in fold(str(other[0]))] if one and other else [False]
        return self._arithmetic(tag, expression, parts)

    def _arithmetic(self, tag: str, expression: etree._Element, parts: list[etree._Element]) -> Value:
        if tag == "sum":
            total = [self._number(part) for part in parts]
            return [sum((value for value in total if value is not None), Decimal(0))]
        numbers = [self._number(part) for part in parts]
        if tag in ("min", "max") and numbers and None not in numbers:
            return [(min if tag == "min" else max)(value for value in numbers if value is not None)]
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            if tag in ("subtract", "product", "divide", "equal", "gt", "gte", "lt", "lte"):
                return [False] if tag in ("equal", "gt", "gte", "lt", "lte") else None
            raise CannotScore(f"The item is scored by {tag[:60]}, which we do not understand.")
        one, other = numbers[0], numbers[1]
        try:
            match tag:
                case "subtract":
                    return [one - other]
                case "product":
                    return [one * other]
                case "divide":
                    return [one / other]
                case "equal":
                    return [_is_near(expression, one, other)]
                case "gt" | "gte" | "lt" | "lte":
                    return [{"gt": one > other, "gte": one >= other, "lt": one < other, "lte": one <= other}[tag]]
        except (InvalidOperation, DivisionByZero):
            return None
        raise CannotScore(f"The item is scored by {tag[:60]}, which we do not understand.")

    def _are_same(self, parts: list[etree._Element], one: Value, other: Value) -> bool:
        if not one or not other:
            return False
        declared = [self._responses[name] for part in parts if (name := part.get("identifier") or "") in self._responses]
        if declared:
            return _same(declared[0], one, other)
        return one == other or [str(value) for value in one] == [str(value) for value in other]

    def _is_text(self, expression: etree._Element, one: Value, other: Value) -> bool:
        if not one or not other:
            return False
        fold = str.casefold if expression.get("caseSensitive") == "false" else str
        given, wanted = fold(str(one[0])), fold(str(other[0]))
        return wanted in given if expression.get("substring") == "true" else given == wanted


def _is_near(expression: etree._Element, one: Decimal, other: Decimal) -> bool:
    margins = [number(part) or Decimal(0) for part in (expression.get("tolerance") or "0").split()[:2]]
    below, above = margins[0], margins[-1]
    match expression.get("toleranceMode") or "exact":
        case "absolute":
            return one - below <= other <= one + above
        case "relative":
            low, high = sorted((one * (1 - below / 100), one * (1 + above / 100)))
            return low <= other <= high
    return one == other
