"""The pictures that a question may be asked on."""

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.assessments import question_pictures
from lms_app.models import StoredFile
from tests.support.campus import new_campus


def test_an_archived_picture_is_offered_no_more_and_stays_where_it_is_shown(session: Session, redis_url: str) -> None:
    campus = new_campus(session)
    file = StoredFile(
        key_owner=campus.instructor.person_id, course_id=campus.course.id, purpose="course", filename="map.png", media_type="image/png", size=1,
        storage_key="nowhere", created_at=clock.now(),
    )  # fmt: skip
    session.add(file)
    session.flush()
    assert [picture.name for picture in question_pictures.pictures(session, campus.course.id)] == ["map.png"]
    file.archived_at = clock.now()
    session.add(file)
    session.flush()
    assert question_pictures.pictures(session, campus.course.id) == []
    question_pictures.check(session, campus.course.id, {"image": {"file": str(file.id)}})
