"""What is left behind by people who did not come back: registrations never confirmed, links, ended log-ins' chains, tries."""

from datetime import timedelta

from sqlalchemy import delete, text
from sqlmodel import Session, col

from lms_app.adapters import clock
from lms_app.domain.people import throttling
from lms_app.models import MailedLink

LINKS_KEPT = timedelta(days=7)
CHAINS_KEPT = timedelta(days=30)


def clean_up(session: Session) -> None:
    """Deletes registrations that expired (with the keys that sealed them) or became accounts, links a week after their time, old links of log-ins'
    chains, and tries of yesterday. What it deletes nobody can use any more; running twice does no harm."""
    now = clock.now()
    throttling.clean_up(session)
    gone = "SELECT id, person_id FROM registrations WHERE confirmed_at IS NOT NULL OR expires_at <= :now"
    session.execute(text(f"DELETE FROM mailed_links WHERE registration_id IN (SELECT id FROM ({gone}) AS gone)"), {"now": now})  # noqa: S608
    session.execute(
        text(
            f"WITH gone AS (DELETE FROM registrations WHERE id IN (SELECT id FROM ({gone}) AS gone) RETURNING person_id) "  # noqa: S608
            "DELETE FROM person_keys k USING gone WHERE k.person_id = gone.person_id AND NOT EXISTS (SELECT FROM people p WHERE p.id = k.person_id)"
        ),
        {"now": now},
    )
    session.execute(delete(MailedLink).where(col(MailedLink.expires_at) < now - LINKS_KEPT))
    # A chain's old links tell a stolen token from a good one while their login stands; of a login that ended long ago nothing can be renewed.
    session.execute(
        text(
            "DELETE FROM refresh_tokens t USING logins l WHERE l.id = t.login_id AND (l.ended_at < :before OR l.expires_at < :before) "
            "OR t.expires_at < :before AND l.id = t.login_id"
        ),
        {"before": now - CHAINS_KEPT},
    )
