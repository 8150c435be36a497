"""What a report says: its tables, read from roll-ups, grades and the roster by whoever may see them, and what their figures mean.

Nothing is read of many people before it is written: a table knows how many rows it has, and gives them one after the other.
"""

from dataclasses import dataclass
from datetime import datetime

from lms_app.adapters import clock
from lms_app.domain.analytics.fold import SHARD
from lms_app.domain.analytics.narrowing import run_name
from lms_app.domain.reports import course_tables, people_tables, question_tables
from lms_app.domain.reports.report_rules import BY_DAYS, BY_GROUP, NAMES, days_in_words, in_words
from lms_app.domain.reports.sources import Source
from lms_app.domain.reports.table_parts import Outlined
from lms_app.interchange.report_document import Document
from lms_app.models import FoldCursor
from lms_app.words import ReportKind

_TABLES = {
    ReportKind.OVERVIEW: course_tables.overview,
    ReportKind.STUDENTS: people_tables.students,
    ReportKind.GRADEBOOK: people_tables.gradebook,
    ReportKind.QUESTIONS: question_tables.questions,
    ReportKind.ACTIVITY: course_tables.activity,
}
_OUTLINES = {
    ReportKind.OVERVIEW: course_tables.overview_outline,
    ReportKind.STUDENTS: people_tables.students_outline,
    ReportKind.GRADEBOOK: people_tables.gradebook_outline,
    ReportKind.QUESTIONS: question_tables.questions_outline,
    ReportKind.ACTIVITY: course_tables.activity_outline,
}


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A report before it is read: what it would be about, and its tables."""

    title: str
    facts: list[tuple[str, str]]
    tables: list[Outlined]


def document(source: Source) -> Document:
    """The whole report. Its rows are read while they are written, by the source's session."""
    tables, meanings = _TABLES[source.asked.kind](source)
    return Document(
        title=NAMES[source.asked.kind],
        course=source.course.title,
        language=source.course.language,
        facts=_facts(source),
        tables=tables,
        definitions=meanings,
        zone=source.zone,
        made_at=clock.now(),
        notes=_notes(source),
    )


def outline(source: Source) -> Outline:
    """What the report would have: as few statements as for an empty course, however many take it."""
    return Outline(title=NAMES[source.asked.kind], facts=_facts(source), tables=_OUTLINES[source.asked.kind](source))


def _facts(source: Source) -> list[tuple[str, str]]:
    asked, local = source.asked, _as_of(source).astimezone(source.zone)
    facts = [("Course", source.course.title), ("Run", run_name(source.run))]
    if asked.kind in BY_GROUP:
        facts.append(("Group", source.group.name if source.group else "Everybody"))
    if asked.kind in BY_DAYS:
        facts.append(("Days", days_in_words(asked.since, asked.until)))
    return [*facts, ("As of", f"{in_words(local.date())}, {local:%H:%M}, {source.run.time_zone}")]


def _as_of(source: Source) -> datetime:
    """Grades are as they stand; all else is as of when it was rolled up."""
    cursor = source.session.get(FoldCursor, SHARD)
    return clock.now() if source.asked.kind == ReportKind.GRADEBOOK or cursor is None else cursor.folded_at


def _notes(source: Source) -> list[str]:
    notes = []
    if source.asked.kind == ReportKind.OVERVIEW:
        if source.group is not None:
            notes.append("Scores by quiz and working hours are of the whole run; all else is of the group.")
        if source.asked.since or source.asked.until:
            notes.append("The days narrow activity by day, the changes and the working hours; all else is of the whole run.")
    return notes
