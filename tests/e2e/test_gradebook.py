"""A gradebook under a grader's hands, by the keyboard; and its student, who sees what was done, and why."""

from playwright.sync_api import expect
from sqlmodel import select

from lms_app.database import transaction
from lms_app.domain.courses import access
from lms_app.models import Course, GradeColumn
from tests.e2e.conftest import sign_in
from tests.e2e.furnished import INSTRUCTOR, STUDENT, Furnished


def test_a_grade_is_set_by_keys_replaced_with_a_reason_and_read_by_its_student(visit, furnished: Furnished) -> None:
    with transaction() as session:
        course = session.exec(select(Course).where(Course.slug == "pages-finished")).one()
        run = access.current_run(session, course.id)
        column = session.exec(select(GradeColumn).where(GradeColumn.run_id == run.id)).one()
        course_id, title = course.id, column.title
    teacher = visit().page
    sign_in(teacher, INSTRUCTOR)
    teacher.goto(f"/teach/courses/{course_id}/gradebook")
    cell = teacher.get_by_role("gridcell", name=f"Mara Lindqvist, {title}: ")
    expect(cell).to_have_text("80")

    cell.focus()
    teacher.keyboard.type("75")
    teacher.keyboard.press("Escape")
    expect(cell).to_have_text("80")
    teacher.keyboard.type("7")
    teacher.keyboard.type("5")
    teacher.keyboard.press("Enter")
    panel = teacher.get_by_role("complementary", name="This grade")
    expect(panel.get_by_text("Say why this replaces the quiz’s score.")).to_be_visible()
    panel.get_by_label("Reason").fill("Question 2 had a misprint")
    panel.get_by_role("button", name="Save grade").click()
    expect(cell).to_contain_text("75")
    expect(panel.get_by_text("Ines Okafor")).to_be_visible()

    student = visit().page
    sign_in(student, STUDENT)
    student.goto("/grades/pages-finished")
    expect(student.get_by_text("75 of 100")).to_be_visible()
    expect(student.get_by_text("Question 2 had a misprint")).to_be_visible()

    panel.get_by_role("button", name="Reset").click()
    expect(student.get_by_text("80 of 100")).to_be_visible()
