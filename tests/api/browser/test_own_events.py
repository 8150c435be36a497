"""Taking one's own events along over HTTP: an archive of one's own events and goals, never anybody else's, never kept by a cache."""

import csv
import io
import json
import zipfile

import httpx
import pytest
from ralph.models.xapi.base.statements import BaseXapiStatement

from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import goals
from lms_app.domain.enrollments import enrollments, learning
from lms_app.words import Role
from tests.support.apps import browser_site
from tests.support.campus import Campus, new_campus
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

FILES = {"json": "events.json", "csv": "events.csv", "xapi": "statements.json"}


async def send(path: str, who: SignedIn | None) -> httpx.Response:
    cookie = {"Cookie": who.cookie} if who else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(browser_site())), base_url="http://localhost:8000") as client:
        return await client.get(path, headers=cookie)


def takes_it(campus: Campus, actor: Actor, score: str) -> None:
    enrollments.enroll(campus.session, actor, campus.slug)
    learning.mark_complete(campus.session, actor, campus.page("Sand").id)
    goals.set_goal(campus.session, actor, campus.course.id, score=score)


def inside(answer: httpx.Response) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


async def test_each_gets_their_own_events_and_goals_in_every_format() -> None:
    ada, bo, newcomer = (sign_in(Role.STUDENT, name=name) for name in ("Ada Learner", "Bo Other", "Nia New"))
    with transaction() as session:
        campus = new_campus(session)
        takes_it(campus, ada.actor, "81")
        takes_it(campus, bo.actor, "62")
    for format_, name in FILES.items():
        path = f"/v/my-events/{format_}.zip"
        answer = await send(path, ada)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-disposition"] == f'attachment; filename="lyceum-events-{format_}.zip"'
        mine, others = inside(answer), inside(await send(path, bo))
        assert list(mine) == [name, "goals.json"]
        assert [goal["score"] for goal in json.loads(mine["goals.json"])["goals"]] == [81]
        assert [goal["score"] for goal in json.loads(others["goals.json"])["goals"]] == [62]
        # As much was done by both, under another pseudonym; nobody's name or id is in it.
        assert mine[name] != others[name]
        for person in (ada, bo, newcomer):
            assert str(person.actor.person_id) not in mine[name] + mine["goals.json"]
        assert "Ada" not in "".join(mine.values())
        nothing = inside(await send(path, newcomer))
        rows = list(csv.reader(io.StringIO(nothing[name])))[1:] if format_ == "csv" else json.loads(nothing[name])
        assert (rows, json.loads(nothing["goals.json"])["goals"]) == ([], [])
    acts = {line["verb"] for line in json.loads(inside(await send("/v/my-events/json.zip", ada))["events.json"])}
    assert acts == {"enrolled", "completed"}
    taken = [BaseXapiStatement.model_validate(one) for one in json.loads(inside(await send("/v/my-events/xapi.zip", ada))["statements.json"])]
    assert {str(one.verb.id).rpartition("/")[2] for one in taken} == {"registered", "completed"}


async def test_nobody_takes_events_along_without_signing_in_or_in_another_format() -> None:
    ada = sign_in(Role.STUDENT, name="Ada Learner")
    assert (await send("/v/my-events/json.zip", None)).status_code == 401
    assert (await send("/v/my-events/xml.zip", ada)).status_code == 422
