"""One item of QTI 2.1, 2.2 or 3.0 as one of our questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lxml import etree

from lms_app.domain.assessments.types.kind import RichText, new_choice_id
from lms_app.domain.content import rich_text
from lms_app.errors import Invalid
from lms_app.interchange.made_questions import Unfit, make_question, paragraph_block
from lms_app.interchange.neutral import Block, Question
from lms_app.interchange.olx_html import OlxHtml
from lms_app.interchange.qti_keys import best_score, digits, key_of, nearness, number_answers, part_of, region, text_answers
from lms_app.interchange.qti_scoring import Response, coordinates, declared_responses, score_item, template_of
from lms_app.interchange.qti_tree import html_of, number, words_in
from lms_app.words import QuestionType

MOST_PARTS = 200
_INTERACTION = "Interaction"
_FEEDBACK = ("feedbackInline", "feedbackBlock", "modalFeedback")
_NO_PART_OF_THE_TEXT = (*_FEEDBACK, "rubricBlock", "templateInline", "templateBlock", "stylesheet", "catalogInfo", "positionObjectStage")
_NAMES = {
    "drawingInteraction": "It asks for a drawing.",
    "graphicAssociateInteraction": "It asks for lines between places on a picture.",
    "graphicGapMatchInteraction": "It asks for labels to be put on a picture.",
    "graphicOrderInteraction": "It asks for an order of places on a picture.",
    "positionObjectInteraction": "It asks for things to be put on a picture.",
    "mediaInteraction": "It asks only that something is played.",
    "endAttemptInteraction": "It has a button that shows a hint or ends the attempt.",
    "hottextInteraction": "It asks for words to be marked in a text.",
    "customInteraction": "It needs a program of its own.",
    "portableCustomInteraction": "It needs a program of its own.",
}


@dataclass
class ReadItem:
    """What an item became: its type, the part of the body that the type needs, and the marks of gaps in its text."""

    type: QuestionType
    fields: dict[str, Any]
    gaps: dict[etree._Element, str] = field(default_factory=dict)


class ItemReader:
    """Reads the items of one file or package."""

    def __init__(self, html: OlxHtml, note: Callable[[str, str, str], None], picture_size: Callable[[str], tuple[int, int] | None]) -> None:
        """`note(kind, title, reason)` is told what an item that was taken lost; `picture_size` knows how large an asset is, where it can."""
        self._html = html
        self._note = note
        self._picture_size = picture_size

    def question(self, item: etree._Element, place: str, ref: str) -> Question:
        """The question. Raises Unfit, with a sentence, where Lyceum has no such question."""
        title = item.get("title") or ""
        self._place, self._title = place, title or ref
        body = item.find("itemBody")
        if body is None:
            raise Unfit("It has no text and asks nothing.")
        if item.get("adaptive") == "true":
            raise Unfit("It changes while it is answered.")
        if item.find("templateDeclaration") is not None or item.find("templateProcessing") is not None:
            raise Unfit("Its text or its key is drawn anew by a program of its own.")
        asked = [found for found in body.iter(etree.Element) if str(found.tag).endswith(_INTERACTION)]
        self._responses = declared_responses(item)
        self._item = item
        read = self._read(body, asked)
        stem = self._stem(body, asked, read)
        general, unsaid = self._general(item)
        question = make_question(
            read.type,
            gapped_stem(self._html, stem, place, self._title) if read.gaps else self._html.blocks(stem, place, self._title),
            {"feedback": general, **read.fields},
            ref=ref,
            title=title,
            points=self._points(read.type),
        )
        if unsaid:
            self._note("modalFeedback", self._title, "Feedback that depends on more than one choice was left out; the question was taken.")
        if read.gaps and self._compares_gaps():
            self._note("responseProcessing", self._title, "Rules that compare its gaps with one another were left out; the question was taken.")
        if body.find(".//rubricBlock") is not None:
            self._note("rubricBlock", self._title, "Its rubric was left out; the question was taken.")
        return question

    def _read(self, body: etree._Element, asked: list[etree._Element]) -> ReadItem:
        if len(asked) > MOST_PARTS or any(len(one) > MOST_PARTS for one in asked):
            raise Unfit(f"It has more than {MOST_PARTS} parts.")
        if not asked:
            return ReadItem(QuestionType.DESCRIPTION, {})
        kinds = dict.fromkeys(str(found.tag) for found in asked)
        for kind in kinds:
            if kind in _NAMES:
                raise Unfit(_NAMES[kind])
        if len(asked) == 1 and asked[0].tag == "textEntryInteraction" and _stands_alone(asked[0]):
            return self._entered(asked[0])
        if set(kinds) <= {"textEntryInteraction", "inlineChoiceInteraction"}:
            return self._gapped(asked)
        if len(asked) > 1:
            raise Unfit("It asks several things at once, which are several questions here.")
        one = asked[0]
        response = self._responses.get(one.get("responseIdentifier") or "")
        if response is None:
            raise Unfit("It does not declare its response.")
        match one.tag:
            case "choiceInteraction":
                return self._choices(one, response)
            case "extendedTextInteraction":
                lines = number(one.get("expectedLines"))
                return ReadItem(QuestionType.ESSAY, {"rows": int(min(max(lines, Decimal(2)), Decimal(60)))} if lines is not None else {})
            case "uploadInteraction":
                return ReadItem(QuestionType.FILE_UPLOAD, {})
            case "matchInteraction":
                return self._match(one, response)
            case "associateInteraction":
                return self._associate(one, response)
            case "orderInteraction":
                return self._order(one, response)
            case "gapMatchInteraction":
                return self._gap_match(one, response)
            case "sliderInteraction":
                return ReadItem(QuestionType.NUMERIC, {"answers": number_answers(response, self._margins(response))})
            case "hotspotInteraction":
                return self._hotspot(one, response)
            case "selectPointInteraction":
                return self._points_on(one, response)
        raise Unfit("Lyceum has no such kind of question.")

    def _choices(self, one: etree._Element, response: Response) -> ReadItem:
        elements = list(one.iter("simpleChoice"))
        names = [element.get("identifier") or "" for element in elements]
        is_single = response.cardinality == "single"
        weights = self._single_weights(response, names) if is_single else self._multiple_weights(response, names)
        said = self._choice_feedback(names)
        choices = []
        for element, name, weight in zip(elements, names, weights, strict=True):
            content = self._text(html_of(element, *_FEEDBACK))
            if content is None:
                raise Unfit("One of its choices is empty.")
            inline = [html_of(found) for found in element.iter(*_FEEDBACK)]
            choices.append(
                {"id": new_choice_id(), "content": content, "weight": weight, "feedback": self._text("".join([*inline, said.get(name, "")]))}
            )
        fields: dict[str, Any] = {"choices": choices, "shuffle": one.get("shuffle") == "true"}
        says_so = [rich_text.to_text(choice["content"]).strip().lower() for choice in choices] == ["true", "false"]
        if is_single and says_so and names == ["true", "false"] and {Decimal(weight) for weight in weights} == {Decimal(0), Decimal(1)}:
            said_back = {"feedback_true": choices[0]["feedback"], "feedback_false": choices[1]["feedback"]}
            return ReadItem(QuestionType.TRUE_FALSE, {"answer": Decimal(weights[0]) == 1, **said_back})
        if is_single:
            return ReadItem(QuestionType.SINGLE_CHOICE, fields)
        most = number(one.get("maxChoices")) or Decimal(0)
        if 1 <= most <= len(names):
            fields |= {"select": int(most), "select_rule": "at_most"}
        return ReadItem(QuestionType.MULTIPLE_CHOICE, fields)

    def _single_weights(self, response: Response, names: Sequence[str]) -> list[str]:
        """What each choice earns alone, by the item's own rules, as a part of what the best one earns."""
        scores = [self._score({response.id: [name]}) for name in names]
        best = max(scores, default=Decimal(0))
        if best <= 0:
            raise Unfit("It has no right answer.")
        return [part_of(score, best) for score in scores]

    def _multiple_weights(self, response: Response, names: Sequence[str]) -> list[str]:
        if self._is_mapped(response):
            values = [response.mapped(name) for name in names]
            whole = sum((value for value in values if value > 0), Decimal(0))
            if whole <= 0:
                raise Unfit("It has no right answer.")
            return [part_of(value, whole) for value in values]
        if not response.correct:
            raise Unfit("It has no right answer.")
        return ["1" if name in response.correct else "0" for name in names]

    def _is_mapped(self, response: Response) -> bool:
        """Whether the item adds up what single values earn."""
        template = template_of(self._item)
        processing = self._item.find("responseProcessing")
        if template:
            return template != "match_correct" and bool(response.mapping)
        if processing is None or len(processing) == 0:
            return bool(response.mapping)
        return any(found.get("identifier") == response.id for found in processing.iter("mapResponse"))

    def _choice_feedback(self, names: Sequence[str]) -> dict[str, str]:
        """What is said of a choice by feedback that bears its name."""
        return {name: html_of(found) for found in self._item.iterchildren("modalFeedback") if (name := found.get("identifier") or "") in names}

    def _match(self, one: etree._Element, response: Response) -> ReadItem:
        sets = [list(found.iterchildren("simpleAssociableChoice")) for found in one.iterchildren("simpleMatchSet")]
        if len(sets) != 2:
            raise Unfit("It has no two sets to match.")
        names = [[element.get("identifier") or "" for element in found] for found in sets]
        for prompts, options, turn in ((0, 1, 1), (1, 0, -1)):
            pairs = [tuple(value.split()[::turn]) for value in key_of(response)]
            right = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
            if len(right) == len(pairs) and set(right) == set(names[prompts]):
                return self._matching(sets[prompts], sets[options], right, one)
        raise Unfit("A part of it belongs to several others, or to none.")

    def _associate(self, one: etree._Element, response: Response) -> ReadItem:
        elements = {element.get("identifier") or "": element for element in one.iter("simpleAssociableChoice")}
        pairs = [value.split() for value in key_of(response)]
        used = [name for pair in pairs for name in pair]
        if any(len(pair) != 2 for pair in pairs) or len(set(used)) != len(used) or not set(used) <= set(elements):
            raise Unfit("A part of it belongs to several others.")
        prompts = [elements[pair[0]] for pair in pairs]
        options = [elements[pair[1]] for pair in pairs] + [element for name, element in elements.items() if name not in used]
        return self._matching(prompts, options, {pair[0]: pair[1] for pair in pairs}, one)

    def _matching(self, prompts: Sequence[etree._Element], options: Sequence[etree._Element], right: dict[str, str], one: etree._Element) -> ReadItem:
        ids = {element.get("identifier") or "": new_choice_id() for element in options}
        if not set(right.values()) <= set(ids):
            raise Unfit("Its key names a part that it does not have.")
        return ReadItem(
            QuestionType.MATCHING,
            {
                "prompts": [
                    {"id": new_choice_id(), "content": self._content(element), "right": ids[right[element.get("identifier") or ""]]}
                    for element in prompts
                ],
                "options": [{"id": ids[element.get("identifier") or ""], "content": self._content(element)} for element in options],
                "credit": "each" if self._pays_in_parts() else "all",
                "shuffle": one.get("shuffle") == "true",
            },
        )

    def _order(self, one: etree._Element, response: Response) -> ReadItem:
        elements = {element.get("identifier") or "": element for element in one.iter("simpleChoice")}
        if set(response.correct) != set(elements) or len(response.correct) != len(elements):
            raise Unfit("Its key does not order all of its parts.")
        return ReadItem(
            QuestionType.ORDERING,
            {"items": [{"id": new_choice_id(), "content": self._content(elements[name])} for name in response.correct], "credit": "exact"},
        )

    def _gap_match(self, one: etree._Element, response: Response) -> ReadItem:
        if one.find(".//gapImg") is not None:
            raise Unfit("It asks for pictures to be put into a text.")
        choices = {element.get("identifier") or "": (new_choice_id(), words_in(element)) for element in one.iter("gapText")}
        right: dict[str, str] = {}
        for value in key_of(response):
            choice, _, gap = value.partition(" ")
            if choice not in choices or right.setdefault(gap.strip(), choice) != choice:
                raise Unfit("One of its gaps has several right answers.")
        gaps, marks = [], {}
        for place, element in enumerate(one.iter("gap"), start=1):
            name = element.get("identifier") or ""
            if name not in right:
                raise Unfit("One of its gaps has no right answer.")
            marks[element] = str(place)
            gaps.append({"id": new_choice_id(), "name": str(place), "right": choices[right[name]][0]})
        listed = [{"id": identity, "text": text} for identity, text in choices.values()]
        return ReadItem(QuestionType.DROPDOWN, {"choices": listed, "gaps": gaps, "shuffle": one.get("shuffle") == "true"}, marks)

    def _entered(self, one: etree._Element) -> ReadItem:
        response = self._responses.get(one.get("responseIdentifier") or "")
        if response is None:
            raise Unfit("It does not declare its response.")
        if response.base_type in ("integer", "float"):
            return ReadItem(QuestionType.NUMERIC, {"answers": self._numbers(response)})
        return ReadItem(QuestionType.SHORT_TEXT, text_answers(response, self._is_mapped(response)))

    def _numbers(self, response: Response) -> list[dict[str, Any]]:
        """The numbers that rules of the item's own compare with, each with its margin; else those of the declaration."""
        found: list[tuple[Decimal, dict[str, Any]]] = []
        for rule in self._item.iterfind("responseProcessing/responseCondition/responseIf"):
            parts = list(rule)
            worth = [number(words_in(value)) for value in rule.iterfind("setOutcomeValue//baseValue")]
            near = nearness(parts[0], response.id) if parts else None
            if near is not None and worth and worth[0] is not None:
                found.append((worth[0], near))
        best = max((worth for worth, _ in found), default=Decimal(0))
        if best <= 0:
            return number_answers(response, self._margins(response))
        return [{**nearness, "weight": part_of(max(worth, Decimal(0)), best)} for worth, nearness in found]

    def _gapped(self, asked: list[etree._Element]) -> ReadItem:
        gaps: list[dict[str, Any]] = []
        marks: dict[etree._Element, str] = {}
        for place, one in enumerate(asked, start=1):
            response = self._responses.get(one.get("responseIdentifier") or "")
            if response is None:
                raise Unfit("It does not declare its response.")
            marks[one] = str(place)
            common = {"id": new_choice_id(), "name": str(place), "share": self._share(response)}
            if one.tag == "inlineChoiceInteraction":
                gaps.append({**common, **self._menu(one, response)})
            elif response.base_type in ("integer", "float"):
                gaps.append({**common, "kind": "number", "answers": self._numbers(response), **_width(one)})
            else:
                gaps.append({**common, "kind": "text", **text_answers(response, self._is_mapped(response)), **_width(one)})
        return ReadItem(QuestionType.CLOZE, {"gaps": gaps}, marks)

    def _menu(self, one: etree._Element, response: Response) -> dict[str, Any]:
        elements = list(one.iter("inlineChoice"))
        names = [element.get("identifier") or "" for element in elements]
        values = [response.mapped(name) if self._is_mapped(response) else Decimal(name in response.correct) for name in names]
        best = max(values, default=Decimal(0))
        if best <= 0:
            raise Unfit("It has no right answer.")
        choices = [
            {"id": new_choice_id(), "text": words_in(element)[:200], "weight": part_of(max(value, Decimal(0)), best)}
            for element, value in zip(elements, values, strict=True)
        ]
        return {"kind": "select", "choices": choices, "shuffle": one.get("shuffle") == "true"}

    def _share(self, response: Response) -> str:
        best = max(response.mapping.values(), default=Decimal(0)) if self._is_mapped(response) else self._rules_pay(response)
        return digits(min(best, Decimal(100)).quantize(Decimal("0.000001"))) if best > 0 else "1"

    def _rules_pay(self, response: Response) -> Decimal:
        """The most that rules of the item's own pay for a number, one where they do not say."""
        pays = [
            value
            for rule in self._item.iterfind("responseProcessing/responseCondition/responseIf")
            if len(rule) and nearness(rule[0], response.id) is not None
            for found in rule.iterfind("setOutcomeValue//baseValue")
            if (value := number(words_in(found))) is not None
        ]
        return max(pays, default=Decimal(1))

    def _margins(self, response: Response) -> dict[str, str]:
        """How near a number must come, by the first comparison that the rules make with it."""
        for rule in self._item.iterfind("responseProcessing//equal"):
            if not any(found.get("identifier") == response.id for found in rule.iter("variable", "correct")):
                continue
            margins = [found for part in (rule.get("tolerance") or "").split() if (found := number(part)) is not None]
            match rule.get("toleranceMode"):
                case "absolute" if margins:
                    return {"kind": "absolute", "margin": digits(max(margins))}
                case "relative" if margins:
                    return {"kind": "relative", "fraction": digits(max(margins) / 100)}
            return {"kind": "absolute", "margin": "0"}
        return {"kind": "absolute", "margin": "0"}

    def _hotspot(self, one: etree._Element, response: Response) -> ReadItem:
        elements = list(one.iter("hotspotChoice"))
        names = [element.get("identifier") or "" for element in elements]
        weigh = self._single_weights if response.cardinality == "single" else self._multiple_weights
        weights = weigh(response, names)
        regions = [
            {"id": new_choice_id(), "shape": region(element.get("shape") or "", coordinates(element.get("coords"))), "weight": weight}
            for element, weight in zip(elements, weights, strict=True)
        ]
        return self._picture(one, regions)

    def _points_on(self, one: etree._Element, response: Response) -> ReadItem:
        best = max((area.value for area in response.areas), default=Decimal(0))
        if best <= 0:
            raise Unfit("It has no right answer.")
        regions = [{"id": new_choice_id(), "shape": region(area.shape, area.coords), "weight": part_of(area.value, best)} for area in response.areas]
        return self._picture(one, regions)

    def _picture(self, one: etree._Element, regions: list[dict[str, Any]]) -> ReadItem:
        picture = one.find("object")
        picture = picture if picture is not None else one.find(".//img")
        address = (picture.get("data") or picture.get("src") or "") if picture is not None else ""
        name = self._html.file_name(address)
        if picture is None or not name:
            raise Unfit("Its picture did not come along.")
        size = [number(picture.get("width")), number(picture.get("height"))]
        if None in size:
            found = self._picture_size(name)
            if found is None:
                raise Unfit("It does not say how large its picture is.")
            size = [Decimal(found[0]), Decimal(found[1])]
        right = sum(Decimal(region["weight"]) > 0 for region in regions)
        most = int(number(one.get("maxChoices")) or right) or right
        image = {
            "file": name,
            "alt": (words_in(picture) or picture.get("alt") or self._title)[:2000],
            "width": int(size[0] or 0),
            "height": int(size[1] or 0),
        }
        return ReadItem(QuestionType.HOTSPOT, {"image": image, "regions": regions, "marks": min(max(most, 1), 20)})

    def _stem(self, body: etree._Element, asked: Sequence[etree._Element], read: ReadItem) -> str:
        for element, mark in read.gaps.items():
            _replace(element, f"[[{mark}]]")
        for one in asked:
            if one in read.gaps:
                continue
            prompt = one.find("prompt")
            kept = etree.Element("div")
            if prompt is not None:
                prompt.tag = "div"
                kept.append(prompt)
            if one.tag == "gapMatchInteraction":
                for child in list(one.iterchildren(etree.Element)):
                    if child.tag not in ("gapText", "gapImg", "object"):
                        kept.append(child)
            kept.tail = one.tail
            parent = one.getparent()
            if parent is not None:
                parent.replace(one, kept)
        return html_of(body, *_NO_PART_OF_THE_TEXT)

    def _general(self, item: etree._Element) -> tuple[RichText | None, bool]:
        """Feedback that everybody gets, since no rule ever hides it, and whether there is some that only some get and no choice has."""
        moved = {found.get("identifier") for found in item.iterfind("responseProcessing//setOutcomeValue")}
        said = list(item.iterchildren("modalFeedback"))
        shown = [found for found in said if found.get("showHide") == "hide" and found.get("outcomeIdentifier") not in moved]
        choices = {found.get("identifier") for found in item.iter("simpleChoice")}
        unsaid = [found for found in said if found not in shown and found.get("identifier") not in choices]
        return self._text("".join(html_of(_content_of(found)) for found in shown)), bool(unsaid)

    def _content(self, element: etree._Element) -> RichText:
        content = self._text(html_of(element, *_FEEDBACK))
        if content is None:
            raise Unfit("One of its parts is empty.")
        return content

    def _text(self, html: str) -> RichText | None:
        return self._html.text(html, self._place, self._title) if html.strip() else None

    def _points(self, type_: QuestionType) -> str:
        """What the item says that it is worth, else what its key earns by its own rules."""
        most = next((found for found in self._item.iterchildren("outcomeDeclaration") if found.get("identifier") == "MAXSCORE"), None)
        value = number(words_in(most)) if most is not None else None
        if not value and type_ not in (QuestionType.DESCRIPTION, QuestionType.ESSAY, QuestionType.FILE_UPLOAD):
            value = best_score(self._item, self._responses)
        return digits(value.quantize(Decimal("0.000001"))) if value is not None and 0 < value <= 10_000 else "1"

    def _pays_in_parts(self) -> bool:
        return any(self._is_mapped(response) for response in self._responses.values())

    def _compares_gaps(self) -> bool:
        """Whether the rules look at two responses at once, such as to want different words in them."""
        for rule in self._item.iterfind("responseProcessing//*"):
            named = {found.get("identifier") for found in rule.iterchildren("variable")} & set(self._responses)
            if rule.tag in ("match", "stringMatch", "equal", "substring") and len(named) > 1:
                return True
        return False

    def _score(self, given: dict[str, list[str]]) -> Decimal:
        try:
            return score_item(self._item, given)
        except Invalid as refusal:
            raise Unfit(refusal.sentence) from refusal


def _content_of(feedback: etree._Element) -> etree._Element:
    """QTI 3 has one more element around what is said."""
    inner = feedback.find("contentBody")
    return feedback if inner is None else inner


def gapped_stem(html: OlxHtml, stem: str, place: str, title: str) -> list[Block]:
    """The text around gaps as one block of rich text, where alone the marks of gaps are found."""
    content = html.text(stem, place, title)
    return [{**paragraph_block(""), "content": content}] if content else []


def _stands_alone(one: etree._Element) -> bool:
    """Whether a field has a line of its own after all that is asked."""
    line = one.getparent()
    return line is not None and line.tag in ("p", "div") and len(line) == 1 and not words_in(line) and line.getnext() is None


def _width(one: etree._Element) -> dict[str, int]:
    length = number(one.get("expectedLength"))
    return {"width": int(min(max(length, Decimal(2)), Decimal(60)))} if length is not None else {}


def _replace(element: etree._Element, text: str) -> None:
    """Puts words in the place of an element."""
    span = etree.Element("span")
    span.text, span.tail = text, element.tail
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, span)
