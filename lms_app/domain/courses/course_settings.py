"""What a course says of itself: title, address, summary, language, level, tags, and what its certificate says."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.certificates import following, issuing
from lms_app.domain.certificates.template_rules import CertificateTemplate, template_of
from lms_app.domain.certificates.views import CertificateSheet
from lms_app.domain.courses import access, media, outline_changes
from lms_app.domain.courses.addresses import cover_address
from lms_app.domain.courses.authoring import LONGEST_SUMMARY, checked_title
from lms_app.domain.courses.media_rules import kind_of
from lms_app.errors import Invalid
from lms_app.models import Course, FormerSlug, Person
from lms_app.settings import get_settings
from lms_app.words import Status

LONGEST_SLUG = 60
LONGEST_TAG = 40
MOST_TAGS = 12
TAKEN = "Another course has this address, or had it before."

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, kw_only=True)
class CourseSettings:
    """The settings of a course as somebody on its staff sees them. `address` is what stands before the slug in the course's address; `tags` are
    written with commas; `cover` is the address of a picture. `role`: what the reader is on the staff."""

    id: str
    title: str
    slug: str
    address: str
    cover: str
    cover_is_drawn: bool
    summary: str
    language: str
    level: str
    tags: str
    status: str
    certificate_offered: bool
    signatory_name: str
    signatory_title: str
    template: CertificateTemplate
    role: str


def settings(session: Session, actor: Actor, course_id: UUID) -> CourseSettings:
    """The settings of a course, for its staff. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    return CourseSettings(
        id=str(course.id),
        title=course.title,
        slug=course.slug,
        address=f"{get_settings().public_url}/courses/",
        cover=cover_address(course),
        cover_is_drawn=course.cover_file_id is None,
        summary=course.summary,
        language=course.language,
        level=course.level,
        tags=", ".join(course.tags),
        status=Status(course.status).value,
        certificate_offered=course.certificate_offered,
        signatory_name=course.signatory_name,
        signatory_title=course.signatory_title,
        template=template_of(course.certificate_template),
        role=access.role_in(session, actor, course.id).value,
    )


def describe(session: Session, actor: Actor, course_id: UUID, *, title: str, slug: str, summary: str, language: str, level: str, tags: str) -> None:
    """Saves what a course says of itself. `tags` are parted by commas. An address that it had before leads to it for ever.

    Raises Invalid with a sentence for each field that cannot stay as it is; then nothing is saved.
    """
    course = access.editable_course(session, actor, course_id)
    refused: dict[str, str] = {}
    clean_slug, clean_tags = slug.strip().lower(), _tags(tags)
    if problem := _slug_problem(session, course, clean_slug):
        refused["slug"] = problem
    if len(summary.strip()) > LONGEST_SUMMARY:
        refused["summary"] = f"At most {LONGEST_SUMMARY} characters."
    if not _LANGUAGE.fullmatch(language.strip()):
        refused["language"] = "Write a language code such as en or pt-BR."
    if len(clean_tags) > MOST_TAGS:
        refused["tags"] = f"At most {MOST_TAGS} tags."
    elif any(len(tag) > LONGEST_TAG for tag in clean_tags):
        refused["tags"] = f"A tag has at most {LONGEST_TAG} characters."
    try:
        clean_title = checked_title(title)
    except Invalid as refusal:
        raise Invalid("Not everything here can be saved.", fields=refusal.fields | refused) from None
    if refused:
        raise Invalid("Not everything here can be saved.", fields=refused)
    if clean_slug != course.slug:
        _move_to(session, course, clean_slug)
    course.title, course.summary = clean_title, summary.strip()
    course.language, course.level, course.tags = language.strip(), level.strip()[:60], clean_tags
    session.add(course)
    try:
        session.flush()
    except IntegrityError as error:
        raise Invalid("Not everything here can be saved.", fields={"slug": TAKEN}) from error
    outline_changes.tell(session, course.id)


def choose_cover(session: Session, actor: Actor, course_id: UUID, file_id: UUID | None) -> None:
    """Makes a picture among the course's files its cover; with none, the cover is drawn. Once the course is published, anybody may see it.

    Raises NotFound for a file that is not the course's, Invalid for one that is no picture.
    """
    course = access.editable_course(session, actor, course_id)
    if file_id is not None and kind_of(media.own_file(session, actor, course_id, file_id).media_type) != "image":
        raise Invalid("A cover is a picture. Choose another file.")
    course.cover_file_id = file_id
    session.add(course)
    session.flush()
    outline_changes.tell(session, course.id)


def certify(
    session: Session, actor: Actor, course_id: UUID, *, offered: bool, signatory_name: str, signatory_title: str, template: CertificateTemplate
) -> None:
    """Saves whether a course gives a certificate, who signs it, its words and its colour. Certificates that were given keep what they say. Once one
    is offered, a worker gives it to whoever has earned it by then."""
    course = access.editable_course(session, actor, course_id)
    if offered and not course.certificate_offered:
        following.ask(session, course.id)
    course.certificate_offered = offered
    course.signatory_name, course.signatory_title = signatory_name.strip()[:120], signatory_title.strip()[:120]
    course.certificate_template = asdict(template_of(asdict(template)))
    session.add(course)
    session.flush()
    outline_changes.tell(session, course.id)


def sample(
    session: Session, actor: Actor, course_id: UUID, *, signatory_name: str, signatory_title: str, template: CertificateTemplate
) -> CertificateSheet:
    """What a certificate of this course would say if the actor earned it now, these signed it and it had this template. Its code belongs to no
    certificate."""
    course = access.editable_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    now: datetime = clock.now()
    code = "sample" + "0" * 20
    return CertificateSheet(
        person=session.get_one(Person, actor.person_id).name,
        course=course.title,
        institution=issuing.INSTITUTION,
        signatory=signatory_name.strip()[:120],
        signatory_title=signatory_title.strip()[:120],
        issued_on=now.astimezone(ZoneInfo(run.time_zone)).date(),
        code=code,
        verification_url=issuing.public_address(code),
        language=course.language,
        **asdict(template_of(asdict(template))),
    )


def _slug_problem(session: Session, course: Course, slug: str) -> str | None:
    if slug == course.slug:
        return None
    if not _SLUG.fullmatch(slug):
        return "Use small letters, digits and single hyphens between them, such as maps-of-the-world."
    if len(slug) > LONGEST_SLUG:
        return f"At most {LONGEST_SLUG} characters."
    taken = session.exec(select(Course.id).where(Course.slug == slug)).first()
    owner = session.exec(select(FormerSlug.course_id).where(FormerSlug.slug == slug)).first()
    return TAKEN if taken or (owner is not None and owner != course.id) else None


def _move_to(session: Session, course: Course, slug: str) -> None:
    """Gives a course another address; the one that it leaves goes on leading to it."""
    back = session.get(FormerSlug, slug)
    if back is not None:
        session.delete(back)
    session.add(FormerSlug(slug=course.slug, course_id=course.id, created_at=clock.now()))
    course.slug = slug


def _tags(written: str) -> list[str]:
    """The tags in their order, each once, however it is capitalised."""
    kept: dict[str, str] = {}
    for tag in (" ".join(tag.split()) for tag in re.split(r"[,;\n]", written)):
        if tag:
            kept.setdefault(tag.casefold(), tag)
    return list(kept.values())
