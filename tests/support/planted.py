"""A course in which everything that somebody said, did or is called has a word of its own, so that it is recognised wherever it turns up; and who
may see each word."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from lms_app.adapters import clock, storage
from lms_app.crypto import blind_index, key_ring
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import goals, nudging, risk_decisions
from lms_app.domain.assessments import (
    accommodations,
    attempts,
    comment_bank,
    exam_room,
    overrides,
    question_bank,
    quiz_authoring,
    quiz_sections,
    rubrics,
)
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.calendar import feeds
from lms_app.domain.courses import authoring, availability_editing, importing, objectives, staff
from lms_app.domain.enrollments import address_invitations, enrollments, groups, invitation_links, runs, seats
from lms_app.domain.enrollments.runs import RunForm
from lms_app.domain.gradebook import gradebook, setup
from lms_app.domain.notifications import browsers, inbox, preferences
from lms_app.domain.people import registration
from lms_app.domain.reports import schedules
from lms_app.domain.talk import announcements, discussion
from lms_app.interchange import neutral
from lms_app.models import (
    AttemptFile,
    AuditEntry,
    CaughtMail,
    Certificate,
    DismissedFinding,
    Enrollment,
    ExportJob,
    GradeColumn,
    ImportJob,
    LearnerFigures,
    Login,
    Mark,
    NotificationDelivery,
    Person,
    Post,
    QuestionDraft,
    Registration,
    Report,
    Run,
    StoredFile,
    Thread,
)
from lms_app.words import (
    CompletionRule,
    DeliveryState,
    NodeKind,
    NotificationKind,
    QuestionType,
    ReportFormat,
    ReportKind,
    ReportRhythm,
    Role,
    StaffRole,
)
from tests.support.campus import Campus, neutral_course, quiz_block, text_block
from tests.support.marking import write_answer
from tests.support.people import SignedIn, sign_in
from tests.support.questions import stem, text_body
from tests.support.regrades import question_of

VIEWERS = ("ada", "ben", "eve", "vic", "ines", "root", "nobody")
"""Two students of one run; the instructor of another course; of the course's staff who only reads; its owner; an administrator; a visitor."""

ROLES = {
    "ada": (Role.STUDENT,),
    "ben": (Role.STUDENT,),
    "cyd": (Role.STUDENT,),
    "dan": (Role.STUDENT,),
    "eve": (Role.INSTRUCTOR,),
    "vic": (Role.INSTRUCTOR,),
    "ines": (Role.INSTRUCTOR,),
    "root": (Role.ADMIN,),
}
"""Cyd takes the course beside Ada and Ben and never says a word in it; Dan takes another run."""

LATER = {"match": "all", "conditions": [{"kind": "from", "at": "2199-03-03T09:00"}]}
STUDENTS, STAFF, CLASS = ("ada", "ben"), ("vic", "ines"), ("ada", "ben", "vic", "ines")


@dataclass
class Planted:
    """Who there is, where things are, and each word with those of `VIEWERS` who may see it."""

    people: Mapping[str, SignedIn] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """Of what is Cyd's, Dan's or the staff's alone, by the names of the handlers' and routes' arguments."""
    of_class: tuple[dict[str, str], ...] = ()
    """What stands instead in the addresses of what Ada and Ben may open, and of what was taken away there."""
    ids_of: dict[str, UUID] = field(default_factory=dict)
    """For what is still to happen."""

    @property
    def places(self) -> tuple[dict[str, str], ...]:
        """Ids for addresses: of what is others', then of the class's."""
        return (self.ids, *(self.ids | each for each in self.of_class))

    @property
    def of_others(self) -> set[str]:
        """Ids of what nobody but Cyd, Dan and the staff has to do with."""
        return {
            self.ids[name]
            for name in ("person_id", "enrollment_id", "attempt_id", "thread_id", "announcement_id", "login_id", "file_id", "comment_id")
        }

    def word(self, what: str, *who: str) -> str:
        """A new word that these may see, and nobody else."""
        word = f"zq{what}zz"
        assert word not in self.words, f"there is a {what} already"
        self.words[word] = frozenset(who)
        return word

    def actor(self, who: str) -> Actor:
        """Who acts."""
        return self.people[who].actor


def plant(slug: str) -> Planted:
    """Puts one of everything there, committed."""
    planted = Planted()
    seen_by = {"ada": CLASS, "ben": CLASS, "cyd": STAFF, "dan": STAFF, "eve": ("eve",), "vic": STAFF, "ines": VIEWERS, "root": ("root",)}
    planted.people = {who: sign_in(*roles, name=f"{planted.word(f'name{who}', *seen_by[who])} Person") for who, roles in ROLES.items()}
    with transaction() as session:
        for who in ROLES:
            _introduce(session, planted, who)
        course = importing.store_course(session, planted.actor("ines"), _course(planted, slug), store=lambda data, *, key: "nowhere")
        authoring.publish_course(session, planted.actor("ines"), course.id)
        campus = Campus(session=session, instructor=planted.actor("ines"), student=planted.actor("ada"), course=course)
        _furnish(session, planted, campus)
    return planted


def _introduce(session: Session, planted: Planted, who: str) -> None:
    """What an account holds beside its name."""
    signed_in = planted.people[who]
    person = session.get_one(Person, signed_in.actor.person_id)
    address = f"{planted.word(f'mail{who}', who)}@example.org"
    person.email, person.email_index = address, blind_index("email", address)
    person.bio = planted.word(f"bio{who}", who)
    session.add(person)
    login = session.get_one(Login, signed_in.login_id)
    login.browser = f"{planted.word(f'browser{who}', who)}/1.0"
    session.add(login)
    if Role.STUDENT in ROLES[who]:
        address = feeds.make(session, signed_in.actor).address
        planted.words[address.rpartition("/")[2].removesuffix(".ics")] = frozenset()


def _course(planted: Planted, slug: str) -> neutral.Course:
    source = neutral_course(slug)
    hidden = dict.fromkeys(("marks", "correctness", "feedback", "solution"), False)
    review = {"during": hidden, "after": hidden, "closed": hidden}
    essay = neutral.Question(ref="essay", type=QuestionType.ESSAY, title="Essay", points="4", body={"stem": stem(planted.word("stem", *CLASS))})
    keyed = neutral.Question(ref="keyed", type=QuestionType.SHORT_TEXT, title="Keyed", body=text_body(planted.word("key", *STAFF)))
    written = neutral.Assessment(
        ref="written", title="Written", practice=False, questions=(essay, keyed), settings={"release": "manual", "review": review}
    )
    pages = (
        neutral.Page(ref="p7", title="Clay", blocks=(text_block(planted.word("pagetext", *CLASS)), quiz_block("written")), rule=CompletionRule.NONE),
        neutral.Page(ref="p8", title="Locked", blocks=(text_block(planted.word("locked", "ines")),)),
    )
    module = neutral.Module(ref="m2", title="More", lessons=(neutral.Lesson(ref="l7", title="Clay", pages=pages, graded=True, category="Essays"),))
    return neutral.Course(
        title=f"Course {slug}", summary="All sorts", slug=slug, language="en",
        modules=(*source.modules, module), assessments=(*source.assessments, written),
    )  # fmt: skip


def _furnish(session: Session, planted: Planted, campus: Campus) -> None:
    word, ines, course = planted.word, planted.actor("ines"), campus.course
    staff.add(session, ines, course.id, session.get_one(Person, planted.actor("vic").person_id).email or "", StaffRole.VIEWER)
    other_run = _runs(session, planted, campus)
    takes = {who: session.get_one(Enrollment, enrollments.enroll(session, planted.actor(who), course.slug)) for who in ("ada", "ben", "cyd")}
    locked = campus.page("Locked")
    availability_editing.set_availability(session, ines, course.id, NodeKind.PAGE, locked.id, LATER, seen=0)
    drafted = authoring.add_page(session, ines, campus.page("Sand").lesson_id, word("draftpage", "ines"))
    authoring.create_course(session, ines, title=word("draftcourse", "ines"))
    module = authoring.add_module(session, ines, course.id, word("draftmodule", "ines"))
    drafts = authoring.add_page(session, ines, authoring.add_lesson(session, ines, module.id, word("draftlesson", "ines")).id, "Drafts")
    quiz_authoring.add_quiz(session, ines, drafts.id, title=word("drafttest", "ines"), practice=False)
    objectives.add(session, ines, course.id, word("objective", *VIEWERS))
    threads = _talk(session, planted, campus, other_run)
    written = campus.quiz("Written")
    quiz_sections.add_section(session, ines, written.id, word("draftsection", "ines"))
    rubric = {"criteria": [{"title": word("criterion", *CLASS), "description": "", "levels": [], "most": "4"}]}
    rubrics.write(session, ines, question_of(campus, QuestionType.ESSAY, "Written").id, rubric, 0)
    tried = {who: _sit(session, planted, campus, who, takes[who]) for who in ("ada", "cyd")}
    column = setup.add_column(session, ines, course.id, word("column", *CLASS))
    for who in ("ada", "cyd"):
        reason = word(f"grade{who}", *((who,) if who in STUDENTS else ()), *STAFF)
        gradebook.set_grade(session, ines, course.id, takes[who].id, column, points="41", reason=reason)
    group = groups.add_group(session, ines, course.id, word("group", *STAFF))
    groups.add_member(session, ines, course.id, group, takes["cyd"].id)
    accommodations.set_accommodation(session, planted.actor("root"), planted.actor("cyd").person_id, time_factor=Decimal(2), note=word("need"))
    exception = overrides.set_override(session, ines, written.id, Override(attempts_allowed=5), enrollment_id=takes["cyd"].id)
    for who, hours in (("ada", "38.27"), ("cyd", "37.13")):
        goals.set_goal(session, planted.actor(who), course.id, hours=hours)
        planted.words[goals.kept_goals(session, planted.actor(who))[0].words] = frozenset({who} & set(STUDENTS))
    _at_risk(session, planted, campus, takes["cyd"])
    kept = _leftovers(session, planted, campus, takes["cyd"], tried["cyd"])
    planted.ids |= {
        "course_id": str(course.id),
        "course": str(course.id),
        "slug": course.slug,
        "run_id": str(other_run.id),
        "page_id": str(locked.id),
        "enrollment_id": str(takes["cyd"].id),
        "subject": str(takes["cyd"].id),
        "person_id": str(planted.actor("cyd").person_id),
        "group_id": str(group),
        "column_id": str(column),
        "override_id": str(exception),
        "exception_id": str(exception),
        "assessment_id": str(written.id),
        "quiz": str(written.id),
        "quiz_id": str(written.id),
        "attempt_id": str(tried["cyd"]),
        "node_id": str(drafted.id),
        "parent_id": str(drafted.lesson_id),
        "revision_id": str(drafted.draft_revision_id),
        "id": str(column),
        "kind": "page",
        "due_at": "",
        "stem": "Is it?",
        "answer": "true",
        "file": kept["file_id"],
        "format": "csv",
        **kept,
    }
    keyed = question_of(campus, QuestionType.SHORT_TEXT, "Written").id
    planted.of_class = tuple(
        {"page_id": str(campus.page(page).id), "assessment_id": str(campus.quiz(quiz).id), "quiz_id": str(campus.quiz(quiz).id)} | more
        for page, quiz, more in (
            ("Stones", "Written", {"thread_id": str(threads["thread"]), "post_id": str(threads["removed post"]), "attempt_id": str(tried["ada"])}),
            ("Clay", "Final quiz", {"question_id": str(keyed), "thread_id": str(threads["removed thread"]), "enrollment_id": str(takes["ada"].id)}),
        )
    )
    planted.ids_of |= {who: each.id for who, each in takes.items()} | threads | {"course": course.id, "column": column, "other run": other_run.id}


def _runs(session: Session, planted: Planted, campus: Campus) -> Run:
    """Dan takes the first run; all others take the one that is chosen after it."""
    ines, course_id = planted.actor("ines"), campus.course.id
    enrollments.enroll(session, planted.actor("dan"), campus.course.slug)
    first = session.exec(select(Run).where(Run.course_id == course_id)).one()
    first.title = planted.word("otherrun", *STAFF)
    session.add(first)
    runs.choose_run(session, ines, course_id, runs.create_run(session, ines, course_id, title="Now"))
    runs.set_up(session, ines, course_id, RunForm(time_zone="UTC"))
    return first


def _talk(session: Session, planted: Planted, campus: Campus, other_run: Run) -> dict[str, UUID]:
    word, ines, ben, page = planted.word, planted.actor("ines"), planted.actor("ben"), campus.page("Stones").id
    thread = discussion.ask(session, ben, page, word("title", *CLASS), word("post", *CLASS))
    removed = discussion.reply(session, ben, thread, word("removed", "ines"))
    discussion.report(session, planted.actor("ada"), removed, word("report"))
    reported = discussion.reply(session, ben, thread, word("reported", *CLASS))
    discussion.report(session, planted.actor("ada"), reported, word("openreport", "ines"))
    discussion.remove(session, ines, removed, word("removalreason", "ben", "ines"))
    withdrawn = discussion.ask(session, ben, page, word("gonetitle", "ines"), word("gonepost", "ines"))
    first = discussion.reply(session, ines, withdrawn, word("gonereply", "ines"))
    discussion.remove(session, ines, first, "A slip")
    discussion.remove(session, ines, _first_post(session, withdrawn), word("gonereason", "ben", "ines"))
    elsewhere = discussion.ask(session, planted.actor("dan"), page, word("othertitle", *STAFF), word("otherpost", *STAFF))
    answer = discussion.reply(session, ines, elsewhere, word("otheranswer", *STAFF))
    assert session.get_one(Thread, elsewhere).run_id == other_run.id
    announcements.write(session, ines, campus.course.id, word("announced", *CLASS), word("announcedtext", *CLASS))
    apart = announcements.write(session, ines, campus.course.id, word("otherannounced", *STAFF), word("otherannouncedtext", *STAFF), other_run.id)
    taken_back = announcements.write(session, ines, campus.course.id, word("unannounced"), word("unannouncedtext"))
    announcements.remove(session, ines, taken_back)
    planted.ids |= {"thread_id": str(elsewhere), "post_id": str(answer), "announcement_id": str(apart)}
    return {"thread": thread, "removed post": removed, "removed thread": withdrawn, "thread of others": elsewhere}


def _first_post(session: Session, thread_id: UUID) -> UUID:
    return session.exec(select(Post.id).where(Post.thread_id == thread_id).order_by(col(Post.id)).limit(1)).one()


def _sit(session: Session, planted: Planted, campus: Campus, who: str, enrollment: Enrollment) -> UUID:
    """An attempt handed in, marked and not released; another with an answer saved."""
    word, actor, mine = planted.word, planted.actor(who), ((who,) if who in STUDENTS else ())
    sheet = attempts.start(session, actor, campus.quiz("Written").id)
    ids = {QuestionType(each.type): UUID(each.id) for each in sheet.questions}
    attempt_id = UUID(sheet.id)
    write_answer(session, actor, attempt_id, ids[QuestionType.ESSAY], QuestionType.ESSAY, {"text": word(f"essay{who}", *mine, "ines")})
    typed = {"text": word(f"typed{who}", *mine)}
    write_answer(session, actor, attempt_id, ids[QuestionType.SHORT_TEXT], QuestionType.SHORT_TEXT, typed)
    attempts.submit(session, actor, attempt_id)
    mark = Mark(
        attempt_id=attempt_id, question_id=ids[QuestionType.ESSAY], assessment_id=campus.quiz("Written").id, person_id=actor.person_id,
        marker_id=planted.actor("ines").person_id, number=1, fraction=Decimal("0.5"), score=Decimal(2), filled=[], at=clock.now(),
    )  # fmt: skip
    session.add(mark)
    mark.comment = word(f"comment{who}", "ines")
    planted.ids_of[f"mark of {who}"] = mark.id
    running = attempts.start(session, actor, campus.quiz("Final quiz").id)
    question = next(UUID(each.id) for each in running.questions if each.type == QuestionType.SHORT_TEXT)
    write_answer(session, actor, UUID(running.id), question, QuestionType.SHORT_TEXT, {"text": word(f"saved{who}", *mine)})
    exam_room.tell(session, planted.actor("ines"), campus.quiz("Final quiz").id, word(f"told{who}", *mine), [UUID(running.id)])
    if who == "cyd":
        planted.ids |= {"mark_id": str(mark.id), "question_id": str(ids[QuestionType.ESSAY])}
    return attempt_id


def _at_risk(session: Session, planted: Planted, campus: Campus, enrollment: Enrollment) -> None:
    """Somebody who was flagged, written to, and dismissed."""
    word, ines = planted.word, planted.actor("ines")
    enrollment.enrolled_at = clock.now() - timedelta(days=40)
    session.add(enrollment)
    away = clock.now() - timedelta(days=30)
    session.add(LearnerFigures(run_id=enrollment.run_id, person_id=enrollment.person_id, last_active_at=away, items_started=1))
    session.flush()
    nudging.send(session, ines, campus.course.id, [enrollment.id], word("nudgecyd"))
    risk_decisions.dismiss(session, ines, campus.course.id, enrollment.id, word("dismissed", *STAFF))


def _leftovers(session: Session, planted: Planted, campus: Campus, enrollment: Enrollment, attempt_id: UUID) -> dict[str, str]:
    """Files, certificates, links, drafts, and what waits to be sent."""
    word, ines, cyd, course, now = planted.word, planted.actor("ines"), planted.actor("cyd"), campus.course, clock.now()
    certificates = [
        Certificate(
            enrollment_id=enrollment.id, run_id=enrollment.run_id, course_id=course.id, person_id=cyd.person_id, code=uuid4().hex[:26],
            course_title=word("certified"), completed_at=now, issued_at=now,
        )
    ]  # fmt: skip
    session.add_all(certificates)
    certificates[0].name = word("certificatename")
    planted.words[certificates[0].code] = frozenset(STAFF)
    essay = question_of(campus, QuestionType.ESSAY, "Written")
    handed_in = _file(session, cyd.person_id, word("handedin"), word("handedinbytes"))
    exported = _file(session, ines.person_id, word("export", "ines"), word("exportbytes", "ines"))
    job = ImportJob(person_id=ines.person_id, file_id=uuid4(), filename=f"{word('import', 'ines')}.tar.gz", course_id=course.id, created_at=now)
    export = ExportJob(person_id=ines.person_id, course_id=course.id, format="lyceum", status="done", file_id=exported.id, created_at=now)
    told = _file(session, ines.person_id, word("reportfile", *STAFF), word("reportbytes", *STAFF))
    run = session.get_one(Run, enrollment.run_id)
    report = Report(
        course_id=course.id, run_id=run.id, person_id=ines.person_id, kind=ReportKind.STUDENTS, format=ReportFormat.CSV, status="done",
        file_id=told.id, created_at=now,
    )  # fmt: skip
    wish = schedules.Wish(kind=ReportKind.STUDENTS, format=ReportFormat.CSV, rhythm=ReportRhythm.WEEKLY, recipients=[ines.person_id])
    schedule = schedules.create(session, ines, course.id, wish)
    session.add_all([job, export, report])
    session.flush()
    session.add(AttemptFile(attempt_id=attempt_id, question_id=essay.id, file_id=handed_in.id))
    draft = {"stem": stem(word("questiondraft", "ines")), "title": "Essay"}
    session.add(QuestionDraft(question_id=essay.id, version=uuid4(), base=1, form=draft, saved_at=now, saved_by=ines.person_id))
    address_invitations.invite(
        session, ines, run, [address_invitations.Invitee(email=f"{word('invitedmail', 'ines')}@example.org", name=word("invitedname", "ines"))]
    )
    link = invitation_links.make(session, ines, course.id, label=word("link", "ines"))
    planted.words[link.address.rpartition("/")[2]] = frozenset()
    registration.request(session, name=word("registering"), email=f"{word('registeringmail')}@example.org")
    key_ring.create_once(session)
    mail = CaughtMail(recipient_index=blind_index("email", "x@example.org"), created_at=now)
    session.add(mail)
    mail.recipient, mail.subject, mail.text = word("caughtto"), word("caughtsubject"), word("caughttext")
    inbox.deliver(session, cyd.person_id, NotificationKind.COURSE_COMPLETED, unique_key=f"done:{enrollment.id}", course=str(course.id))
    delivery = session.exec(select(NotificationDelivery).where(NotificationDelivery.person_id == cyd.person_id)).first()
    assert delivery is not None
    delivery.state, delivery.ended_at, delivery.last_error = DeliveryState.FAILED, now, word("deliveryerror", "root")
    session.add(delivery)
    preferences.mute(session, cyd, course.id, True)
    browsers.add(session, cyd, address=f"https://{word('push')}.example.org/one", key=_base64url(65), auth=_base64url(16))
    session.add(
        DismissedFinding(
            course_id=course.id, finding_id=uuid4(), version="1", reason=word("findingreason"), person_id=ines.person_id, at=now,
        )
    )  # fmt: skip
    entry = AuditEntry(person_id=cyd.person_id, action="login", at=now)
    session.add(entry)
    entry.network = word("network")
    category = question_bank.add_category(session, ines, course.id, word("category", "ines"))
    column = session.exec(select(GradeColumn).where(GradeColumn.run_id == run.id)).first()
    assert column is not None
    known = session.exec(select(Registration.id)).first()
    waiter = registration.create_person(session, name=word("waiter", *STAFF), email=f"{word('waitermail')}@example.org", password_hash=None)
    return {
        "file_id": str(handed_in.id),
        "import_id": str(job.id),
        "export_id": str(export.id),
        "report_id": str(report.id),
        "schedule_id": str(schedule),
        "code": "nothing",
        "certificate": certificates[0].code,
        "token": "nothing",
        "category": str(category),
        "category_id": str(setup.add_category(session, ines, course.id, word("weight", *CLASS))),
        "link_id": str(link.id),
        "comment_id": str(comment_bank.keep(session, ines, course.id, word("keptcomment", "ines")).id),
        "delivery_id": str(delivery.id),
        "mail_id": str(mail.id),
        "login_id": str(planted.people["cyd"].login_id),
        "notification_id": str(delivery.notification_id),
        "entry_id": str(seats.queue(session, run, waiter.id).id),
        "pool_id": str(uuid4()),
        "regrade_id": str(uuid4()),
        "claim_id": str(uuid4()),
        "finding_id": str(uuid4()),
        "objective_id": str(uuid4()),
        "module_id": str(uuid4()),
        "invitation_id": str(known),
        "required_id": str(course.id),
    }


def _base64url(length: int) -> str:
    return urlsafe_b64encode(bytes(length)).decode().rstrip("=")


def _file(session: Session, owner: UUID, name: str, words: str) -> StoredFile:
    """A file of a person's, with words in it."""
    file = StoredFile(
        key_owner=owner, person_id=owner, purpose="answer", filename=f"{name}.txt", media_type="text/plain", size=len(words), created_at=clock.now(),
        storage_key=storage.put(words.encode(), key=key_ring.key(session, owner)),
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file
