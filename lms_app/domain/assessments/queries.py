"""Reading quizzes: the cover that a student sees before an attempt."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, overrides, settling
from lms_app.domain.assessments.override_rules import Rules
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.revisions import contents_of, revision_of
from lms_app.domain.assessments.score_rules import Sitting, counting_fraction, counting_numbers, points_in_words
from lms_app.domain.assessments.sheets import moment_in_words, whole_percent
from lms_app.domain.assessments.views import AttemptLine, QuizCover
from lms_app.domain.courses import access
from lms_app.domain.enrollments import openings
from lms_app.domain.enrollments.progress_rules import rule_sentence
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import Attempt, Person
from lms_app.words import AttemptStatus, Behaviour, CompletionRule, Counting, Navigation, OnExpiry

_TELLING = {
    Behaviour.DEFERRED: "You learn how you did after you submit.",
    Behaviour.IMMEDIATE: "You learn how each answer did as soon as you check it.",
    Behaviour.INTERACTIVE: "You check each answer, and may try again: {tries} tries a question, each costing some of its points.",
    Behaviour.CERTAINTY: "With each answer you say how sure you are. Being sure earns more when you are right and costs more when you are not.",
    Behaviour.MANUAL: "A teacher marks your answers.",
}
_COUNTING = {
    Counting.BEST: "Your best attempt counts.",
    Counting.LAST: "Your last attempt counts.",
    Counting.FIRST: "Your first attempt counts.",
    Counting.MEAN: "The mean of your attempts counts.",
}


def quiz_cover(session: Session, actor: Actor, assessment_id: UUID) -> QuizCover:
    """A quiz of a course that the actor takes, with the actor's attempts so far. One that is locked says when it opens. Raises NotFound."""
    learned = access.learned_assessment(session, actor, assessment_id)
    assessment, course, enrollment = learned.assessment, learned.course, learned.enrollment
    revision = revision_of(session, assessment.published_revision_id)
    settings = revision.settings
    questions, points = contents_of(session, revision.id).size
    rules = overrides.rules_of(session, learned, settings)
    made = session.exec(
        select(Attempt).where(Attempt.enrollment_id == enrollment.id, Attempt.assessment_id == assessment.id).order_by(col(Attempt.number))
    ).all()
    finished = [attempt for attempt in made if attempt.status in settling.FINISHED and attempt.fraction is not None]
    seen = {
        attempt.id: settings.shown(clock.now(), closes_at=rules.closes_at, released=attempt.released_at is not None).marks for attempt in finished
    }
    sittings = [
        Sitting(number=attempt.number, fraction=attempt.fraction) for attempt in finished if seen[attempt.id] and attempt.fraction is not None
    ]
    counting = counting_numbers(sittings, settings.counting)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    ended = max((attempt.submitted_at for attempt in made if attempt.submitted_at), default=None)
    ungraded = any(attempt.status == AttemptStatus.HANDED_IN for attempt in made)
    refusal = attempts.why_not(clock.now(), rules, settings, used=len(made), ended=ended, ungraded=ungraded)
    shut = openings.openings_of(session, enrollment) if learned.may_be_locked else openings.ALL_OPEN
    opening = shut.of(assessment.id)
    kept_out = (refusal.in_words(zone) if refusal else "") or opening.sentence
    return QuizCover(
        id=str(assessment.id),
        title=revision.title,
        introduction=settings.introduction if opening.open else "",
        course_id=str(course.id),
        course=course.title,
        slug=course.slug,
        page_id=str(assessment.page_id or ""),
        practice=assessment.practice,
        questions=questions,
        points=points_in_words(points),
        pass_percent=whole_percent(settings.pass_mark),
        time_limit=rules.time_limit,
        attempts_allowed=rules.attempts_allowed,
        attempts_left=None if rules.attempts_allowed is None else max(0, rules.attempts_allowed - len(made)),
        needs_password=bool(settings.password),
        refusal=kept_out,
        opens_again_at=_again(refusal.moment if refusal else None, shut.again) if kept_out else "",
        facts=_facts(settings, rules, zone),
        rule_sentence=rule_sentence(CompletionRule(assessment.completion_rule), pass_mark=settings.pass_mark, required=assessment.required),
        open_attempt=next((str(attempt.id) for attempt in made if attempt.status == AttemptStatus.OPEN), ""),
        attempts=[
            AttemptLine(
                id=str(attempt.id),
                number=attempt.number,
                status=attempt.status,
                when=when_in_words(attempt.submitted_at or attempt.started_at, zone),
                percent=whole_percent(attempt.fraction) if seen.get(attempt.id) else None,
                passed=attempt.passed if seen.get(attempt.id) else None,
                counts=attempt.number in counting,
                pending=attempt.pending > 0,
            )
            for attempt in made
        ],
        best_percent=whole_percent(counting_fraction(sittings, settings.counting)),
        counting=_COUNTING[settings.counting] if rules.attempts_allowed != 1 else "",
        passed=any(attempt.passed for attempt in finished if seen[attempt.id]),
    )


def _again(*moments: datetime | None) -> str:
    """The next of some moments that is still to come."""
    now = clock.now()
    soonest = min((moment for moment in moments if moment and moment > now), default=None)
    return soonest.isoformat() if soonest else ""


def _facts(settings: QuizSettings, rules: Rules, zone: ZoneInfo) -> list[str]:
    """What one should know before one begins, in sentences."""
    facts = [_TELLING[settings.behaviour].format(tries=settings.tries)]
    if rules.closes_at and clock.now() < rules.closes_at:
        facts.append(f"It closes {moment_in_words(rules.closes_at, zone)}.")
    if settings.navigation == Navigation.ONE_WAY:
        facts.append("One way: a page that you leave does not open again.")
    if rules.time_limit is not None or rules.closes_at is not None:
        facts.append(
            {
                OnExpiry.SUBMIT: "When the time is over, what you have answered is submitted by itself.",
                OnExpiry.GRACE: f"When the time is over, you have {settings.grace_seconds // 60} minutes to submit; else the attempt does not count.",
                OnExpiry.DISCARD: "Submit before the time is over; otherwise the attempt does not count.",
            }[settings.on_expiry]
        )
    return [*facts, "Every answer is saved as you give it. You may close the window and come back."]
