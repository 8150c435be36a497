"""Who looks: the little that every page shows of a person."""

from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.notifications.queries import teller, unread
from lms_app.domain.people.views import Viewer
from lms_app.models import Notification, Person
from lms_app.words import Role


def viewer(session: Session, actor: Actor | None) -> Viewer:
    """The person who acts, with the newest unread notification in words; a visitor is nobody."""
    if actor is None:
        return Viewer()
    person = session.get_one(Person, actor.person_id)
    newest = session.exec(
        select(Notification)
        .where(Notification.person_id == actor.person_id, col(Notification.read_at).is_(None))
        .order_by(col(Notification.id).desc())
        .limit(1)
    ).first()
    sentence, link = teller(session, [newest])(newest) if newest else ("", "")
    return Viewer(
        signed_in=True,
        name=person.name,
        initials=initials(person.name),
        is_student=Role.STUDENT in actor.roles,
        is_instructor=Role.INSTRUCTOR in actor.roles,
        is_admin=Role.ADMIN in actor.roles,
        unread=unread(session, actor),
        newest=str(newest.id) if newest else "",
        sentence=sentence,
        link=link,
    )


def initials(name: str) -> str:
    """The first letters of the first and last part of a name; of a name in one part, its first letter."""
    parts = name.split()
    letters = [parts[0][0], parts[-1][0]] if len(parts) > 1 else [name[:1]]
    return "".join(letters).upper()
