"""What stands beside the editor of a page or quiz: its figures, narrowed to a run and a group. They move by themselves while they are looked at."""

from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.analytics import node_figures
from lms_app.domain.analytics.narrowing import Wanted
from lms_app.domain.analytics.node_views import FilmFigures, NodeFigure, NodeFigures, QuestionInShort
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.changes import put
from lms_app.web.instructor.analytics_figures import EMPTY, Panel, score_panel
from lms_app.web.instructor.node_panels import days_panel, film_panel
from lms_app.web.instructor.statistics_figures import question_map
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.web.sharing import Shared
from lms_app.words import Hint, NodeKind, Role

KINDS = {"page": NodeKind.PAGE, "quiz": NodeKind.ASSESSMENT}


class NodeNarrowed(TypedDict, total=False):
    """The form of what the figures are narrowed to."""

    run: Annotated[str, Field(max_length=40)]
    group: Annotated[str, Field(max_length=40)]


_figures: Shared[NodeFigures] = Shared()


class NodeFiguresState(rx.State):
    """The figures of the page or quiz that is looked at, none while its editor is. Run and group stay when another is chosen."""

    ready: bool = False
    kind: str = ""
    node_id: str = ""
    as_of: str = ""
    people: int = 0
    opened: int = 0
    figures: list[NodeFigure] = []
    n: dict[str, str] = {}
    days: Panel = EMPTY
    scores: Panel = EMPTY
    films: list[tuple[str, str]] = []
    film: str = ""
    watched: Panel = EMPTY
    questions: list[QuestionInShort] = []
    questions_total: int = 0
    map: Panel = EMPTY
    reason: str = ""
    runs: list[tuple[str, str]] = []
    groups: list[tuple[str, str]] = []
    run: str = ""
    group: str = ""
    left: str = ""
    """Why other figures stand here than were asked for."""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def open_page(self, page_id: UUID):
        """Shows the figures of a page."""
        await self._open("page", page_id)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def open_quiz(self, assessment_id: UUID):
        """Shows the figures of a quiz."""
        await self._open("quiz", assessment_id)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def close(self):
        """Nobody looks any longer: nothing is read when it moves."""
        self.ready, self.kind, self.node_id = False, "", ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def look_again(self):
        """The fold has moved the figures of the run."""
        if self.node_id:
            await self._read_what_is_left()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def narrow(self, form: NodeNarrowed):
        """Shows another run or group."""
        run, group = form.get("run", self.run), form.get("group", "")
        self.run, self.group, self.left = run, group if run == self.run else "", ""
        await self.look_again()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose_film(self, film: Annotated[str, Field(max_length=64)]):
        """Shows another film of the page."""
        self.film = film
        await self.look_again()

    async def _open(self, kind: Literal["page", "quiz"], node_id: UUID) -> None:
        """A run or group of another course is left."""
        if (self.kind, self.node_id) != (kind, str(node_id)):
            self.ready, self.film, self.left = False, "", ""
        self.kind, self.node_id = kind, str(node_id)
        try:
            await self._read()
        except NotFound:
            self.run = self.group = ""
            await self._read()

    async def _read_what_is_left(self) -> None:
        """A group, or a run, that was deleted meanwhile is left for everybody. Raises NotFound where the page or quiz itself is gone."""
        try:
            return await self._read()
        except NotFound:
            if not self.run and not self.group:
                raise
        what, self.group = "group" if self.group else "run", ""
        try:
            await self._read()
        except NotFound:
            what, self.run = "run", ""
            await self._read()
        self.left = f"The {what} that you looked at is there no longer. These are the figures of everybody."

    async def _read(self) -> None:
        kind, node_id, wanted = KINDS[self.kind], UUID(self.node_id), Wanted(run=_id(self.run), group=_id(self.group))
        watched = await perform(self, node_figures.watched_node, kind, node_id, wanted)
        live.watch(self, Hint.ANALYTICS, watched.run_id, NodeFiguresState.look_again)
        # The same for the whole staff but for the zone in which it is told.
        asked = (kind, node_id, wanted, watched.zone)
        self._show(await _figures.get(asked, lambda: perform(self, node_figures.node_figures, kind, node_id, wanted)))

    def _show(self, node: NodeFigures) -> None:
        film = next((film for film in node.films if film.block == self.film), node.films[0] if node.films else None)
        questions = node.questions
        put(
            self,
            as_of=node.as_of,
            people=node.people,
            opened=node.opened,
            figures=node.figures,
            n=_counted(node, film),
            days=days_panel(node),
            scores=score_panel(node.scores) if node.scores else EMPTY,
            films=[(film.block, film.title) for film in node.films][:50],
            film=film.block if film else "",
            watched=film_panel(film) if film else EMPTY,
            questions=questions.shown,
            questions_total=questions.total,
            reason=questions.reason,
            map=question_map(questions.shown, questions.finding),
            runs=[(choice.id, choice.name) for choice in node.runs][:50],
            groups=[(choice.id, choice.name) for choice in node.groups][:50],
            run=node.run,
            group=node.group,
            ready=True,
        )


def _counted(node: NodeFigures, film: FilmFigures | None) -> dict[str, str]:
    """How many stand behind each metric, in words."""
    counts = {figure.metric: figure.n for figure in node.figures} | {"opened_by_item_and_day": node.opened}
    counts |= {"score": node.scores.attempts} if node.scores else {}
    counts |= {"film_people": film.people, "film_stops": film.stops} if film else {}
    counts |= {"item_rest": max((line.n for line in node.questions.shown), default=0)}
    counts |= {"facility": max((line.answered for line in node.questions.shown), default=0)}
    return {name: f"{count:,}" for name, count in counts.items()}


def _id(written: str) -> UUID | None:
    try:
        return UUID(written) if written else None
    except ValueError:
        raise NotFound("There is no such run or group in this course.") from None
