"""What became of one planned event? Its state, its dates and its dose after what was recorded, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from regimen.calendars.pausing import Pieces
from regimen.calendars.recorded import said_of
from regimen.calendars.walk import Fate
from regimen.events import day_of
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


def fate_of(plain: Fate, start: Moment, outcome: Outcome, planned: Moment | None, due: Moment, cause: str,
            pieces: Pieces | None) -> Fate:  # fmt: skip
    """What became of an event that lies at ``start``; ``plain`` is what it would be had nothing happened."""
    moved = planned is not None and planned != start
    if outcome == NOTHING and not moved and due == start and pieces is None:
        return plain
    state = outcome.state or ("tentative" if outcome.doubt else plain.state)
    conditions = (*plain.conditions, outcome.doubt) if outcome.doubt else plain.conditions
    only_dose = bool(outcome.dose) and not outcome.state and cause not in outcome.because
    because = [cause if moved and (only_dose or not outcome.because) else "", outcome.because, _pauses(pieces)]
    return Fate(
        state, _why(plain.why, start, due, outcome), outcome.dose or plain.dose,
        () if outcome.happened else conditions, planned if moved else None, due if due != start else None,
        outcome.actual, outcome.given, "; ".join(part for part in because if part),
    )  # fmt: skip


def _pauses(pieces: Pieces | None) -> str:
    if pieces is None:
        return ""
    holds = [*pieces.by, *(hold for hold, _ in pieces.asked)]
    holds += [hold for hold in (pieces.new_cycle, pieces.open) if hold is not None]
    return "; ".join(said_of(hold.fact) for hold in holds)


def _why(why: str, start: Moment, due: Moment, outcome: Outcome) -> str:
    """The reason for the date; what took place on another day than due keeps the reason of the day it was due."""
    if day_of(due) == day_of(start):
        return why
    day = day_of(start).isoformat()
    return f"{day}: {outcome.because or 'moved'}; due {day_of(due).isoformat()}{why.removeprefix(day)}"


def at_level(levels: Mapping[str, str], level: str, amount: str) -> str | None:
    """What is given at a named level or as an amount; None for a level the definition does not have."""
    return amount or levels.get(level)
