"""What the dashboard of a course knows. It moves by itself while students work."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.analytics import queries
from lms_app.domain.analytics.narrowing import Wanted
from lms_app.domain.analytics.overview_views import CourseOverview, HeatRow, KeyFigure
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.changes import put
from lms_app.web.components.kpis import spark_path
from lms_app.web.errors import ToastState
from lms_app.web.instructor.analytics_figures import (
    BY_ITEM,
    BY_MODULE,
    EMPTY,
    MANY_STEPS,
    Panel,
    activity_panel,
    durations_panel,
    enrolment_panel,
    funnel_panel,
    heat_table,
    modules_of,
    score_panel,
    stops_panel,
)
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.web.sharing import Shared
from lms_app.words import Hint, Role


@dataclass(frozen=True, kw_only=True)
class DrawnFigure:
    """A key figure with the path of its line."""

    metric: str
    value: str
    unit: str
    change: str
    path: str


Word = Annotated[str, Field(max_length=40)]


class Narrowed(TypedDict, total=False):
    """The form of what the page is narrowed to."""

    run: Word
    group: Word
    since: Word
    until: Word


_overviews: Shared[CourseOverview] = Shared()


class AnalyticsState(rx.State):
    """The figures of one course, as drawn."""

    ready: bool = False
    title: str = ""
    course_id: str = ""
    role: str = ""
    as_of: str = ""
    ever_enrolled: int = 0
    figures: list[DrawnFigure] = []
    n: dict[str, str] = {}

    enrolments: Panel = EMPTY
    activity: Panel = EMPTY

    funnel: Panel = EMPTY
    funnel_by: str = BY_ITEM
    is_long: bool = False
    modules: list[str] = []
    module: str = ""

    scores: Panel = EMPTY
    quizzes: list[tuple[str, str]] = []
    quiz: str = ""

    stops: Panel = EMPTY
    durations: Panel = EMPTY
    heat: list[HeatRow] = []
    heat_rows: list[list[str]] = []
    heat_finding: str = ""
    zone: str = ""

    runs: list[tuple[str, str]] = []
    groups: list[tuple[str, str]] = []
    run: str = ""
    group: str = ""
    since: str = ""
    until: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """Reads the figures, now and whenever the fold has moved them. A group or run that was deleted meanwhile is left for everybody."""
        course_id = _course_id(self)
        if self.course_id != str(course_id):
            self.reset()
        wanted = _wanted(self)
        try:
            await self._read(course_id, wanted)
        except NotFound:
            if not self.ready or not (wanted.run or wanted.group):
                raise
            told = ToastState.say("What you looked at is there no longer. These are the figures of everybody.")
            return [told, rx.redirect(f"/teach/courses/{course_id}/analytics")]
        return None

    async def _read(self, course_id: UUID, wanted: Wanted) -> None:
        watched = await perform(self, queries.watched, course_id, wanted.run)
        put(self, role=watched.role.value)
        live.watch(self, Hint.ANALYTICS, watched.run_id, AnalyticsState.load)
        # The same for the whole staff but for the zone in which it is told.
        asked = (course_id, wanted, watched.zone)
        self._show(await _overviews.get(asked, lambda: perform(self, queries.course_overview, course_id, wanted)))

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def narrow(self, form: Narrowed):
        """Leads to the address of what was chosen, so that it can be shared and loaded again."""
        chosen = {name: form.get(name, "") for name in ("run", "group", "since", "until")}
        if chosen["run"] and chosen["run"] != self.run:
            chosen["group"] = ""
        if chosen["run"] == (self.runs[0][0] if self.runs else ""):
            chosen["run"] = ""
        query = urlencode({name: value for name, value in chosen.items() if value})
        return rx.redirect(f"/teach/courses/{_course_id(self)}/analytics" + (f"?{query}" if query else ""))

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose_quiz(self, quiz: Annotated[str, Field(max_length=40)]):
        """Shows another quiz's scores."""
        self.quiz = quiz
        return await self.load()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def show_funnel_by(self, by: Literal["modules", "items"]):
        """Shows the funnel of modules, or of the items of one."""
        self.funnel_by = by
        return await self.load()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose_module(self, module: Annotated[str, Field(max_length=500)]):
        """Shows the items of another module."""
        self.module = module
        return await self.load()

    def _show(self, overview: CourseOverview) -> None:
        course = overview.course
        if not self.ready or len(course.funnel) <= MANY_STEPS:
            self.funnel_by = BY_MODULE if len(course.funnel) > MANY_STEPS else BY_ITEM
        is_long, modules = len(course.funnel) > MANY_STEPS, modules_of(course)[:50]
        if self.module not in modules:
            self.module = modules[0] if modules else ""
        chosen = next((quiz for quiz in course.quizzes if quiz.id == self.quiz), None)
        if chosen is None and course.quizzes:
            chosen = max(course.quizzes, key=lambda quiz: quiz.attempts)
        put(
            self,
            title=course.title,
            course_id=course.course_id,
            as_of=course.as_of,
            ever_enrolled=course.ever_enrolled,
            figures=[_drawn(figure) for figure in overview.key],
            n=_counted(overview) | {"score": f"{chosen.attempts:,}" if chosen else "0"},
            enrolments=enrolment_panel(course, overview.before, overview.previous),
            activity=activity_panel(course, overview.before, overview.previous),
            is_long=is_long,
            modules=modules,
            funnel=funnel_panel(course, self.funnel_by, self.module if is_long else ""),
            quizzes=[(quiz.id, quiz.title) for quiz in course.quizzes][:50],
            quiz=chosen.id if chosen else "",
            scores=score_panel(chosen) if chosen else EMPTY,
            stops=stops_panel(overview),
            durations=durations_panel(overview),
            heat=overview.heat,
            heat_rows=heat_table(overview),
            heat_finding=overview.heat_finding,
            zone=overview.zone,
            runs=[(choice.id, choice.name) for choice in overview.runs][:50],
            groups=[(choice.id, choice.name) for choice in overview.groups][:50],
            run=overview.run,
            group=overview.group,
            since=overview.since,
            until=overview.until,
            ready=True,
        )


def _wanted(state: rx.State) -> Wanted:
    """What the address narrows the page to. Raises NotFound where it names a run or group that cannot be."""
    asked = state.router.url.query_parameters
    try:
        run, group = (UUID(str(asked[name])) if asked.get(name) else None for name in ("run", "group"))
    except ValueError:
        raise NotFound("There is nothing of yours at this address.") from None
    since, until = (_day(str(asked.get(name, ""))) for name in ("since", "until"))
    return Wanted(run=run, group=group, since=since, until=until)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _drawn(figure: KeyFigure) -> DrawnFigure:
    return DrawnFigure(metric=figure.metric, value=figure.value, unit=figure.unit, change=figure.change, path=spark_path(figure.series))


def _counted(overview: CourseOverview) -> dict[str, str]:
    """How many stand behind each metric of the page, in words."""
    course = overview.course
    counts = {figure.metric: figure.n for figure in overview.key} | {
        "active": sum(day.active for day in course.days),
        "completion": course.ever_enrolled,
        "heat": sum(sum(row.counts) for row in overview.heat),
        "dropped_at": sum(stop.opened for stop in overview.stops),
    }
    return {name: f"{count:,}" for name, count in counts.items()}


def _course_id(state: rx.State) -> UUID:
    parts = state.router.url.path.strip("/").split("/")
    try:
        if parts[:2] == ["teach", "courses"] and parts[3:] == ["analytics"]:
            return UUID(parts[2])
    except (ValueError, IndexError):
        pass
    raise NotFound("There is no course of yours at this address.")
