"""How a run is graded, as its gradebook keeps it."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lms_app.domain.gradebook import grade_rules
from lms_app.words import Aggregation, GradeScale, Missing

Fraction = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LetterFrom(_Part):
    """A letter and the fraction from which on it is given."""

    word: Annotated[str, Field(min_length=1, max_length=20)]
    from_fraction: Fraction


class GradebookSettings(_Part):
    """How a run is graded. What is a part of something is a fraction; `late_grace` is in seconds; `late_per_day` and `late_floor` are fractions of a
    column's points (`grade_rules.LatePolicy`)."""

    aggregation: Aggregation = Aggregation.POINTS
    missing: Missing = Missing.LEFT_OUT
    late_per_day: Fraction = Decimal(0)
    late_floor: Fraction = Decimal(0)
    late_grace: Annotated[int, Field(ge=0, le=7 * 24 * 3600)] = 0
    scale: GradeScale = GradeScale.PERCENT
    scale_points: Annotated[Decimal, Field(gt=0, le=10_000, decimal_places=2)] = Decimal(100)
    letters: Annotated[tuple[LetterFrom, ...], Field(min_length=2, max_length=20)] = tuple(
        LetterFrom(word=letter.word, from_fraction=letter.from_fraction) for letter in grade_rules.LETTERS
    )
    pass_mark: Fraction | None = None

    @model_validator(mode="after")
    def _letters_fall(self) -> Self:
        limits = [letter.from_fraction for letter in self.letters]
        if limits != sorted(set(limits), reverse=True) or limits[-1] != 0:
            raise ValueError("Letters go from the highest to the lowest, and the lowest begins at 0 %.")
        return self

    @property
    def rules(self) -> grade_rules.Rules:
        """The same for the rules."""
        late = grade_rules.LatePolicy(per_day=self.late_per_day, floor=self.late_floor, grace=timedelta(seconds=self.late_grace))
        return grade_rules.Rules(
            aggregation=self.aggregation,
            missing=self.missing,
            late=late,
            scale=self.scale,
            scale_points=self.scale_points,
            letters=tuple(grade_rules.Letter(word=letter.word, from_fraction=letter.from_fraction) for letter in self.letters),
            pass_mark=self.pass_mark,
        )
