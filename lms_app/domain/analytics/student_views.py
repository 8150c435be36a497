"""What the staff of a course may see of its students: the table, and one student."""

from dataclasses import dataclass

from lms_app.domain.analytics.views import MetricNote


@dataclass(frozen=True, kw_only=True)
class StudentLine:
    """One who takes the course. `id` is the enrolment's, `score` the mean of the marked attempts in percent, `minutes` time by activity; `visited`
    and `enrolled` are moments in words, the first empty before anything was opened; `enrolled_on` is the day alone. `why` says why somebody is at
    risk, where that was asked for."""

    id: str
    name: str
    visited: str
    percent: int
    done: int
    total: int
    score: int | None
    minutes: int
    enrolled: str
    enrolled_on: str
    completed: bool
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class StudentWindow:
    """Some of those that were asked for, from `first` on. `total` counts all of these, `students` everybody."""

    students: int
    total: int
    first: int
    lines: list[StudentLine]


@dataclass(frozen=True, kw_only=True)
class StudentTableHead:
    """What the table may be narrowed to, as pairs of an id and a name, and what its figures mean. `may_write`: the reader may write to students."""

    groups: list[tuple[str, str]]
    metrics: list[MetricNote]
    may_write: bool
    as_of: str


@dataclass(frozen=True, kw_only=True)
class StudentItem:
    """A page or quiz as one student stands in it, and why. `state` is `done`, `started` or `none`."""

    id: str
    title: str
    state: str
    why: str
    minutes: int
    required: bool


@dataclass(frozen=True, kw_only=True)
class StudentAttempt:
    """One sitting. `score` is in percent, empty before there is one; `link` leads to the marking, where something waits for it."""

    id: str
    quiz: str
    number: int
    when: str
    state: str
    tone: str
    score: str
    link: str


@dataclass(frozen=True, kw_only=True)
class StudentCertificate:
    """A certificate of the student for this course."""

    code: str
    issued: str
    revoked: bool


@dataclass(frozen=True, kw_only=True)
class StudentSheet:
    """One student in one course. `lines` are one page of fifty items; attempts are the newest fifty."""

    course_id: str
    run_id: str
    course: str
    role: str
    enrollment_id: str
    name: str
    taking: bool
    completed: str
    enrolled: str
    visited: str
    percent: int
    done: int
    total: int
    score: int | None
    minutes: int
    active_days: int
    groups: str
    lines: list[StudentItem]
    page: int
    pages: int
    attempts: list[StudentAttempt]
    certificates: list[StudentCertificate]
    as_of: str


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that a student did."""

    id: str
    what: str
    when: str


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Fifty acts, the newest first. `older` is where the next fifty begin, empty for the last."""

    acts: list[Act]
    older: str
    newest: bool
