"""Enrolment and staff over REST: what is set holds, what somebody else changed meanwhile is told, and others' courses are not there."""

from collections.abc import AsyncIterator

import httpx
import pytest

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.models import Membership
from lms_app.words import StaffRole
from tests.api.v1.conftest import ROOT, Account, Ground, new_account, token_of
from tests.support.apps import whole_site


@pytest.fixture
async def author(ground: Ground) -> AsyncIterator[httpx.AsyncClient]:
    """The program of the course's owner."""
    headers = {"Authorization": f"Bearer {token_of(ground.instructor)}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(whole_site()), base_url=ROOT, headers=headers) as client:
        yield client


def of(ground: Ground) -> str:
    return f"/teaching/courses/{ground.course_id}"


async def test_settings_are_changed_by_their_version_and_a_stale_one_is_told_what_stands(author: httpx.AsyncClient, ground: Ground) -> None:
    place = f"{of(ground)}/enrolment"
    first = await author.get(place)
    seen = first.headers["ETag"]
    assert seen == f'"{first.json()["version"]}"'
    given = {"time_zone": "Europe/Berlin", "opens_at": "2037-03-03T09:00", "seats": 30, "policy": "code"}
    saved = await author.put(place, json=given, headers={"If-Match": seen})
    assert (saved.status_code, saved.json()["opens_at"], saved.json()["seats"]) == (200, "2037-03-03T09:00", "30")
    assert saved.headers["ETag"] == (await author.get(place)).headers["ETag"] != seen
    stale = await author.put(place, json={"time_zone": "UTC"}, headers={"If-Match": seen})
    assert (stale.status_code, stale.json()["type"], stale.json()["theirs"]["version"]) == (409, "/problems/conflict", saved.json()["version"])
    assert (await author.put(place, json={"time_zone": "UTC"})).status_code == 422
    wrong = await author.put(place, json={"time_zone": "UTC", "seats": 2_000_000}, headers={"If-Match": saved.headers["ETag"]})
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"seats"})
    code = (await author.post(f"{place}/code")).json()["code"]
    assert code == (await author.get(place)).json()["code"] != saved.json()["code"]


async def test_a_list_does_what_its_preview_said_and_nothing_else(author: httpx.AsyncClient, ground: Ground, account: Account) -> None:
    place = f"{of(ground)}/enrolment/list"
    text = "new.one@example.org, New One, Evening"
    shown = (await author.post(f"{place}/preview", json={"text": text})).json()
    assert (shown["enrols"], shown["new_groups"], shown["fine"]) == (1, ["Evening"], True)
    assert (await author.post(place, json={"text": text, "seen": "another"})).status_code == 409
    assert (await author.post(place, json={"text": text, "seen": shown["seen"]})).json() == {"enrols": 1, "waits": 0}
    invited = (await author.get(f"{of(ground)}/invitations")).json()
    assert [line["email"] for line in invited["lines"]] == ["new.one@example.org"]
    assert (await author.delete(f"{of(ground)}/invitations/{invited['lines'][0]['id']}")).status_code == 204
    assert (await author.get(f"{of(ground)}/invitations")).json()["total"] == 0


async def test_somebody_is_taken_into_the_staff_given_a_role_and_taken_off(author: httpx.AsyncClient, ground: Ground) -> None:
    place, new = f"{of(ground)}/staff", new_account("colleague@example.org", teaches=True)
    added = await author.post(place, json={"email": "colleague@example.org", "role": "viewer"})
    assert [line["role"] for line in added.json()] == ["owner", "viewer"]
    changed = await author.put(f"{place}/{new.actor.person_id}", json={"role": "grader"})
    assert [line["role"] for line in changed.json()] == ["owner", "grader"]
    assert (await author.delete(f"{place}/{new.actor.person_id}")).status_code == 204
    assert (await author.put(f"{place}/{ground.instructor.person_id}", json={"role": "viewer"})).status_code == 409
    nobody = await author.post(place, json={"email": "nobody@example.org", "role": "viewer"})
    assert (nobody.status_code, set(nobody.json()["fields"])) == (422, {"email"})


@pytest.mark.parametrize("role", [None, StaffRole.VIEWER, StaffRole.GRADER])
async def test_who_does_not_author_the_course_changes_nothing_of_it(author: httpx.AsyncClient, ground: Ground, role: StaffRole | None) -> None:
    reader = new_account("reader@example.org", teaches=True)
    if role is not None:
        with transaction() as session:
            session.add(Membership(course_id=ground.course_id, person_id=reader.actor.person_id, role=role, created_at=clock.now()))
    mine = {"Authorization": f"Bearer {token_of(reader.actor)}"}
    seen = (await author.get(f"{of(ground)}/enrolment")).headers["ETag"]
    refused = [
        await author.put(f"{of(ground)}/enrolment", json={"time_zone": "UTC"}, headers=mine | {"If-Match": seen}),
        await author.post(f"{of(ground)}/enrolment/code", headers=mine),
        await author.post(f"{of(ground)}/runs", json={}, headers=mine),
        await author.get(f"{of(ground)}/invitation-links", headers=mine),
        await author.post(f"{of(ground)}/invitation-links", json={}, headers=mine),
        await author.get(f"{of(ground)}/invitations", headers=mine),
        await author.post(f"{of(ground)}/enrolment/list/preview", json={"text": "a@example.org"}, headers=mine),
        await author.post(f"{of(ground)}/staff", json={"email": "reader@example.org", "role": "owner"}, headers=mine),
        await author.put(f"{of(ground)}/staff/{reader.actor.person_id}", json={"role": "owner"}, headers=mine),
    ]
    assert [answer.status_code for answer in refused] == [404] * len(refused)
    readable = 200 if role else 404
    for what in ("enrolment", "runs", "waiting", "prerequisites", "staff"):
        assert (await author.get(f"{of(ground)}/{what}", headers=mine)).status_code == readable
    if role:
        assert (await author.get(f"{of(ground)}/enrolment", headers=mine)).json()["code"] == ""
