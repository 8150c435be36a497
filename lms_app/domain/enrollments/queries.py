"""Reading a course as its student: the learning page, and why progress stands where it stands."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.certificates import queries as certificates
from lms_app.domain.content.document import parse_document
from lms_app.domain.content.rendering import render
from lms_app.domain.content.views import Rendered
from lms_app.domain.courses import access
from lms_app.domain.courses.addresses import resolver
from lms_app.domain.courses.outline import Outline, OutlineItem, OutlineLesson, OutlineModule, OutlinePage, published_outline
from lms_app.domain.courses.queries import percent
from lms_app.domain.enrollments import progress, progress_rules, run_rules
from lms_app.domain.enrollments.openings import Openings, openings_of
from lms_app.domain.enrollments.progress_rules import Done, is_page_done, page_sentence, rule_sentence
from lms_app.domain.enrollments.views import (
    LearningPage,
    MarkedLesson,
    MarkedModule,
    MarkedOutline,
    MarkedPage,
    MarkedQuiz,
    OutlineLessonGroup,
    OutlineModuleGroup,
    OutlinePageLine,
    ProgressReason,
    ProgressView,
    QuizOnPage,
)
from lms_app.domain.notifications.queries import when_in_words
from lms_app.errors import NotFound
from lms_app.models import (
    Assessment,
    AssessmentSection,
    Attempt,
    Completion,
    Enrollment,
    Page,
    PageRevision,
    PageView,
    Person,
    Progress,
    SectionQuestion,
)
from lms_app.words import CompletionRule


def learning_page(session: Session, actor: Actor, slug: str, page_id: UUID | None = None) -> LearningPage:
    """A page of a course that the actor takes: the one asked for, else where the actor left, else the first that is open to them. Of a page that is
    locked it gives what the outline shows, and when it opens.

    Raises NotFound where the course or page is not the actor's to see, LimitReached before the run opens.
    """
    course = access.published_course(session, slug)
    slug = course.slug
    enrollment, run = access.opened_enrollment(session, actor, course.id)
    outline = published_outline(session, course.id)
    pages = list(outline.pages())
    if not pages:
        raise NotFound("This course has no pages yet.")
    shut = openings_of(session, enrollment, outline)
    place = _place(pages, page_id or enrollment.last_page_id, shut, strict=page_id is not None)
    here = pages[place]
    locked = shut.lock(here.id)
    module, lesson = _where(outline, here)
    row = session.get_one(Page, here.id)
    revision = session.get_one(PageRevision, row.published_revision_id)
    completed = progress.completed_nodes(session, enrollment.id)
    views = _opened(session, enrollment.id)
    standing = session.get(Progress, enrollment.id)
    rendered = Rendered(blocks=[], headings=[]) if locked else render(parse_document(revision.document), resolver(slug))
    before = pages[place - 1] if place else None
    after = pages[place + 1] if place + 1 < len(pages) else None
    next_locked = shut.lock(after.id) if after else ""
    onward = next((page for page in pages[place + 1 :] if not shut.lock(page.id)), None)
    return LearningPage(
        course_id=str(course.id),
        enrollment_id=str(enrollment.id),
        slug=slug,
        course=course.title,
        page_id=str(here.id),
        title=revision.title,
        module=module.title,
        lesson=lesson.title,
        minutes=here.minutes,
        blocks=rendered.blocks,
        headings=rendered.headings,
        quizzes=[] if locked else _quizzes(session, enrollment, here, completed, shut),
        rule=here.item.rule,
        rule_sentence=page_sentence(here),
        completed=is_page_done(here, completed),
        previous_link=_link(slug, before),
        previous_title=before.item.title if before else "",
        next_link="" if next_locked else _link(slug, after),
        next_title=after.item.title if after else "",
        next_locked=next_locked,
        onward_link=_link(slug, onward),
        locked=locked,
        opens_again_at=shut.again.isoformat() if shut.again else "",
        modules=_groups(outline, slug, here.id, completed, views, shut),
        done=standing.done if standing else 0,
        total=standing.total if standing else 0,
        percent=percent(standing),
        course_completed=enrollment.completed_at is not None,
        certificate_missing=certificates.still_missing(session, enrollment, course, outline) if enrollment.completed_at else [],
        ended=run_rules.ended(run, clock.now()),
    )


def marked_outline(session: Session, actor: Actor, slug: str) -> MarkedOutline:
    """A course that the actor takes, every page and quiz with its mark. Raises NotFound, LimitReached before its run opens."""
    course = access.published_course(session, slug)
    slug = course.slug
    enrollment, _ = access.opened_enrollment(session, actor, course.id)
    completed = progress.completed_nodes(session, enrollment.id)
    standing = session.get(Progress, enrollment.id)
    outline = published_outline(session, course.id)
    shut = openings_of(session, enrollment, outline)

    def marked(page: OutlinePage) -> MarkedPage:
        quizzes = [
            MarkedQuiz(id=str(quiz.id), title=quiz.title, required=quiz.required, done=quiz.id in completed, locked=shut.lock(quiz.id))
            for quiz in page.quizzes
        ]
        item = page.item
        return MarkedPage(
            id=str(page.id),
            title=item.title,
            minutes=page.minutes,
            rule=item.rule,
            required=item.required,
            done=item.id in completed,
            locked=shut.lock(item.id),
            quizzes=quizzes,
        )

    modules = [
        MarkedModule(
            id=str(module.id),
            title=module.title,
            lessons=[
                MarkedLesson(id=str(lesson.id), title=lesson.title, graded=lesson.graded, pages=[marked(page) for page in lesson.pages])
                for lesson in module.lessons
            ],
        )
        for module in outline.modules
    ]
    return MarkedOutline(
        course_id=str(course.id),
        slug=slug,
        course=course.title,
        done=standing.done if standing else 0,
        total=standing.total if standing else 0,
        percent=percent(standing),
        modules=modules,
    )


def progress_view(session: Session, actor: Actor, slug: str) -> ProgressView:
    """Why the actor's progress in a course stands where it stands: one sentence per required item."""
    course = access.published_course(session, slug)
    slug = course.slug
    enrollment = access.own_enrollment(session, actor, course.id)
    outline = published_outline(session, course.id)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    ledger = session.exec(select(Completion).where(Completion.enrollment_id == enrollment.id, progress.stands())).all()
    completed = {row.node_id: Done(rule=CompletionRule(row.rule), at=row.completed_at) for row in ledger}
    why = progress_rules.progress_view(outline, completed)
    shut = openings_of(session, enrollment, outline)
    links = {str(item.id): _link(slug, page) for page in outline.pages() for item in page.items}
    reasons = [
        ProgressReason(
            id=item.id,
            title=item.title,
            module=module.title,
            done=item.done,
            sentence=item.sentence if item.done else shut.lock(UUID(item.id)) or item.sentence,
            when=when_in_words(item.done_at, zone) if item.done_at else "",
            link=links[item.id],
        )
        for module in why.modules
        for item in module.items
        if item.required
    ]
    return ProgressView(
        slug=slug,
        course=course.title,
        done=why.done,
        total=why.total,
        percent=why.percent,
        sentence=why.sentence,
        reasons=reasons,
        certificate_sentence=certificates.certificate_sentence(course, outline),
        certificate_missing=certificates.still_missing(session, enrollment, course, outline, left=why.total - why.done),
    )


def _place(pages: list[OutlinePage], page_id: UUID | None, shut: Openings, *, strict: bool) -> int:
    for place, page in enumerate(pages):
        if page.id == page_id:
            return place
    if strict:
        raise NotFound("This page is not part of the course.")
    return next((place for place, page in enumerate(pages) if not shut.lock(page.id)), 0)


def _where(outline: Outline, page: OutlinePage) -> tuple[OutlineModule, OutlineLesson]:
    return next((module, lesson) for module in outline.modules for lesson in module.lessons if page in lesson.pages)


def _link(slug: str, page: OutlinePage | None) -> str:
    return f"/learn/{slug}/{page.id}" if page else ""


def _opened(session: Session, enrollment_id: UUID) -> frozenset[UUID]:
    return frozenset(session.exec(select(PageView.page_id).where(PageView.enrollment_id == enrollment_id)).all())


def _groups(outline: Outline, slug: str, here: UUID, completed: frozenset[UUID], opened: frozenset[UUID], shut: Openings) -> list[OutlineModuleGroup]:
    def line(page: OutlinePage) -> OutlinePageLine:
        required = [item for item in page.items if item.required] or [page.item]
        done = all(item.id in completed for item in required)
        locked = shut.lock(page.id)
        begun = page.id in opened or any(item.id in completed for item in required)
        return OutlinePageLine(
            id=str(page.id),
            title=page.item.title,
            link=_link(slug, page),
            mark="done" if done else "locked" if locked else "started" if begun else "open",
            note=_note(page),
            locked=locked,
            current=page.id == here,
        )

    groups = []
    for number, module in enumerate(outline.modules, start=1):
        whole = _said_once([line(page) for lesson in module.lessons for page in lesson.pages])
        lessons = [_lesson_group(lesson, line, said=bool(whole)) for lesson in module.lessons]
        groups.append(
            OutlineModuleGroup(
                id=str(module.id),
                number=number,
                title=module.title,
                current=any(lesson.current for lesson in lessons),
                done=all(lesson.mark == "done" for lesson in lessons),
                locked=whole,
                lessons=lessons,
            )
        )
    return groups


def _said_once(lines: list[OutlinePageLine]) -> str:
    """When some pages open, where all of them do at once and there are several to say it of."""
    told = {line.locked for line in lines}
    return told.pop() if len(told) == 1 and len(lines) > 1 else ""


def _lesson_group(lesson: OutlineLesson, line: Callable[[OutlinePage], OutlinePageLine], *, said: bool) -> OutlineLessonGroup:
    """A lesson. `said`: its module says when all of it opens."""
    lines = [line(page) for page in lesson.pages]
    marks = {entry.mark for entry in lines}
    whole = "" if said else lines[0].locked if len(lines) == 1 else _said_once(lines)
    if said or whole:
        lines = [replace(entry, locked="") for entry in lines]
    return OutlineLessonGroup(
        id=str(lesson.id),
        title=lesson.title,
        link=lines[0].link,
        mark=marks.pop() if len(marks) == 1 else "open" if marks == {"open", "locked"} else "started",
        note=lines[0].note if len(lines) == 1 else f"{len(lines)} pages",
        locked=whole,
        current=any(entry.current for entry in lines),
        pages=lines if len(lines) > 1 else [],
    )


def _note(page: OutlinePage) -> str:
    return "Quiz" if any(quiz.required for quiz in page.quizzes) else f"{page.minutes} min"


def _quizzes(session: Session, enrollment: Enrollment, page: OutlinePage, completed: frozenset[UUID], shut: Openings) -> list[QuizOnPage]:
    if not page.quizzes:
        return []
    ids = [quiz.id for quiz in page.quizzes]
    rows = {row.id: row for row in session.exec(select(Assessment).where(col(Assessment.id).in_(ids))).all()}
    counts = dict(
        session.exec(
            select(Assessment.id, func.count(col(SectionQuestion.id)))
            .join(AssessmentSection, col(AssessmentSection.assessment_revision_id) == col(Assessment.published_revision_id))
            .join(SectionQuestion, col(SectionQuestion.section_id) == col(AssessmentSection.id))
            .where(col(Assessment.id).in_(ids))
            .group_by(col(Assessment.id))
        ).all()
    )
    best: dict[UUID, Decimal | None] = dict(
        session.exec(
            select(Attempt.assessment_id, func.max(Attempt.fraction))
            .where(Attempt.enrollment_id == enrollment.id, col(Attempt.assessment_id).in_(ids), col(Attempt.released_at).is_not(None))
            .group_by(col(Attempt.assessment_id))
        ).all()
    )
    return [_quiz(item, rows[item.id], counts.get(item.id, 0), best.get(item.id), item.id in completed, shut.lock(item.id)) for item in page.quizzes]


def _quiz(item: OutlineItem, row: Assessment, questions: int, best: Decimal | None, done: bool, locked: str) -> QuizOnPage:
    return QuizOnPage(
        id=str(item.id),
        title=item.title,
        questions=questions,
        practice=row.practice,
        done=done,
        rule_sentence=rule_sentence(item.rule, pass_mark=item.pass_mark, required=item.required),
        best_percent=None if best is None else int(best * 100),
        locked=locked,
        link=f"/quiz/{item.id}",
    )
