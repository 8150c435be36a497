"""Moodle XML, the whole of Moodle's questions, into the neutral document."""

import base64
import binascii
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lxml import etree

from lms_app.domain.assessments.types.kind import RichText, new_choice_id
from lms_app.domain.content import rich_text
from lms_app.errors import Invalid
from lms_app.interchange.findings import Findings
from lms_app.interchange.gift import category_of
from lms_app.interchange.gift_source import MOST_QUESTIONS
from lms_app.interchange.html_tree import escaped
from lms_app.interchange.made_questions import Unfit, make_question
from lms_app.interchange.moodle_cloze import read_gaps
from lms_app.interchange.neutral import Bank, Question
from lms_app.interchange.olx_html import OlxHtml
from lms_app.interchange.package_links import PackageLinks
from lms_app.interchange.qti_items import gapped_stem
from lms_app.interchange.qti_tree import number
from lms_app.interchange.xml import parse_xml, words
from lms_app.words import QuestionType

_STEP = Decimal("0.000000000001")
_STAR = re.compile(r"(?<!\\)\*")
_MARK = re.compile(r"\[\[(\d{1,3})\]\]")
_FORMATS = {"html": "html", "moodle_auto_format": "html", "plain_text": "plain", "markdown": "markdown"}
_CREDITS = {"-1": "exact", "0": "position", "1": "pairs", "2": "pairs", "5": "run"}
_REASONS = {
    "calculated": "Its numbers are drawn from lists of Moodle's own.",
    "calculatedsimple": "Its numbers are drawn from lists of Moodle's own.",
    "calculatedmulti": "Its numbers are drawn from lists of Moodle's own.",
    "ddimageortext": "It asks for labels to be put on a picture.",
    "ddmarker": "It asks for marks to be put on a picture.",
    "random": "It stands for a question of a category.",
    "randomsamatch": "It is made of other questions.",
    "stack": "It is graded by a computer algebra system.",
    "coderunner": "It is graded by a program.",
}


def read_moodle_xml(source: bytes, name: str = "This file") -> Bank:
    """The questions of a Moodle XML file; what cannot be taken is in the report with its number. Raises Invalid for what is none."""
    root = parse_xml(source, name)
    if root.tag != "quiz":
        raise Invalid(f"{name} is no Moodle XML: it does not begin with a quiz.")
    findings = Findings()
    reader = _Reader(findings)
    questions: list[Question] = []
    category = ""
    for place, asked in enumerate(root.iterchildren("question"), start=1):
        if place > MOST_QUESTIONS:
            raise Invalid(f"{name} holds more than {MOST_QUESTIONS:,} questions.")
        kind = (asked.get("type") or "")[:60] or "question"
        findings.counts[kind] += 1
        if kind == "category":
            category = category_of(_words(asked.find("category")))
            continue
        try:
            questions.append(reader.question(asked, kind, place, category))
        except (Unfit, Invalid) as refusal:
            findings.leave_out(kind, _words(asked.find("name")) or kind, f"question {place}", str(refusal))
    return Bank(questions=tuple(questions), assets=findings.assets(), report=findings.report())


class _Reader:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._files: dict[str, tuple[int, Callable[[], bytes]]] = {}
        self._contents: dict[str, bytes] = {}

    def question(self, asked: etree._Element, kind: str, place: int, category: str) -> Question:
        self._place, self._title = f"question {place}", _words(asked.find("name")) or kind
        self._asked = asked
        self._keep_files(asked, f"question-{place}")
        self._html = OlxHtml(PackageLinks(self._files, f"question-{place}", self._findings), self._findings)
        type_, fields, stem = self._read(kind)
        blocks = gapped_stem(self._html, stem, self._place, self._title) if "gaps" in fields else self._html.blocks(stem, self._place, self._title)
        penalty = number(_words(asked.find("penalty")))
        hints = [said for hint in asked.iterchildren("hint") if (said := self._text(hint))]
        common: dict[str, Any] = {"feedback": self._text(asked.find("generalfeedback")), "hints": hints}
        if penalty is not None:
            common["penalty"] = _fraction(min(max(penalty, Decimal(0)), Decimal(1)))
        self._note_what_is_lost()
        points = number(_words(asked.find("defaultgrade")))
        return make_question(
            type_,
            blocks,
            {**common, **fields},
            ref=_words(asked.find("idnumber")) or f"question-{place}",
            title=_words(asked.find("name")),
            points=_digits(points) if points is not None and 0 < points <= 10_000 else "1",
            tags=tuple(said for tag in asked.iterfind("tags/tag") if (said := _words(tag)))[:50],
            category=category,
        )

    def _read(self, kind: str) -> tuple[QuestionType, dict[str, Any], str]:
        stem = self._source(self._asked.find("questiontext"))
        answers = list(self._asked.iterchildren("answer"))
        if len(answers) > MOST_QUESTIONS:
            raise Unfit("It has more answers than a question can have.")
        match kind:
            case "multichoice" | "multichoiceset":
                return *self._choices(answers, kind), stem
            case "truefalse":
                return QuestionType.TRUE_FALSE, self._truth(answers), stem
            case "shortanswer":
                exact = _words(self._asked.find("usecase")) == "1"
                return QuestionType.SHORT_TEXT, {"answers": [self._written(answer) for answer in answers], "case_sensitive": exact}, stem
            case "numerical":
                return QuestionType.NUMERIC, {"answers": self._numbers(answers), **self._units()}, stem
            case "matching":
                return QuestionType.MATCHING, self._pairs(), stem
            case "essay":
                return *self._essay(), stem
            case "description":
                return QuestionType.DESCRIPTION, {}, stem
            case "cloze":
                text, gaps = read_gaps(stem, self._rich)
                return QuestionType.CLOZE, {"gaps": gaps}, text
            case "gapselect" | "ddwtos":
                return QuestionType.DROPDOWN, *self._menus("selectoption" if kind == "gapselect" else "dragbox", stem)
            case "ordering":
                credit = _CREDITS.get(_grading_type(self._asked), "position")
                items = [{"id": new_choice_id(), "content": self._content(answer)} for answer in answers]
                return QuestionType.ORDERING, {"items": items, "credit": credit}, stem
        raise Unfit(_REASONS.get(kind, "Lyceum has no such kind of question."))

    def _choices(self, answers: list[etree._Element], kind: str) -> tuple[QuestionType, dict[str, Any]]:
        choices = []
        for answer in answers:
            content = self._text(answer)
            if content is None:
                raise Unfit("One of its choices is empty.")
            feedback = self._text(answer.find("feedback"))
            choices.append({"id": new_choice_id(), "content": content, "weight": _weight(answer), "feedback": feedback})
        one = kind == "multichoice" and _words(self._asked.find("single")) in ("true", "1")
        return QuestionType.SINGLE_CHOICE if one else QuestionType.MULTIPLE_CHOICE, {"choices": choices, "shuffle": self._is_shuffled()}

    def _truth(self, answers: list[etree._Element]) -> dict[str, Any]:
        said = {_words(answer.find("text")).lower(): answer for answer in answers}
        if set(said) != {"true", "false"}:
            raise Unfit("Its answers are not true and false.")
        return {
            "answer": Decimal(_weight(said["true"])) == 1,
            "feedback_true": self._text(said["true"].find("feedback")),
            "feedback_false": self._text(said["false"].find("feedback")),
        }

    def _written(self, answer: etree._Element) -> dict[str, Any]:
        text = str(answer.findtext("text") or "").strip()
        is_pattern = _STAR.search(text) is not None
        return {
            "text": text if is_pattern else text.replace("\\*", "*"),
            "match": "wildcard" if is_pattern else "exact",
            "weight": _credit(answer),
            "feedback": self._text(answer.find("feedback")),
        }

    def _numbers(self, answers: list[etree._Element]) -> list[dict[str, Any]]:
        found = []
        for answer in answers:
            text = _words(answer.find("text"))
            if text == "*":
                self._note("answer", "What is said about any other number was left out; the question was taken.")
                continue
            value, margin = _exactly(text), _exactly(_words(answer.find("tolerance")) or "0")
            if value is None or margin is None:
                raise Unfit(f"“{text[:60]}” is no number.")
            tolerance = {"kind": "absolute", "margin": str(abs(margin))}
            feedback = self._text(answer.find("feedback"))
            found.append({"value": str(value), "tolerance": tolerance, "weight": _credit(answer), "feedback": feedback})
        return found

    def _units(self) -> dict[str, Any]:
        units = [(_words(unit.find("unit_name")), _exactly(_words(unit.find("multiplier")))) for unit in self._asked.iterfind("units/unit")]
        known = [(name, multiplier) for name, multiplier in units if name and multiplier]
        if not known or _words(self._asked.find("showunits")) == "3":
            return {}
        base = next((name for name, multiplier in known if multiplier == 1), None)
        if base is None:
            raise Unfit("None of its units is the one that its answers are in.")
        penalty = number(_words(self._asked.find("unitpenalty")))
        share = min(max(penalty if penalty is not None else Decimal("0.1"), Decimal(0)), Decimal(1))
        is_graded = _words(self._asked.find("unitgradingtype")) in ("1", "2")
        others = [{"name": name, "factor": _digits((1 / multiplier).quantize(_STEP))} for name, multiplier in known if name != base]
        rule = ("required" if share == 1 else "penalty") if is_graded else "optional"
        return {"unit": base, "units": others, "unit_rule": rule, "unit_penalty": _fraction(share)}

    def _pairs(self) -> dict[str, Any]:
        options: dict[str, str] = {}
        prompts = []
        for pair in self._asked.iterchildren("subquestion"):
            answer = str(pair.findtext("answer/text") or "").strip()
            if not answer:
                raise Unfit("One of its answers is empty.")
            identity = options.setdefault(answer, new_choice_id())
            if content := self._text(pair):
                prompts.append({"id": new_choice_id(), "content": content, "right": identity})
        listed = [{"id": identity, "content": rich_text.from_text(answer)} for answer, identity in options.items()]
        return {"prompts": prompts, "options": listed, "shuffle": self._is_shuffled()}

    def _essay(self) -> tuple[QuestionType, dict[str, Any]]:
        files = number(_words(self._asked.find("attachments")))
        if _words(self._asked.find("responseformat")) == "noinline":
            kinds = [kind.strip() for kind in re.split(r"[,;\s]+", _words(self._asked.find("filetypeslist"))) if kind.strip().startswith(".")]
            size = number(_words(self._asked.find("maxbytes")))
            most = {"bytes_max": int(size)} if size and size >= 1000 else {}
            return QuestionType.FILE_UPLOAD, {"files_max": int(files) if files and 0 < files <= 20 else 20, "kinds": kinds[:30], **most}
        if files:
            self._note("attachments", "The files that may be sent with the text were left out; the question was taken.")
        fields: dict[str, Any] = {"sample": self._text(self._asked.find("graderinfo"))}
        for ours, theirs in (("words_min", "minwordlimit"), ("words_max", "maxwordlimit"), ("rows", "responsefieldlines")):
            value = number(_words(self._asked.find(theirs)))
            if value is not None and value >= 1:
                fields[ours] = int(value)
        if "rows" in fields:
            fields["rows"] = min(max(fields["rows"], 2), 60)
        return QuestionType.ESSAY, fields

    def _menus(self, element: str, stem: str) -> tuple[dict[str, Any], str]:
        """Each gap of the text with the choices of its own group; `[[3]]` is where the third choice belongs."""
        listed = [(_words(found.find("text")), _words(found.find("group"))) for found in self._asked.iterchildren(element)]
        marks = [int(mark) for mark in _MARK.findall(stem)]
        if len(marks) > 50 or any(not 1 <= mark <= len(listed) for mark in marks):
            raise Unfit("Its text has a gap without a choice that belongs into it.")
        groups = {group: [(name, new_choice_id()) for name, other in listed if other == group] for group in {group for _, group in listed}}
        is_one = len(groups) == 1
        gaps = []
        numbers = iter(range(1, len(marks) + 1))
        for place, mark in enumerate(marks, start=1):
            text, group = listed[mark - 1]
            menu = groups[group]
            own = menu if is_one else [(name, new_choice_id()) for name, _ in menu]
            right = next(identity for name, identity in own if name == text)
            choices = [] if is_one else [{"id": identity, "text": name} for name, identity in own]
            gaps.append({"id": new_choice_id(), "name": str(place), "right": right, "choices": choices})
        shared = [{"id": identity, "text": name} for name, identity in next(iter(groups.values()), [])] if is_one else []
        return {"choices": shared, "gaps": gaps, "shuffle": self._is_shuffled()}, _MARK.sub(lambda _: f"[[{next(numbers)}]]", stem)

    def _is_shuffled(self) -> bool:
        return _words(self._asked.find("shuffleanswers")) in ("1", "true")

    def _keep_files(self, asked: etree._Element, folder: str) -> None:
        """Files written into the question; one whose name another file has goes into a folder of its own."""
        for found in asked.iter("file"):
            name = f"{(found.get('path') or '/').strip('/')}/{found.get('name') or ''}".strip("/")
            try:
                content = base64.b64decode(found.text or "", validate=False)
            except (binascii.Error, ValueError):
                self._findings.miss(name)
                continue
            path = name if self._contents.get(name, content) == content else f"{folder}/{name}"
            self._contents[path] = content
            self._files[path] = (len(content), _gives(content))

    def _note(self, kind: str, reason: str) -> None:
        self._findings.leave_out(kind, self._title, self._place, reason)

    def _note_what_is_lost(self) -> None:
        said = [found for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback") for found in self._asked.iterchildren(name)]
        if any(_words(found.find("text")) not in ("", *_STANDARD) for found in said):
            self._note("correctfeedback", "Feedback for right or wrong answers as a whole was left out; the question was taken.")
        if _words(self._asked.find("responsetemplate")):
            self._note("responsetemplate", "The text that answers begin with was left out; the question was taken.")

    def _content(self, element: etree._Element) -> RichText:
        content = self._text(element)
        if content is None:
            raise Unfit("One of its parts is empty.")
        return content

    def _source(self, element: etree._Element | None) -> str:
        """The text of an element as HTML."""
        if element is None:
            return ""
        text = str(element.findtext("text") or "")
        match _FORMATS.get(element.get("format") or "html", "html"):
            case "plain":
                return "".join(f"<p>{escaped(part)}</p>" for part in text.split("\n") if part.strip())
            case "markdown":
                return rich_text.to_html(rich_text.from_markdown(text))
        return text if "<" in text or element.get("format") == "html" else text.replace("\n", "<br>")

    def _text(self, element: etree._Element | None) -> RichText | None:
        return self._rich(self._source(element))

    def _rich(self, html: str) -> RichText | None:
        return self._html.text(html, self._place, self._title) if html.strip() else None


_STANDARD = ("Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.", "<p>Your answer is correct.</p>",
             "<p>Your answer is partially correct.</p>", "<p>Your answer is incorrect.</p>")  # fmt: skip


def _grading_type(asked: etree._Element) -> str:
    said = _words(asked.find("gradingtype"))
    names = {"ALL_OR_NOTHING": "-1", "ABSOLUTE_POSITION": "0", "RELATIVE_NEXT_EXCLUDE_LAST": "1", "RELATIVE_NEXT_INCLUDE_LAST": "2",
             "LONGEST_ORDERED_SUBSET": "5"}  # fmt: skip
    return names.get(said, said)


def _gives(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def _words(element: etree._Element | None) -> str:
    return words(element) if element is not None else ""


def _weight(answer: etree._Element) -> str:
    value = number(answer.get("fraction")) or Decimal(0)
    return _fraction(min(max(value / 100, Decimal(-1)), Decimal(1)))


def _credit(answer: etree._Element) -> str:
    return _fraction(max(Decimal(_weight(answer)), Decimal(0)))


def _exactly(text: str) -> Decimal | None:
    """A number with all its digits, as long as a question may have."""
    if not re.fullmatch(r"[+-]?(?:\d{1,60}\.?\d{0,60}|\.\d{1,60})(?:[eE][+-]?\d{1,3})?", text):
        return None
    return Decimal(text)


def _fraction(value: Decimal) -> str:
    return _digits(value.quantize(_STEP))


def _digits(value: Decimal) -> str:
    return format(value.normalize(), "f")
