"""What students ask in a course: what waits for an answer first."""

import reflex as rx

from lms_app.web.components.talking import course_talk
from lms_app.web.instructor.discussion_state import DiscussionState
from lms_app.web.instructor.talk_page import talk_page


def discussion_page() -> rx.Component:
    """The pages of the course, and its threads."""
    return talk_page(DiscussionState, "discussion", "Discussion", course_talk)
