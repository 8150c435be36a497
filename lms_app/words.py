"""The words of Lyceum: enums that every layer may import. One word per thing, everywhere."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do. An account may have several."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"
    ADMIN = "admin"


class Status(StrEnum):
    """Where a node stands in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class StaffRole(StrEnum):
    """What a membership lets a person do in one course."""

    OWNER = "owner"
    EDITOR = "editor"
    GRADER = "grader"
    VIEWER = "viewer"


class Pace(StrEnum):
    """How a run moves: each at their own speed, or by dates."""

    SELF = "self"
    DATED = "dated"


class EnrollmentStatus(StrEnum):
    """Whether somebody takes a run now."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class EnrollmentPolicy(StrEnum):
    """Who may enrol in a run by themselves: everybody, who has its code, or only who was invited."""

    OPEN = "open"
    CODE = "code"
    INVITATION = "invitation"


class CompletionRule(StrEnum):
    """What completes a page or a quiz. Each has a sentence for the student in `progress_rules`."""

    READ = "read"
    MANUAL = "manual"
    SUBMITTED = "submitted"
    PASSED = "passed"
    NONE = "none"


class NodeKind(StrEnum):
    """What a completion or an event is about."""

    COURSE = "course"
    MODULE = "module"
    LESSON = "lesson"
    PAGE = "page"
    ASSESSMENT = "assessment"
    QUESTION = "question"
    CERTIFICATE = "certificate"


class QuestionType(StrEnum):
    """Kinds of question. Each is one module in `domain/assessments/types`."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    TRUE_FALSE = "true_false"
    SHORT_TEXT = "short_text"
    NUMERIC = "numeric"
    CALCULATED = "calculated"
    MATCHING = "matching"
    ORDERING = "ordering"
    CLOZE = "cloze"
    DROPDOWN = "dropdown"
    HOTSPOT = "hotspot"
    ESSAY = "essay"
    FILE_UPLOAD = "file_upload"
    DESCRIPTION = "description"


class Difficulty(StrEnum):
    """How hard an author holds a question to be."""

    UNSAID = ""
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Negative(StrEnum):
    """What answers that cost may take: nothing, no more than the attempt has earned so far, or more than that."""

    NONE = "none"
    QUESTION = "question"
    TOTAL = "total"


class Behaviour(StrEnum):
    """How a quiz treats answers: all told at the end, each told once it is checked, tried again with hints, weighed by certainty, marked by hand."""

    DEFERRED = "deferred"
    IMMEDIATE = "immediate"
    INTERACTIVE = "interactive"
    CERTAINTY = "certainty"
    MANUAL = "manual"


class Counting(StrEnum):
    """Which of several attempts counts."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    MEAN = "mean"


class OnExpiry(StrEnum):
    """What becomes of an attempt whose time runs out: submitted as it is, to be submitted by hand within a grace, or discarded."""

    SUBMIT = "submit"
    GRACE = "grace"
    DISCARD = "discard"


class Navigation(StrEnum):
    """How one moves through a quiz: freely, or page by page without a way back."""

    FREE = "free"
    ONE_WAY = "one_way"


class Release(StrEnum):
    """When marks reach the student: as soon as they are made, or when the staff says so."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class Aggregation(StrEnum):
    """How the columns of a gradebook make a total: categories by their weights, all by their points, or each the same."""

    WEIGHTED = "weighted"
    POINTS = "points"
    EQUAL = "equal"


class GradeScale(StrEnum):
    """What a total is told in."""

    PERCENT = "percent"
    POINTS = "points"
    LETTERS = "letters"
    PASS_FAIL = "pass_fail"  # noqa: S105 - a scale of marks


class Missing(StrEnum):
    """What a grade that is not there counts."""

    LEFT_OUT = "left_out"
    ZERO = "zero"


class GradeState(StrEnum):
    """Where one grade comes from."""

    NONE = "none"
    EARNED = "earned"
    GIVEN = "given"
    """Set by hand, where there is no quiz or nobody took it."""
    REPLACED = "replaced"
    """Set by hand in the place of a quiz's score."""
    EXCUSED = "excused"
    PENDING = "pending"
    MISSING = "missing"


class GradeAct(StrEnum):
    """What somebody did to a grade."""

    SET = "set"
    RESET = "reset"
    EXCUSED = "excused"
    INCLUDED = "included"
    IMPORTED = "imported"


class AttemptStatus(StrEnum):
    """Where one sitting stands. HANDED_IN: submitted, and not graded yet."""

    OPEN = "open"
    HANDED_IN = "handed_in"
    SUBMITTED = "submitted"
    EXPIRED = "expired"
    DISCARDED = "discarded"


class Outcome(StrEnum):
    """How one answer did."""

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    BLANK = "blank"
    PENDING = "pending"
    """It waits for a marker."""


class Verb(StrEnum):
    """The closed list of what a learning event can say."""

    ENROLLED = "enrolled"
    WITHDREW = "withdrew"
    VIEWED = "viewed"
    PROGRESSED = "progressed"
    """Was at a page or quiz for some seconds, or saw more of a film."""
    PAUSED = "paused"
    """Stopped a film."""
    COMPLETED = "completed"
    STARTED = "started"
    ANSWERED = "answered"
    """Gave an answer that was in an attempt when it was submitted."""
    SUBMITTED = "submitted"
    GRADED = "graded"
    """Marks of a submitted attempt were settled or moved, by a marker or a regrade. The person did nothing."""
    EARNED = "earned"
    REPLIED = "replied"
    """Wrote in the discussion of a page."""
    UNCOMPLETED = "uncompleted"
    """A correction of marks took back that a course was completed. The person did nothing."""


class NotificationKind(StrEnum):
    """What a notification tells. The sentence is made on reading."""

    CERTIFICATE_ISSUED = "certificate_issued"
    CERTIFICATE_WITHDRAWN = "certificate_withdrawn"
    """Grades that were set by hand no longer reach what a certificate asks for."""
    COURSE_COMPLETED = "course_completed"
    ENROLLED = "enrolled"
    QUIZ_GRADED = "quiz_graded"
    REGRADED = "regraded"
    """A question was corrected, and somebody's marks moved."""
    REGRADE_FINISHED = "regrade_finished"
    """For the staff: marks of a question were corrected, or put back."""
    SEAT_FREED = "seat_freed"
    """Somebody on a waiting list is enrolled now."""
    ADDED = "added"
    """The staff enrolled somebody."""
    ADDED_WAITING = "added_waiting"
    """The staff put somebody on the waiting list."""
    TAKEN_OUT = "taken_out"
    """The staff ended somebody's enrolment."""
    JOINED_STAFF = "joined_staff"
    """Somebody may now work on a course."""
    IMPORT_FINISHED = "import_finished"
    IMPORT_FAILED = "import_failed"
    FIGURES_DRIFTED = "figures_drifted"
    """For administrators: a run's figures differ from what its events say."""
    ANNOUNCEMENT = "announcement"
    """The staff of a course has something to say to all who take it."""
    QUESTION_ASKED = "question_asked"
    """For the staff: a student began a thread about a page."""
    REPLY = "reply"
    """Somebody wrote in a thread that one follows."""
    MENTION = "mention"
    ANSWER_ACCEPTED = "answer_accepted"
    POST_REPORTED = "post_reported"
    """For the staff: somebody holds a post to be out of place."""
    POST_REMOVED = "post_removed"
    """The staff took away what somebody wrote."""
    OPENED = "opened"
    """A page, lesson, module or quiz that was closed may be begun."""
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    """A receipt for what was handed in."""
    FEEDBACK = "feedback"
    """A marker has written a comment."""
    NUDGE = "nudge"
    """The staff asks somebody to come back."""
    NEW_ENROLMENTS = "new_enrolments"
    """For the staff, one a day and course: people have enrolled."""
    TO_MARK = "to_mark"
    """For markers, one a day and quiz: submissions wait."""
    INACTIVE_STUDENTS = "inactive_students"
    """For the staff, one a week and course: students who have not come."""
    REPORT_READY = "report_ready"
    """For the staff: a report about a course is made."""
    REPORT_FAILED = "report_failed"
    MAIL_PAUSED = "mail_paused"
    """An address has refused mail again and again, and gets none any more. It stands in the inbox, whatever its person chose."""


class NotificationGroup(StrEnum):
    """What a person says yes or no to: kinds that are one thing to them. `domain/notifications/kind_rules.py` has the kinds and the words."""

    RECEIPTS = "receipts"
    PLACES = "places"
    MATERIAL = "material"
    DUE = "due"
    GRADES = "grades"
    FEEDBACK = "feedback"
    CERTIFICATES = "certificates"
    ANNOUNCEMENTS = "announcements"
    DISCUSSION = "discussion"
    NUDGES = "nudges"
    ARRIVALS = "arrivals"
    MARKING = "marking"
    QUESTIONS = "questions"
    INACTIVE = "inactive"
    REPORTS = "reports"
    AUTHORING = "authoring"


class MailTiming(StrEnum):
    """When a kind of notification comes by mail."""

    OFF = "off"
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class DeliveryChannel(StrEnum):
    """A way by which a notification leaves the app: in a mail of its own, in a digest, to a browser that is closed."""

    MAIL = "mail"
    DAILY = "daily"
    WEEKLY = "weekly"
    PUSH = "push"


class DeliveryState(StrEnum):
    """Where a delivery stands. BOUNCED: the mail server refused the address for good. DROPPED: it was not wanted any more, or too late."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    DROPPED = "dropped"


class Hint(StrEnum):
    """What a Redis hint says has moved. A hint carries ids and a version, never content."""

    INBOX = "inbox"
    PROGRESS = "progress"
    ANALYTICS = "analytics"
    LOGIN = "login"
    IMPORT = "import"
    EXPORT = "export"
    """Id: a course that is written into a file."""
    GRADES = "grades"
    """Id: a run, for its staff; a person, for whoever was graded."""
    ATTEMPT = "attempt"
    """Id: a person, one of whose attempts somebody else has touched."""
    EXAM = "exam"
    REGRADE = "regrade"
    """Id: a question whose marks are being corrected."""
    NAME = "name"
    """Id: a person who has another name."""
    OUTLINE = "outline"
    """Id: a course, something of which is not as its authors last saw it."""
    HEALTH = "health"
    """Id: a course that was looked through for what is to mend."""
    AVAILABILITY = "availability"
    """Id: a course, a part of which opens by another rule."""
    SEATS = "seats"
    """Id: a course, the seats, the waiting list or the way into which have moved."""
    DISCUSSION = "discussion"
    """Id: a page, or its course, for the staff: somebody wrote, or took something back."""
    ANNOUNCEMENTS = "announcements"
    """Id: a course."""
    GOALS = "goals"
    """Id: a person who has another goal, or other wishes of what their home shows."""
    LEARNT = "learnt"
    """Id: a person, whose time and days the fold has moved."""
    REPORTS = "reports"
    """Id: a course, a report or schedule of which has moved."""


class Severity(StrEnum):
    """How grave it is what a check of a course has found: students are stopped or misled, some are left out, it could be better."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class RegradeStatus(StrEnum):
    """Where a correction of marks stands."""

    RUNNING = "running"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"


class JobQueue(StrEnum):
    """The queues of the worker."""

    CERTIFICATES = "certificates"
    NOTIFICATIONS = "notifications"
    ANALYTICS = "analytics"
    DEFAULT = "default"


class InstructorPolicy(StrEnum):
    """Who may become an instructor."""

    OPEN = "open"
    APPROVED = "approved"
    INVITED = "invited"


class LinkPurpose(StrEnum):
    """What a single-use mailed link is for."""

    CONFIRM = "confirm"
    RESET = "reset"


class ImportStatus(StrEnum):
    """Where an import stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ReportKind(StrEnum):
    """What a report for the staff of a course is about."""

    OVERVIEW = "overview"
    STUDENTS = "students"
    GRADEBOOK = "gradebook"
    QUESTIONS = "questions"
    ACTIVITY = "activity"


class ReportFormat(StrEnum):
    """What file a report is."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


class ReportRhythm(StrEnum):
    """How often a report is made by itself."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class ReportDays(StrEnum):
    """The days that a scheduled report is about: all, or those before it is made."""

    ALL = "all"
    WEEK = "week"
    MONTH = "month"
