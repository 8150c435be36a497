"""The kinds of question are the same wherever one is chosen, and all that there are."""

import re

from lms_app.launcher.places import PROJECT
from lms_app.web.instructor.question_kinds import GROUPS
from lms_app.words import QuestionType

FORM = PROJECT / "lms_app" / "web" / "instructor" / "question_form.jsx"


def test_the_menu_and_the_editor_name_the_same_kinds_in_the_same_groups() -> None:
    written = FORM.read_text(encoding="utf-8").partition("export const KINDS = [\n")[2].partition("\n];")[0]
    editors = [
        (group, re.findall(r'\["(\w+)", "([^"]+)"\]', kinds)) for group, kinds in re.findall(r'^  \["([^"]+)", \[(.*)\]\],$', written, re.MULTILINE)
    ]
    assert editors == GROUPS
    assert {kind for _, kinds in editors for kind, _ in kinds} == set(QuestionType)
