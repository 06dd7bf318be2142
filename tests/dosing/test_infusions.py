"""Do infusions and their bags give what is ordered, and stop when they should, also when the clocks change?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from dateutil import tz
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dosing.given import q

from regimen.dosing import BagRule, infuse, infuse_amount, plan_bags, read_bags, stop_in_words, stop_of
from regimen.dosing.infusions import minutes_for_days
from regimen.errors import DosingError
from regimen.moments import zone_named
from regimen.quantities import Quantity, Unit
from regimen.safetext import unsafe
from regimen.timing import Span

STEPPED = infuse([(q("9 mcg/day"), Span(7, "d")), (q("28 mcg/day"), Span(21, "d"))])
BERLIN = zone_named("Europe/Berlin")
SPRING, AUTUMN = datetime(2026, 3, 16, 10, tzinfo=BERLIN), datetime(2026, 10, 12, 10, tzinfo=BERLIN)


def test_blinatumomabs_stepped_cycle_is_651_mcg():
    """9 mcg/day × 7 days and 28 mcg/day × 21 days: 63 + 588 = 651 mcg in 672 h."""
    assert STEPPED.total == q("651 mcg")
    assert STEPPED.hours == 672
    assert STEPPED.changes == (168 * 60,)
    assert STEPPED.steps == (
        "9 mcg/day (0.375 mcg/h) × 168 h = 63 mcg",
        "28 mcg/day (≈ 1.16667 mcg/h) × 504 h = 588 mcg",
        "63 mcg + 588 mcg = 651 mcg in 672 h",
    )
    assert all(unsafe(step) == () for step in STEPPED.steps)


def test_an_amount_over_a_time_runs_at_its_rate():
    """700 mg over 1 h: 700 mg/h; over 90 min the total stays exact."""
    assert str(infuse_amount(q("700 mg"), Span(1, "h")).stretches[0].rate) == "700 mg/h"
    assert infuse_amount(q("700 mg"), Span(90, "min")).total == q("700 mg")


CLOCKS = [(SPRING, "2026-04-13T11:00:00+02:00", "forward"), (AUTUMN, "2026-11-09T09:00:00+01:00", "back")]


@pytest.mark.parametrize(("start", "stop", "moved"), CLOCKS)
def test_28_days_are_672_hours_across_a_clock_change(start, stop, moved):
    """The local time at which it stops shifts by the hour the clocks were set; dateutil's own zone agrees."""
    found = stop_of(start, STEPPED.minutes)
    assert found.isoformat() == stop
    other = tz.gettz("Europe/Berlin")
    second = (start.replace(tzinfo=other).astimezone(UTC) + timedelta(hours=672)).astimezone(other)
    assert (found.replace(tzinfo=None), found.utcoffset()) == (second.replace(tzinfo=None), second.utcoffset())
    said = stop_in_words(start, STEPPED.minutes)
    assert f"the clocks go {moved} by 1 h on the way" in said
    assert unsafe(said) == ()


def test_without_a_clock_change_it_stops_at_the_same_time():
    """Half open: 28 days from Mon 4 Jan 10:00 stop on Mon 1 Feb 10:00."""
    start = datetime(2027, 1, 4, 10, tzinfo=BERLIN)
    assert stop_in_words(start, 672 * 60) == ("672 h from Mon 4 Jan 2027 10:00 Europe/Berlin stop Mon 1 Feb 2027 10:00")


def test_counting_by_the_wall_clock_is_a_visible_choice():
    """By the local clock 28 days are 671 h in spring and 673 h in autumn; elapsed they are always 672 h."""
    assert [minutes_for_days(28, start, "wall") / 60 for start in (SPRING, AUTUMN)] == [671, 673]
    assert [minutes_for_days(28, start, "elapsed") / 60 for start in (SPRING, AUTUMN)] == [672, 672]
    with pytest.raises(DosingError, match="elapsed or wall"):
        minutes_for_days(28, SPRING, "local")


PLANS = [
    ("24 h", ["28 bags: 28 × 24 h = 672 h"]),
    (
        "48 h",
        [
            "15 bags: 13 × 48 h + 2 × 24 h = 672 h",
            "bag 4 runs 24 h (changed for the dose step)",
            "bag 15 runs 24 h (the infusion ends)",
        ],
    ),
    ("72 h", ["10 bags: 9 × 72 h + 1 × 24 h = 672 h", "bag 3 runs 24 h (changed for the dose step)"]),
    (
        "96 h",
        [
            "8 bags: 6 × 96 h + 1 × 72 h + 1 × 24 h = 672 h",
            "bag 2 runs 72 h (changed for the dose step)",
            "bag 8 runs 24 h (the infusion ends)",
        ],
    ),
    ("7 d", ["4 bags: 4 × 168 h = 672 h"]),
    ("72 + 96 h", ["8 bags: 4 × 72 h + 4 × 96 h = 672 h"]),
    ("3 + 4 d", ["8 bags: 4 × 72 h + 4 × 96 h = 672 h"]),
]


@pytest.mark.parametrize(("rule", "steps"), PLANS)
def test_bags_of_the_stepped_cycle(rule, steps):
    """Every rule cuts at the dose step on day 8 (168 h); bags that are cut short are listed with the reason."""
    plan = plan_bags(STEPPED, read_bags(rule))
    assert list(plan.steps) == steps
    assert 168 * 60 in plan.changes
    assert all(unsafe(step) == () for step in plan.steps)


hours = st.sampled_from([24, 48, 72, 96, 168])
rates = st.fractions(min_value=Fraction(1, 100), max_value=1000, max_denominator=1000)
infusions = st.lists(st.tuples(rates, st.integers(1, 800)), min_size=1, max_size=4).map(
    lambda parts: infuse([(Quantity(rate, Unit("mcg", None, "day")), length) for rate, length in parts])
)


@given(infusions, st.lists(hours, min_size=1, max_size=3))
@settings(max_examples=200)
def test_bag_hours_and_amounts_sum_to_the_infusion(infusion, pattern):
    """Whatever the rates, lengths and bags: hours and amounts add up, no bag has two rates, none runs too long."""
    plan = plan_bags(infusion, BagRule(tuple(pattern)))
    assert sum(bag.minutes for bag in plan.bags) == infusion.minutes
    assert sum(bag.amount.value for bag in plan.bags) == infusion.total.value
    assert [bag.start for bag in plan.bags[1:]] == [bag.end for bag in plan.bags[:-1]]
    assert set(infusion.changes) <= set(plan.changes)
    assert max(bag.minutes for bag in plan.bags) <= max(pattern) * 60
    short = [bag for bag in plan.bags if bag.minutes not in {hours * 60 for hours in pattern}]
    assert all(bag.why for bag in short)


@given(infusions, st.sets(st.integers(0, 6), min_size=1), st.integers(0, 364), st.integers(1, 23))
@settings(max_examples=100, deadline=None)
def test_bags_on_weekdays_sum_too(infusion, weekdays, day, hour):
    """Changed on fixed weekdays by the local clock, through clock changes: hours and amounts still add up."""
    start = datetime(2026, 1, 1, hour, tzinfo=BERLIN) + timedelta(days=day)
    plan = plan_bags(infusion, BagRule(weekdays=tuple(sorted(weekdays)), longest=170), start=start)
    assert sum(bag.minutes for bag in plan.bags) == infusion.minutes
    assert sum(bag.amount.value for bag in plan.bags) == infusion.total.value
    dated = plan.dated(start)
    assert (dated[0][0], dated[-1][1]) == (start, stop_of(start, infusion.minutes))
    for hung, _, bag in dated[1:]:
        usual = hung.weekday() in weekdays and (hung.hour, hung.minute) == (hour, 0)
        gap = any(other.start == bag.start for other in infusion.stretches)
        assert usual or gap or abs(hung - hung.replace(hour=hour)) <= timedelta(hours=1)


@pytest.mark.parametrize("start", [SPRING, AUTUMN])
def test_a_clock_change_makes_no_bag_of_an_hour(start):
    """Changed Mon and Thu at 10:00: a dose step or end that the clocks moved to 11:00 or 09:00 takes its place."""
    plan = plan_bags(STEPPED, read_bags("Mon, Thu", longest=97), start=start)
    assert min(bag.minutes for bag in plan.bags) >= 71 * 60
    assert {hung.strftime("%a") for hung, _, _ in plan.dated(start)} == {"Mon", "Thu"}


def test_a_bag_that_would_run_too_long_is_refused():
    """On Mondays only, a bag runs 168 h; with at most 96 h there must be more days."""
    with pytest.raises(DosingError, match="would run 168 h, longer than the 96 h allowed"):
        plan_bags(STEPPED, read_bags("Mon", longest=96), start=datetime(2027, 1, 4, 10, tzinfo=BERLIN))


def test_long_bags_have_a_least_weight():
    """7-day bags not below 22 kg: at 22 kg they are planned, at 21.9 kg refused; shorter bags are not concerned."""
    rule = ((168, Fraction(22)),)
    assert len(plan_bags(STEPPED, read_bags("7 d", not_below=rule), weight=Fraction(22)).bags) == 4
    with pytest.raises(DosingError, match="are not used below 22 kg, and the subject has 21.9 kg"):
        plan_bags(STEPPED, read_bags("7 d", not_below=rule), weight=Fraction("21.9"))
    assert len(plan_bags(STEPPED, read_bags("96 h", not_below=rule)).bags) == 8


@pytest.mark.parametrize("text", ["24", "24 h 7 d", "24 h + 7 d", "0 h", "Mon, Foo", "every day", "h", "-24 h"])
def test_rules_for_bags_that_say_nothing_are_refused(text):
    """Hours or days with their unit, or weekdays."""
    with pytest.raises(DosingError):
        read_bags(text, longest=96)


def test_a_dose_step_beside_a_usual_change_keeps_both():
    """Where no clock was set, a step an hour before the usual change is another change, and both are made."""
    early = infuse([(q("9 mcg/day"), 167), (q("28 mcg/day"), 505)])
    plan = plan_bags(early, read_bags("Mon, Thu", longest=96), start=datetime(2027, 1, 4, 10, tzinfo=BERLIN))
    assert {167 * 60, 168 * 60} <= set(plan.changes)
    assert [bag.why for bag in plan.bags if bag.end == 167 * 60] == ["changed for the dose step"]
