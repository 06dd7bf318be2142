"""What differs between two calendars? Every event of either is unchanged, or in exactly one entry with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from regimen.changes.aspects import ASPECTS, aspects, details, differing, plain
from regimen.changes.causes import why
from regimen.errors import RegimenError
from regimen.events import Calendar, Event, Notice, day_of

Said = TypeVar("Said", str, Notice)


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs; None stands for nothing there."""

    what: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one event from the earlier calendar to the later one; events are matched by their ids alone."""

    id: str
    aspects: tuple[str, ...]
    """Ways in which it differs (see ``ASPECTS``), the most important first."""
    before: Event | None
    after: Event | None
    why: str = ""
    """What was recorded, else how the reasons for its dates differ, else that the plans differ."""
    waited: str = ""
    """What it waited for in the earlier calendar, where it had no date."""
    waits: str = ""
    """What it waits for in the later one."""

    @property
    def event(self) -> Event | None:
        """The event as it is now, else as it was; None where it has a date in neither."""
        return self.after or self.before

    @property
    def label(self) -> str:
        """The name people use."""
        return self.event.label if self.event is not None else self.id

    @property
    def days(self) -> int | None:
        """By how many civil days its start moved, later positive; None where one side has no date."""
        if self.before is None or self.after is None:
            return None
        return (self.after.first_day - self.before.first_day).days

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every value of the event that differs, where it has a date in both."""
        return self._pairs(differing(self.before, self.after)) if self.before and self.after else ()

    @property
    def details(self) -> tuple[Difference, ...]:
        """The values that differ and are neither its dates, state, dose, length or windows, nor reasons for them."""
        return self._pairs(details(self.before, self.after)) if self.before and self.after else ()

    def _pairs(self, names: Collection[str]) -> tuple[Difference, ...]:
        ordered = [f.name for f in fields(Event) if f.name in names]
        return tuple(Difference(name, getattr(self.before, name), getattr(self.after, name)) for name in ordered)

    @property
    def order(self) -> tuple[date, str]:
        """By the date it has now, else the date it had; what has none comes last."""
        return (self.event.first_day if self.event is not None else date.max, self.id)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The difference between two calendars."""

    study: str
    title: str
    """Of the later calendar."""
    head: tuple[Difference, ...]
    """Study, title, version, arm, anchors and names that differ."""
    entries: tuple[Change, ...]
    """Ordered by date, then id."""
    unchanged: int = 0
    """How many ids of either calendar are the same in both."""
    appeared: tuple[Notice, ...] = ()
    settled: tuple[Notice, ...] = ()
    """Notices of the earlier calendar that the later one no longer has."""
    now_said: tuple[str, ...] = ()
    """Conventions and notes that the later calendar adds."""
    no_longer_said: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs at all."""
        return any((self.head, self.entries, self.appeared, self.settled, self.now_said, self.no_longer_said))

    def of(self, aspect: str) -> tuple[Change, ...]:
        """The entries with an aspect: ``moved``, ``added``, ``removed``, ``off``, ``dose`` and so on."""
        if aspect not in ASPECTS:
            raise RegimenError(f"a change has no aspect {aspect!r}; its aspects are: {', '.join(ASPECTS)}.")
        return tuple(entry for entry in self.entries if aspect in entry.aspects)

    @property
    def brought_forward(self) -> tuple[Change, ...]:
        """What starts on an earlier day."""
        return tuple(entry for entry in self.entries if (entry.days or 0) < 0)

    @property
    def put_back(self) -> tuple[Change, ...]:
        """What starts on a later day."""
        return tuple(entry for entry in self.entries if (entry.days or 0) > 0)


def changes(before: Calendar, after: Calendar, *, versions: tuple[str, str] = ("", "")) -> ChangeSet:
    """The difference from one calendar to another.

    ``versions`` are those of the two definitions, where they are known. Raises ``RegimenError`` where a calendar has
    two events of one id, because one of them would be lost.
    """
    ours, theirs = _by_id(before), _by_id(after)
    waited, waits = _waiting(before), _waiting(after)
    ids = dict.fromkeys((*ours, *waited, *theirs, *waits))
    found = (_change(id, ours.get(id), theirs.get(id), waited.get(id, ""), waits.get(id, "")) for id in ids)
    entries = sorted((change for change in found if change is not None), key=lambda change: change.order)
    settled, appeared = _left_over(before.notices, after.notices)
    gone, new = _left_over((*before.conventions, *before.notes), (*after.conventions, *after.notes))
    return ChangeSet(
        after.study, after.title, tuple(_head(before, after, versions)), tuple(entries), len(ids) - len(entries),
        appeared, settled, new, gone,
    )  # fmt: skip


def _by_id(calendar: Calendar) -> dict[str, Event]:
    found = {event.id: event for event in calendar}
    if len(found) < len(calendar):
        twice = ", ".join(id for id, n in Counter(event.id for event in calendar).items() if n > 1)
        raise RegimenError(f"a calendar has several events with one id, so they cannot be compared: {twice}.")
    return found


def _waiting(calendar: Calendar) -> dict[str, str]:
    return {id: waiting.for_ for waiting in calendar.waiting for id in waiting.events}


def _change(id: str, before: Event | None, after: Event | None, waited: str, waits: str) -> Change | None:
    found = aspects(before, after, waited, waits)
    return Change(id, found, before, after, why(before, after, waited, waits), waited, waits) if found else None


def _left_over(before: Iterable[Said], after: Iterable[Said]) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    """What only the first has, and what only the second has, in their orders; each as often as it is left over."""
    return tuple(_without(before, after)), tuple(_without(after, before))


def _without(some: Iterable[Said], others: Iterable[Said]) -> Iterator[Said]:
    left = Counter(others)
    for one in some:
        if left[one]:
            left[one] -= 1
        else:
            yield one


# ---------------------------------------------------------------- the head


def _head(before: Calendar, after: Calendar, versions: tuple[str, str]) -> Iterator[Difference]:
    pairs = {
        "study": (before.study, after.study), "title": (before.title, after.title), "version": versions,
        "arm": (before.arm, after.arm),
    }  # fmt: skip
    yield from (Difference(what, old or None, new or None) for what, (old, new) in pairs.items() if old != new)
    yield from _named("anchor", before.anchors, after.anchors)
    yield from _named("epoch", before.epochs, after.epochs)
    yield from _named("item", before.lanes, after.lanes)


def _named(what: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if plain(old) != plain(new):
            yield Difference(f"{what} {name}", old, new)


def shift_of(before: object, after: object) -> int | None:
    """By how many days a date moved; None where one of them is no date."""
    if isinstance(before, date) and isinstance(after, date):
        return (day_of(after) - day_of(before)).days
    return None
