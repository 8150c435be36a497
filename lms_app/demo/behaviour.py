"""Eight weeks of thirty students, as a plan: who does what, and when. Pure and seeded: no database, no clock.

Each student has a persona, which says how often, how long and how well they study. A plan is a list of acts in order of time; `seed.py` plays
them by calling the use cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from lms_app.demo.outlines import CourseOutline, PageStep, QuizStep
from lms_app.demo.people import DemoPerson, Persona

WEEKS = 8
HOURS = tuple(range(7, 24))
WEIGHTS = (2, 3, 4, 4, 4, 3, 4, 3, 3, 3, 4, 5, 7, 9, 9, 6, 2)
"""At which local hours sittings begin, and how often."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Somebody (by e-mail address) does something in a course (by slug) at a time."""

    at: datetime
    person: str
    course: str


@dataclass(frozen=True, kw_only=True)
class Enrol(Act):
    """Joins the course."""


@dataclass(frozen=True, kw_only=True)
class ViewPage(Act):
    """Opens a page."""

    page: str


@dataclass(frozen=True, kw_only=True)
class CompletePage(Act):
    """Has read a page to its end after so many seconds, or marks it by hand, as its rule wants."""

    page: str
    seconds: int
    by_hand: bool


@dataclass(frozen=True, kw_only=True)
class StartQuiz(Act):
    """Begins an attempt."""

    quiz: str


@dataclass(frozen=True, kw_only=True)
class AnswerQuestion(Act):
    """Answers a question of the attempt under way. `check` asks at once how it did."""

    quiz: str
    question: str
    response: dict[str, Any]
    right: bool
    check: bool


@dataclass(frozen=True, kw_only=True)
class SubmitQuiz(Act):
    """Hands the attempt in. `right` of `questions` answers were right."""

    quiz: str
    right: int
    questions: int


@dataclass(frozen=True, kw_only=True)
class Withdraw(Act):
    """Leaves the course."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What a persona does. Days count from the beginning of the eight weeks, shares are of a course or of cases."""

    begins: tuple[float, float]
    sessions_a_week: float
    minutes: tuple[float, float]
    pace: tuple[float, float]
    knows: tuple[float, float]
    tours: float
    practises: float
    second_course: float
    leaves_after: tuple[float, float] = (1.0, 1.0)
    withdraws: float = 0.0
    walks_out: float = 0.0


HABITS: dict[Persona, Habits] = {
    Persona.KEEN: Habits(
        begins=(0, 9), sessions_a_week=2.6, minutes=(20, 38), pace=(1.5, 2.1), knows=(0.84, 0.95), tours=1, practises=0.7, second_course=0.8
    ),
    Persona.STEADY: Habits(
        begins=(0, 26), sessions_a_week=1.5, minutes=(18, 34), pace=(1.6, 2.4), knows=(0.7, 0.87), tours=0.6, practises=0.45, second_course=0.35
    ),
    Persona.LATE: Habits(
        begins=(33, 44), sessions_a_week=1.6, minutes=(18, 32), pace=(1.5, 2.1), knows=(0.74, 0.86), tours=1, practises=0.4, second_course=0
    ),
    Persona.STRUGGLING: Habits(
        begins=(0, 20), sessions_a_week=1.4, minutes=(18, 32), pace=(2.2, 3.0), knows=(0.5, 0.64), tours=0.5, practises=0.6, second_course=0,
        leaves_after=(0.5, 0.95), walks_out=0.35,
    ),
    Persona.DROP_OUT: Habits(
        begins=(0, 16), sessions_a_week=1.1, minutes=(12, 25), pace=(1.2, 1.8), knows=(0.58, 0.72), tours=0.3, practises=0.3, second_course=0,
        leaves_after=(0.1, 0.4), withdraws=0.9,
    ),
    Persona.BINGE: Habits(
        begins=(24, 48), sessions_a_week=4, minutes=(80, 150), pace=(1.0, 1.5), knows=(0.68, 0.8), tours=0.3, practises=0.25, second_course=0.5
    ),
}  # fmt: skip


def plan(courses: Sequence[CourseOutline], people: Sequence[DemoPerson], seed: int, until: datetime) -> list[Act]:
    """Everything the students among `people` do in the eight weeks before `until`, in order of time.

    The first course is the one they all came for; the second some take beside it; the third is the tour that many take first. The same
    arguments give the same plan.
    """
    difficulty = {question.ref: Random(f"{seed}:{question.ref}").uniform(-0.12, 0.14) for course in courses for question in course.questions()}
    acts: list[Act] = []
    for person in people:
        if person.persona is not None:
            acts += _Student(person, HABITS[person.persona], difficulty, Random(f"{seed}:{person.email}"), until).acts(courses)
    return sorted((act for act in acts if act.at <= until), key=lambda act: (act.at, act.person))


@dataclass
class _Student:
    """One student at work. `now` moves forward only; `left` is what remains of the present sitting, in minutes."""

    person: DemoPerson
    habits: Habits
    difficulty: dict[str, float]
    chance: Random
    until: datetime
    now: datetime = field(init=False)
    left: float = field(init=False, default=0)
    done: list[Act] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.knows = self.chance.uniform(*self.habits.knows)
        self.pace = self.chance.uniform(*self.habits.pace)
        self.now = self.until - timedelta(weeks=WEEKS) + timedelta(days=self.chance.uniform(*self.habits.begins))

    def acts(self, courses: Sequence[CourseOutline]) -> list[Act]:
        """What the student does, beyond `until` too: the future is cut off by the caller."""
        main, beside, tour = courses
        steps = self._main_steps(main)
        work = [(main, step) for step in steps]
        if self.chance.random() < self.habits.second_course:
            at = self.chance.randint(len(work) // 4, len(work))
            work[at:at] = [(beside, step) for step in beside.pages]
        if self.chance.random() < self.habits.tours:
            work[:0] = [(tour, step) for step in tour.pages]
        self._sit_down()
        enrolled: set[str] = set()
        for course, page in work:
            if course.slug not in enrolled:
                enrolled.add(course.slug)
                self._pass(self.chance.uniform(0.1, 0.6))
                self.done.append(Enrol(at=self.now, person=self.person.email, course=course.slug))
                self._pass(self.chance.uniform(0.3, 2))
            self._page(course, page)
            if self.now > self.until:
                return self.done
        if len(steps) < len(main.pages) and self.chance.random() < self.habits.withdraws:
            self.now += timedelta(days=self.chance.uniform(3, 12))
            self._sit_down()
            self.done.append(Withdraw(at=self.now, person=self.person.email, course=main.slug))
        return self.done

    def _main_steps(self, course: CourseOutline) -> tuple[PageStep, ...]:
        share = self.chance.uniform(*self.habits.leaves_after)
        return course.pages[: max(2, round(share * len(course.pages)))]

    def _page(self, course: CourseOutline, page: PageStep) -> None:
        self._rest_if_tired()
        self._pass(self.chance.uniform(0.05, 0.3))
        self.done.append(ViewPage(at=self.now, person=self.person.email, course=course.slug, page=page.ref))
        opened = self.now
        self._pass(max(0.4, page.minutes * self.pace * self.chance.uniform(0.7, 1.4)))
        if page.completes:
            seconds = int((self.now - opened).total_seconds())
            act = CompletePage(at=self.now, person=self.person.email, course=course.slug, page=page.ref, seconds=seconds, by_hand=page.by_hand)
            self.done.append(act)
        for quiz in page.quizzes:
            if not quiz.practice:
                self._graded(course, page, quiz)
            elif self.chance.random() < self.habits.practises:
                self._pass(0.3)
                self._attempt(course, quiz, bonus=0.02)

    def _graded(self, course: CourseOutline, page: PageStep, quiz: QuizStep) -> None:
        """Attempts until it is passed, patience or attempts run out."""
        patience = quiz.attempts or 4
        for attempt in range(patience):
            if attempt:
                self._think_it_over()
                self.done.append(ViewPage(at=self.now, person=self.person.email, course=course.slug, page=page.ref))
            self._pass(self.chance.uniform(0.3, 1.5))
            if self._attempt(course, quiz, bonus=0.13 * attempt):
                return

    def _attempt(self, course: CourseOutline, quiz: QuizStep, *, bonus: float) -> bool:
        """One sitting. Gives True when it passed."""
        who, slug = self.person.email, course.slug
        self.done.append(StartQuiz(at=self.now, person=who, course=slug, quiz=quiz.ref))
        began, budget = self.now, (quiz.time_limit or 36_000) / 60 - 1
        walks_out = quiz.time_limit is not None and self.chance.random() < self.habits.walks_out
        last = self.chance.randint(2, len(quiz.questions) - 1) if walks_out else len(quiz.questions)
        right = 0
        for question in quiz.questions[:last]:
            spent = (self.now - began).total_seconds() / 60
            self._pass(min(self.pace * self.chance.uniform(0.5, 1.8), (budget - spent) * 0.6))
            knows = self.chance.random() < min(0.98, self.knows + bonus - self.difficulty[question.ref])
            right += knows
            response = question.right if knows else self.chance.choice(question.wrong)
            answer = AnswerQuestion(
                at=self.now, person=who, course=slug, quiz=quiz.ref, question=question.ref, response=response, right=knows, check=quiz.immediate
            )
            self.done.append(answer)
        if walks_out:
            self._pass(budget + 6)
            return False
        self._pass(self.chance.uniform(0.1, 0.5))
        self.done.append(SubmitQuiz(at=self.now, person=who, course=slug, quiz=quiz.ref, right=right, questions=len(quiz.questions)))
        return quiz.pass_mark is None or right >= quiz.pass_mark * len(quiz.questions)

    def _pass(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)
        self.left -= minutes

    def _rest_if_tired(self) -> None:
        if self.left <= 0:
            self._sit_down()

    def _think_it_over(self) -> None:
        """After a failed attempt: read again at once, or sleep on it."""
        if self.left > 10 and self.chance.random() < 0.5:
            self._pass(self.chance.uniform(4, 12))
        else:
            self._sit_down()

    def _sit_down(self) -> None:
        """Moves to the beginning of the next sitting: some days later, at an hour when people study where this one lives."""
        gap = self.chance.expovariate(self.habits.sessions_a_week / 7)
        moment = (self.now + timedelta(days=min(0.5 + gap, 14))).astimezone(ZoneInfo(self.person.time_zone))
        hour = self.chance.choices(HOURS, WEIGHTS)[0]
        local = moment.replace(hour=hour, minute=self.chance.randrange(60), second=self.chance.randrange(60), microsecond=0)
        while local.astimezone(self.until.tzinfo) <= self.now + timedelta(minutes=30):
            local += timedelta(days=1)
        self.now = local.astimezone(self.until.tzinfo)
        self.left = self.chance.uniform(*self.habits.minutes)
