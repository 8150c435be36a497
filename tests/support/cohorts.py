"""Students who will drop out of a course or not, made by a seeded generator: what they have done by one day, and whether they finish."""

from dataclasses import dataclass
from random import Random

from lms_app.domain.analytics.risk_rules import Standing, Thresholds

DAYS, LOOKED_AT, ITEMS, QUIZZES = 42, 15, 20, 4


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """Where somebody stands on the day looked at, and whether they dropped out: did nothing any more in the last two weeks, and have not finished."""

    standing: Standing
    dropped_out: bool


def cohort(seed: int, size: int = 400, thresholds: Thresholds | None = None) -> list[Simulated]:
    """So many students of a course of six weeks. Each has a will and a skill of their own that nobody sees; illness and holidays come to all."""
    chance = Random(seed)
    return [_student(chance, thresholds or Thresholds()) for _ in range(size)]


def _student(chance: Random, thresholds: Thresholds) -> Simulated:
    will, skill = chance.betavariate(2.4, 1.6), chance.betavariate(4, 2)
    begins = int(chance.expovariate(0.5 + 2 * will))
    away_from = chance.randrange(DAYS) if chance.random() < 0.2 else DAYS
    done, seen, scores = 0.0, [], []
    last_known, done_known, scores_known, lost = None, 0, [], False
    for day in range(DAYS):
        # Whoever is lost looks in once in a while, and no more than that.
        lost = lost or (day > 1 and chance.random() < 0.09 * (1 - will) ** 2)
        daily = 0.01 if lost else 0.05 + 0.6 * will
        if day >= begins and not away_from <= day < away_from + 8 and chance.random() < daily and done < ITEMS:
            seen.append(day)
            before, done = done, min(ITEMS, done + chance.choice((0.5, 1, 1, 2)))
            if int(before // 5) < int(done // 5) and len(scores) < QUIZZES:
                score = min(1.0, max(0.0, chance.gauss(0.3 + 0.6 * skill, 0.15)))
                scores.append(score)
                if score < 0.4 and chance.random() < 0.4:
                    will *= 0.6
        if day == LOOKED_AT:
            last_known, done_known, scores_known = (seen[-1] if seen else None), int(done), list(scores)
    standing = Standing(
        completed=done_known >= ITEMS,
        enrolled_days=LOOKED_AT,
        absent_days=None if last_known is None else LOOKED_AT - last_known,
        done=done_known,
        total=ITEMS,
        low=sum(score * 100 < thresholds.low_percent for score in scores_known),
    )
    return Simulated(standing=standing, dropped_out=done < ITEMS and not any(day >= DAYS - 14 for day in seen))
