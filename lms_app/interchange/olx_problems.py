"""A problem of an OLX course, made into questions: one for each response, or one of several that belong together. Nothing in it is executed."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from lxml import etree
from pydantic import ValidationError

from lms_app.domain.assessments.types import TYPES, calculated
from lms_app.domain.content.document import SCHEMA_VERSION, document_of
from lms_app.domain.content.rich_text import RichText
from lms_app.interchange.findings import Findings
from lms_app.interchange.html_tree import inner_html
from lms_app.interchange.made_questions import Unfit, opening, paragraph_block, sentence_of
from lms_app.interchange.neutral import Block, Question
from lms_app.interchange.olx_answers import Answers, Read, read_answers
from lms_app.interchange.olx_formulas import DrawnNumbers, sampled, scripted
from lms_app.interchange.olx_gaps import read_together
from lms_app.interchange.olx_html import OlxHtml
from lms_app.interchange.olx_pictures import read_places
from lms_app.interchange.olx_source import OlxNode
from lms_app.interchange.olx_stems import stem_html
from lms_app.interchange.olx_written_work import SCRIPT_GRADED, read_by_hand
from lms_app.words import QuestionType

_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")
_SCRIPT_TYPES = ("python", "perl", "javascript")
_LONGEST_TITLE = 100
_DRAWS = 20
"""How many draws of a calculated question are tried: a stranger may write many, and each takes its time."""
_OF_SEVERAL = {QuestionType.CLOZE, QuestionType.DROPDOWN, QuestionType.MATCHING}
_TAKEN_OTHERWISE = {
    "formularesponse": "It asked for a formula: it was taken as asking for its value, for numbers that are drawn.",
    "customresponse": SCRIPT_GRADED,
    "coderesponse": SCRIPT_GRADED,
}
PictureSize = Callable[[str], tuple[int, int] | None]
"""Width and height of an asset in pixels, where they are known."""


class OlxProblems:
    """Turns the problems of one course into questions."""

    def __init__(self, html: OlxHtml, findings: Findings, picture_size: PictureSize = lambda name: None) -> None:
        self._html = html
        self._findings = findings
        self._picture_size = picture_size

    def questions(self, node: OlxNode, place: str) -> list[Question]:
        """The questions of a problem in order; what cannot be taken is noted with its kind, title, place and reason."""
        problem = node.element
        title = node.title or "Problem"
        scripts = _take_scripts(problem)
        self._findings.removed_scripts += len(scripts)
        units = _units(problem)
        if not units:
            self._findings.leave_out("problem", title, place, "It asks nothing that can be answered.")
        hints = [said for hint in problem.iterfind(".//demandhint/hint") if (said := self._html.text(inner_html(hint), place, title))]
        problem_parts = _Parts(node=node, place=place, title=title, scripts=scripts, hints=hints, units=units)
        if (joined := self._together(problem_parts)) is not None:
            return weighed([joined], node)
        found: list[Question] = []
        for number, (response, _) in enumerate(units):
            try:
                found.append(self._question(problem_parts, number))
            except Unfit as unfit:
                self._findings.leave_out(str(response.tag), title, place, str(unfit))
        return weighed(found, node)

    def _together(self, parts: "_Parts") -> Question | None:
        """The problem as one question, where its responses belong together, else None."""
        problem = parts.node.element
        together = read_together(problem, parts.units, lambda html: self._html.text(html, parts.place, parts.title))
        if together is None:
            return None
        answers, source = together
        try:
            for response, _ in parts.units:
                _refuse_computed(parts.scripts, source, response)
            solutions = [said for solution in problem.iter("solution") if (said := self._read(solution, parts))]
            return self._made(parts, 0, answers, source, solutions, parts.hints)
        except Unfit:
            return None

    def _question(self, parts: "_Parts", number: int) -> Question:
        problem, (response, unit) = parts.node.element, parts.units[number]
        numbers = self._numbers(parts, response)
        shown = numbers.in_words if numbers else str

        def read(html: str) -> RichText | None:
            return self._html.text(shown(html), parts.place, parts.title)

        source = stem_html(problem, [unit for _, unit in parts.units], number)
        if numbers is None:
            answers = self._answers(response, unit, read, parts)
            _refuse_computed(parts.scripts, source, response)
        else:
            source = numbers.in_stem(source)
            answers = numbers.answers(response, source, read)
        general = [said for solution in _solutions(problem, response, len(parts.units)) if (said := read(inner_html(solution)))]
        hints = [said for hint in problem.iterfind(".//demandhint/hint") if (said := read(inner_html(hint)))] if numbers else parts.hints
        question = self._made(parts, number, answers, source, general, hints)
        for kind in answers.lost:
            self._findings.leave_out(kind, parts.title, parts.place, "Feedback on a combination of choices was left out; the question was taken.")
        if reason := _TAKEN_OTHERWISE.get(str(response.tag)):
            self._findings.leave_out(str(response.tag), parts.title, parts.place, reason)
        return question

    def _numbers(self, parts: "_Parts", response: etree._Element) -> DrawnNumbers | None:
        """The numbers from which the answer of a response follows, None where it does from none."""
        if response.tag == "formularesponse":
            return sampled(parts.node.element, response)
        return scripted(parts.node.element, parts.scripts, response)

    def _answers(self, response: etree._Element, unit: etree._Element, read: Read, parts: "_Parts") -> Answers:
        match str(response.tag):
            case "imageresponse":
                return read_places(response, parts.title, self._html.file_name, self._picture_size)
            case "customresponse" | "coderesponse":
                return read_by_hand(response)
        return read_answers(response, unit, read)

    def _made(self, parts: "_Parts", number: int, answers: Answers, source: str, general: list[RichText], hints: list[RichText]) -> Question:
        node, title = parts.node, parts.title
        stem: list[Block] = self._html.blocks(source, parts.place, title) or [paragraph_block(title)]
        body = {
            "stem": {"schema_version": SCHEMA_VERSION, "blocks": stem},
            "feedback": _joined(general),
            "hints": hints,
            **answers.fields,
        }
        kind = TYPES[answers.type]
        try:
            document_of(stem)
            made = kind.body.model_validate(body)
            if isinstance(made, calculated.Calculated):
                calculated.check(made, draws=_DRAWS)
        except ValidationError as error:
            raise Unfit(sentence_of(error)) from error
        except ValueError as error:
            raise Unfit(str(error)) from error
        alone = len(parts.units) == 1 or answers.type in _OF_SEVERAL
        name = node.title if node.title and alone else f"{node.title}, {number + 1}" if node.title else opening(stem) or title
        return Question(ref=f"{node.url_name or 'problem'}-{number + 1}", type=answers.type, title=name[:_LONGEST_TITLE], body=body)

    def _read(self, element: etree._Element, parts: "_Parts") -> RichText | None:
        return self._html.text(inner_html(element), parts.place, parts.title)


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """A problem while its responses are read."""

    node: OlxNode
    place: str
    title: str
    scripts: list[str]
    hints: list[RichText]
    units: list[tuple[etree._Element, etree._Element]]


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


def weighed(questions: list[Question], node: OlxNode) -> list[Question]:
    """The questions sharing the weight that their problem has; as they are where it says none."""
    try:
        whole = Decimal(node.attributes.get("weight", ""))
    except InvalidOperation:
        return questions
    if not questions or not whole.is_finite() or not 0 <= whole <= 10_000:
        return questions
    share = (whole / len(questions)).quantize(Decimal("0.000001")).normalize()
    return [replace(question, points=format(share, "f")) for question in questions]


def _joined(texts: list[RichText]) -> RichText | None:
    return {"type": "doc", "content": [block for text in texts for block in text["content"]]} if texts else None
