"""Questions as problems of OLX, as far as Open edX has such: choices, texts, numbers, places; gaps and pairs as lists to choose from."""

import json
import math
import re
from decimal import Decimal
from html import escape
from typing import Any

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content import rich_text
from lms_app.interchange.findings import Findings
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.neutral import Question
from lms_app.interchange.olx_calculated_writing import Numbers
from lms_app.interchange.olx_pictures import hull
from lms_app.interchange.page_html import block_html
from lms_app.interchange.question_html import text_html
from lms_app.interchange.xml_writing import as_xml
from lms_app.words import QuestionType

_CORNERS = 24
"""How many a circle is written with."""
_GAP = re.compile(r"\[\[([^\[\]]{1,20})\]\]")


def problem_xml(question: Question) -> str:
    """The problem, with its references as they are in the question. Raises Unfit for what Open edX has no problem for."""
    body = TYPES[question.type].body.model_validate(question.body).model_dump(mode="json")
    stem = "".join(as_xml(block_html(block)) for block in body["stem"]["blocks"])
    match question.type:
        case QuestionType.SINGLE_CHOICE | QuestionType.TRUE_FALSE:
            inside = _single(body, stem) if question.type == QuestionType.SINGLE_CHOICE else _true_false(body, stem)
        case QuestionType.MULTIPLE_CHOICE:
            inside = _several(body, stem)
        case QuestionType.SHORT_TEXT:
            inside = _texts(body, stem)
        case QuestionType.NUMERIC:
            inside = _numbers(body, stem)
        case QuestionType.MATCHING:
            inside = _pairs(body, stem)
        case QuestionType.DROPDOWN | QuestionType.CLOZE:
            inside = _gaps(body, stem)
        case QuestionType.HOTSPOT:
            inside = _places(body, stem)
        case QuestionType.CALCULATED:
            inside = _calculated(body, stem)
        case _:
            raise Unfit("Open edX has no such problem.")
    hints = "".join(f"<hint>{_text(hint)}</hint>" for hint in body.get("hints", ()))
    general = body.get("feedback")
    said = f"<solution>{_text(general)}</solution>" if general and not rich_text.is_empty(general) else ""
    name = f'display_name="{escape(question.title)}" weight="{question.points}"'
    more = f"{said}{f'<demandhint>{hints}</demandhint>' if hints else ''}"
    return f"<problem {name}>{inside}{Numbers(body).shown(more) if question.type == QuestionType.CALCULATED else more}</problem>"


def note_parts(question: Question, read: int, place: str, findings: Findings) -> None:
    """Notes where one question becomes several."""
    if read > 1:
        findings.leave_out(question.type.value, question.title, place, f"Written as a problem with {read} lists to choose from.")


def _single(body: dict[str, Any], stem: str) -> str:
    weights = [Decimal(choice["weight"]) for choice in body["choices"]]
    choices = "".join(
        f"<choice {_mark(weight)}>{_text(choice['content'])}{_hint('choicehint', choice.get('feedback'))}</choice>"
        for choice, weight in zip(body["choices"], weights, strict=True)
    )
    partly = ' partial_credit="points"' if any(0 < weight < 1 for weight in weights) else ""
    shuffle = ' shuffle="true"' if body.get("shuffle") else ""
    return f"<multiplechoiceresponse{partly}>{stem}<choicegroup{shuffle}>{choices}</choicegroup></multiplechoiceresponse>"


def _mark(weight: Decimal) -> str:
    if weight >= 1:
        return 'correct="true"'
    return f'correct="partial" point_value="{weight.normalize():f}"' if weight > 0 else 'correct="false"'


def _true_false(body: dict[str, Any], stem: str) -> str:
    choices = ""
    for value, words in ((True, "True"), (False, "False")):
        said = _hint("choicehint", body.get(f"feedback_{words.lower()}"))
        choices += f'<choice correct="{"true" if body["answer"] is value else "false"}">{words}{said}</choice>'
    return f"<multiplechoiceresponse>{stem}<choicegroup>{choices}</choicegroup></multiplechoiceresponse>"


def _several(body: dict[str, Any], stem: str) -> str:
    weights = [Decimal(choice["weight"]) for choice in body["choices"]]
    choices = "".join(
        f'<choice correct="{"true" if weight > 0 else "false"}">{_text(choice["content"])}'
        f"{_hint('choicehint', choice.get('feedback'), selected='true')}"
        f"{_hint('choicehint', choice.get('feedback_unselected'), selected='false')}</choice>"
        for choice, weight in zip(body["choices"], weights, strict=True)
    )
    partly = ' partial_credit="EDC"' if any(weight not in (0, 1) for weight in weights) else ""
    shuffle = ' shuffle="true"' if body.get("shuffle") else ""
    return f"<choiceresponse{partly}>{stem}<checkboxgroup{shuffle}>{choices}</checkboxgroup></choiceresponse>"


def _texts(body: dict[str, Any], stem: str) -> str:
    answers = body["answers"]
    right = [answer for answer in answers if Decimal(answer["weight"]) >= 1]
    if not right or any(answer["match"] != right[0]["match"] for answer in answers) or right[0]["match"] == "wildcard":
        raise Unfit("Open edX has no pattern with stars, and no text that is right in part.")
    regexp = " regexp" if right[0]["match"] == "regex" else ""
    more = "".join(
        f'<additional_answer answer="{escape(answer["text"])}">{_hint("correcthint", answer.get("feedback"))}</additional_answer>'
        for answer in right[1:]
    )
    wrong = "".join(
        f'<stringequalhint answer="{escape(answer["text"])}">{_text(answer["feedback"])}</stringequalhint>'
        for answer in answers
        if Decimal(answer["weight"]) <= 0 and answer.get("feedback")
    )
    type_ = ("" if body.get("case_sensitive") else "ci") + regexp
    first = _hint("correcthint", right[0].get("feedback"))
    kind = f' type="{type_.strip()}"' if type_ else ""
    return f'<stringresponse answer="{escape(right[0]["text"])}"{kind}>{stem}{first}{more}{wrong}<textline size="20"/></stringresponse>'


def _numbers(body: dict[str, Any], stem: str) -> str:
    right = [answer for answer in body["answers"] if Decimal(answer["weight"]) >= 1]
    if not right:
        raise Unfit("Open edX has no number that is right in part.")
    first, param = right[0], _tolerance(right[0]["tolerance"])
    more = "".join(
        f'<additional_answer answer="{_number(answer)}">{_hint("correcthint", answer.get("feedback"))}</additional_answer>' for answer in right[1:]
    )
    unit = f' trailing_text="{escape(body["unit"])}"' if body.get("unit") else ""
    said = _hint("correcthint", first.get("feedback"))
    return f'<numericalresponse answer="{_number(first)}">{stem}{param}{said}{more}<formulaequationinput{unit}/></numericalresponse>'


def _tolerance(tolerance: dict[str, Any]) -> str:
    match tolerance["kind"]:
        case "absolute":
            return f'<responseparam type="tolerance" default="{tolerance["margin"]}"/>'
        case "relative":
            return f'<responseparam type="tolerance" default="{(Decimal(tolerance["fraction"]) * 100).normalize():f}%"/>'
    return ""


def _calculated(body: dict[str, Any], stem: str) -> str:
    numbers = Numbers(body)
    param = _tolerance(numbers.right[0]["tolerance"])
    first, *others = (_hint("correcthint", answer.get("feedback")) for answer in numbers.right)
    more = "".join(f'<additional_answer answer="$answer{number}">{said}</additional_answer>' for number, said in enumerate(others, start=2))
    unit = f' trailing_text="{escape(body["unit"])}"' if body.get("unit") else ""
    inside = numbers.shown(f"{stem}{param}{first}{more}<formulaequationinput{unit}/>")
    return f'{numbers.script()}<numericalresponse answer="$answer1">{inside}</numericalresponse>'


def _places(body: dict[str, Any], stem: str) -> str:
    """The regions that earn something, as rectangles of whole pixels or as convex shapes: Open edX has no others, and takes one click."""
    if body["marks"] > 1:
        raise Unfit("Open edX takes one place on a picture.")
    rectangles: list[str] = []
    regions: list[list[list[float]]] = []
    for region in body["regions"]:
        shape = region["shape"]
        if Decimal(region["weight"]) <= 0:
            continue
        if shape["kind"] == "rectangle" and all(Decimal(shape[name]) % 1 == 0 for name in ("x", "y", "width", "height")):
            left, top, width, height = (int(Decimal(shape[name])) for name in ("x", "y", "width", "height"))
            rectangles.append(f"({left},{top})-({left + width},{top + height})")
        else:
            regions.append([[float(x), float(y)] for x, y in _corners(shape)])
    image = body["image"]
    where = (f' rectangle="{";".join(rectangles)}"' if rectangles else "") + (f' regions="{json.dumps(regions)}"' if regions else "")
    picture = f'src="file:{escape(image["file"])}" width="{image["width"]}" height="{image["height"]}" alt="{escape(image["alt"])}"'
    return f"<imageresponse>{stem}<imageinput {picture}{where}/></imageresponse>"


def _corners(shape: dict[str, Any]) -> list[tuple[Decimal, Decimal]]:
    match shape["kind"]:
        case "circle":
            x, y, radius = (float(shape[name]) for name in ("x", "y", "radius"))
            turns = [number * math.tau / _CORNERS for number in range(_CORNERS)]
            round_ = [(max(0.0, x + radius * math.cos(turn)), max(0.0, y + radius * math.sin(turn))) for turn in turns]
            return [(Decimal(f"{across:.2f}"), Decimal(f"{down:.2f}")) for across, down in round_]
        case "rectangle":
            x, y, width, height = (Decimal(shape[name]) for name in ("x", "y", "width", "height"))
            return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    corners = [(Decimal(x), Decimal(y)) for x, y in shape["points"]]
    if len(hull(corners)) < len(set(corners)):
        raise Unfit("Open edX has no places whose outline bends inwards.")
    return hull(corners)


def _number(answer: dict[str, Any]) -> str:
    tolerance = answer["tolerance"]
    return f"[{tolerance['low']},{tolerance['high']}]" if tolerance["kind"] == "range" else str(answer["value"])


def _pairs(body: dict[str, Any], stem: str) -> str:
    lists = ""
    for prompt in body["prompts"]:
        options = "".join(
            f'<option correct="{"True" if option["id"] == prompt["right"] else "False"}">{escape(rich_text.to_text(option["content"]))}</option>'
            for option in body["options"]
        )
        lists += f"<optionresponse><label>{escape(rich_text.to_text(prompt['content']))}</label><optioninput>{options}</optioninput></optionresponse>"
    return stem + lists


def _gaps(body: dict[str, Any], stem: str) -> str:
    gaps = {gap["name"]: gap for gap in body["gaps"]}

    def inline(found: re.Match[str]) -> str:
        gap = gaps.get(found[1])
        if gap is None:
            return found[0]
        return _gap(gap, body)

    written = _GAP.sub(inline, stem)
    return f"<div>{written}</div>"


def _gap(gap: dict[str, Any], body: dict[str, Any]) -> str:
    match gap.get("kind", "right"):
        case "text":
            return _texts({"answers": gap["answers"], **_case(gap)}, "")
        case "number":
            return _numbers({"answers": gap["answers"], "unit": gap.get("unit")}, "")
    choices = gap.get("choices") or body.get("choices", ())
    options = "".join(
        f'<option correct="{_is_right(choice, gap)}">{escape(choice["text"])}{_hint("optionhint", choice.get("feedback"))}</option>'
        for choice in choices
    )
    return f'<optionresponse inline="1"><optioninput inline="1">{options}</optioninput></optionresponse>'


def _is_right(choice: dict[str, Any], gap: dict[str, Any]) -> str:
    right = choice["id"] == gap["right"] if "right" in gap else Decimal(choice["weight"]) >= 1
    return "True" if right else "False"


def _case(gap: dict[str, Any]) -> dict[str, Any]:
    return {"case_sensitive": gap.get("case_sensitive", False)}


def _text(content: Any) -> str:
    """A rich text as XML; one plain paragraph without its `p`, as choices are written."""
    html = as_xml(text_html(content))
    plain = html.removeprefix("<p>").removesuffix("</p>")
    return plain if f"<p>{plain}</p>" == html and "<p>" not in plain else html


def _hint(tag: str, feedback: Any, *, selected: str = "") -> str:
    if not feedback or rich_text.is_empty(feedback):
        return ""
    when = f' selected="{selected}"' if selected else ""
    return f"<{tag}{when}>{_text(feedback)}</{tag}>"
