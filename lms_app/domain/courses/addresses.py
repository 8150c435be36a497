"""Where the content of a course leads those who take it."""

from functools import lru_cache
from uuid import UUID

from lms_app.domain.content.embeds import embed_hosts
from lms_app.domain.content.rendering import Resolver
from lms_app.models import Course
from lms_app.settings import get_settings


def cover_address(course: Course) -> str:
    """Where the cover of a course is: the picture that was chosen for it, else the drawing that belongs to its slug."""
    return f"/v/files/{course.cover_file_id}" if course.cover_file_id else f"/v/covers/{course.slug}.svg"


@lru_cache(maxsize=1024)
def resolver(slug: str) -> Resolver:
    """Addresses for what a course's pages and questions refer to: files by our authorised route, pages by their place in the course. One course has
    one, so that what was rendered with it can be kept."""
    return Resolver(
        file=lambda name: f"/v/files/{name}" if _is_id(name) else None,
        page=lambda name: f"/learn/{slug}/{name}" if _is_id(name) else None,
        embed_hosts=embed_hosts(get_settings().embed_hosts),
    )


def _is_id(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True
