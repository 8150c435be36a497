"""Questions as Moodle XML. What Moodle has no words for is noted in the report."""

import base64
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.cloze import Cloze
from lms_app.domain.assessments.types.dropdown import Dropdown, menu_of
from lms_app.domain.assessments.types.essay import Essay
from lms_app.domain.assessments.types.file_upload import FileUpload
from lms_app.domain.assessments.types.kind import RichText
from lms_app.domain.assessments.types.matching import Matching
from lms_app.domain.assessments.types.multiple_choice import MultipleChoice, is_all_or_nothing
from lms_app.domain.assessments.types.numeric import Absolute, Numeric, NumericAnswer, Range
from lms_app.domain.assessments.types.ordering import Ordering
from lms_app.domain.assessments.types.short_text import Match, ShortText, TextAnswer
from lms_app.domain.assessments.types.single_choice import SingleChoice
from lms_app.domain.assessments.types.true_false import TrueFalse
from lms_app.interchange.findings import Findings
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.moodle_cloze import write_gap
from lms_app.interchange.moodle_xml import read_moodle_xml
from lms_app.interchange.neutral import Asset, Bank, Question
from lms_app.interchange.question_html import plain_words, stem_html, text_html
from lms_app.interchange.written_banks import Written, write_each
from lms_app.words import QuestionType

_FILE = re.compile(r'((?:src|href)=")file:([^"]*)"')
_MARK = re.compile(r"\[\[([A-Za-z0-9]{1,20})\]\]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_GRADING = {"exact": "-1", "position": "0", "pairs": "1", "run": "5"}


def write_moodle_xml(bank: Bank) -> Written:
    """The questions as a Moodle XML file in UTF-8, pictures and other files inside."""
    findings = Findings()
    assets = {asset.name: asset for asset in bank.assets}
    category = ""
    parts: list[str] = []

    def write(question: Question) -> str:
        return etree.tostring(_element(question, assets), encoding="unicode")

    def read(text: str) -> Bank:
        return read_moodle_xml(f"<quiz>{text}</quiz>".encode())

    for question, text in write_each(bank, lambda question: _category(question.category) + write(question), read, findings, format_="Moodle XML"):
        if question.category != category:
            category = question.category
            parts.append(_category(category))
        parts.append(text.removeprefix(_category(question.category)))
    content = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(parts) + "\n</quiz>\n"
    return Written(content=content.encode(), report=findings.report())


def _category(category: str) -> str:
    asked = etree.Element("question", type="category")
    _text(etree.SubElement(asked, "category"), f"$course$/top/{category}")
    return etree.tostring(asked, encoding="unicode")


def _element(question: Question, assets: Mapping[str, Asset]) -> etree._Element:
    body = TYPES[question.type].body.model_validate(question.body)
    asked = etree.Element("question", type=_type(question.type))
    _text(etree.SubElement(asked, "name"), question.title)
    writer = _Writer(asked, assets)
    writer.rich("questiontext", _stem(body, writer))
    writer.rich("generalfeedback", text_html(body.feedback) if body.feedback else "")
    _plain(asked, "defaultgrade", question.points)
    _plain(asked, "penalty", _digits(body.penalty))
    _plain(asked, "hidden", "0")
    _plain(asked, "idnumber", question.ref)
    writer.answers(body)
    for hint in body.hints:
        writer.rich("hint", text_html(hint))
    if question.tags:
        tags = etree.SubElement(asked, "tags")
        for tag in question.tags:
            _text(etree.SubElement(tags, "tag"), tag)
    return asked


def _type(type_: QuestionType) -> str:
    match type_:
        case QuestionType.SINGLE_CHOICE | QuestionType.MULTIPLE_CHOICE:
            return "multichoice"
        case QuestionType.TRUE_FALSE:
            return "truefalse"
        case QuestionType.SHORT_TEXT:
            return "shortanswer"
        case QuestionType.NUMERIC:
            return "numerical"
        case QuestionType.DROPDOWN:
            return "gapselect"
        case QuestionType.ESSAY | QuestionType.FILE_UPLOAD:
            return "essay"
        case QuestionType.MATCHING | QuestionType.ORDERING | QuestionType.CLOZE | QuestionType.DESCRIPTION:
            return type_.value
    raise Unfit("Moodle has no such kind of question.")


def _stem(body: Any, writer: "_Writer") -> str:
    html = stem_html(body.stem.model_dump(mode="json")["blocks"])
    if isinstance(body, Cloze):
        gaps = {gap.name: write_gap(gap, text_html) for gap in body.gaps}
        return _MARK.sub(lambda mark: gaps.get(mark[1], mark[0]), html)
    if isinstance(body, Dropdown):
        places = writer.menus(body)
        return _MARK.sub(lambda mark: f"[[{places[mark[1]]}]]" if mark[1] in places else mark[0], html)
    return html


class _Writer:
    """One question being written."""

    def __init__(self, asked: etree._Element, assets: Mapping[str, Asset]) -> None:
        self._asked = asked
        self._assets = assets
        self._options: list[tuple[str, int]] = []

    def rich(self, name: str, html: str, holder: etree._Element | None = None, **attributes: str) -> etree._Element:
        """An element with HTML, and with the files that it names."""
        element = etree.SubElement(self._asked if holder is None else holder, name, {**attributes, "format": "html"})
        used = list(dict.fromkeys(found for _, found in _FILE.findall(html) if found in self._assets))
        _text(element, _FILE.sub(lambda found: f'{found[1]}@@PLUGINFILE@@/{found[2]}"' if found[2] in used else found[0], html))
        for found in used:
            file = etree.SubElement(element, "file", name=found, path="/", encoding="base64")
            file.text = base64.b64encode(self._assets[found].read()).decode()
        return element

    def menus(self, body: Dropdown) -> dict[str, int]:
        """Lays out the choices of all gaps, a group for each list, and gives each gap the place of what belongs into it."""
        places: dict[str, int] = {}
        groups: dict[tuple[str, ...], int] = {}
        for gap in body.gaps:
            menu = menu_of(body, gap)
            texts = tuple(choice.text for choice in menu)
            if texts not in groups:
                groups[texts] = len(groups) + 1
                self._options += [(text, groups[texts]) for text in texts]
            right = next(choice.text for choice in menu if choice.id == gap.right)
            places[gap.name] = self._options.index((right, groups[texts])) + 1
        return places

    def answers(self, body: Any) -> None:
        """What is particular to the type."""
        asked = self._asked
        match body:
            case SingleChoice() | MultipleChoice():
                _plain(asked, "single", "true" if isinstance(body, SingleChoice) else "false")
                _plain(asked, "shuffleanswers", "true" if body.shuffle else "false")
                _plain(asked, "answernumbering", "abc")
                for choice, weight in _weighed(body):
                    self._answer(weight, text_html(choice.content), choice.feedback)
            case TrueFalse():
                for value, feedback in ((True, body.feedback_true), (False, body.feedback_false)):
                    self._answer(Decimal(value == body.answer), "true" if value else "false", feedback, plain=True)
            case ShortText():
                _plain(asked, "usecase", "1" if body.case_sensitive else "0")
                for answer in body.answers:
                    self._answer(answer.weight, _typed(answer), answer.feedback, plain=True)
            case Numeric():
                self._numeric(body)
            case Matching():
                self._matching(body)
            case Ordering():
                _plain(asked, "layouttype", "0")
                _plain(asked, "selecttype", "0")
                _plain(asked, "gradingtype", _GRADING[body.credit])
                for number, item in enumerate(body.items, start=1):
                    self.rich("answer", text_html(item.content), fraction=str(number))
            case Dropdown():
                _plain(asked, "shuffleanswers", "1" if body.shuffle else "0")
                for text, group in self._options:
                    option = etree.SubElement(asked, "selectoption")
                    _text(option, text)
                    _plain(option, "group", str(group))
            case Essay():
                _plain(asked, "responseformat", "editor")
                _plain(asked, "responserequired", "1")
                _plain(asked, "responsefieldlines", str(body.rows))
                _plain(asked, "minwordlimit", str(body.words_min or ""))
                _plain(asked, "maxwordlimit", str(body.words_max or ""))
                _plain(asked, "attachments", "0")
                self.rich("graderinfo", text_html(body.sample) if body.sample else "")
            case FileUpload():
                _plain(asked, "responseformat", "noinline")
                _plain(asked, "attachments", str(body.files_max))
                _plain(asked, "attachmentsrequired", "1")
                _plain(asked, "maxbytes", str(body.bytes_max))
                _plain(asked, "filetypeslist", ",".join(body.kinds))
            case _:
                pass

    def _answer(self, weight: Decimal, text: str, feedback: RichText | None, *, plain: bool = False) -> etree._Element:
        fraction = _digits(weight * 100)
        if plain:
            answer = etree.SubElement(self._asked, "answer", fraction=fraction, format="moodle_auto_format")
            _text(answer, text)
        else:
            answer = self.rich("answer", text, fraction=fraction)
        self.rich("feedback", text_html(feedback) if feedback else "", answer)
        return answer

    def _numeric(self, body: Numeric) -> None:
        for answer in body.answers:
            value, margin = _near(answer)
            element = self._answer(answer.weight, value, answer.feedback, plain=True)
            _plain(element, "tolerance", margin)
        if body.unit is None:
            _plain(self._asked, "showunits", "3")
            return
        _plain(self._asked, "unitgradingtype", "0" if body.unit_rule == "optional" else "1")
        _plain(self._asked, "unitpenalty", "1" if body.unit_rule == "required" else _digits(body.unit_penalty))
        _plain(self._asked, "showunits", "0")
        _plain(self._asked, "unitsleft", "0")
        units = etree.SubElement(self._asked, "units")
        for name, factor in ((body.unit, Decimal(1)), *((unit.name, unit.factor) for unit in body.units)):
            unit = etree.SubElement(units, "unit")
            _plain(unit, "multiplier", _digits((1 / factor).quantize(Decimal("1e-20"))))
            _plain(unit, "unit_name", name)

    def _matching(self, body: Matching) -> None:
        _plain(self._asked, "shuffleanswers", "true" if body.shuffle else "false")
        answers: dict[str, str] = {}
        for option in body.options:
            words = plain_words(option.content)
            if words is None:
                raise Unfit("Moodle takes plain words only as what belongs to a part.")
            answers[option.id] = words
        used = {prompt.right for prompt in body.prompts}
        pairs = [(text_html(prompt.content), answers[prompt.right]) for prompt in body.prompts]
        for html, answer in [*pairs, *(("", answer) for identity, answer in answers.items() if identity not in used)]:
            _text(etree.SubElement(self.rich("subquestion", html), "answer"), answer)


def _weighed(body: SingleChoice | MultipleChoice) -> list[tuple[Any, Decimal]]:
    """Each choice with its weight; where all of the right ones are needed together, each earns its share and a wrong one costs everything."""
    right = sum(choice.weight > 0 for choice in body.choices)
    if isinstance(body, SingleChoice) or not is_all_or_nothing(body) or right == 1:
        return [(choice, choice.weight) for choice in body.choices]
    share = (Decimal(1) / right).quantize(Decimal("0.0000001"))
    return [(choice, share if choice.weight > 0 else Decimal(-1)) for choice in body.choices]


def _typed(answer: TextAnswer) -> str:
    if answer.match == Match.REGEX:
        raise Unfit("Moodle has no patterns.")
    return answer.text if answer.match == Match.WILDCARD else answer.text.replace("*", "\\*")


def _near(answer: NumericAnswer) -> tuple[str, str]:
    match answer.tolerance:
        case Range(low=low, high=high):
            return f"{(low + high) / 2:f}", f"{(high - low) / 2:f}"
        case Absolute(margin=margin):
            return f"{answer.value:f}", f"{margin:f}"
        case tolerance:
            return f"{answer.value:f}", f"{abs(answer.value) * tolerance.fraction:f}"


def _text(element: etree._Element, text: str) -> None:
    _plain(element, "text", text)


def _plain(element: etree._Element, name: str, text: str) -> None:
    etree.SubElement(element, name).text = _NOT_XML.sub("", text)


def _digits(value: Decimal) -> str:
    return format(value.normalize(), "f")
