import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, delete, func, select, update

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, comment_bank, handing_in, marking, marking_queue, marking_script, rubrics
from lms_app.domain.assessments.marking import MarkGiven
from lms_app.domain.assessments.marking_script import Script
from lms_app.domain.courses.queries import taught_courses
from lms_app.domain.people import erasing
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import Attempt, AttemptFile, LearningEvent, Mark, MarkingClaim, Membership, Notification, Progress, QuestionScore
from lms_app.words import Outcome, QuestionType, StaffRole, Verb
from tests.support.campus import Campus, new_actor, new_campus
from tests.support.marking import RUBRIC, hand_in_essay, question_of, write_answer, written_course


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    campus = new_campus(session, written_course(release="manual"))
    campus.enroll()
    return campus


def grader(campus: Campus, name: str = "Gus Marker", role: StaffRole = StaffRole.GRADER) -> Actor:
    actor = new_actor(campus.session, name, teaches=True)
    campus.session.add(Membership(course_id=campus.course.id, person_id=actor.person_id, role=role, created_at=clock.now()))
    campus.session.flush()
    return actor


def next_of(campus: Campus, actor: Actor | None = None, *held: Script) -> Script:
    found = marking_script.next_script(
        campus.session, actor or campus.instructor, campus.quiz("Final essay").id, [UUID(script.claim) for script in held]
    )
    assert found is not None
    return found


def mark(campus: Campus, script: Script, points: str = "3", comment: str = "Well argued.", version: int = 0, actor: Actor | None = None):
    given = MarkGiven(points=points, comment=comment, version=version)
    return marking.mark(campus.session, actor or campus.instructor, UUID(script.claim), given)


def more_students(campus: Campus, count: int) -> list[UUID]:
    began, handed_in = clock.now(), []
    for number in range(count):
        student = campus.person(f"Student {number}")
        campus.enroll(student)
        with clock.moved_to(began + timedelta(minutes=number)):
            handed_in.append(hand_in_essay(campus, student, f"Essay number {number}."))
    return handed_in


def test_a_marker_sees_what_was_written_and_how_long_it_is(campus: Campus) -> None:
    hand_in_essay(campus, text="Stones sink.")
    script = next_of(campus)
    assert (script.text, script.remark, script.points, script.name) == ("Stones sink.", "2 words, fewer than the 5 asked for.", "4", "Ada Learner")
    assert "Why do stones sink?" in script.question


def test_the_oldest_comes_first_and_the_page_may_have_the_next_in_hand(campus: Campus) -> None:
    more_students(campus, 3)
    first = next_of(campus)
    second = next_of(campus, None, first)
    assert [first.text, second.text] == ["Essay number 0.", "Essay number 1."]
    assert next_of(campus).claim == first.claim


def test_a_mark_scores_and_settles_the_attempt(campus: Campus, session: Session) -> None:
    attempt_id = hand_in_essay(campus)
    kept = mark(campus, next_of(campus), "3")
    attempt, score = session.get_one(Attempt, attempt_id), session.exec(select(QuestionScore)).one()
    assert (kept.number, kept.points, kept.waiting) == (1, "3", 0)
    assert (score.score, score.fraction, score.outcome) == (Decimal(3), Decimal("0.75"), Outcome.PARTIAL)
    assert (attempt.pending, attempt.fraction, attempt.passed) == (0, Decimal("0.75"), True)
    assert session.exec(select(func.count()).select_from(LearningEvent).where(LearningEvent.verb == Verb.GRADED)).one() == 1


def test_a_rubric_earns_its_part_and_its_levels_are_shown(campus: Campus, session: Session) -> None:
    rubrics.write(session, campus.instructor, question_of(campus, QuestionType.ESSAY), RUBRIC, 0)
    attempt_id = hand_in_essay(campus)
    script = next_of(campus)
    assert script.rubric is not None
    marking.mark(session, campus.instructor, UUID(script.claim), MarkGiven(levels=[1, 1], rubric=script.rubric.version, comment="Good."))
    marking.release_all(session, campus.instructor, campus.quiz("Final essay").id)
    told = attempts.result(session, campus.student, attempt_id).questions[0].feedback
    assert told is not None
    assert (told.score, told.comment) == ("3", "Good.")
    assert [(line.title, line.level, line.points, line.most) for line in told.rubric] == [
        ("Claim", "Clear", "2", "2"),
        ("Evidence", "Some", "1", "2"),
    ]


def test_a_rubric_that_changed_meanwhile_is_not_filled_in_by_the_old_places(campus: Campus, session: Session) -> None:
    question = question_of(campus, QuestionType.ESSAY)
    rubrics.write(session, campus.instructor, question, RUBRIC, 0)
    hand_in_essay(campus)
    script = next_of(campus)
    rubrics.write(session, campus.instructor, question, {"criteria": RUBRIC["criteria"][::-1]}, 1)
    with pytest.raises(Conflict, match="rubric was changed"):
        marking.mark(session, campus.instructor, UUID(script.claim), MarkGiven(levels=[1, 1], rubric=1))
    with pytest.raises(Conflict, match="changed this rubric"):
        rubrics.write(session, campus.instructor, question, RUBRIC, 1)


def test_a_rubric_that_was_taken_away_and_written_anew_is_not_the_one_that_a_marker_has_open(campus: Campus, session: Session) -> None:
    question = question_of(campus, QuestionType.ESSAY)
    rubrics.write(session, campus.instructor, question, RUBRIC, 0)
    hand_in_essay(campus)
    script = next_of(campus)
    assert rubrics.write(session, campus.instructor, question, None, 1) is None
    assert rubrics.sheet_of(session, question) is None
    rubrics.write(session, campus.instructor, question, {"criteria": RUBRIC["criteria"][::-1]}, 0)
    with pytest.raises(Conflict, match="rubric was changed"):
        marking.mark(session, campus.instructor, UUID(script.claim), MarkGiven(levels=[1, 1], rubric=1))


def test_of_two_who_write_the_first_rubric_at_once_one_is_told(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session, written_course())
        author, question = campus.instructor, question_of(campus, QuestionType.ESSAY)
    gate = Barrier(2)

    def write(number: int) -> str:
        gate.wait(10)
        try:
            with transaction() as session:
                rubrics.write(session, author, question, {"criteria": RUBRIC["criteria"][number:]}, 0)
        except Conflict as refusal:
            return refusal.sentence
        return "written"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(write, range(2)))
    assert said == ["Somebody else has changed this rubric. Load it again.", "written"]


@pytest.mark.parametrize("points", ["", "five", "-1", "4.5", "NaN"])
def test_points_that_cannot_be_are_refused_and_nothing_is_lost(campus: Campus, points: str) -> None:
    hand_in_essay(campus)
    script = next_of(campus)
    with pytest.raises(Invalid):
        mark(campus, script, points)
    assert next_of(campus).mark is None


def test_nobody_gets_a_script_that_somebody_has_in_hand(campus: Campus) -> None:
    hand_in_essay(campus)
    next_of(campus)
    other = grader(campus)
    assert marking_script.next_script(campus.session, other, campus.quiz("Final essay").id, []) is None


def test_a_lease_that_ran_out_is_anybodys_and_the_one_before_is_told(campus: Campus) -> None:
    hand_in_essay(campus)
    script, other = next_of(campus), grader(campus)
    with clock.moved_by(marking_queue.LEASE + timedelta(seconds=1)):
        taken = next_of(campus, other)
        assert taken.claim != script.claim
        with pytest.raises(Conflict, match="Somebody else"):
            mark(campus, script)
        assert mark(campus, taken, actor=other).number == 1


def test_an_open_page_keeps_its_script(campus: Campus) -> None:
    hand_in_essay(campus)
    script, other, began = next_of(campus), grader(campus), clock.now()
    with clock.moved_to(began + timedelta(minutes=4)):
        assert marking_queue.renew(campus.session, campus.instructor, [UUID(script.claim)]) == [UUID(script.claim)]
    with clock.moved_to(began + timedelta(minutes=6)):
        assert marking_script.next_script(campus.session, other, campus.quiz("Final essay").id, []) is None


def test_a_script_that_was_passed_comes_after_the_others(campus: Campus) -> None:
    more_students(campus, 2)
    first = next_of(campus)
    marking_queue.give_back(campus.session, campus.instructor, [UUID(first.claim)], passed=True)
    second = next_of(campus)
    assert second.text == "Essay number 1."
    mark(campus, second)
    assert next_of(campus).text == "Essay number 0."


def test_two_tabs_do_not_overwrite_each_other_in_silence(campus: Campus) -> None:
    hand_in_essay(campus)
    one, two = next_of(campus), next_of(campus)
    mark(campus, one, "3")
    with pytest.raises(Conflict, match="marked somewhere else"):
        mark(campus, two, "1")


def test_the_same_mark_sent_twice_is_one(campus: Campus, session: Session) -> None:
    hand_in_essay(campus)
    script = next_of(campus)
    assert mark(campus, script) == mark(campus, script)
    assert session.exec(select(func.count()).select_from(Mark)).one() == 1


def test_marking_anew_keeps_what_was_said_before(campus: Campus, session: Session) -> None:
    attempt_id = hand_in_essay(campus)
    mark(campus, next_of(campus), "1", "Thin.")
    line = marking.marked(session, campus.instructor, campus.quiz("Final essay").id).lines[0]
    script = marking.open_marked(session, campus.instructor, UUID(line.id))
    assert script.mark is not None
    assert (script.mark.points, script.mark.comment, script.mark.number) == ("1", "Thin.", 1)
    mark(campus, script, "4", "Read again: complete.", version=1)
    assert session.exec(select(Mark.score).order_by(Mark.number)).all() == [Decimal(1), Decimal(4)]  # pyright: ignore[reportArgumentType]
    assert session.get_one(Attempt, attempt_id).fraction == Decimal(1)
    assert len(marking.marked(session, campus.instructor, campus.quiz("Final essay").id).lines) == 1


def test_marks_reach_the_student_and_complete_the_quiz_once_released(campus: Campus, session: Session) -> None:
    attempt_id = hand_in_essay(campus)
    mark(campus, next_of(campus), "3", "Well argued.")
    before = attempts.result(session, campus.student, attempt_id)
    assert (before.score, before.percent, before.questions[0].feedback) == ("", None, None)
    assert "Well argued" not in repr(before)
    assert session.exec(select(Progress.done)).one() == 0
    assert marking.release_all(session, campus.instructor, campus.quiz("Final essay").id) == 1
    after = attempts.result(session, campus.student, attempt_id)
    assert (after.score, after.percent, after.questions[0].feedback.comment) == ("3", 75, "Well argued.")  # pyright: ignore[reportOptionalMemberAccess]
    assert session.exec(select(Progress.done)).one() == 1
    assert session.exec(select(Notification.kind).where(Notification.person_id == campus.student.person_id)).all().count("quiz_graded") == 1
    assert marking.release_all(session, campus.instructor, campus.quiz("Final essay").id) == 0


def test_one_attempt_is_released_alone(campus: Campus, session: Session) -> None:
    more_students(campus, 2)
    first = next_of(campus)
    mark(campus, first)
    quiz = campus.quiz("Final essay").id
    marking.release_one(session, campus.instructor, UUID(marking.marked(session, campus.instructor, quiz).lines[0].id))
    assert session.exec(select(func.count()).select_from(Attempt).where(Attempt.released_at != None)).one() == 1  # noqa: E711


def test_an_anonymous_marker_never_sees_a_name_before_the_release(session: Session, redis_url: str) -> None:
    campus = new_campus(session, written_course(release="manual", anonymous=True))
    campus.enroll()
    hand_in_essay(campus)
    quiz, attempt = campus.quiz("Final essay").id, session.exec(select(Attempt)).one()
    script = next_of(campus)
    mark(campus, script)
    listed = marking.marked(session, campus.instructor, quiz)
    opened = marking.open_marked(session, campus.instructor, UUID(listed.lines[0].id))
    seen = repr([script, listed, opened, marking_queue.overview(session, campus.instructor, campus.course.id)])
    for secret in ("Ada", "Learner", str(attempt.id), str(attempt.enrollment_id), str(attempt.person_id)):
        assert secret not in seen
    marking.release_all(session, campus.instructor, quiz)
    assert marking.marked(session, campus.instructor, quiz).lines[0].name == "Ada Learner"


def test_where_marks_reach_the_student_by_themselves_the_last_one_tells(session: Session, redis_url: str) -> None:
    campus = new_campus(session, written_course())
    campus.enroll()
    attempt_id = hand_in_essay(campus)
    assert attempts.result(session, campus.student, attempt_id).pending == 1
    mark(campus, next_of(campus))
    assert attempts.result(session, campus.student, attempt_id).percent == 75
    assert "quiz_graded" in session.exec(select(Notification.kind).where(Notification.person_id == campus.student.person_id)).all()


def test_the_overview_counts_what_waits_and_what_is_ready(campus: Campus, session: Session) -> None:
    more_students(campus, 3)
    mark(campus, next_of(campus))
    seen = marking_queue.overview(session, campus.instructor, campus.course.id)
    assert [(quiz.title, quiz.waiting, quiz.marked, quiz.ready, quiz.by_release) for quiz in seen.quizzes] == [("Final essay", 2, 1, 1, True)]
    assert [course.to_mark for course in taught_courses(session, campus.instructor)] == [2]
    assert [course.to_mark for course in taught_courses(session, grader(campus, role=StaffRole.VIEWER))] == [0]


def test_a_grader_marks_and_does_not_write_rubrics(campus: Campus, session: Session) -> None:
    seen = marking_queue.overview(session, grader(campus), campus.course.id)
    assert (seen.role, seen.may_author) == (StaffRole.GRADER, False)
    assert marking_queue.overview(session, campus.instructor, campus.course.id).may_author


def test_a_mark_and_whoever_takes_the_answer_over_do_not_wait_for_each_other(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session, written_course())
        campus.enroll()
        hand_in_essay(campus)
        first, other, quiz = campus.instructor, grader(campus), campus.quiz("Final essay").id
        claim = UUID(next_of(campus).claim)
    for _ in range(12):
        with clock.moved_by(marking_queue.LEASE + timedelta(seconds=1)):
            gate = Barrier(2)

            def take_over(gate: Barrier = gate) -> None:
                gate.wait(10)
                with transaction() as session:
                    marking_script.next_script(session, other, quiz, [])

            def mark_late(gate: Barrier = gate) -> None:
                gate.wait(10)
                with suppress(Conflict), transaction() as session:
                    marking.mark(session, first, claim, MarkGiven(points="2"))

            with ThreadPoolExecutor(2) as pool:
                for done in [pool.submit(take_over), pool.submit(mark_late)]:
                    done.result(30)
        with transaction() as session:
            marked, holder = session.exec(select(func.count()).select_from(Mark)).one(), session.exec(select(MarkingClaim.marker_id)).first()
            assert marked == 1 or holder == other.person_id
            session.execute(delete(Mark))
            session.execute(update(QuestionScore).values(outcome=Outcome.PENDING))
            session.execute(update(MarkingClaim).values(id=claim, marker_id=first.person_id, until=clock.now() + marking_queue.LEASE))


def test_only_those_who_may_mark_see_scripts(campus: Campus, session: Session) -> None:
    hand_in_essay(campus)
    quiz, script = campus.quiz("Final essay").id, next_of(campus)
    for actor in (grader(campus, role=StaffRole.VIEWER), new_actor(session, "Stranger", teaches=True), campus.student):
        with pytest.raises(NotFound):
            marking_script.next_script(session, actor, quiz, [])
        with pytest.raises(NotFound):
            marking_queue.overview(session, actor, campus.course.id)
        with pytest.raises(NotFound):
            marking.release_all(session, actor, quiz)
        with pytest.raises(Conflict):
            marking.mark(session, actor, UUID(script.claim), MarkGiven(points="4"))
    with pytest.raises(NotFound):
        rubrics.write(session, grader(campus), question_of(campus, QuestionType.ESSAY), RUBRIC, 0)


def test_a_comment_is_kept_once_for_its_marker_and_course(campus: Campus, session: Session) -> None:
    kept = comment_bank.keep(session, campus.instructor, campus.course.id, "  Name your sources. ")
    assert comment_bank.keep(session, campus.instructor, campus.course.id, "Name your sources.") == kept
    assert comment_bank.kept(session, campus.instructor, campus.course.id) == [kept]
    other = grader(campus)
    assert comment_bank.kept(session, other, campus.course.id) == []
    with pytest.raises(NotFound):
        comment_bank.drop(session, other, UUID(kept.id))
    comment_bank.drop(session, campus.instructor, UUID(kept.id))
    assert comment_bank.kept(session, campus.instructor, campus.course.id) == []


def test_comments_lie_sealed(campus: Campus, session: Session) -> None:
    hand_in_essay(campus)
    mark(campus, next_of(campus), comment="Ada, this is good.")
    assert b"Ada" not in bytes(session.exec(select(Mark.comment_sealed)).one() or b"")


def test_five_markers_at_once_get_five_scripts(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session, written_course())
        more_students(campus, 12)
        markers = [campus.instructor, *(grader(campus, f"Marker {number}") for number in range(4))]
        quiz = campus.quiz("Final essay").id
    gate = Barrier(5)

    def mark_all(actor: Actor) -> list[str]:
        taken: list[str] = []
        gate.wait(10)
        while True:
            with transaction() as session:
                script = marking_script.next_script(session, actor, quiz, [])
            if script is None:
                return taken
            taken.append(script.text)
            with transaction() as session:
                marking.mark(session, actor, UUID(script.claim), MarkGiven(points="2"))

    with ThreadPoolExecutor(5) as pool:
        taken = [text for texts in pool.map(mark_all, markers) for text in texts]
    assert sorted(taken) == sorted(f"Essay number {number}." for number in range(12))


def test_the_next_script_of_a_thousand_comes_within_300_ms(campus: Campus, session: Session) -> None:
    attempt_id = hand_in_essay(campus)
    sample, score = session.get_one(Attempt, attempt_id), session.exec(select(QuestionScore)).one()
    question = score.question_id
    for number in range(2, 1001):
        row = Attempt(**sample.model_dump(exclude={"id", "number"}), number=number)
        session.add(row)
        session.flush()
        session.add(QuestionScore(**score.model_dump(exclude={"attempt_id"}), attempt_id=row.id))
    session.flush()
    # As the server does by itself after so many rows, but not within a transaction.
    session.execute(text("ANALYZE attempts, question_scores"))
    seconds: list[float] = []
    for _ in range(20):
        began = time.perf_counter()
        script = next_of(campus)
        seconds.append(time.perf_counter() - began)
        assert script.question_id == str(question)
        mark(campus, script)
    assert script.waiting == 981
    assert sorted(seconds)[15] < 0.3


def test_an_erased_students_answer_files_and_comment_are_read_no_more_and_the_mark_stays(session: Session, redis_url: str) -> None:
    campus = new_campus(session, written_course(files=True))
    campus.enroll()
    quiz, file_question = campus.quiz("Final essay").id, question_of(campus, QuestionType.FILE_UPLOAD)
    sheet = attempts.start(session, campus.student, quiz)
    file = handing_in.keep(session, campus.student, UUID(sheet.id), file_question, "map.pdf", storage_key="0" * 64, size=7)
    write_answer(session, campus.student, UUID(sheet.id), file_question, QuestionType.FILE_UPLOAD, {"files": [file.id]})
    attempts.submit(session, campus.student, UUID(sheet.id))
    script = next_of(campus)
    assert [entry.name for entry in script.files] == ["map.pdf"]
    mark(campus, script, "2", "Drawn with care, Ada.")
    erasing.erase(session, campus.student.person_id, discard=lambda _: None)
    session.expire_all()
    opened = marking.open_marked(session, campus.instructor, UUID(marking.marked(session, campus.instructor, quiz).lines[0].id))
    assert (opened.readable, opened.files, opened.name) == (False, [], "Erased account")
    assert opened.mark is not None
    assert (opened.mark.points, opened.mark.comment) == ("2", "")
    assert session.exec(select(func.count()).select_from(AttemptFile)).one() == 0
