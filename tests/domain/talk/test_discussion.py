"""The discussion under a page: who may read and write, who is told, what is put right and taken away."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import enrollments, runs
from lms_app.domain.people import erasing
from lms_app.domain.talk import discussion, queries
from lms_app.domain.talk.queries import GONE, Shown
from lms_app.domain.talk.rooms import AT_ONCE
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound, TooMany
from lms_app.models import LearningEvent, Membership, Notification, Post, Run, Thread
from lms_app.words import NotificationKind, StaffRole, Verb
from tests.support.campus import Campus, new_actor, new_campus


@dataclass
class Class:
    """A campus with two students, and the page that they talk about."""

    campus: Campus
    asker: Actor
    other: Actor
    page_id: UUID

    def ask(self, session: Session, text: str = "Why is sand young?", actor: Actor | None = None) -> UUID:
        return discussion.ask(session, actor or self.asker, self.page_id, "Sand", text)


@pytest.fixture
def klass(session: Session, redis_url: str) -> Class:
    campus = new_campus(session)
    asker, other = campus.student, campus.person("Grace Hopper")
    campus.enroll(asker)
    campus.enroll(other)
    return Class(campus, asker, other, campus.page("Sand").id)


def told(session: Session, actor: Actor) -> list[NotificationKind]:
    rows = session.exec(select(Notification.kind).where(Notification.person_id == actor.person_id).order_by(col(Notification.id))).all()
    return [NotificationKind(kind) for kind in rows if kind != NotificationKind.ENROLLED]


def staff(session: Session, klass: Class, role: StaffRole) -> Actor:
    actor = new_actor(session, f"The {role}", teaches=True)
    session.add(Membership(course_id=klass.campus.course.id, person_id=actor.person_id, role=role, created_at=clock.now()))
    session.flush()
    return actor


def test_a_question_is_read_by_all_of_the_run_and_waits_for_the_staff_who_are_told(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session, "Why is **sand** young?")
    [line] = queries.page_discussion(session, klass.other, klass.page_id).threads
    assert (line.id, line.title, line.author, line.replies, line.waits) == (str(thread_id), "Sand", "Ada Learner", 0, True)
    [post] = queries.thread_view(session, klass.other, thread_id).posts
    assert (post.html, post.own, post.text) == ("<p>Why is <strong>sand</strong> young?</p>", False, "")
    assert told(session, klass.campus.instructor) == [NotificationKind.QUESTION_ASKED]
    assert [one.id for one in queries.course_discussion(session, klass.campus.instructor, klass.campus.course.id).threads] == [str(thread_id)]
    assert queries.waiting(session, klass.campus.course.id) == 1
    replied = session.exec(select(LearningEvent.object_id).where(LearningEvent.verb == Verb.REPLIED)).all()
    assert replied == [klass.page_id]


def test_replies_are_told_to_who_follows_once_and_an_answer_of_the_staff_ends_the_waiting(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session)
    discussion.reply(session, klass.other, thread_id, "I wonder too.")
    discussion.reply(session, klass.campus.instructor, thread_id, "It was ground lately, @grace hopper.")
    assert told(session, klass.asker) == [NotificationKind.REPLY, NotificationKind.REPLY]
    assert told(session, klass.other) == [NotificationKind.MENTION]
    assert told(session, klass.campus.instructor) == [NotificationKind.QUESTION_ASKED]
    view = queries.thread_view(session, klass.asker, thread_id)
    assert [(post.author, post.staff) for post in view.posts] == [
        ("Ada Learner", False),
        ("Grace Hopper", False),
        ("Ines Teacher", True),
    ]
    assert "<strong>@grace hopper</strong>" in view.posts[2].html
    assert queries.waiting(session, klass.campus.course.id) == 0
    discussion.reply(session, klass.asker, thread_id, "And gravel?")
    assert queries.waiting(session, klass.campus.course.id) == 1


def test_who_does_not_want_to_hear_of_replies_does_not_even_after_writing_again(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session)
    discussion.follow(session, klass.asker, thread_id, False)
    discussion.reply(session, klass.asker, thread_id, "One thing more.")
    discussion.reply(session, klass.other, thread_id, "Yes.")
    assert told(session, klass.asker) == []
    assert not queries.thread_view(session, klass.asker, thread_id).follows
    discussion.follow(session, klass.asker, thread_id, True)
    discussion.reply(session, klass.other, thread_id, "And no.")
    assert told(session, klass.asker) == [NotificationKind.REPLY]


def test_whoever_asked_and_the_staff_say_which_reply_answers(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session)
    post_id = discussion.reply(session, klass.other, thread_id, "Because.")
    with pytest.raises(NotFound):
        discussion.accept(session, klass.other, thread_id, post_id)
    first = UUID(queries.thread_view(session, klass.asker, thread_id).posts[0].id)
    for nothing in (first, uuid4()):
        with pytest.raises(NotFound):
            discussion.accept(session, klass.asker, thread_id, nothing)
    discussion.accept(session, klass.asker, thread_id, post_id)
    assert [post.accepted for post in queries.thread_view(session, klass.other, thread_id).posts] == [False, True]
    assert queries.page_discussion(session, klass.asker, klass.page_id).threads[0].answered
    assert told(session, klass.other) == [NotificationKind.ANSWER_ACCEPTED]
    discussion.accept(session, klass.campus.instructor, thread_id, None)
    assert not queries.page_discussion(session, klass.asker, klass.page_id).threads[0].answered


def test_one_changes_what_one_wrote_oneself_and_new_mentions_are_told(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session)
    post_id = discussion.reply(session, klass.other, thread_id, "Becaus.")
    with pytest.raises(NotFound):
        discussion.edit(session, klass.asker, post_id, "No.")
    discussion.edit(session, klass.other, post_id, "Because, @Ada Learner.")
    discussion.edit(session, klass.other, post_id, "Because, @Ada Learner!")
    post = queries.thread_view(session, klass.other, thread_id).posts[1]
    assert (post.text, post.edited, post.own) == ("Because, @Ada Learner!", True, True)
    assert told(session, klass.asker) == [NotificationKind.REPLY, NotificationKind.MENTION]


def test_staff_remove_saying_why_and_put_back(klass: Class, session: Session) -> None:
    teacher = klass.campus.instructor
    thread_id = klass.ask(session)
    post_id = discussion.reply(session, klass.other, thread_id, "Rude words.")
    with pytest.raises(Invalid):
        discussion.remove(session, teacher, post_id, "  ")
    with pytest.raises(NotFound):
        discussion.remove(session, klass.asker, post_id, "I do not like it.")
    discussion.remove(session, teacher, post_id, "Please be kind.")
    seen, moderated = (queries.thread_view(session, actor, thread_id).posts[1] for actor in (klass.asker, teacher))
    assert (seen.html, seen.removed) == ("", "Removed by the staff.")
    assert (moderated.html, moderated.removed) == ("<p>Rude words.</p>", "Removed by the staff: Please be kind.")
    assert queries.page_discussion(session, klass.asker, klass.page_id).threads[0].replies == 0
    assert told(session, klass.other) == [NotificationKind.POST_REMOVED]
    with pytest.raises(NotFound):
        discussion.restore(session, klass.other, post_id)
    discussion.restore(session, teacher, post_id)
    assert queries.thread_view(session, klass.asker, thread_id).posts[1].html == "<p>Rude words.</p>"


def test_the_first_post_takes_its_thread_along_and_stays_where_others_have_replied(klass: Class, session: Session) -> None:
    alone, answered = klass.ask(session), klass.ask(session)
    discussion.reply(session, klass.other, answered, "Because.")
    first = {thread_id: UUID(queries.thread_view(session, klass.asker, thread_id).posts[0].id) for thread_id in (alone, answered)}
    discussion.remove(session, klass.asker, first[alone])
    with pytest.raises(Conflict):
        discussion.remove(session, klass.asker, first[answered])
    assert [line.id for line in queries.page_discussion(session, klass.other, klass.page_id).threads] == [str(answered)]
    with pytest.raises(NotFound):
        queries.thread_view(session, klass.other, alone)
    discussion.remove(session, klass.campus.instructor, first[answered], "Off the subject.")
    removed = queries.course_discussion(session, klass.campus.instructor, klass.campus.course.id, Shown.REMOVED)
    assert {line.id for line in removed.threads} == {str(alone), str(answered)}
    discussion.restore(session, klass.campus.instructor, first[answered])
    assert queries.page_discussion(session, klass.other, klass.page_id).total == 1


def test_whoever_took_their_own_question_away_finds_it_and_puts_it_back_and_nobody_else_sees_it_meanwhile(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session)
    first = UUID(queries.thread_view(session, klass.asker, thread_id).posts[0].id)
    discussion.remove(session, klass.asker, first)
    own = queries.thread_view(session, klass.asker, thread_id)
    assert (own.removed, own.posts[0].own, own.posts[0].removed, own.posts[0].html) == (True, True, "Removed by whoever wrote it.", "")
    assert [(line.id, line.removed) for line in queries.page_discussion(session, klass.asker, klass.page_id).threads] == [(str(thread_id), True)]
    assert queries.page_discussion(session, klass.other, klass.page_id).threads == []
    for act in (discussion.reply, discussion.edit):
        with pytest.raises(Conflict):
            act(session, klass.asker, thread_id if act is discussion.reply else first, "Still here?")
    with pytest.raises(NotFound):
        discussion.restore(session, klass.other, first)
    with pytest.raises(NotFound):
        discussion.restore(session, klass.campus.instructor, first)
    with clock.moved_by(timedelta(days=300)):
        discussion.restore(session, klass.asker, first)
    assert queries.page_discussion(session, klass.other, klass.page_id).total == 1
    assert queries.thread_view(session, klass.other, thread_id).posts[0].html == "<p>Why is sand young?</p>"


def test_a_question_that_the_staff_took_away_is_not_shown_to_whoever_asked_it_nor_put_back_by_them(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session)
    first = UUID(queries.thread_view(session, klass.asker, thread_id).posts[0].id)
    own_reply = discussion.reply(session, klass.asker, thread_id, "And I mean it.")
    discussion.remove(session, klass.asker, own_reply)
    discussion.remove(session, klass.campus.instructor, first, "Off the subject.")
    assert queries.page_discussion(session, klass.asker, klass.page_id).threads == []
    with pytest.raises(NotFound):
        queries.thread_view(session, klass.asker, thread_id)
    with pytest.raises(NotFound):
        discussion.restore(session, klass.asker, first)


def test_what_is_reported_is_told_to_the_staff_who_settle_it(klass: Class, session: Session) -> None:
    teacher, course_id = klass.campus.instructor, klass.campus.course.id
    thread_id = klass.ask(session)
    post_id = discussion.reply(session, klass.other, thread_id, "Rude words.")
    discussion.report(session, klass.asker, post_id, "It is rude.")
    discussion.report(session, klass.asker, post_id, "It is still rude.")
    with pytest.raises(NotFound):
        discussion.report(session, klass.other, post_id, "Mine.")
    assert told(session, teacher).count(NotificationKind.POST_REPORTED) == 1
    [line] = queries.course_discussion(session, teacher, course_id, Shown.REPORTED).threads
    assert line.reports == 1
    assert queries.thread_view(session, teacher, thread_id).posts[1].reports == ["It is rude."]
    assert queries.thread_view(session, klass.other, thread_id).posts[1].reports == []
    with pytest.raises(NotFound):
        discussion.dismiss_reports(session, klass.asker, post_id)
    discussion.dismiss_reports(session, teacher, post_id)
    assert queries.course_discussion(session, teacher, course_id, Shown.REPORTED).threads == []


def test_a_closed_thread_is_read_and_not_written_to(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session)
    with pytest.raises(NotFound):
        discussion.close(session, klass.asker, thread_id, True)
    discussion.close(session, klass.campus.instructor, thread_id, True)
    post_id = UUID(queries.thread_view(session, klass.asker, thread_id).posts[0].id)
    for write in (
        lambda: discussion.reply(session, klass.other, thread_id, "Late."),
        lambda: discussion.edit(session, klass.asker, post_id, "Late."),
    ):
        with pytest.raises(Conflict):
            write()
    discussion.close(session, klass.campus.instructor, thread_id, False)
    discussion.reply(session, klass.other, thread_id, "In time.")


def test_strangers_other_runs_and_those_who_left_neither_read_nor_write(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session)
    stranger = new_actor(session, "Sam Stranger")
    teacher_elsewhere = new_actor(session, "Tess Elsewhere", teaches=True)
    enrollments.withdraw(session, klass.other, klass.campus.slug)
    run_id = runs.create_run(session, klass.campus.instructor, klass.campus.course.id, title="Next year")
    runs.choose_run(session, klass.campus.instructor, klass.campus.course.id, UUID(str(run_id)))
    later = klass.campus.person("Lee Later")
    klass.campus.enroll(later)
    assert queries.page_discussion(session, later, klass.page_id).threads == []
    for actor in (stranger, teacher_elsewhere, klass.other, later):
        for use in (
            lambda actor: queries.thread_view(session, actor, thread_id),
            lambda actor: discussion.reply(session, actor, thread_id, "Hello."),
            lambda actor: discussion.follow(session, actor, thread_id, True),
            lambda actor: discussion.accept(session, actor, thread_id, None),
        ):
            with pytest.raises(NotFound):
                use(actor)
    for actor in (stranger, teacher_elsewhere, klass.other):
        with pytest.raises(NotFound):
            klass.ask(session, actor=actor)
        with pytest.raises(NotFound):
            queries.page_discussion(session, actor, klass.page_id)
        with pytest.raises(NotFound):
            queries.course_discussion(session, actor, klass.campus.course.id)
    assert queries.thread_view(session, klass.campus.instructor, thread_id).moderates


def test_a_viewer_of_the_staff_reads_and_a_grader_moderates(klass: Class, session: Session) -> None:
    viewer, grader = staff(session, klass, StaffRole.VIEWER), staff(session, klass, StaffRole.GRADER)
    thread_id = klass.ask(session)
    assert queries.thread_view(session, viewer, thread_id).why_not
    with pytest.raises(Conflict):
        discussion.reply(session, viewer, thread_id, "Hello.")
    post_id = UUID(queries.thread_view(session, viewer, thread_id).posts[0].id)
    for act in (
        lambda: discussion.close(session, viewer, thread_id, True),
        lambda: discussion.follow(session, viewer, thread_id, True),
        lambda: discussion.report(session, viewer, post_id, "Rude."),
    ):
        with pytest.raises(NotFound):
            act()
    assert queries.course_discussion(session, viewer, klass.campus.course.id, Shown.REMOVED).threads == []
    discussion.reply(session, grader, thread_id, "Because.")
    assert told(session, viewer) == [] != told(session, grader)


def test_after_the_run_has_ended_one_reads_and_does_not_write(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session)
    run = session.get_one(Run, session.get_one(Thread, thread_id).run_id)
    run.closes_at = clock.now() - timedelta(days=1)
    session.add(run)
    session.flush()
    view = queries.thread_view(session, klass.asker, thread_id)
    assert view.why_not.startswith("This course ended on")
    assert not view.accepts
    with pytest.raises(Conflict):
        discussion.reply(session, klass.asker, thread_id, "One thing more.")


def test_what_an_erased_person_wrote_is_gone_and_the_thread_stands(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session)
    discussion.reply(session, klass.other, thread_id, "Because.")
    erasing.erase(session, klass.asker.person_id, discard=lambda _: None)
    view = queries.thread_view(session, klass.other, thread_id)
    assert (view.title, [(post.author, post.html, post.removed) for post in view.posts]) == (
        "A question",
        [("Erased account", "", GONE), ("Grace Hopper", "<p>Because.</p>", "")],
    )
    assert queries.page_discussion(session, klass.other, klass.page_id).threads[0].title == "A question"


def test_nobody_is_named_to_a_student_but_the_staff_and_who_has_written(klass: Class, session: Session) -> None:
    klass.campus.enroll(klass.campus.person("Silent Sue"))
    thread_id = klass.ask(session)
    discussion.reply(session, klass.other, thread_id, "@Silent Sue knows.")
    assert queries.page_discussion(session, klass.asker, klass.page_id).people == ["Ines Teacher"]
    assert queries.thread_view(session, klass.asker, thread_id).people == ["Grace Hopper", "Ines Teacher"]


def test_too_much_too_fast_and_nothing_at_all_are_refused_in_words(klass: Class, session: Session) -> None:
    for title, text in (("", "Words"), ("x" * 151, "Words"), ("Sand", " \n"), ("Sand", "x" * 10_001)):
        with pytest.raises(Invalid):
            discussion.ask(session, klass.asker, klass.page_id, title, text)
    thread_id = klass.ask(session)
    for _ in range(AT_ONCE - 1):
        discussion.reply(session, klass.asker, thread_id, "Again.")
    with pytest.raises(TooMany) as refused:
        discussion.reply(session, klass.asker, thread_id, "Again.")
    assert 0 < refused.value.retry_after <= 300
    session.get_one(Thread, thread_id).replies = discussion.MOST_REPLIES
    with pytest.raises(LimitReached):
        discussion.reply(session, klass.other, thread_id, "Once more.")


def test_nothing_runs_in_what_is_written_and_no_picture_calls_home(klass: Class, session: Session) -> None:
    text = "<script>alert(1)</script> ![spy](https://example.org/x.png) [here](javascript:alert(1)) [there](https://example.org) `a<b`"
    thread_id = klass.ask(session, text)
    html = queries.thread_view(session, klass.other, thread_id).posts[0].html
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html
    assert '<a href="https://example.org" rel="noopener noreferrer">there</a>' in html


def test_what_is_stored_does_not_tell_what_was_written(klass: Class, session: Session) -> None:
    thread_id = klass.ask(session, "A secret worry")
    row = session.exec(select(Post).where(Post.thread_id == thread_id)).one()
    assert b"secret" not in bytes(row.text_sealed or b"")
    assert b"Sand" not in bytes(session.get_one(Thread, thread_id).title_sealed or b"")
