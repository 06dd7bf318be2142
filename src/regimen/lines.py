"""What does one line of notation mean from a start date? Its canonical text, a plain sentence and dated occurrences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from regimen.calendars import make_calendar
from regimen.definition.items import Anchor, DoseItem, Part
from regimen.definition.models import Arm, Epoch, Facts, Study, slug
from regimen.errors import AmbiguousNotation, NotationError, PlanError, Reading, RegimenError
from regimen.events import Calendar, DatedWindow, Event, day_of, exact_time
from regimen.notation import read_dose, read_line
from regimen.notation.canonical import line_text
from regimen.notation.spoken import line_in_words
from regimen.notation.terms import Item, Line, Phase, Ramp
from regimen.plan import make_plan
from regimen.quantities import Amount, Unit
from regimen.render.words import counted, day_in_words, span_in_words
from regimen.rules import LIMIT, Frame, expand_when
from regimen.timing import Counting, Days, Span

_UNITS_PER_DAY = {"day": 1, "h": 24, "min": 1440}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated dose of a line: ``offset_days`` from the start; ``end`` is the last day included, or a time."""

    offset_days: int
    start: date | datetime
    end: date | datetime
    amount: Decimal | None
    unit: str | None
    cycle: int | None
    day: int | None
    label: str
    dose: str
    dose_days: int
    optional: bool
    window: DatedWindow | None
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class ExpandedLine:
    """A line read, said and dated."""

    text: str
    """The canonical text."""
    sentence: str
    conventions: tuple[str, ...]
    occurrences: tuple[Occurrence, ...]
    totals: tuple[Amount, ...]
    calendar: Calendar


def expand_line(
    text: str,
    start: date | datetime,
    *,
    first_day: int | None = None,
    weeks: str | None = None,
    horizon: Span | None = None,
    zone: str | None = None,
    limit: int = LIMIT,
) -> ExpandedLine:
    """Read one line and date it from ``start``.

    Without ``first_day`` a line that names day 0 or week 0 counts days from 0 and weeks elapsed, any other from day 1;
    ``weeks`` is elapsed or ordinal. Raises ``NotationError`` (or ``AmbiguousNotation`` with the readings) for the text,
    ``PlanError`` and ``DatingError`` for what it asks.
    """
    line = read_line(text)
    counted, elapsed = _counting(line, first_day, weeks)
    plan = make_plan(_study(line, counted, elapsed), horizon=horizon, limit=limit, reach=366 * 200)
    calendar = make_calendar(plan, {"start": start}, zone=zone)
    conventions = _conventions(first_day, weeks, counted, elapsed)
    if horizon is not None:
        conventions = (*conventions, f"Open ends are shown for {horizon.words} from the start.")
    occurrences = tuple(_occurrence(event) for event in calendar.of_kind("dose"))
    totals = total_amounts(calendar.of_kind("dose"))
    sentence = _sentence(line, occurrences, totals, plan.counting, day_of(start))
    return ExpandedLine(line_text(line), sentence, conventions, occurrences, totals, calendar)


def dated_readings(
    error: AmbiguousNotation, start: date | datetime, *, first_day: int | None = None, weeks: str | None = None
) -> tuple[tuple[Reading, str], ...]:
    """The readings of a refused line, each with the first days that it would give, in words."""
    dated: list[tuple[Reading, str]] = []
    for reading in error.readings:
        try:
            expanded = expand_line(reading.text, start, first_day=first_day, weeks=weeks, horizon=Span(1, "y"))
            dated.append((reading, _first_days(expanded.occurrences)))
        except RegimenError:
            dated.append((reading, ""))
    return tuple(dated)


def _first_days(occurrences: tuple[Occurrence, ...]) -> str:
    """The first four days (or spans), each once, with the number of doses where there are several."""
    days: dict[str, int] = {}
    for occurrence in occurrences:
        said = span_in_words(day_of(occurrence.start), day_of(occurrence.end))
        days[said] = days.get(said, 0) + 1
    parts = [said + (f" ({n} doses)" if n > 1 else "") for said, n in list(days.items())[:4]]
    return ", ".join(parts) + (" …" if len(days) > 4 else "")


# ---------------------------------------------------------------- how days and weeks are counted


def _phases(line: Line) -> Iterable[Phase]:
    return (phase for item in line.items for phase in item.phases)


def _numbers(line: Line) -> list[int]:
    lists = [p.days for p in _phases(line) if p.days is not None and p.days.unit in ("day", "week", "month")]
    points = [pt for p in _phases(line) for pt in (p.through, p.before, p.start) if pt is not None]
    ends = [n for days in lists for a, b in days.ranges for n in (a, b)]
    return ends + [pt.number for pt in points if pt.kind in ("day", "week", "month") and pt.number is not None]


def _counting(line: Line, first_day: int | None, weeks: str | None) -> tuple[int, str | None]:
    numbers = _numbers(line)
    names_zero = 0 in numbers
    if first_day is None and not names_zero and min(numbers, default=1) < 0 < max(numbers, default=1):
        raise PlanError(
            "the line has days before and after the start, and no day 0: is the start day 0 or day 1? "
            "Say --first-day 0 or --first-day 1; every later day depends on it."
        )
    if first_day == 1 and names_zero and any(p.days and p.days.unit == "day" for p in _phases(line)):
        raise PlanError("the line names day 0, and with --first-day 1 there is none; use --first-day 0.")
    if weeks == "ordinal" and names_zero:
        raise PlanError("the line names day 0 or week 0, and ordinal weeks start with week 1; use --weeks elapsed.")
    if first_day == 0 and weeks == "ordinal":
        raise PlanError(
            "--first-day 0 and --weeks ordinal contradict each other: week 1 starts on day 1; use one of them."
        )
    counted = first_day if first_day is not None else 0 if names_zero else 1
    return counted, weeks or ("elapsed" if names_zero else None)


def _conventions(first_day: int | None, weeks: str | None, counted: int, elapsed: str | None) -> tuple[str, ...]:
    why = "as asked" if first_day is not None else "the line names 0" if counted == 0 else "the line names no 0"
    lines = [f"The start is day {counted} ({why})."]
    if elapsed is not None:
        reading = "week N is 7 × N days after the start" if elapsed == "elapsed" else "week 1 is the first 7 days"
        lines.append(f"Weeks are {elapsed}: {reading} ({'as asked' if weeks else 'the line names 0'}).")
    lines.append("A month is a calendar month, counted from the start and clamped to the month's end.")
    return tuple(lines)


# ---------------------------------------------------------------- a line as a study of one epoch


def _study(line: Line, first_day: int, weeks: str | None) -> Study:
    epoch = Epoch.model_validate(
        {"title": "Line", "from": "start", "cycles": line.frame, "doses": dict(_items(line.items))}
    )
    return Study(
        format="regimen/1",
        study=Facts.model_validate({"id": "line", "title": "One line", "first_day": str(first_day), "weeks": weeks}),
        anchors={"start": Anchor(title="the start")},
        arms={"line": Arm(epochs=("line",))},
        epochs={"line": epoch},
    )  # fmt: skip


def _items(items: tuple[Item, ...]) -> Iterable[tuple[str, DoseItem]]:
    """Items with one name (or none) become parts of one drug."""
    named: dict[str, list[Item]] = {}
    last = "dose"
    for item in items:
        last = item.label or last
        named.setdefault(last, []).append(item)
    for name, group in named.items():
        if len(group) == 1:
            phases = group[0].phases
            yield slug(name), DoseItem(drug=name, dose=phases[0].dose, when=phases)
        else:
            parts = {str(n): Part(dose=i.phases[0].dose, when=i.phases) for n, i in enumerate(group, start=1)}
            yield slug(name), DoseItem(drug=name, parts=parts)


# ---------------------------------------------------------------- occurrences and totals


def _occurrence(event: Event) -> Occurrence:
    amount = _amount(event)
    return Occurrence(
        event.offset_days, event.start, event.end,
        amount.value if amount else None, str(amount.unit) if amount else None,
        event.cycle, event.day, event.label, event.dose or "", event.dose_days, event.optional, event.window,
        event.id, event.why,
    )  # fmt: skip


def _amount(event: Event) -> Amount | None:
    if event.dose is None:
        return None
    try:
        amount = read_dose(f"{event.dose} CIV" if event.continuous else event.dose).amount
    except NotationError:
        return None
    return amount if isinstance(amount, Amount) else None


def total_amounts(events: Iterable[Event]) -> tuple[Amount, ...]:
    """What is given in all, exactly, one amount for each unit; rates are multiplied by their time."""
    sums: dict[Unit, Decimal] = {}
    for event in events:
        amount = _amount(event)
        if amount is not None:
            given = _given(amount, event)
            sums[given.unit] = sums.get(given.unit, Decimal(0)) + given.value
    return tuple(Amount(value, unit) for unit, value in sums.items())


def _given(amount: Amount, event: Event) -> Amount:
    unit = amount.unit
    per_day = _UNITS_PER_DAY.get(unit.time or "")
    plain = replace(unit, time=None)
    if per_day is None:
        return Amount(amount.value, plain)
    if event.continuous:
        return Amount(amount.value * per_day * _days(event), plain)
    divided = read_dose(event.dose or "").divided or 1
    return Amount(amount.value / divided, plain)


def _days(event: Event) -> Decimal:
    """How many days a continuous infusion runs, from its times, or from its stated hours where it has none."""
    if isinstance(event.start, datetime) and isinstance(event.end, datetime):
        minutes = exact_time(event.end, event.start) // timedelta(minutes=1)
        return Decimal(minutes) / Decimal(1440)
    hours = re.search(r"continuous for (\d+) h$", event.duration or "")
    return Decimal(hours[1]) / Decimal(24) if hours else Decimal(event.dose_days)


def _phase_starts(line: Line, counting: Counting, start: date) -> str:
    """Where each phase after *then* starts, in days and dates, as far as it does not depend on the calendar."""
    said = []
    for item in line.items if line.frame is None else ():
        if any(phase.dose is not None and isinstance(phase.dose.amount, Ramp) for phase in item.phases):
            continue
        try:
            steps = expand_when(item.phases, Frame(counting, horizon=Days(3660))).steps
        except PlanError:
            continue
        firsts = [after for before, after in pairwise(steps) if after.phase is not before.phase]
        for number, step in enumerate(firsts, start=2):
            if step.day is not None:
                day = f"Day {counting.day_of_offset(step.day)}"
                said.append(f" Phase {number} starts on {day}, {day_in_words(start + timedelta(days=step.day))}.")
    return "".join(said)


def _sentence(
    line: Line, occurrences: tuple[Occurrence, ...], totals: tuple[Amount, ...], counting: Counting, start: date
) -> str:
    said = line_in_words(line)
    said = said[:1].upper() + said[1:].rstrip(".")
    if not occurrences:
        return f"{said}. No dates can be given."
    first, last = occurrences[0], max(occurrences, key=lambda o: str(o.end))
    what = counted(len(occurrences), "dose" if all(o.dose_days == 1 for o in occurrences) else "infusion")
    single = {day_of(o.start) for o in occurrences if o.dose_days == 1}
    days = len(single) + sum(o.dose_days for o in occurrences if o.dose_days > 1)
    amounts = " and ".join(amount.spoken() for amount in totals)
    spread = f" on {counted(days, 'day')}" if days != len(occurrences) else ""
    total = f"; {amounts} in all" if amounts else ""
    first_day = first.start.date() if isinstance(first.start, datetime) else first.start
    last_day = last.end.date() if isinstance(last.end, datetime) else last.end
    phases = _phase_starts(line, counting, start)
    dates = f" First day {day_in_words(first_day)}, last day {day_in_words(last_day)}; "
    return f"{said}.{phases}{dates}{what}{spread}{total}."
