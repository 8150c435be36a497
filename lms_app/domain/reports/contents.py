"""What a report says: its tables, read from roll-ups, grades and the roster by whoever may see them, and what their figures mean.

Nothing is read of many people before it is written: a table knows how many rows it has, and gives them one after the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import overview_counts, quiz_statistics, registry, risk
from lms_app.domain.analytics.fold import SHARD
from lms_app.domain.analytics.overview_rules import WEEKDAYS
from lms_app.domain.analytics.queries import Wanted, course_overview
from lms_app.domain.analytics.student_figures import figures_of_run
from lms_app.domain.analytics.students import score_percent
from lms_app.domain.courses import access
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments.progress_rules import percent_of
from lms_app.domain.enrollments.roster import Named, named
from lms_app.domain.gradebook import grade_rules, reading
from lms_app.domain.gradebook.tables import EXCUSED
from lms_app.domain.reports.report_rules import BY_DAYS, BY_GROUP, NAMES, days_in_words, in_words
from lms_app.errors import NotFound
from lms_app.interchange.report_document import Cell, Chart, Column, Definition, Document, Table
from lms_app.models import Assessment, Course, FoldCursor, Group, GroupMember, Run, RunQuizSums
from lms_app.words import GradeState, ReportKind

AT_ONCE = 200
"""People whose grades are read by one statement."""

NUMBER = "number"
DAYS_PRINTED = 28
"""Days of the overview on paper: its chart has all."""

_SHOWN = {
    "millionths of full marks": "percent",
    "millionths of full marks, shown as percent": "percent",
    "seconds": "minutes or hours",
    "seconds, shown as days": "days, hours or minutes",
    "seconds per person": "minutes per person",
    "seconds per day": "minutes per day",
    "seconds since 1970, shown as a moment": "moment",
}
"""In what a report has the figures that the registry counts in whole numbers of something smaller."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a report is asked for: its kind, and what it is narrowed to."""

    kind: ReportKind
    run_id: UUID
    group_id: UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class _Source:
    session: Session
    actor: Actor
    course: Course
    run: Run
    group: Group | None
    asked: Asked

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.run.time_zone)

    def people(self) -> list[Named]:
        """Those who take the run, or those of them who are in the group, by name."""
        everybody = named(self.session, self.run.id)
        if self.group is None:
            return everybody
        inside = set(self.session.exec(select(GroupMember.enrollment_id).where(GroupMember.group_id == self.group.id)).all())
        return [one for one in everybody if one.enrollment_id in inside]


def document(session: Session, actor: Actor, course_id: UUID, asked: Asked) -> Document:
    """The report of a course for somebody of its staff. Its rows are read while they are written, by this session. Raises NotFound."""
    source = _source(session, actor, course_id, asked)
    tables, definitions = _TABLES[asked.kind](source)
    cursor = session.get(FoldCursor, SHARD)
    now = clock.now()
    as_of = now if asked.kind == ReportKind.GRADEBOOK or cursor is None else cursor.folded_at
    return Document(
        title=NAMES[asked.kind],
        course=source.course.title,
        language=source.course.language,
        facts=_facts(source, as_of),
        tables=tables,
        definitions=definitions,
        zone=source.zone,
        made_at=now,
        notes=_notes(source),
    )


def checked(session: Session, actor: Actor, course_id: UUID, asked: Asked) -> Asked:
    """The same, without what does not narrow this kind. Raises NotFound for a foreign course, run or group."""
    if asked.kind not in BY_GROUP or asked.kind not in BY_DAYS:
        asked = Asked(
            kind=asked.kind,
            run_id=asked.run_id,
            group_id=asked.group_id if asked.kind in BY_GROUP else None,
            since=asked.since if asked.kind in BY_DAYS else None,
            until=asked.until if asked.kind in BY_DAYS else None,
        )
    _source(session, actor, course_id, asked)
    return asked


def run_name(run: Run) -> str:
    """What a run is called."""
    begun = (run.opens_at or run.created_at).astimezone(ZoneInfo(run.time_zone))
    return run.title or f"Run of {begun.day} {begun:%B %Y}"


def _source(session: Session, actor: Actor, course_id: UUID, asked: Asked) -> _Source:
    course = access.staffed_course(session, actor, course_id)
    run = session.get(Run, asked.run_id)
    if run is None or run.course_id != course.id:
        raise NotFound("There is no such run of this course.")
    group = session.get(Group, asked.group_id) if asked.group_id else None
    if asked.group_id and (group is None or group.run_id != run.id):
        raise NotFound("There is no such group in this run.")
    return _Source(session=session, actor=actor, course=course, run=run, group=group, asked=asked)


def _facts(source: _Source, as_of: datetime) -> list[tuple[str, str]]:
    asked, local = source.asked, as_of.astimezone(source.zone)
    facts = [("Course", source.course.title), ("Run", run_name(source.run))]
    if asked.kind in BY_GROUP:
        facts.append(("Group", source.group.name if source.group else "Everybody"))
    if asked.kind in BY_DAYS:
        facts.append(("Days", days_in_words(asked.since, asked.until)))
    return [*facts, ("As of", f"{in_words(local.date())}, {local:%H:%M}, {source.run.time_zone}")]


def _notes(source: _Source) -> list[str]:
    notes = []
    if source.asked.kind == ReportKind.OVERVIEW:
        if source.group is not None:
            notes.append("Scores by quiz and working hours are of the whole run; all else is of the group.")
        if source.asked.since or source.asked.until:
            notes.append("The days narrow activity by day, the changes and the working hours; all else is of the whole run.")
    return notes


def _definitions(*names: str) -> list[Definition]:
    notes = registry.notes(*names)
    return [Definition(title=note.title, meaning=note.meaning, unit=_SHOWN.get(note.unit, note.unit), n=note.n, source=note.source) for note in notes]


def _table(name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], **more: Any) -> Table:
    """A table of few rows, which are there already."""
    return Table(name=name, columns=columns, count=len(rows), rows=lambda: iter(rows), **more)


def _overview(source: _Source) -> tuple[list[Table], list[Definition]]:
    asked = source.asked
    wanted = Wanted(run=source.run.id, group=asked.group_id, since=asked.since, until=asked.until)
    seen = course_overview(source.session, source.actor, source.course.id, wanted)
    course, titles = seen.course, {name: metric.title for name, metric in registry.ALL.items()}
    units = {name: metric.n for name, metric in registry.ALL.items()}
    opened = {item: counts[0] for item, counts in overview_counts.items(source.session, source.run, asked.group_id).items()}
    key = [[titles[one.metric], _number(one.value), one.unit, one.n, units[one.metric], one.change] for one in seen.key]
    steps = [[s.title, s.module, opened.get(UUID(s.id), 0), s.completed, Decimal(str(round(s.share * 100, 1)))] for s in course.funnel]
    scores = [[quiz.title, quiz.attempts, _hundred(quiz.mean), _hundred(quiz.pass_mark)] for quiz in course.quizzes]
    heat = [[f"{hour:02}:00", *(row.counts[hour] for row in seen.heat)] for hour in range(24)]
    tables = [
        _table(
            "Key figures",
            [
                Column(title="Figure", width=1.6), Column(title="Value", kind=NUMBER), Column(title="Unit"), Column(title="n", kind=NUMBER),
                Column(title="What n counts", width=1.6), Column(title="Change", width=2.2),
            ],
            key,
        ),
        _table(
            "Completion by item",
            [
                Column(title="Page or quiz", width=2.4), Column(title="Module", width=1.6), Column(title="Opened", kind=NUMBER, metric="opened"),
                Column(title="Completed", kind=NUMBER, metric="completion"), Column(title="Of all, %", kind=NUMBER),
            ],
            steps,
            finding=course.funnel_finding,
            chart=Chart(title="People who have completed it", labels=0, values=3) if steps else None,
        ),
        _table(
            "Where people stopped",
            [
                Column(title="Page or quiz", width=2.4), Column(title="Module", width=1.6), Column(title="Opened", kind=NUMBER),
                Column(title="Stopped here", kind=NUMBER, metric="dropped_at"),
            ],
            [[stop.title, stop.module, stop.opened, stop.people] for stop in seen.stops],
            finding=seen.stops_finding,
        ),
        _table(
            "Scores by quiz",
            [
                Column(title="Quiz", width=2.4), Column(title="Attempts", kind=NUMBER), Column(title="Mean, %", kind=NUMBER),
                Column(title="To pass, %", kind=NUMBER),
            ],
            scores,
        ),
        _table(
            "People each day",
            [Column(title="Day", kind="day"), Column(title="Active", kind=NUMBER, metric="active"), Column(title="Enrolled", kind=NUMBER)],
            [[date.fromisoformat(day.day), day.active, day.enrolled] for day in course.days],
            finding=course.activity_finding,
            chart=Chart(title="Active people each day", labels=0, values=1, many=True),
            printed=DAYS_PRINTED,
        ),
        _table(
            "Time to complete",
            [Column(title="From day", kind=NUMBER), Column(title="To day", kind=NUMBER), Column(title="People", kind=NUMBER)],
            [[one.low, one.high, one.people] for one in seen.durations],
            finding=seen.durations_finding,
        ),
        _table(
            "When people work",
            [Column(title="Hour"), *(Column(title=day[:3], kind=NUMBER, width=0.8) for day in WEEKDAYS)],
            heat if seen.heat else [],
            finding=seen.heat_finding,
        ),
    ]  # fmt: skip
    names = [one.metric for one in seen.key]
    return tables, _definitions(*names, "opened", "completion", "dropped_at", "score", "active", "heat")


def _students(source: _Source) -> tuple[list[Table], list[Definition]]:
    people = source.people()
    columns = [
        Column(title="Name", width=2.2),
        Column(title="Progress, %", kind=NUMBER),
        Column(title="Items done", kind=NUMBER),
        Column(title="Of items", kind=NUMBER),
        Column(title="Mean score, %", kind=NUMBER, metric="mean_score_of_person"),
        Column(title="Time, minutes", kind=NUMBER, metric="time_by_person"),
        Column(title="Last visit", kind="moment", width=1.5, metric="last_active"),
        Column(title="Enrolled", kind="day", width=1.1),
        Column(title="Completed", width=1.1),
        Column(title="At risk because", width=3.0),
    ]

    def rows() -> Iterator[Sequence[Cell]]:
        figures = figures_of_run(source.session, source.run.id)
        reasons = risk.open_reasons(source.session, source.run)
        for one in people:
            known = figures.get(one.enrollment_id)
            if known is None:
                continue
            yield [
                one.name,
                percent_of(known.done, known.total),
                known.done,
                known.total,
                score_percent(known.score),
                known.seconds // 60,
                known.visited,
                known.enrolled_at.astimezone(source.zone).date(),
                "yes" if known.completed else "no",
                reasons.get(one.enrollment_id, ""),
            ]

    count = len(people)
    finding = f"{count:,} {'student' if count == 1 else 'students'}, by name."
    own = [
        Definition(
            title="Progress",
            meaning="Required pages and quizzes that the student has completed, of all.",
            unit="percent",
            n="required items",
            source="the ledger of completions",
        ),
        Definition(
            title="At risk because",
            meaning="Every reason that holds by the thresholds of the course, in words. There is no score. Who was dismissed has none.",
            unit="words",
            n="this student",
            source="roll-ups and grades",
        ),
    ]
    table = Table(name="Students", columns=columns, count=count, rows=rows, finding=finding)
    return [table], [*own, *_definitions("mean_score_of_person", "time_by_person", "last_active")]


def _gradebook(source: _Source) -> tuple[list[Table], list[Definition]]:
    people, book = source.people(), reading.read_book(source.session, source.run.id)
    columns = [
        Column(title="Name", width=2.2),
        Column(title="Total"),
        Column(title="Percent", kind=NUMBER),
        Column(title="Passed"),
        *(Column(title=f"{column.title} (of {grade_rules.in_words(column.points)})", kind=NUMBER, width=1.2) for column in book.columns),
    ]

    def rows() -> Iterator[Sequence[Cell]]:
        for start in range(0, len(people), AT_ONCE):
            some = people[start : start + AT_ONCE]
            held = reading.read_marks(source.session, [one.enrollment_id for one in some], book.exceptions)
            for one in some:
                marks = held.get(one.enrollment_id, {})
                total = book.total(marks)
                cells = [_grade(book, column, mark) for column, mark in reading.in_order(book.columns, marks)]
                yield [one.name, total.text, total.percent, {True: "yes", False: "no", None: ""}[total.passed], *cells]

    definitions = [
        Definition(
            title="Total and percent",
            meaning="What the grades make by the rules of the gradebook: weights, what is dropped, lateness, and what is missing.",
            unit="points, letters or words of the scale; percent rounded down",
            n="columns that count",
            source="grades, as they are now",
        ),
        Definition(
            title="Points",
            meaning=f"Points as they stand after lateness. {EXCUSED} is excused; what is not there is empty.",
            unit="points",
            n="this grade",
            source="quizzes and what a grader gave",
        ),
    ]
    return [Table(name="Grades", columns=columns, count=len(people), rows=rows)], definitions


def _grade(book: reading.Book, column: Any, held: reading.Held) -> Cell:
    stands = grade_rules.standing(column, held.mark, book.ruling, book.now)
    if stands.state == GradeState.EXCUSED:
        return EXCUSED
    return None if stands.state == GradeState.MISSING else stands.score


def _questions(source: _Source) -> tuple[list[Table], list[Definition]]:
    quizzes = _measured(source)
    first = {quiz: quiz_statistics.quiz_statistics(source.session, source.actor, quiz, 1, source.run.id) for quiz in quizzes}
    tests = ("quiz_mean", "quiz_median", "quiz_sd", "alpha", "standard_error", "quiz_skewness", "quiz_kurtosis")
    items = (
        "facility", "facility_sd", "discrimination", "efficiency", "item_rest", "item_total", "alpha_if_deleted", "intended_weight",
        "effective_weight",
    )  # fmt: skip
    fields = {"facility_sd": "sd"}
    titles = {name: registry.ALL[name].title + (", %" if registry.ALL[name].unit == "percent" else "") for name in (*tests, *items)}

    def rows() -> Iterator[Sequence[Cell]]:
        for quiz, sheet in first.items():
            pages = -(-sheet.total // quiz_statistics.PER_PAGE)
            for page in range(1, pages + 1):
                shown = sheet if page == 1 else quiz_statistics.quiz_statistics(source.session, source.actor, quiz, page, source.run.id)
                for question in shown.questions:
                    figures = [_number(getattr(question, fields.get(name, name)).text.removesuffix(" %")) for name in items]
                    flags = "; ".join(flag.words for flag in question.flags)
                    yield [question.title, sheet.title, question.number or "Pool", question.seen, question.answered, *figures, flags]

    summary = [
        [sheet.title, sheet.attempts, sheet.complete, *(_number(figure.text) for figure in sheet.figures), sheet.reason] for sheet in first.values()
    ]
    by_name = [figure.metric for figure in next(iter(first.values())).figures] if first else list(tests)
    quiz_columns = [Column(title="Quiz", width=2.2), Column(title="Attempts", kind=NUMBER), Column(title="Complete", kind=NUMBER)]
    number = [Column(title=titles[name], kind=NUMBER, metric=name) for name in by_name]
    tables = [
        _table("Quizzes", [*quiz_columns, *number, Column(title="Note", width=2)], summary),
        Table(
            name="Questions",
            columns=[
                Column(title="Question", width=3.0),
                Column(title="Quiz", width=1.4),
                Column(title="No.", kind=NUMBER, width=0.6),
                Column(title="Seen", kind=NUMBER, width=0.8),
                Column(title="Answered", kind=NUMBER),
                *(Column(title=titles[name], kind=NUMBER, metric=name) for name in items),
                Column(title="To look at", width=2.0),
            ],
            count=sum(sheet.total for sheet in first.values()),
            rows=rows,
            finding="Each person's first finished attempt counts.",
        ),
    ]
    return tables, _definitions(*tests, *items)


def _measured(source: _Source) -> list[UUID]:
    """The quizzes of the run that have figures, in course order, those that students see no more last."""
    query = select(RunQuizSums.assessment_id).join(Assessment, col(Assessment.id) == col(RunQuizSums.assessment_id))
    known = set(source.session.exec(query.where(RunQuizSums.run_id == source.run.id, Assessment.course_id == source.course.id)).all())
    in_order = [item.id for item in published_outline(source.session, source.course.id).items() if item.id in known]
    return [*in_order, *sorted(known - set(in_order))]


def _activity(source: _Source) -> tuple[list[Table], list[Definition]]:
    asked = source.asked
    moves = {move.day: move for move in overview_counts.days(source.session, source.run, asked.group_id)}
    last = max([overview_counts.today(source.run), *moves])
    first, last = asked.since or min(moves, default=last), min(asked.until or last, last)
    if moves:
        # Before the first day and after today there is nothing to tell.
        first = max(first, min(moves))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)] if moves else []
    columns = [
        Column(title="Day", kind="day", width=1.1),
        Column(title="Active people", kind=NUMBER, metric="active"),
        Column(title="Enrolled", kind=NUMBER, metric="enrolled_by_day"),
        Column(title="Withdrawn", kind=NUMBER),
        Column(title="Completed the course", kind=NUMBER, metric="completed_by_day"),
        Column(title="Time, minutes", kind=NUMBER, metric="time_by_day"),
    ]
    names = ["active", "enrolled_by_day", "withdrawn", "completed_by_day", "time_by_day"]
    whole = source.group is None
    if whole:
        columns += [
            Column(title="Items completed", kind=NUMBER, metric="completions_by_day"),
            Column(title="Submissions", kind=NUMBER, metric="submissions_by_day"),
            Column(title="Mean score, %", kind=NUMBER, metric="mean_score_by_day"),
        ]
        names += ["completions_by_day", "submissions_by_day", "mean_score_by_day"]

    def row(day: date) -> list[Cell]:
        move = moves.get(day) or overview_counts.DayMoves(day=day)
        cells: list[Cell] = [day, move.active, move.enrolled, move.withdrawn, move.completed, move.seconds // 60]
        if whole:
            mean = move.fractions / move.submissions if move.submissions else None
            cells += [move.completions, move.submissions, None if mean is None else round(mean * 100, 1)]
        return cells

    chart = Chart(title="Active people each day", labels=0, values=1, many=True)
    table = _table("Activity by day", columns, [row(day) for day in days], finding="A day begins at midnight by the course's clock.", chart=chart)
    return [table], _definitions(*names)


def _number(words: str) -> Cell:
    """A number that was written for a page, None for a dash, and words as they are."""
    try:
        return Decimal(words.replace(",", "").replace("−", "-"))
    except InvalidOperation:
        return None if words in ("–", "—", "") else words


def _hundred(fraction: float | None) -> Cell:
    return None if fraction is None else Decimal(str(round(fraction * 100, 1)))


_TABLES = {
    ReportKind.OVERVIEW: _overview,
    ReportKind.STUDENTS: _students,
    ReportKind.GRADEBOOK: _gradebook,
    ReportKind.QUESTIONS: _questions,
    ReportKind.ACTIVITY: _activity,
}
