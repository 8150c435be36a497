"""What figures may be narrowed to: a run, a group of it, days."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from lms_app.domain.analytics.overview_views import Choice
from lms_app.domain.courses import access
from lms_app.errors import NotFound
from lms_app.models import Group, Run


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What figures are narrowed to: a run and a group by their ids, and days. Nothing is everything of the present run."""

    run: UUID | None = None
    group: UUID | None = None
    since: date | None = None
    until: date | None = None


EVERYTHING = Wanted()


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """The run that is shown and the one before it, and what else there is to choose."""

    run: Run
    previous: Run | None
    runs: list[Choice]
    groups: list[Choice]


def narrowed(session: Session, course_id: UUID, wanted: Wanted) -> Narrowed:
    """What a course's figures are narrowed to, by two statements. Raises NotFound for a run or group that the course has not."""
    runs = access.runs_of(session, course_id)
    run, previous = chosen(runs, wanted.run)
    groups = session.exec(select(Group).where(Group.run_id == run.id)).all()
    if wanted.group is not None and wanted.group not in {group.id for group in groups}:
        raise NotFound("There is no such group in this run.")
    return Narrowed(
        run=run,
        previous=previous,
        runs=[Choice(id=str(one.id), name=run_name(one)) for one in runs],
        groups=sorted((Choice(id=str(group.id), name=group.name) for group in groups), key=lambda choice: choice.name.casefold()),
    )


def chosen(runs: list[Run], run_id: UUID | None) -> tuple[Run, Run | None]:
    """The wanted run, else the present one, and the one before it. `runs` begin with the present one. Raises NotFound."""
    run = next((run for run in runs if run_id in (None, run.id)), None)
    if run is None:
        raise NotFound("There is no such run of this course.")
    return run, max((other for other in runs if other.id < run.id), key=lambda other: other.id, default=None)


def run_name(run: Run) -> str:
    """Its title, else the day on which it began."""
    begun = (run.opens_at or run.created_at).astimezone(ZoneInfo(run.time_zone))
    return run.title or f"Run of {begun.day} {begun:%B %Y}"
