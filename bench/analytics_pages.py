"""The pages of a course that instructors look at, what is read for each, and how a wire client asks for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from bench.analytics_campus import Place
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import node_figures, progress_matrix, queries, risk, student_sheet, students
from lms_app.words import NodeKind

ROOT = "reflex___state____state"
STATE = f"{ROOT}.lms_app___web___instructor___"
BUILDER = "/teach/courses/{course}"
NODE = f"{STATE}node_figures_state____node_figures_state"


@dataclass(frozen=True)
class InstructorPage:
    """A page of a course, and what is read for it. `state` is that of a page that Reflex draws, at `path`, which may name the first student; the
    others are islands, which read theirs over HTTP at `address`. `event` is what has the state read, with the id of the course's first page or
    quiz under the name `given`. `turn` is put behind the path each second time, where a page that has nothing new to show says nothing."""

    name: str
    reads: Callable[[Session, Actor, Place], object]
    path: str = ""
    state: str = ""
    address: str = ""
    event: str = "load"
    given: str = ""
    turn: str = ""

    def path_of(self, place: Place) -> str:
        """Where it is in a course."""
        return self.path.format(course=place.course_id, student=place.learners[0][1])

    @property
    def route(self) -> str:
        """Its path with the names of its parts."""
        return self.path.format(course="[course_id]", student="[enrollment_id]")

    def payload(self, place: Place) -> dict[str, str]:
        """What the event is told."""
        return {self.given: node_of(place, quiz=self.given == "assessment_id")} if self.given else {}


def node_of(place: Place, *, quiz: bool) -> str:
    """The first page of a course, or its first quiz."""
    return next(item.id for item in place.items if bool(item.revision) == quiz)


def of_course(reads: Callable[..., object], **asked: Any) -> Callable[[Session, Actor, Place], object]:
    """What is read of a whole course."""
    return lambda session, actor, place: reads(session, actor, place.course_id, **asked)


def one_student(session: Session, actor: Actor, place: Place) -> object:
    """The sheet of a student, and what they did last."""
    whose = UUID(place.learners[0][1])
    return student_sheet.student(session, actor, place.course_id, whose), student_sheet.timeline(session, actor, place.course_id, whose)


def beside(kind: NodeKind) -> Callable[[Session, Actor, Place], object]:
    """The figures of a page, or of a quiz."""

    def read(session: Session, actor: Actor, place: Place) -> object:
        return node_figures.node_figures(session, actor, kind, UUID(node_of(place, quiz=kind is NodeKind.ASSESSMENT)))

    return read


OVERVIEW = InstructorPage(
    name="overview",
    reads=of_course(queries.course_overview),
    path="/teach/courses/{course}/analytics",
    state=f"{STATE}analytics_state____analytics_state",
    turn="?since=2020-01-01",
)
PAGES = (
    OVERVIEW,
    InstructorPage(name="students", reads=of_course(students.window), address="/v/courses/{course}/students?sort=visited"),
    InstructorPage(
        name="students at risk",
        reads=of_course(students.window, narrow="at_risk"),
        address="/v/courses/{course}/students?narrow=at_risk",
    ),
    InstructorPage(name="at risk", reads=of_course(risk.at_risk), address="/v/courses/{course}/risk"),
    InstructorPage(name="matrix", reads=of_course(progress_matrix.window), address="/v/courses/{course}/students/matrix/window"),
    InstructorPage(
        name="a student",
        reads=one_student,
        path="/teach/courses/{course}/students/{student}",
        state=f"{STATE}student_state____student_state",
    ),
    InstructorPage(name="a page", reads=beside(NodeKind.PAGE), path=BUILDER, state=NODE, event="open_page", given="page_id"),
    InstructorPage(name="a quiz", reads=beside(NodeKind.ASSESSMENT), path=BUILDER, state=NODE, event="open_quiz", given="assessment_id"),
)
