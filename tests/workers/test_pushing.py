"""A browser says where it takes messages, a notification comes, the worker sends it: the browser's service, on this machine, opens it."""

import json

import httpx
import pytest
from sqlmodel import select

from lms_app.adapters import push
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.notifications import inbox
from lms_app.models import NotificationDelivery, PushSubscription
from lms_app.words import DeliveryChannel, DeliveryState, NotificationKind, Role
from tests.adapters.test_push import Browser, Service, base64url, service
from tests.support.apps import browser_site
from tests.support.people import SignedIn, sign_in
from workers import notifications

__all__ = ["service"]

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def ada(committed_database: str, redis_url: str) -> SignedIn:
    return sign_in(Role.STUDENT)


async def ask(who: SignedIn | None, method: str, **body: str) -> httpx.Response:
    headers = {"Origin": "http://localhost:8000", "X-Lyceum": "1", **({"Cookie": who.cookie} if who else {})}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(browser_site())), base_url="http://localhost:8000") as client:
        return await client.request(method, "/v/push", headers=headers, **({"json": body} if body else {}))  # pyright: ignore[reportArgumentType]


async def subscribe(who: SignedIn, service: Service, browser: Browser) -> int:
    return (await ask(who, "PUT", address=service.url, key=browser.key, auth=base64url(browser.auth))).status_code


def tell(who: SignedIn, key: str) -> NotificationDelivery:
    with transaction() as session:
        inbox.deliver(session, who.actor.person_id, NotificationKind.QUIZ_GRADED, unique_key=key)
        query = select(NotificationDelivery).where(NotificationDelivery.channel == DeliveryChannel.PUSH, NotificationDelivery.state == "queued")
        return session.exec(query).one()


def state_of(delivery: NotificationDelivery) -> str:
    with transaction() as session:
        return session.get_one(NotificationDelivery, delivery.id).state


async def test_a_notification_reaches_a_browser_that_said_where_it_takes_messages(service: Service, browser: Browser, ada: SignedIn) -> None:
    assert (await ask(ada, "GET")).json() == {"key": push.public_key()}
    assert await subscribe(ada, service, browser) == 204
    delivery = tell(ada, "a")
    notifications.deliver(delivery_id=str(delivery.id))
    notifications.deliver(delivery_id=str(delivery.id))
    ((headers, body),) = service.received
    said = json.loads(browser.open(body))
    assert (said["title"], said["body"]) == ("Lyceum", "A quiz in a course was graded.")
    assert said["link"].startswith("/")
    assert said["tag"] == str(delivery.notification_id)
    assert headers["topic"] == said["tag"].replace("-", "")
    assert state_of(delivery) == DeliveryState.SENT


async def test_a_browser_that_is_gone_is_forgotten_and_one_that_stops_hears_no_more(service: Service, browser: Browser, ada: SignedIn) -> None:
    await subscribe(ada, service, browser)
    service.status = 410
    notifications.deliver(delivery_id=str(tell(ada, "a").id))
    with transaction() as session:
        assert session.exec(select(PushSubscription)).all() == []
    await subscribe(ada, service, browser)
    assert (await ask(ada, "DELETE", address=service.url)).status_code == 204
    with transaction() as session:
        assert session.exec(select(PushSubscription)).all() == []


async def test_nobody_who_is_not_signed_in_says_where_messages_go(service: Service, browser: Browser) -> None:
    assert (await ask(None, "GET")).status_code == 401
    assert (await ask(None, "PUT", address=service.url, key=browser.key, auth=base64url(browser.auth))).status_code == 401
    assert (await ask(None, "DELETE", address=service.url)).status_code == 401
