"""The calendar feed as a calendar program meets it: behind the real walls, without a cookie, read by the library's own reader."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from icalendar import Calendar

from lms_app.adapters import calendar_files
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.calendar import feeds
from lms_app.domain.calendar.views import FeedEntry
from tests.support.apps import whole_site
from tests.support.campus import neutral_course, new_campus

NOON = datetime(2026, 10, 25, 10, tzinfo=UTC)


async def ask(path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(whole_site())), base_url="http://localhost:8000") as client:
        return await client.get(path, headers=headers)


@pytest.mark.usefixtures("committed_database", "redis_url")
async def test_a_calendar_reads_the_dates_of_one_student_and_asks_again_cheaply() -> None:
    with transaction() as session:
        due = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0)
        campus = new_campus(session, neutral_course(closes_at=due.isoformat()))
        campus.enroll()
        path = "/v/calendar/" + feeds.make(session, campus.student).address.rpartition("/")[2]
    answer = await ask(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["cache-control"] == "private, max-age=900"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["summary"]), event["dtstart"].dt) == ("Due: Final quiz", due)
    assert str(event["url"]).endswith(f"/quiz/{event['uid'].partition('@')[0][-36:]}")
    assert "Ada" not in answer.text
    again = await ask(path, **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for wrong in ("/v/calendar/nothing.ics", "/v/calendar/a%00b.ics"):
        assert (await ask(wrong)).status_code in (404, 422)


def entry(**changed: str) -> FeedEntry:
    values = {"uid": "due-1@lyceum", "at": "2026-10-25T12:00:00+01:00", "summary": "Due: Quiz", "description": "", "link": "http://l/quiz/1"}
    return FeedEntry(**{**values, "course": "Stones", **changed})


def test_a_file_is_utc_folded_and_escaped_and_a_program_reads_it(tmp_path) -> None:  # pyright: ignore[reportMissingParameterType]
    title = "Due: Ångström, “sand”; and\nstones " * 4
    content = calendar_files.write("Lyceum", [entry(), entry(uid="due-2@lyceum", summary=title, course="A, B; C")], stamped=NOON)
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"DTSTART:20261025T110000Z" in lines
    assert b"DTSTAMP:20261025T100000Z" in lines
    assert {b"BEGIN:VCALENDAR", b"VERSION:2.0", b"END:VCALENDAR", b"REFRESH-INTERVAL;VALUE=DURATION:PT1H"} <= set(lines)
    events = Calendar.from_ical(content).walk("VEVENT")
    assert [str(event["uid"]) for event in events] == ["due-1@lyceum", "due-2@lyceum"]
    assert str(events[1]["summary"]) == title
    assert list(events[1]["categories"].cats) == ["A, B; C"]
    file = tmp_path / "dates.ics"
    file.write_bytes(content)
    read = subprocess.run(
        [sys.executable, "-m", "icalendar.cli", "-o", str(tmp_path / "read.txt"), str(file)], capture_output=True, text=True, timeout=60
    )
    assert read.returncode == 0, read.stderr
    assert "Ångström" in (tmp_path / "read.txt").read_text()
