"""Setting up a gradebook: how it is graded, its categories, its columns."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import update
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.certificates import following
from lms_app.domain.courses import access, positions
from lms_app.domain.courses.authoring import checked_title
from lms_app.domain.gradebook import reading
from lms_app.domain.gradebook.grade_rules import exact, in_words
from lms_app.domain.gradebook.gradebook_settings import GradebookSettings, LetterFrom
from lms_app.domain.gradebook.views import GradebookSetup
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.models import Gradebook, GradeCategory, GradeColumn, Run
from lms_app.words import Aggregation, GradeScale, Hint, Missing

MOST_CATEGORIES = 50
MOST_COLUMNS = 300
MOST_POINTS = Decimal(10_000)
MOST_DROPPED = 20


def setup(session: Session, actor: Actor, course_id: UUID) -> GradebookSetup:
    """Everything that can be set about a course's gradebook. Raises NotFound for whoever may not author the course."""
    course = access.editable_course(session, actor, course_id)
    book = reading.read_book(session, access.current_run(session, course.id).id)
    return GradebookSetup(
        course_id=str(course.id),
        course=course.title,
        zone=book.zone.key.replace("_", " "),
        aggregation=book.settings.aggregation,
        missing=book.settings.missing,
        late_per_day=_percent(book.settings.late_per_day),
        late_floor=_percent(book.settings.late_floor),
        late_grace=str(book.settings.late_grace // 60),
        scale=book.settings.scale,
        scale_points=exact(book.settings.scale_points),
        letters="\n".join(f"{letter.word} {_percent(letter.from_fraction)}" for letter in book.settings.letters),
        pass_mark="" if book.settings.pass_mark is None else _percent(book.settings.pass_mark),
        categories=book.category_views(),
        columns=book.column_views(),
    )


def save_settings(session: Session, actor: Actor, course_id: UUID, settings: GradebookSettings) -> None:
    """How the run is graded from now on. Every total follows at once: none is stored."""
    run = _edited_run(session, actor, course_id)
    book = session.get(Gradebook, run.id) or Gradebook(run_id=run.id, settings={}, updated_at=clock.now())
    book.settings, book.updated_at = settings.model_dump(mode="json"), clock.now()
    session.add(book)
    _tell(session, run)


def read_settings(
    *,
    aggregation: Aggregation,
    missing: Missing,
    late_per_day: str,
    late_floor: str,
    late_grace: str,
    scale: GradeScale,
    scale_points: str,
    letters: str,
    pass_mark: str,
) -> GradebookSettings:
    """Settings out of what a form says: percentages, minutes of grace, and a line for each letter, such as `A 90`. Raises Invalid with the fields
    that cannot be."""
    wrong: dict[str, str] = {}

    def number(field: str, text: str, least: int, most: int, said: str) -> Decimal:
        try:
            return _number(text.strip() or "0", field, Decimal(least), Decimal(most), said)
        except Invalid as refusal:
            wrong.update(refusal.fields)
            return Decimal(least)

    part = "A percentage from 0 to 100."
    read = {
        "aggregation": aggregation,
        "missing": missing,
        "late_per_day": number("late_per_day", late_per_day, 0, 100, part) / 100,
        "late_floor": number("late_floor", late_floor, 0, 100, part) / 100,
        "late_grace": int(number("late_grace", late_grace, 0, 7 * 24 * 60, "Minutes, at most a week of them.") * 60),
        "scale": scale,
        "scale_points": number("scale_points", scale_points, 1, 10_000, "A number from 1, such as 20.").quantize(Decimal("0.01")),
        "letters": _letters(letters, wrong),
        "pass_mark": number("pass_mark", pass_mark, 0, 100, part) / 100 if pass_mark.strip() else None,
    }
    if wrong:
        raise Invalid("These settings cannot be saved yet.", fields=wrong)
    try:
        return GradebookSettings.model_validate(read)
    except ValidationError:
        said = "Letters go from the highest to the lowest, and the lowest begins at 0."
        raise Invalid(said, fields={"letters": said}) from None


def _letters(text: str, wrong: dict[str, str]) -> tuple[LetterFrom, ...]:
    letters = []
    for line in (line for line in text.splitlines() if line.strip()):
        word, _, limit = line.strip().rstrip("%").strip().rpartition(" ")
        try:
            fraction = _number(limit, "letters", Decimal(0), Decimal(100), "") / 100
            letters.append(LetterFrom(word=word.strip(), from_fraction=fraction))
        except (Invalid, ValidationError):
            wrong["letters"] = f"“{line.strip()[:30]}” is not a letter and the percentage from which it is given, such as: A 90."
    return tuple(letters)


def add_category(session: Session, actor: Actor, course_id: UUID, title: str) -> UUID:
    """A new category at the end, weighing as much as one that nobody has weighed."""
    run = _edited_run(session, actor, course_id)
    every = session.exec(select(GradeCategory).where(GradeCategory.run_id == run.id)).all()
    if len(every) >= MOST_CATEGORIES:
        raise LimitReached(f"A gradebook has at most {MOST_CATEGORIES} categories.")
    title = checked_title(title)
    if any(category.title == title for category in every):
        raise Invalid("There is a category of this name.", fields={"title": "There is a category of this name."})
    place = positions.last([category.position for category in every])
    category = GradeCategory(run_id=run.id, title=title, position=place, created_at=clock.now())
    session.add(category)
    session.flush()
    _tell(session, run)
    return category.id


def save_category(session: Session, actor: Actor, course_id: UUID, category_id: UUID, *, title: str, weight: str, drop_lowest: str) -> None:
    """Names and weighs a category. `weight` is a number in any unit."""
    run = _edited_run(session, actor, course_id)
    category = _category(session, run, category_id)
    title = checked_title(title)
    weighs = _number(weight, "weight", Decimal(0), MOST_POINTS, "A weight is a number from 0, such as 40.")
    drops = _number(drop_lowest or "0", "drop_lowest", Decimal(0), Decimal(MOST_DROPPED), f"A whole number from 0 to {MOST_DROPPED}.")
    if drops != int(drops):
        raise Invalid("How many are dropped is a whole number.", fields={"drop_lowest": f"A whole number from 0 to {MOST_DROPPED}."})
    category.title, category.weight, category.drop_lowest = title, weighs, int(drops)
    session.add(category)
    _tell(session, run)


def remove_category(session: Session, actor: Actor, course_id: UUID, category_id: UUID) -> None:
    """Takes a category away. Its columns stay, without one."""
    run = _edited_run(session, actor, course_id)
    category = _category(session, run, category_id)
    session.execute(update(GradeColumn).where(col(GradeColumn.category_id) == category.id).values(category_id=None))
    session.delete(category)
    session.flush()
    _tell(session, run)


def add_column(session: Session, actor: Actor, course_id: UUID, title: str, points: str = "100") -> UUID:
    """A new column that is graded by hand."""
    run = _edited_run(session, actor, course_id)
    every = session.exec(select(GradeColumn).where(GradeColumn.run_id == run.id)).all()
    if len(every) >= MOST_COLUMNS:
        raise LimitReached(f"A gradebook has at most {MOST_COLUMNS} columns.")
    column = GradeColumn(
        run_id=run.id,
        title=checked_title(title),
        points=_points(points),
        position=positions.last([column.position for column in every]),
        created_at=clock.now(),
    )
    session.add(column)
    session.flush()
    _tell(session, run)
    return column.id


def save_column(
    session: Session,
    actor: Actor,
    course_id: UUID,
    column_id: UUID,
    *,
    title: str,
    points: str,
    category_id: str,
    counted: bool,
    required: str,
    due_at: str,
) -> None:
    """Saves a column. `required` is a percentage or "", `due_at` a date and a time in the run's zone, or "". A quiz's own title stays the quiz's.

    What was set by hand in points stays as it is; what a quiz made is a part of the points there are now.
    """
    run = _edited_run(session, actor, course_id)
    column = _column(session, run, column_id)
    if column.assessment_id is None:
        column.title = checked_title(title)
    column.points = _points(points)
    column.category_id = _category(session, run, _uuid(category_id)).id if category_id else None
    column.counted = counted
    said = "A percentage from 0 to 100, or nothing."
    column.required = _number(required, "required", Decimal(0), Decimal(100), said) / 100 if required.strip() else None
    column.due_at = _moment(due_at, ZoneInfo(run.time_zone))
    session.add(column)
    _tell(session, run)


def remove_column(session: Session, actor: Actor, course_id: UUID, column_id: UUID) -> None:
    """Takes a column that is graded by hand out of the gradebook. What was graded in it is kept, and counts no more."""
    run = _edited_run(session, actor, course_id)
    column = _column(session, run, column_id)
    if column.assessment_id is not None:
        raise Invalid("A quiz’s column stays as long as the quiz does. It can be set not to count.")
    column.archived_at = clock.now()
    session.add(column)
    _tell(session, run)


def _edited_run(session: Session, actor: Actor, course_id: UUID) -> Run:
    """The present run, its row locked: whoever changes the same gradebook at the same time waits."""
    run = access.current_run(session, access.editable_course(session, actor, course_id).id)
    session.exec(select(Run.id).where(Run.id == run.id).with_for_update(key_share=True)).one()
    return run


def _category(session: Session, run: Run, category_id: UUID) -> GradeCategory:
    found = session.exec(select(GradeCategory).where(GradeCategory.id == category_id, GradeCategory.run_id == run.id)).first()
    if found is None:
        raise NotFound("This category is no longer there.")
    return found


def _column(session: Session, run: Run, column_id: UUID) -> GradeColumn:
    found = session.exec(
        select(GradeColumn).where(GradeColumn.id == column_id, GradeColumn.run_id == run.id, col(GradeColumn.archived_at).is_(None))
    ).first()
    if found is None:
        raise NotFound("This column is no longer there.")
    return found


def _points(text: str) -> Decimal:
    said = f"Points are a number above 0, at most {MOST_POINTS}."
    return _number(text, "points", Decimal("0.01"), MOST_POINTS, said)


def _number(text: str, field: str, least: Decimal, most: Decimal, said: str) -> Decimal:
    plain = text.strip().rstrip("%").strip().replace(",", ".")
    try:
        value = Decimal(plain) if plain.isascii() and len(plain) <= 20 else Decimal("NaN")
        if value.is_finite() and least <= value <= most:
            return value.quantize(Decimal("0.000001"))
    except InvalidOperation:
        pass
    raise Invalid(said, fields={field: said})


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    if not text.strip():
        return None
    said = "A date and a time, or nothing."
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(said, fields={"due_at": said}) from None
    if not 2000 <= moment.year <= 2200:
        raise Invalid(said, fields={"due_at": said})
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def _percent(fraction: Decimal) -> str:
    return in_words(fraction * 100)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("This category is no longer there.") from None


def _tell(session: Session, run: Run) -> None:
    following.ask_of_run(session, run.id)
    after_commit(session, lambda: pubsub.hint(Hint.GRADES, run.id))
