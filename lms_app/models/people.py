"""People: accounts, their keys, log-ins and mailed links."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, moment, primary_id, refers, scored, word
from lms_app.words import LinkPurpose


class PersonKey(Row, table=True):
    """The wrapped key under which a person's data is sealed. Destroying it erases the person. Id 0 is the installation's own."""

    __tablename__ = "person_keys"

    person_id: UUID = Field(primary_key=True)
    wrapped: bytes = ciphertext()
    master_key_id: str
    created_at: datetime = moment()
    destroyed_at: datetime | None = moment(default=None)


class Person(Row, table=True):
    """An account. Capabilities say what it may do at all; memberships and enrolments say where."""

    __tablename__ = "people"

    id: UUID = primary_id()
    email_index: bytes | None = ciphertext(default=None, unique=True)
    email_sealed: bytes | None = ciphertext(default=None)
    name_sealed: bytes | None = ciphertext(default=None)
    bio_sealed: bytes | None = ciphertext(default=None)
    password_hash: str | None = None
    password_version: int = 0
    """Rises with each new password: what was checked against an older one lets nobody in."""
    time_zone: str = "UTC"
    can_learn: bool = True
    can_teach: bool = False
    can_administer: bool = False
    teaching_requested_at: datetime | None = moment(default=None)
    created_at: datetime = moment()
    erased_at: datetime | None = moment(default=None)

    email = sealed("email_sealed", owner="id")
    name = sealed("name_sealed", owner="id")
    bio = sealed("bio_sealed", owner="id")


class Accommodation(Row, table=True):
    """What a person needs in every timed activity: `time_factor` times the time, 1 or more. `note` says why, for administrators."""

    __tablename__ = "accommodations"

    id: UUID = primary_id()
    person_id: UUID = refers("people.id", index=False, unique=True)
    time_factor: Decimal = scored(default=Decimal(1))
    note_sealed: bytes | None = ciphertext(default=None)
    created_at: datetime = moment()
    updated_at: datetime = moment()

    note = sealed("note_sealed")


class Registration(Row, table=True):
    """Somebody asked for an account and has not confirmed by mail yet. `person_id` is the account's future id, whose key seals the data."""

    __tablename__ = "registrations"

    id: UUID = primary_id()
    person_id: UUID = Field(index=True)
    email_index: bytes = ciphertext(index=True)
    email_sealed: bytes | None = ciphertext(default=None)
    name_sealed: bytes | None = ciphertext(default=None)
    wants_to_teach: bool = False
    time_zone: str = "UTC"
    invitation_link_id: UUID | None = refers("invitation_links.id", default=None)
    """The invitation link by which they came."""
    created_at: datetime = moment()
    expires_at: datetime = moment()
    confirmed_at: datetime | None = moment(default=None)

    email = sealed("email_sealed")
    name = sealed("name_sealed")


class MailedLink(Row, table=True):
    """A single-use link. Only its digest is kept."""

    __tablename__ = "mailed_links"

    id: UUID = primary_id()
    purpose: LinkPurpose = word()
    digest: bytes = ciphertext(unique=True)
    person_id: UUID | None = Field(default=None, index=True)
    registration_id: UUID | None = refers("registrations.id", default=None)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)


class Login(Row, table=True):
    """A signed-in browser or program. Ending it signs that browser out everywhere within 5 s."""

    __tablename__ = "logins"

    id: UUID = primary_id()
    person_id: UUID = refers("people.id")
    created_at: datetime = moment()
    last_seen_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    ended_because: str | None = None
    network_sealed: bytes | None = ciphertext(default=None)
    browser_sealed: bytes | None = ciphertext(default=None)

    network = sealed("network_sealed")
    browser = sealed("browser_sealed")


class CalendarFeed(Row, table=True):
    """That a person's dates can be read by whoever has their calendar address. Only its digest is kept. `read_at` is within the hour."""

    __tablename__ = "calendar_feeds"

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    digest: bytes = ciphertext(unique=True)
    created_at: datetime = moment()
    read_at: datetime | None = moment(default=None)


class RefreshToken(Row, table=True):
    """One link in a login's chain of refresh tokens. Used twice after 30 s, it ends the login."""

    __tablename__ = "refresh_tokens"

    id: UUID = primary_id()
    login_id: UUID = refers("logins.id")
    issued_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)
    successor_id: UUID | None = None


class Throttle(Row, table=True):
    """Failed tries against one e-mail or network address, known only by a keyed digest, and when the next may come."""

    __tablename__ = "throttles"

    key: bytes = ciphertext(primary_key=True)
    failures: int = 0
    next_at: datetime = moment()
    updated_at: datetime = moment(index=True)


class AuditEntry(Row, table=True):
    """A security-relevant act, written beside the act itself. `detail` holds no personal data."""

    __tablename__ = "audit_entries"

    id: UUID = primary_id()
    at: datetime = moment(index=True)
    person_id: UUID | None = Field(default=None, index=True)
    action: str
    object_kind: str | None = None
    object_id: UUID | None = None
    network_sealed: bytes | None = ciphertext(default=None)

    network = sealed("network_sealed")
