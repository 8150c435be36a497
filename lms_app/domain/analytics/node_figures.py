# ruff: noqa: S608 - words of ours

"""What stands beside the editor of a page or quiz: its figures in a run or a group of it, from roll-ups only, by the same number of statements for
ten students and for ten thousand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.adapters.cache import ShortCache
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import findings_rules, node_rules, overview_counts
from lms_app.domain.analytics.activity_metrics import AWAY_DAYS
from lms_app.domain.analytics.item_sums_rules import QuizSums
from lms_app.domain.analytics.narrowing import EVERYTHING, Wanted, narrowed
from lms_app.domain.analytics.node_questions import questions, sums_of
from lms_app.domain.analytics.node_views import FilmFigures, NodeFigure, NodeFigures, Questions
from lms_app.domain.analytics.overview_counts import OF, OF_GROUP, Bin
from lms_app.domain.analytics.queries import quiz_scores
from lms_app.domain.analytics.rollups import PART
from lms_app.domain.analytics.student_figures import as_of
from lms_app.domain.courses import access
from lms_app.errors import NotFound
from lms_app.models import Assessment, AssessmentRevision, Page, PageRevision, Person, Run, RunFigures, RunQuizSums
from lms_app.words import NodeKind

FILMS = ("video", "audio")
"""Types of blocks that tell how far they were played."""

# What everybody in the run, or in the group, did at one node: one pass over their rows.
_STANDING = text(f"""
WITH members AS MATERIALIZED (
  SELECT enrolled_at IS NOT NULL AS ever, last_item_id = :node AND enrolments > 0 AND completions <= 0 AND last_active_at <= :away AS stopped
  FROM learner_figures {OF}
), there AS MATERIALIZED (SELECT first_at, completed_at, seconds FROM item_people {OF} AND object_id = :node)
SELECT (SELECT count(*) FROM members WHERE ever) AS people, (SELECT count(*) FROM members WHERE stopped) AS stopped,
  count(first_at) AS opened, count(completed_at) AS completed, count(*) FILTER (WHERE seconds > 0) AS there,
  percentile_cont(CAST(ARRAY[0.25, 0.5, 0.75] AS float[])) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE seconds > 0) AS quartiles
FROM there
""")

_DAYS = text(f"""
SELECT day, CAST(sum(opened) AS int), CAST(sum(completed) AS int) FROM (
  SELECT CAST(first_at AT TIME ZONE :zone AS date) AS day, 1 AS opened, 0 AS completed FROM item_people {OF} AND object_id = :node
    AND first_at IS NOT NULL
  UNION ALL SELECT CAST(completed_at AT TIME ZONE :zone AS date), 0, 1 FROM item_people {OF} AND object_id = :node AND completed_at IS NOT NULL
) moves GROUP BY 1
""")

_FILMS = text("SELECT block, part, people, seconds, stops FROM run_films WHERE run_id = :run AND object_id = :node")
_GROUP_FILMS = text(f"""
SELECT block, part, count(*) FILTER (WHERE seconds > 0) AS people, sum(seconds) AS seconds, sum(stops) AS stops
FROM film_people {OF_GROUP} AND object_id = :node GROUP BY 1, 2
""")

_ATTEMPTS = text(f"""
WITH own AS MATERIALIZED (
  SELECT person_id, submitted_at, marked, fraction, extract(epoch FROM submitted_at - begun_at) AS seconds
  FROM attempt_figures {OF} AND assessment_id = :node
)
SELECT count(submitted_at) AS submitted, count(DISTINCT person_id) FILTER (WHERE submitted_at IS NOT NULL) AS people,
  count(DISTINCT person_id) FILTER (WHERE marked > 0 AND fraction >= CAST(:pass_mark AS numeric)) AS passed,
  count(*) FILTER (WHERE seconds > 0) AS timed,
  percentile_cont(CAST(ARRAY[0.25, 0.5, 0.75] AS float[])) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE seconds > 0) AS quartiles
FROM own
""")

_COMPANY = text("SELECT md5(string_agg(CAST(enrollment_id AS text), ' ' ORDER BY enrollment_id)) FROM group_members WHERE group_id = :group")

Node = Page | Assessment


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """What is counted of everybody who was there: how they stand and their days; of a page how far films were played, of a quiz attempts, scores and
    marks."""

    stand: Any
    moves: Sequence[Any]
    films: Sequence[Any] = ()
    sat: Any = None
    scores: dict[int, Bin] = field(default_factory=dict)
    sums: QuizSums = field(default_factory=QuizSums)


_held: ShortCache[tuple[UUID, UUID, UUID | None], tuple[object, _Counted]] = ShortCache(seconds=3600, size=200)
"""By run, group and node: what was counted last, and of what."""


@dataclass(frozen=True, kw_only=True)
class WatchedNode:
    """Whose hints tell that the figures of a page or quiz moved, and the zone in which they are told to the viewer."""

    run_id: UUID
    zone: str


def watched_node(session: Session, actor: Actor, kind: NodeKind, node_id: UUID, wanted: Wanted = EVERYTHING) -> WatchedNode:
    """What there is to watch for a viewer of a page's or quiz's figures. Raises NotFound, for a foreign run or group too."""
    run = narrowed(session, _node(session, actor, kind, node_id).course_id, wanted).run
    return WatchedNode(run_id=run.id, zone=session.get_one(Person, actor.person_id).time_zone)


def node_figures(session: Session, actor: Actor, kind: NodeKind, node_id: UUID, wanted: Wanted = EVERYTHING) -> NodeFigures:
    """The figures of a page or quiz of a course that the actor is on the staff of. Days narrow nothing here. Raises NotFound, for a foreign run or
    group too."""
    node = _node(session, actor, kind, node_id)
    narrow = narrowed(session, node.course_id, wanted)
    run = narrow.run
    version = figures.version if (figures := session.get(RunFigures, run.id)) else 0
    pass_mark = _pass_mark(session, node) if isinstance(node, Assessment) else None
    counted = _counted(session, node, run, wanted.group, pass_mark, version)
    stand = counted.stand
    opened, completed = ({row[0]: row[place] for row in counted.moves if row[place]} for place in (1, 2))
    head: dict[str, Any] = {
        "kind": kind.value,
        "id": str(node.id),
        "course_id": str(node.course_id),
        "title": node.title,
        "people": stand.people,
        "opened": stand.opened,
        "days": node_rules.days(opened, completed),
        "days_finding": node_rules.days_finding(opened, completed, quiz=kind == NodeKind.ASSESSMENT),
        "zone": run.time_zone,
        "runs": narrow.runs,
        "groups": narrow.groups,
        "run": str(run.id),
        "group": str(wanted.group) if wanted.group else "",
        "as_of": as_of(session, actor),
        "version": version,
    }
    if isinstance(node, Page):
        nothing = Questions(shown=[], finding="", total=0, reason="")
        return NodeFigures(**head, figures=_of_page(stand), films=_films(session, counted.films, node), scores=None, questions=nothing)
    scores = quiz_scores(node.id, node.title, pass_mark, counted.scores)
    return NodeFigures(
        **head,
        figures=_of_quiz(stand, counted.sat, scores.mean, pass_mark),
        films=[],
        scores=scores,
        questions=questions(session, node, counted.sums),
    )


def _counted(session: Session, node: Node, run: Run, group: UUID | None, pass_mark: Decimal | None, version: int) -> _Counted:
    """A pass over the rows of everybody who was there: made once for each version of a run's figures and each company of a group's members in this
    process, however many look on; who has dropped off is looked at anew each hour."""
    now = clock.now()
    members = session.execute(_COMPANY, {"group": group}).scalar() if group else None
    marks = sums.version if isinstance(node, Assessment) and (sums := session.get(RunQuizSums, (run.id, node.id))) else 0
    state = (version, marks, members, run.time_zone, pass_mark, now.replace(minute=0, second=0, microsecond=0))
    key = (run.id, node.id, group)
    if (held := _held.get(key)) and held[0][0] == state:
        return held[0][1]
    of = {"run": run.id, "group": group, "node": node.id}
    both = {
        "stand": session.execute(_STANDING, {**of, "away": now - timedelta(days=AWAY_DAYS)}).one(),
        "moves": session.execute(_DAYS, {**of, "zone": run.time_zone}).all(),
    }
    if isinstance(node, Page):
        counted = _Counted(**both, films=session.execute(_FILMS if group is None else _GROUP_FILMS, of).all())
    else:
        counted = _Counted(
            **both,
            sat=session.execute(_ATTEMPTS, {**of, "pass_mark": pass_mark}).one(),
            scores=overview_counts.scores(session, run, group, node.id).get(node.id, {}),
            sums=sums_of(session, run.id, node.id, group),
        )
    _held.put(key, (state, counted))
    return counted


def _node(session: Session, actor: Actor, kind: NodeKind, node_id: UUID) -> Node:
    if kind == NodeKind.ASSESSMENT:
        return access.staffed_assessment(session, actor, node_id)
    page = session.get(Page, node_id) if kind == NodeKind.PAGE else None
    if page is None:
        raise NotFound
    access.staffed_course(session, actor, page.course_id)
    return page


def _of_page(stand: Any) -> list[NodeFigure]:
    low, median, high = stand.quartiles or (None, None, None)
    value, unit = node_rules.length(median) if median is not None else ("–", "")
    return [
        NodeFigure(metric="opened", value=f"{stand.opened:,}", foot=node_rules.of(stand.opened, stand.people), n=stand.people),
        NodeFigure(metric="completion", value=f"{stand.completed:,}", foot=node_rules.of(stand.completed, stand.people), n=stand.people),
        NodeFigure(metric="median_time_by_item", value=value, unit=unit, foot=node_rules.spread(low, high) or "nobody was there yet", n=stand.there),
        NodeFigure(
            metric="dropped_at", value=f"{stand.stopped:,}", foot=f"of {stand.opened:,} who opened it, gone for {AWAY_DAYS} days", n=stand.opened
        ),
    ]


def _of_quiz(stand: Any, sat: Any, mean: float | None, pass_mark: Decimal | None) -> list[NodeFigure]:
    low, median, high = sat.quartiles or (None, None, None)
    value, unit = node_rules.length(median) if median is not None else ("–", "")
    tries = f"{sat.submitted / sat.people:.1f} for each who submitted" if sat.people else "nobody has submitted yet"
    passed = NodeFigure(metric="passed_by_quiz", value="–", foot="it has no pass mark", n=sat.people)
    if pass_mark is not None:
        share = f"{100 * sat.passed // sat.people}" if sat.people else "–"
        passed = NodeFigure(
            metric="passed_by_quiz", value=share, unit="%" if sat.people else "", foot=f"{sat.passed:,} of {sat.people:,} who submitted", n=sat.people
        )
    return [
        NodeFigure(metric="opened", value=f"{stand.opened:,}", foot=node_rules.of(stand.opened, stand.people), n=stand.people),
        NodeFigure(metric="submitted_by_quiz", value=f"{sat.people:,}", foot=node_rules.of(sat.people, stand.people), n=stand.people),
        NodeFigure(metric="attempts_by_quiz", value=f"{sat.submitted:,}", foot=tries, n=sat.submitted),
        passed,
        NodeFigure(
            metric="mean_score_by_quiz",
            value="–" if mean is None else str(findings_rules.whole_percent(mean)),
            unit="" if mean is None else "%",
            foot="of all attempts",
            n=sat.submitted,
        ),
        NodeFigure(
            metric="median_attempt_time", value=value, unit=unit, foot=node_rules.spread(low, high) or "nobody has submitted yet", n=sat.timed
        ),
        NodeFigure(metric="completion", value=f"{stand.completed:,}", foot=node_rules.of(stand.completed, stand.people), n=stand.people),
        NodeFigure(
            metric="dropped_at", value=f"{stand.stopped:,}", foot=f"of {stand.opened:,} who opened it, gone for {AWAY_DAYS} days", n=stand.opened
        ),
    ]


def _pass_mark(session: Session, quiz: Assessment) -> Decimal | None:
    """Of the quiz as it is published."""
    revision = session.get(AssessmentRevision, quiz.published_revision_id) if quiz.published_revision_id else None
    mark = revision.settings.get("pass_mark") if revision else None
    return Decimal(str(mark)) if mark is not None else None


def _films(session: Session, played: Sequence[Any], page: Page) -> list[FilmFigures]:
    """The films of the page in its order, then those that were played and are no longer there."""
    rows: dict[str, dict[int, Any]] = defaultdict(dict)
    for row in played:
        rows[row.block][row.part] = row
    revision_id = page.published_revision_id or page.draft_revision_id
    revision = session.get(PageRevision, revision_id) if revision_id else None
    blocks = revision.document.get("blocks", []) if revision else []
    titles = {block["id"]: block.get("title") or "" for block in blocks if block.get("type") in FILMS}
    gone = {block: "A film that is no longer on the page" for block in rows if block not in titles}
    return [_film(block, title or f"Film {number}", rows.get(block, {})) for number, (block, title) in enumerate((titles | gone).items(), start=1)]


def _film(block: str, title: str, rows: dict[int, Any]) -> FilmFigures:
    whole = rows.get(-1)
    parts = node_rules.film_parts(
        {part: row.people for part, row in rows.items() if part >= 0}, {part: int(row.stops) for part, row in rows.items() if part >= 0}, PART
    )
    people = whole.people if whole else 0
    return FilmFigures(
        block=block,
        title=title,
        people=people,
        stops=int(whole.stops) if whole else 0,
        parts=parts,
        finding=node_rules.film_finding(people, int(whole.seconds) if whole else 0, parts),
    )
