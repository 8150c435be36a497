"""What open tabs tell is bounded by what can be true, and told once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.assessments import attempts
from lms_app.domain.enrollments import beats, learning
from lms_app.domain.enrollments.beats import Film
from lms_app.errors import NotFound
from lms_app.ids import uuid7
from lms_app.models import LearningEvent, PageRevision, PageView
from lms_app.words import NodeKind, Verb
from tests.domain.analytics.test_dashboards import counted_statements
from tests.support.campus import Campus, new_campus

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    campus = new_campus(session)
    with clock.moved_to(BEGAN):
        campus.enroll()
        learning.open_page(session, campus.student, campus.page("Stones").id)
    return campus


def tell(campus: Campus, after: float, seconds: int, *, page: str = "Stones", beat: UUID | None = None, films: tuple[Film, ...] = ()) -> None:
    with clock.moved_to(BEGAN + timedelta(seconds=after)):
        learning.heartbeat(
            campus.session, campus.student, campus.page(page).id, seconds=seconds, reached_end=False, beat_id=beat or uuid7(), films=films
        )


def told(campus: Campus, verb: Verb = Verb.PROGRESSED) -> list[Any]:
    rows = select(LearningEvent.value).where(LearningEvent.verb == verb).order_by(col(LearningEvent.occurred_at), col(LearningEvent.id))
    return list(campus.session.exec(rows).all())


def test_each_beat_that_is_true_is_an_event_with_its_seconds(campus: Campus) -> None:
    tell(campus, 30, 30)
    tell(campus, 61, 28)
    assert told(campus) == [{"seconds": 30}, {"seconds": 28}]
    assert campus.session.exec(select(PageView.seconds)).one() == 58


def test_no_more_seconds_count_than_have_passed_since_the_last_beat_wherever_it_came_from(campus: Campus) -> None:
    tell(campus, 10, 60)
    tell(campus, 20, 30, page="Sand")
    tell(campus, 20.2, 30)
    tell(campus, 40, 30)
    assert told(campus) == [{"seconds": 10}, {"seconds": 10}, {"seconds": 20}]


def test_a_beat_is_a_minute_at_most(campus: Campus) -> None:
    tell(campus, 5_000, 600)
    assert told(campus) == [{"seconds": 60}]


def test_a_beat_that_is_sent_again_counts_once(campus: Campus) -> None:
    same = uuid7()
    tell(campus, 30, 30, beat=same)
    tell(campus, 45, 15)
    tell(campus, 70, 30, beat=same, films=(Film(block="film", position=9, played=9, paused=False),))
    assert told(campus) == [{"seconds": 30}, {"seconds": 15}]
    tell(campus, 75, 30)
    # The repeat moved nothing, the moment of the last beat neither.
    assert told(campus)[-1] == {"seconds": 30}


def test_a_tab_that_tells_of_no_time_writes_no_event(campus: Campus) -> None:
    tell(campus, 30, 0)
    assert told(campus) == []


def blocks_of(campus: Campus, title: str = "Stones") -> list[str]:
    """The ids of a page's blocks: what a film may be."""
    revision = campus.session.get_one(PageRevision, campus.page(title).published_revision_id)
    return [block["id"] for block in revision.document["blocks"]]


def test_films_go_on_where_they_were_left_and_say_whether_they_were_paused(campus: Campus) -> None:
    a, b = blocks_of(campus)[:2]
    tell(campus, 30, 30, films=(Film(block=a, position=28, played=28, paused=False), Film(block=b, position=3, played=3, paused=True)))
    tell(campus, 60, 30, films=(Film(block=a, position=55, played=27, paused=True),))
    assert told(campus, Verb.PAUSED) == [{"block": b, "position": 3, "played": 3}, {"block": a, "position": 55, "played": 27}]
    assert {"block": a, "position": 28, "played": 28} in told(campus)
    page = campus.page("Stones").id
    left = beats.film_places(campus.session, campus.student, page)
    assert {block: (film.position, film.at) for block, film in left.items()} == {
        a: (55, "2026-03-02T09:01:00+00:00"),
        b: (3, "2026-03-02T09:00:30+00:00"),
    }
    with pytest.raises(NotFound):
        beats.film_places(campus.session, campus.person(), page)


def test_a_film_that_the_page_has_not_leaves_no_trace(campus: Campus) -> None:
    tell(campus, 30, 30, films=(Film(block="elsewhere", position=9, played=9, paused=True),))
    assert told(campus, Verb.PAUSED) == []
    assert beats.film_places(campus.session, campus.student, campus.page("Stones").id) == {}


def test_a_film_that_a_beat_names_twice_is_told_once_and_plays_no_faster_than_films_do(campus: Campus) -> None:
    film = blocks_of(campus)[0]
    tell(campus, 10, 30, films=(Film(block=film, position=5, played=5, paused=True), Film(block=film, position=900, played=3600, paused=True)))
    assert told(campus, Verb.PAUSED) == [{"block": film, "position": 900, "played": 4 * 10}]
    assert beats.film_places(campus.session, campus.student, campus.page("Stones").id)[film].position == 900


def test_no_tab_fills_the_log_with_its_films(campus: Campus) -> None:
    film = blocks_of(campus)[0]
    for position in range(5):
        tell(campus, 30, 30, films=(Film(block=film, position=position, played=1, paused=True),))
    assert told(campus, Verb.PAUSED) == [{"block": film, "position": 0, "played": 1}]
    assert beats.film_places(campus.session, campus.student, campus.page("Stones").id)[film].position == 4


def test_time_at_a_quiz_counts_once_it_is_begun(campus: Campus) -> None:
    quiz = campus.quiz("Final quiz").id
    with pytest.raises(NotFound):
        beats.at_quiz(campus.session, campus.student, quiz, seconds=30)
    with clock.moved_to(BEGAN):
        attempts.start(campus.session, campus.student, quiz)
    with clock.moved_to(BEGAN + timedelta(seconds=31)):
        beats.at_quiz(campus.session, campus.student, quiz, seconds=30)
    row = campus.session.exec(select(LearningEvent).where(LearningEvent.verb == Verb.PROGRESSED)).one()
    assert (row.object_kind, row.object_id, row.value) == (NodeKind.ASSESSMENT, quiz, {"seconds": 30})
    for stranger in (campus.person(), campus.instructor):
        with pytest.raises(NotFound):
            beats.at_quiz(campus.session, stranger, quiz, seconds=30)


def test_a_beat_takes_four_statements_whatever_it_tells(committed_database: str, redis_url: str) -> None:
    with transaction() as session, clock.moved_to(BEGAN):
        campus = new_campus(session)
        campus.enroll()
        page = campus.page("Sand").id
        learning.open_page(session, campus.student, page)
    costs = []
    for number in range(1, 3):
        films = tuple(Film(block=f"f{film}", position=film, played=1, paused=False) for film in range(number * 3))
        with Session(engine()) as session, clock.moved_to(BEGAN + timedelta(minutes=number)), counted_statements() as seen:
            learning.heartbeat(session, campus.student, page, seconds=30, reached_end=True, beat_id=uuid7(), films=films)
        costs.append(len(seen))
    assert costs == [4, 4]
