"""What is left of an infusion that was held? Its pieces, by the policy for so long a pause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from regimen.calendars.following import aligned
from regimen.calendars.lateness import DAY, resolved
from regimen.calendars.recorded import Hold
from regimen.events import exact_time
from regimen.facts import LatePolicy
from regimen.moments import Moment, shifted
from regimen.timing import Days, Elapsed

_NONE = timedelta(0)


@dataclass(slots=True)
class Pieces:
    """One infusion in the pieces that holds cut it into; ends are exclusive."""

    pieces: list[tuple[Moment, Moment]]
    paused: timedelta = timedelta(0)
    """How much later than planned it ends."""
    open: Hold | None = None
    """The hold that it has not been restarted from."""
    new_cycle: Hold | None = None
    """The hold after which a new cycle begins instead."""
    asked: list[tuple[Hold, bool]] = field(default_factory=list)
    """Holds after which a person must choose, and whether the definition says so."""
    by: list[Hold] = field(default_factory=list)
    """The hold before each piece after the first."""


def pieces_of(start: Moment, end: Moment, holds: Sequence[Hold], policy: LatePolicy | None) -> Pieces:
    """Cut the infusion [start, end) by the holds, in their order."""
    found = Pieces([(start, end)])
    total = elapsed(start, end)
    for hold in holds:
        begin, stop = found.pieces[-1]
        held = aligned(hold.start, begin)
        if held == begin and not isinstance(begin, datetime):
            held = begin + DAY  # what began on that day ran on it
        if not _between(begin, held, stop):
            continue
        found.pieces[-1] = (begin, held)
        if hold.end is None:
            found.open = hold
            break
        again = aligned(hold.end, begin)
        judged = resolved(policy, elapsed(held, again))
        chosen = (hold.restart.then if hold.restart is not None else "") or judged.policy
        if chosen == "restart":
            found.new_cycle = hold
            break
        if chosen == "ask":
            found.asked.append((hold, judged.stated))
            break
        if chosen in ("resume", "shift"):
            done = sum((elapsed(*piece) for piece in found.pieces), timedelta(0))
            found.paused += elapsed(held, again)
            stop = moved(again, total - done)
        if elapsed(again, stop) > _NONE:
            found.pieces.append((again, stop))
            found.by.append(hold)
    return found


def until(pieces: Sequence[tuple[Moment, Moment]], stop: Moment) -> list[tuple[Moment, Moment]]:
    """The pieces up to a stop; what begins after it is gone, the first always remains."""
    kept = [(start, end) for number, (start, end) in enumerate(pieces) if not number or elapsed(start, stop) > _NONE]
    return [(start, stop if elapsed(stop, end) > _NONE else end) for start, end in kept]


def _between(begin: Moment, held: Moment, stop: Moment) -> bool:
    return elapsed(begin, held) > _NONE and elapsed(held, stop) > _NONE


def elapsed(start: Moment, end: Moment) -> timedelta:
    """From start to end: exact between two times, whole days between two days."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return exact_time(end, start)
    assert not isinstance(start, datetime)
    assert not isinstance(end, datetime)
    return end - start


def moved(moment: Moment, by: timedelta) -> Moment:
    """A moment later by exact time, or a day by whole days."""
    if isinstance(moment, datetime):
        return shifted(moment, Elapsed(by // timedelta(minutes=1)))
    return shifted(moment, Days(by // DAY))


def exclusive(end: Moment) -> Moment:
    """The exclusive end of what lasts until a time, or up to and including a day."""
    return end if isinstance(end, datetime) else end + DAY


def inclusive(end: Moment) -> Moment:
    """The end of an event: a time, or the last day."""
    return end if isinstance(end, datetime) else _day_before(end)


def _day_before(day: date) -> date:
    return day - DAY
