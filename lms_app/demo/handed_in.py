"""What the students of the demo hand in to be marked by hand, and how it is marked: a course's `handed-in.toml`."""

import tomllib
from decimal import Decimal
from typing import Any

from lms_app.demo.course_files import FOLDER
from lms_app.demo.pictures.globes import around
from lms_app.demo.question_files import Written


class WrittenPlace(Written):
    """Where somebody lives whose drawing is handed in, with the rings that were asked for or without. Degrees."""

    name: str
    latitude: float
    longitude: float
    rings: bool = True


class WrittenLevel(Written):
    """A level of a criterion; points as text."""

    title: str
    points: str
    description: str


class WrittenCriterion(Written):
    """A criterion of a rubric."""

    title: str
    levels: tuple[WrittenLevel, ...]


class WrittenRubric(Written):
    """The rubric of a question."""

    question: str
    criteria: tuple[WrittenCriterion, ...]

    def body(self) -> dict[str, Any]:
        """The rubric as `rubrics.write` takes it."""
        return self.model_dump(mode="json", include={"criteria"})


class Script(Written):
    """An answer to a question that is marked by hand: a text, or a file that is drawn. `good` ones earn everything. Its mark is `levels` of the
    question's rubric, or `points`, with a comment."""

    question: str
    good: bool
    comment: str
    text: str = ""
    file: str = ""
    place: WrittenPlace | None = None
    levels: tuple[int, ...] = ()
    points: Decimal | None = None

    def drawing(self) -> bytes:
        """The bytes of its file."""
        if self.place is None:
            raise ValueError(f"{self.file} is a drawing of no place.")
        return around(self.place.name, (self.place.latitude, self.place.longitude), rings=self.place.rings).encode()


class HandedIn(Written):
    """The rubrics and scripts of a course, none where it asks for nothing of the kind."""

    rubrics: tuple[WrittenRubric, ...] = ()
    scripts: tuple[Script, ...] = ()

    def of(self, question: str, *, good: bool) -> tuple[Script, ...]:
        """The scripts to a question that earn everything, or those that do not."""
        return tuple(script for script in self.scripts if script.question == question and script.good == good)


def handed_in(slug: str) -> HandedIn:
    """What is handed in in a demo course."""
    path = FOLDER / slug / "handed-in.toml"
    return HandedIn.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))) if path.exists() else HandedIn()
