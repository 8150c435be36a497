"""What a person may see of their own account."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """What every page shows of who looks. `newest` are the ids of the newest notifications, the newest first; `fresh` are the sentences of
    the unread among them that the page does not know, in the order in which they came, and `link` where the only one leads."""

    signed_in: bool = False
    name: str = ""
    initials: str = ""
    is_student: bool = False
    is_instructor: bool = False
    is_admin: bool = False
    unread: int = 0
    newest: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
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
