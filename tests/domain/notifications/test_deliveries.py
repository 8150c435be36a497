from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.notifications import deliveries, inbox, preferences, queries, unsubscribing
from lms_app.domain.notifications.deliveries import Again
from lms_app.domain.notifications.inbox import Notice
from lms_app.domain.notifications.kind_rules import GROUP, Choice
from lms_app.domain.people import erasing
from lms_app.errors import Invalid, NotFound, Undelivered
from lms_app.models import Notification, NotificationDelivery, NotificationSettings, OutboxMessage, Person
from lms_app.words import DeliveryChannel, DeliveryState, MailTiming, NotificationGroup, NotificationKind
from tests.support.campus import Campus, new_campus
from tests.support.statements import statements

NOON = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
"""Twelve in Berlin, on a Thursday."""


@dataclass
class Post:
    """What was sent; `refuse` is raised instead."""

    mails: list[dict[str, Any]] = field(default_factory=list)
    pushed: list[tuple[Any, ...]] = field(default_factory=list)
    refuse: Undelivered | None = None

    def mail(self, to: str, subject: str, text: str, *, html: str = "", headers: dict[str, str] | None = None) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.mails.append({"to": to, "subject": subject, "text": text, "html": html, "headers": headers or {}})

    def push(self, *given: Any) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.pushed.append(given)


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    campus = new_campus(session)
    person = session.get_one(Person, campus.student.person_id)
    person.time_zone = "Europe/Berlin"
    session.add(person)
    return campus


@pytest.fixture
def post() -> Post:
    return Post()


def choose(campus: Campus, group: NotificationGroup, actor: Actor | None = None, *, quiet: tuple[str, str] = ("", ""), **choice: Any) -> None:
    preferences.save(campus.session, actor or campus.student, {group: Choice(**choice)}, quiet_from=quiet[0], quiet_until=quiet[1])


def tell(campus: Campus, key: str = "one", kind: NotificationKind = NotificationKind.QUIZ_GRADED, person: UUID | None = None, **more: Any) -> bool:
    about = {"course": str(campus.course.id), "assessment": str(campus.quiz("Final quiz").id), **more}
    return inbox.deliver(campus.session, person or campus.student.person_id, kind, unique_key=key, **about)


def queued(campus: Campus) -> list[NotificationDelivery]:
    return list(campus.session.exec(select(NotificationDelivery).order_by(col(NotificationDelivery.id))).all())


def send(campus: Campus, post: Post, number: int = 0) -> Again | None:
    return deliveries.send(campus.session, queued(campus)[number].id, mail=post.mail, push=post.push)


def digest(campus: Campus, post: Post, channel: DeliveryChannel = DeliveryChannel.DAILY) -> Again | None:
    return deliveries.send_digest(campus.session, campus.student.person_id, channel, mail=post.mail)


def jobs_of(campus: Campus, job: str) -> list[OutboxMessage]:
    return list(campus.session.exec(select(OutboxMessage).where(OutboxMessage.job == job)).all())


def test_by_its_defaults_a_grade_is_in_the_inbox_and_mailed_at_once_in_words_with_a_way_to_stop(campus: Campus, post: Post) -> None:
    with clock.moved_to(NOON):
        assert tell(campus)
        assert not tell(campus), "the same key is the same notification"
        assert send(campus, post) is None
    (mail,) = post.mails
    assert mail["subject"] == "“Final quiz” in Stones and sand was graded"
    assert mail["text"].startswith("Ada Learner,\n\n“Final quiz” in Stones and sand was graded. (12:00)\n\nhttp://localhost:8000/quiz/")
    stop = unsubscribing.link(campus.student.person_id, "grades")
    assert mail["headers"]["List-Unsubscribe"] == f"<{stop}>"
    assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in mail["text"]
    (row,) = queued(campus)
    assert (row.state, row.tries, row.last_error) == (DeliveryState.SENT, 1, None)
    assert len(jobs_of(campus, inbox.DELIVER)) == 1


def test_what_was_sent_is_not_sent_again_by_a_job_that_runs_twice(campus: Campus, post: Post) -> None:
    with clock.moved_to(NOON):
        tell(campus)
        for _ in range(3):
            assert send(campus, post) is None
    assert len(post.mails) == 1


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


def test_the_html_of_a_mail_is_plain_tables_with_nothing_from_elsewhere_and_nothing_that_runs(campus: Campus, post: Post) -> None:
    campus.course.title = '<script>alert("x")</script> & <img src=//evil.example/p.gif>'
    campus.session.add(campus.course)
    campus.session.flush()
    with clock.moved_to(NOON):
        tell(campus)
        send(campus, post)
    reader = Tags()
    reader.feed(post.mails[0]["html"])
    assert reader.tags == {"html", "head", "meta", "title", "body", "table", "tr", "td", "a", "br"}
    links = {value for name, value in reader.attributes if name in ("href", "src", "background")}
    assert all(link and link.startswith("http://localhost:8000/") for link in links)
    assert "url(" not in post.mails[0]["html"]
    assert not any(name.startswith("on") for name, _ in reader.attributes)


def test_a_group_that_is_off_everywhere_is_remembered_and_seen_nowhere(campus: Campus, post: Post) -> None:
    choose(campus, NotificationGroup.GRADES, in_app=False, mail=MailTiming.OFF)
    assert tell(campus)
    assert queries.inbox(campus.session, campus.student).items == []
    assert queries.unread(campus.session, campus.student) == 0
    assert queued(campus) == []
    assert not tell(campus)


def test_a_muted_course_lies_in_the_inbox_and_asks_for_nothing(campus: Campus) -> None:
    campus.enroll()
    preferences.mute(campus.session, campus.student, campus.course.id, True)
    tell(campus)
    (item, *_) = queries.inbox(campus.session, campus.student).items
    assert not item.unread
    assert queued(campus) == []
    preferences.mute(campus.session, campus.student, campus.course.id, False)
    tell(campus, "two")
    assert queries.inbox(campus.session, campus.student).items[0].unread
    with pytest.raises(NotFound):
        preferences.mute(campus.session, campus.person(), campus.course.id, True)


def test_quiet_hours_hold_a_mail_until_they_end_by_the_persons_clock(campus: Campus, post: Post) -> None:
    choose(campus, NotificationGroup.GRADES, mail=MailTiming.AT_ONCE, quiet=("22:00", "07:30"))
    night, morning = NOON.replace(hour=22), datetime(2026, 11, 27, 6, 30, tzinfo=UTC)
    with clock.moved_to(night):
        tell(campus)
        assert queued(campus)[0].due_at == morning
        assert jobs_of(campus, inbox.DELIVER)[0].not_before == morning
        assert send(campus, post) == Again(at=morning)
    with clock.moved_to(morning):
        assert send(campus, post) is None
    assert len(post.mails) == 1


def test_a_daily_digest_gathers_what_was_not_mailed_and_goes_once_at_seven(campus: Campus, post: Post) -> None:
    choose(campus, NotificationGroup.GRADES, mail=MailTiming.DAILY)
    with clock.moved_to(NOON):
        for number in range(3):
            tell(campus, f"n{number}")
    seven = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
    assert {row.not_before for row in jobs_of(campus, inbox.DIGEST)} == {seven}
    assert len(jobs_of(campus, inbox.DIGEST)) == 1, "one digest, however much is in it"
    with clock.moved_to(seven - timedelta(seconds=1)):
        assert digest(campus, post) is None
        assert post.mails == []
    with clock.moved_to(seven):
        tell(campus, "later")
        assert digest(campus, post) is None
        assert digest(campus, post) is None
    (mail,) = post.mails
    assert mail["subject"] == "3 things today in Lyceum"
    assert mail["text"].count("was graded.") == 3
    assert mail["headers"]["List-Unsubscribe"] == f"<{unsubscribing.link(campus.student.person_id, 'daily')}>"
    assert sorted(row.state for row in queued(campus)) == ["queued", "sent", "sent", "sent"]


def test_a_weekly_digest_goes_on_monday(campus: Campus, post: Post) -> None:
    choose(campus, NotificationGroup.GRADES, mail=MailTiming.WEEKLY)
    with clock.moved_to(NOON):
        tell(campus)
    assert queued(campus)[0].due_at == datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
    with clock.moved_to(datetime(2026, 11, 30, 6, 0, tzinfo=UTC)):
        digest(campus, post, DeliveryChannel.WEEKLY)
    assert post.mails[0]["subject"] == "1 thing this week in Lyceum"


@pytest.mark.parametrize("stop", ["choice", "all", "erased"])
def test_what_is_not_wanted_any_more_is_dropped_at_its_moment(campus: Campus, post: Post, stop: str) -> None:
    with clock.moved_to(NOON):
        tell(campus)
        delivery_id = queued(campus)[0].id
        if stop == "choice":
            choose(campus, NotificationGroup.GRADES)
        elif stop == "all":
            preferences.stop_mail(campus.session, campus.student)
        else:
            erasing.erase(campus.session, campus.student.person_id, discard=lambda _: None)
        assert deliveries.send(campus.session, delivery_id, mail=post.mail, push=post.push) is None
    assert post.mails == []
    assert [row.state for row in queued(campus)] == ([] if stop == "erased" else ["dropped"])


def test_a_warning_whose_moment_has_passed_while_everything_was_down_is_not_sent(campus: Campus, post: Post) -> None:
    due = NOON + timedelta(hours=6)
    with clock.moved_to(NOON):
        tell(campus, kind=NotificationKind.DUE_SOON, due=due.isoformat())
    with clock.moved_to(due + timedelta(hours=1)):
        assert send(campus, post) is None
    assert (post.mails, queued(campus)[0].state) == ([], "dropped")


def test_a_server_that_is_away_is_tried_again_after_growing_pauses_and_given_up_after_two_days(campus: Campus, post: Post) -> None:
    post.refuse = Undelivered("The mail server cannot be reached (ConnectionRefusedError).")
    with clock.moved_to(NOON):
        tell(campus)
        assert [send(campus, post) for _ in range(3)] == [Again(at=NOON + timedelta(seconds=seconds)) for seconds in (1, 2, 4)]
        assert (queued(campus)[0].state, queued(campus)[0].tries) == ("queued", 3)
    with clock.moved_to(NOON + timedelta(days=2, seconds=1)):
        assert send(campus, post) is None
    row = queued(campus)[0]
    assert (row.state, row.last_error) == ("failed", "The mail server cannot be reached (ConnectionRefusedError).")


def test_an_address_that_refuses_three_mails_is_paused_until_its_owner_says_so(campus: Campus, post: Post) -> None:
    post.refuse = Undelivered("The mail server refuses the address (550).", for_good=True, gone=True)
    with clock.moved_to(NOON):
        for number in range(3):
            tell(campus, f"n{number}")
            assert send(campus, post, number) is None
        assert [row.state for row in queued(campus)] == ["bounced"] * 3
        assert preferences.read(campus.session, campus.student).mail == "paused"
        tell(campus, "n3")
        assert len(queued(campus)) == 3
        preferences.resume_mail(campus.session, campus.student)
        post.refuse = None
        tell(campus, "n4")
        send(campus, post, 3)
    assert len(post.mails) == 1
    assert campus.session.get_one(NotificationSettings, campus.student.person_id).bounces == 0


def test_a_mail_that_arrives_ends_the_count_of_refusals(campus: Campus, post: Post) -> None:
    gone = Undelivered("The mail server refuses the address (550).", for_good=True, gone=True)
    with clock.moved_to(NOON):
        for number, refuse in enumerate((gone, gone, None, gone, gone)):
            post.refuse = refuse
            tell(campus, f"n{number}")
            send(campus, post, number)
    assert preferences.read(campus.session, campus.student).mail == "on"


def test_one_person_gets_twenty_mails_an_hour_and_more_wait(campus: Campus, post: Post) -> None:
    with clock.moved_to(NOON):
        for number in range(deliveries.PER_HOUR + 1):
            tell(campus, f"n{number}")
        waits = [send(campus, post, number) for number in range(deliveries.PER_HOUR + 1)]
    assert [each is not None for each in waits] == [False] * deliveries.PER_HOUR + [True]
    with clock.moved_to(NOON + timedelta(hours=1, seconds=1)):
        assert send(campus, post, deliveries.PER_HOUR) is None
    assert len(post.mails) == deliveries.PER_HOUR + 1


def test_all_together_get_so_many_mails_a_minute(campus: Campus, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    from lms_app.settings import get_settings

    monkeypatch.setenv("MAILS_PER_MINUTE", "2")
    get_settings.cache_clear()
    with clock.moved_to(NOON):
        for number in range(3):
            tell(campus, f"n{number}", person=campus.person(f"Person {number}").person_id)
        assert [send(campus, post, number) is None for number in range(3)] == [True, True, False]
    with clock.moved_to(NOON + timedelta(seconds=61)):
        assert send(campus, post, 2) is None
    monkeypatch.undo()
    get_settings.cache_clear()


def test_a_whole_course_is_told_by_a_constant_number_of_statements_and_once(campus: Campus) -> None:
    people = [campus.person(f"Person {number}").person_id for number in range(30)]
    for person_id in people:
        choose(campus, NotificationGroup.ANNOUNCEMENTS, Actor(person_id=person_id, roles=frozenset()), mail=MailTiming.OFF)

    def announce(some: list[UUID]) -> int:
        notices = [Notice(person_id=each, unique_key=f"news:{each}", subjects={"course": str(campus.course.id)}) for each in some]
        return inbox.deliver_many(campus.session, NotificationKind.ANNOUNCEMENT, notices)

    _ = campus.course.id
    with statements(campus.session) as few:
        assert announce(people[:2]) == 2
    with statements(campus.session) as many:
        assert announce(people) == 28
    assert len(few) == len(many)
    assert len(campus.session.exec(select(Notification).where(Notification.kind == NotificationKind.ANNOUNCEMENT)).all()) == 30


@pytest.mark.parametrize(("scope", "stops"), [("grades", {"grades"}), ("daily", {"material", "discussion"}), ("all", set())])
def test_a_link_in_a_mail_stops_what_it_names_without_a_login(campus: Campus, scope: str, stops: set[str]) -> None:
    session, person_id = campus.session, campus.student.person_id
    token = unsubscribing.token(person_id, scope)
    assert not unsubscribing.described(session, None, token).stopped
    for _ in range(2):
        assert unsubscribing.stop(session, None, token).stopped
    assert unsubscribing.described(session, None, token).stopped
    mine = preferences.read(session, campus.student)
    assert mine.mail == ("off" if scope == "all" else "on")
    changed = {row.id for row in mine.learning if row.mail != GROUP[NotificationGroup(row.id)].default.mail}
    assert changed == stops
    assert all(row.in_app for row in mine.learning)


def test_a_link_that_was_changed_or_is_an_erased_persons_stops_nothing(campus: Campus) -> None:
    session, ada = campus.session, campus.student.person_id
    token = unsubscribing.token(ada, "grades")
    others = unsubscribing.token(campus.instructor.person_id, "grades")
    forged = [token[:-2], token[:4] + "AAAA" + token[8:], token[:28] + others[28:], "", "%", "ä" * 40, unsubscribing.token(ada, "nothing")]
    for each in forged:
        with pytest.raises(NotFound):
            unsubscribing.stop(session, None, each)
    erasing.erase(session, ada, discard=lambda _: None)
    with pytest.raises(NotFound):
        unsubscribing.stop(session, None, token)


@pytest.mark.parametrize(
    ("quiet", "field_name"),
    [(("22:00", ""), "quiet_until"), (("", "07:00"), "quiet_from"), (("25:00", "07:00"), "quiet_from"), (("7:00", "07:00"), "quiet_until")],
)
def test_quiet_hours_that_are_none_are_refused_beside_their_field(campus: Campus, quiet: tuple[str, str], field_name: str) -> None:
    with pytest.raises(Invalid) as refused:
        choose(campus, NotificationGroup.GRADES, quiet=quiet)
    assert set(refused.value.fields) == {field_name}


def test_who_teaches_chooses_for_teaching_too(campus: Campus) -> None:
    assert preferences.read(campus.session, campus.student).teaching == []
    mine = preferences.read(campus.session, campus.instructor)
    assert {row.id for row in mine.teaching} == {"arrivals", "marking", "questions", "inactive", "reports", "authoring"}
    assert [course.title for course in mine.courses] == ["Stones and sand"]


def test_the_inbox_shows_what_is_looked_for_fifty_at_a_time(campus: Campus) -> None:
    session, ada = campus.session, campus.student
    for number in range(51):
        tell(campus, f"n{number}")
    inbox.deliver(session, ada.person_id, NotificationKind.IMPORT_FAILED, unique_key="other")
    sheet: Callable[..., Any] = lambda **chosen: queries.sheet(session, ada, **chosen)  # noqa: E731
    first = sheet()
    assert (len(first.lines), first.page, first.pages, first.total, first.unread) == (50, 1, 2, 52, 52)
    assert [item.kind for item in sheet(page=9).lines] == ["quiz_graded"] * 2
    assert sheet(course_id=campus.course.id).total == 51
    assert [item.kind for item in sheet(group=NotificationGroup.AUTHORING).lines] == ["import_failed"]
    assert first.courses == [(str(campus.course.id), "Stones and sand")]
    inbox.mark_read(session, ada, UUID(first.lines[0].id))
    session.expire_all()
    assert sheet(only_unread=True).total == 51
    inbox.mark_unread(session, ada, UUID(first.lines[0].id))
    assert sheet(only_unread=True).total == 52
    inbox.mark_unread(session, campus.instructor, UUID(first.lines[0].id))
    inbox.mark_read(session, campus.instructor)
    assert sheet().unread == 52, "nobody marks another's"
    inbox.mark_read(session, ada)
    assert sheet().unread == 0
