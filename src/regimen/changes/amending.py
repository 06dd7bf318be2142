"""What does a new version mean for a subject on study? What is past stays as it was; what is outstanding follows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from regimen.changes.aspects import HAPPENED
from regimen.changes.comparing import ChangeSet, changes
from regimen.events import RESUMED, Calendar, Event, Notice, Waiting
from regimen.facts import ALL, Fact, effective
from regimen.moments import comparable

_ABOUT_EVENTS = frozenset({"given", "done", "missed", "skipped", "moved"})
_ABOUT_SCOPES = frozenset({"delayed", "held", "restarted", "reduced", "discontinued"})


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A fact about something that the new version does not have."""

    line: int
    """Its line in the journal."""
    what: str
    target: str
    label: str
    """The name people use, where the old version has the event."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Seam:
    """Where an event that stays as it was and one of the new version follow each other."""

    last: Event
    first: Event
    """The next one of the same item."""
    days: int
    least: int = 0
    """The fewest days between two of the item in either version."""
    most: int = 0


@dataclass(frozen=True, slots=True)
class Amended:
    """One subject's calendar before and after a new version takes effect."""

    effective: date
    before: Calendar
    """On the old version."""
    after: Calendar
    """What is past on the old version, what is outstanding on the new one."""
    throughout: Calendar
    """On the new version from the start, as if it had always held."""
    changes: ChangeSet
    """From ``before`` to ``after``."""
    kept: tuple[Event, ...]
    """What stays as it was: it took place, was missed, or lies before the new version takes effect."""
    left_behind: tuple[LeftBehind, ...]
    passed_over: tuple[Event, ...]
    """New events that would lie before the new version takes effect; they are not asked of this subject."""
    too_early: tuple[Event, ...]
    """Outstanding events that the new version puts on a day before it takes effect."""
    seams: tuple[Seam, ...] = ()
    """Where an item would come closer together, or further apart, than either version has it."""


@dataclass(frozen=True, slots=True)
class ForSubject:
    """What a new version means for one subject, or why it means nothing."""

    subject: str
    journal: Path
    amended: Amended | None = None
    off_study: str = ""
    """Why the subject is left out: withdrawn, or treatment stopped for good."""
    refused: str = ""
    """Why no calendar can be made on one of the versions."""


def amended(
    before: Calendar,
    throughout: Calendar,
    takes_effect: date,
    facts: Sequence[Fact] = (),
    *,
    versions: tuple[str, str] = ("", ""),
    left_behind: Sequence[LeftBehind] = (),
) -> Amended:
    """The calendar of a subject whose study changes its version on a day.

    ``before`` and ``throughout`` are the subject's calendars on the old and on the new version, each after the same
    ``facts``. An event that took place, was missed, or has its date before that day keeps all that the old version says
    of it; every other one is as the new version has it. ``left_behind`` are facts that could not be replayed at all.
    """
    kept = tuple(event for event in before if _stays(event, before, takes_effect))
    stays = {event.id for event in kept}
    new = [event for event in throughout if event.id not in stays]
    known = _ids(before)
    passed_over = tuple(event for event in new if event.id not in known and event.first_day < takes_effect)
    left_out = {event.id for event in passed_over}
    outstanding = tuple(event for event in new if event.id not in left_out)
    lost = (*left_behind, *_left_behind(before, throughout, facts))
    after = _merged(before, throughout, kept, outstanding, {found.target for found in lost})
    return Amended(
        takes_effect, before, after, throughout, changes(before, after, versions=versions), kept,
        tuple(sorted(lost, key=lambda found: found.line)), passed_over,
        tuple(event for event in outstanding if event.first_day < takes_effect),
        tuple(_seams(before, throughout, kept, outstanding)),
    )  # fmt: skip


def _stays(event: Event, calendar: Calendar, takes_effect: date) -> bool:
    if event.actual is not None or event.state in (*HAPPENED, "missed") or event.first_day < takes_effect:
        return True
    # The rest of an infusion that has begun belongs to it.
    begun, resumed, _ = event.id.partition(RESUMED)
    return bool(resumed) and any(e.id == begun and _stays(e, calendar, takes_effect) for e in calendar)


def _ids(calendar: Calendar) -> set[str]:
    return {event.id for event in calendar} | {id for waiting in calendar.waiting for id in waiting.events}


# ---------------------------------------------------------------- what is left behind


def _left_behind(before: Calendar, throughout: Calendar, facts: Sequence[Fact]) -> Iterator[LeftBehind]:
    labels = {event.id: event.label for event in before}
    old, new = _ids(before), _ids(throughout)
    for fact in effective(facts):
        label = labels.get(fact.target, "")
        if fact.what in _ABOUT_EVENTS and fact.target in old and fact.target not in new:
            yield LeftBehind(
                fact.number, fact.what, fact.target, label,
                f"{fact.target} was recorded as {fact.what} (line {fact.number}), and the new version has no such "
                "event; it stays as it was recorded, and nothing in the new version counts from it.",
            )  # fmt: skip
        elif fact.what in _ABOUT_SCOPES and _covers(before, fact.target) and not _covers(throughout, fact.target):
            yield LeftBehind(
                fact.number, fact.what, fact.target, label,
                f"line {fact.number} ('{fact.what}') names {fact.target}, which the new version does not have; it no "
                "longer changes anything.",
            )  # fmt: skip


def _covers(calendar: Calendar, scope: str) -> bool:
    """Whether a scope takes in anything that a calendar has."""
    if scope in ("", ALL):
        return True
    named = {text.lower() for event in calendar for text in (event.item, event.label)}
    return scope.lower() in named or any(
        id == scope or id.startswith((f"{scope}/", f"{scope}@")) for id in _ids(calendar)
    )


# ---------------------------------------------------------------- where the two versions meet


def _seams(
    before: Calendar, throughout: Calendar, kept: Sequence[Event], outstanding: Sequence[Event]
) -> Iterator[Seam]:
    """Ids name places of the protocol, so a dose whose day was renamed could come twice, or not at all."""
    stays = {event.id for event in kept}
    for item in dict.fromkeys(event.item for event in outstanding if event.kind != "milestone"):
        gaps = [later.days for version in (before, throughout) for later in _steps(version.of_item(item))]
        for step in _steps(event for event in (*kept, *outstanding) if event.item == item):
            meet = (step.last.id in stays) != (step.first.id in stays)
            if meet and gaps and not min(gaps) <= step.days <= max(gaps):
                yield replace(step, least=min(gaps), most=max(gaps))


def _steps(events: Iterable[Event]) -> Iterator[Seam]:
    """From each event to the next one in the order of their days."""
    ordered = sorted(events, key=lambda event: (event.first_day, event.id))
    for last, first in pairwise(ordered):
        yield Seam(last, first, (first.first_day - last.first_day).days)


# ---------------------------------------------------------------- one calendar of two


def _merged(
    before: Calendar, after: Calendar, kept: Sequence[Event], outstanding: Sequence[Event], lost: set[str]
) -> Calendar:
    stays = {event.id for event in kept}
    places = {event.id: n for n, event in enumerate((*before, *after))}
    events = sorted((*kept, *outstanding), key=lambda event: (*comparable(event.start), places[event.id]))
    waiting = tuple(rest for part in after.waiting if (rest := _rest(part, stays)).events)
    return replace(
        after, events=tuple(events), waiting=waiting, lanes=_with(after.lanes, before.lanes, {e.item for e in kept}),
        epochs=_with(after.epochs, before.epochs, {e.epoch for e in kept}),
        notices=tuple(_notices(before, after, stays, lost)),
    )  # fmt: skip


def _rest(waiting: Waiting, stays: set[str]) -> Waiting:
    return replace(waiting, events=tuple(id for id in waiting.events if id not in stays))


def _with(new: Mapping[str, str], old: Mapping[str, str], used: set[str]) -> Mapping[str, str]:
    """The new names, and those old ones that something still uses."""
    return {**new, **{key: name for key, name in old.items() if key in used and key not in new}}


def _notices(before: Calendar, after: Calendar, stays: set[str], lost: set[str]) -> Iterator[Notice]:
    """What was noticed of past events by the old version, of the rest by the new one; what is lost is told apart."""
    yield from (notice for notice in before.notices if notice.event in stays)
    yield from (notice for notice in after.notices if notice.event not in stays | lost)
