"""`python -m lms_app failed-mail` and `retry-mail`: what did not arrive is seen and tried again."""

import pytest
from sqlmodel import select

from lms_app.database import transaction
from lms_app.domain.notifications import deliveries, inbox
from lms_app.domain.people.registration import create_person
from lms_app.errors import Undelivered
from lms_app.models import NotificationDelivery
from lms_app.words import NotificationKind
from tests.support.returned import returned
from tests.test_job_commands import run

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


def test_a_mail_that_was_given_up_is_listed_without_its_address_and_tried_again() -> None:
    def refused(*_: object, **__: object) -> None:
        raise Undelivered("The mail server refuses the address (550).", for_good=True, gone=True)

    with transaction() as session:
        person = create_person(session, name="Ada", email="ada.example@example.org", password_hash=None)
        inbox.deliver(session, person.id, NotificationKind.IMPORT_FAILED, unique_key="a")
        delivery = session.exec(select(NotificationDelivery)).one()
        deliveries.send(session, delivery.id, mail=refused, push=refused)
    said = run("failed-mail").stdout
    assert str(delivery.id) in said
    assert "after 1 tries: The mail server refuses the address (550)." in said
    assert "ada.example" not in said
    assert run("retry-mail").returncode == 2
    assert run("retry-mail", str(delivery.id)).stdout == "Tried again: 1.\n"
    assert "Given up: 0." in run("failed-mail").stdout


def test_a_mail_servers_pipe_marks_what_came_back_and_takes_everything_else() -> None:
    with transaction() as session:
        person = create_person(session, name="Ada", email="ada.example@example.org", password_hash=None)
        inbox.deliver(session, person.id, NotificationKind.IMPORT_FAILED, unique_key="a")
        delivery = session.exec(select(NotificationDelivery)).one()
        deliveries.send(session, delivery.id, mail=lambda *_, **__: None, push=lambda *_, **__: None)
    for given, said in ((b"\xff nothing", "unknown.\n"), (returned(delivery.id), "refused.\n"), (returned(delivery.id), "unknown.\n")):
        done = run("bounce", given=given)
        assert (done.returncode, done.stdout) == (0, said)
    assert "550 5.1.1 an address: Recipient address rejected" in run("failed-mail").stdout
