"""What the page of reports, and programs, see of them."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """A report in the list. `about` says what it is narrowed to, `who` for whom it was made; `percent` is None while it has no measure. `may_change`:
    the reader may stop it, try it again or delete it."""

    id: str
    kind: str
    title: str
    format: str
    about: str
    who: str
    when: str
    status: str
    stage: str = ""
    percent: int | None = None
    size: str = ""
    refusal: str = ""
    scheduled: bool = False
    may_change: bool = False


@dataclass(frozen=True, kw_only=True)
class ScheduleLine:
    """A schedule in the list: what it makes, when and for whom, when it was due last and is due next. `others` are those whom `people` only counts.
    `for_you`: the reader is among them all."""

    id: str
    title: str
    format: str
    about: str
    rhythm: str
    people: str
    others: str
    next: str
    last: str
    paused: bool
    for_you: bool


@dataclass(frozen=True, kw_only=True)
class Named:
    """Something to choose: a run, a group or somebody of the staff."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ReportDesk:
    """What may be asked for, and what there is: the newest fifty reports and all schedules of a course. `groups` are those of the present run.
    `zones` are the course's, the reader's and those of its schedules, each once."""

    course_id: str
    course: str
    role: str
    may_schedule: bool
    runs: list[Named]
    groups: list[Named]
    staff: list[Named]
    you: str
    zones: list[str]
    reports: list[ReportLine]
    schedules: list[ScheduleLine]


@dataclass(frozen=True, kw_only=True)
class PreviewTable:
    """A table that a report would have. With `at_most` it may have fewer rows."""

    name: str
    rows: int
    at_most: bool
    columns: list[str]


@dataclass(frozen=True, kw_only=True)
class ReportPreview:
    """What a report would have, and as of when."""

    title: str
    about: str
    as_of: str
    tables: list[PreviewTable] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ScheduleForm:
    """A schedule as a form has it. Its group, which is called `group_name`, may be of an earlier run, or gone."""

    id: str
    kind: str
    format: str
    group: str
    group_name: str
    days: str
    rhythm: str
    weekday: int
    day: int
    hour: int
    zone: str
    recipients: list[str]
