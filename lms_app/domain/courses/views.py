"""What pages and programs may see of courses. Ids are text here; minutes are whole; percentages are 0 to 100, rounded down, so that 100 means all."""

from dataclasses import dataclass

from lms_app.domain.enrollments.prerequisites import Required


@dataclass(frozen=True, kw_only=True)
class CourseCard:
    """A course in the catalogue. `percent` is the viewer's progress, None when not enrolled; `cover` the address of a picture."""

    id: str
    slug: str
    cover: str
    title: str
    summary: str
    language: str
    level: str
    modules: int
    minutes: int
    enrolled: bool
    percent: int | None


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """One page of the catalogue. `total` counts all that matched."""

    cards: list[CourseCard]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class OutlineLine:
    """One line of a course's contents: a lesson, with what it takes."""

    id: str
    title: str
    minutes: int
    pages: int
    quizzes: int


@dataclass(frozen=True, kw_only=True)
class ModuleContents:
    """A module on the course page."""

    id: str
    number: int
    title: str
    lessons: list[OutlineLine]


@dataclass(frozen=True, kw_only=True)
class CoursePage:
    """A published course as anybody may see it, with what the viewer may do next.

    `next_step` of who takes it is start, continue, review (all done) or opens (not begun yet); of others sign_in, enroll, code (enrol with one), full
    (join the waiting list), waiting (`position` on it), missing (`prerequisites` first), invitation (by that only) or closed. `notice` says why in a
    sentence, where there is something to say. `seats_left` is None where there is no limit; `waits_elsewhere` says that the viewer is on the waiting
    list of another run; `cover` is the address of a picture. `certificate_sentence` says when a certificate is earned, "" where none is offered;
    `certificate_missing` what of it somebody who has completed the course lacks.
    """

    id: str
    slug: str
    cover: str
    title: str
    summary: str
    language: str
    level: str
    tags: list[str]
    objectives: list[str]
    teachers: list[str]
    minutes: int
    pages: int
    quizzes: int
    modules: list[ModuleContents]
    certificate_offered: bool
    rule_sentence: str
    certificate_sentence: str
    certificate_missing: list[str]
    learners: int
    seats_left: int | None
    next_step: str
    notice: str
    needs_code: bool
    position: int | None
    waits_elsewhere: bool
    prerequisites: list[Required]
    percent: int | None
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class PossiblePrerequisite:
    """A course that may be made a prerequisite of another."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class TaughtCourse:
    """A course of the actor's in the instructor's list. `to_mark` answers wait for a marker; `cover` is the address of a picture."""

    id: str
    slug: str
    cover: str
    title: str
    status: str
    role: str
    learners: int
    completed: int
    pages: int
    to_mark: int = 0


@dataclass(frozen=True, kw_only=True)
class Found:
    """One place that the search palette leads to."""

    title: str
    kind: str
    href: str
