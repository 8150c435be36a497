"""When a part of a course is open to a student, and the sentence that says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.courses.availability_rules import (
    MOST_CONDITIONS,
    OPEN,
    After,
    Availability,
    Condition,
    Days,
    From,
    Match,
    Part,
    Score,
    Situation,
    Unfit,
    Until,
    author_words,
    dump,
    judge,
    openings,
    parse_availability,
)
from lms_app.words import NodeKind


def name(words: str) -> UUID:
    return uuid5(UUID(int=0), words)


def wall(iso: str) -> datetime:
    """A time as the clocks of a place show it, whichever place that is."""
    return datetime.fromisoformat(iso)


BERLIN, TOKYO, NEW_YORK = map(ZoneInfo, ("Europe/Berlin", "Asia/Tokyo", "America/New_York"))
ZONES = st.sampled_from([ZoneInfo("UTC"), BERLIN, TOKYO, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Cairo")])
GRAPH, QUIZ = name("graph"), name("quiz")
TITLES = {GRAPH: "Ways to draw a graph", QUIZ: "Final quiz"}
NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)

MARCH = From(at=wall("2026-03-03T09:00"))
WEEK = Days(days=7)
DRAWN = After(kind=NodeKind.PAGE, node=GRAPH)
PASSED = Score(quiz=QUIZ, percent=70)


def situation(**changes: Any) -> Situation:
    standing: dict[str, Any] = {"now": NOW, "zone": BERLIN, "enrolled_at": NOW, "titles": TITLES}
    return Situation(**{**standing, **changes})


def all_of(*conditions: Condition) -> Availability:
    return Availability(match=Match.ALL, conditions=conditions)


def any_of(*conditions: Condition) -> Availability:
    return Availability(match=Match.ANY, conditions=conditions)


@pytest.mark.parametrize(
    ("availability", "sentence"),
    [
        (all_of(MARCH), "Opens on 3 March, 09:00."),
        (all_of(From(at=wall("2027-03-03T09:00"))), "Opens on 3 March 2027, 09:00."),
        (all_of(From(at=wall("2026-02-20T18:00"))), "Opens today at 18:00."),
        (all_of(WEEK), "Opens 7 days after you enrolled: on 27 February."),
        (all_of(Days(days=1)), "Opens 1 day after you enrolled: on 21 February."),
        (all_of(DRAWN), "Opens when you have completed “Ways to draw a graph”."),
        (all_of(PASSED), "Opens when you have reached 70\N{NO-BREAK SPACE}% in “Final quiz”."),
        (all_of(DRAWN, PASSED), "Opens when you have completed “Ways to draw a graph” and reached 70\N{NO-BREAK SPACE}% in “Final quiz”."),
        (any_of(DRAWN, PASSED), "Opens when you have completed “Ways to draw a graph” or reached 70\N{NO-BREAK SPACE}% in “Final quiz”."),
        (all_of(MARCH, WEEK), "Opens on 3 March, 09:00."),
        (any_of(MARCH, WEEK), "Opens 7 days after you enrolled: on 27 February."),
        (all_of(MARCH, DRAWN), "Opens when you have completed “Ways to draw a graph”, and not before 3 March, 09:00."),
        (any_of(MARCH, DRAWN), "Opens when you have completed “Ways to draw a graph”, and on 3 March, 09:00 at the latest."),
        (all_of(After(kind=NodeKind.PAGE, node=name("gone"))), "Opens when you have completed a part of the course that is not shown yet."),
        (all_of(DRAWN, Until(at=wall("2026-02-19T23:30"))), "Closed on 19 February, 23:30."),
    ],
)
def test_what_is_locked_says_what_opens_it(availability: Availability, sentence: str) -> None:
    verdict = judge(availability, situation())
    assert (verdict.open, verdict.sentence) == (False, sentence)


def test_a_student_reads_the_hours_of_their_own_zone() -> None:
    assert judge(all_of(MARCH), situation(reader=TOKYO)).sentence == "Opens on 3 March, 17:00."
    assert judge(all_of(WEEK), situation(reader=TOKYO)).sentence == "Opens 7 days after you enrolled: on 27 February, 08:00."


def test_what_was_done_opens_and_what_was_not_does_not() -> None:
    both, either = all_of(DRAWN, PASSED), any_of(DRAWN, PASSED)
    drawn, scored = situation(complete={GRAPH}), situation(scores={QUIZ: Decimal("0.7")})
    assert [judge(both, drawn).open, judge(both, scored).open] == [False, False]
    assert judge(both, drawn).sentence == "Opens when you have reached 70\N{NO-BREAK SPACE}% in “Final quiz”.", "only what is still to do is said"
    assert [judge(either, drawn).open, judge(either, scored).open] == [True, True]
    assert judge(both, situation(complete={GRAPH}, scores={QUIZ: Decimal("0.7")})).open
    assert not judge(all_of(PASSED), situation(scores={QUIZ: Decimal("0.699999")})).open


def test_the_end_closes_whatever_else_holds() -> None:
    for rule in (all_of(DRAWN, Until(at=wall("2026-02-20T13:00"))), any_of(DRAWN, Until(at=wall("2026-02-20T13:00")))):
        assert not judge(rule, situation(complete={GRAPH})).open, "13:00 in Berlin is the moment that it is"
        assert judge(rule, situation(complete={GRAPH}, now=NOW - timedelta(seconds=1))).open
    assert judge(any_of(Until(at=wall("2026-03-01T00:00"))), situation()).open, "an end alone keeps nobody waiting"


def test_clocks_that_go_on_or_back_are_read_kindly() -> None:
    """On 29 March 2026 Berlin has no 02:30, on 25 October two of them."""
    skipped = all_of(From(at=wall("2026-03-29T02:30")))
    assert judge(skipped, situation(now=datetime(2026, 3, 29, 0, 0, tzinfo=UTC))).again == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    twice = wall("2026-10-25T02:30")
    assert judge(all_of(From(at=twice)), situation(now=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))).open, "it opens the first time"
    assert judge(all_of(Until(at=twice)), situation(now=datetime(2026, 10, 25, 1, 29, tzinfo=UTC))).open, "it closes the second time"


WALLS = st.datetimes(wall("2000-01-01T00:00"), wall("2199-01-01T00:00")).map(lambda moment: moment.replace(second=0, microsecond=0, fold=0))
MOMENTS = st.datetimes(wall("2001-01-01T00:00"), wall("2198-01-01T00:00"), timezones=st.just(UTC))
DEEDS = st.one_of(
    st.sampled_from(list("abcd")).map(lambda node: After(kind=NodeKind.PAGE, node=name(node))),
    st.builds(Score, quiz=st.sampled_from([name("q"), name("r")]), percent=st.integers(1, 100)),
)


@st.composite
def rules(draw: st.DrawFn) -> Availability:
    times: list[Condition] = [
        each
        for each in (
            draw(st.none() | WALLS.map(lambda at: From(at=at))),
            draw(st.none() | st.builds(Days, days=st.integers(1, 3650))),
            draw(st.none() | WALLS.map(lambda at: Until(at=at))),
        )
        if each is not None
    ]
    deeds = draw(st.lists(DEEDS, max_size=4, unique_by=lambda each: each.node if isinstance(each, After) else each.quiz))
    return Availability(match=draw(st.sampled_from(Match)), conditions=(*times, *deeds))


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    return Situation(
        now=draw(MOMENTS),
        zone=draw(ZONES),
        reader=draw(ZONES),
        enrolled_at=draw(MOMENTS),
        complete=draw(st.frozensets(st.sampled_from([name(node) for node in "abcd"]))),
        scores=draw(st.dictionaries(st.sampled_from([name("q"), name("r")]), st.decimals(0, 1, places=4))),
    )


@given(rules(), situations(), st.floats(0, 1))
def test_what_is_locked_says_so_until_it_says_it_will_change_and_doing_more_never_locks(rule: Availability, where: Situation, part: float) -> None:
    told = judge(rule, where)
    assert told.open == (told.sentence == "")
    assert told.open or told.sentence.startswith(("Opens ", "Closed "))
    until = told.again or where.now + timedelta(days=400)
    assert until > where.now
    later = where.now + (until - where.now - timedelta(microseconds=1)) * part
    assert judge(rule, replace(where, now=later)).open == told.open
    everything = replace(where, complete=frozenset(name(node) for node in "abcd"), scores={name("q"): Decimal(1), name("r"): Decimal(1)})
    assert judge(rule, everything).open or not told.open
    every, one = (judge(replace(rule, match=match), where).open for match in (Match.ALL, Match.ANY))
    assert one or not every
    begins = next((each.at for each in rule.conditions if isinstance(each, From)), None)
    if begins is None or rule.until is None or begins < rule.until.at:
        assert parse_availability(dump(rule)) == rule


@given(st.integers(1, 3650), MOMENTS, ZONES)
def test_days_after_enrolment_are_days_of_the_run_not_of_24_hours(days: int, enrolled_at: datetime, zone: ZoneInfo) -> None:
    opens = judge(all_of(Days(days=days)), Situation(now=enrolled_at, enrolled_at=enrolled_at, zone=zone)).again
    assert opens is not None
    enrolled, local = enrolled_at.astimezone(zone), opens.astimezone(zone)
    assert (local.date() - enrolled.date()).days == days
    assert local.hour <= 1, "at midnight, or where the clocks leave midnight out as they go on"


@pytest.mark.parametrize(
    ("conditions", "why"),
    [
        ([{"kind": "from", "at": "2026-03-03T09:00+01:00"}], "without a zone"),
        ([{"kind": "from", "at": "1999-03-03T09:00"}], "from 2000 to 2200"),
        ([{"kind": "from", "at": "soon"}], "not complete"),
        ([{"kind": "from"}], "not complete"),
        ([{"kind": "from", "at": 5}], "not complete"),
        ([{"kind": "moon"}], "not complete"),
        (["from"], "not complete"),
        ([{"kind": "days", "days": 0}], "whole number from 1 to 3650"),
        ([{"kind": "days", "days": True}], "whole number"),
        ([{"kind": "days", "days": 1}, {"kind": "days", "days": 2}], "one number of days"),
        ([{"kind": "score", "quiz": str(QUIZ), "percent": 101}], "whole number from 1 to 100"),
        ([{"kind": "after", "node_kind": "course", "node": str(GRAPH)}], "not complete"),
        ([{"kind": "after", "node_kind": "page", "node": "graph"}], "not complete"),
        ([{"kind": "after", "node_kind": "page", "node": str(GRAPH)}] * 2, "same part"),
        ([{"kind": "from", "at": "2026-03-03T09:00"}, {"kind": "until", "at": "2026-03-03T09:00"}], "close before it opens"),
        ([{"kind": "days", "days": 1}] * (MOST_CONDITIONS + 1), "at most"),
        ("from", "list of conditions"),
    ],
)
def test_what_is_no_availability_is_refused_with_a_reason(conditions: Any, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        parse_availability({"match": "all", "conditions": conditions})


def test_another_version_or_a_stranger_is_refused() -> None:
    for given_ in ({"schema_version": 2}, {"match": "none"}, {"mode": "all"}):
        with pytest.raises(Unfit):
            parse_availability(given_)


def test_authors_read_the_rule_itself() -> None:
    rule = all_of(MARCH, WEEK, DRAWN, Until(at=wall("2026-05-01T18:00")))
    assert author_words(rule, TITLES) == (
        "Opens on 3 March 2026, 09:00, 7 days after enrolment and after “Ways to draw a graph”. Closes on 1 May 2026, 18:00."
    )
    assert author_words(any_of(DRAWN, PASSED), TITLES) == "Opens after “Ways to draw a graph” or after 70\N{NO-BREAK SPACE}% in “Final quiz”."
    assert author_words(Availability(), TITLES) == ""


MODULE, LESSON, PAGE, ASKED, OTHER = map(name, ("module", "lesson", "page", "asked", "other"))
PARTS = (
    Part(id=MODULE), Part(id=LESSON, within=MODULE), Part(id=PAGE, within=LESSON), Part(id=ASKED, within=PAGE), Part(id=OTHER, within=LESSON),
)  # fmt: skip


def test_a_module_covers_what_is_inside_and_says_the_first_reason() -> None:
    shut, again = openings(PARTS, {MODULE: all_of(MARCH), PAGE: all_of(DRAWN)}, situation(), ())
    assert {node: opening.sentence for node, opening in shut.items()} == dict.fromkeys(
        (MODULE, LESSON, PAGE, ASKED, OTHER), "Opens on 3 March, 09:00."
    )
    assert again == datetime(2026, 3, 3, 8, tzinfo=UTC)
    shut, again = openings(PARTS, {MODULE: all_of(MARCH), PAGE: all_of(DRAWN)}, situation(now=datetime(2026, 3, 3, 8, tzinfo=UTC)), ())
    assert (set(shut), again) == ({PAGE, ASKED}, None)


def test_what_was_begun_stays_to_be_seen_and_begins_nothing_new() -> None:
    shut, _ = openings(PARTS, {MODULE: all_of(MARCH)}, situation(), {PAGE})
    assert (shut[PAGE].open, shut[PAGE].fresh, shut[PAGE].sentence) == (True, False, "Opens on 3 March, 09:00.")
    assert not shut[ASKED].open
    assert openings(PARTS, {}, situation(), ()) == ({}, None)
    assert (OPEN.open, OPEN.fresh) == (True, True)
