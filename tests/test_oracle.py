"""Do our dates agree with python-dateutil and with loops written without looking? The independent second opinion."""

# Anchors and clock times are wall-clock times on purpose; the zone is given apart.

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.build import calendar_of, days, offsets, starts

from regimen.errors import DatingError, PlanError

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ZONES = ("Europe/Berlin", "America/New_York")

anchors = st.dates(date(2000, 1, 1), date(2100, 12, 31))
month_ends = st.builds(lambda y, m: date(y, m, 1) + relativedelta(day=31), st.integers(2000, 2100), st.integers(1, 12))
any_start = st.one_of(anchors, month_ends)
counts = st.integers(1, 30)
near_clock_changes = st.builds(
    lambda day, before: day - timedelta(days=before),
    st.sampled_from(
        [date(2027, 3, 28), date(2027, 10, 31), date(2027, 3, 14), date(2027, 11, 7), date(2024, 3, 31)]
    ),
    st.integers(0, 4),
)  # fmt: skip


def by_rrule(start: date, **rule: object) -> list[date]:
    zero = datetime.combine(start, time())
    return [moment.date() for moment in rrule(dtstart=zero, **rule)]  # type: ignore[arg-type]


# ---------------------------------------------------------------- steps


@given(any_start, counts)
def test_daily_agrees_with_rrule(start: date, n: int) -> None:
    """Daily x n is the n days from the start."""
    assert days(calendar_of(start, when=f"daily x{n}")) == by_rrule(start, freq=DAILY, count=n)


@given(any_start, st.integers(1, 12), counts)
def test_weekly_agrees_with_rrule(start: date, weeks: int, n: int) -> None:
    """Every k weeks x n counts from the start, which is included."""
    assert days(calendar_of(start, when=f"q{weeks}w x{n}")) == by_rrule(start, freq=WEEKLY, interval=weeks, count=n)


@given(any_start, st.integers(1, 120), counts)
def test_every_so_many_days_agrees_with_rrule(start: date, step: int, n: int) -> None:
    """Every n days counts from the anchor, never from the last result."""
    assert days(calendar_of(start, when=f"q{step}d x{n}")) == by_rrule(start, freq=DAILY, interval=step, count=n)


@given(any_start, st.integers(1, 12), counts)
def test_months_agree_with_relativedelta_from_the_anchor(start: date, step: int, n: int) -> None:
    """Occurrence k of a series of months is the anchor + k × step months, clamped to the month's end."""
    expected = [start + relativedelta(months=step * k) for k in range(n)]
    assert days(calendar_of(start, when=f"every {step} months x{n}")) == expected


@given(anchors.filter(lambda day: day.day <= 28), st.integers(1, 12), counts)
def test_months_agree_with_rrule_where_nothing_is_clamped(start: date, step: int, n: int) -> None:
    """A day that every month has keeps its number."""
    assert days(calendar_of(start, when=f"every {step} months x{n}")) == by_rrule(
        start, freq=MONTHLY, interval=step, count=n
    )


@given(month_ends, st.integers(1, 12), st.integers(2, 24))
def test_months_from_the_31st_never_drift(start: date, step: int, n: int) -> None:
    """A series from a month's end falls on the last day of the month, or on the anchor's own number."""
    for day in days(calendar_of(start, when=f"every {step} months x{n}")):
        assert day.day == min(start.day, (day + relativedelta(day=31)).day)


@given(anchors.filter(lambda day: (day.month, day.day) != (2, 29)), st.integers(1, 20))
def test_years_agree_with_rrule(start: date, n: int) -> None:
    """Every year is every 12 months."""
    assert days(calendar_of(start, when=f"every 1 y x{n}")) == by_rrule(start, freq=YEARLY, count=n)


@given(any_start, st.sampled_from(["28d", "30d"]), st.integers(1, 6), counts)
def test_declared_months_are_days(start: date, months: str, step: int, n: int) -> None:
    """With months of 28 or 30 days a series of months is a series of days."""
    length = int(months.removesuffix("d"))
    expected = by_rrule(start, freq=DAILY, interval=length * step, count=n)
    assert days(calendar_of(start, when=f"every {step} months x{n}", months=months)) == expected


@given(any_start, st.lists(st.integers(0, 60), min_size=1, max_size=8, unique=True).map(sorted))
def test_listed_months_count_from_the_anchor(start: date, months: list[int]) -> None:
    """Listed months are each counted from the anchor, month 0 being the anchor."""
    listed = ", ".join(map(str, [0, *(m for m in months if m)]))
    expected = [start + relativedelta(months=m) for m in [0, *(m for m in months if m)]]
    assert days(calendar_of(start, when=f"months {listed}", first_day=0)) == expected


# ---------------------------------------------------------------- bounds


@given(any_start, st.integers(1, 40), st.integers(1, 400), st.booleans(), st.sampled_from([0, 1]))
def test_a_bound_by_day_keeps_what_lies_before_it(
    start: date, step: int, last: int, inclusive: bool, first_day: int
) -> None:
    """``through`` a day keeps an occurrence on it, ``before`` does not."""
    word = "through" if inclusive else "before"
    bound = last - first_day
    expected = [n for n in range(0, bound + 1, step) if n < bound or inclusive]
    assert offsets(calendar_of(start, when=f"q{step}d {word} day {last}", first_day=first_day)) == expected


@given(any_start, st.integers(1, 40), st.integers(1, 60), st.booleans(), st.sampled_from(["elapsed", "ordinal"]))
def test_a_bound_by_week_covers_the_week(start: date, step: int, week: int, inclusive: bool, weeks: str) -> None:
    """A point that names a week covers all of it; with elapsed weeks it is the single day 7N."""
    covered = range(7 * week, 7 * week + 1) if weeks == "elapsed" else range(7 * (week - 1), 7 * week)
    stop = covered.stop if inclusive else covered.start
    word = "through" if inclusive else "before"
    assert offsets(calendar_of(start, when=f"q{step}d {word} week {week}", weeks=weeks)) == list(range(0, stop, step))


@given(any_start, st.integers(2, 40), st.integers(1, 36))
def test_a_length_in_months_is_half_open(start: date, step: int, months: int) -> None:
    """``for D`` is [start, start + D); an occurrence exactly on the bound is refused."""
    end = start + relativedelta(months=months)
    exact = (end - start).days % step == 0
    if exact:
        with pytest.raises(DatingError, match="exactly on the bound"):
            calendar_of(start, when=f"q{step}d for {months} mo")
    else:
        expected = [n for n in range(0, 366 * 4, step) if start + timedelta(days=n) < end]
        assert offsets(calendar_of(start, when=f"q{step}d for {months} mo")) == expected


@given(any_start, st.integers(1, 24))
def test_a_daily_run_for_months_takes_the_bound_as_it_is(start: date, months: int) -> None:
    """Daily runs take ``for D`` as it is: the last day is the day before start + D."""
    end = start + relativedelta(months=months)
    expected = by_rrule(start, freq=DAILY, until=datetime.combine(end - timedelta(days=1), time()))
    assert days(calendar_of(start, when=f"daily for {months} mo")) == expected


@given(any_start, st.integers(2, 40), st.integers(1, 300))
def test_a_length_in_days_is_half_open(start: date, step: int, length: int) -> None:
    """``for D`` in days is refused exactly when an occurrence falls on its end."""
    if length % step == 0:
        with pytest.raises(PlanError, match="exactly on the bound"):
            calendar_of(start, when=f"q{step}d for {length} d")
    else:
        assert offsets(calendar_of(start, when=f"q{step}d for {length} d")) == list(range(0, length, step))


@given(any_start, st.integers(1, 40), st.integers(0, 500), st.booleans())
def test_a_bound_by_date_keeps_what_lies_before_it(start: date, step: int, after: int, inclusive: bool) -> None:
    """``through`` and ``before`` take a date, wherever the anchor lies."""
    bound = start + timedelta(days=after)
    word = "through" if inclusive else "before"
    expected = [n for n in range(0, after + 1, step) if n < after or inclusive]
    assert offsets(calendar_of(start, when=f"q{step}d {word} {bound.isoformat()}", reach=600)) == expected


@given(any_start, st.integers(1, 13), st.integers(1, 24))
def test_up_to_is_a_bound_whose_first_occurrence_is_certain(start: date, weeks: int, months: int) -> None:
    """``up to D`` keeps what lies before start + D; all but the first may not happen."""
    end = start + relativedelta(months=months)
    inside = [n for n in range(0, 800, 7 * weeks) if start + timedelta(days=n) < end]
    if (end - start).days % (7 * weeks) == 0:
        with pytest.raises(DatingError, match="exactly on the bound"):
            calendar_of(start, when=f"q{weeks}w up to {months} mo")
        return
    calendar = calendar_of(start, when=f"q{weeks}w up to {months} mo")
    assert offsets(calendar) == inside
    assert [event.optional for event in calendar.of_item("drug")] == [n > 0 for n in inside]


# ---------------------------------------------------------------- weekdays


@given(any_start, st.integers(1, 60))
def test_weekday_fractions_agree_with_rrule(start: date, n: int) -> None:
    """Fractions on Mon-Fri x n are the first n weekdays on or after the start."""
    expected = by_rrule(start, freq=DAILY, byweekday=range(5), count=n)
    assert days(calendar_of(start, dose="2 Gy RT", when=f"on Mon-Fri x{n}")) == expected


@given(any_start, st.sets(st.integers(0, 6), min_size=1), st.integers(1, 40), st.integers(1, 5))
def test_any_weekdays_agree_with_rrule(start: date, weekdays: set[int], n: int, nth: int) -> None:
    """Weekday items start on the first match on or after the start; every nth of them is possible."""
    names = ",".join(WEEKDAYS[d] for d in sorted(weekdays))
    ordinal = {1: "on", 2: "every 2nd of", 3: "every 3rd of", 4: "every 4th of", 5: "every 5th of"}[nth]
    expected = by_rrule(start, freq=DAILY, byweekday=sorted(weekdays), count=n * nth)[::nth]
    assert days(calendar_of(start, when=f"{ordinal} {names} x{n}")) == expected[:n]


@given(any_start, st.sets(st.integers(0, 6), min_size=1), st.integers(1, 100), st.integers(0, 3))
def test_weekdays_stop_where_rrule_stops(start: date, weekdays: set[int], last: int, kind: int) -> None:
    """A weekday series ends at its bound: before or through a day, for a number of days, before a date."""
    names = ",".join(WEEKDAYS[d] for d in sorted(weekdays))
    limit = start + timedelta(days=last)
    bound = (f"before day {last + 1}", f"through day {last}", f"for {last} d", f"before {limit.isoformat()}")[kind]
    until = datetime.combine(limit - timedelta(days=1), time())
    expected = by_rrule(start, freq=DAILY, byweekday=sorted(weekdays), until=until)
    if kind == 2 and limit.weekday() in weekdays:
        return  # Whether a weekday exactly on ``for`` is refused or left out is not part of this property.
    assert days(calendar_of(start, when=f"on {names} {bound}", reach=200)) == expected


@given(any_start, st.sets(st.integers(0, 6), min_size=1), st.integers(7, 40), st.integers(1, 5))
def test_weekdays_in_cycles_agree_with_rrule(start: date, weekdays: set[int], length: int, n: int) -> None:
    """Weekdays in cycles are all such days of the whole stretch, each once, in the cycle it falls in."""
    names = ",".join(WEEKDAYS[d] for d in sorted(weekdays))
    until = datetime.combine(start + timedelta(days=length * n - 1), time())
    expected = by_rrule(start, freq=DAILY, byweekday=sorted(weekdays), until=until)
    doses = calendar_of(start, cycles=f"{length} d x{n}", when=f"on {names}").of_item("drug")
    assert [(e.first_day, e.cycle) for e in doses] == [(day, (day - start).days // length + 1) for day in expected]


@given(any_start, st.integers(0, 6), st.integers(1, 8), st.integers(1, 20))
def test_every_so_many_weeks_on_a_weekday_agrees_with_rrule(start: date, weekday: int, weeks: int, n: int) -> None:
    """Every k weeks on a weekday counts whole weeks from the first such day."""
    (first,) = by_rrule(start, freq=DAILY, byweekday=weekday, count=1)
    expected = by_rrule(first, freq=WEEKLY, interval=weeks, count=n)
    assert days(calendar_of(start, when=f"q{weeks}w on {WEEKDAYS[weekday]} x{n}")) == expected


@given(any_start, st.integers(1, 30), st.integers(1, 30), st.integers(1, 10))
def test_after_weekdays_the_next_phase_starts_the_day_after_the_last(start: date, n: int, step: int, more: int) -> None:
    """A phase after weekdays starts on the day after the last of them, wherever the calendar puts it."""
    fractions = by_rrule(start, freq=DAILY, byweekday=range(5), count=n)
    later = by_rrule(fractions[-1] + timedelta(days=1), freq=DAILY, interval=step, count=more)
    assert days(calendar_of(start, when=f"on Mon-Fri x{n} then q{step}d x{more}")) == fractions + later


@given(any_start, st.sets(st.integers(1, 7), min_size=1), st.integers(1, 12))
def test_days_of_each_week_are_counted_from_the_start(start: date, numbers: set[int], weeks: int) -> None:
    """Days 1, 3, 5 of each week are counted in weeks from the start, whatever its weekday."""
    expected = [7 * w + d - 1 for w in range(weeks) for d in sorted(numbers)]
    listed = ", ".join(map(str, sorted(numbers)))
    when = f"3 times a week on days {listed} of each week x{len(expected)}" if len(numbers) == 3 else None
    when = when or f"days {listed} of each week x{len(expected)}"
    assert offsets(calendar_of(start, when=when)) == expected


# ---------------------------------------------------------------- cycles


@st.composite
def day_lists(draw: st.DrawFn, longest: int = 28) -> tuple[str, list[int]]:
    """Some days of a cycle as text and as numbers, with first_day 1."""
    numbers = sorted(draw(st.sets(st.integers(1, longest), min_size=1, max_size=6)))
    return ", ".join(map(str, numbers)), numbers


@given(any_start, day_lists(), st.integers(28, 60), st.integers(1, 12))
def test_cycles_with_listed_days(start: date, listed: tuple[str, list[int]], length: int, n: int) -> None:
    """Cycle k starts at the epoch's start + (k − 1) × length; day d of a cycle is counted with first_day."""
    text, numbers = listed
    calendar = calendar_of(start, cycles=f"{length} d x{n}", when=f"days {text}")
    expected = [(k, d, length * (k - 1) + d - 1) for k in range(1, n + 1) for d in numbers]
    assert [(e.cycle, e.day, e.offset_days) for e in calendar.of_item("drug")] == expected
    assert [e.position for e in calendar.of_item("drug")] == [f"C{k}D{d}" for k, d, _ in expected]


@given(any_start, st.sets(st.integers(0, 27), min_size=1, max_size=6), st.integers(28, 60), st.integers(1, 12))
def test_cycles_counted_from_day_zero(start: date, numbers: set[int], length: int, n: int) -> None:
    """With first_day 0 the first day of each cycle is day 0."""
    listed = ", ".join(map(str, sorted(numbers)))
    calendar = calendar_of(start, cycles=f"{length} d x{n}", when=f"days {listed}", first_day=0)
    assert offsets(calendar) == [length * k + d for k in range(n) for d in sorted(numbers)]


@given(any_start, day_lists(), st.integers(28, 60), st.integers(1, 12))
def test_an_items_own_cycles_are_the_same_as_the_epochs(
    start: date, listed: tuple[str, list[int]], length: int, n: int
) -> None:
    """A day list with an interval makes the same dates as cycles of the epoch; x counts cycles."""
    text, numbers = listed
    own = calendar_of(start, when=f"days {text} q{length}d x{n}")
    assert offsets(own) == [length * k + d - 1 for k in range(n) for d in numbers]


@given(any_start, day_lists(), st.integers(1, 6), st.integers(1, 12), st.booleans())
def test_cycles_of_months(start: date, listed: tuple[str, list[int]], months: int, n: int, own: bool) -> None:
    """A cycle of months starts at the epoch's start + k × length, clamped; its days count from there."""
    text, numbers = listed
    cycle_starts = [start + relativedelta(months=months * k) for k in range(n)]
    expected = sorted(day + timedelta(days=d - 1) for day in cycle_starts for d in numbers)
    said = (
        {"when": f"days {text} every {months} mo x{n}"}
        if own
        else {"cycles": f"{months} mo x{n}", "when": f"days {text}"}
    )
    assert days(calendar_of(start, **said)) == expected


@given(
    any_start,
    st.lists(st.tuples(st.integers(7, 60), st.integers(1, 4)), min_size=1, max_size=4),
    st.lists(st.integers(7, 60), min_size=1, max_size=3),
    st.integers(1, 4),
)
def test_cycles_of_mixed_lengths(start: date, runs: list[tuple[int, int]], loop: list[int], rounds: int) -> None:
    """Length k separates start k and start k + 1: ``28 d x3, then 21 d, 14 d repeating``."""
    lengths = [length for length, n in runs for _ in range(n)] + loop * rounds
    text = ", then ".join(f"{length} d x{n}" for length, n in runs)
    text += ", then " + ", ".join(f"{length} d" for length in loop) + f" repeating x{rounds}"
    calendar = calendar_of(start, cycles=text, when="days 1, 3")
    expected, here = [], 0
    for length in lengths:
        expected += [here, here + 2]
        here += length
    assert offsets(calendar) == expected
    (end,) = [e for e in calendar if e.id == "treatment/end"]
    assert end.offset_days == here


@given(any_start, st.lists(st.tuples(st.booleans(), st.integers(1, 60), st.integers(1, 4)), min_size=1, max_size=5))
def test_cycles_that_change_between_days_and_months(start: date, runs: list[tuple[bool, int, int]]) -> None:
    """Months count from the start of their run, days from where the months ended."""
    text, expected, here = [], [], start
    before: bool | None = None
    zero, passed = start, 0
    for in_months, n, times in runs:
        length = (n - 1) % 6 + 1 if in_months else n
        text.append(f"{length} {'mo' if in_months else 'd'} x{times}")
        if in_months != before:
            zero, passed, before = here, 0, in_months
        for _ in range(times):
            expected.append(here)
            passed += length
            here = zero + (relativedelta(months=passed) if in_months else timedelta(days=passed))
    assert days(calendar_of(start, cycles=", then ".join(text), when="day 1")) == expected


@given(any_start, st.integers(2, 20), st.integers(2, 5), st.integers(1, 6))
def test_every_kth_cycle(start: date, n: int, nth: int, first: int) -> None:
    """Every k-th cycle from cycle m is m, m + k, m + 2k, …"""
    ordinal = {2: "2nd", 3: "3rd", 4: "4th", 5: "5th"}[nth]
    calendar = calendar_of(start, cycles=f"21 d x{n}", when=f"day 1 every {ordinal} cycle from {first}")
    assert [e.cycle for e in calendar.of_item("drug")] == list(range(first, n + 1, nth))


@given(any_start, st.integers(1, 27), st.integers(1, 27), st.integers(1, 6))
def test_days_on_and_days_off(start: date, on: int, off: int, n: int) -> None:
    """``3 w on 1 w off`` is daily on the on-days; x counts the cycles of on and off."""
    expected = [k * (on + off) + d for k in range(n) for d in range(on)]
    assert offsets(calendar_of(start, when=f"daily {on} d on {off} d off x{n}")) == expected


@given(any_start, st.integers(1, 28), st.integers(28, 60), st.integers(1, 8))
def test_continuous_infusions_cover_their_listed_days(start: date, length: int, cycle: int, n: int) -> None:
    """A continuous infusion on days 1-n is one interval of n days in each cycle."""
    calendar = calendar_of(start, cycles=f"{cycle} d x{n}", dose="9 mcg/day CIV", when=f"days 1-{length}")
    spans = [(e.first_day, e.last_day, e.dose_days) for e in calendar.of_item("drug")]
    firsts = [start + timedelta(days=cycle * k) for k in range(n)]
    assert spans == [(first, first + timedelta(days=length - 1), length) for first in firsts]


# ---------------------------------------------------------------- phases


@given(any_start, st.lists(st.tuples(st.integers(1, 40), st.integers(1, 10)), min_size=1, max_size=6))
def test_phases_follow_each_other(start: date, phases: list[tuple[int, int]]) -> None:
    """``qN xK`` occupies K × N; the next phase starts at the end of that span."""
    expected, here = [], 0
    for step, n in phases:
        expected += range(here, here + step * n, step)
        here += step * n
    when = " then ".join(f"q{step}d x{n}" for step, n in phases)
    assert offsets(calendar_of(start, when=when)) == expected


@given(
    any_start,
    st.sets(st.integers(0, 60), min_size=1, max_size=6),
    st.integers(1, 40),
    st.integers(1, 10),
    st.booleans(),
)
def test_after_a_day_list_the_interval_begins_one_step_later(
    start: date, listed: set[int], step: int, n: int, months: bool
) -> None:
    """After an explicit day list the next phase starts one new interval after the last listed day."""
    unit = "mo" if months else "d"
    last = start + timedelta(days=max(listed))
    later = [last + (relativedelta(months=step * k) if months else timedelta(days=step * k)) for k in range(1, n + 1)]
    expected = [start + timedelta(days=d) for d in sorted(listed)] + later
    text = ", ".join(map(str, sorted(listed)))
    assert days(calendar_of(start, when=f"days {text} then every {step} {unit} x{n}", first_day=0)) == expected


@given(any_start, st.lists(st.tuples(st.booleans(), st.integers(1, 12), st.integers(1, 5)), min_size=1, max_size=5))
def test_phases_of_months_and_of_days(start: date, phases: list[tuple[bool, int, int]]) -> None:
    """Months after days count from that phase's start, months after months from one anchor: nothing drifts."""
    text, expected, zero, passed = [], [], start, 0
    before: bool | None = None
    for in_months, step, n in phases:
        if in_months != before:
            if before is not None:
                zero = zero + (relativedelta(months=passed) if before else timedelta(days=passed))
            passed, before = 0, in_months
        for k in range(n):
            moved = passed + step * k
            expected.append(zero + (relativedelta(months=moved) if in_months else timedelta(days=moved)))
        passed += step * n
        text.append(f"every {step} {'mo' if in_months else 'd'} x{n}")
    assert days(calendar_of(start, when=" then ".join(text))) == expected


@given(any_start, st.integers(1, 6), st.integers(1, 400), st.booleans(), st.booleans())
def test_months_stop_at_a_bound_by_day(start: date, step: int, last: int, inclusive: bool, own_cycles: bool) -> None:
    """A series of months, or an item's cycles of months, stops at a bound that is a day."""
    limit = start + timedelta(days=last - 1 + inclusive)
    expected = [day for k in range(20) if (day := start + relativedelta(months=step * k)) < limit]
    when = f"{'days 1 ' if own_cycles else ''}every {step} mo {'through' if inclusive else 'before'} day {last}"
    assert days(calendar_of(start, when=when)) == expected


@given(any_start, st.integers(1, 3), st.integers(28, 200), st.integers(1, 4))
def test_months_stay_inside_their_cycle(start: date, step: int, length: int, n: int) -> None:
    """Months inside a cycle count from the cycle's start and stop where it ends."""
    cycle_starts = [start + timedelta(days=length * k) for k in range(n)]
    expected = [
        (number, day)
        for number, first in enumerate(cycle_starts, start=1)
        for k in range(8)
        if (day := first + relativedelta(months=step * k)) < first + timedelta(days=length)
    ]
    doses = calendar_of(start, cycles=f"{length} d x{n}", when=f"every {step} mo").of_item("drug")
    assert [(e.cycle, e.first_day) for e in doses] == expected


@given(any_start, st.integers(1, 20), st.integers(2, 20), st.integers(2, 30), st.integers(1, 24))
def test_a_length_in_months_counts_from_its_own_phase(start: date, first: int, n: int, step: int, months: int) -> None:
    """``for D`` of a later phase is [start, start + D) of that phase, not of the first."""
    here = start + timedelta(days=first * n)
    end = here + relativedelta(months=months)
    when = f"q{first}d x{n} then q{step}d for {months} mo"
    if (end - here).days % step == 0:
        with pytest.raises(DatingError, match="exactly on the bound"):
            calendar_of(start, when=when)
        return
    later = [here + timedelta(days=k) for k in range(0, (end - here).days, step)]
    assert days(calendar_of(start, when=when)) == by_rrule(start, freq=DAILY, interval=first, count=n) + later


@given(any_start, st.integers(1, 6), st.integers(1, 4), st.integers(1, 30), st.integers(1, 400), st.booleans())
def test_a_bound_by_day_counts_from_the_frame_after_months_too(
    start: date, step: int, n: int, then: int, last: int, inclusive: bool
) -> None:
    """Day numbers count from the frame, never from the phase, also where the phase starts at a month's end."""
    here = start + relativedelta(months=step * n)
    limit = start + timedelta(days=last - 1 + inclusive)
    expected = [start + relativedelta(months=step * k) for k in range(n)]
    expected += [day for k in range(500) if (day := here + timedelta(days=then * k)) < limit]
    word = "through" if inclusive else "before"
    assert days(calendar_of(start, when=f"every {step} mo x{n} then q{then}d {word} day {last}")) == expected


@given(any_start, st.integers(1, 40), st.integers(1, 24), st.booleans(), st.booleans())
def test_a_bound_by_month_covers_the_month(start: date, step: int, month: int, inclusive: bool, ordinal: bool) -> None:
    """Elapsed month N is the single day N months after the anchor; ordinal month N is the whole N-th month."""
    begins = start + relativedelta(months=month - ordinal)
    after = start + relativedelta(months=month) if ordinal else begins + timedelta(days=1)
    limit = after if inclusive else begins
    word = "through" if inclusive else "before"
    expected = [day for k in range(0, 800, step) if (day := start + timedelta(days=k)) < limit]
    weeks = "ordinal" if ordinal else "elapsed"
    assert days(calendar_of(start, when=f"q{step}d {word} month {month}", weeks=weeks)) == expected


@given(any_start, st.integers(1, 12), st.integers(1, 36))
def test_months_for_months(start: date, step: int, length: int) -> None:
    """A series of months is held against ``for`` on the calendar; exactly on the bound it is refused."""
    end = start + relativedelta(months=length)
    expected = [day for k in range(40) if (day := start + relativedelta(months=step * k)) < end]
    if length % step == 0:
        with pytest.raises((PlanError, DatingError), match="exactly on the bound"):
            calendar_of(start, when=f"every {step} mo for {length} mo")
    else:
        assert days(calendar_of(start, when=f"every {step} mo for {length} mo")) == expected


@given(any_start, st.integers(1, 60), st.integers(1, 20), st.integers(0, 200))
def test_a_phase_may_name_its_own_start(start: date, step: int, n: int, more: int) -> None:
    """``then from day N`` starts on day N of the frame, whatever the span of the phase before."""
    day = step * n + 1 + more
    when = f"q{step}d x{n} then from day {day} q1w x3"
    expected = [step * k for k in range(n)] + [day - 1 + 7 * k for k in range(3)]
    assert offsets(calendar_of(start, when=when)) == expected


@given(any_start, st.integers(1, 20), st.integers(1, 10), st.booleans())
def test_up_to_a_number_of_doses(start: date, n: int, step: int, in_cycles: bool) -> None:
    """``up to n`` is n planned at most: the first is certain, the others are optional."""
    when = f"days 1 q{step}d up to {n} cycles" if in_cycles else f"q{step}d up to {n} doses"
    doses = calendar_of(start, when=when).of_item("drug")
    assert [(e.offset_days, e.optional) for e in doses] == [(step * k, k > 0) for k in range(n)]


@given(any_start, st.lists(st.integers(1, 12), min_size=1, max_size=3), st.integers(1, 40), st.integers(1, 20))
def test_cycles_open_at_a_date_are_completed(start: date, lengths: list[int], last: int, more: int) -> None:
    """A cycle that starts before the bound is given whole."""
    bound = last * sum(lengths) // 3 + more
    text = ", ".join(f"{length} d" for length in lengths) + f" repeating through day {bound}"
    here, expected, k = 0, [], 0
    while here <= bound - 1:
        expected.append(here)
        here += lengths[k % len(lengths)]
        k += 1
    calendar = calendar_of(start, cycles=text, when="day 1")
    assert offsets(calendar) == expected
    assert [e.offset_days for e in calendar if e.id == "treatment/end"] == [here]


@given(any_start, st.lists(st.tuples(st.integers(1, 8), st.booleans()), min_size=2, max_size=5))
def test_daily_steps_held_for_weeks_or_months(start: date, steps: list[tuple[int, bool]]) -> None:
    """Daily dose levels, each for some weeks or months, follow each other without a gap or an overlap."""
    phases, expected, here = [], [], start
    for level, (length, in_months) in enumerate(steps, start=1):
        phases.append(f"{level} mg PO daily for {length} {'mo' if in_months else 'w'}")
        end = here + (relativedelta(months=length) if in_months else timedelta(days=7 * length))
        while here < end:
            expected.append((here, f"{level} mg"))
            here += timedelta(days=1)
    doses = calendar_of(start, line=" then ".join(phases)).of_item("drug")
    assert [(e.first_day, e.dose) for e in doses] == expected


@given(any_start, st.integers(1, 40), st.integers(1, 9), st.integers(0, 30), st.integers(1, 4))
def test_tapers(start: date, last: int, step: int, more: int, held: int) -> None:
    """A taper from A by S every I to B holds each level for one interval and includes B."""
    first = last + more
    levels = [*range(first, last, -step), last]
    calendar = calendar_of(start, line=f"from {first} mg by -{step} mg every {held} d to {last} mg PO daily")
    expected = [(k, f"{levels[k // held]} mg") for k in range(held * len(levels))]
    assert [(e.offset_days, e.dose) for e in calendar.of_item("drug")] == expected


@given(any_start, st.integers(1, 8), st.integers(1, 4), st.integers(0, 12), st.integers(1, 12))
def test_intervals_that_grow(start: date, first: int, by: int, more: int, n: int) -> None:
    """An interval that grows by a step at each dose stops growing at its cap."""
    longest = first + more
    here, length, expected = 0, first, []
    for _ in range(n):
        expected.append(7 * here)
        here, length = here + length, min(length + by, longest)
    calendar = calendar_of(start, when=f"every {first} w growing by {by} w to {longest} w x{n}")
    assert offsets(calendar) == expected


# ---------------------------------------------------------------- clocks


@given(
    st.one_of(near_clock_changes, anchors),
    st.sampled_from(ZONES),
    st.times(time(0, 1), time(23, 59)).map(lambda t: time(t.hour, t.minute)),
    st.sampled_from([1, 4, 6, 8, 12, 24, 36]),
    st.integers(1, 30),
)
def test_hourly_doses_keep_elapsed_time(day: date, zone: str, clock: time, hours: int, n: int) -> None:
    """``q6h x16`` keeps elapsed time: every dose is six hours after the one before, whatever the clocks do."""
    zero = datetime.combine(day, clock, ZoneInfo(zone))
    if zero.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != zero.replace(tzinfo=None):
        with pytest.raises(DatingError, match="does not exist"):
            calendar_of(day, zone=zone, when=f"q{hours}h at {clock:%H:%M} x{n}")
        return
    expected = [zero.astimezone(UTC) + timedelta(hours=hours * k) for k in range(n)]
    given_ = starts(calendar_of(day, zone=zone, when=f"q{hours}h at {clock:%H:%M} x{n}"))
    assert [moment.astimezone(UTC) for moment in given_ if isinstance(moment, datetime)] == expected
    wall = [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in expected]
    assert [moment.replace(tzinfo=None) for moment in given_ if isinstance(moment, datetime)] == wall


@given(
    st.one_of(near_clock_changes, anchors),
    st.sampled_from([None, *ZONES]),
    st.sets(st.times(time(3), time(23, 59)).map(lambda t: time(t.hour, t.minute)), min_size=2, max_size=4).map(sorted),
    st.integers(1, 8),
)
def test_doses_at_clock_times_keep_the_wall_clock(day: date, zone: str | None, clocks: list[time], n: int) -> None:
    """``bid`` and ``tid`` at clock times keep wall time, before, on and after the day the clocks change."""
    often = {2: "bid", 3: "tid", 4: "qid"}[len(clocks)]
    at = ",".join(f"{clock:%H:%M}" for clock in clocks)
    expected = [datetime.combine(day + timedelta(days=k), clock) for k in range(n) for clock in clocks]
    given_ = starts(calendar_of(day, zone=zone, when=f"{often} at {at} for {n} d"))
    assert [moment.replace(tzinfo=None) for moment in given_ if isinstance(moment, datetime)] == expected
    if zone is not None:
        info = ZoneInfo(zone)
        offsets_ = [moment.utcoffset() for moment in given_ if isinstance(moment, datetime)]
        assert offsets_ == [moment.replace(tzinfo=info).utcoffset() for moment in expected]


@given(
    st.one_of(near_clock_changes, anchors),
    st.sampled_from(ZONES),
    st.times(time(3), time(23, 59)).map(lambda t: time(t.hour, t.minute)),
    st.integers(1, 28),
)
def test_infusions_last_elapsed_time(day: date, zone: str, clock: time, length: int) -> None:
    """A continuous infusion of n days lasts n × 24 hours of elapsed time."""
    on = datetime.combine(day, clock)
    (dose,) = calendar_of(on, zone=zone, dose="9 mcg/day CIV", when=f"days 1-{length}").of_item("drug")
    assert isinstance(dose.start, datetime)
    assert isinstance(dose.end, datetime)
    assert dose.start.replace(tzinfo=None) == on
    assert dose.end.astimezone(UTC) - dose.start.astimezone(UTC) == timedelta(days=length)
    assert dose.dose_days == length


@given(near_clock_changes, st.sampled_from(ZONES), st.integers(1, 12), st.integers(1, 6))
@settings(max_examples=50)
def test_days_after_a_timed_anchor_keep_its_wall_clock(day: date, zone: str, step: int, n: int) -> None:
    """Days and months keep the wall clock of an anchor with a time; only hours are elapsed time."""
    on = datetime.combine(day, time(10))
    given_ = starts(calendar_of(on, zone=zone, when=f"q{step}d x{n}"))
    assert [moment.replace(tzinfo=None) for moment in given_ if isinstance(moment, datetime)] == [
        on + timedelta(days=step * k) for k in range(n)
    ]
