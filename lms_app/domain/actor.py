"""Who acts."""

from dataclasses import dataclass
from uuid import UUID

from lms_app.errors import NotAllowed, NotSignedIn
from lms_app.words import Role


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The signed-in person behind a request, an event or a command. `login_id` is None for commands and jobs."""

    person_id: UUID
    roles: frozenset[Role]
    login_id: UUID | None = None

    def must_be(self, role: Role) -> None:
        """Raises NotAllowed unless the account has `role`."""
        if role not in self.roles:
            raise NotAllowed


def known(actor: Actor | None) -> Actor:
    """The actor, or NotSignedIn. For use cases that visitors may call too."""
    if actor is None:
        raise NotSignedIn
    return actor
