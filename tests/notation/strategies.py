"""Which values can the notation say? Strategies for all of them, kept within what a phase or a dose may combine."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from hypothesis import strategies as st

from regimen.notation.terms import (
    AmountChoice,
    AmountRange,
    Cycles,
    DayList,
    Dose,
    DoseLevel,
    Frequency,
    Interval,
    Item,
    Line,
    OnWeekdays,
    Phase,
    Point,
    Ramp,
    Relative,
    Run,
    Scope,
    TargetExposure,
    Unstated,
    Until,
    UpTo,
)
from regimen.quantities import Amount, Unit, known_units
from regimen.timing import Span, Window

ROUTES = (
    "IV", "CIV", "subcut", "IM", "PO", "IT", "intravitreal", "intradermal", "intraperitoneal", "intravesical",
    "intra-articular", "intra-arterial", "inhaled", "nebulised", "intranasal", "topical", "transdermal", "sublingual",
    "buccal", "rectal", "vaginal", "ophthalmic", "RT",
)  # fmt: skip
WORDS = (
    "blinatumomab",
    "day",
    "daily",
    "then",
    "qd",
    "end",
    "previous",
    "item-2",
    "first_dose",
    "monthly visit",
    "µ – ×",
)

small = st.integers(1, 400)
spans = st.builds(Span, small, st.sampled_from(["min", "h", "d", "w", "mo", "y"]))
whole_spans = st.builds(Span, small, st.sampled_from(["d", "w", "mo", "y"]))
minute_spans = st.builds(Span, small, st.sampled_from(["min", "h"]))
numbers = st.one_of(
    st.integers(0, 99999).map(Decimal),
    st.integers(1, 10**7).map(lambda n: Decimal(n) / 1000),
    st.decimals("0.001", "100000", places=3),
)
positive = numbers.filter(lambda n: n > 0)
units = st.builds(
    Unit,
    st.sampled_from(known_units()),
    st.sampled_from([None, "kg", "m2"]),
    st.sampled_from([None, None, "dose", "week"]),
)
rates = st.builds(
    Unit, st.sampled_from(known_units()), st.sampled_from([None, "kg", "m2"]), st.sampled_from(["day", "h", "min"])
)
any_unit = st.one_of(units, rates)
plain_text = st.text(
    st.characters(codec="utf-8", exclude_characters='"', exclude_categories=("C", "Z")), min_size=1, max_size=20
)
names = st.one_of(st.sampled_from(WORDS), st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True), plain_text)
labels = st.one_of(st.none(), names, st.sampled_from(["Day 1", "IV", "arm A (high)", "x:", "2nd drug"]))
events = st.one_of(
    st.sampled_from(["progression", "disease progression or unacceptable toxicity", "two scans at week 8", "week 48"]),
    names,
)
name_lists = st.lists(names, min_size=1, max_size=3).map(tuple)


# ---------------------------------------------------------------- doses


@st.composite
def _ranges_of_amount(draw):
    low, high = sorted(draw(st.lists(numbers, min_size=2, max_size=2, unique=True)))
    return AmountRange(low, high, draw(any_unit))


@st.composite
def ramps(draw, every=spans, unit=any_unit):
    first, last = draw(numbers), draw(numbers)
    step = draw(positive) * (-1 if last < first else 1)
    return Ramp(first, step, draw(every), last, draw(unit))


other_amounts = st.one_of(
    _ranges_of_amount(),
    st.builds(AmountChoice, st.lists(numbers, min_size=2, max_size=4, unique=True).map(tuple), any_unit),
    st.builds(TargetExposure, positive),
    st.builds(DoseLevel, st.from_regex(r"[A-Za-z0-9+-]{1,4}", fullmatch=True)),
    st.builds(Unstated, st.sampled_from(["dose", "taper"])),
)
amounts = st.builds(Amount, numbers, units)
maybe = st.booleans


def optional(strategy):
    return st.one_of(st.none(), st.none(), strategy)


def _dose_extras():
    return {
        "over": optional(spans),
        "bolus": maybe(),
        "caps": st.lists(st.builds(Amount, numbers, any_unit), max_size=2).map(tuple),
        "bags": optional(spans),
        "round_to": optional(st.builds(Amount, positive, units)),
        "prn": maybe(),
    }


free_doses = st.builds(
    Dose,
    st.one_of(amounts, st.builds(Amount, numbers, rates), other_amounts, ramps()),
    st.one_of(st.none(), st.sampled_from(ROUTES)),
    divided=optional(st.integers(1, 12)),
    **_dose_extras(),
)
"""Doses as ``dose:`` takes them: apart from any schedule, every combination is allowed."""


@st.composite
def doses(draw, frequency=None):
    """Doses that may stand in a line: a rate is continuous or divided, and agrees with how often it is given."""
    amount = draw(
        st.one_of(
            amounts, st.builds(Amount, numbers, rates), other_amounts, ramps(st.just(Span(1, "d"))), ramps(unit=rates)
        )
    )
    often = frequency.n if frequency and frequency.per == "day" else None
    extras = {name: draw(strategy) for name, strategy in _dose_extras().items()}
    route = draw(st.one_of(st.none(), st.sampled_from(ROUTES)))
    divided = draw(optional(st.just(often) if often else st.integers(1, 12)))
    if isinstance(amount, Amount):
        if amount.unit.is_rate and divided is None:
            route = "CIV"
        elif route == "CIV" and not amount.unit.is_rate:
            extras["over"] = draw(spans)
    return Dose(amount, route, divided=divided, **extras)


# ---------------------------------------------------------------- points, cycles


@st.composite
def points(draw):
    kind = draw(
        st.sampled_from(
            ["day", "week", "month", "cycle", "date", "start", "end", "first", "last", "anchor", "previous"]
        )
    )
    number = draw(st.integers(-60, 500)) if kind in ("day", "week", "month", "cycle") else None
    day = draw(st.dates(date(1900, 1, 1))) if kind == "date" else None
    named = (
        (draw(names),) if kind == "anchor" else draw(name_lists) if kind in ("start", "end", "first", "last") else ()
    )
    shift = draw(optional(spans))
    allowed = None
    if shift is not None and draw(maybe()):
        low = draw(st.integers(0, shift.n))
        allowed = (Span(low, shift.unit), Span(draw(st.integers(max(low, shift.n), shift.n + 9)), shift.unit))
    sign = draw(st.sampled_from([1, -1])) if shift is not None else 1
    return Point(kind, number, day, named, shift, sign, allowed)


@st.composite
def windows(draw):
    unit = st.sampled_from(["min", "h", "d", "w"])
    early, late = (Span(draw(st.integers(0, 30)), draw(unit)) for _ in range(2))
    return Window(early, late)


untils = st.builds(Until, events, optional(spans))
up_tos = st.one_of(
    st.builds(UpTo, small, st.sampled_from(["cycles", "doses"])), st.builds(lambda span: UpTo(0, "", span), spans)
)


@st.composite
def cycles(draw):
    """A clock of cycles; only its last run may go on for ever, and only then is it bounded."""

    def run(times):
        return st.builds(Run, st.lists(whole_spans, min_size=1, max_size=3).map(tuple), times)

    runs = [*draw(st.lists(run(small), max_size=2)), draw(run(optional(small)))]
    if runs[-1].times is not None:
        return Cycles(tuple(runs), cut=draw(maybe()))
    ends = _bounds(draw, ("until", "lasting", "through", "before"))
    up_to = draw(optional(up_tos.filter(lambda bound: bound.noun != "doses")))
    return Cycles(tuple(runs), up_to=up_to, cut=draw(maybe()), **ends)


def _bounds(draw, kinds):
    """One end, or an end and a length; an open end stands alone."""
    strategy = {"until": untils, "lasting": spans, "through": points(), "before": points()}
    chosen = draw(st.sampled_from([None, *kinds]))
    ends = {chosen: draw(strategy[chosen])} if chosen else {}
    if chosen in ("through", "before") and draw(maybe()):
        ends["lasting"] = draw(spans)
    return ends


# ---------------------------------------------------------------- when


@st.composite
def number_ranges(draw, low=-30, high=400):
    edges = sorted(draw(st.lists(st.integers(low, high), min_size=1, max_size=6, unique=True)))
    found, k = [], 0
    while k < len(edges):
        width = 2 if k + 1 < len(edges) and draw(maybe()) else 1
        found.append((edges[k], edges[k + width - 1]))
        k += width
    return tuple(found)


plain_days = st.builds(DayList, st.sampled_from(["day", "week", "month", "hour"]), number_ranges())
day_lists = st.one_of(
    plain_days,
    st.builds(lambda r, w: DayList("day", r, of_weeks=w), number_ranges(), number_ranges(1)),
    st.builds(lambda r: DayList("day", r, of_each_week=True), number_ranges(1, 7)),
)
clock_times = st.builds(time, st.integers(0, 23), st.integers(0, 59)).filter(lambda t: t != time(0, 0))


def times_of_day(count):
    return st.lists(clock_times, min_size=count, max_size=count, unique=True).map(lambda found: tuple(sorted(found)))


@st.composite
def scopes(draw):
    kind = draw(st.sampled_from(["odd", "even", "every", "list", "but"]))
    if kind in ("odd", "even"):
        return Scope(kind)
    if kind == "every":
        return Scope(kind, nth=draw(small), start=draw(small))
    listed = list(draw(number_ranges(1)))
    if draw(maybe()):
        listed[-1] = (listed[-1][0], None)
    return Scope(kind, tuple(listed))


@st.composite
def intervals(draw):
    span = draw(spans)
    growth = None
    if draw(st.sampled_from([False, False, True])):
        growth = (Span(draw(small), span.unit), Span(draw(st.integers(span.n, span.n + 50)), span.unit))
    return Interval(span, growth, draw(maybe()), draw(maybe()))


@st.composite
def relatives(draw):
    item, edge = draw(names), draw(st.sampled_from(["start", "end"]))
    kind = draw(st.sampled_from(["on", "span", "days"]))
    if kind == "on":
        return Relative(item)
    if kind == "days":
        return Relative(item, edge, days=draw(plain_days))
    return Relative(item, edge, draw(st.sampled_from([1, -1])), draw(spans))


@st.composite
def phases(draw, with_dose=None):
    """One phase whose clauses go together: an interval keeps to its weekdays, counts agree, one end."""
    parts = draw(st.sampled_from(["days", "interval", "both", "frequency", "relative", "on_off", "weekdays", "none"]))
    fields = {}
    if parts in ("days", "both"):
        fields["days"] = draw(day_lists)
    if parts in ("interval", "both"):
        fields["every"] = _interval_for(draw(intervals()), fields.get("days"))
    if parts == "relative":
        fields["relative"] = draw(relatives())
    if parts == "on_off":
        fields["on_off"] = (draw(spans), draw(spans))
    if parts == "weekdays" or ("every" in fields and _keeps_weekdays(fields["every"].span) and draw(maybe())):
        fields["weekdays"] = draw(
            st.builds(
                OnWeekdays, st.sets(st.integers(0, 6), min_size=1).map(lambda s: tuple(sorted(s))), st.integers(1, 3)
            )
        )
    if parts == "frequency" or ("every" not in fields and draw(maybe())):
        fields["frequency"] = _frequency_for(draw, fields)
    often = fields.get("frequency")
    daily = often.n if often and often.per == "day" else None
    if draw(maybe()) and (daily or 1) < 20:
        fields["at"] = draw(times_of_day(daily or 1))
    if with_dose or (with_dose is None and draw(maybe())):
        fields["dose"] = draw(doses(often))
    fields |= {
        "times": draw(optional(small)),
        "cycles": draw(optional(scopes())),
        "start": draw(optional(points())),
        "without": draw(optional(st.tuples(st.sampled_from(["week", "cycle"]), names))),
        "window": draw(optional(windows())),
        "condition": draw(optional(st.tuples(names, names))),
        "cut": draw(maybe()),
    }
    ends = _bounds(draw, ("until", "lasting", "through", "before"))
    if "until" in ends:
        fields["times"] = None
    if "lasting" in ends:
        fields["hold"] = draw(maybe())
    fields["up_to"] = draw(optional(up_tos))
    if parts == "none" and draw(maybe()) and "frequency" not in fields:
        fields["unstated"] = True
    return Phase(**fields, **ends)


def _interval_for(every, days):
    if days is None or days.of_weeks or days.of_each_week:
        return Interval(every.span, every.growth, every.after_start)
    return every


def _keeps_weekdays(span):
    return span.days is not None and span.days % 7 == 0


def _frequency_for(draw, fields):
    per = draw(st.sampled_from(["day", "week"]))
    days, on = fields.get("days"), fields.get("weekdays")
    named = len(days.numbers()) if days and days.of_each_week else None
    named = len(on.days) if on else named
    n = named if per == "week" and named else draw(st.integers(1, 30))
    return Frequency(n, per)


def _says_something(phase):
    return phase.dose is not None or phase != Phase()


def _chained(phase_list):
    """After an open end the next phase names its start."""
    chained = [phase_list[0]]
    for phase in phase_list[1:]:
        before = chained[-1]
        if (before.until or before.up_to) and phase.start is None:
            break
        chained.append(phase)
    return tuple(chained)


@st.composite
def whens(draw):
    first = draw(phases(with_dose=False).filter(_says_something))
    later = draw(st.lists(phases().filter(_says_something), max_size=2))
    stop = (Phase(stop=True),) if draw(maybe()) else ()
    return _chained([first, *later]) + stop


@st.composite
def items(draw):
    first = draw(phases(with_dose=True))
    later = draw(st.lists(phases().filter(_says_something), max_size=2))
    stop = (Phase(stop=True),) if draw(maybe()) else ()
    return Item(_chained([first, *later]) + stop, draw(labels))


lines = st.builds(Line, st.lists(items(), min_size=1, max_size=3).map(tuple), optional(cycles()))
