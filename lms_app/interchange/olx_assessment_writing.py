"""Essays and file uploads as open response assessments of Open edX, which staff mark by a rubric."""

from collections.abc import Callable
from decimal import Decimal
from html import escape
from typing import Any

from lms_app.domain.assessments.types import TYPES
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.neutral import Question
from lms_app.interchange.page_html import block_html
from lms_app.words import QuestionType

NO_RUBRIC = "Written with a rubric of one criterion, for Open edX marks by no other."
_MOST_STEPS = 10


def assessment_xml(question: Question, lead: Callable[[str], str]) -> str:
    """The assessment; `lead` leads the references in the HTML of what is asked. Unfit where Open edX has no such rubric."""
    body = TYPES[question.type].body.model_validate(question.body).model_dump(mode="json")
    asked = lead("".join(block_html(block) for block in body["stem"]["blocks"]))
    said = "<![CDATA[" + asked.replace("]]>", "]]&gt;") + "]]>" if "<" in asked else escape(asked)
    criteria = "".join(map(_criterion, question.rubric["criteria"])) if question.rubric else _plain_criterion(Decimal(question.points))
    return (
        f'<openassessment {_fields(question.type, body)} prompts_type="html" text_response_editor="text">'
        f"<title>{_xml(question.title)}</title>"
        '<assessments><assessment name="staff-assessment" required="True"/></assessments>'
        f"<prompts><prompt><description>{said}</description></prompt></prompts>"
        f"<rubric>{criteria}</rubric></openassessment>"
    )


def _fields(type_: QuestionType, body: dict[str, Any]) -> str:
    if type_ == QuestionType.ESSAY:
        return 'text_response="required" file_upload_response=""'
    kinds = ",".join(kind.removeprefix(".") for kind in body["kinds"])
    files = f'file_upload_type="custom" white_listed_file_types="{kinds}"' if kinds else 'file_upload_type="pdf-and-image"'
    return f'text_response="" file_upload_response="required" {files} allow_multiple_files="{body["files_max"] > 1}"'


def _criterion(criterion: dict[str, Any]) -> str:
    if not criterion.get("levels"):
        raise Unfit("Open edX has no criteria without levels.")
    return _listed(criterion["title"], criterion.get("description", ""), criterion["levels"])


def _plain_criterion(points: Decimal) -> str:
    if points != points.to_integral_value() or points <= 0:
        raise Unfit("Open edX marks by whole points.")
    steps = range(int(points) + 1) if points <= _MOST_STEPS else (0, int(points))
    return _listed("Points", "", [{"title": str(step), "points": str(step)} for step in steps])


def _listed(title: str, description: str, levels: list[dict[str, Any]]) -> str:
    if any(Decimal(level["points"]) != Decimal(level["points"]).to_integral_value() for level in levels):
        raise Unfit("Open edX marks by whole points.")
    options = "".join(
        f'<option points="{int(Decimal(level["points"]))}"><name>{_xml(level["title"])}</name><label>{_xml(level["title"])}</label>'
        f"<explanation>{_xml(level.get('description', ''))}</explanation></option>"
        for level in levels
    )
    return f"<criterion><name>{_xml(title)}</name><label>{_xml(title)}</label><prompt>{_xml(description)}</prompt>{options}</criterion>"


def _xml(text: str) -> str:
    return escape("".join(letter for letter in text if ord(letter) >= 0x20 or letter in "\t\n"))
