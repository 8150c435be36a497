"""The report of an import as plain JSON values."""

from dataclasses import asdict
from typing import Any

from lms_app.interchange.neutral import Course


def report_dict(course: Course) -> dict[str, Any]:
    """What was in the source, what the course holds, and what could not be taken.

    `unsupported` has one entry per thing: its kind in the source's own word, its title, its place, and the reason where one can be given.
    """
    report = course.report
    return {
        "source": dict(report.source_counts),
        "course": {
            "slug": course.slug,
            "title": course.title,
            "modules": len(course.modules),
            "lessons": sum(1 for _ in course.lessons()),
            "pages": sum(1 for _ in course.pages()),
            "questions": sum(1 for _ in course.questions()),
        },
        "unsupported": [asdict(item) for item in report.unsupported],
        "missing_files": list(report.missing_files),
        "removed_scripts": report.removed_scripts,
    }
