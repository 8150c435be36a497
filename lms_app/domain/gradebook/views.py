"""What of a gradebook leaves the domain. Numbers are decimal numbers in text; ids and ISO 8601 moments too."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CategoryView:
    """A category. `weight_percent` is its share of the total where categories are weighted, in whole percent of all weights."""

    id: str
    title: str
    weight: str
    weight_percent: int
    drop_lowest: int


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    """A column. `required` is in percent, times are ISO 8601 in the run's zone: `due_at` as its author set it, `closes_at` when its quiz closes, and
    so when it is due where nothing was set. Each is "" where there is none. `quiz_id` is "" for what is graded by hand alone."""

    id: str
    title: str
    category_id: str
    category: str
    points: str
    counted: bool
    required: str
    due_at: str
    closes_at: str
    quiz_id: str


@dataclass(frozen=True, kw_only=True)
class GradebookHead:
    """What a gradebook is made of. `students` takes part, `may_grade` tells whether the viewer may change grades."""

    course_id: str
    course: str
    students: int
    may_grade: bool
    columns: list[ColumnView]
    categories: list[CategoryView]
    aggregation: str
    scale: str


@dataclass(frozen=True, kw_only=True)
class GradebookTitle:
    """Whose gradebook it is. `role` is what the viewer is on the course's staff; `may_set_up` whether they may change how the run is graded."""

    course_id: str
    course: str
    run_id: str
    students: int
    role: str
    may_set_up: bool


@dataclass(frozen=True, kw_only=True)
class CellView:
    """One grade. `text` is what is read, `points` what is edited, "" where there are none; `state` is a `GradeState`; `late` are days."""

    text: str
    points: str
    state: str
    late: int
    version: int


@dataclass(frozen=True, kw_only=True)
class TotalView:
    """What somebody's grades make. `percent` is None while nothing counts; `passed` too, and where there is nothing to pass."""

    text: str
    percent: int | None
    passed: bool | None


@dataclass(frozen=True, kw_only=True)
class GradeRow:
    """One person of a window: the cells of the columns asked for, in their order, and what all columns make."""

    enrollment_id: str
    name: str
    cells: list[CellView]
    total: TotalView


@dataclass(frozen=True, kw_only=True)
class GradeWindow:
    """A part of a gradebook: `rows` from row `first`, of `students` whom the search found, each with the cells of these `columns`, by id."""

    students: int
    first: int
    columns: list[str]
    rows: list[GradeRow]


@dataclass(frozen=True, kw_only=True)
class SavedGrade:
    """A grade as it stands now, and what all of that person's make."""

    cell: CellView
    total: TotalView


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """Who did what to a grade, when and why. `before` and `after` are in points, "" for none."""

    who: str
    act: str
    before: str
    after: str
    reason: str
    when: str


@dataclass(frozen=True, kw_only=True)
class GradeStory:
    """One grade, where it comes from, and what was done to it, newest first. `quiz_points` is what the quiz made, "" for nothing."""

    cell: CellView
    name: str
    column: str
    max_points: str
    why: str
    quiz_points: str
    handed_in: str
    changes: list[ChangeView]


@dataclass(frozen=True, kw_only=True)
class GradeLine:
    """One column of one's own grades. `text` is what was made of how many points, or a word. `share` is its part of the total in percent, "" where
    it does not count; `reason` what a grader gave."""

    title: str
    category: str
    text: str
    points: str
    state: str
    why: str
    reason: str
    share: str
    counts: bool


@dataclass(frozen=True, kw_only=True)
class CategoryResult:
    """How one did in a category. `share` is its part of the total in percent, as things stand."""

    title: str
    text: str
    share: str
    drops: str


@dataclass(frozen=True, kw_only=True)
class ConditionView:
    """What must be reached to pass, as a sentence, and whether it is."""

    sentence: str
    met: bool


@dataclass(frozen=True, kw_only=True)
class OwnGrades:
    """One's own grades in a course, and why they make what they make. `rule` says how the total is made."""

    course: str
    slug: str
    total: TotalView
    rule: str
    conditions: list[ConditionView]
    categories: list[CategoryResult]
    lines: list[GradeLine]


@dataclass(frozen=True, kw_only=True)
class OwnTotal:
    """One course of one's own, with what its grades make."""

    course: str
    slug: str
    total: TotalView
    graded: int
    columns: int


@dataclass(frozen=True, kw_only=True)
class GradesPage:
    """A page of everybody's grades in a run, for programs. Cells stand in the order of `columns`."""

    columns: list[ColumnView]
    students: int
    page: int
    pages: int
    rows: list[GradeRow]


@dataclass(frozen=True, kw_only=True)
class ImportChange:
    """One grade that an import would change."""

    line: int
    name: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ImportRefusal:
    """What of an import is not taken, and why."""

    line: int
    where: str
    value: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ImportPreview:
    """What an import would do. `changes` and `refusals` are the first of so many; `digest` stands for exactly this, and applies it."""

    digest: str
    change_count: int
    refusal_count: int
    unchanged: int
    changes: list[ImportChange]
    refusals: list[ImportRefusal]


@dataclass(frozen=True, kw_only=True)
class GradebookSetup:
    """How a run is graded, as forms say it: percentages, `late_grace` in minutes, `letters` a line each, such as `A 90`; "" for no pass mark. `zone`
    is the run's, which times are in."""

    course_id: str
    course: str
    zone: str
    aggregation: str
    missing: str
    late_per_day: str
    late_floor: str
    late_grace: str
    scale: str
    scale_points: str
    letters: str
    pass_mark: str
    categories: list[CategoryView]
    columns: list[ColumnView]
