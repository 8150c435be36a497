"""Questions as a package of QTI 3.0 items. What QTI has no words for is noted in the report.

Each item scores itself by response processing that other systems follow too: `MAXSCORE` is the points, single values earn by a mapping.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from lxml import etree

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.cloze import Cloze, NumberGap, SelectGap, TextGap
from lms_app.domain.assessments.types.dropdown import Dropdown, menu_of
from lms_app.domain.assessments.types.essay import Essay
from lms_app.domain.assessments.types.file_upload import FileUpload
from lms_app.domain.assessments.types.hotspot import Circle, Hotspot, Rectangle
from lms_app.domain.assessments.types.kind import QuestionBody, RichText
from lms_app.domain.assessments.types.matching import Matching
from lms_app.domain.assessments.types.multiple_choice import MultipleChoice, is_all_or_nothing
from lms_app.domain.assessments.types.numeric import Numeric, NumericAnswer, Range, Relative
from lms_app.domain.assessments.types.ordering import Ordering
from lms_app.domain.assessments.types.short_text import Match, ShortText, TextAnswer
from lms_app.domain.assessments.types.single_choice import SingleChoice
from lms_app.domain.assessments.types.true_false import TrueFalse
from lms_app.interchange.findings import Findings
from lms_app.interchange.html_tree import escaped, parse_html
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.neutral import Bank, Question
from lms_app.interchange.qti import Files, read_qti
from lms_app.interchange.question_html import stem_html, text_html
from lms_app.interchange.written_banks import Written, write_each
from lms_app.words import QuestionType

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_MANIFEST = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_RESPONSE = "RESPONSE"
_FILE = re.compile(r'((?:src|href)=")file:([^"]*)"')
_MARK = re.compile(r"\[\[([A-Za-z0-9]{1,20})\]\]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STEP = Decimal("1e-20")
"""Finer than weights are, so that dividing by the points gives them back."""


def write_qti(bank: Bank) -> Written:
    """The questions as a QTI 3.0 package (.zip), pictures and other files inside."""
    findings = Findings()
    files: Files = {asset.name: (asset.size, asset.read) for asset in bank.assets}
    items = write_each(bank, write_item, lambda text: read_qti(text.encode(), "item.xml", files=files), findings, format_="QTI 3.0")
    resources: list[str] = []
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (_, text) in enumerate(items, start=1):
            name = f"item-{number:04}.xml"
            archive.writestr(_entry(name), text)
            resources.append(f'<resource identifier="R{number}" type="imsqti_item_xmlv3p0" href="{name}"><file href="{name}"/></resource>')
        for asset in bank.assets:
            archive.writestr(_entry(asset.name), asset.read())
            name = escape(asset.name)
            resources.append(f'<resource identifier="F{len(resources) + 1}" type="webcontent" href="{name}"><file href="{name}"/></resource>')
        archive.writestr(_entry("imsmanifest.xml"), _manifest(resources))
    return Written(content=packed.getvalue(), report=findings.report())


def write_item(question: Question) -> str:
    """One question as a QTI 3.0 item. Raises Unfit for what QTI cannot ask."""
    body = TYPES[question.type].body.model_validate(question.body)
    points = Decimal(question.points)
    item = _item(body, points)
    identifier = question.ref if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]{0,100}", question.ref) else "item"
    outcomes = [_outcome("SCORE"), _outcome("MAXSCORE", points), *(_outcome(name) for name in item.scores)]
    general = ""
    if item.says_back:
        outcomes.append(f'<qti-outcome-declaration identifier="FEEDBACK" cardinality="{item.says_back}" base-type="identifier"/>')
    if body.feedback:
        outcomes.append('<qti-outcome-declaration identifier="GENERAL" cardinality="single" base-type="identifier"/>')
        said = _xhtml(text_html(body.feedback))
        general = (
            '<qti-modal-feedback outcome-identifier="GENERAL" identifier="never" show-hide="hide">'
            f"<qti-content-body>{said}</qti-content-body></qti-modal-feedback>"
        )
    rules = f"<qti-response-processing>{item.rules}</qti-response-processing>" if item.rules else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<qti-assessment-item xmlns="{NAMESPACE}" identifier="{identifier}" '
        f'title="{_attribute(question.title)}" adaptive="false" time-dependent="false">'
        f"{item.declarations}{''.join(outcomes)}<qti-item-body>{item.html}</qti-item-body>{rules}{general}</qti-assessment-item>"
    )


class _Item:
    """The parts of an item that its type decides. `scores` are the outcomes that parts of it have; `says_back` is how many choices get feedback."""

    def __init__(self, html: str, declarations: str = "", rules: str = "", *, scores: Sequence[str] = (), says_back: str = "") -> None:
        self.html, self.declarations, self.rules, self.scores, self.says_back = html, declarations, rules, scores, says_back


def _item(body: QuestionBody, points: Decimal) -> _Item:
    stem = stem_html(body.stem.model_dump(mode="json")["blocks"])
    match body:
        case SingleChoice():
            weights = {choice.id: choice.weight * points for choice in body.choices}
            right = next(choice.id for choice in body.choices if choice.weight == 1)
            return _chosen(body, stem, "single", [right], weights, most=1)
        case MultipleChoice():
            return _several(body, stem, points)
        case TrueFalse():
            return _truth(body, stem, points)
        case ShortText():
            entry = f'<p><qti-text-entry-interaction response-identifier="{_RESPONSE}"></qti-text-entry-interaction></p>'
            declared = _typed(_RESPONSE, body.answers, points, case_sensitive=body.case_sensitive)
            return _Item(_xhtml(stem + entry), declared, _set("SCORE", f'<qti-map-response identifier="{_RESPONSE}"/>'))
        case Numeric():
            entry = f'<p><qti-text-entry-interaction response-identifier="{_RESPONSE}"></qti-text-entry-interaction></p>'
            return _Item(_xhtml(stem + entry), _number(_RESPONSE, body.answers), _near(_RESPONSE, "SCORE", body.answers, points))
        case Matching():
            return _matching(body, stem, points)
        case Ordering():
            return _ordering(body, stem, points)
        case Cloze():
            return _cloze(body, stem, points)
        case Dropdown():
            return _dropdown(body, stem, points)
        case Hotspot():
            return _hotspot(body, stem, points)
        case Essay():
            entry = f'<qti-extended-text-interaction response-identifier="{_RESPONSE}" expected-lines="{body.rows}"></qti-extended-text-interaction>'
            return _Item(_xhtml(stem + entry), _declaration(_RESPONSE, "single", "string"))
        case FileUpload():
            entry = f'<qti-upload-interaction response-identifier="{_RESPONSE}"></qti-upload-interaction>'
            return _Item(_xhtml(stem + entry), _declaration(_RESPONSE, "single", "file"))
    if isinstance(body, TYPES[QuestionType.DESCRIPTION].body):
        return _Item(_xhtml(stem))
    raise Unfit("QTI has no such kind of question.")


def _several(body: MultipleChoice, stem: str, points: Decimal) -> _Item:
    right = [choice.id for choice in body.choices if choice.weight > 0]
    if is_all_or_nothing(body):
        return _chosen(body, stem, "multiple", right, None, most=body.select or 0, points=points)
    whole = sum((choice.weight for choice in body.choices if choice.weight > 0), Decimal(0))
    return _chosen(body, stem, "multiple", right, {choice.id: choice.weight / whole * points for choice in body.choices}, most=body.select or 0)


def _chosen(
    body: SingleChoice | MultipleChoice,
    stem: str,
    cardinality: str,
    right: Sequence[str],
    worth: dict[str, Decimal] | None,
    *,
    most: int,
    points: Decimal = Decimal(0),
) -> _Item:
    """Choices that earn what they are worth, or everything together where `worth` is None."""
    names = {choice.id: f"choice-{number}" for number, choice in enumerate(body.choices, start=1)}
    options = [(names[choice.id], text_html(choice.content), choice.feedback) for choice in body.choices]
    mapping = "" if worth is None else _mapping((names[identity], value) for identity, value in worth.items())
    declared = _declaration(_RESPONSE, cardinality, "identifier", [names[identity] for identity in right], mapping)
    rules = _all_or_nothing(points) if worth is None else _set("SCORE", f'<qti-map-response identifier="{_RESPONSE}"/>')
    return _with_choices(stem, options, declared, rules, cardinality, shuffle=body.shuffle, most=most)


def _truth(body: TrueFalse, stem: str, points: Decimal) -> _Item:
    options = [("true", "True", body.feedback_true), ("false", "False", body.feedback_false)]
    declared = _declaration(_RESPONSE, "single", "identifier", ["true" if body.answer else "false"])
    return _with_choices(stem, options, declared, _all_or_nothing(points), "single", shuffle=False, most=1)


def _with_choices(
    stem: str, options: Sequence[tuple[str, str, RichText | None]], declared: str, rules: str, cardinality: str, *, shuffle: bool, most: int
) -> _Item:
    listed = ""
    for name, html, feedback in options:
        said = ""
        if feedback:
            said = (
                f'<qti-feedback-block outcome-identifier="FEEDBACK" identifier="{name}" show-hide="show">{text_html(feedback)}</qti-feedback-block>'
            )
        listed += f'<qti-simple-choice identifier="{name}">{html}{said}</qti-simple-choice>'
    html = (
        f'{stem}<qti-choice-interaction response-identifier="{_RESPONSE}" shuffle="{_bool(shuffle)}" max-choices="{most}">{listed}'
        "</qti-choice-interaction>"
    )
    if any(feedback for _, _, feedback in options):
        return _Item(_xhtml(html), declared, rules + _set("FEEDBACK", f'<qti-variable identifier="{_RESPONSE}"/>'), says_back=cardinality)
    return _Item(_xhtml(html), declared, rules)


def _matching(body: Matching, stem: str, points: Decimal) -> _Item:
    options = {option.id: f"option-{number}" for number, option in enumerate(body.options, start=1)}
    pairs = [f"prompt-{number} {options[prompt.right]}" for number, prompt in enumerate(body.prompts, start=1)]
    prompts = "".join(_associable(f"prompt-{number}", prompt.content, 1) for number, prompt in enumerate(body.prompts, start=1))
    others = "".join(_associable(options[option.id], option.content, 0) for option in body.options)
    sets = f"<qti-simple-match-set>{prompts}</qti-simple-match-set><qti-simple-match-set>{others}</qti-simple-match-set>"
    html = (
        f'{stem}<qti-match-interaction response-identifier="{_RESPONSE}" shuffle="{_bool(body.shuffle)}" max-associations="{len(pairs)}">{sets}'
        "</qti-match-interaction>"
    )
    return _paired(html, pairs, points, in_parts=body.credit == "each")


def _paired(html: str, pairs: Sequence[str], points: Decimal, *, in_parts: bool) -> _Item:
    mapping = _mapping((pair, points / len(pairs)) for pair in pairs) if in_parts else ""
    rules = _set("SCORE", f'<qti-map-response identifier="{_RESPONSE}"/>') if in_parts else _all_or_nothing(points)
    return _Item(_xhtml(html), _declaration(_RESPONSE, "multiple", "directedPair", pairs, mapping), rules)


def _ordering(body: Ordering, stem: str, points: Decimal) -> _Item:
    listed = "".join(
        f'<qti-simple-choice identifier="item-{number}">{text_html(item.content)}</qti-simple-choice>'
        for number, item in enumerate(body.items, start=1)
    )
    html = f'{stem}<qti-order-interaction response-identifier="{_RESPONSE}" shuffle="true">{listed}</qti-order-interaction>'
    right = [f"item-{number}" for number in range(1, len(body.items) + 1)]
    return _Item(_xhtml(html), _declaration(_RESPONSE, "ordered", "identifier", right), _all_or_nothing(points))


def _cloze(body: Cloze, stem: str, points: Decimal) -> _Item:
    whole = sum((gap.share for gap in body.gaps), Decimal(0))
    marks: dict[str, str] = {}
    declared, rules, sums, scores = "", "", "", []
    for number, gap in enumerate(body.gaps, start=1):
        name, worth = f"RESPONSE_{number}", gap.share / whole * points
        entry = (
            f'<qti-text-entry-interaction response-identifier="{name}" expected-length="{getattr(gap, "width", 12)}"></qti-text-entry-interaction>'
        )
        match gap:
            case TextGap():
                declared += _typed(name, gap.answers, worth, case_sensitive=gap.case_sensitive)
            case NumberGap():
                declared += _number(name, gap.answers)
                rules += _near(name, f"SCORE_{number}", gap.answers, worth)
                scores.append(f"SCORE_{number}")
            case SelectGap():
                entry = _menu(name, [choice.text for choice in gap.choices], shuffle=gap.shuffle)
                values = [(f"choice-{place}", choice.weight * worth) for place, choice in enumerate(gap.choices, start=1)]
                right = [f"choice-{place}" for place, choice in enumerate(gap.choices, start=1) if choice.weight == 1]
                declared += _declaration(name, "single", "identifier", right[:1], _mapping(values))
        sums += f'<qti-variable identifier="SCORE_{number}"/>' if isinstance(gap, NumberGap) else f'<qti-map-response identifier="{name}"/>'
        marks[gap.name] = entry
    return _Item(_xhtml(_marked(stem, marks)), declared, rules + _set("SCORE", f"<qti-sum>{sums}</qti-sum>"), scores=scores)


def _dropdown(body: Dropdown, stem: str, points: Decimal) -> _Item:
    """Words to be put into a text where all gaps share one list, else a menu in each gap."""
    if any(gap.choices for gap in body.gaps):
        marks, declared, sums = {}, "", ""
        for number, gap in enumerate(body.gaps, start=1):
            name, menu = f"RESPONSE_{number}", menu_of(body, gap)
            marks[gap.name] = _menu(name, [choice.text for choice in menu], shuffle=body.shuffle)
            right = next(f"choice-{place}" for place, choice in enumerate(menu, start=1) if choice.id == gap.right)
            declared += _declaration(name, "single", "identifier", [right], _mapping([(right, points / len(body.gaps))]))
            sums += f'<qti-map-response identifier="{name}"/>'
        return _Item(_xhtml(_marked(stem, marks)), declared, _set("SCORE", f"<qti-sum>{sums}</qti-sum>"))
    words = {choice.id: f"word-{number}" for number, choice in enumerate(body.choices, start=1)}
    listed = "".join(f'<qti-gap-text identifier="{words[choice.id]}" match-max="0">{escape(choice.text)}</qti-gap-text>' for choice in body.choices)
    marks = {gap.name: f'<qti-gap identifier="gap-{number}"></qti-gap>' for number, gap in enumerate(body.gaps, start=1)}
    pairs = [f"{words[gap.right]} gap-{number}" for number, gap in enumerate(body.gaps, start=1)]
    html = (
        f'<qti-gap-match-interaction response-identifier="{_RESPONSE}" shuffle="{_bool(body.shuffle)}">{listed}{_marked(stem, marks)}'
        "</qti-gap-match-interaction>"
    )
    return _paired(html, pairs, points, in_parts=True)


def _hotspot(body: Hotspot, stem: str, points: Decimal) -> _Item:
    best = sorted((region.weight for region in body.regions if region.weight > 0), reverse=True)[: body.marks]
    areas = ""
    for region in body.regions:
        shape, coords = _shape(region.shape)
        areas += f'<qti-area-map-entry shape="{shape}" coords="{coords}" mapped-value="{_digits(region.weight / sum(best) * points)}"/>'
    declared = _declaration(_RESPONSE, "multiple", "point", (), f'<qti-area-mapping default-value="0">{areas}</qti-area-mapping>')
    image = body.image
    html = (
        f'{stem}<qti-select-point-interaction response-identifier="{_RESPONSE}" max-choices="{body.marks}"><img src="file:{escape(image.file)}" '
        f'alt="{escape(image.alt)}" width="{image.width}" height="{image.height}"></qti-select-point-interaction>'
    )
    return _Item(_xhtml(html), declared, _set("SCORE", f'<qti-map-response-point identifier="{_RESPONSE}"/>'))


def _shape(shape: Any) -> tuple[str, str]:
    match shape:
        case Circle():
            return "circle", f"{shape.x},{shape.y},{shape.radius}"
        case Rectangle():
            return "rect", f"{shape.x},{shape.y},{shape.x + shape.width},{shape.y + shape.height}"
    return "poly", ",".join(f"{x},{y}" for x, y in shape.points)


def _typed(name: str, answers: Sequence[TextAnswer], worth: Decimal, *, case_sensitive: bool) -> str:
    if any(answer.match != Match.EXACT for answer in answers):
        raise Unfit("QTI compares texts as they stand only.")
    right = next(answer.text for answer in answers if answer.weight == 1)
    entries = "".join(
        f'<qti-map-entry map-key="{_attribute(answer.text)}" mapped-value="{_digits(answer.weight * worth)}" '
        f'case-sensitive="{_bool(case_sensitive)}"/>'
        for answer in answers
    )
    return _declaration(name, "single", "string", [right], f'<qti-mapping default-value="0">{entries}</qti-mapping>')


def _number(name: str, answers: Sequence[NumericAnswer]) -> str:
    return _declaration(name, "single", "float", [next(f"{answer.value:f}" for answer in answers if answer.weight == 1)])


def _near(name: str, score: str, answers: Sequence[NumericAnswer], worth: Decimal) -> str:
    """Rules under which the best of the answers near enough counts."""
    rules = ""
    for answer in answers:
        value = f'<qti-base-value base-type="float">{_digits(answer.weight * worth)}</qti-base-value>'
        best = _set(score, f'<qti-max><qti-variable identifier="{score}"/>{value}</qti-max>')
        rules += f"<qti-response-condition><qti-response-if>{_is_near(name, answer)}{best}</qti-response-if></qti-response-condition>"
    return rules


def _is_near(name: str, answer: NumericAnswer) -> str:
    given = f'<qti-variable identifier="{name}"/>'

    def number(value: Decimal) -> str:
        return f'<qti-base-value base-type="float">{value:f}</qti-base-value>'

    match answer.tolerance:
        case Range(low=low, high=high):
            return f"<qti-and><qti-gte>{given}{number(low)}</qti-gte><qti-lte>{given}{number(high)}</qti-lte></qti-and>"
        case Relative(fraction=fraction):
            margin = f"{fraction * 100:f}"
            return f'<qti-equal tolerance-mode="relative" tolerance="{margin} {margin}">{number(answer.value)}{given}</qti-equal>'
        case tolerance:
            margin = f"{tolerance.margin:f}"
            return f'<qti-equal tolerance-mode="absolute" tolerance="{margin} {margin}">{number(answer.value)}{given}</qti-equal>'


def _menu(name: str, texts: Sequence[str], *, shuffle: bool) -> str:
    listed = "".join(
        f'<qti-inline-choice identifier="choice-{place}">{escape(text)}</qti-inline-choice>' for place, text in enumerate(texts, start=1)
    )
    return f'<qti-inline-choice-interaction response-identifier="{name}" shuffle="{_bool(shuffle)}">{listed}</qti-inline-choice-interaction>'


def _marked(stem: str, marks: dict[str, str]) -> str:
    return _MARK.sub(lambda mark: marks.get(mark[1], mark[0]), stem)


def _associable(name: str, content: RichText, most: int) -> str:
    return f'<qti-simple-associable-choice identifier="{name}" match-max="{most}">{text_html(content)}</qti-simple-associable-choice>'


def _declaration(name: str, cardinality: str, base: str, correct: Sequence[str] = (), mapping: str = "") -> str:
    values = "".join(f"<qti-value>{escaped(_NOT_XML.sub('', value))}</qti-value>" for value in correct)
    key = f"<qti-correct-response>{values}</qti-correct-response>" if correct else ""
    declared = f'<qti-response-declaration identifier="{name}" cardinality="{cardinality}" base-type="{base}">'
    return f"{declared}{key}{mapping}</qti-response-declaration>"


def _mapping(values: Iterable[tuple[str, Decimal]]) -> str:
    entries = "".join(f'<qti-map-entry map-key="{key}" mapped-value="{_digits(value)}"/>' for key, value in values)
    return f'<qti-mapping default-value="0">{entries}</qti-mapping>'


def _outcome(name: str, default: Decimal | None = None) -> str:
    value = f"<qti-default-value><qti-value>{_digits(default)}</qti-value></qti-default-value>" if default is not None else ""
    return f'<qti-outcome-declaration identifier="{name}" cardinality="single" base-type="float">{value}</qti-outcome-declaration>'


def _set(name: str, expression: str) -> str:
    return f'<qti-set-outcome-value identifier="{name}">{expression}</qti-set-outcome-value>'


def _all_or_nothing(points: Decimal) -> str:
    matched = f'<qti-match><qti-variable identifier="{_RESPONSE}"/><qti-correct identifier="{_RESPONSE}"/></qti-match>'
    worth = _set("SCORE", f'<qti-base-value base-type="float">{_digits(points)}</qti-base-value>')
    return f"<qti-response-condition><qti-response-if>{matched}{worth}</qti-response-if></qti-response-condition>"


def _xhtml(html: str) -> str:
    """HTML as it stands in XML, with addresses of files as the package has them."""
    body = parse_html(_FILE.sub(lambda found: f'{found[1]}{found[2]}"', _NOT_XML.sub("", html)))
    return escaped(body.text) + "".join(etree.tostring(child, encoding="unicode", method="xml") for child in body)


def _attribute(text: str) -> str:
    return escape(_NOT_XML.sub("", text)).replace("\n", " ")


def _manifest(resources: Sequence[str]) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{_MANIFEST}" identifier="MANIFEST"><metadata><schema>QTI Package</schema>'
        f"<schemaversion>3.0.0</schemaversion></metadata><organizations/><resources>{''.join(resources)}</resources></manifest>"
    )


def _entry(name: str) -> zipfile.ZipInfo:
    """A file of the package with the same date always, so that the same questions make the same package."""
    return zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _digits(value: Decimal) -> str:
    return format(value.quantize(_STEP).normalize(), "f")
