"""The islands in which people talk: the threads of a page, those of a course, one thread, and announcements."""

from typing import Any

import reflex as rx

from lms_app.web.components.island_parts import ISLAND_PARTS
from lms_app.web.island_files import beside

_PARTS = [ISLAND_PARTS, beside("talking_writing.jsx"), beside("talking_list.jsx")]


class PageTalk(rx.NoSSRComponent):
    """The threads of a page, and the way to ask. It reads them again when `revision` has grown."""

    library = f"$/public/{beside('talking_page.jsx')}"
    tag = "PageTalk"

    page_id: rx.Var[str]
    revision: rx.Var[int]


class CourseTalk(rx.NoSSRComponent):
    """The threads of a course, for its staff."""

    library = f"$/public/{beside('talking_course.jsx')}"
    tag = "CourseTalk"

    course_id: rx.Var[str]
    revision: rx.Var[int]


class ThreadTalk(rx.NoSSRComponent):
    """One thread: read, replied to, accepted, moderated."""

    library = f"$/public/{beside('talking_thread.jsx')}"
    tag = "ThreadTalk"

    thread_id: rx.Var[str]
    revision: rx.Var[int]


class Announcing(rx.NoSSRComponent):
    """Announcements of a course, for its staff."""

    library = f"$/public/{beside('talking_announcements.jsx')}"
    tag = "Announcing"

    course_id: rx.Var[str]
    revision: rx.Var[int]


def page_talk(page_id: Any, revision: Any) -> rx.Component:
    """Stands under an article."""
    return PageTalk.create(page_id=page_id, revision=revision)


def course_talk(course_id: Any, revision: Any) -> rx.Component:
    """What is asked in a course."""
    return CourseTalk.create(course_id=course_id, revision=revision)


def thread_talk(thread_id: Any, revision: Any) -> rx.Component:
    """One thread, whole."""
    return ThreadTalk.create(thread_id=thread_id, revision=revision)


def announcing(course_id: Any, revision: Any) -> rx.Component:
    """Announcements, and the way to make one."""
    return Announcing.create(course_id=course_id, revision=revision)
