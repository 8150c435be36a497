"""What a correction of marks means for an attempt, a quiz, a course and its certificate. Pure.

Everything follows from what is there: present marks, marks as they would be without any correction, and the ledger's rows. So it does not matter in
which order corrections are made and undone, and undoing all of them leaves what was there before the first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lms_app.domain.assessments.score_rules import Sitting, counting_fraction, counting_numbers, has_passed, total
from lms_app.domain.certificates.award_rules import COMPLETED, AwardRule
from lms_app.domain.enrollments.progress_rules import is_quiz_complete
from lms_app.words import CompletionRule, Counting, Negative


@dataclass(frozen=True, kw_only=True)
class Earned:
    """What one question of an attempt earned."""

    points: Decimal
    score: Decimal
    pending: bool


@dataclass(frozen=True, kw_only=True)
class Sat:
    """A finished attempt: its marks by question, and the rules that it pinned. `pass_mark` is a fraction, None where nothing is to be passed."""

    id: UUID
    number: int
    released: bool
    pass_mark: Decimal | None
    floor: Negative
    counting: Counting
    marks: Mapping[UUID, Earned]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What an attempt's marks make, as `settling.settle` makes it."""

    score: Decimal
    fraction: Decimal
    pending: int
    passed: bool | None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A row of the ledger about one node. `corrected`: a correction of marks wrote it."""

    id: UUID
    corrected: bool
    stands: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Which rows of a node stand, and whether one must be written since none is there to stand."""

    standing: frozenset[UUID]
    adds: bool = False

    @property
    def holds(self) -> bool:
        """Whether the node is complete."""
        return self.adds or bool(self.standing)


@dataclass(frozen=True, kw_only=True)
class Award:
    """A certificate of an enrolment, and what it was given for. `corrected`: a correction of marks revoked it; `by_hand`: grades that people set
    did."""

    id: UUID
    completed_at: datetime
    valid: bool
    corrected: bool
    by_hand: bool = False
    rule: AwardRule = COMPLETED


@dataclass(frozen=True, kw_only=True)
class AwardVerdict:
    """Which certificates are revoked, which becomes valid again, and whether one is to be issued. `unmet`: the course is complete, and its marks no
    longer reach what the certificate was given for."""

    revoked: tuple[UUID, ...] = ()
    revived: UUID | None = None
    issues: bool = False
    unmet: bool = False


def result_of(sat: Sat, moved: Mapping[UUID, Earned] | None = None) -> Result:
    """What an attempt makes, with some of its marks replaced."""
    marks = {**sat.marks, **(moved or {})}
    made = total(((mark.points, mark.score) for mark in marks.values()), sat.floor)
    pending = sum(mark.pending for mark in marks.values())
    passed = None if sat.pass_mark is None or pending else has_passed(made.fraction, sat.pass_mark)
    return Result(score=made.score, fraction=made.fraction, pending=pending, passed=passed)


def counting(sats: Sequence[Sat], results: Mapping[UUID, Result]) -> Decimal | None:
    """The fraction that an enrolment's attempts at a quiz make, by the rule of the newest."""
    if not sats:
        return None
    newest = max(sats, key=lambda sat: sat.number)
    return counting_fraction(_sittings(sats, results), newest.counting)


def waits(sats: Sequence[Sat], results: Mapping[UUID, Result]) -> bool:
    """Whether an attempt that counts is still to be marked or released."""
    if not sats:
        return False
    made = [Sitting(number=sat.number, fraction=results[sat.id].fraction) for sat in sats]
    numbers = counting_numbers(made, max(sats, key=lambda sat: sat.number).counting)
    return any(sat.number in numbers and (results[sat.id].pending or not sat.released) for sat in sats)


def deserves(sats: Sequence[Sat], results: Mapping[UUID, Result], rule: CompletionRule) -> bool:
    """Whether an enrolment's attempts complete the quiz, as handing in, marking or releasing one of them would say."""
    done = _sittings(sats, results)
    for sat in sats:
        if sat.released:
            counts = counting_fraction(done, sat.counting)
            passed = None if sat.pass_mark is None else counts is not None and has_passed(counts, sat.pass_mark)
            if is_quiz_complete(rule, passed=passed):
                return True
    return False


def quiz_verdict(entries: Sequence[Entry], *, deserved: bool, before: bool) -> Verdict:
    """Which completions of a quiz stand. `deserved` by the marks of now, `before` by those without any correction.

    What was earned stands, unless a correction is what takes the pass away. What a correction gave stands as long as the marks say so, and gives
    way to what was earned.
    """
    own = frozenset(entry.id for entry in entries if not entry.corrected)
    if not deserved:
        return Verdict(standing=frozenset() if before else own)
    return _held(entries, own, adds=not before)


def course_verdict(entries: Sequence[Entry], *, required: Collection[UUID], earned: Collection[UUID], present: Collection[UUID]) -> Verdict:
    """Which completions of a course stand: `earned` nodes have a row of the student's own, standing or not; `present` ones are complete."""
    own = frozenset(entry.id for entry in entries if not entry.corrected)
    if required and all(node in present for node in required):
        return _held(entries, own, adds=not any(entry.stands for entry in entries))
    lost = any(node in earned and node not in present for node in required)
    return Verdict(standing=frozenset() if lost else own)


def award_verdict(awards: Sequence[Award], completed_at: datetime | None, *, issued: bool, unmet: Collection[UUID] = ()) -> AwardVerdict:
    """What becomes of an enrolment's certificates when its course counts as completed at `completed_at`, None for not any more. `issued`: whether
    the course has certificates, and the marks reach what they ask for. `unmet` are those that marks no longer reach. One that was revoked for another
    reason stays so."""
    wanted = next((award for award in awards if award.completed_at == completed_at), None)
    kept = wanted if wanted is not None and wanted.id not in unmet else None
    revoked = tuple(award.id for award in awards if award.valid and award is not kept)
    if wanted is None:
        return AwardVerdict(revoked=revoked, issues=issued and completed_at is not None)
    if kept is None:
        return AwardVerdict(revoked=revoked, unmet=wanted.valid)
    return AwardVerdict(revoked=revoked, revived=kept.id if not kept.valid and (kept.corrected or kept.by_hand) else None)


def _held(entries: Sequence[Entry], own: frozenset[UUID], *, adds: bool) -> Verdict:
    if own:
        return Verdict(standing=own)
    made = sorted(entry.id for entry in entries)
    return Verdict(standing=frozenset(made[:1]), adds=adds and not made)


def _sittings(sats: Iterable[Sat], results: Mapping[UUID, Result]) -> list[Sitting]:
    return [Sitting(number=sat.number, fraction=results[sat.id].fraction) for sat in sats if not results[sat.id].pending]
