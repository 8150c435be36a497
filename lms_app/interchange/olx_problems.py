"""A problem of an OLX course, made into questions: one for each response of a kind that we have. Nothing in it is executed."""

import re
from decimal import Decimal, InvalidOperation

from lxml import etree
from pydantic import ValidationError

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.document import SCHEMA_VERSION, document_of
from lms_app.domain.content.rich_text import RichText
from lms_app.interchange.findings import Findings
from lms_app.interchange.html_tree import inner_html
from lms_app.interchange.made_questions import Unfit, opening, paragraph_block, sentence_of
from lms_app.interchange.neutral import Block, Question
from lms_app.interchange.olx_answers import read_answers
from lms_app.interchange.olx_html import OlxHtml
from lms_app.interchange.olx_source import OlxNode
from lms_app.interchange.olx_stems import stem_html

_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")
_SCRIPT_TYPES = ("python", "perl", "javascript")
_LONGEST_TITLE = 100


class OlxProblems:
    """Turns the problems of one course into questions."""

    def __init__(self, html: OlxHtml, findings: Findings) -> None:
        self._html = html
        self._findings = findings

    def questions(self, node: OlxNode, place: str) -> list[Question]:
        """The questions of a problem in order; what cannot be taken is noted with its kind, title, place and reason."""
        problem = node.element
        title = node.title or "Problem"
        scripts = _take_scripts(problem)
        self._findings.removed_scripts += len(scripts)
        units = _units(problem)
        if not units:
            self._findings.leave_out("problem", title, place, "It asks nothing that can be answered.")
        hints = [said for hint in problem.iterfind(".//demandhint/hint") if (said := self._read(hint, place, title))]
        found: list[Question] = []
        for number, (response, unit) in enumerate(units):
            try:
                found.append(self._question(node, place, scripts, hints, number, units, response, unit))
            except Unfit as unfit:
                self._findings.leave_out(str(response.tag), title, place, str(unfit))
        return _with_points(found, node.attributes.get("weight", ""))

    def _question(
        self,
        node: OlxNode,
        place: str,
        scripts: list[str],
        hints: list[RichText],
        number: int,
        units: list[tuple[etree._Element, etree._Element]],
        response: etree._Element,
        unit: etree._Element,
    ) -> Question:
        problem, title = node.element, node.title or "Problem"

        def read(html: str) -> RichText | None:
            return self._html.text(html, place, title)

        answers = read_answers(response, unit, read)
        source = stem_html(problem, [unit for _, unit in units], number)
        _refuse_computed(scripts, source, response)
        stem: list[Block] = self._html.blocks(source, place, title) or [paragraph_block(title)]
        general = [said for solution in _solutions(problem, response, len(units)) if (said := self._read(solution, place, title))]
        body = {
            "stem": {"schema_version": SCHEMA_VERSION, "blocks": stem},
            "feedback": _joined(general),
            "hints": hints,
            **answers.fields,
        }
        try:
            document_of(stem)
            TYPES[answers.type].body.model_validate(body)
        except ValidationError as error:
            raise Unfit(sentence_of(error)) from error
        for kind in answers.lost:
            self._findings.leave_out(kind, title, place, "Feedback on a combination of choices was left out; the question was taken.")
        name = node.title if node.title and len(units) == 1 else f"{node.title}, {number + 1}" if node.title else opening(stem) or title
        return Question(ref=f"{node.url_name or 'problem'}-{number + 1}", type=answers.type, title=name[:_LONGEST_TITLE], body=body)

    def _read(self, element: etree._Element, place: str, title: str) -> RichText | None:
        return self._html.text(inner_html(element), place, title)


def _units(problem: etree._Element) -> list[tuple[etree._Element, etree._Element]]:
    """What is answered one by one: each response, or each list of a response that has several, with its response."""
    units: list[tuple[etree._Element, etree._Element]] = []
    for element in problem.iter(etree.Element):
        if not str(element.tag).endswith("response") or any(str(above.tag).endswith("response") for above in element.iterancestors()):
            continue
        lists = list(element.iter("optioninput"))
        units += [(element, one) for one in lists] if element.tag == "optionresponse" and len(lists) > 1 else [(element, element)]
    return units


def _take_scripts(problem: etree._Element) -> list[str]:
    """Takes the scripts out of a problem and gives their texts, to look for names in. They are never run."""
    scripts: list[str] = []
    for script in list(problem.iter("script")):
        scripts.append(str(script.xpath("string()")))
        parent, before = script.getparent(), script.getprevious()
        if parent is None:
            continue
        if before is not None:
            before.tail = (before.tail or "") + (script.tail or "")
        else:
            parent.text = (parent.text or "") + (script.tail or "")
        parent.remove(script)
    return scripts


def _refuse_computed(scripts: list[str], stem: str, response: etree._Element) -> None:
    """Unfit where the question shows or expects something that a script of the problem would make."""
    if not scripts:
        return
    written = stem + etree.tostring(response, encoding="unicode")
    for name in _VARIABLE.findall(written):
        if any(re.search(rf"\b{name}\b", script) for script in scripts):
            raise Unfit(f"It needs a script, which makes {name}.")


def _solutions(problem: etree._Element, response: etree._Element, units: int) -> list[etree._Element]:
    """The explanations that belong to a response: those in it; of those beside it, the only one, or those between it and the next."""
    inside = list(response.iter("solution"))
    beside: list[etree._Element] = []
    shared: list[etree._Element] = []
    last: etree._Element | None = None
    for element in problem.iter(etree.Element):
        above = [str(found.tag) for found in element.iterancestors()]
        if str(element.tag).endswith("response"):
            last = element
        elif element.tag == "solution" and not any(tag.endswith("response") for tag in above):
            shared.append(element)
            if last is response:
                beside.append(element)
    return inside + (shared if units == 1 or len(shared) == 1 else beside)


def _with_points(questions: list[Question], weight: str) -> list[Question]:
    """The questions sharing the weight that their problem has; one point each where it says none."""
    try:
        whole = Decimal(weight)
    except InvalidOperation:
        return questions
    if not questions or not whole.is_finite() or not 0 <= whole <= 10_000:
        return questions
    share = (whole / len(questions)).quantize(Decimal("0.000001")).normalize()
    return [
        Question(ref=question.ref, type=question.type, title=question.title, body=question.body, points=format(share, "f")) for question in questions
    ]


def _joined(texts: list[RichText]) -> RichText | None:
    return {"type": "doc", "content": [block for text in texts for block in text["content"]]} if texts else None
