"""Which kinds of notification are one thing to a person, what it is called, and how they hear of it until they say otherwise. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lms_app.words import MailTiming, NotificationGroup, NotificationKind


@dataclass(frozen=True, kw_only=True)
class Choice:
    """How somebody hears of one group: in the app, by mail, by a message to a browser that is closed."""

    in_app: bool = True
    mail: MailTiming = MailTiming.OFF
    push: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    """A row of the page of preferences. `for_staff`: only who teaches hears of it."""

    id: NotificationGroup
    title: str
    about: str
    default: Choice
    for_staff: bool = False


_OFF, _AT_ONCE, _DAILY, _WEEKLY = MailTiming.OFF, MailTiming.AT_ONCE, MailTiming.DAILY, MailTiming.WEEKLY
_G = NotificationGroup

GROUPS: Final = (
    Group(id=_G.RECEIPTS, title="Receipts", about="You enrolled, handed something in, or mail to you was paused.", default=Choice()),
    Group(
        id=_G.PLACES,
        title="Places in courses",
        about="You were enrolled, a place came free, or an enrolment ended.",
        default=Choice(mail=_AT_ONCE),
    ),
    Group(id=_G.MATERIAL, title="New material", about="A page or a quiz has opened.", default=Choice(mail=_DAILY)),
    Group(id=_G.DUE, title="Due dates", about="A quiz is due within a day, or is overdue.", default=Choice(mail=_AT_ONCE, push=True)),
    Group(id=_G.GRADES, title="Grades", about="Something was marked, or a mark was corrected.", default=Choice(mail=_AT_ONCE, push=True)),
    Group(id=_G.FEEDBACK, title="Feedback", about="A marker has written a comment.", default=Choice(push=True)),
    Group(
        id=_G.CERTIFICATES,
        title="Certificates",
        about="You completed a course, or a certificate is ready or was withdrawn.",
        default=Choice(mail=_AT_ONCE),
    ),
    Group(id=_G.ANNOUNCEMENTS, title="Announcements", about="News from the staff of a course.", default=Choice(mail=_AT_ONCE, push=True)),
    Group(id=_G.DISCUSSION, title="Discussion", about="Replies where you follow, and mentions of you.", default=Choice(mail=_DAILY, push=True)),
    Group(id=_G.NUDGES, title="Messages from the staff", about="A word to you alone.", default=Choice(mail=_AT_ONCE, push=True)),
    Group(id=_G.ARRIVALS, title="New students", about="People have enrolled in a course of yours.", default=Choice(mail=_DAILY), for_staff=True),
    Group(id=_G.MARKING, title="Marking", about="Submissions wait to be marked.", default=Choice(mail=_DAILY), for_staff=True),
    Group(
        id=_G.QUESTIONS,
        title="Questions of students",
        about="Somebody asks in a discussion, or reports a post.",
        default=Choice(mail=_DAILY),
        for_staff=True,
    ),
    Group(id=_G.INACTIVE, title="Students who do not come", about="Once a week for each course.", default=Choice(mail=_WEEKLY), for_staff=True),
    Group(
        id=_G.REPORTS,
        title="Reports",
        about="A report that is made for you on a schedule, or that took a while, is ready.",
        default=Choice(mail=_AT_ONCE),
        for_staff=True,
    ),
    Group(
        id=_G.AUTHORING,
        title="Work on courses",
        about="An import or a correction is finished, or you joined a staff.",
        default=Choice(mail=_AT_ONCE),
        for_staff=True,
    ),
)

GROUP: Final[Mapping[NotificationGroup, Group]] = {group.id: group for group in GROUPS}

_K = NotificationKind
GROUP_OF: Final[Mapping[NotificationKind, NotificationGroup]] = {
    _K.ENROLLED: _G.RECEIPTS,
    _K.SUBMITTED: _G.RECEIPTS,
    _K.MAIL_PAUSED: _G.RECEIPTS,
    _K.ADDED: _G.PLACES,
    _K.ADDED_WAITING: _G.PLACES,
    _K.SEAT_FREED: _G.PLACES,
    _K.TAKEN_OUT: _G.PLACES,
    _K.OPENED: _G.MATERIAL,
    _K.DUE_SOON: _G.DUE,
    _K.OVERDUE: _G.DUE,
    _K.QUIZ_GRADED: _G.GRADES,
    _K.REGRADED: _G.GRADES,
    _K.FEEDBACK: _G.FEEDBACK,
    _K.CERTIFICATE_ISSUED: _G.CERTIFICATES,
    _K.CERTIFICATE_WITHDRAWN: _G.CERTIFICATES,
    _K.COURSE_COMPLETED: _G.CERTIFICATES,
    _K.ANNOUNCEMENT: _G.ANNOUNCEMENTS,
    _K.REPLY: _G.DISCUSSION,
    _K.MENTION: _G.DISCUSSION,
    _K.ANSWER_ACCEPTED: _G.DISCUSSION,
    _K.POST_REMOVED: _G.DISCUSSION,
    _K.NUDGE: _G.NUDGES,
    _K.NEW_ENROLMENTS: _G.ARRIVALS,
    _K.TO_MARK: _G.MARKING,
    _K.QUESTION_ASKED: _G.QUESTIONS,
    _K.POST_REPORTED: _G.QUESTIONS,
    _K.INACTIVE_STUDENTS: _G.INACTIVE,
    _K.REPORT_READY: _G.REPORTS,
    _K.REPORT_FAILED: _G.REPORTS,
    _K.REGRADE_FINISHED: _G.AUTHORING,
    _K.JOINED_STAFF: _G.AUTHORING,
    _K.IMPORT_FINISHED: _G.AUTHORING,
    _K.IMPORT_FAILED: _G.AUTHORING,
    _K.FIGURES_DRIFTED: _G.AUTHORING,
}
"""Every kind belongs to one group."""


def group_of(kind: NotificationKind) -> Group:
    """The group that a kind belongs to."""
    return GROUP[GROUP_OF[kind]]
