from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.people import links, mails, profile, registration, resetting, signing_in, throttling
from lms_app.domain.people.throttle_rules import delay_after
from lms_app.errors import Invalid, NotFound, TooMany
from lms_app.models import AuditEntry, Login, OutboxMessage, Person
from lms_app.words import LinkPurpose, Role

EMAIL, NETWORK = "zoe@example.org", "198.51.100.7"


class Post:
    """Collects what is mailed."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def __call__(self, to: str, subject: str, text: str) -> None:
        self.sent.append((to, subject, text))

    @property
    def secret(self) -> str:
        return self.sent[-1][2].split("#")[1].split()[0]


def deliver_links(session: Session) -> Post:
    """Runs the link mails that wait in the outbox."""
    post = Post()
    for row in session.exec(select(OutboxMessage).where(OutboxMessage.job == registration.MAIL_LINK).order_by(OutboxMessage.id)).all():
        mails.send_link(session, row.arguments["kind"], UUID(row.arguments["subject"]), send=post)
        session.delete(row)
    session.flush()
    return post


def register(session: Session, email: str = EMAIL, **more) -> Person:
    registration.request(session, name="Zoë Müller", email=email, time_zone="Europe/Berlin", **more)
    return session.get_one(Person, registration.confirm(session, deliver_links(session).secret, "hash"))


def actor_of(person: Person, grant: signing_in.Grant | None = None) -> Actor:
    return Actor(person_id=person.id, roles=frozenset({Role.STUDENT}), login_id=grant.login_id if grant else None)


def begin(session: Session, person: Person) -> signing_in.Grant:
    return signing_in.begin(session, person.id, email=EMAIL, network=NETWORK, browser="Firefox on Linux")


def test_a_mailed_link_makes_the_account(session: Session, redis_url: str) -> None:
    person = register(session, "  Zoe@Example.ORG ")
    assert (person.name, person.email, person.time_zone) == ("Zoë Müller", EMAIL, "Europe/Berlin")
    assert b"Zo" not in bytes(person.name_sealed or b"")
    assert registration.find_person(session, "ZOE@example.org") == person


def test_a_known_address_is_told_by_mail_and_nothing_else_differs(session: Session, redis_url: str) -> None:
    register(session)
    registration.request(session, name="Someone", email=EMAIL)
    post = deliver_links(session)
    assert [subject for _, subject, _ in post.sent] == ["You have a Lyceum account"]
    assert registration.find_person(session, EMAIL).password_hash == "hash"


def test_a_confirmation_link_works_once(session: Session, redis_url: str) -> None:
    registration.request(session, name="Zoë", email=EMAIL)
    secret = deliver_links(session).secret
    registration.confirm(session, secret, "hash")
    with pytest.raises(Invalid, match="used already"):
        registration.confirm(session, secret, "hash")


def test_a_confirmation_link_ends_after_a_day(session: Session, redis_url: str) -> None:
    registration.request(session, name="Zoë", email=EMAIL)
    secret = deliver_links(session).secret
    with clock.moved_by(timedelta(hours=24, seconds=1)), pytest.raises(Invalid):
        registration.confirm(session, secret, "hash")


def test_no_secret_lies_in_the_outbox(session: Session, redis_url: str) -> None:
    registration.request(session, name="Zoë", email=EMAIL)
    row = session.exec(select(OutboxMessage)).one()
    assert set(row.arguments) == {"kind", "subject"}


@pytest.mark.parametrize(("policy", "teaches", "waits"), [("open", True, False), ("approved", False, True), ("invited", False, False)])
def test_who_may_teach_is_the_installations_choice(
    session: Session, redis_url: str, monkeypatch: pytest.MonkeyPatch, policy: str, teaches: bool, waits: bool
) -> None:
    from lms_app.settings import get_settings

    monkeypatch.setenv("INSTRUCTORS", policy)
    get_settings.cache_clear()
    person = register(session, wants_to_teach=True)
    get_settings.cache_clear()
    assert (person.can_teach, person.teaching_requested_at is not None) == (teaches, waits)


@pytest.mark.parametrize("email", ["", "no", "a@b", "two@at@example.org", "new\nline@example.org", "a b@example.org", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_refused_in_words(session: Session, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        registration.request(session, name="Zoë", email=email)
    assert "email" in refused.value.fields


def test_a_reset_sets_the_password_and_ends_every_login(session: Session, redis_url: str) -> None:
    person = register(session)
    grant = begin(session, person)
    resetting.ask(session, EMAIL, NETWORK)
    resetting.reset(session, deliver_links(session).secret, "new hash")
    session.refresh(person)
    assert person.password_hash == "new hash"
    assert session.get_one(Login, grant.login_id).ended_because == "password_reset"


def test_a_reset_link_ends_after_thirty_minutes(session: Session, redis_url: str) -> None:
    register(session)
    resetting.ask(session, EMAIL, NETWORK)
    secret = deliver_links(session).secret
    assert links.is_good(session, LinkPurpose.RESET, secret)
    with clock.moved_by(timedelta(minutes=30, seconds=1)), pytest.raises(Invalid):
        resetting.reset(session, secret, "new hash")


def test_a_newer_reset_link_ends_the_older(session: Session, redis_url: str) -> None:
    register(session)
    resetting.ask(session, EMAIL, NETWORK)
    older = deliver_links(session).secret
    resetting.ask(session, EMAIL, NETWORK)
    deliver_links(session)
    with pytest.raises(Invalid):
        resetting.reset(session, older, "new hash")


def test_asking_for_an_unknown_address_mails_nobody(session: Session, redis_url: str) -> None:
    resetting.ask(session, "nobody@example.org", NETWORK)
    assert deliver_links(session).sent == []


def test_ten_renewals_with_one_link_give_one_successor(session: Session, redis_url: str) -> None:
    grant = begin(session, register(session))
    renewed = [signing_in.renew(session, grant.login_id, grant.token_id) for _ in range(10)]
    assert len({entry.token_id for entry in renewed if entry}) == 1
    assert all(renewed)


def test_a_link_used_after_thirty_seconds_ends_the_login(session: Session, redis_url: str) -> None:
    person = register(session)
    grant = begin(session, person)
    signing_in.renew(session, grant.login_id, grant.token_id)
    with clock.moved_by(timedelta(seconds=31)):
        assert signing_in.renew(session, grant.login_id, grant.token_id) is None
    assert session.get_one(Login, grant.login_id).ended_because == "token_reused"
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "token_reused")).one().person_id == person.id


def test_nobody_renews_by_anothers_link(session: Session, redis_url: str) -> None:
    person = register(session)
    first, second = begin(session, person), begin(session, person)
    assert signing_in.renew(session, first.login_id, second.token_id) is None


def test_the_answer_to_a_wrong_password_and_an_unknown_address_is_the_same(session: Session, redis_url: str) -> None:
    register(session)
    known, unknown = signing_in.account(session, EMAIL, NETWORK), signing_in.account(session, "nobody@example.org", NETWORK)
    assert known.password_hash == "hash"
    assert unknown == signing_in.Account(person_id=None, password_hash=None)


def test_the_mail_to_an_address_nobody_has_confirmed_repeats_no_strangers_words(session: Session, redis_url: str) -> None:
    registration.request(session, name="You won, see http://evil.example", email=EMAIL)
    ((_, subject, text),) = deliver_links(session).sent
    assert "evil.example" not in subject + text


def test_guessing_slows_down_and_a_success_forgives(session: Session, redis_url: str) -> None:
    person = register(session)
    for _ in range(signing_in.FREE_PER_EMAIL + 1):
        signing_in.account(session, EMAIL, NETWORK)
        signing_in.refuse(session, NETWORK, person.id)
    with pytest.raises(TooMany) as held:
        signing_in.account(session, EMAIL, "203.0.113.9")
    assert held.value.retry_after == 1
    begin(session, person)
    signing_in.account(session, EMAIL, NETWORK)


def test_guesses_sent_all_at_once_are_counted_before_any_is_checked(session: Session, redis_url: str) -> None:
    register(session)
    for _ in range(signing_in.FREE_PER_EMAIL + 1):
        signing_in.account(session, EMAIL, NETWORK)
    with pytest.raises(TooMany):
        signing_in.account(session, EMAIL, NETWORK)


def test_guesses_of_the_present_password_are_counted_before_any_is_checked(session: Session, redis_url: str) -> None:
    actor = actor_of(register(session))
    for _ in range(signing_in.FREE_PER_EMAIL + 1):
        profile.present_password(session, actor)
    with pytest.raises(TooMany):
        profile.present_password(session, actor)


def test_a_network_that_guesses_many_addresses_is_held_back(session: Session) -> None:
    for _ in range(signing_in.FREE_PER_NETWORK + 1):
        signing_in.refuse(session, NETWORK, None)
    with pytest.raises(TooMany):
        signing_in.account(session, "fresh@example.org", NETWORK)


def test_the_delay_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [delay_after(n, free=2).total_seconds() for n in range(1, 8)] == [0, 0, 1, 2, 4, 8, 16]
    assert delay_after(10_000, free=2) == timedelta(minutes=15)


def test_forgotten_tries_are_cleaned_up(session: Session) -> None:
    signing_in.account(session, EMAIL, NETWORK)
    signing_in.refuse(session, NETWORK, None)
    with clock.moved_by(timedelta(hours=25)):
        throttling.clean_up(session)
    assert signing_in.account(session, EMAIL, NETWORK).person_id is None


def test_a_person_ends_only_their_own_logins(session: Session, redis_url: str) -> None:
    person = register(session)
    other = register(session, "other@example.org")
    grant = begin(session, person)
    with pytest.raises(NotFound):
        signing_in.end(session, actor_of(other), grant.login_id)
    signing_in.end(session, actor_of(person), grant.login_id)
    assert profile.logins(session, actor_of(person)) == []


def test_ones_logins_are_listed_with_the_one_in_use(session: Session, redis_url: str) -> None:
    person = register(session)
    first, second = begin(session, person), begin(session, person)
    lines = profile.logins(session, actor_of(person, second))
    assert {(line.id, line.current) for line in lines} == {(str(first.login_id), False), (str(second.login_id), True)}
    assert {line.browser for line in lines} == {"A browser or program"}
    assert {line.network for line in lines} == {NETWORK}


def test_a_new_password_ends_the_other_logins(session: Session, redis_url: str) -> None:
    person = register(session)
    first, second = begin(session, person), begin(session, person)
    profile.change_password(session, actor_of(person, second), "new hash", version=0)
    assert session.get_one(Login, first.login_id).ended_at is not None
    assert session.get_one(Login, second.login_id).ended_at is None


def test_a_profile_is_saved_sealed(session: Session, redis_url: str) -> None:
    person = register(session)
    profile.save(session, actor_of(person), name=" Zoë  Ångström ", bio="I read.", time_zone="Asia/Tokyo")
    read = profile.read(session, actor_of(person))
    assert (read.name, read.bio, read.time_zone) == ("Zoë Ångström", "I read.", "Asia/Tokyo")
    assert b"read" not in bytes(person.bio_sealed or b"")


def test_everything_wrong_with_a_profile_is_said_at_once(session: Session, redis_url: str) -> None:
    person = register(session)
    with pytest.raises(Invalid) as refused:
        profile.save(session, actor_of(person), name=" ", bio="x" * 1001, time_zone="Mars/Olympus")
    assert set(refused.value.fields) == {"name", "bio", "time_zone"}
    assert person.name == "Zoë Müller"


def test_an_unknown_time_zone_is_refused_in_words(session: Session, redis_url: str) -> None:
    person = register(session)
    with pytest.raises(Invalid) as refused:
        profile.save(session, actor_of(person), name="Zoë", bio="", time_zone="Mars/Olympus")
    assert "time_zone" in refused.value.fields
