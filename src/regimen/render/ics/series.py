"""Which entries can one repeating entry stand for, read alike by every program? Steady runs of like events only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from regimen.events import DatedWindow, Event, day_of
from regimen.languages import ENGLISH, Language, message
from regimen.render.ics.entry import ONE_DAY, Entry, Repeat, exact
from regimen.render.spoken import span_said

SHORTEST = 3
"""Fewer events than this stay single entries."""

Pair = tuple[Event, Entry]


@dataclass(frozen=True, slots=True)
class Run:
    """Like events at a steady step of whole days, in order, and the rule that gives just them."""

    pairs: tuple[Pair, ...]
    repeat: Repeat


def runs_of(pairs: Iterable[Pair], alike: Callable[[Event], object]) -> list[Run]:
    """The steady runs among events that each have one entry; ``alike`` says what of an event its entry's text shows."""
    lanes: dict[object, list[Pair]] = {}
    for pair in sorted(pairs, key=lambda pair: pair[1].order):
        lanes.setdefault(_key(pair, alike), []).append(pair)
    return [run for lane in lanes.values() for part in _apart(lane) for run in _steady(part)]


def times_of(entry: Entry) -> Iterator[tuple[date | datetime, date | datetime]]:
    """Every start and end that the entry and its repeat mean, counted from the first: the rule read back."""
    step = timedelta(days=entry.repeat.days) if entry.repeat else ONE_DAY
    for n in range(entry.repeat.count if entry.repeat else 1):
        yield entry.start + n * step, entry.end + n * step


def run_in_words(run: Run, language: Language = ENGLISH) -> str:
    """``Every 28 days, 12 times: Mon 1 Mar 2027 – Mon 6 Dec 2027``."""
    first, last = (day_of(entry.start) for _, entry in (run.pairs[0], run.pairs[-1]))
    days, times = run.repeat.days, run.repeat.count
    return language.plural(
        "Every day, {times} times: {dates}", "Every {n} days, {times} times: {dates}",
        n=days, times=times, dates=span_said(first, last, language),
    )  # fmt: skip


def windows_in_words(run: Run, language: Language = ENGLISH) -> Iterator[str]:
    """How far each of a run may be moved, as both profiles say it."""
    event = run.pairs[0][0]
    possible = message("Possible: each from {before} before to {after} after")
    preferred = message("Preferred: each from {before} before to {after} after")
    for words, window in ((possible, event.window), (preferred, event.preferred)):
        reach = _relative(window, event)
        if reach is not None:
            yield language.say(words, before=_reach(reach[0], language), after=_reach(reach[1], language))


def _reach(length: timedelta, language: Language) -> str:
    if length % ONE_DAY:
        return language.say("{hours} h", hours=f"{length / timedelta(hours=1):g}")
    return language.plural("{n} day", "{n} days", n=length // ONE_DAY)


def _key(pair: Pair, alike: Callable[[Event], object]) -> object:
    event, entry = pair
    start = entry.start
    clock = (start.time(), str(start.tzinfo)) if isinstance(start, datetime) else None
    lengths = (_on_the_clock(entry), exact(entry.end) - exact(start))
    windows = tuple(_relative(window, event) for window in (event.window, event.preferred))
    facts = (event.item, event.kind, event.label, event.epoch, event.state, event.conditions, event.optional)
    shown = (entry.status, entry.opaque, entry.category, entry.alarm)
    return facts, alike(event), clock, lengths, windows, shown


def _on_the_clock(entry: Entry) -> timedelta:
    """The length as the clock on the wall shows it; equal for all of a run, or programs count some an hour off."""
    start, end = (moment if isinstance(moment, datetime) else exact(moment) for moment in (entry.start, entry.end))
    return end.replace(tzinfo=None) - start.replace(tzinfo=None)


def _relative(window: DatedWindow | None, event: Event) -> tuple[timedelta, ...] | None:
    """How far before and after the event the window reaches."""
    if window is None:
        return None
    start, earliest, latest = event.start, window.earliest, window.latest
    if isinstance(start, datetime) and isinstance(earliest, datetime) and isinstance(latest, datetime):
        return exact(start) - exact(earliest), exact(latest) - exact(start)
    return day_of(start) - day_of(earliest), day_of(latest) - day_of(start)


def _apart(lane: Sequence[Pair]) -> list[list[Pair]]:
    """Several like events on one day belong to several runs."""
    parts: list[list[Pair]] = []
    for pair in lane:
        free = next((part for part in parts if day_of(part[-1][1].start) != day_of(pair[1].start)), None)
        if free is None:
            parts.append(free := [])
        free.append(pair)
    return parts


def _steady(lane: Sequence[Pair]) -> Iterator[Run]:
    at = 0
    while at < len(lane):
        end = _end_of_run(lane, at)
        if end - at >= SHORTEST:
            yield Run(tuple(lane[at:end]), _repeat(_step(lane, at), end - at))
        at = end if end - at >= SHORTEST else at + 1


def _end_of_run(lane: Sequence[Pair], at: int) -> int:
    end = at + 1
    while end < len(lane) and _step(lane, end - 1) == _step(lane, at):
        end += 1
    return end


def _step(lane: Sequence[Pair], at: int) -> int:
    if at + 1 >= len(lane):
        return 0
    return (day_of(lane[at + 1][1].start) - day_of(lane[at][1].start)).days


def _repeat(days: int, count: int) -> Repeat:
    return Repeat("WEEKLY", days // 7, count) if days % 7 == 0 else Repeat("DAILY", days, count)
