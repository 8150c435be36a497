"""A student's own pages: a goal is set, changed and removed where it is shown, live in every tab and in nobody else's; weeks in a row are hidden."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.furnished import INSTRUCTOR, STUDENT, Furnished

SECRET = "97 %"
"""A goal that nothing else on any page says."""


def fill(page: Page, **fields: str) -> None:
    dialog = page.get_by_role("dialog")
    for label, words in fields.items():
        dialog.get_by_label(label.replace("_", " ")).fill(words)
    dialog.get_by_role("button", name="Save goal").click()


def test_a_goal_is_set_seen_in_every_tab_of_ones_own_changed_and_removed(visit, furnished: Furnished) -> None:
    visitor = visit()
    home = visitor.page
    sign_in(home, STUDENT)
    expect(home.get_by_role("heading", name="Your week")).to_be_visible()
    tab = visitor.watch(visitor.context.new_page())
    home.get_by_role("link", name="Progress and scores").click()
    home.wait_for_url("**/progress/**")
    progress = home.url
    tab.goto("/home")
    expect(tab.get_by_text("You have set none.")).to_be_visible()

    home.get_by_role("button", name="Set a goal").click()
    fill(home)
    expect(home.get_by_text("Fill in at least one of the three.")).to_be_visible()
    fill(home, Score_to_reach="97", Hours_a_week="2,5", Days_a_week="3")
    expect(home.get_by_role("dialog")).to_have_count(0)
    expect(home.get_by_text(f"You mean to reach {SECRET}, 2 h 30 min a week, on 3 days a week.")).to_be_visible()
    # The other tab shows it by itself.
    expect(tab.get_by_text(f"{SECRET}, 2 h 30 min a week, on 3 days a week")).to_be_visible()
    expect(tab.get_by_role("progressbar", name="Time this week")).to_be_visible()

    tab.get_by_role("button", name=re.compile("^Change your goal in ")).click()
    expect(tab.get_by_label("Hours a week")).to_have_value("2.5")
    fill(tab, Hours_a_week="", Days_a_week="1")
    expect(home.get_by_text(f"You mean to reach {SECRET}, on 1 day a week.")).to_be_visible()

    # What is kept says it, and nobody else is told.
    tab.goto("/profile/data")
    expect(tab.get_by_text(re.compile(f"{SECRET}, on 1 day a week"))).to_be_visible()
    teacher = visit().page
    sign_in(teacher, INSTRUCTOR)
    teacher.goto(f"/teach/courses/{furnished.course_id}/students/{furnished.enrollment}")
    expect(teacher.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
    assert SECRET not in teacher.content()

    home.goto(progress)
    home.get_by_role("button", name="Change goal").click()
    home.get_by_role("dialog").get_by_role("button", name="Remove goal").click()
    expect(home.get_by_text("You have set none for this course.")).to_be_visible()


def test_weeks_in_a_row_are_hidden_and_shown_again(visit, furnished: Furnished) -> None:
    page = visit(viewport={"width": 360, "height": 740}).page
    sign_in(page, STUDENT)
    expect(page.get_by_role("button", name="Hide weeks in a row")).to_be_visible()
    page.get_by_role("button", name="What “Weeks in a row” means").click()
    expect(page.get_by_role("note").filter(has_text="One week off is passed over")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Hide weeks in a row").click()
    expect(page.get_by_role("button", name="Show weeks in a row")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Show weeks in a row").click()
    expect(page.get_by_role("button", name="Hide weeks in a row")).to_be_visible()
