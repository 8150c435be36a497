"""Exceptions and groups over REST: what is set holds, is set anew in its place, and exists for authors of the course alone."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.assessments import attempts
from lms_app.domain.enrollments import enrollments
from lms_app.models import Attempt, Membership
from lms_app.words import StaffRole
from tests.api.v1.conftest import ROOT, Account, Ground, new_account, token_of
from tests.support.apps import whole_site


@pytest.fixture
async def author(ground: Ground) -> AsyncIterator[httpx.AsyncClient]:
    """The program of the course's owner."""
    headers = {"Authorization": f"Bearer {token_of(ground.instructor)}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(whole_site()), base_url=ROOT, headers=headers) as client:
        yield client


def taken_by(ground: Ground, account: Account) -> UUID:
    with transaction() as session:
        return enrollments.enroll(session, account.actor, ground.slug)


async def test_a_groups_exception_holds_for_its_members_and_is_set_anew_in_its_place(
    author: httpx.AsyncClient, ground: Ground, account: Account
) -> None:
    enrollment, groups = taken_by(ground, account), f"/teaching/courses/{ground.course_id}/groups"
    exceptions = f"/teaching/quizzes/{ground.quizzes['Final quiz']}/exceptions"
    group = (await author.post(groups, json={"name": "Evening class"})).json()["id"]
    assert (await author.put(f"{groups}/{group}/members/{enrollment}")).status_code == 204
    first = (await author.put(exceptions, json={"group_id": group, "attempts_allowed": 4})).json()
    closes = "2036-12-03T19:00:00+01:00"
    second = (await author.put(exceptions, json={"group_id": group, "attempts_allowed": 5, "closes_at": closes})).json()
    assert (second["id"], second["attempts_allowed"], second["closes_at"]) == (first["id"], 5, "2036-12-03T18:00:00+00:00")
    assert (await author.get(exceptions)).json() == [second]
    with transaction() as session:
        sheet = attempts.start(session, account.actor, ground.quizzes["Final quiz"])
        pinned = session.get_one(Attempt, UUID(sheet.id)).overrides
    assert (pinned["attempts_allowed"], pinned["closes_at"]) == (5, "2036-12-03T18:00:00+00:00")
    assert (await author.delete(f"{groups}/{group}")).status_code == 204
    assert (await author.get(exceptions)).json() == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"time_factor": "20"}, "time_factor"),
        ({"extra_seconds": 10_000_000}, "extra_seconds"),
        ({"attempts_allowed": 0}, "attempts_allowed"),
        ({"opens_at": "0001-01-01T00:00:00+14:00"}, "opens_at"),
        ({"opens_at": "2036-12-03T18:00:00Z", "closes_at": "2036-12-03T18:00:00Z"}, "closes_at"),
    ],
)
async def test_what_makes_no_sense_is_refused_at_its_field(author: httpx.AsyncClient, ground: Ground, given: dict[str, object], field: str) -> None:
    answer = await author.put(f"/teaching/quizzes/{ground.quizzes['Final quiz']}/exceptions", json=given)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


async def test_they_exist_for_authors_of_the_course_alone(author: httpx.AsyncClient, ground: Ground, account: Account) -> None:
    enrollment, quiz = taken_by(ground, account), ground.quizzes["Final quiz"]
    groups, exceptions = f"/teaching/courses/{ground.course_id}/groups", f"/teaching/quizzes/{quiz}/exceptions"
    group = (await author.post(groups, json={"name": "Evening class"})).json()["id"]
    line = (await author.put(exceptions, json={"enrollment_id": str(enrollment), "attempts_allowed": 4})).json()
    viewer, stranger = (new_account(f"{name}@example.org", teaches=True) for name in ("viewer", "stranger"))
    with transaction() as session:
        row = Membership(course_id=ground.course_id, person_id=viewer.actor.person_id, role=StaffRole.VIEWER, created_at=clock.now())
        session.add(row)
    writes = [
        ("POST", groups, {"name": "Mine"}),
        ("PUT", f"{groups}/{group}", {"name": "Mine"}),
        ("DELETE", f"{groups}/{group}", None),
        ("PUT", f"{groups}/{group}/members/{enrollment}", None),
        ("DELETE", f"{groups}/{group}/members/{enrollment}", None),
        ("PUT", exceptions, {"attempts_allowed": 9}),
        ("DELETE", f"{exceptions}/{line['id']}", None),
    ]
    for who, reads in ((viewer, 200), (stranger, 404), (account, 404)):
        headers = {"Authorization": f"Bearer {who.token}"}
        for address in (groups, f"{groups}/{group}", exceptions):
            assert (await author.get(address, headers=headers)).status_code == reads
        for method, address, given in writes:
            assert (await author.request(method, address, json=given, headers=headers)).status_code == 404, (method, address)
    assert (await author.get(exceptions)).json() == [line]
