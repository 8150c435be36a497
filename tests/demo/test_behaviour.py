"""The plan of the eight weeks: the same each time, and as people might behave."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from lms_app.demo.behaviour import WEEKS, Act, AnswerQuestion, CompletePage, Enrol, StartQuiz, SubmitQuiz, ViewPage, Withdraw, plan
from lms_app.demo.course_files import SLUGS, read_course
from lms_app.demo.outlines import CourseOutline, QuizStep, outline_of
from lms_app.demo.people import STUDENTS, Persona

UNTIL = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
SEEDS = (1, 2, 3)


@cache
def outlines() -> tuple[CourseOutline, ...]:
    return tuple(outline_of(read_course(slug)) for slug in SLUGS)


@cache
def acts(seed: int = 1) -> tuple[Act, ...]:
    return tuple(plan(outlines(), STUDENTS, seed, UNTIL))


def by_person(seed: int) -> dict[str, list[Act]]:
    mine: dict[str, list[Act]] = defaultdict(list)
    for act in acts(seed):
        mine[act.person].append(act)
    return mine


def quizzes() -> dict[str, QuizStep]:
    return {quiz.ref: quiz for outline in outlines() for page in outline.pages for quiz in page.quizzes}


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    assert plan(outlines(), STUDENTS, 1, UNTIL) == list(acts(1))
    assert plan(outlines(), STUDENTS, 2, UNTIL) != list(acts(1))


def test_a_plan_moves_with_its_end() -> None:
    later = plan(outlines(), STUDENTS, 1, UNTIL + timedelta(weeks=1))
    assert [type(act) for act in later[:200]] == [type(act) for act in acts(1)[:200]]
    assert later[0].at - acts(1)[0].at == timedelta(weeks=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_acts_are_in_order_of_time_within_the_eight_weeks(seed: int) -> None:
    times = [act.at for act in acts(seed)]
    assert times == sorted(times)
    assert UNTIL - timedelta(weeks=WEEKS) <= times[0]
    assert times[-1] <= UNTIL


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_does_anything_in_a_course_before_enrolling_or_after_leaving(seed: int) -> None:
    inside: set[tuple[str, str]] = set()
    for act in acts(seed):
        place = (act.person, act.course)
        if isinstance(act, Enrol):
            assert place not in inside
            inside.add(place)
            continue
        assert place in inside, act
        if isinstance(act, Withdraw):
            inside.remove(place)


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_completes_a_page_without_opening_it_or_is_at_two_things_at_once(seed: int) -> None:
    for mine in by_person(seed).values():
        opened: set[str] = set()
        for before, act in zip([None, *mine], mine, strict=False):
            assert before is None or before.at < act.at, act
            if isinstance(act, ViewPage):
                opened.add(act.page)
            if isinstance(act, CompletePage):
                assert act.page in opened
                assert act.seconds >= 5


@pytest.mark.parametrize("seed", SEEDS)
def test_answers_belong_to_an_attempt_that_is_open_and_in_time(seed: int) -> None:
    for mine in by_person(seed).values():
        running: StartQuiz | None = None
        used: dict[str, int] = defaultdict(int)
        for act in mine:
            if isinstance(act, StartQuiz):
                limit = quizzes()[running.quiz].time_limit if running else None
                assert running is None or (limit and act.at > running.at + timedelta(seconds=limit)), "an attempt was left open"
                running = act
                used[act.quiz] += 1
            elif isinstance(act, AnswerQuestion | SubmitQuiz):
                assert running is not None
                assert act.quiz == running.quiz
                limit = quizzes()[act.quiz].time_limit
                assert limit is None or act.at <= running.at + timedelta(seconds=limit)
                if isinstance(act, SubmitQuiz):
                    running = None
        assert all(quizzes()[ref].attempts is None or times <= (quizzes()[ref].attempts or 0) for ref, times in used.items())


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_answered_is_as_right_as_the_plan_says(seed: int) -> None:
    questions = {question.ref: question for outline in outlines() for question in outline.questions()}
    for act in acts(seed):
        if isinstance(act, AnswerQuestion):
            assert (act.response == questions[act.question].right) == act.right


@pytest.mark.parametrize("seed", SEEDS)
def test_the_keen_are_ahead_of_the_struggling_and_drop_outs_stop_early(seed: int) -> None:
    pages: dict[str, set[str]] = defaultdict(set)
    answers: dict[Persona, list[bool]] = defaultdict(list)
    personas = {person.email: person.persona for person in STUDENTS if person.persona}
    for act in acts(seed):
        if isinstance(act, CompletePage) and act.course == SLUGS[0]:
            pages[act.person].add(act.page)
        if isinstance(act, AnswerQuestion):
            answers[personas[act.person]].append(act.right)

    def share_right(persona: Persona) -> float:
        return sum(answers[persona]) / len(answers[persona])

    def mean_pages(persona: Persona) -> float:
        group = [email for email, its in personas.items() if its == persona]
        return sum(len(pages[email]) for email in group) / len(group)

    assert share_right(Persona.KEEN) > share_right(Persona.STEADY) > share_right(Persona.STRUGGLING)
    assert mean_pages(Persona.KEEN) > mean_pages(Persona.STRUGGLING) > mean_pages(Persona.DROP_OUT)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_page_of_the_campus_has_something_to_show(seed: int) -> None:
    """Some have finished and some are under way, in every course; each week has activity; the demo student is in the middle and has a certificate."""
    weeks = {(act.at - (UNTIL - timedelta(weeks=WEEKS))).days // 7 for act in acts(seed)}
    assert weeks >= set(range(WEEKS))
    reached = {(act.person, act.course, act.page) for act in acts(seed) if isinstance(act, ViewPage)}
    for outline in outlines():
        last = {person for person, slug, page in reached if slug == outline.slug and page == outline.pages[-1].ref}
        assert len(last) >= 3
    assert ("student@example.org", "first-steps", "quiz-first-steps") in reached
    assert ("student@example.org", SLUGS[0], outlines()[0].pages[0].ref) in reached
    assert ("student@example.org", SLUGS[0], outlines()[0].pages[-1].ref) not in reached
