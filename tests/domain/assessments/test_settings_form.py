"""A quiz's settings by a form: what is saved comes back as it was written, and nothing is taken that makes no sense."""

from typing import Any

import pytest
from sqlmodel import Session

from lms_app.domain.assessments import quiz_authoring, settings_form
from lms_app.domain.assessments.quiz_settings import QuizSettings, password_digest
from lms_app.errors import Invalid, NotFound
from lms_app.models import Assessment, AssessmentRevision, Person
from tests.support.campus import Campus, new_actor, new_campus

WRITTEN: dict[str, str] = {
    "title": "On sand and stones",
    "introduction": "Take your time.\n\nUse paper.",
    "behaviour": "interactive",
    "tries": "4",
    "negative": "question",
    "attempts_allowed": "3",
    "wait": "90",
    "counting": "mean",
    "pass_mark": "62,5",
    "opens_at": "2027-03-27T09:00",
    "closes_at": "2027-03-29T09:00",
    "time_limit": "1.5",
    "on_expiry": "grace",
    "grace": "2",
    "password": "",
    "navigation": "one_way",
    "questions_per_page": "3",
    "shuffle_questions": "on",
    "release": "manual",
    "anonymous": "on",
    "review_after_marks": "on",
    "review_closed_marks": "on",
    "review_closed_solution": "on",
}
BANDS = [("0", "Read again."), ("", ""), ("80", "Well done.")]


@pytest.fixture
def campus(session: Session) -> Campus:
    campus = new_campus(session)
    session.get_one(Person, campus.instructor.person_id).time_zone = "Europe/Berlin"
    return campus


@pytest.fixture
def quiz(campus: Campus) -> Assessment:
    return campus.quiz("Final quiz")


def save(campus: Campus, quiz: Assessment, bands: Any = (), **changed: str) -> None:
    settings_form.save_sheet(campus.session, campus.instructor, quiz.id, {**WRITTEN, **changed}, bands)


def sheet(campus: Campus, quiz: Assessment) -> settings_form.SettingsSheet:
    return settings_form.settings_sheet(campus.session, campus.instructor, quiz.id)


def stored(campus: Campus, quiz: Assessment) -> QuizSettings:
    return QuizSettings.model_validate(campus.session.get_one(AssessmentRevision, quiz.draft_revision_id).settings)


def test_every_setting_comes_back_as_it_was_written(campus: Campus, quiz: Assessment) -> None:
    save(campus, quiz, BANDS)
    found = sheet(campus, quiz)
    plain = {name: getattr(found, name) for name in WRITTEN if hasattr(found, name)}
    expected = {name: value for name, value in WRITTEN.items() if name in plain}
    assert plain == {**expected, "pass_mark": "62.5", "shuffle_questions": True, "anonymous": True}
    assert [name for name, shown in found.review.items() if shown] == ["after_marks", "closed_marks", "closed_solution"]
    assert [(band.percent, band.text) for band in found.bands] == [("0", "Read again."), ("80", "Well done.")]
    assert (found.shuffle_choices, found.has_password, found.zone) == (False, False, "Europe/Berlin")


def test_a_form_that_is_saved_as_it_is_shown_changes_nothing(campus: Campus, quiz: Assessment) -> None:
    save(campus, quiz, BANDS)
    before, shown = stored(campus, quiz), vars(sheet(campus, quiz))
    ticked = {f"review_{name}": "on" for name, on in shown["review"].items() if on}
    form = {name: "on" if value is True else value for name, value in shown.items() if value is not False} | ticked | {"password": ""}
    settings_form.save_sheet(campus.session, campus.instructor, quiz.id, form, [(band.percent, band.text) for band in shown["bands"]])
    assert stored(campus, quiz) == before


def test_dates_are_of_the_authors_day_on_both_sides_of_a_change_of_clocks(campus: Campus, quiz: Assessment) -> None:
    save(campus, quiz)
    settings = stored(campus, quiz)
    assert settings.opens_at is not None
    assert settings.closes_at is not None
    assert (settings.opens_at.isoformat(), settings.closes_at.isoformat()) == ("2027-03-27T08:00:00+00:00", "2027-03-29T07:00:00+00:00")


def test_a_password_is_kept_as_a_digest_stays_and_is_taken_away(campus: Campus, quiz: Assessment) -> None:
    save(campus, quiz, password="open sesame")
    assert stored(campus, quiz).password == password_digest(quiz.id, "open sesame")
    assert sheet(campus, quiz).has_password
    assert "sesame" not in str(vars(sheet(campus, quiz)))
    save(campus, quiz)
    assert stored(campus, quiz).password == password_digest(quiz.id, "open sesame")
    save(campus, quiz, remove_password="on")
    assert not sheet(campus, quiz).has_password


@pytest.mark.parametrize(
    ("wrong", "bands", "field"),
    [
        ({"title": " "}, (), "title"),
        ({"tries": "1"}, (), "tries"),
        ({"attempts_allowed": "many"}, (), "attempts_allowed"),
        ({"wait": "-1"}, (), "wait"),
        ({"pass_mark": "101"}, (), "pass_mark"),
        ({"opens_at": "soon"}, (), "opens_at"),
        ({"opens_at": "0001-01-01T00:00"}, (), "opens_at"),
        ({"closes_at": "2027-03-26T09:00"}, (), "closes_at"),
        ({"time_limit": "0.1"}, (), "time_limit"),
        ({"time_limit": "1e999999"}, (), "time_limit"),
        ({"grace": "2000"}, (), "grace"),
        ({"questions_per_page": "51"}, (), "questions_per_page"),
        ({"introduction": "x" * 2001}, (), "introduction"),
        ({"password": "x" * 201}, (), "password"),
        ({}, [("120", "Beyond")], "bands"),
        ({}, [("50", "")], "bands"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(campus: Campus, quiz: Assessment, wrong: dict[str, str], bands: Any, field: str) -> None:
    before = stored(campus, quiz)
    with pytest.raises(Invalid) as refusal:
        save(campus, quiz, bands, **wrong)
    assert list(refusal.value.fields) == [field]
    assert refusal.value.fields[field] != "This cannot be taken."
    assert stored(campus, quiz) == before


@pytest.mark.parametrize("seconds", [31, 50, 100, 3599, 604_799])
def test_a_limit_that_is_no_whole_number_of_minutes_stays_what_it_was(campus: Campus, quiz: Assessment, seconds: int) -> None:
    quiz_authoring.save_settings(campus.session, campus.instructor, quiz.id, title="Final quiz", settings={"time_limit": seconds})
    save(campus, quiz, time_limit=sheet(campus, quiz).time_limit)
    assert stored(campus, quiz).time_limit == seconds


def test_everything_that_is_wrong_is_said_at_once(campus: Campus, quiz: Assessment) -> None:
    with pytest.raises(Invalid) as refusal:
        save(campus, quiz, title="", tries="x", pass_mark="x")
    assert set(refusal.value.fields) == {"title", "tries", "pass_mark"}


def test_anothers_quiz_has_no_settings(campus: Campus, quiz: Assessment) -> None:
    stranger = new_actor(campus.session, "Sam Stranger", teaches=True)
    with pytest.raises(NotFound):
        settings_form.settings_sheet(campus.session, stranger, quiz.id)
