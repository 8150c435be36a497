"""The page behind the link in a mail, as a mail program and as a person meet it: behind the real walls, without a cookie."""

from uuid import UUID

import httpx
import pytest

from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.notifications import preferences, unsubscribing
from lms_app.domain.people.registration import create_person
from tests.support.apps import whole_site

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


@pytest.fixture
def ada(committed_database: str) -> UUID:
    with transaction() as session:
        return create_person(session, name="Ada", email="ada@example.org", password_hash=None).id


async def ask(method: str, path: str, **more: object) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(whole_site())), base_url="http://localhost:8000") as client:
        return await client.request(method, path, **more)  # pyright: ignore[reportArgumentType]


def mail_of(person_id: UUID, group: str) -> str:
    with transaction() as session:
        mine = preferences.read(session, Actor(person_id=person_id, roles=frozenset()))
        return mine.mail if group == "all" else next(row.mail for row in mine.learning if row.id == group)


async def test_looking_changes_nothing_and_one_click_of_a_mail_program_stops_it(ada: UUID) -> None:
    path = f"/unsubscribe/{unsubscribing.token(ada, 'grades')}"
    page = await ask("GET", path)
    assert page.status_code == 200
    assert "Stop mail about grades?" in page.text
    assert mail_of(ada, "grades") == "at_once"
    clicked = await ask("POST", path, data={"List-Unsubscribe": "One-Click"})
    assert clicked.status_code == 200
    assert mail_of(ada, "grades") == "off"
    assert mail_of(ada, "due") == "at_once"
    assert "Mail about grades is stopped" in (await ask("GET", path)).text


async def test_the_page_stops_all_mail_by_its_second_button(ada: UUID) -> None:
    path = f"/unsubscribe/{unsubscribing.token(ada, 'grades')}"
    assert f'action="{path}/all"' in (await ask("GET", path)).text
    assert "All mail is stopped" in (await ask("POST", f"{path}/all")).text
    assert mail_of(ada, "all") == "off"


async def test_a_link_that_is_not_ours_says_so_and_shows_nothing_of_what_was_sent(ada: UUID) -> None:
    for method in ("GET", "POST"):
        answer = await ask(method, "/unsubscribe/%3Cscript%3Ealert(1)")
        assert answer.status_code == 404
        assert "<script" not in answer.text
        assert "This link does not work" in answer.text


async def test_the_page_runs_nothing_is_kept_by_nobody_and_tells_no_other_site_its_address(ada: UUID) -> None:
    page = await ask("GET", f"/unsubscribe/{unsubscribing.token(ada, 'all')}")
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "Stop all mail?" in page.text
