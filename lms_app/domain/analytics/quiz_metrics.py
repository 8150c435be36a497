"""The metric registry of item statistics: every figure on the statistics pages has an entry, its definition in words, and two ways to count it: from
the running sums, and by Postgres from the attempts themselves. The parity test holds them against each other.

Counts are millionths, by quiz, by quiz and question, or by quiz, question, part and value.
"""

from collections.abc import Callable, Iterator
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.domain.analytics.item_figures_rules import (
    ChoiceFigures,
    Figure,
    ItemFigures,
    QuizFigures,
    all_choice_figures,
    all_item_figures,
    quiz_figures,
)
from lms_app.domain.analytics.item_sums_rules import MICRO
from lms_app.domain.analytics.metrics import FRESHNESS, Counted, Metric
from lms_app.domain.analytics.quiz_metric_queries import BASE, SELECTS
from lms_app.domain.analytics.quiz_statistics import Ranked, run_figures
from lms_app.domain.analytics.ranked_figures_rules import RankedFigures
from lms_app.models import RunQuizSums

SOURCE = "marks of each person's first finished attempt, once every answer is marked"


def _counted(name: str) -> Callable[[Session, UUID], Counted]:
    """Counted by Postgres."""
    statement = text(BASE + SELECTS[name])

    def run(session: Session, run_id: UUID) -> Counted:
        rows = session.execute(statement, {"run": run_id})
        return {str(key): count for key, value in rows if value is not None and (count := _micro(float(value)))}

    return run


def _of_tests(figure: Callable[[QuizFigures], Figure]) -> Callable[[Session, UUID], Counted]:
    return _rolled_up(lambda quiz, sums, _: [(quiz, figure(quiz_figures(sums)))])


def _of_items(figure: Callable[[ItemFigures], Figure]) -> Callable[[Session, UUID], Counted]:
    return _rolled_up(lambda quiz, sums, _: [(f"{quiz}:{name}", figure(item)) for name, item in all_item_figures(sums).items()])


def _of_ranks(figure: Callable[[RankedFigures], Figure]) -> Callable[[Session, UUID], Counted]:
    return _rolled_up(lambda quiz, _, ranked: [(f"{quiz}:{name}", figure(item)) for name, item in ranked[1].items()])


def _of_choices(figure: Callable[[ChoiceFigures], Figure]) -> Callable[[Session, UUID], Counted]:
    return _rolled_up(lambda quiz, sums, _: [(f"{quiz}:{':'.join(key)}", figure(choice)) for key, choice in all_choice_figures(sums).items()])


def _median(quiz: str, _: object, ranked: Ranked) -> list[tuple[str, Figure]]:
    return [(quiz, ranked[0])]


def _rolled_up(figures: Callable[..., list[tuple[str, Figure]]]) -> Callable[[Session, UUID], Counted]:
    def run(session: Session, run_id: UUID) -> Counted:
        return {key: count for key, figure in _each(session, run_id, figures) if figure.value is not None and (count := _micro(figure.value))}

    return run


def _each(session: Session, run_id: UUID, figures: Callable[..., list[tuple[str, Figure]]]) -> Iterator[tuple[str, Figure]]:
    for quiz in session.exec(select(RunQuizSums.assessment_id).where(col(RunQuizSums.run_id) == run_id)).all():
        yield from figures(str(quiz), *run_figures(session, run_id, quiz))


def _micro(value: float) -> int:
    return round(value * MICRO)


def _metric(name: str, title: str, meaning: str, unit: str, rolled_up: Callable[[Session, UUID], Counted]) -> Metric:
    return Metric(
        name=name,
        title=title,
        meaning=meaning,
        unit=unit,
        n="attempts that count",
        source=SOURCE,
        freshness=FRESHNESS,
        rolled_up=rolled_up,
        counted=_counted(name),
        slack=1,
    )


COMPLETE = "Over the attempts that answered every question."

QUIZ_METRICS = {
    metric.name: metric
    for metric in (
        _metric(
            "quiz_mean",
            "Mean",
            f"The mean of the totals. {COMPLETE}",
            "points",
            _of_tests(lambda test: test.mean),
        ),
        _metric(
            "quiz_median",
            "Median",
            f"The middle total: half the people have less, half have more. {COMPLETE}",
            "points",
            _rolled_up(_median),
        ),
        _metric(
            "quiz_sd",
            "Standard deviation",
            f"How far totals lie from their mean: the root of the mean square distance, with n − 1 below. {COMPLETE}",
            "points",
            _of_tests(lambda test: test.sd),
        ),
        _metric(
            "quiz_skewness",
            "Skewness",
            f"Whether totals trail off to one side: 0 is even, below 0 a tail of low totals (k₃ / k₂^1.5, as Moodle computes it). {COMPLETE}",
            "no unit",
            _of_tests(lambda test: test.skewness),
        ),
        _metric(
            "quiz_kurtosis",
            "Kurtosis",
            "Whether totals cluster with far outliers (above 0) or lie flat (below 0), against a normal distribution (k₄ / k₂², as Moodle "
            f"computes it). {COMPLETE}",
            "no unit",
            _of_tests(lambda test: test.kurtosis),
        ),
        _metric(
            "alpha",
            "Alpha",
            "Cronbach's alpha: how far the questions measure the same thing, k / (k − 1) · (1 − Σ variances of questions / variance of totals). "
            f"1 is perfect; it may fall below 0, and is shown as it is. {COMPLETE}",
            "no unit",
            _of_tests(lambda test: test.alpha),
        ),
        _metric(
            "standard_error",
            "Standard error",
            f"How far a total may lie from what the person would get on average: standard deviation · √(1 − alpha). {COMPLETE}",
            "points",
            _of_tests(lambda test: test.sem),
        ),
        _metric(
            "facility",
            "Facility",
            "The mean share of the question's points that was earned: 100 % is easy, 0 % is hard. Over the answers given; blanks are left out.",
            "percent",
            _of_items(lambda item: item.facility),
        ),
        _metric(
            "facility_sd",
            "Spread",
            "The standard deviation of the share that was earned, with n − 1 below. Over the answers given; blanks are left out.",
            "percent",
            _of_items(lambda item: item.sd),
        ),
        _metric(
            "item_total",
            "Item-total",
            f"The correlation (Pearson's r) of the question's points with the total, which it is part of. {COMPLETE}",
            "no unit",
            _of_items(lambda item: item.item_total),
        ),
        _metric(
            "item_rest",
            "Item-rest",
            "The correlation (Pearson's r) of the question's points with those of all other questions: above 0 better students do better on it, "
            f"below 0 they do worse. {COMPLETE}",
            "no unit",
            _of_items(lambda item: item.item_rest),
        ),
        _metric(
            "discrimination",
            "D",
            "How much more the best 27 % of people (by their total) earned on the question than the weakest 27 %, as shares of its points. "
            f"Those tied at the edge of a group share its last places evenly (Kelley 1939). {COMPLETE}",
            "no unit",
            _of_ranks(lambda ranked: ranked.discrimination),
        ),
        _metric(
            "efficiency",
            "Efficiency",
            "Discriminative efficiency: the covariance of the question's points with the rest, over the highest it could be with both sorted, as "
            f"Moodle's quiz statistics define it. It is fair to very easy and very hard questions. {COMPLETE}",
            "percent",
            _of_ranks(lambda ranked: ranked.efficiency),
        ),
        _metric(
            "alpha_if_deleted",
            "Alpha without it",
            f"Alpha of the quiz without this question: where it is higher than alpha, the question does not fit the others. {COMPLETE}",
            "no unit",
            _of_items(lambda item: item.alpha_if_deleted),
        ),
        _metric(
            "intended_weight",
            "Intended weight",
            "The question's share of the points of the quiz.",
            "percent",
            _of_items(lambda item: item.intended_weight),
        ),
        _metric(
            "effective_weight",
            "Effective weight",
            "The share of the differences between totals that the question makes: the root of its covariance with the total, over the sum of these "
            f"roots, as Moodle's quiz statistics define it. {COMPLETE}",
            "percent",
            _of_items(lambda item: item.effective_weight),
        ),
        _metric(
            "choice_share",
            "Share",
            "How many of the answers to the question chose this. Several choices in one answer each count.",
            "percent",
            _of_choices(lambda choice: choice.share),
        ),
        _metric(
            "choice_total",
            "With the total",
            "The correlation (point-biserial) of choosing this with the total: a right choice should be above 0, a wrong one below. " + COMPLETE,
            "no unit",
            _of_choices(lambda choice: choice.with_total),
        ),
    )
}
