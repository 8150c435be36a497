"""Every table of Lyceum, one file per aggregate: the schema at a glance.

Importing this package registers all tables with `SQLModel.metadata`.
"""

from lms_app.models.assessments import (
    Answer,
    AnswerTry,
    Assessment,
    AssessmentOverride,
    AssessmentRevision,
    AssessmentSection,
    Attempt,
    AttemptMessage,
    Question,
    QuestionCategory,
    QuestionDraft,
    QuestionRevision,
    QuestionScore,
    SectionPool,
    SectionQuestion,
)
from lms_app.models.certificates import Certificate
from lms_app.models.courses import (
    Course,
    FormerSlug,
    ImportJob,
    Lesson,
    Membership,
    Module,
    NodeAvailability,
    Objective,
    Page,
    PageRevision,
    Run,
)
from lms_app.models.enrollments import Completion, CompletionWithdrawal, Enrollment, Group, GroupMember, PageView, Progress
from lms_app.models.events import ActiveDay, FoldCursor, ItemPerson, LearningEvent, RunDay, RunFigures, RunItem, RunScores
from lms_app.models.files import StoredFile
from lms_app.models.gradebook import Grade, Gradebook, GradeCategory, GradeChange, GradeColumn
from lms_app.models.health import CourseCheck, CourseFinding, DismissedFinding, NodeReference
from lms_app.models.marking import AttemptFile, BankComment, Mark, MarkingClaim, Rubric
from lms_app.models.notifications import CaughtMail, Notification, OutboxMessage
from lms_app.models.people import Accommodation, AuditEntry, Login, MailedLink, Person, PersonKey, RefreshToken, Registration, Throttle
from lms_app.models.regrades import Regrade, RegradeMove
from lms_app.models.statistics import CountedAttempt, RunChoiceSums, RunQuestionSums, RunQuizSums

__all__ = [
    "Accommodation", "ActiveDay", "Answer", "AnswerTry", "Assessment", "AssessmentOverride", "AssessmentRevision", "AssessmentSection",
    "Attempt", "AttemptFile", "AttemptMessage", "AuditEntry", "BankComment", "CaughtMail", "Certificate", "Completion",
    "CompletionWithdrawal", "CountedAttempt", "Course", "CourseCheck", "CourseFinding", "DismissedFinding", "Enrollment", "FoldCursor",
    "FormerSlug", "Grade", "GradeCategory", "GradeChange", "GradeColumn", "Gradebook", "Group", "GroupMember", "ImportJob", "ItemPerson",
    "LearningEvent", "Lesson", "Login", "MailedLink", "Mark", "MarkingClaim", "Membership", "Module", "NodeAvailability",
    "NodeReference", "Notification",
    "Objective", "OutboxMessage", "Page", "PageRevision", "PageView", "Person", "PersonKey", "Progress", "Question", "QuestionCategory",
    "QuestionDraft", "QuestionRevision", "QuestionScore", "RefreshToken", "Registration", "Regrade", "RegradeMove", "Rubric", "Run", "RunChoiceSums",
    "RunDay", "RunFigures", "RunItem", "RunQuestionSums", "RunQuizSums", "RunScores", "SectionPool", "SectionQuestion", "StoredFile",
    "Throttle",
]  # fmt: skip
