"""What a marker sees of an answer: what was asked, what was answered, how it is to be marked, and what was said before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import PurePath
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from lms_app.domain.actor import Actor
from lms_app.domain.assessments import answers, grading, handed_in, marking_queue, marks, rubrics, settling
from lms_app.domain.assessments.grading_rules import drawn_body, grade_response
from lms_app.domain.assessments.handed_in import FileSheet
from lms_app.domain.assessments.rubrics import RubricSheet
from lms_app.domain.assessments.score_rules import points_in_words
from lms_app.domain.assessments.sheets import entry_of
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.gaps import place_gaps
from lms_app.domain.assessments.views import RubricLine
from lms_app.domain.content.rendering import html_of_document, inline_html_of_rich_text
from lms_app.domain.courses.addresses import resolver
from lms_app.domain.enrollments.roster import name_of
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import Assessment, Attempt, Course, Mark, MarkingClaim, Person, QuestionScore
from lms_app.words import QuestionType


@dataclass(frozen=True, kw_only=True)
class MarkSheet:
    """A mark. `number` is its version; `points` as text. `marker` is a name."""

    number: int
    points: str
    lines: list[RubricLine]
    comment: str
    marker: str
    when: str


@dataclass(frozen=True, kw_only=True)
class Script:
    """An answer in a marker's hands. `name` is whose it is, "" where marking is anonymous. An essay stands in `text`, what was answered in another
    way in `html`, files in `files`. `remark` says how long it is. `waiting` counts what the quiz has to mark, this one included."""

    claim: str
    assessment_id: str
    quiz: str
    question_id: str
    number: int | None
    type: str
    points: str
    question: str
    text: str
    html: str
    files: list[FileSheet]
    remark: str
    sample: str
    readable: bool
    name: str
    anonymous: bool
    submitted: str
    attempt: int
    rubric: RubricSheet | None
    mark: MarkSheet | None
    waiting: int
    history: list[MarkSheet] = field(default_factory=list)


def next_script(session: Session, actor: Actor, assessment_id: UUID, held: list[UUID]) -> Script | None:
    """The next answer to mark, taken; None when nothing is left that nobody has in hand. Raises NotFound."""
    claim = marking_queue.take_next(session, actor, assessment_id, held)
    return None if claim is None else script(session, actor, claim)


def script(session: Session, actor: Actor, claim: MarkingClaim) -> Script:
    """The answer of a claim of the actor's."""
    attempt = session.get_one(Attempt, claim.attempt_id)
    settings = settling.settings_of(session, attempt)
    entry = entry_of(attempt, claim.question_id)
    score = session.get_one(QuestionScore, (attempt.id, claim.question_id))
    body = grading.bodies_of(session, [score.question_revision_id])[score.question_revision_id]
    type_, seed = QuestionType(entry["type"]), settling.seed_of(attempt, claim.question_id)
    drawn = drawn_body(type_, body, seed=seed)
    sheet = TYPES[type_].sheet(drawn, seed)
    course = session.get_one(Course, attempt.course_id)
    resolve = resolver(course.slug)
    given = answers.given(session, attempt).get(claim.question_id)
    response = given.response if given else None
    hidden = marking_queue.hides_name(settings, attempt)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    said = marks.newest_of(session, attempt.id, claim.question_id)
    return Script(
        claim=str(claim.id),
        assessment_id=str(attempt.assessment_id),
        quiz=session.get_one(Assessment, attempt.assessment_id).title,
        question_id=str(claim.question_id),
        number=entry["number"],
        type=type_,
        points=points_in_words(score.points),
        question=place_gaps(html_of_document(sheet["stem"], resolve), sheet.get("gaps", [])),
        text=str(response["text"]) if response and isinstance(response.get("text"), str) else "",
        html=_in_html(sheet, response or {}),
        files=files_of(session, attempt, claim.question_id, response=response),
        remark=grade_response(type_, body, response, seed=seed).remark if response else "",
        sample=TYPES[type_].solution(drawn),
        readable=response is not None,
        name="" if hidden else name_of(session.get_one(Person, attempt.person_id)),
        anonymous=hidden,
        submitted=when_in_words(attempt.submitted_at, zone) if attempt.submitted_at else "",
        attempt=attempt.number,
        rubric=rubrics.sheet_of(session, claim.question_id),
        mark=_mark_sheet(session, said, zone) if said else None,
        waiting=marking_queue.waiting_in(session, attempt.assessment_id),
    )


def files_of(session: Session, attempt: Attempt, question_id: UUID, *, response: dict[str, Any] | None = None) -> list[FileSheet]:
    """The files that were handed in as one answer, in order. Where marking is anonymous a file's name tells nobody."""
    sent = handed_in.sent(session, attempt).get(question_id, [])
    if not sent:
        return []
    if response is None:
        given = answers.given(session, attempt).get(question_id)
        response = (given.response if given else None) or {}
    by_id = {file.id: file for file in sent}
    files = [by_id[each] for each in response.get("files", []) if each in by_id]
    if not marking_queue.hides_name(settling.settings_of(session, attempt), attempt):
        return files
    return [
        FileSheet(id=file.id, name=f"File {place}{PurePath(file.name).suffix.lower()}", size=file.size) for place, file in enumerate(files, start=1)
    ]


def _mark_sheet(session: Session, mark: Mark, zone: ZoneInfo) -> MarkSheet:
    return MarkSheet(
        number=mark.number,
        points=points_in_words(mark.score),
        lines=marks.lines_of(mark),
        comment=marks.comment_of(mark),
        marker=name_of(session.get_one(Person, mark.marker_id)),
        when=when_in_words(mark.at, zone),
    )


def _in_html(sheet: Mapping[str, Any], response: Mapping[str, Any]) -> str:
    """An answer that was chosen rather than written, as a list. "" for one that was written, or none."""
    named = _names(sheet)
    if "choice" in response:
        said = [named(response["choice"])]
    elif "choices" in response:
        said = [named(each) for each in response["choices"]]
    elif "value" in response:
        said = ["True" if response["value"] else "False"]
    elif "pairs" in response:
        said = [f"{named(prompt)}: {named(option)}" for prompt, option in response["pairs"].items()]
    elif "order" in response:
        return f"<ol>{''.join(f'<li>{named(each)}</li>' for each in response['order'])}</ol>"
    elif "gaps" in response:
        said = [f"{named(gap)}: {named(value)}" for gap, value in response["gaps"].items()]
    elif "points" in response:
        said = [f"{float(at['x']):.0%} from the left, {float(at['y']):.0%} from the top" for at in response["points"]]
    else:
        return ""
    return f"<ul>{''.join(f'<li>{each}</li>' for each in said)}</ul>"


def _names(sheet: Mapping[str, Any]):
    """A function from an id of the sheet to what a reader calls it, as HTML; what has no name is shown as it is."""
    known: dict[str, str] = {}

    def look(value: Any) -> None:
        if isinstance(value, Mapping):
            identity = value.get("id")
            if isinstance(identity, str):
                if "content" in value:
                    known[identity] = inline_html_of_rich_text(value["content"])
                elif value.get("text") or value.get("name"):
                    known[identity] = escape(str(value.get("text") or value.get("name")))
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look({name: value for name, value in sheet.items() if name != "stem"})
    return lambda identity: known.get(str(identity), escape(str(identity)))
