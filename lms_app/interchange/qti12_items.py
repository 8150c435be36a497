"""One item of QTI 1.2, as Common Cartridge and the exports of many systems have it, as one of our questions."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from lxml import etree

from lms_app.domain.assessments.types.kind import RichText, new_choice_id
from lms_app.interchange.made_questions import Unfit, make_question
from lms_app.interchange.neutral import Question
from lms_app.interchange.olx_html import OlxHtml
from lms_app.interchange.qti12_material import kind_of, mark_of, material_html, metadata_of, texts_of
from lms_app.interchange.qti12_scoring import conditions_of, earned_by, responses_of, score_old_item
from lms_app.interchange.qti_items import MOST_PARTS, gapped_stem
from lms_app.interchange.qti_keys import digits, part_of
from lms_app.interchange.qti_tree import number, words_in
from lms_app.words import QuestionType

MOST_CONDITIONS = 2_000
_CALCULATED_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}")


class OldItemReader:
    """Reads the QTI 1.2 items of one file or package."""

    def __init__(self, html: OlxHtml, note: Callable[[str, str, str], None], picture_size: Callable[[str], tuple[int, int] | None]) -> None:
        """As `qti_items.ItemReader`."""
        self._html = html
        self._note = note
        self._picture_size = picture_size

    def question(self, item: etree._Element, place: str, ref: str) -> Question:
        """The question. Raises Unfit, with a sentence, where Lyceum has no such question."""
        self._item, self._place = item, place
        self._title = item.get("title") or ref
        if item.tag == "bankentry_item":
            raise Unfit("It stands for an item of a bank elsewhere.")
        labels = sum(1 for _ in item.iter("response_label"))
        if len(conditions_of(item)) > MOST_CONDITIONS or len(responses_of(item)) > MOST_PARTS or labels > MOST_CONDITIONS:
            raise Unfit("It has more parts or conditions than a question can have.")
        kind = kind_of(item)
        presentation = item.find(".//presentation")
        asked = responses_of(item)
        if presentation is None:
            raise Unfit("It has no text and asks nothing.")
        type_, fields, gaps = self._read(kind, presentation, asked)
        general = self._feedback()
        stem = self._stem(presentation, asked, gaps)
        question = make_question(
            type_,
            gapped_stem(self._html, stem, place, self._title) if gaps else self._html.blocks(stem, place, self._title),
            {"feedback": general, **fields},
            ref=ref,
            title=item.get("title") or "",
            points=self._points(type_),
        )
        if self._unsaid:
            self._note("itemfeedback", self._title, "Feedback for right or wrong answers as a whole was left out; the question was taken.")
        return question

    def _read(self, kind: str, presentation: etree._Element, asked: list[etree._Element]) -> tuple[QuestionType, dict[str, Any], dict[str, str]]:
        match kind:
            case "file_upload":
                return QuestionType.FILE_UPLOAD, {}, {}
            case "calculated":
                return QuestionType.CALCULATED, self._calculated(), {}
            case "essay":
                return QuestionType.ESSAY, {}, {}
        kinds = {str(found.tag) for found in asked}
        if not asked:
            return QuestionType.DESCRIPTION, {}, {}
        if kinds == {"response_xy"} and len(asked) == 1:
            return QuestionType.HOTSPOT, self._hotspot(asked[0]), {}
        if kinds == {"response_lid"}:
            return self._chosen(kind, presentation, asked)
        if kinds <= {"response_str", "response_num"}:
            return self._written(kind, asked)
        if kinds == {"response_grp"} or "response_xy" in kinds:
            raise Unfit("Lyceum has no such kind of question.")
        raise Unfit("It asks several things at once, which are several questions here.")

    def _chosen(self, kind: str, presentation: etree._Element, asked: list[etree._Element]) -> tuple[QuestionType, dict[str, Any], dict[str, str]]:
        text = words_in(presentation)
        marks = {name: mark for found in asked if (mark := mark_of(found, text)) and (name := found.get("ident") or "")}
        if kind in ("fill_in_multiple_blanks", "multiple_dropdowns") or (marks and len(marks) == len(asked)):
            if len(marks) != len(asked):
                raise Unfit("Its text does not say where its gaps are.")
            return self._blanks(kind, asked, marks)
        if len(asked) > 1 or kind == "matching":
            return (QuestionType.MATCHING, self._categories(asked) if kind == "categorization" else self._pairs(asked), {})
        one = asked[0]
        match (one.get("rcardinality") or "Single").lower():
            case _ if len(list(one.iter("response_label"))) > MOST_PARTS:
                raise Unfit(f"It has more than {MOST_PARTS} parts.")
            case "ordered":
                return QuestionType.ORDERING, self._ordered(one), {}
            case "multiple":
                return QuestionType.MULTIPLE_CHOICE, {"choices": self._choices(one, several=True), "shuffle": _is_shuffled(one)}, {}
        return QuestionType.SINGLE_CHOICE, {"choices": self._choices(one, several=False), "shuffle": _is_shuffled(one)}, {}

    def _choices(self, one: etree._Element, *, several: bool) -> list[dict[str, Any]]:
        labels = list(one.iter("response_label"))
        names = [label.get("ident") or "" for label in labels]
        ident = one.get("ident") or ""
        weights = self._several_weights(ident, names) if several else self._single_weights(ident, names)
        said = self._said(ident)
        choices = []
        for label, name, weight in zip(labels, names, weights, strict=True):
            content = self._text(material_html(label))
            if content is None and Decimal(weight) > 0:
                raise Unfit("One of its right choices is empty.")
            if content is None:
                self._note("response_label", self._title, "A wrong choice without content was left out; the question was taken.")
                continue
            choices.append({"id": new_choice_id(), "content": content, "weight": weight, "feedback": self._text(said.get(name, ""))})
        return choices

    def _single_weights(self, ident: str, names: Sequence[str]) -> list[str]:
        scores = [score_old_item(self._item, {ident: [name]}) for name in names]
        best = max(scores, default=Decimal(0))
        if best <= 0:
            raise Unfit("It has no right answer.")
        return [part_of(score, best) for score in scores]

    def _several_weights(self, ident: str, names: Sequence[str]) -> list[str]:
        """Shares where single choices earn something on their own, else all or nothing."""
        nothing = score_old_item(self._item, {ident: []})
        alone = [score_old_item(self._item, {ident: [name]}) - nothing for name in names]
        key = old_key(self._item).get(ident, [])
        if sum(value > 0 for value in alone) > 1 or (len(key) == 1 and any(value > 0 for value in alone)):
            whole = sum((value for value in alone if value > 0), Decimal(0))
            costs = [self._cost(ident, name, key) if value <= 0 else value for name, value in zip(names, alone, strict=True)]
            return [part_of(value, whole) for value in costs]
        right = [name for name in names if name in key]
        if not right:
            raise Unfit("It has no right answer.")
        return ["1" if name in right else "0" for name in names]

    def _cost(self, ident: str, name: str, key: Sequence[str]) -> Decimal:
        """What a wrong choice takes from the key, which a least score of zero would hide."""
        whole = score_old_item(self._item, {ident: list(key)})
        return min(score_old_item(self._item, {ident: [*key, name]}) - whole, Decimal(0))

    def _ordered(self, one: etree._Element) -> dict[str, Any]:
        labels = {label.get("ident") or "": label for label in one.iter("response_label")}
        key = old_key(self._item).get(one.get("ident") or "", [])
        if len(key) != len(labels) or set(key) != set(labels):
            raise Unfit("Its key does not order all of its parts.")
        return {"items": [{"id": new_choice_id(), "content": self._content(material_html(labels[name]))} for name in key], "credit": "exact"}

    def _pairs(self, asked: list[etree._Element]) -> dict[str, Any]:
        key = old_key(self._item)
        options: dict[str, dict[str, Any]] = {}
        ids: dict[str, str] = {}
        prompts = []
        for one in asked:
            if self._text(material_html(one)) is None:
                self._note("response_lid", self._title, "A part without content was left out; the question was taken.")
                continue
            for label in one.iter("response_label"):
                html = material_html(label)
                if self._text(html) is None:
                    continue
                option = options.setdefault(html, {"id": new_choice_id(), "content": self._content(html)})
                ids[label.get("ident") or ""] = option["id"]
            right = [name for name in key.get(one.get("ident") or "", []) if name in ids]
            if not right:
                raise Unfit("One of its parts has no right answer.")
            feedback = self._text(self._said(one.get("ident") or "", but=right[0]).get("", ""))
            prompts.append({"id": new_choice_id(), "content": self._content(material_html(one)), "right": ids[right[0]], "feedback": feedback})
        return {"prompts": prompts, "options": list(options.values()), "shuffle": False}

    def _categories(self, asked: list[etree._Element]) -> dict[str, Any]:
        """What belongs into each category, as something to match with its category."""
        key = old_key(self._item)
        options, prompts = [], []
        seen: set[str] = set()
        for one in asked:
            option = {"id": new_choice_id(), "content": self._content(material_html(one))}
            options.append(option)
            for label in one.iter("response_label"):
                name = label.get("ident") or ""
                if name in key.get(one.get("ident") or "", []):
                    if name in seen:
                        raise Unfit("A part of it belongs to several others.")
                    seen.add(name)
                    prompts.append({"id": new_choice_id(), "content": self._content(material_html(label)), "right": option["id"]})
        everything = {label.get("ident") for one in asked for label in one.iter("response_label")}
        if everything - seen:
            raise Unfit("A part of it belongs into no category.")
        return {"prompts": prompts, "options": options, "credit": "all" if self._is_whole() else "each", "shuffle": _is_shuffled(asked[0])}

    def _is_whole(self) -> bool:
        return sum(earned_by(condition) > 0 for condition in conditions_of(self._item)) == 1

    def _blanks(self, kind: str, asked: list[etree._Element], marks: dict[str, str]) -> tuple[QuestionType, dict[str, Any], dict[str, str]]:
        key = old_key(self._item)
        gaps, names = [], {}
        for place, one in enumerate(asked, start=1):
            ident = one.get("ident") or ""
            names[marks[ident]] = str(place)
            labels = list(one.iter("response_label"))
            right = key.get(ident, [])
            texts = {label.get("ident") or "": words_in(label) for label in labels}
            types = {label.get("answer_type") or "" for label in labels}
            is_menu = kind == "multiple_dropdowns" or bool(types & {"dropdown", "wordbank"}) or kind != "fill_in_multiple_blanks"
            gap: dict[str, Any] = {"id": new_choice_id(), "name": str(place)}
            if is_menu:
                listed = [
                    {"id": new_choice_id(), "text": text[:200], "weight": "1" if name in right else "0"} for name, text in texts.items() if text
                ]
                gaps.append({**gap, "kind": "select", "choices": listed})
            else:
                # Whatever is listed for a gap to be typed into is accepted there.
                answers = [{"text": text, "weight": "1"} for text in dict.fromkeys(texts.values()) if text]
                gaps.append({**gap, "kind": "text", "answers": answers})
        return QuestionType.CLOZE, {"gaps": gaps}, names

    def _written(self, kind: str, asked: list[etree._Element]) -> tuple[QuestionType, dict[str, Any], dict[str, str]]:
        if len(asked) == 1:
            ident = asked[0].get("ident") or ""
            if self._is_number(kind, asked[0]):
                return QuestionType.NUMERIC, {"answers": self._numbers(ident)}, {}
            answers, exact = self._texts(ident)
            if not answers:
                return QuestionType.ESSAY, {}, {}
            return QuestionType.SHORT_TEXT, {"answers": answers, "case_sensitive": exact}, {}
        gaps: list[dict[str, Any]] = []
        names: dict[str, str] = {}
        for place, one in enumerate(asked, start=1):
            ident = one.get("ident") or ""
            names[ident] = str(place)
            common = {"id": new_choice_id(), "name": str(place)}
            if self._is_number(kind, one):
                gaps.append({**common, "kind": "number", "answers": self._numbers(ident)})
                continue
            answers, exact = self._texts(ident)
            if not answers:
                raise Unfit("One of its gaps has no right answer.")
            gaps.append({**common, "kind": "text", "answers": [{**answer, "feedback": None} for answer in answers], "case_sensitive": exact})
        return QuestionType.CLOZE, {"gaps": gaps}, names

    def _is_number(self, kind: str, one: etree._Element) -> bool:
        if kind == "numerical" or one.tag == "response_num":
            return True
        fib = one.find(".//render_fib")
        return fib is not None and (fib.get("fibtype") or "").lower() in ("decimal", "integer", "scientific")

    def _texts(self, ident: str) -> tuple[list[dict[str, Any]], bool]:
        best, said = Decimal(0), self._said(ident)
        found: dict[str, Decimal] = {}
        exact = False
        for condition in conditions_of(self._item):
            worth = earned_by(condition)
            for equal in _named(condition, ident):
                text = words_in(equal)
                if worth > 0 and text:
                    found[text] = max(worth, found.get(text, Decimal(0)))
                    best = max(best, worth)
                    exact = exact or (equal.get("case") or "").lower() == "yes"
        return [{"text": text, "weight": part_of(worth, best), "feedback": self._text(said.get(text, ""))} for text, worth in found.items()], exact

    def _numbers(self, ident: str) -> list[dict[str, Any]]:
        """An answer for each condition that earns something: a range where it names two ends, else the values that it names."""
        answers: list[tuple[Decimal, dict[str, Any]]] = []
        for condition in conditions_of(self._item):
            worth = earned_by(condition)
            if worth <= 0:
                continue
            groups = list(condition.iter("or")) or list(condition.iterchildren("conditionvar"))
            for group in groups:
                answers += [(worth, answer) for answer in _ranges(group, ident)]
        best = max((worth for worth, _ in answers), default=Decimal(0))
        if not answers:
            raise Unfit("It has no right answer.")
        return [{**answer, "weight": part_of(worth, best)} for worth, answer in answers]

    def _hotspot(self, one: etree._Element) -> dict[str, Any]:
        picture = one.find(".//matimage")
        name = self._html.file_name((picture.get("uri") or "") if picture is not None else "")
        size = self._picture_size(name) if name else None
        if size is None:
            raise Unfit("Its picture did not come along.")
        regions = []
        for label in one.iter("response_label"):
            coords = [found for part in (label.text or "").split(",") if (found := number(part)) is not None]
            if (label.get("rarea") or "").lower() != "rectangle" or len(coords) != 4:
                raise Unfit("One of its places has a shape that we do not have.")
            left, top, right, bottom = (
                value * side if all(found <= 1 for found in coords) else value for value, side in zip(coords, size * 2, strict=True)
            )
            shape = {"kind": "rectangle", "x": _pixel(left), "y": _pixel(top), "width": _pixel(right - left), "height": _pixel(bottom - top)}
            regions.append({"id": new_choice_id(), "shape": shape, "weight": "1"})
        image = {"file": name, "alt": self._title[:2000], "width": size[0], "height": size[1]}
        return {"image": image, "regions": regions, "marks": 1}

    def _calculated(self) -> dict[str, Any]:
        """A formula over numbers that are drawn: Canvas's extension of QTI 1.2."""
        calculated = self._item.find(".//calculated")
        formula = calculated.find(".//formula") if calculated is not None else None
        if calculated is None or formula is None:
            raise Unfit("It does not say its formula.")
        variables = []
        for found in calculated.findall(".//vars/var"):
            places = number(found.get("scale")) or Decimal(0)
            step = Decimal(1).scaleb(-int(min(max(places, Decimal(0)), Decimal(10))))
            low, high = (number(words_in(found.find(end))) for end in ("min", "max"))
            if low is None or high is None or not _CALCULATED_NAME.fullmatch(found.get("name") or ""):
                raise Unfit("One of its variables has no name or no bounds that we can draw from.")
            variables.append({"name": found.get("name"), "low": digits(low), "high": digits(high), "step": digits(step)})
        tolerance = words_in(calculated.find(".//answer_tolerance"))
        margin = number(tolerance.removesuffix("%")) or Decimal(0)
        nearness = (
            {"kind": "relative", "fraction": digits(margin / 100)} if tolerance.endswith("%") else {"kind": "absolute", "margin": digits(margin)}
        )
        formulas = calculated.find(".//formulas")
        places = number(formulas.get("decimal_places")) if formulas is not None else None
        return {
            "variables": variables,
            "answers": [{"formula": words_in(formula), "tolerance": nearness, "weight": "1"}],
            "rounding": "decimals",
            "places": int(min(max(places if places is not None else Decimal(4), Decimal(0)), Decimal(15))),
        }

    def _stem(self, presentation: etree._Element, asked: Sequence[etree._Element], gaps: dict[str, str]) -> str:
        """The text outside of the responses, with marks where they stand; of a single response the text in it too."""
        html = "".join(
            texts_of(presentation, {one.get("ident") or "": f" [[{mark}]] " for one in asked if (mark := gaps.get(one.get("ident") or ""))})
        )
        for name, mark in gaps.items():
            html = html.replace(f"[{name}]", f"[[{mark}]]")
        if len(asked) == 1 and not gaps:
            html += "".join(map(material_html, asked[0].iterchildren("material")))
        variables = {str(found.get("name")) for found in self._item.iter("var")}
        return re.sub(r"\[([A-Za-z][A-Za-z0-9]{0,19})\]", lambda found: f"{{{found[1]}}}" if found[1] in variables else found[0], html)

    def _feedback(self) -> RichText | None:
        """What everybody is told; whether there is more that only some are told is remembered."""
        texts = {found.get("ident") or "": found for found in self._item.iter("itemfeedback")}
        general, self._unsaid = [], False
        for condition in conditions_of(self._item):
            for shown in condition.iterchildren("displayfeedback"):
                name = shown.get("linkrefid") or ""
                if name not in texts or not words_in(texts[name]):
                    continue
                if condition.find("conditionvar/other") is not None and "incorrect" not in name:
                    general.append(material_html(texts[name]))
                elif len(list(condition.iter("varequal"))) != 1:
                    self._unsaid = True
        return self._text("".join(general))

    def _said(self, ident: str, *, but: str = "") -> dict[str, str]:
        """What is said about single values of a response; under "" what is said about any that is not `but`."""
        texts = {found.get("ident") or "": material_html(found) for found in self._item.iter("itemfeedback")}
        said: dict[str, str] = {}
        for condition in conditions_of(self._item):
            shown = [texts[name] for found in condition.iterchildren("displayfeedback") if (name := found.get("linkrefid") or "") in texts]
            equal = list(condition.iter("varequal"))
            if shown and len(equal) == 1 and (equal[0].get("respident") or "") == ident:
                is_not = any(above.tag == "not" for above in equal[0].iterancestors())
                said["" if is_not and words_in(equal[0]) == but else words_in(equal[0])] = "".join(shown)
        return said

    def _content(self, html: str) -> RichText:
        content = self._text(html)
        if content is None:
            raise Unfit("One of its parts is empty.")
        return content

    def _text(self, html: str) -> RichText | None:
        return self._html.text(html, self._place, self._title) if html.strip() else None

    def _points(self, type_: QuestionType) -> str:
        value = number(metadata_of(self._item).get("points_possible"))
        if type_ == QuestionType.DESCRIPTION:
            return "1"
        if value is None:
            value = number(metadata_of(self._item).get("cc_weighting"))
        if value is None and (key := old_key(self._item)):
            value = score_old_item(self._item, key)
        return digits(value.quantize(Decimal("0.000001"))) if value is not None and 0 < value <= 10_000 else "1"


def old_key(item: etree._Element) -> dict[str, list[str]]:
    """The right values for each response, by the conditions that earn something: of a single one the best, of several all."""
    found: dict[str, list[str]] = {}
    best: dict[str, Decimal] = {}
    cardinality = {one.get("ident") or "": (one.get("rcardinality") or "Single").lower() for one in responses_of(item)}
    for condition in conditions_of(item):
        worth = earned_by(condition)
        if worth <= 0:
            continue
        for name in cardinality:
            values = list(dict.fromkeys(words_in(equal) for equal in _named(condition, name)))
            if not values:
                values = [answer["value"] for holder in condition.iterchildren("conditionvar") for answer in _ranges(holder, name)]
            if not values:
                continue
            if cardinality[name] == "multiple":
                found[name] = list(dict.fromkeys([*found.get(name, []), *values]))
            elif worth > best.get(name, Decimal(0)):
                found[name] = values if cardinality[name] == "ordered" else values[:1]
                best[name] = worth
    return found


def _named(condition: etree._Element, ident: str) -> list[etree._Element]:
    """The values that a condition asks for, without those that it forbids."""
    return [
        found
        for found in condition.iter("varequal")
        if (found.get("respident") or "") == ident and not any(above.tag == "not" for above in found.iterancestors())
    ]


def _ranges(group: etree._Element, ident: str) -> list[dict[str, Any]]:
    """The numbers that a part of a condition takes: a value with its margins, a range, or values alone."""
    mine = [found for found in group.iter("varequal", "vargte", "vargt", "varlte", "varlt") if (found.get("respident") or "") == ident]
    values = [value for found in mine if found.tag == "varequal" and (value := number(words_in(found))) is not None]
    lows = [value for found in mine if found.tag in ("vargte", "vargt") and (value := number(words_in(found))) is not None]
    highs = [value for found in mine if found.tag in ("varlte", "varlt") and (value := number(words_in(found))) is not None]
    if lows and highs:
        low, high = min(lows[0], highs[0]), max(lows[0], highs[0])
        value = values[0] if values and low <= values[0] <= high else (low + high) / 2
        if high - value == value - low:
            return [{"value": digits(value), "tolerance": {"kind": "absolute", "margin": digits(high - value)}}]
        return [{"value": digits(value), "tolerance": {"kind": "range", "low": digits(low), "high": digits(high)}}]
    return [{"value": digits(value), "tolerance": {"kind": "absolute", "margin": "0"}} for value in values]


def _is_shuffled(one: etree._Element) -> bool:
    render = one.find(".//render_choice")
    return render is not None and (render.get("shuffle") or "").lower() == "yes"


def _pixel(value: Decimal) -> str:
    return digits(value.quantize(Decimal("0.01")))
