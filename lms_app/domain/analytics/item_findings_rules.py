"""What item statistics say, in words: figures written out, flags beside a question, a sentence for each chart. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lms_app.domain.analytics.item_figures_rules import Figure, ItemFigures

ENOUGH = 10
"""Complete rows from which a correlation is worth a word: of fewer it is mostly chance."""
WEAK = 0.1
"""Below this item-rest correlation a question tells strong and weak students hardly apart."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A figure as it is shown: its number in words, or "—" and why. `value` is for drawing."""

    text: str
    because: str = ""
    value: float | None = None


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Something to look at: a tone (`bad`, `warn`, `neutral`) and words that say it alone."""

    tone: str
    words: str


def as_percent(figure: Figure, places: int = 0) -> Written:
    """A fraction in percent."""
    return _written(figure, None if figure.value is None else f"{_signed(figure.value * 100, places)} %")


def as_number(figure: Figure, places: int = 2) -> Written:
    """A plain number: points, a correlation, alpha."""
    return _written(figure, None if figure.value is None else _signed(figure.value, places))


def question_flags(item: ItemFigures) -> list[Flag]:
    """What is remarkable about a question, the gravest first."""
    found: list[Flag] = []
    facility, rest = item.facility.value, item.item_rest.value
    if facility is not None and facility <= 0:
        found.append(Flag(tone="bad", words="Nobody got this right"))
    if facility is not None and facility >= 1 and item.answered > 1:
        found.append(Flag(tone="neutral", words="Everybody got this right"))
    if rest is not None and item.n >= ENOUGH:
        # Nought is what chance gives; a hair below it is no finding.
        if rest < -0.005:
            found.append(Flag(tone="bad", words="Better students do worse"))
        elif rest < WEAK:
            found.append(Flag(tone="warn", words="Hardly tells students apart"))
    if item.seen > 1 and item.answered * 2 < item.seen:
        found.append(Flag(tone="warn", words="Most leave it blank"))
    return found


def choice_flags(*, right: bool, given: int, with_total: Figure, n: int) -> list[Flag]:
    """What is remarkable about one choice."""
    if not right and not given and n:
        return [Flag(tone="neutral", words="Nobody chose this")]
    if with_total.value is None or n < ENOUGH:
        return []
    if not right and with_total.value > WEAK:
        return [Flag(tone="bad", words="Better students choose this wrong answer")]
    if right and with_total.value < -0.005:
        return [Flag(tone="bad", words="Better students avoid this right answer")]
    return []


def quiz_finding(items: Sequence[ItemFigures]) -> str:
    """What the questions of a quiz show together, in one sentence."""
    known = [item.facility.value for item in items if item.facility.value is not None]
    if not known:
        return "Nobody has answered yet."
    reach = " to ".join(dict.fromkeys(f"{_signed(facility * 100, 0)} %" for facility in (min(known), max(known))))
    counted = "1 question" if len(known) == 1 else f"{len(known)} questions"
    look = Counter(flags[0].words.lower() for item in items if (flags := [flag for flag in question_flags(item) if flag.tone != "neutral"]))
    if not look:
        return f"{counted}, facility {reach}; none stands out."
    reasons = ", ".join(f"{count} “{words}”" for words, count in look.most_common())
    return f"{counted}, facility {reach}; {look.total()} to look at: {reasons}."


def choice_finding(names: Sequence[str], given: Sequence[int], rights: Sequence[bool], answered: int) -> str:
    """What was chosen most, and how many chose what is right."""
    if not answered or not any(given):
        return "Nothing has been chosen yet."
    most = max(given)
    name = names[given.index(most)]
    first = f"“{name}” was given most, by {most:,} of {answered:,}"
    if not any(rights):
        return f"{first}."
    if rights[given.index(most)]:
        return f"{first}, and is right."
    right = max(count for count, is_right in zip(given, rights, strict=True) if is_right)
    return f"{first}, and is not right; what is right was given by {right:,}."


def _written(figure: Figure, text: str | None) -> Written:
    return Written(text="—" if text is None else text, because=figure.because, value=figure.value)


def _signed(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−")
