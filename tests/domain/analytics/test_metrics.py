"""Each figure, rolled up by the fold, equals what its source tables say."""

import itertools
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics.fold import fold
from lms_app.domain.analytics.registry import ALL, RUN_METRICS
from lms_app.domain.assessments import attempts
from lms_app.domain.certificates import issuing
from lms_app.domain.courses import access
from lms_app.domain.enrollments import beats, enrollments, learning
from lms_app.errors import LmsError
from lms_app.models import Answer, Enrollment, Page, PageRevision
from lms_app.words import QuestionType
from tests.support.campus import RIGHT, WRONG, Campus, neutral_course, new_campus

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACTS = ("enrol", "enrol", "withdraw", "open", "read", "watch", "stop", "mark", "practise", "pass", "fail", "certify", "fold")

_slugs = (f"stones-{number}" for number in itertools.count())


def fold_all(batch: int = 2_000) -> None:
    more = True
    while more:
        with transaction() as session:
            more = fold(session, batch=batch)


def differing(run_id: UUID) -> dict[str, tuple[object, object]]:
    """The metrics of a run whose two ways of counting disagree."""
    with Session(engine()) as session:
        pairs = {name: (metric.rolled_up(session, run_id), metric.counted(session, run_id)) for name, metric in RUN_METRICS.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def sit(campus: Campus, session: Session, actor: Actor, title: str, responses: dict[QuestionType, dict[str, object]]) -> None:
    """An attempt from start to submission."""
    sheet = attempts.start(session, actor, campus.quiz(title).id)
    for question in sheet.questions:
        answer = {"response": responses[QuestionType(question.type)], "sequence": 1, "saved_at": clock.now()}
        session.merge(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), **answer))
    session.flush()
    with clock.moved_to(clock.now() + timedelta(minutes=3)):
        attempts.submit(session, actor, UUID(sheet.id))


def first_block(session: Session, page: Page) -> str:
    """Any block of a page is as good as a film."""
    assert page.published_revision_id is not None
    return session.get_one(PageRevision, page.published_revision_id).document["blocks"][0]["id"]


def act(campus: Campus, session: Session, actor: Actor, what: str) -> None:
    match what:
        case "enrol":
            enrollments.enroll(session, actor, campus.slug)
        case "withdraw":
            enrollments.withdraw(session, actor, campus.slug)
        case "open":
            learning.open_page(session, actor, campus.page("Stones").id)
        case "read":
            learning.heartbeat(session, actor, campus.page("Stones").id, seconds=20, reached_end=True)
        case "watch" | "stop":
            page = campus.page("Stones")
            film = beats.Film(block=first_block(session, page), position=75 if what == "watch" else 100, played=70, paused=what == "stop")
            learning.heartbeat(session, actor, page.id, seconds=20, reached_end=False, films=(film,))
        case "mark":
            learning.mark_complete(session, actor, campus.page("Sand").id)
        case "practise":
            sit(campus, session, actor, "Try it", WRONG)
        case "pass":
            sit(campus, session, actor, "Final quiz", RIGHT)
        case "fail":
            sit(campus, session, actor, "Final quiz", WRONG)
        case "certify":
            enrollment = access.own_enrollment(session, actor, campus.course.id)
            if session.get_one(Enrollment, enrollment.id).completed_at:
                issuing.award(session, enrollment.id)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ACTS), st.integers(1, 30)), min_size=5, max_size=40), st.integers(1, 9))
def test_every_metric_equals_its_source_whatever_happened(
    committed_database: str, redis_url: str, steps: list[tuple[int, str, int]], batch: int
) -> None:
    with transaction() as session:
        campus = new_campus(session, neutral_course(next(_slugs)))
        people = [campus.student, campus.person(), campus.person()]
        run = access.current_run(session, campus.course.id)
        run.time_zone = "America/St_Johns"
        session.add(run)
    moment = START
    for who, what, hours in steps:
        moment += timedelta(hours=hours)
        if what == "fold":
            fold_all(batch)
            continue
        try:
            with clock.moved_to(moment), transaction() as session:
                campus.session = session
                act(campus, session, people[who], what)
        except LmsError:
            pass
    fold_all(batch)
    with clock.moved_to(moment):
        assert differing(run.id) == {}


def test_every_metric_equals_its_source_where_there_is_something_to_count(committed_database: str, redis_url: str) -> None:
    with transaction() as session, clock.moved_to(START):
        campus = new_campus(session)
        ada, ben, cleo = campus.student, campus.person(), campus.person()
        run_id = access.current_run(session, campus.course.id).id
    story = (
        (0, ada, "enrol"), (0, ben, "enrol"), (1, cleo, "enrol"), (2, ada, "open"), (2, ben, "open"), (3, ada, "read"), (3.1, ada, "watch"),
        (3.2, ada, "stop"), (4, cleo, "withdraw"), (5, ada, "mark"), (26, ada, "fail"), (50, ada, "pass"), (51, ada, "certify"),
        (700, cleo, "enrol"), (701, cleo, "open"),
    )  # fmt: skip
    for hours, who, what in story:
        with clock.moved_to(START + timedelta(hours=hours)), transaction() as session:
            campus.session = session
            act(campus, session, who, what)
    fold_all()
    with clock.moved_to(START + timedelta(hours=701, minutes=1)):
        assert differing(run_id) == {}
        with Session(engine()) as session:
            empty = {name for name, metric in RUN_METRICS.items() if not metric.rolled_up(session, run_id)}
    assert empty == set()


def test_every_metric_says_what_it_is() -> None:
    for name, metric in ALL.items():
        assert metric.name == name
        assert all((metric.title, metric.meaning, metric.unit, metric.n, metric.source, metric.freshness))
        assert metric.meaning.endswith(".")
