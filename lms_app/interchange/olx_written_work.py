"""What students of an OLX course write or send, for a person or a program to judge: essays and file uploads here, which a person marks."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from lms_app.domain.assessments.rubric_rules import LONGEST_TEXT, LONGEST_TITLE, rubric_from
from lms_app.domain.content.rich_text import from_text
from lms_app.interchange.html_tree import escaped, inner_html
from lms_app.interchange.made_questions import Unfit, make_question
from lms_app.interchange.neutral import Block, Question
from lms_app.interchange.olx_answers import Answers
from lms_app.interchange.olx_source import OlxNode
from lms_app.interchange.xml import words
from lms_app.words import QuestionType

_TYPED = ("textline", "textbox")
_PICTURES = ("gif", "jpeg", "jpg", "jfif", "pjpeg", "png")
_KINDS = {"image": _PICTURES, "pdf-and-image": ("pdf", *_PICTURES)}
_ENDING = re.compile(r"\.?([A-Za-z0-9]{1,10})")
_LONGEST_SAMPLE = 4000
SCRIPT_GRADED = "A script graded it: it was taken without that, for you to mark."
BY_STUDENTS = "Students judged it themselves or one another: it was taken for you to mark."
WITH_FILES = "Files beside the text are not asked for."


def read_by_hand(response: etree._Element) -> Answers:
    """A response that a script or a program grades, as something to mark by hand. Unfit where nothing is typed or sent."""
    sent = response.find(".//filesubmission")
    if sent is not None:
        return Answers(type=QuestionType.FILE_UPLOAD, fields=_files(f"{sent.get('allowed_files') or ''},{sent.get('required_files') or ''}"))
    typed = list(response.iter(*_TYPED))
    others = [child for child in response.iter(etree.Element) if str(child.tag).endswith("input") or child.tag in ("schematic", "chemicalequation")]
    if not typed or others:
        raise Unfit("It is graded by a script.")
    expected = [str(field.get("correct_answer") or "").strip() for field in typed] if len(typed) > 1 else []
    known = "\n".join(filter(None, expected)) or (response.get("expect") or response.get("answer") or typed[0].get("correct_answer") or "").strip()
    sample = from_text(known[:_LONGEST_SAMPLE]) if known and "$" not in known else None
    rows = (typed[0].get("rows") or "") if typed[0].tag == "textbox" else "2"
    return Answers(
        type=QuestionType.ESSAY,
        fields={"sample": sample, "rows": min(max(int(rows), 2), 60) if rows.isdecimal() and len(rows) < 4 else 10},
    )


def assessed_response(node: OlxNode, blocks: Callable[[str], list[Block]], note: Callable[[str], None]) -> Question:
    """An open response assessment. `note` is told what of it was left out. Unfit for one that asks for nothing."""
    element = node.element
    is_html = (element.get("prompts_type") or "text") == "html"
    said = [prompt.find("description") for prompt in element.iterfind("prompts/prompt")] or [element.find("prompt")]
    asked = [_prompt(one, is_html=is_html) for one in said if one is not None and words(one)]
    title = " ".join((words(element.find("title")) if element.find("title") is not None else "").split()) or node.title  # pyright: ignore[reportArgumentType]
    stem = [block for html in asked for block in blocks(html)]
    if not stem:
        raise Unfit("It asks nothing.")
    steps = {str(step.get("name")) for step in element.iterfind("assessments/assessment")}
    if steps - {"staff-assessment"}:
        note(BY_STUDENTS)
    rubric = _rubric(element.find("rubric"))
    if rubric is None and element.find("rubric/criterion") is not None:
        note("Its rubric cannot be read here.")
    sends = element.get("file_upload_response") or ("optional" if element.get("allow_file_upload", "").lower() == "true" else "")
    points = sum((_most(criterion) for criterion in rubric["criteria"]), Decimal(0)) if rubric else Decimal(0)
    worth = format(points.normalize(), "f") if points > 0 else "1"
    more: dict[str, Any] = {"ref": f"{node.url_name or 'response'}-1", "title": title, "points": worth, "rubric": rubric}
    if not element.get("text_response", "required") and sends:
        kinds = element.get("white_listed_file_types") or ",".join(_KINDS.get(element.get("file_upload_type") or "", ()))
        most = 20 if element.get("allow_multiple_files", "true").lower() == "true" else 1
        return make_question(QuestionType.FILE_UPLOAD, stem, {**_files(kinds), "files_max": most}, **more)
    if sends:
        note(WITH_FILES)
    return make_question(QuestionType.ESSAY, stem, {}, **more)


def staff_graded_upload(node: OlxNode) -> Question:
    """A file that staff grade, of which the source says a name and points alone."""
    written = node.attributes.get("points") or node.attributes.get("weight") or "1"
    try:
        points = Decimal(written)
    except InvalidOperation:
        points = Decimal(1)
    points = points if points.is_finite() and 0 <= points <= 10_000 else Decimal(1)
    title = node.title or "Assignment"
    return make_question(
        QuestionType.FILE_UPLOAD, [], {}, ref=f"{node.url_name or 'assignment'}-1", title=title, points=format(points.normalize(), "f")
    )


def _prompt(element: etree._Element, *, is_html: bool) -> str:
    if is_html:
        return inner_html(element) if len(element) else element.text or ""
    lines = [line.strip() for line in str(element.xpath("string()")).split("\n")]
    return "".join(f"<p>{escaped(line)}</p>" for line in lines if line)


def _files(kinds: str) -> dict[str, Any]:
    """The endings in a list of endings or of names of files."""
    names = [name.strip() for name in re.split(r"[,;\s]+", kinds) if name.strip()]
    endings = [found[1].lower() for name in names if (found := _ENDING.fullmatch(name.rpartition(".")[2]))]
    return {"kinds": [f".{ending}" for ending in dict.fromkeys(endings)][:30]}


def _rubric(element: etree._Element | None) -> dict[str, Any] | None:
    """The rubric, None where there is none or it is none of ours."""
    if element is None:
        return None
    criteria = [_criterion(criterion) for criterion in element.iterfind("criterion")]
    with_levels = [criterion for criterion in criteria if criterion["levels"]]
    try:
        rubric_from({"criteria": with_levels})
    except (ValueError, ArithmeticError):
        return None
    return {"criteria": with_levels}


def _criterion(criterion: etree._Element) -> dict[str, Any]:
    levels = [
        {"title": _said(option, "label", "name")[:LONGEST_TITLE], "points": option.get("points") or "0", "description": _said(option, "explanation")}
        for option in criterion.iterfind("option")
    ]
    title, prompt = _said(criterion, "label", "name"), _said(criterion, "prompt")
    # Open edX writes the best level first or last as its author likes; the order is kept.
    return {"title": title[:LONGEST_TITLE], "description": prompt[:LONGEST_TEXT] if prompt != title else "", "levels": levels}


def _said(element: etree._Element, *tags: str) -> str:
    found = (words(child) for tag in tags if (child := element.find(tag)) is not None)
    return next(filter(None, found), "")[:LONGEST_TEXT]


def _most(criterion: dict[str, Any]) -> Decimal:
    return max(Decimal(level["points"]) for level in criterion["levels"])
