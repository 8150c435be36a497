"""The gradebook over HTTP: windows, single grades with versions, tables out and in; for the course's staff alone."""

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import httpx
import pytest
from sqlmodel import select

from lms_app.adapters import clock
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.courses import access
from lms_app.domain.enrollments import enrollments
from lms_app.domain.gradebook import setup
from lms_app.models import Grade, GradeChange, GradeColumn, Membership
from lms_app.words import Role, StaffRole
from tests.support.apps import browser_site
from tests.support.campus import new_campus
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

OURS = {"Origin": "http://localhost:8000", "X-Lyceum": "1"}
NAMES = ("Ada Learner", '=HYPERLINK("http://evil.example")', "Zoe Last")


@dataclass
class Office:
    """A teacher, three students by name, a quiz's column and one graded by hand."""

    teacher: SignedIn
    students: list[SignedIn]
    course_id: UUID
    people: list[UUID]
    quiz: UUID
    essay: UUID

    @property
    def base(self) -> str:
        return f"/v/courses/{self.course_id}/gradebook"

    def grade(self, who: int = 0, column: UUID | None = None) -> str:
        return f"{self.base}/grades/{self.people[who]}/{column or self.essay}"


@pytest.fixture
def office() -> Office:
    teacher = sign_in(Role.STUDENT, Role.INSTRUCTOR, name="Tia Teacher")
    students = [sign_in(Role.STUDENT, name=name) for name in NAMES]
    with transaction() as session:
        campus = new_campus(session)
        course_id = campus.course.id
        session.add(Membership(course_id=course_id, person_id=teacher.actor.person_id, role=StaffRole.OWNER, created_at=clock.now()))
        session.flush()
        people = [enrollments.enroll(session, student.actor, campus.slug) for student in students]
        quiz = session.exec(select(GradeColumn)).one()
        essay = setup.add_column(session, teacher.actor, course_id, "Essay", "20")
        session.add(Grade(enrollment_id=people[0], column_id=quiz.id, fraction="0.123456", version=1, moved_at=clock.now()))
        assert access.current_run(session, course_id).id == quiz.run_id
        return Office(teacher, students, course_id, people, quiz.id, essay)


async def send(method: str, path: str, who: SignedIn | None, json: Any = None, content: str | bytes | None = None, **headers: str) -> httpx.Response:
    cookie = {"Cookie": who.cookie} if who else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(browser_site())), base_url="http://localhost:8000") as client:
        return await client.request(method, path, json=json, content=content, headers=OURS | cookie | headers)


async def put(office: Office, path: str, version: int, **given: str) -> httpx.Response:
    return await send("PUT", path, office.teacher, json={"act": "set"} | given, **{"If-Match": f'"{version}"'})


async def test_a_window_has_the_cells_of_its_columns_and_the_total_of_all(office: Office):
    head = (await send("GET", office.base, office.teacher)).json()
    assert ([column["title"] for column in head["columns"]], head["students"], head["may_grade"]) == (["Final quiz", "Essay"], 3, True)
    read = (await send("GET", f"{office.base}/window?first=1&rows=2&first_column=0&columns=1", office.teacher)).json()
    assert (read["students"], read["first"]) == (3, 1)
    assert [(row["name"], [cell["text"] for cell in row["cells"]], row["total"]["text"]) for row in read["rows"]] == [
        ("Ada Learner", ["12.35"], "12 %"),
        ("Zoe Last", [""], ""),
    ]


async def test_a_saved_grade_comes_back_with_its_version_and_the_new_total(office: Office):
    saved = await put(office, office.grade(), 0, points="17,5")
    assert (saved.status_code, saved.headers["etag"]) == (200, '"1"')
    assert (saved.json()["cell"]["text"], saved.json()["total"]["text"]) == ("17.5", "24 %")
    story = (await send("GET", office.grade(), office.teacher)).json()
    assert [(change["who"], change["after"]) for change in story["changes"]] == [("Tia Teacher", "17.5")]


async def test_two_who_change_one_grade_see_both_values(office: Office):
    await put(office, office.grade(), 0, points="10")
    late = await put(office, office.grade(), 0, points="12")
    assert (late.status_code, late.json()["theirs"]["text"], late.json()["yours"]) == (409, "10", "12")
    assert (await put(office, office.grade(), 1, points="12")).json()["cell"]["text"] == "12"
    assert (await send("PUT", office.grade(), office.teacher, json={"act": "set", "points": "3"})).status_code == 422


async def test_what_a_quiz_made_is_replaced_with_a_reason_alone(office: Office):
    refused = await put(office, office.grade(0, office.quiz), 1, points="50")
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["reason"])
    assert (await put(office, office.grade(0, office.quiz), 1, points="50", reason="A misprint")).status_code == 200


@pytest.mark.parametrize("act", ["excuse", "reset"])
async def test_excusing_and_resetting_go_the_same_way(office: Office, act: str):
    await put(office, office.grade(), 0, points="10")
    done = (await put(office, office.grade(), 1, act=act)).json()
    assert done["cell"]["text"] == {"excuse": "Excused", "reset": ""}[act]


async def test_nobody_but_the_staff_gets_anything(office: Office):
    stranger = sign_in(Role.STUDENT, Role.INSTRUCTOR)
    reads = ["", "/window", f"/grades/{office.people[0]}/{office.essay}", "/table.csv", "/table.xlsx"]
    for who, status in ((office.students[0], 404), (stranger, 404), (None, 401)):
        for path in reads:
            assert (await send("GET", office.base + path, who)).status_code == status
        written = await send("PUT", office.grade(), who, json={"act": "set", "points": "20"}, **{"If-Match": "0"})
        assert written.status_code == status
        for path in ("/import/preview", f"/import?digest={'0' * 64}"):
            assert (await send("POST", office.base + path, who, content="Name,Essay\nAda Learner,20")).status_code == status
    with transaction() as session:
        assert session.exec(select(GradeChange)).all() == []


async def test_a_table_is_harmless_in_a_spreadsheet(office: Office):
    answer = await send("GET", f"{office.base}/table.csv", office.teacher)
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''stones-grades.csv"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["Enrolment", "Name", "Final quiz", "Essay", "Total", "Percent", "Passed"]
    assert rows[2][1:] == ["Ada Learner", "12.3456", "", "12 %", "12", ""]
    assert rows[1][1] == "'" + NAMES[1]
    book = await send("GET", f"{office.base}/table.xlsx", office.teacher)
    sheet = zipfile.ZipFile(io.BytesIO(book.content)).read("xl/worksheets/sheet1.xml")
    cells = {cell.get("r"): cell for cell in ElementTree.fromstring(sheet).findall(".//{*}c")}
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet
    assert (cells["C3"].get("t"), cells["C3"].findtext("{*}v")) == (None, "12.3456")


async def test_what_was_exported_imports_as_no_change(office: Office):
    await put(office, office.grade(), 0, points="12.333333")
    await put(office, office.grade(2), 0, act="excuse")
    text = (await send("GET", f"{office.base}/table.csv", office.teacher)).text
    told = (await send("POST", f"{office.base}/import/preview", office.teacher, content=text)).json()
    assert (told["change_count"], told["refusal_count"], told["unchanged"]) == (0, 0, 3)


async def test_an_import_shows_what_it_changes_and_refuses_and_then_does_just_that(office: Office):
    text = "\ufeffName;Essay;Final quiz;Sports\r\nAda Learner;18,5;EX;3\r\nZoe Last;many;;\r\nNobody;1;2;3\r\nAda Learner;1;1;\r\n"
    told = (await send("POST", f"{office.base}/import/preview", office.teacher, content=text)).json()
    assert [(c["line"], c["name"], c["column"], c["before"], c["after"]) for c in told["changes"]] == [
        (2, "Ada Learner", "Essay", "", "18.5"),
        (2, "Ada Learner", "Final quiz", "12.35", "EX"),
    ]
    assert [(r["line"], r["where"], r["why"]) for r in told["refusals"]] == [
        (1, "Sports", "There is no column of this name."),
        (3, "Zoe Last, Essay", "A grade here is a number from 0 to 20."),
        (4, "Name", "Nobody like this takes the course."),
        (5, "Name", "This person is in the table twice."),
    ]
    with transaction() as session:
        assert session.exec(select(GradeChange)).all() == []
    done = await send("POST", f"{office.base}/import?digest={told['digest']}&name=marks.csv", office.teacher, content=text)
    assert done.json() == {"changed": 2}
    story = (await send("GET", office.grade(), office.teacher)).json()
    assert (story["cell"]["text"], story["changes"][0]["act"], story["changes"][0]["reason"]) == ("18.5", "imported", "Imported from marks.csv")


async def test_an_import_changes_nothing_once_grades_moved_since_its_preview(office: Office):
    text = "Name,Essay\nAda Learner,18\nZoe Last,19\n"
    told = (await send("POST", f"{office.base}/import/preview", office.teacher, content=text)).json()
    await put(office, office.grade(2), 0, points="1")
    refused = await send("POST", f"{office.base}/import?digest={told['digest']}", office.teacher, content=text)
    assert (refused.status_code, refused.json()["title"][:24]) == (409, "Grades moved since you l")
    with transaction() as session:
        assert len(session.exec(select(GradeChange)).all()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("Points,Essay\n1,2", "first line must name"),
        ('Name,"Essay\nAda', "not a table"),
        ("Name,Essay,Essay\nAda,1,2", "Two columns are called Essay"),
    ],
)
async def test_what_is_no_table_is_refused_in_words(office: Office, text: str, said: str):
    refused = await send("POST", f"{office.base}/import/preview", office.teacher, content=text)
    assert refused.status_code == 422
    assert said in refused.json()["title"]


async def test_a_table_in_another_encoding_is_refused_in_words_and_not_read_with_other_names(office: Office):
    refused = await send("POST", f"{office.base}/import/preview", office.teacher, content="Name,Essay\nÉmile,1\n".encode("latin-1"))
    assert (refused.status_code, refused.json()["title"][:24]) == (422, "This file is not UTF-8 t")
