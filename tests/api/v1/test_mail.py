"""Mail that came back, handed in by a program."""

import httpx
import pytest
from sqlmodel import select

from lms_app.database import transaction
from lms_app.domain.notifications import deliveries, inbox
from lms_app.models import NotificationDelivery
from lms_app.words import DeliveryState, NotificationKind
from tests.api.v1.conftest import Ground, new_account, new_administrator
from tests.support.returned import returned


def sent() -> NotificationDelivery:
    """A delivery that a mail server has taken."""
    person = new_account("taker@example.org").actor.person_id
    with transaction() as session:
        inbox.deliver(session, person, NotificationKind.IMPORT_FAILED, unique_key="a")
        row = session.exec(select(NotificationDelivery)).one()
        deliveries.send(session, row.id, mail=lambda *_, **__: None, push=lambda *_, **__: None)
        return row


def state() -> str:
    with transaction() as session:
        return session.exec(select(NotificationDelivery.state)).one()


async def test_an_administrators_program_hands_in_what_came_back_and_it_counts_once(visitor: httpx.AsyncClient, ground: Ground) -> None:
    report, headers = returned(sent().id), new_administrator("root@example.org").headers | {"Content-Type": "message/rfc822"}
    answers = [(await visitor.post("mail/returns", content=content, headers=headers)).json() for content in (b"\xff\0", report, report)]
    assert answers == [{"outcome": "unknown"}, {"outcome": "refused"}, {"outcome": "unknown"}]
    assert state() == DeliveryState.BOUNCED


@pytest.mark.parametrize(("teaches", "status"), [(True, 403), (False, 403), (None, 401)])
async def test_nobody_else_does(visitor: httpx.AsyncClient, ground: Ground, teaches: bool | None, status: int) -> None:
    report = returned(sent().id)
    headers = {} if teaches is None else new_account("other@example.org", teaches=teaches).headers
    assert (await visitor.post("mail/returns", content=report, headers=headers)).status_code == status
    assert state() == DeliveryState.SENT


async def test_a_report_that_is_larger_than_any_is_refused(visitor: httpx.AsyncClient, ground: Ground) -> None:
    headers = new_administrator("root@example.org").headers
    assert (await visitor.post("mail/returns", content=b"x" * 10_000_001, headers=headers)).status_code == 413
