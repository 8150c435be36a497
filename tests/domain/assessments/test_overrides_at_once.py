"""Several who set the same exception, or make a group of the same name, at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlmodel import select

from lms_app.database import transaction
from lms_app.domain.assessments import overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.enrollments import groups
from lms_app.errors import Invalid
from lms_app.models import AssessmentOverride, Group
from tests.support.campus import new_campus

AT_ONCE = 5


def at_once(use_case: Any) -> list[Exception | None]:
    """What each of several saw who called `use_case(session, number)` at once."""
    gate = Barrier(AT_ONCE)

    def act(number: int) -> Exception | None:
        try:
            with transaction() as session:
                gate.wait(10)
                use_case(session, number)
        except Exception as error:
            return error
        return None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, range(AT_ONCE)))


def test_one_exception_is_left_of_several_that_are_set_at_once(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session)
        actor, quiz_id = campus.instructor, campus.quiz("Final quiz").id
    seen = at_once(lambda session, number: overrides.set_override(session, actor, quiz_id, Override(attempts_allowed=number + 1)))
    assert seen == [None] * AT_ONCE
    with transaction() as session:
        assert len(session.exec(select(AssessmentOverride)).all()) == 1


def test_one_of_several_makes_the_group_and_the_others_are_told(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session)
        actor, course_id = campus.instructor, campus.course.id
    seen = at_once(lambda session, number: groups.add_group(session, actor, course_id, "Evening class"))
    assert sorted(str(type(error).__name__) for error in seen) == [Invalid.__name__] * (AT_ONCE - 1) + ["NoneType"]
    with transaction() as session:
        assert len(session.exec(select(Group)).all()) == 1
