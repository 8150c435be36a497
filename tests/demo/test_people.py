"""The people of the demo: enough of them, from everywhere, and all invented."""

import unicodedata

from lms_app.demo.people import ADMIN, INSTRUCTORS, SIGN_INS, STUDENTS, Persona
from lms_app.domain.people.addresses import checked_password, checked_zone, clean_bio, clean_email, clean_name

EVERYBODY = (ADMIN, *INSTRUCTORS, *STUDENTS)


def test_there_are_thirty_students_of_every_persona() -> None:
    assert len(STUDENTS) == 30
    assert {person.persona for person in STUDENTS} == set(Persona)
    assert len({person.email for person in EVERYBODY}) == len(EVERYBODY)
    assert len({person.name for person in EVERYBODY}) == len(EVERYBODY)


def test_everybody_could_have_registered_as_they_are_written() -> None:
    for person in EVERYBODY:
        assert clean_email(person.email) == person.email
        assert clean_name(person.name) == person.name
        assert clean_bio(person.bio) == person.bio
        assert checked_zone(person.time_zone) == person.time_zone


def test_every_address_is_in_a_domain_for_examples() -> None:
    assert {person.email.split("@")[1] for person in EVERYBODY} <= {"example.org", "example.com", "example.net"}


def test_the_documented_sign_ins_are_a_student_an_instructor_and_the_admin() -> None:
    student, instructor, admin = SIGN_INS
    assert student in {person.email for person in STUDENTS}
    assert instructor in {person.email for person in INSTRUCTORS}
    assert admin == ADMIN.email
    for password in SIGN_INS.values():
        assert checked_password(password) == password


def test_names_are_in_every_script_that_certificates_must_set_right() -> None:
    scripts = {unicodedata.name(letter).split()[0] for person in STUDENTS for letter in person.name if letter.isalpha()}
    assert scripts >= {"LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "DEVANAGARI", "CJK"}
