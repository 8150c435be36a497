"""The discussion under a page: asked, answered, put right, moderated."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.crypto import key_ring
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import events
from lms_app.domain.enrollments.roster import name_of
from lms_app.domain.notifications import inbox
from lms_app.domain.talk import posts, rooms
from lms_app.domain.talk.mention_rules import mentioned
from lms_app.domain.talk.rooms import Room
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound
from lms_app.models import Person, Post, PostReport, Thread, ThreadFollower
from lms_app.words import Hint, NodeKind, NotificationKind, Verb

MOST_REPLIES = 200
LONGEST_REASON = 500


def ask(session: Session, actor: Actor, page_id: UUID, title: str, text: str) -> UUID:
    """Opens a thread about a page, and tells those who answer in the course. Gives its id. Raises NotFound, Invalid, Conflict, TooMany."""
    room = rooms.room_of_page(session, actor, page_id)
    rooms.must_write(session, actor, room)
    title, text = posts.checked_title(title), posts.checked_text(text)
    now = clock.now()
    thread = Thread(
        course_id=room.course.id, run_id=room.run.id, page_id=page_id, person_id=actor.person_id, opened_at=now, moved_at=now
    )  # fmt: skip
    session.add(thread)
    thread.title = title
    session.flush()
    post = _write(session, actor, room, thread, text)
    if room.enrollment is not None:
        told = _mention(session, actor, thread, post, text)
        for person_id in rooms.staff_of(session, room.course.id):
            if person_id not in told:
                _tell(session, person_id, NotificationKind.QUESTION_ASKED, f"asked:{thread.id}:{person_id}", thread)
    else:
        thread.answered_at = now
        _mention(session, actor, thread, post, text)
    return thread.id


def reply(session: Session, actor: Actor, thread_id: UUID, text: str) -> UUID:
    """Adds to a thread, and tells those who follow it. Gives the post's id. Raises NotFound, Invalid, Conflict, LimitReached, TooMany."""
    thread, room = rooms.room_of_thread(session, actor, thread_id, lock=True)
    rooms.must_write(session, actor, room)
    text = posts.checked_text(text)
    if thread.closed_at is not None or thread.removed_at is not None:
        raise Conflict("This thread is closed. You can ask a question of your own.")
    if thread.replies >= MOST_REPLIES:
        raise LimitReached(f"This thread has {MOST_REPLIES} replies. Begin a new one.")
    post = _write(session, actor, room, thread, text)
    thread.replies += 1
    if room.enrollment is None:
        thread.answered_at = post.written_at
    elif actor.person_id == thread.person_id and thread.accepted_id is None:
        # Who asked has more to say: somebody should look again.
        thread.answered_at = None
    told = _mention(session, actor, thread, post, text)
    for person_id in _followers(session, thread.id):
        if person_id != actor.person_id and person_id not in told:
            _tell(session, person_id, NotificationKind.REPLY, f"reply:{post.id}:{person_id}", thread)
    return post.id


def edit(session: Session, actor: Actor, post_id: UUID, text: str) -> None:
    """Puts right what the actor wrote. Raises NotFound, Invalid, Conflict."""
    post, thread, room = _post(session, actor, post_id)
    if post.person_id != actor.person_id:
        raise NotFound("You can change what you wrote yourself.")
    if not room.may_write or thread.closed_at is not None:
        raise Conflict(room.over or "This thread is closed.")
    if post.removed_at is not None:
        raise Conflict("This was removed.")
    text = posts.checked_text(text)
    if text != post.text:
        post.text, post.edited_at = text, clock.now()
        session.add(post)
        _mention(session, actor, thread, post, text)
        _moved(session, thread)


def remove(session: Session, actor: Actor, post_id: UUID, reason: str = "") -> None:
    """Takes a post away: one's own, or, saying why, as staff; the first takes its thread with it. Who wrote it is told by whom it was not themself.

    Raises NotFound, Conflict, and Invalid for staff who give no reason.
    """
    post, thread, room = _post(session, actor, post_id)
    if post.removed_at is not None:
        return
    own, first = post.person_id == actor.person_id, _is_first(session, post)
    if not own and not room.moderates:
        raise NotFound("You can remove what you wrote yourself.")
    if own and first and thread.replies and not room.moderates:
        raise Conflict("Others have replied. You can edit it, or ask the staff to remove it.")
    reason = _reason(reason) if not own else ""
    now = clock.now()
    post.removed_at, post.removed_by, post.removed_because = now, actor.person_id, reason
    session.add(post)
    if first:
        thread.removed_at = now
    else:
        thread.replies -= 1
    if thread.accepted_id == post.id:
        thread.accepted_id = None
    _settle(session, post.id)
    _moved(session, thread)
    if not own:
        _tell(session, post.person_id, NotificationKind.POST_REMOVED, f"removed:{post.id}:{now.isoformat()}", thread, reason=reason)


def restore(session: Session, actor: Actor, post_id: UUID) -> None:
    """Puts back what was removed: staff what staff removed, whoever wrote it what they removed themselves. Raises NotFound."""
    post, thread, room = _post(session, actor, post_id)
    if post.removed_at is None:
        return
    by_themself = post.removed_by == post.person_id
    if (post.person_id != actor.person_id) if by_themself else not room.moderates:
        raise NotFound("It can be put back by whoever removed it.")
    post.removed_at = post.removed_by = post.removed_because = None
    session.add(post)
    if _is_first(session, post):
        thread.removed_at = None
    else:
        thread.replies += 1
    _moved(session, thread)


def accept(session: Session, actor: Actor, thread_id: UUID, post_id: UUID | None) -> None:
    """Says which reply answers the question, or, with None, that none does. It is for whoever asked, and for staff. Raises NotFound, Conflict."""
    thread, room = rooms.room_of_thread(session, actor, thread_id, lock=True)
    if thread.person_id != actor.person_id and not room.moderates:
        raise NotFound("Whoever asked says what answers it.")
    if not room.may_write:
        raise Conflict(room.over or "You may read here, and not write.")
    if post_id is None:
        thread.accepted_id = None
    else:
        post = session.get(Post, post_id)
        if post is None or post.thread_id != thread.id or post.removed_at is not None or _is_first(session, post):
            raise NotFound("There is no such reply.")
        thread.accepted_id, thread.answered_at = post.id, clock.now()
        if post.person_id != actor.person_id:
            _tell(session, post.person_id, NotificationKind.ANSWER_ACCEPTED, f"accepted:{post.id}", thread)
    _moved(session, thread)


def close(session: Session, actor: Actor, thread_id: UUID, closed: bool) -> None:
    """Ends a thread, which can still be read, or opens it again: for staff. Raises NotFound."""
    thread, room = rooms.room_of_thread(session, actor, thread_id, lock=True)
    if not room.moderates:
        raise NotFound
    thread.closed_at = clock.now() if closed else None
    _moved(session, thread)


def follow(session: Session, actor: Actor, thread_id: UUID, follows: bool) -> None:
    """Whether the actor hears of replies to a thread. Raises NotFound."""
    thread, room = rooms.room_of_thread(session, actor, thread_id)
    if not room.takes_part:
        raise NotFound
    _follow(session, thread.id, actor.person_id, muted=not follows)


def report(session: Session, actor: Actor, post_id: UUID, reason: str) -> None:
    """Tells the staff that a post is out of place, once per person. Raises NotFound, Invalid."""
    post, thread, room = _post(session, actor, post_id)
    if post.person_id == actor.person_id or post.removed_at is not None or not room.takes_part:
        raise NotFound("You can report what others wrote.")
    statement = insert(PostReport).values(
        post_id=post.id, person_id=actor.person_id, course_id=thread.course_id, reason=_reason(reason), reported_at=clock.now()
    )
    session.execute(statement.on_conflict_do_nothing())
    for person_id in rooms.staff_of(session, thread.course_id):
        if person_id != actor.person_id:
            _tell(session, person_id, NotificationKind.POST_REPORTED, f"reported:{post.id}:{person_id}", thread)
    _moved(session, thread)


def dismiss_reports(session: Session, actor: Actor, post_id: UUID) -> None:
    """Says, as staff, that nothing is wrong with a post that was reported. Raises NotFound."""
    post, thread, room = _post(session, actor, post_id)
    if not room.moderates:
        raise NotFound
    _settle(session, post.id)
    _moved(session, thread)


def candidates(session: Session, thread: Thread | None, course_id: UUID) -> dict[UUID, str]:
    """Whom one can mention: those who answer in the course, and who has written in the thread. Nobody else's name is given away."""
    ids = set(rooms.staff_of(session, course_id))
    if thread is not None:
        ids |= set(session.exec(select(Post.person_id).where(Post.thread_id == thread.id).distinct()).all())
    people = session.exec(select(Person).where(col(Person.id).in_(ids), col(Person.erased_at).is_(None))).all()
    key_ring.load(session, ids)
    return {person.id: name_of(person) for person in people}


def _write(session: Session, actor: Actor, room: Room, thread: Thread, text: str) -> Post:
    now = clock.now()
    post = Post(thread_id=thread.id, person_id=actor.person_id, written_at=now)
    session.add(post)
    post.text = text
    thread.moved_at = now
    session.flush()
    _follow(session, thread.id, actor.person_id, muted=None)
    if room.enrollment is not None:
        events.record(session, room.enrollment, Verb.REPLIED, NodeKind.PAGE, thread.page_id, value={"thread": str(thread.id), "post": str(post.id)})
    _moved(session, thread)
    return post


def _follow(session: Session, thread_id: UUID, person_id: UUID, *, muted: bool | None) -> None:
    """Keeps what was chosen; whoever writes follows, unless they had said that they do not want to."""
    row = insert(ThreadFollower).values(thread_id=thread_id, person_id=person_id, muted=bool(muted))
    keys = ["thread_id", "person_id"]
    if muted is None:
        session.execute(row.on_conflict_do_nothing(index_elements=keys))
    else:
        session.execute(row.on_conflict_do_update(index_elements=keys, set_={"muted": muted}))


def _followers(session: Session, thread_id: UUID) -> list[UUID]:
    query = select(ThreadFollower.person_id).where(ThreadFollower.thread_id == thread_id, col(ThreadFollower.muted).is_(False))
    return list(session.exec(query.order_by(col(ThreadFollower.person_id))).all())


def _mention(session: Session, actor: Actor, thread: Thread, post: Post, text: str) -> set[UUID]:
    """Tells who is meant by name in a text, once per post. Gives who was meant."""
    if "@" not in text:
        return set()
    meant = mentioned(text, candidates(session, thread, thread.course_id)) - {actor.person_id}
    for person_id in sorted(meant):
        _tell(session, person_id, NotificationKind.MENTION, f"mention:{post.id}:{person_id}", thread)
    return meant


def _tell(session: Session, person_id: UUID, kind: NotificationKind, key: str, thread: Thread, **more: str) -> None:
    about = {"course": str(thread.course_id), "page": str(thread.page_id), "thread": str(thread.id)}
    inbox.deliver(session, person_id, kind, unique_key=key, **about, **more)


def _moved(session: Session, thread: Thread) -> None:
    """Tells who has the page or the course's threads open."""
    session.add(thread)
    for subject in (thread.page_id, thread.course_id):
        after_commit(session, lambda subject=subject: pubsub.hint(Hint.DISCUSSION, subject))


def _post(session: Session, actor: Actor, post_id: UUID) -> tuple[Post, Thread, Room]:
    """A post, its thread, held, and where it stands. Raises NotFound."""
    thread_id = session.exec(select(Post.thread_id).where(Post.id == post_id)).first()
    if thread_id is None:
        raise NotFound
    thread, room = rooms.room_of_thread(session, actor, thread_id, lock=True)
    return session.get_one(Post, post_id, populate_existing=True), thread, room


def _is_first(session: Session, post: Post) -> bool:
    first = select(Post.id).where(Post.thread_id == post.thread_id).order_by(col(Post.id)).limit(1)
    return session.exec(first).one() == post.id


def _settle(session: Session, post_id: UUID) -> None:
    open_ones = update(PostReport).where(col(PostReport.post_id) == post_id, col(PostReport.settled_at).is_(None))
    session.execute(open_ones.values(settled_at=clock.now()))


def _reason(reason: str) -> str:
    clean = " ".join(reason.replace("\x00", "").split())
    if not clean or len(clean) > LONGEST_REASON:
        sentence = f"Say why, in {LONGEST_REASON} characters at most."
        raise Invalid(sentence, fields={"reason": sentence})
    return clean
