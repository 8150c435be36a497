"""What the staff of a course may see of students at risk."""

from dataclasses import dataclass

from lms_app.domain.analytics.views import MetricNote


@dataclass(frozen=True, kw_only=True)
class FlaggedStudent:
    """Somebody with at least one reason. `id` is the enrolment's; `why` has all reasons as one sentence. `nudged` says when they were last written
    to, `dismissed` why they are well, and when that was said; both may be empty."""

    id: str
    name: str
    why: str
    nudged: str
    may_nudge: bool
    dismissed: str
    suggestion: str


@dataclass(frozen=True, kw_only=True)
class RiskSheet:
    """Whom thresholds flag. `flagged` counts those who are not dismissed, of `students`; `lines` are one window of them, or of the `dismissed`.
    `values` are the thresholds that were asked about, `kept` those that hold, `most` how far each goes. `metrics` say what the
    figures in the reasons mean."""

    students: int
    flagged: int
    dismissed: int
    median: int
    first: int
    lines: list[FlaggedStudent]
    values: dict[str, int]
    kept: dict[str, int]
    most: dict[str, int]
    may_act: bool
    helped: str
    metrics: list[MetricNote]
    as_of: str


@dataclass(frozen=True, kw_only=True)
class Nudged:
    """How many were written to, and how many were passed over because they had been of late."""

    sent: int
    passed_over: int
