"""What became of one planned event? Its state, its dates and its dose after what was recorded, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from regimen.calendars.pausing import Pieces
from regimen.calendars.recorded import said_of
from regimen.events import Event, day_of
from regimen.moments import Moment

HAPPENED = frozenset({"given", "done"})
OFF = frozenset({"missed", "cancelled", "not applicable"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was recorded of one point; an empty state leaves the planned one."""

    state: str = ""
    because: str = ""
    actual: Moment | None = None
    given: str = ""
    dose: str = ""
    doubt: str = ""
    """Why its date is not settled: a person has to decide."""

    @property
    def happened(self) -> bool:
        """Whether it took place."""
        return self.state in HAPPENED

    @property
    def off(self) -> bool:
        """Whether it does not take place."""
        return self.state in OFF


NOTHING = Outcome()


class Place(NamedTuple):
    """Where a point lies and is due, and what became of it."""

    start: Moment
    due: Moment
    outcome: Outcome


def changed(
    event: Event, outcome: Outcome, planned: Moment | None, due: Moment, cause: str, pieces: Pieces | None
) -> Event:
    """The event after what happened; the very same one where nothing did."""
    moved = planned is not None and planned != event.start
    if outcome == NOTHING and not moved and due == event.start and pieces is None:
        return event
    state = outcome.state or ("tentative" if outcome.doubt else event.state)
    conditions = (*event.conditions, outcome.doubt) if outcome.doubt else event.conditions
    because = [outcome.because or (cause if moved else ""), _pauses(pieces)]
    return replace(
        event, state=state, conditions=() if outcome.happened else conditions,
        planned=planned if moved else None, current=due if due != event.start else None, actual=outcome.actual,
        given=outcome.given, dose=outcome.dose or event.dose, because="; ".join(part for part in because if part),
        why=_why(event, due, outcome),
    )  # fmt: skip


def _pauses(pieces: Pieces | None) -> str:
    if pieces is None:
        return ""
    holds = [*pieces.by, *(hold for hold, _ in pieces.asked)]
    holds += [hold for hold in (pieces.new_cycle, pieces.open) if hold is not None]
    return "; ".join(said_of(hold.fact) for hold in holds)


def _why(event: Event, due: Moment, outcome: Outcome) -> str:
    """The reason for the date; what took place on another day than due keeps the reason of the day it was due."""
    if day_of(due) == event.first_day:
        return event.why
    day = event.first_day.isoformat()
    return f"{day}: {outcome.because or 'moved'}; due {day_of(due).isoformat()}{event.why.removeprefix(day)}"


def at_level(levels: Mapping[str, str], level: str, amount: str) -> str | None:
    """What is given at a named level or as an amount; None for a level the definition does not have."""
    return amount or levels.get(level)
