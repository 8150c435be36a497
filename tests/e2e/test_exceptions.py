"""Exceptions at the browser: a group gets half as much time again, one student a later closing date, one more time in the whole course, and each
student's clock says so."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.e2e.conftest import Stack, sign_in
from tests.e2e.test_exam_room import minutes_left, new_exam


def test_a_group_has_a_longer_clock_one_student_a_later_end_and_one_more_time_in_the_course(stack: Stack, visit) -> None:
    exam = new_exam("exceptions", ["Ada Slower", "Ben Later", "Cleo Careful"])
    teacher = visit().page
    sign_in(teacher, exam.instructor)
    teacher.goto(f"/teach/quizzes/{exam.quiz_id}")
    teacher.get_by_role("link", name="Stones and sand").first.click()
    teacher.get_by_role("link", name="Students").click()
    teacher.get_by_role("button", name="Groups").click()
    teacher.get_by_role("button", name="Add group").click()
    dialog = teacher.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Evening class")
    dialog.get_by_role("button", name="Save name").click()
    expect(dialog).to_be_hidden()
    expect(teacher.get_by_text("Nobody is in this group yet.")).to_be_visible()
    teacher.get_by_placeholder("Find a student").fill("slower")
    teacher.get_by_role("button", name="Put in Ada Slower").click()
    expect(teacher.get_by_text("1 member", exact=True)).to_be_visible()
    teacher.get_by_role("button", name="Roster", exact=True).click()
    teacher.get_by_role("button", name="Accommodation of Cleo Careful").click()
    teacher.get_by_label("More time in this course, in percent").fill("20")
    teacher.get_by_role("button", name="Save accommodation").click()
    expect(teacher.get_by_role("row").filter(has_text="Cleo Careful")).to_contain_text("+ 20 % time")

    teacher.goto(f"/teach/quizzes/{exam.quiz_id}")
    teacher.get_by_role("link", name="Exceptions", exact=True).click()
    expect(teacher.get_by_text("No exceptions yet")).to_be_visible()
    teacher.get_by_role("button", name="Add exception").click()
    teacher.get_by_role("button", name="A group", exact=True).click()
    teacher.get_by_label("More time in percent").fill("lots")
    teacher.get_by_role("button", name="Save exception").click()
    expect(teacher.get_by_text("Choose a group.")).to_be_visible()
    expect(teacher.get_by_text("A number of percent, such as 25.")).to_be_visible()
    teacher.get_by_role("button", name="Choose Evening class").click()
    expect(teacher.get_by_label("More time in percent")).to_have_value("lots")
    teacher.get_by_label("More time in percent").fill("50")
    teacher.get_by_role("button", name="Save exception").click()
    expect(teacher.get_by_text("Saved for Evening class.")).to_be_visible()
    expect(teacher.locator(".ly-row").filter(has_text="Evening class")).to_contain_text("50 % more time")

    closing = (datetime.now(UTC) + timedelta(minutes=12)).replace(second=0, microsecond=0)
    teacher.get_by_role("button", name="Add exception").click()
    teacher.get_by_label("Find a student by name").fill("later")
    expect(teacher.get_by_role("button", name="Choose Ada Slower")).to_be_hidden()
    teacher.get_by_role("button", name="Choose Ben Later").click()
    teacher.get_by_label("Closes").fill(f"{closing:%Y-%m-%dT%H:%M}")
    teacher.get_by_role("button", name="Save exception").click()
    expect(teacher.locator(".ly-row").filter(has_text="Ben Later")).to_contain_text(f"Closes {closing.day} {closing:%B}, {closing:%H:%M}")

    for address, least, most in zip(exam.students, (43, 9, 34), (45, 12, 36), strict=True):
        student = visit().page
        sign_in(student, address)
        student.goto(f"/quiz/{exam.quiz_id}")
        student.get_by_role("button", name="Start quiz").click()
        expect(student.locator(".ly-timer")).to_be_visible()
        assert least < minutes_left(student) <= most

    teacher.get_by_role("button", name="Edit exception for Evening class").click()
    form = teacher.locator("[data-focus-here]")
    expect(form).to_be_focused()
    expect(form.get_by_role("heading", name="Exception for Evening class")).to_be_in_viewport()
    teacher.get_by_label("More time in percent").fill("100")
    teacher.get_by_role("button", name="Save exception").click()
    expect(teacher.get_by_text("One attempt under way keeps the rules it began with.", exact=False)).to_be_visible()
    teacher.get_by_role("button", name="Remove exception for Ben Later").click()
    teacher.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(teacher.locator(".ly-row").filter(has_text="Ben Later")).to_be_hidden()
    expect(teacher.locator(".ly-row").filter(has_text="Evening class")).to_contain_text("100 % more time")
