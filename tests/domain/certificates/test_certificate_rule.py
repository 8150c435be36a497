"""A course's certificate may ask for a grade and for passed quizzes: whom it is given, what moves it later, and what takes nothing away."""

from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.assessments import regrade_preview, regrading
from lms_app.domain.certificates import following, issuing
from lms_app.domain.certificates.queries import own_certificates, verify
from lms_app.domain.courses import certificate_rule, course_settings
from lms_app.domain.courses.queries import course_page
from lms_app.domain.enrollments import enrollments
from lms_app.domain.enrollments.queries import learning_page, progress_view
from lms_app.domain.gradebook import gradebook, setup
from lms_app.domain.notifications import queries as inbox
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import Certificate, Course, Enrollment, GradeColumn, OutboxMessage
from lms_app.words import QuestionType
from tests.support.campus import Campus, neutral_course, new_campus
from tests.support.questions import true_false_body
from tests.support.regrades import corrected, finish_reading, question_of, sit

SPACE = "\N{NO-BREAK SPACE}"
FALSE_IS_RIGHT = true_false_body(False)


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    """A course whose final quiz is passed with 40 %."""
    return new_campus(session, neutral_course(pass_mark="0.4"))


def ask(campus: Campus, least_grade: str = "", *titles: str) -> None:
    certificate_rule.save(
        campus.session, campus.instructor, campus.course.id, least_grade=least_grade, passed=[campus.quiz(title).id for title in titles]
    )


def look(campus: Campus, least_grade: str = "", *titles: str) -> certificate_rule.RulePreview:
    return certificate_rule.preview(
        campus.session, campus.instructor, campus.course.id, least_grade=least_grade, passed=[campus.quiz(title).id for title in titles]
    )


def graduate(campus: Campus, right: int, name: str = "Ada Graduate") -> tuple[Actor, Enrollment]:
    """Somebody who completed the course with so many of five right."""
    actor = campus.person(name)
    enrollment = campus.enroll(actor)
    finish_reading(campus, actor)
    sit(campus, actor, right)
    assert enrollment.completed_at is not None
    return actor, enrollment


def work(campus: Campus) -> None:
    """Carries out what the worker of certificates was asked for."""
    session = campus.session
    while messages := session.exec(
        select(OutboxMessage).where(col(OutboxMessage.job).like("certificates.%"), col(OutboxMessage.done_at).is_(None))
    ).all():
        for message in messages:
            if message.job == following.FOLLOW:
                following.follow(session, UUID(message.arguments["course_id"]), after=message.arguments["after"])
            else:
                issuing.award_if_earned(session, UUID(message.arguments["enrollment_id"]))
            message.done_at = message.created_at
            session.add(message)
        session.flush()


def valid(campus: Campus, actor: Actor) -> list[bool]:
    return [not one.revoked for one in own_certificates(campus.session, actor)]


def give(campus: Campus, enrollment: Enrollment, points: str) -> None:
    column = campus.session.exec(select(GradeColumn).where(GradeColumn.run_id == enrollment.run_id)).one()
    gradebook.set_grade(campus.session, campus.instructor, campus.course.id, enrollment.id, column.id, points=points, reason="As agreed")


def take_back(campus: Campus, enrollment: Enrollment) -> None:
    column = campus.session.exec(select(GradeColumn).where(GradeColumn.run_id == enrollment.run_id)).one()
    gradebook.reset(campus.session, campus.instructor, campus.course.id, enrollment.id, column.id)


def test_a_grade_below_the_least_earns_none_and_the_student_reads_what_is_missing(campus: Campus) -> None:
    ask(campus, "70 %")
    ada, enrollment = graduate(campus, 3)
    work(campus)
    assert valid(campus, ada) == []
    with pytest.raises(Conflict):
        issuing.award(campus.session, enrollment.id)
    wanted = f"You earn a certificate when you have completed the course and your grade is at least 70{SPACE}%."
    assert course_page(campus.session, None, campus.slug).certificate_sentence == wanted
    assert course_page(campus.session, None, campus.slug).certificate_missing == []
    # What a quiz made is in the gradebook once the fold has been there.
    lacking = [f"You have no grade yet; 70{SPACE}% are needed."]
    assert course_page(campus.session, ada, campus.slug).certificate_missing == lacking
    assert learning_page(campus.session, ada, campus.slug).certificate_missing == lacking
    give(campus, enrollment, "62")
    why = progress_view(campus.session, ada, campus.slug)
    assert (why.certificate_sentence, why.certificate_missing) == (wanted, [f"Your grade is 62{SPACE}%; 70{SPACE}% are needed."])


def test_a_grade_that_is_reached_earns_one_the_moment_the_last_quiz_is_handed_in(campus: Campus) -> None:
    ask(campus, "60")
    ada, _ = graduate(campus, 3)
    work(campus)
    assert valid(campus, ada) == [True]
    assert learning_page(campus.session, ada, campus.slug).certificate_missing == []


def test_a_better_attempt_later_earns_the_certificate(campus: Campus) -> None:
    ask(campus, "80")
    ada, _ = graduate(campus, 2)
    work(campus)
    assert valid(campus, ada) == []
    sit(campus, ada, 5)
    work(campus)
    assert valid(campus, ada) == [True]


def test_a_quiz_that_must_be_passed_by_a_mark_set_by_hand_is_not_passed_below_it(campus: Campus) -> None:
    ask(campus, "", "Final quiz")
    ada, enrollment = graduate(campus, 3)
    give(campus, enrollment, "10")
    work(campus)
    assert valid(campus, ada) == []
    assert learning_page(campus.session, ada, campus.slug).certificate_missing == ["You have not passed “Final quiz” yet."]
    give(campus, enrollment, "90")
    work(campus)
    assert valid(campus, ada) == [True]


def test_a_harder_rule_takes_no_certificate_away_and_a_lowered_one_gives_it_by_the_worker(campus: Campus) -> None:
    ada, _ = graduate(campus, 4)
    work(campus)
    ask(campus, "90")
    ben, _ = graduate(campus, 3, "Ben Middling")
    work(campus)
    assert (valid(campus, ada), valid(campus, ben)) == ([True], [])
    assert look(campus, "60").sentence == "1 of 2 has the certificate and keeps it. With this rule 1 more gets it today."
    assert look(campus, "61").now == 0
    ask(campus, "60")
    assert valid(campus, ben) == []
    work(campus)
    assert (valid(campus, ada), valid(campus, ben)) == ([True], [True])


def test_the_worker_looks_at_some_people_at_a_time_and_passes_nobody_by(campus: Campus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "CHUNK", 2)
    ask(campus, "100")
    people = [graduate(campus, 3 + number % 2, f"Person {number}")[0] for number in range(5)]
    work(campus)
    ask(campus, "60")
    work(campus)
    assert [valid(campus, person) for person in people] == [[True]] * 5


def test_offering_a_certificate_gives_it_to_whoever_has_completed_the_course(campus: Campus) -> None:
    template = course_settings.settings(campus.session, campus.instructor, campus.course.id).template

    def offer(offered: bool) -> None:
        course_settings.certify(
            campus.session, campus.instructor, campus.course.id, offered=offered, signatory_name="", signatory_title="", template=template
        )

    offer(False)
    ada, _ = graduate(campus, 3)
    work(campus)
    assert (valid(campus, ada), course_page(campus.session, ada, campus.slug).certificate_sentence) == ([], "")
    assert look(campus).sentence == "Nobody of 1 has it yet. No certificate is offered now: nobody gets one until it is."
    offer(True)
    work(campus)
    assert valid(campus, ada) == [True]


def test_a_correction_that_lowers_the_grade_withdraws_the_certificate_and_undoing_brings_it_back(campus: Campus) -> None:
    ask(campus, "60")
    ada, enrollment = graduate(campus, 3)
    ben, _ = graduate(campus, 2, "Ben Wronged")
    work(campus)
    assert (valid(campus, ada), valid(campus, ben)) == ([True], [])
    question = question_of(campus, QuestionType.TRUE_FALSE)
    revision = corrected(campus, question, FALSE_IS_RIGHT)
    shown = {line.name: line for line in regrade_preview.preview(campus.session, campus.instructor, question.id, revision).lines}
    assert (shown["Ada Graduate"].certificate, shown["Ben Wronged"].certificate) == ("withdrawn", "issued")
    done = regrading.apply(campus.session, campus.instructor, question.id, revision)
    assert enrollment.completed_at is not None
    work(campus)
    assert (valid(campus, ada), valid(campus, ben)) == ([False], [True])
    code = own_certificates(campus.session, ada)[0].code
    assert verify(campus.session, code).revoked_because.startswith("A question was corrected")
    regrading.undo(campus.session, campus.instructor, UUID(done.id))
    work(campus)
    assert (valid(campus, ada), valid(campus, ben)) == ([True], [False])


def test_a_correction_leaves_a_certificate_whose_grade_a_later_attempt_had_lowered(session: Session, redis_url: str) -> None:
    campus = new_campus(session, neutral_course(pass_mark="0.4", counting="last"))
    ask(campus, "70")
    ada, _ = graduate(campus, 4)
    work(campus)
    sit(campus, ada, 3)
    question = question_of(campus, QuestionType.TRUE_FALSE)
    regrading.apply(campus.session, campus.instructor, question.id, corrected(campus, question, FALSE_IS_RIGHT))
    assert valid(campus, ada) == [True]


def test_a_grade_set_by_hand_withdraws_the_certificate_and_taking_it_back_makes_it_valid_again(campus: Campus) -> None:
    ask(campus, "60")
    ada, enrollment = graduate(campus, 4)
    work(campus)
    give(campus, enrollment, "20")
    assert valid(campus, ada) == [False]
    assert own_certificates(campus.session, ada)[0].revoked_because == following.UNMET
    withdrawn = inbox.sheet(campus.session, ada).lines[0]
    assert (withdrawn.sentence, withdrawn.link) == (
        "Your certificate for Stones and sand was withdrawn: grades were changed after it was issued, and no longer reach what it asks for.",
        "/my/certificates",
    )
    take_back(campus, enrollment)
    work(campus)
    assert valid(campus, ada) == [True]
    assert len(campus.session.exec(select(Certificate)).all()) == 1
    assert inbox.sheet(campus.session, ada).lines[0].sentence == "Your certificate for Stones and sand is valid again."
    give(campus, enrollment, "20")
    told = [line.sentence.split(" sand ")[1][:13] for line in inbox.sheet(campus.session, ada).lines if "certificate" in line.sentence]
    assert told == ["was withdrawn", "is valid agai", "was withdrawn", "is ready."], "each time anew"


def test_a_grade_set_by_hand_takes_none_that_was_given_for_completing_alone(campus: Campus) -> None:
    ada, enrollment = graduate(campus, 4)
    work(campus)
    ask(campus, "60")
    give(campus, enrollment, "20")
    assert valid(campus, ada) == [True]


def test_grading_in_another_way_gives_the_certificate_to_who_reaches_the_grade_by_it(campus: Campus) -> None:
    ask(campus, "90")
    ada, enrollment = graduate(campus, 3)
    work(campus)
    extra = setup.add_column(campus.session, campus.instructor, campus.course.id, "Project")
    gradebook.set_grade(campus.session, campus.instructor, campus.course.id, enrollment.id, extra, points="100")
    work(campus)
    assert valid(campus, ada) == []
    column = campus.session.exec(select(GradeColumn).where(col(GradeColumn.assessment_id).is_not(None))).one()
    setup.save_column(
        campus.session, campus.instructor, campus.course.id, column.id, title="", points="100", category_id="", counted=False, required="", due_at=""
    )
    work(campus)
    assert valid(campus, ada) == [True]


def test_who_left_the_course_gets_none_by_a_lowered_rule(campus: Campus) -> None:
    ask(campus, "90")
    ada, _ = graduate(campus, 3)
    work(campus)
    enrollments.withdraw(campus.session, ada, campus.slug)
    ask(campus, "")
    work(campus)
    assert valid(campus, ada) == []


def test_a_preview_says_whom_it_gives_one_today_and_why_nobody_can_reach_it(campus: Campus) -> None:
    assert look(campus, "70").sentence == certificate_rule.NOBODY
    campus.enroll()
    shown = look(campus, "70", "Final quiz")
    assert (shown.students, shown.have, shown.now) == (1, 0, 0)
    assert shown.words.startswith("Complete when all 3 required items are done. You earn a certificate when")
    assert shown.sentence == "Nobody of 1 has it yet. With this rule nobody gets it today."
    assert shown.never == ""
    for column in campus.session.exec(select(GradeColumn)).all():
        column.counted = False
        campus.session.add(column)
    campus.session.flush()
    assert look(campus, "70").never.startswith("No item of the course counts")
    assert look(campus, "").never == ""


@pytest.mark.parametrize("said", ["-1", "0", "101", "x", "70.123", "NaN", "١٠"])
def test_what_is_no_percentage_is_refused(campus: Campus, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(campus, said)
    assert set(refused.value.fields) == {"least_grade"}


def test_a_practice_quiz_or_one_of_another_course_cannot_be_asked_for(campus: Campus) -> None:
    offered = certificate_rule.certificate_rule(campus.session, campus.instructor, campus.course.id).quizzes
    assert [(quiz.title, quiz.mark) for quiz in offered] == [("Final quiz", f"40{SPACE}%")]
    with pytest.raises(Invalid):
        ask(campus, "", "Try it")
    other = new_campus(campus.session, neutral_course("elsewhere"))
    with pytest.raises(Invalid):
        certificate_rule.save(campus.session, campus.instructor, campus.course.id, least_grade="", passed=[other.quiz("Final quiz").id])


def test_only_authors_see_and_change_what_a_certificate_asks_for(campus: Campus) -> None:
    for actor in (campus.student, campus.person("Otto Other", teaches=True)):
        with pytest.raises(NotFound):
            certificate_rule.certificate_rule(campus.session, actor, campus.course.id)
        with pytest.raises(NotFound):
            certificate_rule.preview(campus.session, actor, campus.course.id, least_grade="", passed=[])
        with pytest.raises(NotFound):
            certificate_rule.save(campus.session, actor, campus.course.id, least_grade="", passed=[])


def test_a_quiz_that_was_taken_out_of_sight_stays_asked_for_when_the_rule_is_saved(campus: Campus) -> None:
    ask(campus, "", "Final quiz")
    page = campus.page("Final quiz")
    shown, page.published_revision_id = page.published_revision_id, None
    campus.session.add(page)
    campus.session.flush()
    ask(campus, "50")
    page.published_revision_id = shown
    campus.session.add(page)
    campus.session.flush()
    rule = campus.session.get_one(Course, campus.course.id).certificate_rule
    assert rule == {"least_grade": "0.5", "passed": [str(campus.quiz("Final quiz").id)]}
