"""The page of documentation about figures says what the registry says. `RECORD=1` writes it anew."""

import os

from lms_app.domain.analytics.own_figures import OWN_FIGURES
from lms_app.domain.analytics.quiz_metrics import QUIZ_METRICS
from lms_app.domain.analytics.registry import ALL, RUN_METRICS, notes
from lms_app.domain.analytics.statement_rules import OWN, VERBS
from lms_app.domain.analytics.student_metrics import STUDENT_METRICS
from lms_app.launcher.places import PROJECT

DOCS = PROJECT / "docs" / "analytics.md"
HEAD = "| here | outside |\n|---|---|\n"
"""What is written by hand ends here."""


def lists() -> str:
    """The part of the page that is made: words outside, and every metric."""
    own = f"one of ours, below `{OWN}/verbs/` of the installation"
    parts = ["\n".join(f"| {verb} | {f'`{iri}`' if iri else own} |" for verb, (iri, _) in VERBS.items())]
    groups = {
        "Metrics of runs and people": RUN_METRICS,
        "Metrics of quizzes and questions": QUIZ_METRICS,
        "Metrics of students' own pages": STUDENT_METRICS,
    }
    for title, metrics in groups.items():
        rows = [" | ".join((f"{each.title} (`{name}`)", each.meaning, each.unit, each.n, each.source)) for name, each in metrics.items()]
        parts.append(f"## {title}\n\n| metric | what it means | unit | n | from |\n|---|---|---|---|---|\n" + "\n".join(f"| {row} |" for row in rows))
    return "\n\n".join(parts) + "\n"


def test_the_documentation_defines_every_metric_and_verb_as_the_registry_does() -> None:
    words = DOCS.read_text(encoding="utf-8")
    made = lists()
    if os.environ.get("RECORD"):
        DOCS.write_text(words.split(HEAD)[0] + HEAD + made, encoding="utf-8")
        words = DOCS.read_text(encoding="utf-8")
    assert words.endswith(made)


def test_pages_say_units_and_n_as_people_do() -> None:
    every = notes(*ALL, *OWN_FIGURES)
    assert not [note.name for note in every for word in ("1970", "millionths", "shown as", "seconds per") if word in note.unit]
    assert not [note.name for note in every if not note.n or note.n.startswith("this ")]
    shown = {note.name: (note.title, note.unit, note.n) for note in every}
    assert shown["last_active"] == ("Last visit", "date and time", "1 person")
    assert shown["mean_score_of_person"] == ("Mean score", "percent of full marks", "attempts of the person")


def test_names_are_those_by_which_metrics_are_found() -> None:
    assert len(ALL) == len(RUN_METRICS) + len(QUIZ_METRICS) + len(STUDENT_METRICS)
    assert [note.name for note in notes(*ALL)] == list(ALL)
