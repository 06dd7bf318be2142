"""How is a value read aloud? One plain English phrase for each, with nothing in it that can be misheard or misread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from regimen.notation.banded import Bands
from regimen.notation.canonical import ordinal, weekday_runs
from regimen.notation.terms import (
    AmountChoice,
    AmountRange,
    AnyAmount,
    Cycles,
    DayList,
    Dose,
    DoseLevel,
    Frequency,
    Interval,
    Item,
    Line,
    Phase,
    Point,
    Ramp,
    Relative,
    Run,
    Scope,
    TargetExposure,
    Unstated,
    UpTo,
    When,
)
from regimen.notation.words import ROUTE_WORDS
from regimen.quantities import Amount, Unit, plain_number, spoken_number
from regimen.timing import WEEKDAY_WORDS, WEEKDAYS, Window

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OFTEN = {1: "once", 2: "twice"}
_SINGULAR = {"patches": "patch"}


def line_in_words(line: Line) -> str:
    """The whole line as one sentence."""
    frame = f"In {cycles_in_words(line.frame)}: " if line.frame else ""
    return frame + "; ".join(item_in_words(item) for item in line.items) + "."


def item_in_words(item: Item) -> str:
    """``belimumab: 10 mg/kg intravenously over 1 hour on days 0, 14 and 28, then every 28 days through week 48``."""
    return (f"{item.label}: " if item.label else "") + when_in_words(item.phases)


def when_in_words(phases: When) -> str:
    """``on days 0, 14 and 28, then every 28 days through week 48``."""
    return ", then ".join(_phase(phase) for phase in phases)


def dose_in_words(dose: Dose) -> str:
    """``10 mg/kg intravenously over 1 hour``."""
    return " ".join([amount_in_words(dose.amount), *_dose_parts(dose)])


def cycles_in_words(cycles: Cycles) -> str:
    """``5 cycles of 42 days, then 4 cycles of 84 days``."""
    runs = ", then ".join(_run(run) for run in cycles.runs)
    return " ".join([runs, *_ends(cycles), *(["and cut off there"] if cycles.cut else [])])


def point_in_words(point: Point) -> str:
    """``week 48``, ``28 days after the last dose of radiotherapy``, ``Mon 4 Jan 2027``."""
    base = _base(point)
    if point.shift is None:
        return base
    gap = f" (allowed: {point.allowed[0].n} to {point.allowed[1].words})" if point.allowed else ""
    return f"{point.shift.words}{gap} {'before' if point.sign < 0 else 'after'} {base}"


def window_in_words(window: Window) -> str:
    """``up to 3 days early and up to 5 days late``."""
    if window.early == window.late:
        return f"up to {window.early.words} early or late" if window.early.n else "neither early nor late"
    early = f"up to {window.early.words} early" if window.early.n else "not early"
    late = f"up to {window.late.words} late" if window.late.n else "not late"
    return f"{early}, {late}"


def listed(parts: Sequence[str]) -> str:
    """``0, 14 and 28``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


# ---------------------------------------------------------------- doses


def amount_in_words(amount: AnyAmount) -> str:
    """``10 mg/kg``, ``5 to 10 mg``, ``1,000 mg``, ``100 mg, lowered by 10 mg every day to 20 mg``."""
    match amount:
        case Amount(value, unit):
            return f"{spoken_number(value)} {_unit(unit, value == 1)}"
        case AmountRange(low, high, unit):
            return f"{spoken_number(low)} to {spoken_number(high)} {_unit(unit)}"
        case AmountChoice(values, unit):
            return f"{' or '.join(map(spoken_number, values))} {_unit(unit)}"
        case TargetExposure(auc):
            return f"a dose for AUC {plain_number(auc)}"
        case DoseLevel(name):
            return f"dose level {name}"
        case Unstated(what):
            return "a taper that is not stated" if what == "taper" else "an amount that is not stated"
        case Ramp():
            return _ramp(amount)
        case Bands(_, bands):
            return ", ".join(f"{_band_in_words(band.dose)} {band.said(amount.unit)}" for band in bands)


def _band_in_words(dose: Dose) -> str:
    limits = Dose(dose.amount, caps=dose.caps, round_to=dose.round_to)
    return " ".join([amount_in_words(dose.amount), *_dose_parts(limits)])


def _ramp(ramp: Ramp) -> str:
    first, last, step = (amount_in_words(Amount(value, ramp.unit)) for value in (ramp.first, ramp.last, abs(ramp.step)))
    return f"{first}, {'lowered' if ramp.step < 0 else 'raised'} by {step} {ramp.every.every} to {last},"


def _unit(unit: Unit, single: bool = False) -> str:
    base = _SINGULAR.get(unit.base, unit.base.removesuffix("s")) if single else unit.base
    return str(Unit(base, unit.per, unit.time))


def _dose_parts(dose: Dose) -> Iterator[str]:
    if dose.route:
        yield ROUTE_WORDS.get(dose.route, dose.route)
    if dose.over:
        yield f"over {dose.over.words}"
    if dose.bolus:
        yield "as a bolus"
    if dose.divided:
        yield "in 1 dose" if dose.divided == 1 else f"divided into {dose.divided} doses"
    if dose.bags:
        yield f"from bags of {dose.bags.words}"
    yield from (f"(at most {amount_in_words(cap)})" for cap in dose.caps)
    if dose.round_to:
        yield f"rounded to {amount_in_words(dose.round_to)}"
    if dose.prn:
        yield "as needed"


# ---------------------------------------------------------------- phases


def _phase(phase: Phase) -> str:
    if phase.stop:
        return "stop"
    parts = [dose_in_words(phase.dose)] if phase.dose else []
    return " ".join([*parts, *_when_parts(phase)]).rstrip(",")


def _when_parts(phase: Phase) -> Iterator[str]:
    if phase.unstated:
        yield "on a schedule that is not stated"
    if phase.frequency:
        yield _frequency(phase.frequency)
    yield from _days_and_interval(phase)
    if phase.on_off:
        yield f"{phase.on_off[0].words} on and {phase.on_off[1].words} off"
    if phase.weekdays:
        days = listed(weekday_runs(phase.weekdays.days, " to ", WEEKDAY_WORDS).split(", "))
        yield f"on every {ordinal(phase.weekdays.nth)} of {days}" if phase.weekdays.nth > 1 else f"on {days}"
    if phase.at:
        yield "at " + listed([f"{t:%H:%M}" for t in phase.at])
    if phase.relative:
        yield _relative(phase.relative)
    if phase.times:
        yield f"for {_counted(phase.times, 'cycle' if _counts_cycles(phase) else 'dose')}"
    if phase.cycles:
        yield _scope(phase.cycles)
    if phase.without:
        yield f"in {phase.without[0]}s without {_name(phase.without[1])}"
    if phase.start:
        yield f"from {point_in_words(phase.start)}"
    yield from _ends(phase)
    if phase.cut:
        yield "and cut off there"
    if phase.condition:
        yield f"if {_name(phase.condition[0])} is {_name(phase.condition[1])}"
    if phase.window:
        yield f"({window_in_words(phase.window)})"


def _days_and_interval(phase: Phase) -> Iterator[str]:
    days, every = phase.days, phase.every
    if days and every and every.within:
        yield f"{_interval(every)} within {days.unit}s {_ranges(days.ranges)}"
    elif days and every:
        yield f"{_days(days)}, repeated {_interval(every)},"
    elif days:
        yield _days(days)
    elif every:
        yield _interval(every)


def _counts_cycles(phase: Phase) -> bool:
    return phase.on_off is not None or (phase.days is not None and phase.every is not None and not phase.every.within)


def _ends(bounded: Phase | Cycles) -> Iterator[str]:
    if bounded.up_to:
        yield _up_to(bounded.up_to)
    if bounded.lasting:
        yield f"{'held' if isinstance(bounded, Phase) and bounded.hold else ''} for {bounded.lasting.words}".strip()
    if bounded.through:
        yield f"through {point_in_words(bounded.through)}"
    if bounded.before:
        yield f"before {point_in_words(bounded.before)}"
    if bounded.until:
        at_most = f", at most {bounded.until.at_most.words}" if bounded.until.at_most else ""
        yield f"until {bounded.until.event}{at_most}"


def _frequency(often: Frequency) -> str:
    return f"{_OFTEN.get(often.n, f'{often.n} times')} a {often.per}"


def _days(days: DayList) -> str:
    text = f"{'on' if days.unit == 'day' else 'at'} {_numbered(days.unit, days.ranges)}"
    if days.of_each_week:
        return f"{text} of each week"
    if days.of_weeks:
        return f"{text} of {_numbered('week', days.of_weeks)}"
    return f"{text} after the start" if days.unit == "hour" else text


def _numbered(unit: str, ranges: tuple[tuple[int, int], ...]) -> str:
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return f"{unit if single else unit + 's'} {_ranges(ranges)}"


def _ranges(ranges: tuple[tuple[int, int], ...]) -> str:
    return listed([str(a) if a == b else f"{a} to {b}" for a, b in ranges])


def _interval(every: Interval) -> str:
    growth = f", lengthened by {every.growth[0].words} each time up to {every.growth[1].words}" if every.growth else ""
    return f"{every.span.every}{growth}{', beginning one interval after the start' if every.after_start else ''}"


def _relative(place: Relative) -> str:
    dose = f"{'the end of ' if place.edge == 'end' else ''}each dose of {_name(place.item)}"
    if place.days:
        return f"on {_numbered(place.days.unit, place.days.ranges)} after {dose}"
    if place.span:
        return f"{place.span.words} {'before' if place.sign < 0 else 'after'} {dose}"
    return f"with {dose}"


def _scope(scope: Scope) -> str:
    ranges = listed([_cycle_range(a, b) for a, b in scope.ranges]) if scope.ranges else ""
    match scope.kind:
        case "odd" | "even":
            return f"in {scope.kind} cycles"
        case "every":
            return f"in every {ordinal(scope.nth)} cycle from cycle {scope.start}"
        case "but":
            return f"in all cycles but {ranges}"
    single = len(scope.ranges) == 1 and scope.ranges[0][0] == scope.ranges[0][1]
    return f"in cycle{'' if single else 's'} {ranges}"


def _cycle_range(first: int, last: int | None) -> str:
    if last is None:
        return f"{first} and later"
    return str(first) if first == last else f"{first} to {last}"


def _up_to(bound: UpTo) -> str:
    return f"up to {bound.span.words if bound.span else _counted(bound.n, bound.noun.removesuffix('s'))}"


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


# ---------------------------------------------------------------- cycles and points


def _run(run: Run) -> str:
    lengths = listed([span.words for span in run.lengths]) + (" in turn" if len(run.lengths) > 1 else "")
    if run.times is None:
        return f"cycles of {lengths}"
    rounds = "" if len(run.lengths) == 1 else f"{_counted(run.times, 'round')} of "
    return f"{rounds}{'cycles' if rounds else _counted(run.times, 'cycle')} of {lengths}"


def _base(point: Point) -> str:
    names = " or ".join(_name(name) for name in point.names)
    match point.kind:
        case "day" | "week" | "month" | "cycle":
            return f"{point.kind} {point.number}"
        case "date":
            return _date(point.date) if point.date else ""
        case "start" | "end":
            return f"the {point.kind} of {names}"
        case "first" | "last":
            return f"the {point.kind} dose of {names}"
        case "previous":
            return "the end of the previous epoch"
    return names


def _date(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _name(name: str) -> str:
    return name.replace("_", " ")
