"""What stands beside a page's or quiz's editor is what the registry counts again; it narrows to a run and a group, and costs the same for many."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import node_figures, quiz_statistics
from lms_app.domain.analytics.fold import fold
from lms_app.domain.analytics.narrowing import EVERYTHING, Wanted
from lms_app.domain.analytics.node_views import NodeFigures
from lms_app.domain.analytics.registry import ALL
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import access, course_health
from lms_app.domain.enrollments import beats, enrollments, learning, runs
from lms_app.errors import NotFound
from lms_app.models import Answer, CourseFinding, Enrollment, Group, GroupMember, Membership
from lms_app.words import NodeKind, QuestionType, StaffRole
from tests.support.campus import RIGHT, WRONG, neutral_course, new_campus, quiz_block, text_block
from tests.support.statements import statements

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = START + timedelta(days=30)
FILM = {"id": "film00000000", "type": "video", "url": "https://films.example/stones", "title": "How stones are made"}


def course_with_a_film():
    source = neutral_course("filmed")
    module = source.modules[0]
    lesson = module.lessons[0]
    page = replace(lesson.pages[0], blocks=(text_block("Stones are old."), FILM, quiz_block("practice")))
    return replace(source, modules=(replace(module, lessons=(replace(lesson, pages=(page, *lesson.pages[1:])), *module.lessons[1:])),))


def fold_all() -> None:
    with transaction() as session:
        while fold(session):
            pass


class Story:
    """Ada reads, watches and passes at her second attempt, Ben reads and stops there, Cleo fails; Dora only enrols."""

    def __init__(self) -> None:
        with transaction() as session, clock.moved_to(START):
            self.campus = new_campus(session, course_with_a_film())
            self.ada = self.campus.student
            self.ben, self.cleo, self.dora = (self.campus.person(name) for name in ("Ben", "Cleo", "Dora"))
            self.run_id = access.current_run(session, self.campus.course.id).id
            self.page, self.quiz = self.campus.page("Stones").id, self.campus.quiz("Final quiz").id
        for person in (self.ada, self.ben, self.cleo, self.dora):
            self.do(0, lambda person=person: self.campus.enroll(person))
        for hours, person, seconds in ((1, self.ben, 10), (30, self.ada, 50)):
            self.do(hours, lambda person=person: learning.open_page(self.session, person, self.page))
            self.do(hours + 0.1, lambda person=person, seconds=seconds: self.beat(person, seconds))
        self.do(40, lambda: self.sit(self.ada, WRONG))
        self.do(41, lambda: self.sit(self.ada, RIGHT))
        self.do(50, lambda: self.sit(self.cleo, WRONG))

    @property
    def session(self) -> Session:
        return self.campus.session

    def do(self, hours: float, act) -> None:
        with clock.moved_to(START + timedelta(hours=hours)), transaction() as session:
            self.campus.session = session
            act()

    def beat(self, person: Actor, seconds: int) -> None:
        film = beats.Film(block=FILM["id"], position=seconds, played=seconds, paused=person == self.ben)
        learning.heartbeat(self.session, person, self.page, seconds=seconds, reached_end=True, films=(film,))

    def sit(self, person: Actor, responses: dict[QuestionType, dict[str, object]]) -> None:
        sheet = attempts.start(self.session, person, self.quiz)
        for question in sheet.questions:
            answer = {"response": responses[QuestionType(question.type)], "sequence": 1, "saved_at": clock.now()}
            self.session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), **answer))
        self.session.flush()
        with clock.moved_to(clock.now() + timedelta(minutes=5)):
            attempts.submit(self.session, person, UUID(sheet.id))

    def group(self, name: str, *people: Actor) -> UUID:
        with transaction() as session:
            group = Group(id=uuid4(), run_id=self.run_id, name=name, created_at=NOW)
            session.add(group)
            session.flush()
            for person in people:
                query = select(Enrollment.id).where(Enrollment.run_id == self.run_id, Enrollment.person_id == person.person_id)
                session.add(GroupMember(group_id=group.id, enrollment_id=session.exec(query).one()))
        return group.id

    def of_page(self, wanted: Wanted = EVERYTHING) -> NodeFigures:
        return self.read(NodeKind.PAGE, self.page, wanted)

    def of_quiz(self, wanted: Wanted = EVERYTHING) -> NodeFigures:
        return self.read(NodeKind.ASSESSMENT, self.quiz, wanted)

    def read(self, kind: NodeKind, node: UUID, wanted: Wanted) -> NodeFigures:
        with clock.moved_to(NOW), transaction() as session:
            return node_figures.node_figures(session, self.campus.instructor, kind, node, wanted)

    def counted(self, name: str) -> dict[str, int]:
        with clock.moved_to(NOW), transaction() as session:
            return ALL[name].counted(session, self.run_id)


@pytest.fixture
def story(committed_database: str, redis_url: str) -> Story:
    told = Story()
    fold_all()
    return told


def values(figures: NodeFigures) -> dict[str, str]:
    return {figure.metric: f"{figure.value} {figure.unit}".strip() for figure in figures.figures}


def test_the_figures_of_a_page_are_what_their_metrics_count_from_the_events(story: Story) -> None:
    page, shown = story.of_page(), values(story.of_page())
    key = str(story.page)
    assert (page.people, page.opened) == (4, 2)
    for metric in ("opened", "completion", "dropped_at"):
        assert int(shown[metric]) == story.counted(metric).get(key, 0), metric
    assert shown["median_time_by_item"] == f"{story.counted('median_time_by_item')[key]} s" == "30 s"
    feet = {figure.metric: figure.foot for figure in page.figures}
    assert feet["opened"] == "50 % of 4"
    assert feet["median_time_by_item"] == "the middle half 20–40 s"
    by_day = {f"{key}:{day.day}": day.opened for day in page.days if day.opened}
    assert by_day == {name: count for name, count in story.counted("opened_by_item_and_day").items() if name.startswith(key)}
    assert page.days_finding.startswith("Most came on 2 March: 1 person.")
    assert page.scores is None
    assert page.questions.shown == []


def test_a_film_says_who_played_each_part_and_where_it_is_stopped(story: Story) -> None:
    (film,) = story.of_page().films
    assert (film.title, film.people, film.stops) == ("How stones are made", 2, 1)
    assert [(part.start, part.end, part.people, part.stops) for part in film.parts] == [(0, 30, 2, 1), (30, 60, 1, 0)]
    counted = story.counted("film_people")
    prefix = f"{story.page}:{FILM['id']}"
    assert counted == {f"{prefix}:all": film.people, **{f"{prefix}:{number}": part.people for number, part in enumerate(film.parts)}}
    assert story.counted("film_seconds") == {prefix: 60}
    assert film.finding == "2 people have played it, 30 s each on average; 1 came as far as 0:30."


def test_the_figures_of_a_quiz_are_what_their_metrics_count_from_the_attempts(story: Story) -> None:
    quiz, shown = story.of_quiz(), values(story.of_quiz())
    key = str(story.quiz)
    for metric in ("opened", "submitted_by_quiz", "attempts_by_quiz", "completion"):
        assert int(shown[metric]) == story.counted(metric)[key], metric
    assert shown["passed_by_quiz"] == "50 %"
    assert story.counted("passed_by_quiz") == {key: 1}
    assert shown["median_attempt_time"] == "5 min"
    assert story.counted("median_attempt_time")[key] == 300
    assert shown["mean_score_by_quiz"] == f"{story.counted('mean_score_by_quiz')[key] // 10_000} %"
    assert quiz.scores is not None
    assert sum(step.attempts for step in quiz.scores.bins) == 3
    assert quiz.films == []


def test_a_questions_figures_are_those_of_the_statistics_page_with_what_is_chosen_wrongly_most(story: Story) -> None:
    quiz = story.of_quiz()
    with clock.moved_to(NOW), transaction() as session:
        whole = quiz_statistics.quiz_statistics(session, story.campus.instructor, story.quiz)
    assert quiz.questions.finding == whole.finding
    assert [(one.id, one.number, one.facility, one.item_rest, one.answered, one.flags) for one in quiz.questions.shown] == [
        (one.id, one.number, one.facility, one.item_rest, one.answered, one.flags) for one in whole.questions
    ]
    first = quiz.questions.shown[0]
    assert first.wrong.endswith("100 %")
    assert first.facility.text == "0 %"


def test_the_health_of_the_course_finds_what_nobody_gets_right_by_the_same_numbers(story: Story) -> None:
    for number in range(8):
        with transaction() as session:
            story.campus.session = session
            person = story.campus.person(f"More {number}")
        story.do(60, lambda person=person: story.campus.enroll(person))
        story.do(61, lambda person=person: story.sit(person, WRONG))
    fold_all()
    nobody = {one.id for one in story.of_quiz().questions.shown if one.facility.value == 0 and one.answered >= 10}
    with clock.moved_to(NOW), transaction() as session:
        course_health.check(session, story.campus.course.id)
        found = session.exec(select(CourseFinding.node_id).where(CourseFinding.code == "nobody_right")).all()
    assert nobody == set(map(str, found)) != set()


def test_a_group_is_counted_by_the_rows_of_its_members(story: Story) -> None:
    morning = Wanted(group=story.group("Morning", story.ada))
    page, quiz = story.of_page(morning), story.of_quiz(morning)
    assert (page.people, page.opened, values(page)["median_time_by_item"]) == (1, 1, "50 s")
    assert [(part.people, part.stops) for part in page.films[0].parts] == [(1, 0), (1, 0)]
    assert (values(quiz)["attempts_by_quiz"], values(quiz)["passed_by_quiz"]) == ("2", "100 %")
    assert {one.answered for one in quiz.questions.shown} == {1}
    everybody = Wanted(group=story.group("All", story.ada, story.ben, story.cleo, story.dora))
    for whole, part in ((story.of_page(), story.of_page(everybody)), (story.of_quiz(), story.of_quiz(everybody))):
        assert replace(part, group="", groups=whole.groups) == whole


def test_an_earlier_run_has_its_own_figures(story: Story) -> None:
    with clock.moved_to(NOW), transaction() as session:
        new = runs.create_run(session, story.campus.instructor, story.campus.course.id, title="Spring again")
        runs.choose_run(session, story.campus.instructor, story.campus.course.id, new)
    now, before = story.of_page(), story.of_page(Wanted(run=story.run_id))
    assert (now.run, now.people, now.opened, now.days_finding) == (str(new), 0, 0, "Nobody has opened it yet.")
    assert (before.run, before.people, before.opened) == (str(story.run_id), 4, 2)


def test_what_was_counted_is_kept_until_the_figures_move_or_a_group_has_other_members(story: Story) -> None:
    def cost(kind: NodeKind, node: UUID, wanted: Wanted) -> int:
        with clock.moved_to(NOW), transaction() as session, statements(session) as made:
            node_figures.node_figures(session, story.campus.instructor, kind, node, wanted)
        return len(made)

    group = Wanted(group=story.group("Morning", story.ada))
    for wanted in (EVERYTHING, group):
        for kind, node, counting in ((NodeKind.PAGE, story.page, 3), (NodeKind.ASSESSMENT, story.quiz, 6 if wanted is EVERYTHING else 5)):
            first, again = cost(kind, node, wanted), cost(kind, node, wanted)
            assert first - again == counting
    assert (story.of_page().opened, story.of_page(group).opened) == (2, 1)
    story.do(60, lambda: learning.open_page(story.session, story.dora, story.page))
    assert story.of_page().opened == 2
    with transaction() as session:
        dora = session.exec(select(Enrollment.id).where(Enrollment.run_id == story.run_id, Enrollment.person_id == story.dora.person_id)).one()
        assert group.group
        session.add(GroupMember(group_id=group.group, enrollment_id=dora))
    assert (story.of_page(group).people, story.of_page(group).opened) == (2, 1)
    fold_all()
    assert (story.of_page().opened, story.of_page(group).opened) == (3, 2)


def test_only_the_staff_may_look_and_runs_and_groups_of_elsewhere_are_not_found(story: Story) -> None:
    for wanted in (Wanted(run=uuid4()), Wanted(group=uuid4())):
        with pytest.raises(NotFound):
            story.of_page(wanted)
    with transaction() as session:
        story.campus.session = session
        viewer, other = story.campus.person("Vera", teaches=True), story.campus.person("Otto", teaches=True)
        session.add(Membership(course_id=story.campus.course.id, person_id=viewer.person_id, role=StaffRole.VIEWER, created_at=NOW))
        session.flush()
        assert node_figures.node_figures(session, viewer, NodeKind.PAGE, story.page).people == 4
        for kind, node in ((NodeKind.PAGE, story.page), (NodeKind.ASSESSMENT, story.quiz)):
            for stranger in (other, story.ada):
                with pytest.raises(NotFound):
                    node_figures.node_figures(session, stranger, kind, node)
        for kind in (NodeKind.PAGE, NodeKind.COURSE, NodeKind.ASSESSMENT):
            with pytest.raises(NotFound):
                node_figures.watched_node(session, viewer, kind, uuid4())


def test_reading_them_takes_the_same_number_of_statements_for_four_people_and_for_thirty(story: Story) -> None:
    def costs() -> list[int]:
        made = []
        for kind, node in ((NodeKind.PAGE, story.page), (NodeKind.ASSESSMENT, story.quiz)):
            with clock.moved_to(NOW), transaction() as session, statements(session) as told:
                node_figures.node_figures(session, story.campus.instructor, kind, node)
            made.append(len(told))
        return made

    few = costs()
    with transaction() as session:
        story.campus.session = session
        people = [story.campus.person(f"More {number}") for number in range(26)]
    for number, person in enumerate(people):
        with clock.moved_to(NOW), transaction() as session:
            story.campus.session = session
            enrollments.enroll(session, person, story.campus.slug)
            learning.open_page(session, person, story.page)
            if number % 5 == 0:
                story.sit(person, RIGHT)
    fold_all()
    assert few == costs()
    assert max(few) <= 20
