"""What the figures mean that are read for one person as they are, from that person's own rows: of a student to the student and to the staff. They are
counted when they are shown; nothing is rolled up, so nothing can drift."""

from lms_app.domain.analytics.views import MetricNote

AT_ONCE = "counted when the page is shown"


def _note(name: str, title: str, meaning: str, unit: str, n: str, source: str) -> MetricNote:
    return MetricNote(name=name, title=title, meaning=meaning, unit=unit, n=n, source=source, freshness=AT_ONCE)


OWN_FIGURES = {
    note.name: note
    for note in (
        _note(
            "own_weeks",
            "Your last eight weeks",
            "Steps that you completed on each day, by your own clock. The lightest shade is a day on which you learnt and completed none.",
            "steps per day",
            "active days",
            "your completions and learning events",
        ),
        _note(
            "own_scores",
            "Your scores",
            "The score of each quiz that counts, by its own rule: best, last, first or mean attempt. Only marks that have been released.",
            "percent",
            "quizzes",
            "your marked attempts",
        ),
        _note(
            "progress",
            "Progress",
            "Required pages and quizzes that are completed by their own rules, of all that are required now.",
            "percent, rounded down",
            "required items",
            "the ledger of completions",
        ),
    )
}
