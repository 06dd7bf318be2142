"""What does one subject add to a forecast, and on which day after entry? A dated calendar as numbers by offset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from regimen.cohort.enrolment import Floats, Whole
from regimen.errors import NotationError
from regimen.events import Calendar, Event, exact_time
from regimen.expected import Thing
from regimen.ledger import Drug, Ledger
from regimen.ledger.dispensing import dispensed
from regimen.notation import read_span
from regimen.timing import Span

ENROLLED = Thing("subjects")
GIVEN = Thing("administrations")
HOURS = Thing("hours")
_MINUTES = {"min": 1, "h": 60, "d": 1440, "w": 10080}


@dataclass(frozen=True, slots=True)
class Profile:
    """What one subject adds: so much (``amounts``) of a thing (``things``) so many days after entry (``offsets``).

    ``treated`` marks what is no longer given once treatment is stopped or held: everything of doses.
    """

    things: Whole
    offsets: Whole
    amounts: Floats
    treated: NDArray[np.bool_]

    def times(self, share: float) -> Profile:
        """The same for a share of a subject."""
        return Profile(self.things, self.offsets, self.amounts * share, self.treated)


def joined(profiles: Sequence[Profile]) -> Profile:
    """Several as one, what falls on one day added up."""
    things, offsets, amounts, treated = (
        np.concatenate([getattr(profile, name) for profile in profiles])
        for name in ("things", "offsets", "amounts", "treated")
    )
    keys = np.stack([things, offsets, treated.astype(np.int64)])
    unique, where = np.unique(keys, axis=1, return_inverse=True)
    summed: Floats = np.bincount(where.ravel(), weights=amounts, minlength=unique.shape[1]).astype(np.float64)
    return Profile(unique[0], unique[1], summed, unique[2].astype(bool))


@dataclass(slots=True)
class Register:
    """Numbers for things in the order of their first appearance, and what could not be counted."""

    things: dict[Thing, int] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)

    def number(self, thing: Thing) -> int:
        """The number of a thing, a new one if it is new."""
        return self.things.setdefault(thing, len(self.things))

    def profile(self, calendar: Calendar, ledger: Ledger, entry: date, who: str = "") -> Profile:
        """The numbers of one dated calendar, counted from the day of entry; ``who`` says of whom, for notes."""
        found: list[tuple[Thing, date, float, bool]] = [(ENROLLED, entry, 1.0, False)]
        found += self._visits(calendar)
        for event in calendar.of_kind("dose"):
            found += self._given(event)
        for drug in ledger.drugs:
            found += self._drug(drug, who)
        rows = [(self.number(thing), (day - entry).days, amount, treated) for thing, day, amount, treated in found]
        things, offsets, amounts, treated = zip(*rows, strict=True)
        one = Profile(np.array(things), np.array(offsets), np.array(amounts, np.float64), np.array(treated))
        return joined([one])

    def _visits(self, calendar: Calendar) -> Iterator[tuple[Thing, date, float, bool]]:
        for event in calendar:
            if event.kind == "visit":
                yield Thing("visits", event.label), event.first_day, 1.0, False
            elif event.kind == "activity":
                yield Thing("activities", event.label), event.first_day, 1.0, False

    def _given(self, event: Event) -> Iterator[tuple[Thing, date, float, bool]]:
        yield Thing("doses", event.label), event.first_day, 1.0, True
        if event.route != "PO":
            yield GIVEN, event.first_day, 1.0, True
        minutes = self._minutes(event)
        for number in range(-(-minutes // 1440)):
            hours = min(minutes - 1440 * number, 1440) / 60
            yield HOURS, event.first_day + timedelta(days=number), hours, True

    def _minutes(self, event: Event) -> int:
        """How long it runs in: of an infusion without a break its whole length, else the stated duration."""
        if event.continuous:
            if isinstance(event.start, datetime) and isinstance(event.end, datetime):
                return exact_time(event.end, event.start) // timedelta(minutes=1)
            return ((event.last_day - event.first_day).days + 1) * 1440
        if event.duration is None:
            return 0
        span = _span(event.duration.removeprefix("over "))
        if span is None or span.unit not in _MINUTES:
            self.notes[f"{event.label}: its duration ({event.duration}) is not counted in the infusion hours."] = None
            return 0
        return span.n * _MINUTES[span.unit]

    def _drug(self, drug: Drug, who: str) -> Iterator[tuple[Thing, date, float, bool]]:
        missing = [*drug.problems, *(p for one in drug.administrations if not one.off for p in one.problems)]
        if missing or drug.total is None:
            reason = missing[0] if missing else "nothing of it has an amount."
            self.notes[f"{drug.label}{who}: no amounts and vials are forecast: {reason}"] = None
            return
        thing = Thing("amount", drug.label, str(drug.total.unit))
        for day in drug.days:
            yield thing, date.fromisoformat(day.name), float(day.amount.to(drug.total.unit).value), True
        yield from self._taken(drug, who)

    def _taken(self, drug: Drug, who: str) -> Iterator[tuple[Thing, date, float, bool]]:
        problems = [p for infusion in drug.infusions for p in infusion.problems]
        if problems:
            self.notes[f"{drug.label}{who}: vials of its infusions are not forecast: {problems[0]}"] = None
        for line in dispensed(drug):
            day = line.start.date() if isinstance(line.start, datetime) else line.start
            for taken in line.taken:
                half = 0.5 if taken.kind == "half tablet" else 1.0
                kind = "vials" if taken.kind == "vial" else "tablets"
                yield Thing(kind, drug.label, str(taken.strength)), day, half * taken.count, True


def _span(text: str) -> Span | None:
    try:
        return read_span(text)
    except NotationError:
        return None
