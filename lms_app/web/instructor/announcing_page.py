"""What the staff tells all who take a course."""

import reflex as rx

from lms_app.web.components.talking import announcing
from lms_app.web.instructor.announcing_state import AnnouncingState
from lms_app.web.instructor.talk_page import talk_page


def announcing_page() -> rx.Component:
    """The pages of the course, and its announcements."""
    return talk_page(AnnouncingState, "announcements", "Announcements", announcing)
