"""What is left behind by people who did not come back: registrations never confirmed, links, ended log-ins' chains, tries."""

from datetime import timedelta

from sqlalchemy import delete, exists, or_, text
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.people import throttling
from lms_app.models import MailedLink, Person, PersonKey, Registration

LINKS_KEPT = timedelta(days=7)
CHAINS_KEPT = timedelta(days=30)


def clean_up(session: Session) -> None:
    """Deletes registrations that expired (with the keys that sealed them) or became accounts, links a week after their time, old links of log-ins'
    chains, and tries of yesterday. What it deletes nobody can use any more; running twice does no harm."""
    now = clock.now()
    throttling.clean_up(session)
    is_done = or_(col(Registration.confirmed_at).is_not(None), col(Registration.expires_at) <= now)
    session.execute(delete(MailedLink).where(col(MailedLink.registration_id).in_(select(Registration.id).where(is_done))))
    gone = delete(Registration).where(is_done).returning(col(Registration.person_id)).cte("gone")
    is_a_person = exists().where(col(Person.id) == col(PersonKey.person_id))
    session.execute(delete(PersonKey).where(col(PersonKey.person_id).in_(sql_select(gone.c.person_id)), ~is_a_person))
    session.execute(delete(MailedLink).where(col(MailedLink.expires_at) < now - LINKS_KEPT))
    # A chain's old links tell a stolen token from a good one while their login stands; of a login that ended long ago nothing can be renewed.
    session.execute(
        text(
            "DELETE FROM refresh_tokens t USING logins l WHERE l.id = t.login_id AND (l.ended_at < :before OR l.expires_at < :before) "
            "OR t.expires_at < :before AND l.id = t.login_id"
        ),
        {"before": now - CHAINS_KEPT},
    )
