"""Videos of a page: they go on where they were left, their captions are a transcript that follows and leads; what is elsewhere waits for a click."""

import re
import struct
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import col, select

from lms_app.adapters import passwords, storage
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring, importing
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people.registration import create_person
from lms_app.interchange import neutral
from lms_app.models import LearningEvent
from lms_app.words import Role, Verb
from tests.e2e.conftest import PASSWORD, sign_in

RATE, SECONDS = 8_000, 90
SILENCE = b"\x80" * (RATE * SECONDS)
FILM = b"RIFF" + struct.pack("<I", 36 + len(SILENCE)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, RATE, RATE, 1, 8) + b"data"
FILM += struct.pack("<I", len(SILENCE)) + SILENCE
"""A minute and a half of silence: what a browser plays without a codec."""
CAPTIONS = b"""WEBVTT

00:00.000 --> 00:30.000
At first <i>nothing</i> is heard.

00:30.000 --> 01:00.000
Then silence.

01:00.000 --> 01:29.000
The end.
"""
ELSEWHERE = "https://www.youtube-nocookie.com/embed/abcdefghijk"


def asset(name: str, media_type: str, data: bytes) -> neutral.Asset:
    return neutral.Asset(name=name, media_type=media_type, size=len(data), content=lambda: data)


@pytest.fixture(scope="module")
def film_page(stack: Any) -> str:
    """The address of a page with a film and a video from elsewhere."""
    captions = [{"file": "film.vtt", "language": "en", "label": "English"}]
    blocks = (
        {"type": "video", "file": "film.wav", "title": "Silence", "captions": captions},
        {"type": "video", "url": "https://youtu.be/abcdefghijk", "title": "A river"},
    )
    lesson = neutral.Lesson(ref="l", title="Films", pages=(neutral.Page(ref="p", title="Film", blocks=blocks),))
    source = neutral.Course(
        title="Films",
        summary="",
        slug="films-to-play",
        language="en",
        modules=(neutral.Module(ref="m", title="Films", lessons=(lesson,)),),
        assets=(asset("film.wav", "audio/wav", FILM), asset("film.vtt", "text/vtt", CAPTIONS)),
    )
    with transaction() as session:
        author = create_person(session, name="Ines Okafor", email="ines.films@example.org", password_hash=None, can_teach=True)
        teacher = Actor(person_id=author.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR}))
        course = importing.store_course(session, teacher, source, store=storage.put)
        authoring.publish_course(session, teacher, course.id)
        person = create_person(session, name="Lena Brandt", email="lena.films@example.org", password_hash=passwords.hash_password(PASSWORD))
        enrollments.enroll(session, Actor(person_id=person.id, roles=frozenset({Role.STUDENT})), course.slug)
        return f"/learn/{course.slug}"


def played_to(page: Page) -> float:
    return page.locator("video").evaluate("(film) => film.currentTime")


def test_a_film_goes_on_where_it_was_left_beside_a_transcript_that_follows_and_leads(film_page: str, visit: Any) -> None:
    page: Page = visit().page
    sign_in(page, "lena.films@example.org")
    page.goto(film_page)
    page.get_by_text("Transcript, line by line").click()
    lines = page.get_by_role("list", name="Transcript").get_by_role("button")
    expect(lines).to_have_text(["0:00At first nothing is heard.", "0:30Then silence.", "1:00The end."])
    expect(lines.nth(0)).to_have_attribute("aria-current", "true")

    lines.nth(1).click()
    expect(lines.nth(1)).to_have_attribute("aria-current", "true")
    assert 30 <= played_to(page) < 40
    # Captions that are switched off on the picture stay beside it.
    page.locator("video").evaluate("(film) => { film.pause(); film.textTracks[0].mode = 'disabled'; film.currentTime = 58 }")
    # It plays for three seconds: what a tab tells of a film counts with the seconds at its page.
    page.locator("video").evaluate(
        "(film) => new Promise((done) => { film.onpause = done; film.ontimeupdate = () => film.currentTime >= 61 && film.pause(); film.play() })"
    )
    expect(lines.nth(2)).to_have_attribute("aria-current", "true")

    page.reload()
    expect(page.get_by_role("status").filter(has_text="Goes on at 1:01, where you left it.")).to_be_visible()
    assert played_to(page) >= 61

    # What the tab has told goes along to another device, and counts as time at the page.
    elsewhere: Page = visit().page
    sign_in(elsewhere, "lena.films@example.org")
    elsewhere.goto(film_page)
    expect(elsewhere.get_by_role("status").filter(has_text="Goes on at 1:01, where you left it.")).to_be_visible()
    told = _told_of_a_pause_at(page, range(61, 71))
    assert any(value.get("seconds", 0) > 0 for verb, value in told if verb == Verb.PROGRESSED)

    page.get_by_role("button", name="Start over").click()
    page.wait_for_function("document.querySelector('video').currentTime < 5")
    expect(page.locator("video")).to_be_focused()


def test_a_video_from_elsewhere_is_not_asked_for_before_its_reader_wants_it(film_page: str, visit: Any) -> None:
    page: Page = visit().page
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<p>A river</p>", content_type="text/html")

    page.context.route(re.compile("^https://"), answer)
    sign_in(page, "lena.films@example.org")
    page.goto(film_page)
    play = page.get_by_role("button", name="Play it here")
    expect(page.get_by_text("It comes from www.youtube-nocookie.com, which then learns that you look at it.")).to_be_visible()
    assert asked == []
    play.click()
    expect(page.frame_locator("iframe[title='A river']").get_by_text("A river")).to_be_visible()
    assert asked == [ELSEWHERE]
    expect(page.locator("iframe[title='A river']")).to_be_focused()


def _told_of_a_pause_at(page: Page, positions: range) -> list[Any]:
    """What tabs told of films, once one has told that it paused at one of these seconds."""
    for _ in range(60):
        with transaction() as session:
            about = col(LearningEvent.verb).in_([Verb.PROGRESSED, Verb.PAUSED])
            told = list(session.exec(select(LearningEvent.verb, LearningEvent.value).where(about)).all())
        if any(verb == Verb.PAUSED and value["position"] in positions for verb, value in told):
            return told
        page.wait_for_timeout(250)
    raise AssertionError(f"Nobody told that a film paused there, but {told}.")
