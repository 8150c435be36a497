"""An essay and a file on their way: handed in by a student, marked by a rubric with the keyboard and by points, released, read by the student."""

from pathlib import Path

from playwright.sync_api import expect

from lms_app.adapters import storage
from lms_app.database import transaction
from lms_app.domain.assessments import rubrics
from lms_app.domain.courses import authoring, importing
from lms_app.domain.enrollments import enrollments
from lms_app.words import QuestionType
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.furnished import _new_actor  # pyright: ignore[reportPrivateUsage]
from tests.support.campus import Campus
from tests.support.marking import RUBRIC, question_of, written_course

TEACHER, STUDENT = "ines.marks@example.org", "ada.writes@example.org"


PNG = bytes.fromhex("89504e470d0a1a0a") + bytes(2000)


def test_an_essay_and_a_file_are_marked_and_reach_their_student_once_released(stack: Stack, visit, tmp_path: Path) -> None:
    with transaction() as session:
        teacher = _new_actor(session, "Ines Marker", TEACHER, teaches=True)
        student = _new_actor(session, "Ada Writer", STUDENT)
        course = importing.store_course(
            session, teacher, written_course("marked-letters", files=True, release="manual", anonymous=True), store=storage.put
        )
        authoring.publish_course(session, teacher, course.id)
        campus = Campus(session=session, instructor=teacher, student=student, course=course)
        enrollments.enroll(session, student, course.slug)
        rubrics.write(session, teacher, question_of(campus, QuestionType.ESSAY), RUBRIC, 0)
        course_id, quiz = course.id, campus.quiz("Final essay").id

    writer = visit().page
    sign_in(writer, STUDENT)
    writer.goto(f"/quiz/{quiz}")
    writer.get_by_role("button", name="Start quiz").click()
    writer.get_by_label("Your answer").fill("A stone is heavier than the water that it pushes aside.")
    expect(writer.locator(".ly-saved[data-state=saved]")).to_be_visible()
    writer.locator(".ly-question-foot").get_by_role("button", name="Next question").click()
    field, refusal = writer.get_by_label("Your file"), writer.get_by_role("alert")
    for name, content, sentence in (
        ("drawing.exe", b"MZ", "drawing.exe is of another kind. Hand in .pdf, .png."),
        ("large.png", bytes(2_100_000), "large.png is 2.1 MB. The limit is 2.0 MB."),
        ("text.pdf", b"No PDF begins like this.", "text.pdf is not what its name says."),
    ):
        field.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        expect(refusal.filter(has_text=sentence)).to_be_visible()
    expect(writer.locator(".ly-file-list li")).to_have_count(0)
    field.set_input_files({"name": "Ada's drawing.png", "mimeType": "image/png", "buffer": PNG})
    expect(writer.locator(".ly-file-list")).to_contain_text("Ada's drawing.png")
    expect(refusal).to_have_count(0)
    expect(writer.locator(".ly-saved[data-state=saved]")).to_be_visible()
    writer.reload()
    writer.get_by_role("button", name="Question 2, answered").click()
    expect(writer.locator(".ly-file-list")).to_contain_text("Ada's drawing.png")
    writer.locator(".ly-question-foot").get_by_role("button", name="Submit quiz").click()
    writer.get_by_role("dialog").get_by_role("button", name="Submit quiz").click()
    expect(writer.get_by_text("Your teacher has not released the marks yet.")).to_be_visible()

    marker = visit().page
    sign_in(marker, TEACHER)
    marker.goto(f"/teach/courses/{course_id}/marking")
    marker.get_by_role("link", name="Mark Final essay").click()
    expect(marker.get_by_text("A stone is heavier")).to_be_visible()
    expect(marker.get_by_role("main").get_by_text("Ada Writer")).to_have_count(0)
    marker.keyboard.press("2")
    marker.keyboard.press("2")
    expect(marker.get_by_text("3 of 4 points")).to_be_visible()
    marker.get_by_label("Comment").fill("Say how much heavier.")
    marker.keyboard.press("Control+Enter")
    expect(marker.get_by_text("Hand in your drawing.")).to_be_visible()
    with marker.expect_download() as sent:
        marker.get_by_role("link", name="File 1.png").click()
    sent.value.save_as(tmp_path / "sent")
    assert (tmp_path / "sent").read_bytes() == PNG
    assert "Ada" not in sent.value.suggested_filename
    marker.get_by_label("Points").fill("1.5")
    marker.get_by_label("Comment").fill("Label the axes.")
    marker.keyboard.press("Control+Enter")
    expect(marker.get_by_text("All is marked")).to_be_visible()
    marker.get_by_role("button", name="Marked", exact=True).click()
    marker.get_by_role("button", name="Release all marks").click()
    expect(marker.get_by_text("One student has their marks now.")).to_be_visible()
    expect(marker.get_by_text("Ada Writer").first).to_be_visible()

    writer.goto(f"/quiz/{quiz}")
    expect(writer.get_by_text("Say how much heavier.")).to_be_visible()
    expect(writer.get_by_text("Claim: Clear")).to_be_visible()
    expect(writer.get_by_text("3 of 4 points").first).to_be_visible()
    expect(writer.get_by_text("Label the axes.")).to_be_visible()
    expect(writer.get_by_text("1.5 of 2 points").first).to_be_visible()
    with writer.expect_download() as sent:
        writer.get_by_role("link", name="Ada's drawing.png").click()
    sent.value.save_as(tmp_path / "own")
    assert (tmp_path / "own").read_bytes() == PNG
