"""What a person may see of their own account."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """What every page shows of who looks. `newest` is the id of the newest unread notification, `sentence` and `link` say it."""

    signed_in: bool = False
    name: str = ""
    initials: str = ""
    is_student: bool = False
    is_instructor: bool = False
    is_admin: bool = False
    unread: int = 0
    newest: str = ""
    sentence: str = ""
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One's own account."""

    name: str
    email: str
    bio: str
    time_zone: str
    is_student: bool
    is_instructor: bool
    is_admin: bool
    teaching_policy: str
    asked_to_teach: bool
    since: str


@dataclass(frozen=True, kw_only=True)
class LoginLine:
    """One of one's log-ins. `current` is the one that asks."""

    id: str
    browser: str
    network: str
    began: str
    seen: str
    current: bool
