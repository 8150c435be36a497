"""What those who correct marks see. Keys in words and names of students: for authors alone."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class KeyChange:
    """What differs between how a question was graded and how it would be, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class RegradeLine:
    """An attempt whose marks move. Question scores are points, totals whole percent, rounded down.

    `passed_*` is "passed", "not passed", "waits for marks", or "" where nothing is to be passed. `completion`, `course` and `certificate` say what
    becomes of each, "" for nothing: "completed" or "withdrawn"; "issued", "withdrawn" or "valid again".
    """

    attempt_id: str
    name: str
    quiz: str
    number: int
    question_before: str
    question_after: str
    percent_before: int
    percent_after: int
    passed_before: str
    passed_after: str
    counting_before: int | None
    counting_after: int | None
    completion: str
    course: str
    certificate: str


@dataclass(frozen=True, kw_only=True)
class RegradeFigures:
    """A correction in counts. `attempts` are finished ones with the question, of `students`; `moved` of them change marks. `gained` and `lost` count
    students by the score that counts. `kept` marks were given by hand and stay."""

    attempts: int = 0
    students: int = 0
    moved: int = 0
    gained: int = 0
    lost: int = 0
    completed: int = 0
    withdrawn: int = 0
    certificates_issued: int = 0
    certificates_revived: int = 0
    certificates_withdrawn: int = 0
    kept: int = 0


@dataclass(frozen=True, kw_only=True)
class RegradePreview:
    """A dry run: what differs, whom it moves and how, those first who move most, at most 50 on a page. `open_attempts` keep the question as they
    have it."""

    question_id: str
    revision_id: str
    title: str
    course_id: str
    course: str
    changes: list[KeyChange]
    figures: RegradeFigures
    open_attempts: int
    sentence: str
    harms: bool
    lines: list[RegradeLine]
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class RegradeEntry:
    """A correction that was made. `status`: running, applied, undoing or undone; `percent` of it is done. Times are ISO 8601."""

    id: str
    question_id: str
    revision: int
    status: str
    percent: int
    sentence: str
    by: str
    at: str
    when: str
    can_undo: bool
