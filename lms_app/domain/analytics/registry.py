"""Every metric there is, by its name: what pages show beside a figure, and what tests and the nightly audit count again."""

from lms_app.domain.analytics.activity_metrics import ACTIVITY_METRICS
from lms_app.domain.analytics.metrics import METRICS, Metric
from lms_app.domain.analytics.node_metrics import NODE_METRICS
from lms_app.domain.analytics.own_figures import OWN_FIGURES
from lms_app.domain.analytics.quiz_metrics import QUIZ_METRICS
from lms_app.domain.analytics.student_metrics import STUDENT_METRICS
from lms_app.domain.analytics.views import MetricNote

RUN_METRICS: dict[str, Metric] = METRICS | ACTIVITY_METRICS | NODE_METRICS
"""Those made of learning events."""

ALL: dict[str, Metric] = RUN_METRICS | QUIZ_METRICS | STUDENT_METRICS


def notes(*names: str) -> list[MetricNote]:
    """The definitions of these metrics."""
    return [note(name) for name in names]


def note(name: str) -> MetricNote:
    """The definition of a metric, or of a figure that is read for one person."""
    return OWN_FIGURES.get(name) or _note(ALL[name])


def _note(metric: Metric) -> MetricNote:
    return MetricNote(
        name=metric.name,
        title=metric.title,
        meaning=metric.meaning,
        unit=metric.unit,
        n=metric.n,
        source=metric.source,
        freshness=metric.freshness,
    )
