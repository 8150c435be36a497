"""What the pages of a course's talk have in common: the course, of which their islands read the rest."""

from typing import Any

import reflex as rx

from lms_app.domain.talk import queries
from lms_app.domain.talk.views import CourseTitle
from lms_app.web import live
from lms_app.web.instructor.places import id_in
from lms_app.web.perform import perform
from lms_app.words import Hint


async def watched_course(state: rx.State, hint: Hint, moved: Any) -> CourseTitle:
    """The course that the address names; `moved` runs whenever its talk has moved. Raises NotFound."""
    course_id = id_in(state, "courses")
    course = await perform(state, queries.course_of_discussion, course_id)
    live.watch(state, hint, course_id, moved)
    return course
