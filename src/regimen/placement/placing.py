"""Which day does an event get whose day is closed? Another one in its window, so that no two of a drug meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from regimen.calendars.lateness import inside
from regimen.events import Event, day_of
from regimen.moments import spoken
from regimen.placement.moving import exists, put_on, taken_along
from regimen.placement.spacing import (
    HAPPENED,
    OPEN,
    Chain,
    both_possible,
    chain_of,
    chains,
    meant_together,
    too_near,
)
from regimen.workdays import Site

MOVING = {
    "nearest": "nearest working day",
    "next": "next working day",
    "previous": "previous working day",
}
"""Policies that choose another day, with what they choose."""


@dataclass(slots=True)
class Placing:
    """The events of one calendar while they are put on working days."""

    events: dict[str, Event]
    site: Site
    first_day: int | None
    """What the protocol calls the anchor day."""
    given: dict[date, str] = field(default_factory=dict)
    """The days that were given, from which others count, with the names of their anchors."""
    chained: dict[Chain, list[str]] = field(init=False)
    places: dict[str, int] = field(init=False)
    lay: dict[str, date] = field(init=False)
    """The day on which each lay at first."""
    children: dict[str, list[str]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    """What was put on another day, with the reason for which its own was closed."""
    left: dict[str, Event] = field(default_factory=dict)
    """What was moved, as it lay before."""
    stuck: dict[str, str] = field(default_factory=dict)
    """What stays on a closed day although its policy would move it, with the reason."""

    def __post_init__(self) -> None:
        self.chained = {key: [event.id for event in chain] for key, chain in chains(self.events.values()).items()}
        self.lay = {event.id: event.first_day for event in self.events.values()}
        self.places = {id: place for chain in self.chained.values() for place, id in enumerate(chain)}
        for event in self.events.values():
            if event.hangs_on in self.events:
                self.children.setdefault(event.hangs_on, []).append(event.id)

    def run(self) -> None:
        """Move what can be moved; whatever moves may have held back another, so all get their turn again."""
        order = [id for id in self._parents_first() if self.events[id].working_days in MOVING]
        while sum(self._moves(id) for id in order):
            order.reverse()

    def _parents_first(self) -> Iterator[str]:
        """What others hang on comes before them; else in the order of days."""
        ids = [id for id, event in self.events.items() if event.hangs_on not in self.events]
        for id in ids:
            yield id
            ids += self.children.get(id, ())

    # ------------------------------------------------------------ one event
    def _moves(self, id: str) -> bool:
        """Move an event off a closed day; whether that was done, rather than not needed or not possible."""
        self.stuck.pop(id, None)
        event = self.events[id]
        if event.state not in OPEN or event.any_day or event.start != event.due or event.is_piece:
            return False
        why = self.site.why_closed(event.first_day)
        if why and (found := self._moved(event, why)):
            self.stuck[id] = found
        return bool(why) and id not in self.stuck

    def _moved(self, event: Event, why: str) -> str:
        """Move an event and what hangs on it; the reason if that cannot be done, empty if it is done."""
        if event.first_day in self.given and not event.hangs_on:
            return f"this is the day given for {self.given[event.first_day]}"
        if event.window is None:
            return "no window is stated for it"
        days = list(self._candidates(event))
        if not days:
            side = {"next": " from then on", "previous": " up to then"}.get(event.working_days, "")
            window = f"{spoken(event.window.earliest)} to {spoken(event.window.latest)}"
            return f"there is no working day in its window ({window}){side}"
        group = [event, *self._siblings(event)]
        below = list(self._below(group))
        if (given := next((e for e in below if e.state in HAPPENED), None)) is not None:
            return f"{given.label}, which hangs on it, has already taken place"
        obstacles = []
        for day in days:
            changed = self._shifted(group, below, day, why)
            obstacle = self._obstacle(changed, {member.id for member in group})
            if not obstacle:
                self._settle(group, below, changed, why)
                return ""
            obstacles.append(obstacle)
        return obstacles[0]

    def _settle(self, group: Sequence[Event], below: Sequence[Event], changed: dict[str, Event], why: str) -> None:
        self.events |= changed
        for member in below:
            self.moved.pop(member.id, None)
        for member in group:
            self.moved[member.id], self.left[member.id] = why, member

    def _candidates(self, event: Event) -> Iterator[date]:
        """The open days of the window that the policy allows, best first; of two equally near ones the later."""
        assert event.window is not None
        due = event.first_day
        first, last = day_of(event.window.earliest), day_of(event.window.latest)
        if event.working_days == "next":
            first = max(first, due)
        if event.working_days == "previous":
            last = min(last, due)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        yield from sorted(filter(self.site.is_open, days), key=lambda day: (abs(day - due), day < due))

    def _siblings(self, event: Event) -> Iterator[Event]:
        """The other doses of a day: two of one item that are planned for one day move together."""
        for id in self.chained[chain_of(event)]:
            other = self.events[id]
            if (
                id != event.id and other.item == event.item and other.first_day == event.first_day
                and other.state in OPEN and other.start == other.due and other.hangs_on == event.hangs_on
            ):  # fmt: skip
                yield other

    def _below(self, group: Iterable[Event]) -> Iterator[Event]:
        """Everything that hangs on the events, or on what hangs on them; as if it had not moved by itself."""
        for event in group:
            ids = self.children.get(event.id, ())
            below = [self.left[id] if id in self.moved else self.events[id] for id in ids]
            yield from (e for e in below if e.state in HAPPENED or (e.state in OPEN and e.start == e.due))
            yield from self._below(below)

    def _shifted(self, group: Sequence[Event], below: Sequence[Event], day: date, why: str) -> dict[str, Event]:
        """The events as they would lie if the first of them were put on a day."""
        event = group[0]
        days = (day - event.first_day).days
        because = f"moved from {spoken(event.first_day)} ({why}) to the {MOVING[event.working_days]} in its window"
        along = f"moved with {event.label}, which left {spoken(event.first_day)} ({why})"
        changed = {member.id: put_on(member, days, because, self.first_day) for member in group}
        return changed | {member.id: taken_along(member, days, along, self.first_day) for member in below}

    # ------------------------------------------------------------ what stands in the way
    def _obstacle(self, changed: dict[str, Event], movers: set[str]) -> str:
        """Why these events cannot lie so; empty if they can."""
        for id, event in changed.items():
            if id in movers and not inside(event.window, event.start):
                return f"{spoken(event.start)} is outside its window"
            if not exists(event.start):
                return f"{spoken(event.start)} does not exist, because the clocks jump over it"
            for forwards in (False, True):
                if found := self._meets(event, changed, forwards=forwards):
                    return found
        return ""

    def _meets(self, event: Event, changed: dict[str, Event], *, forwards: bool) -> str:
        """Whether an event would reach the one before or after it, or come too near to it."""
        if (other := self._neighbour(event, changed, forwards=forwards)) is not None:
            reached = other.first_day <= event.last_day if forwards else event.first_day <= other.last_day
            if reached:
                return f"on {spoken(event.first_day)} it would meet {_named(other)}, due on {spoken(other.first_day)}"
        other = self._neighbour(event, changed, forwards=forwards, item=event.item)
        if other is None:
            return ""
        one, two = (event, other) if forwards else (other, event)
        if one.min_interval is not None and too_near(one.start, two.start, one.min_interval):
            return (
                f"on {spoken(event.first_day)} it would come nearer to {_named(other)} on {spoken(other.first_day)} "
                f"than the minimum interval of {one.min_interval}"
            )
        return ""

    def _neighbour(self, event: Event, changed: dict[str, Event], *, forwards: bool, item: str = "") -> Event | None:
        """The nearest of its chain (of one item, if given) that does not move with it and was not meant for its day.

        Those of one day may have changed places since the chain was ordered, so the nearest of the first day is meant.
        """
        chain, place = self.chained[chain_of(event)], self.places[event.id]
        found: list[Event] = []
        for id in chain[place + 1 :] if forwards else reversed(chain[:place]):
            other = self.events[id]
            if found and self.lay[id] != self.lay[found[0].id]:
                break
            if id in changed or meant_together(event, other) or item not in ("", other.item):
                continue
            if both_possible(event, other):
                found.append(other)
        return (min if forwards else max)(found, key=lambda other: (other.first_day, other.id), default=None)


def _named(event: Event) -> str:
    return f"{event.label} ({event.position})" if event.position else event.label
