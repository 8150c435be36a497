"""One's own account: read, changed, and the log-ins that use it."""

from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.people import addresses, audit, signing_in, throttling
from lms_app.domain.people.browser_rules import browser_in_words
from lms_app.domain.people.logins import look_again
from lms_app.domain.people.views import LoginLine, Profile
from lms_app.errors import Invalid
from lms_app.models import Login, Person
from lms_app.settings import get_settings
from lms_app.words import Hint, InstructorPolicy


def read(session: Session, actor: Actor) -> Profile:
    """The actor's account."""
    person = session.get_one(Person, actor.person_id)
    return Profile(
        name=person.name,
        email=person.email,
        bio=person.bio or "",
        time_zone=person.time_zone,
        is_student=person.can_learn,
        is_instructor=person.can_teach,
        is_admin=person.can_administer,
        teaching_policy=get_settings().instructors,
        asked_to_teach=person.teaching_requested_at is not None,
        since=f"{person.created_at.astimezone(ZoneInfo(person.time_zone)):%B %Y}",
    )


def save(session: Session, actor: Actor, *, name: str, bio: str, time_zone: str) -> None:
    """Changes the actor's name, bio and time zone. Certificates keep the name they were awarded to. Raises Invalid with the fields."""
    addresses.refuse_together(lambda: addresses.clean_name(name), lambda: addresses.clean_bio(bio), lambda: addresses.checked_zone(time_zone))
    person = session.get_one(Person, actor.person_id)
    person.name, person.bio = addresses.clean_name(name), addresses.clean_bio(bio)
    person.time_zone = addresses.checked_zone(time_zone)
    session.add(person)
    after_commit(session, lambda: pubsub.hint(Hint.NAME, actor.person_id))


def present_password(session: Session, actor: Actor) -> signing_in.Account:
    """What the present password is checked against before something that wants it, and one try counted. Raises TooMany while guesses are
    held back."""
    person = session.get_one(Person, actor.person_id)
    throttling.spend(session, throttling.email_key(person.email, signing_in.ACT), free=signing_in.FREE_PER_EMAIL)
    return signing_in.Account(person_id=person.id, password_hash=person.password_hash, version=person.password_version)


def refuse_password(session: Session, actor: Actor) -> None:
    """Notes a wrong present password. The caller raises `wrong_password()` after the commit, so that the note stays."""
    audit.note(session, "password_refused", person_id=actor.person_id)


def wrong_password() -> Invalid:
    """The present password was not the right one."""
    return Invalid("That is not your present password.", fields={"current": "That is not your present password."})


def change_password(session: Session, actor: Actor, new_hash: str, *, version: int) -> None:
    """Sets a new password and ends the actor's other log-ins. The caller has checked the present one, of this version; Invalid if it was replaced."""
    signing_in.must_be_checked(session, actor.person_id, version)
    signing_in.set_password(session, actor.person_id, new_hash)
    throttling.forget(session, throttling.email_key(session.get_one(Person, actor.person_id).email, signing_in.ACT))
    signing_in.end_all(session, actor.person_id, "password_changed", but=actor.login_id)
    audit.note(session, "password_changed", person_id=actor.person_id)


def ask_to_teach(session: Session, actor: Actor) -> bool:
    """Makes the actor an instructor where everybody may be one, else notes the wish where an admin approves. Gives whether it was granted."""
    person = session.get_one(Person, actor.person_id)
    match get_settings().instructors:
        case InstructorPolicy.OPEN:
            person.can_teach = True
            audit.note(session, "became_instructor", person_id=person.id)
            look_again(session, person.id)
        case InstructorPolicy.APPROVED:
            person.teaching_requested_at = person.teaching_requested_at or clock.now()
        case InstructorPolicy.INVITED:
            pass
    session.add(person)
    return person.can_teach


def logins(session: Session, actor: Actor) -> list[LoginLine]:
    """The actor's log-ins that still stand, the last used first."""
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    rows = session.exec(
        select(Login)
        .where(Login.person_id == actor.person_id, col(Login.ended_at).is_(None), Login.expires_at > clock.now())
        .order_by(col(Login.last_seen_at).desc())
        .limit(50)
    ).all()
    return [
        LoginLine(
            id=str(row.id),
            browser=browser_in_words(row.browser or ""),
            network=row.network or "",
            began=when_in_words(row.created_at, zone),
            seen=when_in_words(row.last_seen_at, zone),
            current=row.id == actor.login_id,
        )
        for row in rows
    ]
