"""What a student's home knows: courses, the week and its goals, dates, scores."""

import reflex as rx

from lms_app.domain.analytics import learner, own_week, standing
from lms_app.domain.analytics.own_week import OwnWeek
from lms_app.domain.analytics.standing import Standing
from lms_app.domain.analytics.views import LearnerCourse, LearnerHome
from lms_app.domain.calendar import queries as dates
from lms_app.domain.calendar.views import NextDates
from lms_app.web import live
from lms_app.web.changes import put
from lms_app.web.identity import known_actor
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class HomeState(rx.State):
    """The student's dashboard."""

    ready: bool = False
    home: LearnerHome | None = None
    going_on: LearnerCourse | None = None
    """The course to continue: the one last used that is not complete."""
    others: list[LearnerCourse] = []
    week: OwnWeek | None = None
    coming: NextDates | None = None
    standing: Standing | None = None

    @rx.event
    @allow(Role.STUDENT)
    async def load(self):
        """Reads the dashboard, now and whenever progress, time, a grade or a certificate moves."""
        person = known_actor().person_id
        for hint in (Hint.PROGRESS, Hint.LEARNT, Hint.GRADES, Hint.INBOX):
            live.watch(self, hint, person, HomeState.load)
        live.watch(self, Hint.GOALS, person, HomeState.reread_week)
        home = await perform(self, learner.learner_home)
        going_on = next((course for course in home.courses if not course.completed), None)
        put(
            self,
            home=home,
            going_on=going_on,
            others=[course for course in home.courses if course is not going_on],
            week=await perform(self, own_week.own_week),
            coming=await perform(self, dates.next_dates),
            standing=await perform(self, standing.standing),
            ready=True,
        )

    @rx.event
    @allow(Role.STUDENT)
    async def reread_week(self):
        """Reads the week again: a goal has changed."""
        put(self, week=await perform(self, own_week.own_week))
