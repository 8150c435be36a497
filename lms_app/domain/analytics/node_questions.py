"""The questions of a quiz as they stand beside its editor: how easy, how telling, and what is chosen wrongly most."""

from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.domain.analytics import item_findings_rules as words
from lms_app.domain.analytics.item_figures_rules import DIFFERENT, ChoiceFigures, ItemFigures, all_choice_figures, all_item_figures, saw_the_same
from lms_app.domain.analytics.item_sums_rules import QuizSums
from lms_app.domain.analytics.node_views import QuestionInShort, Questions
from lms_app.domain.analytics.quiz_statistics import Body, bodies_of, choice_lines, in_short, places_in, read_sums
from lms_app.domain.analytics.statistics_fold import read_marks
from lms_app.models import Assessment, CountedAttempt, GroupMember

MOST_QUESTIONS = 50
MOST_WRONG = 2
"""Wrong choices that are named of a question."""


def sums_of(session: Session, run_id: UUID, quiz_id: UUID, group: UUID | None) -> QuizSums:
    """The sums of the statistics page and of the course's health; a group's are added up from its members'."""
    return read_sums(session, run_id, quiz_id, every_choice=True)[0] if group is None else _of_group(session, run_id, quiz_id, group)


def questions(session: Session, quiz: Assessment, sums: QuizSums) -> Questions:
    """Those that anybody had."""
    items = all_item_figures(sums)
    places = places_in(session, quiz)
    order = sorted(items, key=lambda name: (places.get(name, len(places) + 1), name))
    shown = order[:MOST_QUESTIONS]
    bodies = bodies_of(session, shown)
    chosen: dict[str, dict[tuple[str, str], ChoiceFigures]] = {}
    for (name, part, value), figures in all_choice_figures(sums).items():
        chosen.setdefault(name, {})[part, value] = figures
    return Questions(
        shown=[_in_short(name, places.get(name, 0), bodies.get(name), items[name], chosen.get(name, {})) for name in shown],
        finding=words.quiz_finding([items[name] for name in order]),
        total=len(order),
        reason="" if saw_the_same(sums) else DIFFERENT,
    )


def _of_group(session: Session, run_id: UUID, quiz_id: UUID, group: UUID) -> QuizSums:
    members = select(GroupMember.enrollment_id).where(GroupMember.group_id == group)
    counted = select(CountedAttempt.marks).where(
        CountedAttempt.run_id == run_id, CountedAttempt.assessment_id == quiz_id, col(CountedAttempt.enrollment_id).in_(members)
    )
    return QuizSums.of(read_marks(dict(marks)) for marks in session.exec(counted).all())


def _in_short(name: str, number: int, body: Body | None, item: ItemFigures, chosen: dict[tuple[str, str], ChoiceFigures]) -> QuestionInShort:
    wrong = [line for line in choice_lines(body, chosen, item) if line.given and not line.right and line.key.startswith("choice:")]
    most = sorted(wrong, key=lambda line: -line.given)[:MOST_WRONG]
    return QuestionInShort(
        **in_short(name, number, body, item),
        wrong=", ".join(f"“{line.name}” {100 * (line.share.value or 0):.0f} %" for line in most),
    )
