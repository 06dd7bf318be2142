"""What was recorded about which point of a plan? Facts sorted by what they pin, hold, stop or change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import NamedTuple
from zoneinfo import ZoneInfo

from regimen.events import RESTART, Notice, day_of, exact_time
from regimen.facts import ALL, Fact
from regimen.moments import Moment, localised, spoken
from regimen.plan import Point

_AT_EVENTS = {"given", "done", "missed", "skipped", "moved"}


class Hold(NamedTuple):
    """Doses of a scope are held from ``start`` on, and given again from ``end`` on if that is known."""

    scope: str
    start: Moment
    end: Moment | None
    fact: Fact
    restart: Fact | None

    def covers(self, point: Point, due: Moment) -> bool:
        """Whether a dose that is due then is held."""
        return within(self.scope, point) and not before(due, self.start) and (self.end is None or before(due, self.end))


def before(one: Moment, other: Moment) -> bool:
    """Whether a moment comes before another: by the day where one of them has no time, else exactly."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return exact_time(one, other) < timedelta(0)
    return day_of(one) < day_of(other)


def within(scope: str, point: Point) -> bool:
    """Whether a scope (an id, the beginning of ids, a drug's key or name, ``all``) takes in a point."""
    content = point.content
    if scope in (ALL, point.id) or point.id.startswith(f"{scope}/"):
        return True
    return content is not None and scope.lower() in (content.item.lower(), content.label.lower())


def holds_of(recorded: Recorded, point: Point) -> list[Hold]:
    """The holds of one point in their order; what overlaps is one hold, up to the last restart."""
    merged: list[Hold] = []
    for hold in recorded.holds:
        if not within(hold.scope, point):
            continue
        freed = [
            f for f in recorded.released if within(f.target, point) and f.on is not None and before(hold.start, f.on)
        ]
        if hold.end is None and freed:
            hold = hold._replace(end=freed[-1].on, restart=freed[-1])
        last = merged[-1] if merged else None
        if last is not None and (last.end is None or not before(last.end, hold.start)):
            if last.end is not None and (hold.end is None or before(last.end, hold.end)):
                merged[-1] = last._replace(end=hold.end, restart=hold.restart)
            continue
        merged.append(hold)
    return merged


def said_of(fact: Fact) -> str:
    """A fact as a reason says it: what, when, for which cause, by whom, and its line in the journal."""
    when = f" {spoken(fact.on)}" if fact.on is not None else ""
    words = {"moved": "moved to", "delayed": "delayed to", "visit": "added for", "held": "held from",
             "restarted": "restarted", "reduced": "dose changed from", "discontinued": "discontinued"}  # fmt: skip
    more = [part for part in (fact.cause, fact.why, f"recorded by {fact.by}" if fact.by else "") if part]
    cause = f": {'; '.join(more)}" if more else ""
    return f"{words.get(fact.what, fact.what)}{when} (journal line {fact.number}{cause})"


@dataclass(slots=True)
class Recorded:
    """The facts that hold, by what they are about."""

    took_place: dict[str, Fact] = field(default_factory=dict)
    fell_out: dict[str, Fact] = field(default_factory=dict)
    put: dict[str, Fact] = field(default_factory=dict)
    """Points that were moved or delayed to a day."""
    holds: list[Hold] = field(default_factory=list)
    released: list[Fact] = field(default_factory=list)
    """Restarts of a part of what is on hold."""
    doses: list[Fact] = field(default_factory=list)
    """Changes of the dose: reductions, and restarts at another level."""
    stops: list[Fact] = field(default_factory=list)
    visits: list[Fact] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    newest: date | None = None
    """The day of the last thing that was given, done, or stopped."""


def sorted_facts(facts: Iterable[Fact], index: Mapping[str, Point], zone: ZoneInfo | None) -> Recorded:
    """The facts by what they are about; what names nothing in the plan, or says two things of one event, is noticed."""
    recorded = Recorded()
    # Holds and restarts count in the order of their days, however late they were written down.
    holding = ("held", "restarted")
    in_order = sorted(facts, key=lambda fact: (_day(fact), fact.number) if fact.what in holding else (date.min, 0))
    for fact in in_order:
        on = fact.on if fact.on is None else localised(fact.on, zone)
        _Sorting(recorded, index, fact, on).place()
    past = [fact.on for fact in (*recorded.took_place.values(), *recorded.stops) if fact.on is not None]
    recorded.newest = max(map(day_of, past), default=None)
    recorded.holds.sort(key=lambda hold: (day_of(hold.start), hold.fact.number))
    recorded.doses.sort(key=lambda fact: (_day(fact), fact.number))
    return recorded


class _Sorting(NamedTuple):
    """One fact being put in its place."""

    recorded: Recorded
    points: Mapping[str, Point]
    fact: Fact
    on: Moment | None

    def place(self) -> None:
        fact = self.fact
        if fact.what in _AT_EVENTS:
            self._at_event()
        elif fact.what == "delayed":
            self._delayed()
        elif fact.what in ("held", "restarted"):
            self._held()
        elif fact.what == "reduced":
            if self._known_scope():
                self.recorded.doses.append(fact)
        elif fact.what in ("discontinued", "withdrawn"):
            if fact.what == "withdrawn" or self._known_scope():
                self.recorded.stops.append(fact)
        elif fact.what == "visit":
            self.recorded.visits.append(fact)

    def _at_event(self) -> None:
        fact, recorded = self.fact, self.recorded
        point = self.points.get(fact.target)
        if (point is None or point.content is None) and not (
            fact.target.startswith("unscheduled/") or RESTART in fact.target
        ):
            self._unknown()
            return
        if fact.what == "moved":
            recorded.put[fact.target] = fact
            return
        ours, other = recorded.took_place, recorded.fell_out
        if fact.what in ("missed", "skipped"):
            ours, other = other, ours
        earlier = ours.pop(fact.target, None) or other.pop(fact.target, None)
        if earlier is not None:
            self._notice(
                "warning", f"the journal says both '{earlier.what}' (line {earlier.number}) and '{fact.what}' (line "
                f"{fact.number}); the later line holds.", "Correct the wrong one.",
            )  # fmt: skip
        ours[fact.target] = fact

    def _delayed(self) -> None:
        target = self.fact.target
        candidates = (
            target,
            f"{target}/start",
            f"{target}/c1/start",
            *(id for id in self.points if id.startswith(f"{target}@")),
        )
        found = next((id for id in candidates if id in self.points), None)
        if found is None:
            self._unknown()
        else:
            self.recorded.put[found] = self.fact

    def _held(self) -> None:
        fact, holds = self.fact, self.recorded.holds
        if not self._known_scope() or self.on is None:
            return
        if fact.what == "held":
            holds.append(Hold(fact.target, self.on, None, fact, None))
            return
        begun = [n for n, hold in enumerate(holds) if hold.end is None and before(hold.start, self.on)]
        exact = [n for n in begun if holds[n].scope == fact.target]
        for n in exact:
            holds[n] = holds[n]._replace(end=self.on, restart=fact)
        if not exact and any(self._part_of(holds[n].scope) for n in begun):
            self.recorded.released.append(fact)
        elif not exact:
            self._notice(
                "warning", f"line {fact.number} restarts {fact.target}, which is not on hold before "
                f"{spoken(self.on)}.", "Correct it, or record the hold first.",
            )  # fmt: skip
        if fact.level or fact.amount:
            self.recorded.doses.append(fact)

    def _part_of(self, scope: str) -> bool:
        """Whether a wider scope takes in all that this fact is about."""
        about = [p for p in self.points.values() if p.content is not None and within(self.fact.target, p)]
        return bool(about) and all(within(scope, point) for point in about)

    def _known_scope(self) -> bool:
        if any(within(self.fact.target, point) for point in self.points.values() if point.content is not None):
            return True
        self._unknown()
        return False

    def _unknown(self) -> None:
        close = get_close_matches(self.fact.target, list(self.points), n=1, cutoff=0.6)
        hint = f" The nearest that it has is {close[0]}." if close else ""
        self._notice(
            "warning", f"line {self.fact.number} of the journal ('{self.fact.what}') names '{self.fact.target}', which "
            f"this calendar does not have; the fact changes nothing.{hint}", "Correct the line, or use the version "
            "of the definition that it was recorded for.",
        )  # fmt: skip

    def _notice(self, level: str, sentence: str, remedy: str) -> None:
        self.recorded.notices.append(Notice(level, self.fact.target, sentence, remedy))


def _day(fact: Fact) -> date:
    return day_of(fact.on) if fact.on is not None else date.min
