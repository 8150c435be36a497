"""The pictures of the demo courses, drawn by code: `python -m lms_app.demo.pictures` writes the SVG files beside the courses.

Each picture brings its own dark ground, so that it looks the same on a light and on a dark page. The same code always writes the same bytes.
"""

from collections.abc import Callable

from lms_app.demo.pictures import chance, covers, globes, looking, lyceum, sampling, together

PICTURES: dict[str, dict[str, Callable[[], str]]] = {
    "seeing-with-statistics": {
        "cover": covers.statistics,
        "quartet": looking.quartet,
        "middles": looking.middles,
        "spread": looking.spread,
        "long-run": chance.long_run,
        "screening": chance.screening,
        "dice-bells": chance.dice_bells,
        "bell": chance.bell,
        "targets": sampling.targets,
        "root-n": sampling.root_n,
        "intervals": sampling.intervals,
        "bootstrap": sampling.bootstrap,
        "tea": sampling.tea,
        "clouds": together.clouds,
        "least-squares": together.least_squares,
        "simpson": together.simpson,
        "causes": together.causes,
        "two-axes": together.two_axes,
    },
    "flat-maps-of-a-round-world": {
        "cover": covers.globe,
        "right-angles": globes.right_angles,
        "over-the-pole": globes.over_the_pole,
        "three-projections": globes.three_projections,
        "stretch": globes.stretch,
    },
    "first-steps": {
        "cover": covers.stepping_stones,
        "a-course": lyceum.a_course,
    },
}
"""Course slug → file name without ending → what draws it."""
