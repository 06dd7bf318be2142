"""How does one event, or a run of equal daily doses, read as one line of a table?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from regimen.events import Event, day_of
from regimen.render.outcomes import days_beside, days_beside_each, off_its_window, plain_line, state_in_words
from regimen.render.runs import Run
from regimen.render.words import counted, day_in_words, moment_in_words, one_line, span_in_words, window_in_words


@dataclass(frozen=True, slots=True)
class Row:
    """One event, or a run of the same dose every day, in words; a line may break between the parts of a tuple."""

    date: str
    position: str
    study_day: str
    what: str
    details: tuple[str, ...]
    """More about what: the days of a run or an infusion, what is done at a visit."""
    window: tuple[str, ...]
    state: tuple[str, ...]
    beside: tuple[str, ...] = ()
    """The days it was planned for or due on, where it lies on another, and how far that is."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks that stand for what is said once beneath the table."""

    basis: Mapping[str, str]
    """A mark for each basis that is not stated."""
    because: Mapping[str, str]
    """A mark for each reason why something is no longer as planned."""
    told: bool = False
    """Whether the calendar knows what happened, so that what is still planned says so."""


def row(run: Run, marks: Marks, zone: bool) -> Row:
    """The line in words; ``zone`` says time zones on every line."""
    first, last = run[0], run[-1]
    return Row(
        date=_date_words(run, zone),
        position=_positions(one_line(first.position), one_line(last.position)),
        study_day=_from_to(_number(first.study_day), _number(last.study_day)),
        what=_with_length(first),
        details=tuple(_details(run, zone)),
        window=tuple(_window(run, zone)),
        state=tuple(_state(first, marks)),
        beside=tuple(_beside(run, marks, zone)),
    )


def infusion_in_words(event: Event, *, zone: bool = True) -> str:
    """How long a continuous infusion runs and when it stops: ``14 infusion days, stops Mon 18 Jan 2027``."""
    if isinstance(event.end, datetime):
        return f"{_infusion_length(event)}, stops {moment_in_words(event.end, zone=zone)}"
    if event.end == date.max:
        return f"{_infusion_length(event)}, stops at the end of {day_in_words(event.end)}"
    return f"{_infusion_length(event)}, stops {day_in_words(event.end + timedelta(days=1))}"


def name_of(event: Event) -> str:
    """What is given or done: label, dose and route, with nothing said twice."""
    label = one_line(event.label)
    parts = [one_line(part) for part in (event.dose, event.route) if part]
    return " ".join([label, *(part for part in parts if f" {part} " not in f" {label} ")])


def _date_words(run: Run, zone: bool) -> str:
    start, end = run[0].start, run[0].end
    if len(run) > 1:
        return day_in_words(run[0].first_day)
    if isinstance(start, datetime) and not run[0].continuous and day_of(end) == day_of(start):
        return span_in_words(start, end, zone=zone)
    return moment_in_words(start, zone=zone)


def _details(run: Run, zone: bool) -> Iterable[str]:
    event = run[0]
    if len(run) > 1:
        yield _run_in_words(run, zone)
    elif event.continuous:
        if not isinstance(event.end, datetime):
            yield span_in_words(event.start, event.end)
        yield infusion_in_words(event, zone=zone)
    elif day_of(event.start) != day_of(event.end):
        yield _stretch(event, zone)
    if event.activities:
        yield "; ".join(one_line(activity) for activity in event.activities)


def _with_length(event: Event) -> str:
    length = one_line(event.duration or "")
    if event.kind == "dose" and length[:1].isdigit():
        length = f"over {length}"
    return f"{name_of(event)} {length}".rstrip()


def _clock_of(run: Run, zone: bool) -> str:
    start, end = run[0].start, run[0].end
    if not isinstance(start, datetime):
        return ""
    return f" at {span_in_words(start, end, zone=zone).removeprefix(day_in_words(start)).strip()}"


def _run_in_words(run: Run, zone: bool) -> str:
    """``daily Mon 4 – Sun 10 Jan 2027 (7 doses)``, or ``2 times a day`` where a day has several."""
    doses, days = counted(len(run), "dose"), len({event.first_day for event in run})
    if days == 1:
        return f"{doses} on this day"
    often = "daily" if len(run) == days else f"{len(run) // days} times a day"
    if len(run) % days:
        often = "daily or more often"
    return f"{often}{_clock_of(run, zone)} {span_in_words(run[0].first_day, run[-1].first_day)} ({doses})"


def _stretch(event: Event, zone: bool) -> str:
    if isinstance(event.end, datetime):
        return f"until {moment_in_words(event.end, zone=zone)}"
    days = span_in_words(event.start, event.end)
    return f"any day within {days}" if event.kind in ("visit", "activity") else days


def _window(run: Run, zone: bool) -> Iterable[str]:
    event = run[0]
    for window, lead in ((event.window, ""), (event.preferred, "preferred ")):
        if window is None:
            continue
        if len(run) == 1:
            yield lead + window_in_words(window, zone=zone)
        else:
            early, late = (
                (event.first_day - day_of(window.earliest)).days,
                (day_of(window.latest) - event.last_day).days,
            )
            yield f"{lead}each −{early}/+{late} d"


def _state(event: Event, marks: Marks) -> Iterable[str]:
    state = state_in_words(event, told=marks.told and event.kind != "milestone")
    mark = marks.because.get(event.because, "") or (f"({line})" if (line := plain_line(event)) else "")
    if marked := " ".join(part for part in (state, mark) if part):
        yield marked
    if event.optional:
        yield "optional"
    if event.basis != "stated":
        yield marks.basis[one_line(event.basis)]


def _beside(run: Run, marks: Marks, zone: bool) -> Iterable[str]:
    event = run[0]
    if len(run) == 1:
        yield from days_beside(event, zone=zone)
    elif each := days_beside_each(event):
        yield each
    if marks.told and (off := off_its_window(event)):
        yield off


def _infusion_length(event: Event) -> str:
    days, hours = infusion_length(event)
    return f"infusion of {hours} h" if hours else counted(days, "infusion day")


def infusion_length(event: Event) -> tuple[int, str]:
    """The whole days of an infusion; of one that is not of whole days, 0 and its hours."""
    if not (isinstance(event.start, datetime) and isinstance(event.end, datetime)):
        return event.dose_days, ""
    length = _elapsed(event.start, event.end)
    if length % timedelta(days=1):
        return 0, f"{length / timedelta(hours=1):g}"
    return length // timedelta(days=1), ""


def _elapsed(start: datetime, end: datetime) -> timedelta:
    """Exact time; Python's own difference of two times in one zone ignores clock changes."""
    wall = end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return wall - (end.utcoffset() or timedelta(0)) + (start.utcoffset() or timedelta(0))


def _positions(first: str, last: str) -> str:
    """From first to last, a word both begin with said once: ``Day 1 to 7``."""
    word = first.rpartition(" ")[0]
    return _from_to(first, last.removeprefix(f"{word} ") if word and first != last else last)


def _from_to(first: str, last: str) -> str:
    return first if first == last or not last else f"{first} to {last}"


def _number(value: int | None) -> str:
    return "" if value is None else str(value).replace("-", "−")
