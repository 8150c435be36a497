"""The sitemap: one row per page. Imported by lms_app.py alone. How to write the pair of files behind a row: lms_app/web/perform.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_base.event import EventHandler, EventSpec
from reflex_base.utils.format import format_event_handler

from lms_app.web.admin.mail_page import mail_page
from lms_app.web.admin.mail_state import MailState
from lms_app.web.errors import page_loads_by
from lms_app.web.instructor.analytics_page import analytics_page
from lms_app.web.instructor.analytics_state import AnalyticsState
from lms_app.web.instructor.announcing_page import announcing_page
from lms_app.web.instructor.announcing_state import AnnouncingState
from lms_app.web.instructor.builder_page import builder_page
from lms_app.web.instructor.builder_state import BuilderState
from lms_app.web.instructor.certificate_rule_state import CertificateRuleState
from lms_app.web.instructor.discussion_page import discussion_page
from lms_app.web.instructor.discussion_state import DiscussionState
from lms_app.web.instructor.enrolment_page import enrolment_page
from lms_app.web.instructor.enrolment_state import EnrolmentState
from lms_app.web.instructor.exam_page import exam_page
from lms_app.web.instructor.exam_state import ExamState
from lms_app.web.instructor.exceptions_page import exceptions_page
from lms_app.web.instructor.exceptions_state import ExceptionsState
from lms_app.web.instructor.export_state import ExportState
from lms_app.web.instructor.gradebook_page import gradebook_page
from lms_app.web.instructor.gradebook_setup_page import gradebook_setup_page
from lms_app.web.instructor.gradebook_setup_state import GradebookSetupState
from lms_app.web.instructor.gradebook_state import GradebookState
from lms_app.web.instructor.groups_state import GroupsState
from lms_app.web.instructor.health_badge import HealthBadge
from lms_app.web.instructor.health_page import health_page
from lms_app.web.instructor.health_state import HealthState
from lms_app.web.instructor.import_page import import_page
from lms_app.web.instructor.import_state import ImportState
from lms_app.web.instructor.invitations_state import InvitationsState
from lms_app.web.instructor.library_page import library_page
from lms_app.web.instructor.library_state import LibraryState
from lms_app.web.instructor.marking_page import marking_page
from lms_app.web.instructor.marking_state import MarkingState
from lms_app.web.instructor.node_figures_state import NodeFiguresState
from lms_app.web.instructor.page_editor_page import page_editor_page
from lms_app.web.instructor.page_editor_state import PageEditorState
from lms_app.web.instructor.people_page import people_page
from lms_app.web.instructor.people_state import PeopleState
from lms_app.web.instructor.question_bank_page import question_bank_page
from lms_app.web.instructor.question_bank_state import QuestionBankState
from lms_app.web.instructor.question_page import question_page
from lms_app.web.instructor.question_state import QuestionState
from lms_app.web.instructor.question_statistics_page import question_statistics_page
from lms_app.web.instructor.quiz_editor_page import quiz_editor_page
from lms_app.web.instructor.quiz_editor_state import QuizEditorState
from lms_app.web.instructor.quiz_sections_state import QuizSectionsState
from lms_app.web.instructor.quiz_settings_state import QuizSettingsState
from lms_app.web.instructor.regrade_page import regrade_page
from lms_app.web.instructor.regrade_state import RegradeState
from lms_app.web.instructor.reports_page import reports_page
from lms_app.web.instructor.reports_state import ReportsState
from lms_app.web.instructor.schedules_state import SchedulesState
from lms_app.web.instructor.settings_page import settings_page
from lms_app.web.instructor.settings_state import SettingsState
from lms_app.web.instructor.staff_state import StaffState
from lms_app.web.instructor.statistics_page import statistics_page
from lms_app.web.instructor.statistics_state import QuestionStatisticsState, StatisticsState
from lms_app.web.instructor.student_page import student_page
from lms_app.web.instructor.student_state import StudentState
from lms_app.web.instructor.teach_page import teach_page
from lms_app.web.instructor.teach_state import TeachState
from lms_app.web.labels import Audience, anyone, signed_in
from lms_app.web.public import doors
from lms_app.web.public.catalogue_page import catalogue_page
from lms_app.web.public.catalogue_state import CatalogueState
from lms_app.web.public.certificate_page import certificate_page
from lms_app.web.public.certificate_state import CertificateState
from lms_app.web.public.course_page import course_page
from lms_app.web.public.course_state import CourseState
from lms_app.web.public.join_page import join_page
from lms_app.web.public.join_state import JoinState
from lms_app.web.public.landing_page import landing_page
from lms_app.web.public.mailbox_page import mailbox_page
from lms_app.web.public.mailbox_state import MailboxState
from lms_app.web.public.missing_page import missing_page
from lms_app.web.student.announcements_page import announcements_page
from lms_app.web.student.announcements_state import AnnouncementsState
from lms_app.web.student.calendar_page import calendar_page
from lms_app.web.student.calendar_state import CalendarState
from lms_app.web.student.certificates_page import certificates_page
from lms_app.web.student.certificates_state import CertificatesState
from lms_app.web.student.grades_page import course_grades_page, grades_page
from lms_app.web.student.grades_state import GradesState
from lms_app.web.student.home_page import home_page
from lms_app.web.student.home_state import HomeState
from lms_app.web.student.inbox_page import inbox_page
from lms_app.web.student.inbox_state import InboxState
from lms_app.web.student.learn_page import learn_page
from lms_app.web.student.learn_state import LearnState
from lms_app.web.student.own_data_page import own_data_page
from lms_app.web.student.own_data_state import OwnDataState
from lms_app.web.student.preferences_page import preferences_page
from lms_app.web.student.preferences_state import PreferencesState
from lms_app.web.student.profile_page import profile_page
from lms_app.web.student.profile_state import ProfileState
from lms_app.web.student.progress_page import progress_page
from lms_app.web.student.progress_state import ProgressState
from lms_app.web.student.quiz_page import quiz_page
from lms_app.web.student.quiz_state import QuizState
from lms_app.web.student.thread_page import thread_page
from lms_app.web.student.thread_state import ThreadState
from lms_app.web.viewer_state import ViewerState
from lms_app.words import Role

students = Audience(name="students", roles=frozenset({Role.STUDENT}))
admins = Audience(name="administrators", roles=frozenset({Role.ADMIN}))
instructors = Audience(name="instructors", roles=frozenset({Role.INSTRUCTOR}))


@dataclass(frozen=True, kw_only=True)
class Route:
    """One page of the site. `audience` says who is meant to see it; what keeps others out is the label of each handler in `on_load`."""

    path: str
    page: Callable[[], rx.Component]
    title: str
    audience: Audience = anyone
    on_load: tuple[Any, ...] = ()


ROUTES: tuple[Route, ...] = (
    Route(path="/", page=landing_page, title="Lyceum"),
    Route(path="404", page=missing_page, title="Not found · Lyceum"),
    Route(path="/catalogue", page=catalogue_page, title="Catalogue · Lyceum", on_load=(CatalogueState.load,)),
    Route(path="/courses/[slug]", page=course_page, title="Course · Lyceum", on_load=(CourseState.load,)),
    Route(path="/join/[token]", page=join_page, title="Invitation · Lyceum", on_load=(JoinState.load,)),
    Route(
        path="/courses/[slug]/announcements",
        page=announcements_page,
        title="Announcements · Lyceum",
        audience=signed_in,
        on_load=(AnnouncementsState.load,),
    ),
    Route(path="/discussion/[thread_id]", page=thread_page, title="Discussion · Lyceum", audience=signed_in, on_load=(ThreadState.load,)),
    Route(path="/learn/[slug]", page=learn_page, title="Learning · Lyceum", audience=students, on_load=(LearnState.load,)),
    Route(path="/learn/[slug]/[page_id]", page=learn_page, title="Learning · Lyceum", audience=students, on_load=(LearnState.load,)),
    Route(path="/sign-in", page=doors.sign_in_page, title="Sign in · Lyceum"),
    Route(path="/register", page=doors.register_page, title="Register · Lyceum"),
    Route(path="/confirm", page=doors.confirm_page, title="Choose a password · Lyceum"),
    Route(path="/reset", page=doors.reset_page, title="Reset your password · Lyceum"),
    Route(path="/reset/new", page=doors.new_password_page, title="Set a new password · Lyceum"),
    Route(path="/certificates/[code]", page=certificate_page, title="Certificate · Lyceum", on_load=(CertificateState.load,)),
    Route(path="/home", page=home_page, title="Home · Lyceum", audience=students, on_load=(HomeState.load,)),
    Route(path="/progress/[slug]", page=progress_page, title="Progress · Lyceum", audience=students, on_load=(ProgressState.load,)),
    Route(path="/calendar", page=calendar_page, title="Calendar · Lyceum", audience=students, on_load=(CalendarState.load,)),
    Route(path="/inbox", page=inbox_page, title="Inbox · Lyceum", audience=signed_in, on_load=(InboxState.load,)),
    Route(path="/profile", page=profile_page, title="Profile · Lyceum", audience=signed_in, on_load=(ProfileState.load,)),
    Route(path="/profile/data", page=own_data_page, title="Your data · Lyceum", audience=signed_in, on_load=(OwnDataState.load,)),
    Route(
        path="/profile/notifications",
        page=preferences_page,
        title="Notifications · Lyceum",
        audience=signed_in,
        on_load=(PreferencesState.load,),
    ),
    Route(path="/admin/mail", page=mail_page, title="Mail · Lyceum", audience=admins, on_load=(MailState.load,)),
    Route(path="/mailbox", page=mailbox_page, title="Mailbox · Lyceum", on_load=(MailboxState.load,)),
    Route(path="/my/certificates", page=certificates_page, title="Certificates · Lyceum", audience=signed_in, on_load=(CertificatesState.load,)),
    Route(path="/grades", page=grades_page, title="Grades · Lyceum", audience=signed_in, on_load=(GradesState.load,)),
    Route(path="/grades/[slug]", page=course_grades_page, title="Grades · Lyceum", audience=signed_in, on_load=(GradesState.load_course,)),
    Route(path="/quiz/[assessment_id]", page=quiz_page, title="Quiz · Lyceum", audience=students, on_load=(QuizState.load,)),
    Route(
        path="/teach/courses/[course_id]/analytics",
        page=analytics_page,
        title="Analytics · Lyceum",
        audience=instructors,
        on_load=(AnalyticsState.load,),
    ),
    Route(
        path="/teach/courses/[course_id]/reports",
        page=reports_page,
        title="Reports · Lyceum",
        audience=instructors,
        on_load=(ReportsState.load, SchedulesState.load),
    ),
    Route(
        path="/teach/courses/[course_id]/gradebook",
        page=gradebook_page,
        title="Gradebook · Lyceum",
        audience=instructors,
        on_load=(GradebookState.load,),
    ),
    Route(
        path="/teach/courses/[course_id]/gradebook/setup",
        page=gradebook_setup_page,
        title="Gradebook setup · Lyceum",
        audience=instructors,
        on_load=(GradebookSetupState.load,),
    ),
    Route(path="/teach", page=teach_page, title="Teach · Lyceum", audience=instructors, on_load=(TeachState.load,)),
    Route(path="/teach/import", page=import_page, title="Import course · Lyceum", audience=instructors, on_load=(ImportState.load,)),
    Route(
        path="/teach/courses/[course_id]",
        page=builder_page,
        title="Build course · Lyceum",
        audience=instructors,
        on_load=(NodeFiguresState.close, BuilderState.load, HealthBadge.load),
    ),
    Route(path="/teach/courses/[course_id]/files", page=library_page, title="Files · Lyceum", audience=instructors, on_load=(LibraryState.load,)),
    Route(path="/teach/courses/[course_id]/health", page=health_page, title="Health · Lyceum", audience=instructors, on_load=(HealthState.load,)),
    Route(
        path="/teach/courses/[course_id]/bank",
        page=question_bank_page,
        title="Question bank · Lyceum",
        audience=instructors,
        on_load=(QuestionBankState.load,),
    ),
    Route(path="/teach/courses/[course_id]/marking", page=marking_page, title="Marking · Lyceum", audience=instructors, on_load=(MarkingState.load,)),
    Route(
        path="/teach/courses/[course_id]/people",
        page=people_page,
        title="Students · Lyceum",
        audience=instructors,
        on_load=(PeopleState.load, GroupsState.load),
    ),
    Route(
        path="/teach/courses/[course_id]/students/[enrollment_id]",
        page=student_page,
        title="Student · Lyceum",
        audience=instructors,
        on_load=(StudentState.load,),
    ),
    Route(
        path="/teach/courses/[course_id]/enrolment",
        page=enrolment_page,
        title="Enrolment · Lyceum",
        audience=instructors,
        on_load=(EnrolmentState.load, InvitationsState.load),
    ),
    Route(
        path="/teach/courses/[course_id]/discussion",
        page=discussion_page,
        title="Discussion · Lyceum",
        audience=instructors,
        on_load=(DiscussionState.load,),
    ),
    Route(
        path="/teach/courses/[course_id]/announcements",
        page=announcing_page,
        title="Announcements · Lyceum",
        audience=instructors,
        on_load=(AnnouncingState.load,),
    ),
    Route(
        path="/teach/courses/[course_id]/settings",
        page=settings_page,
        title="Course settings · Lyceum",
        audience=instructors,
        on_load=(SettingsState.load, StaffState.load, CertificateRuleState.load, ExportState.load),
    ),
    Route(path="/teach/pages/[page_id]", page=page_editor_page, title="Edit page · Lyceum", audience=instructors, on_load=(PageEditorState.load,)),
    Route(
        path="/teach/questions/[question_id]", page=question_page, title="Edit question · Lyceum", audience=instructors, on_load=(QuestionState.load,)
    ),
    Route(
        path="/teach/questions/[question_id]/regrade",
        page=regrade_page,
        title="Correct marks · Lyceum",
        audience=instructors,
        on_load=(RegradeState.load,),
    ),
    Route(
        path="/teach/quizzes/[assessment_id]",
        page=quiz_editor_page,
        title="Edit quiz · Lyceum",
        audience=instructors,
        on_load=(QuizEditorState.load, QuizSettingsState.load, QuizSectionsState.load),
    ),
    Route(
        path="/teach/quizzes/[assessment_id]/statistics",
        page=statistics_page,
        title="Statistics · Lyceum",
        audience=instructors,
        on_load=(StatisticsState.load,),
    ),
    Route(
        path="/teach/quizzes/[assessment_id]/statistics/[question_id]",
        page=question_statistics_page,
        title="Question statistics · Lyceum",
        audience=instructors,
        on_load=(QuestionStatisticsState.load,),
    ),
    Route(
        path="/teach/quizzes/[assessment_id]/exceptions",
        page=exceptions_page,
        title="Exceptions · Lyceum",
        audience=instructors,
        on_load=(ExceptionsState.load,),
    ),
    Route(
        path="/teach/quizzes/[assessment_id]/room",
        page=exam_page,
        title="Exam control room · Lyceum",
        audience=instructors,
        on_load=(ExamState.load,),
    ),
)


def add_pages(app: rx.App) -> None:
    """Puts every row on the map."""
    for route in ROUTES:
        for loader in route.on_load:
            handler = loader.handler if isinstance(loader, EventSpec) else loader
            assert isinstance(handler, EventHandler), f"{route.path}: on_load takes handlers of states."
            page_loads_by(format_event_handler(handler))
        app.add_page(route.page, route=route.path, title=route.title, on_load=[ViewerState.load, *route.on_load])
