"""The courses that are to be completed before another."""

from typing import Any

import reflex as rx

from lms_app.domain.enrollments.prerequisites import Required
from lms_app.web.components.links import link
from lms_app.web.components.meters import tick


def required_part(courses: Any) -> rx.Component:
    """Each with whether it is done, and the way to it."""
    return rx.el.ul(rx.foreach(courses, _course), class_name="ly-stack", data_gap="8", aria_label="To be completed first")


def _course(course: Required) -> rx.Component:
    return rx.el.li(
        tick(rx.cond(course.done, "done", "none")),
        rx.cond(course.slug != "", link(course.title, href=rx.Var.create("/courses/") + course.slug), rx.el.span(course.title)),
        rx.el.span(rx.cond(course.done, "Completed", "Not completed yet"), class_name="ly-small"),
        class_name="ly-line",
        key=course.id,
    )
