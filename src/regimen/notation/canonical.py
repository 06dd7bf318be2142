"""What is the one short text of a value? Reading it back gives the same value again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from regimen.notation.banded import Bands
from regimen.notation.refusals import is_ambiguous
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
    OnWeekdays,
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
from regimen.notation.words import RESERVED, is_plain_event, names_a_time
from regimen.quantities import Amount, plain_number
from regimen.timing import WEEKDAYS, Span, Window

_SHORT_FREQUENCY = {1: "daily", 2: "bid", 3: "tid"}
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_PLAIN_ANSWER = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_LABEL = re.compile(r"[A-Za-z](?:[A-Za-z0-9_ .()+/-]*[A-Za-z0-9_.()+/-])?")
_QUOTABLE = re.compile(r'[^"\n\x00-\x1f\x7f]{1,80}')


def line_text(line: Line) -> str:
    """``[q42d x5] 9 mcg/day CIV days 1-7 in cycle 1; 28 mcg/day CIV days 8-28 in cycle 1``."""
    frame = f"[{cycles_text(line.frame)}] " if line.frame else ""
    return frame + "; ".join(item_text(item) for item in line.items)


def item_text(item: Item) -> str:
    """An item with its label in front: ``blinatumomab: 9 mcg/day CIV days 1-14``."""
    return (f"{_label(item.label)}: " if item.label is not None else "") + when_text(item.phases)


def when_text(phases: When) -> str:
    """Phases joined by *then*: ``days 0, 14, 28 then q28d through week 48``."""
    if phases == (Phase(unstated=True),):
        return "not stated"
    return " then ".join(_phase(phase) for phase in phases)


def dose_text(dose: Dose) -> str:
    """``10 mg/kg IV over 1 h``."""
    return " ".join(_dose_parts(dose))


def cycles_text(cycles: Cycles) -> str:
    """``q42d x5, then q84d x4``."""
    runs = ", then ".join(_run(run) for run in cycles.runs)
    return " ".join([runs, *_end_parts(cycles), *_open_end_parts(cycles), *(["cut"] if cycles.cut else [])])


def point_text(point: Point) -> str:
    """``week 48``, ``28 d after last dose of radiotherapy``, ``randomised + 3 y``."""
    base = _base(point)
    if point.shift is None:
        return base
    if point.allowed is None and point.kind not in ("start", "end", "first", "last", "previous"):
        return f"{base} {'-' if point.sign < 0 else '+'} {point.shift}"
    allowed = f" ({point.allowed[0].n}-{point.allowed[1]})" if point.allowed else ""
    return f"{point.shift}{allowed} {'before' if point.sign < 0 else 'after'} {base}"


def window_text(window: Window) -> str:
    """``±3 d`` or ``-3/+5 d``."""
    return str(window)


def span_text(span: Span) -> str:
    """``28 d``."""
    return str(span)


def name_text(name: str) -> str:
    """The name itself, or quoted where it has spaces or is a word of the notation."""
    if _PLAIN_NAME.fullmatch(name) and name.lower() not in RESERVED and not is_ambiguous(name):
        return name
    return _quoted(name)


def _quoted(name: str) -> str:
    if not _QUOTABLE.fullmatch(name):
        raise ValueError(f"{name!r} cannot be written: a name has 1 to 80 printable characters and no quotation mark")
    return f'"{name}"'


def _label(label: str) -> str:
    if _PLAIN_LABEL.fullmatch(label) and not names_a_time(label) and not is_ambiguous(f"{label}:"):
        return label
    return _quoted(label)


# ---------------------------------------------------------------- doses


def amount_text(amount: AnyAmount) -> str:
    """``10 mg/kg``, ``5-10 mg``, ``5 or 10 mg/kg``, ``AUC 5``, ``from 100 mg by -10 mg q1d to 20 mg``."""
    match amount:
        case Amount():
            return str(amount)
        case AmountRange(low, high, unit):
            return f"{plain_number(low)}-{plain_number(high)} {unit}"
        case AmountChoice(values, unit):
            return f"{' or '.join(map(plain_number, values))} {unit}"
        case TargetExposure(auc):
            return f"AUC {plain_number(auc)}"
        case DoseLevel(name):
            return f"dose level {name}"
        case Unstated(what):
            return "taper, not stated" if what == "taper" else "dose not stated"
        case Ramp(first, step, every, last, unit):
            start, end = Amount(first, unit), Amount(last, unit)
            return f"from {start} by {Amount(step, unit)} q{every.short} to {end}"
        case Bands():
            return f"({'; '.join(f'{band.said(amount.unit)}: {how_much(band.dose)}' for band in amount.bands)})"


def how_much(dose: Dose) -> str:
    """The amount with its caps and division, without route and duration."""
    return dose_text(replace(dose, route=None, over=None, bolus=False, bags=None))


def _dose_parts(dose: Dose) -> Iterator[str]:
    yield amount_text(dose.amount)
    if dose.route:
        yield dose.route
    if dose.over:
        yield f"over {dose.over}"
    if dose.bolus:
        yield "bolus"
    if dose.divided:
        yield f"in {dose.divided} dose{'' if dose.divided == 1 else 's'}"
    if dose.bags:
        yield f"bags {dose.bags}"
    yield from (f"max {cap}" for cap in dose.caps)
    if dose.round_to:
        yield f"round to {dose.round_to}"
    if dose.prn:
        yield "prn"


# ---------------------------------------------------------------- phases


def _phase(phase: Phase) -> str:
    if phase.stop:
        return "stop"
    return " ".join([*(_dose_parts(phase.dose) if phase.dose else ()), *_when_parts(phase)])


def _when_parts(phase: Phase) -> Iterator[str]:
    """Every clause in its fixed order; an open end comes last because its event has as many words as it likes."""
    within = phase.every is not None and phase.every.within
    if phase.unstated:
        yield "schedule not stated"
    if phase.frequency:
        yield _frequency(phase.frequency)
    if phase.days and not within:
        yield _days(phase.days)
    if phase.every:
        yield _interval(phase.every)
    if phase.days and within:
        yield f"within {_days(phase.days)}"
    if phase.on_off:
        yield f"{phase.on_off[0]} on {phase.on_off[1]} off"
    if phase.weekdays:
        yield _weekdays(phase.weekdays)
    if phase.at:
        yield "at " + ", ".join(f"{t:%H:%M}" for t in phase.at)
    if phase.relative:
        yield _relative(phase.relative)
    yield from _scope_parts(phase)
    yield from _end_parts(phase)
    if phase.start:
        yield f"from {point_text(phase.start)}"
    if phase.window:
        yield window_text(phase.window) if phase.window.early == phase.window.late else f"window {phase.window}"
    if phase.condition:
        question, answer = phase.condition
        plain = _PLAIN_ANSWER.fullmatch(answer) and not is_ambiguous(f"={answer}")
        yield f"if {name_text(question)}={answer if plain else _quoted(answer)}"
    yield from _open_end_parts(phase)
    if phase.cut:
        yield "cut"


def _scope_parts(phase: Phase) -> Iterator[str]:
    if phase.times:
        yield f"x{phase.times}"
    if phase.cycles:
        yield _scope(phase.cycles)
    if phase.without:
        yield f"in {phase.without[0]}s without {name_text(phase.without[1])}"


def _end_parts(bounded: Phase | Cycles) -> Iterator[str]:
    if bounded.up_to:
        yield _up_to(bounded.up_to)
    if bounded.lasting:
        yield f"{'hold for' if isinstance(bounded, Phase) and bounded.hold else 'for'} {bounded.lasting}"
    if bounded.through:
        yield f"through {point_text(bounded.through)}"
    if bounded.before:
        yield f"before {point_text(bounded.before)}"


def _open_end_parts(bounded: Phase | Cycles) -> Iterator[str]:
    if bounded.until:
        event = bounded.until.event
        plain = is_plain_event(event) and not is_ambiguous(f"until {event}")
        at_most = f", at most {bounded.until.at_most}" if bounded.until.at_most else ""
        yield f"until {event if plain else _quoted(event)}{at_most}"


def _frequency(often: Frequency) -> str:
    if often.per == "day" and often.n in _SHORT_FREQUENCY:
        return _SHORT_FREQUENCY[often.n]
    return f"{often.n}x/{often.per}"


def _days(days: DayList) -> str:
    text = f"{_plural(days.unit, days.ranges)} {_ranges(days.ranges)}"
    if days.of_each_week:
        return f"{text} of each week"
    return f"{text} of {_plural('week', days.of_weeks)} {_ranges(days.of_weeks)}" if days.of_weeks else text


def _plural(unit: str, ranges: tuple[tuple[int, int | None], ...]) -> str:
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return unit if single else f"{unit}s"


def _ranges(ranges: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(str(a) if a == b else f"{a} to {b}" if a < 0 else f"{a}-{b}" for a, b in ranges)


def _interval(every: Interval) -> str:
    growth = f" growing by {every.growth[0]} to {every.growth[1]}" if every.growth else ""
    return f"q{every.span.short}{growth}{' after start' if every.after_start else ''}"


def _weekdays(on: OnWeekdays) -> str:
    days = weekday_runs(on.days, "-", WEEKDAYS)
    return f"every {ordinal(on.nth)} of {days}" if on.nth > 1 else f"on {days}"


def weekday_runs(days: tuple[int, ...], joint: str, names: tuple[str, ...]) -> str:
    """Three or more days in a row are a range: ``Mon-Fri``."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [[f"{names[r[0]]}{joint}{names[r[-1]]}"] if len(r) > 2 else [names[day] for day in r] for r in runs]
    return ", ".join(part for run in parts for part in run)


def ordinal(n: int) -> str:
    """``1st``, ``2nd``, ``11th``."""
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _relative(place: Relative) -> str:
    edge = "end of " if place.edge == "end" else ""
    item = name_text(place.item)
    if place.days:
        return f"{_days(place.days)} after {edge}dose of {item}"
    if place.span:
        return f"{place.span} {'before' if place.sign < 0 else 'after'} {edge}dose of {item}"
    return f"with dose of {item}"


def _scope(scope: Scope) -> str:
    listed = ", ".join(str(a) if a == b else f"{a}+" if b is None else f"{a}-{b}" for a, b in scope.ranges)
    match scope.kind:
        case "odd" | "even":
            return f"{scope.kind} cycles"
        case "every":
            return f"every {ordinal(scope.nth)} cycle from {scope.start}"
        case "but":
            return f"all cycles but {listed}"
    return f"in {_plural('cycle', scope.ranges)} {listed}"


def _up_to(bound: UpTo) -> str:
    if bound.span:
        return f"up to {bound.span}"
    return f"up to {bound.n} {bound.noun if bound.n != 1 else bound.noun.removesuffix('s')}"


# ---------------------------------------------------------------- cycles and points


def _run(run: Run) -> str:
    times = f" x{run.times}" if run.times else ""
    if len(run.lengths) == 1:
        return f"q{run.lengths[0].short}{times}"
    return ", ".join(map(str, run.lengths)) + f" repeating{times}"


def _base(point: Point) -> str:
    names = " or ".join(name_text(name) for name in point.names)
    match point.kind:
        case "day" | "week" | "month" | "cycle":
            return f"{point.kind} {point.number}"
        case "date":
            return f"{point.date:%Y-%m-%d}" if point.date and point.date.year > 999 else str(point.date)
        case "start" | "end":
            return f"{point.kind} of {names}"
        case "first" | "last":
            return f"{point.kind} dose of {names}"
        case "previous":
            return "end of previous"
    return names
