"""What is a ``when`` laid on, and where does it end? Frames, starts, steps and bounds, all undated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import NamedTuple

from regimen.errors import PlanError
from regimen.notation.terms import Phase, Point
from regimen.timing import Counting, Days, Elapsed, Months, Offset, Span, longest_days

LIMIT = 100_000
"""How many events a plan may have unless the caller allows more."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a ``when`` is laid on: an epoch, or one cycle of it."""

    counting: Counting
    length: Offset | None = None
    """A cycle's length; what is open runs to its end."""
    horizon: Offset | None = None
    """How far an open end is expanded, from the frame's start."""
    reach: Callable[[Guard], int | None] | None = None
    """How many days from the frame's start a bound that only the calendar knows can lie at most."""
    limit: int = LIMIT


@dataclass(frozen=True, slots=True)
class Start:
    """A point that steps count from; number 0 is the frame itself.

    It lies ``offset`` after start number ``base``, or after the last of the steps ``after``, or at a ``place``.
    """

    token: str
    base: int
    offset: Offset
    term: str = ""
    clock: time | None = None
    after: tuple[int, ...] = ()
    place: Point | None = None
    cycle: int | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """A bound that is known only on the calendar: a step stays if it lies before ``base`` + ``offset``.

    ``base`` is a start's number, a date or a place. ``inclusive`` lets the bound itself stay; ``refused`` names the
    bound when a step exactly on it must be refused; ``weekdays`` instead keeps only steps on those weekdays;
    ``on_start`` holds the start of the step's cycle against the bound, because an open cycle is completed.
    """

    base: int | date | Point = 0
    offset: Offset = Days(0)
    inclusive: bool = False
    refused: str = ""
    weekdays: tuple[int, ...] = ()
    on_start: bool = False


class Step(NamedTuple):
    """One undated occurrence: ``offset`` after start number ``start``; ``day`` is its offset from the frame if fixed."""

    start: int
    offset: Offset
    day: int | None
    token: str
    term: str
    phase: Phase
    clock: time | None = None
    length: Offset | None = None
    guards: tuple[Guard, ...] = ()
    cycle: int | None = None
    optional: bool = False
    ordinal: int = 0
    named: str = ""
    """What the protocol calls it when it is not a day: Week 12, Month 3."""


@dataclass(slots=True)
class Expansion:
    """All steps of one item on one frame, the starts they count from, and what gives no dates and why."""

    starts: list[Start] = field(default_factory=lambda: [Start("", 0, Days(0))])
    steps: list[Step] = field(default_factory=list)
    relative: list[Phase] = field(default_factory=list)
    """Phases that hang on another item's doses; the plan lays them."""
    undated: list[str] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    """For each phase after the first, where it starts, in words."""


class Here(NamedTuple):
    """Where the next phase starts: ``days`` after start number ``base``.

    After a day list the start is one new interval later: ``back`` days of it are already in ``days``, or ``skip``
    steps of months are still to be taken.
    """

    base: int = 0
    days: int = 0
    back: int = 0
    skip: int = 0
    listed: bool = False
    """The last listed day itself; the next phase decides how much later it starts."""

    @property
    def fixed(self) -> bool:
        """Whether its distance from the frame's start is a fixed number of days."""
        return self.base == 0


def fixed_day(point: Point, frame: Frame, last: bool = False) -> int | None:
    """The offset of a numbered point from the frame's start, its last day with ``last``; None if only a date can say."""
    if point.shift is not None and (shift := point.shift.days) is None:
        return None
    moved = point.sign * point.shift.days if point.shift is not None and point.shift.days is not None else 0
    assert point.number is not None or point.kind not in ("day", "week")
    if point.kind == "day":
        return frame.counting.offset_of_day(point.number or 0) + moved
    if point.kind == "week":
        first, final = frame.counting.days_of_week(point.number or 0)
        return (final if last else first) + moved
    if point.kind == "month":
        start, end = months_of(point.number or 0, frame.counting)
        chosen = end if last else start
        return chosen.n + moved if isinstance(chosen, Days) else None
    return None


def months_of(number: int, counting: Counting) -> tuple[Offset, Offset]:
    """Start offset of a month, and of the bound that includes it; elapsed months are single days."""
    if counting.weeks is None and number != 0:
        raise PlanError(
            f"month {number} can be read as {number} months after the anchor or as the {number}. month. "
            "Declare weeks: elapsed (month 0 is the anchor) or weeks: ordinal (month 1 is the first)."
        )
    if counting.weeks == "ordinal":
        if number < 1:
            raise PlanError(f"month {number} does not exist when weeks and months are ordinal: the first is month 1.")
        return counting.offset(Span(number - 1, "mo")), counting.offset(Span(number, "mo"))
    return counting.offset(Span(number, "mo")), counting.offset(Span(number, "mo"))


# ---------------------------------------------------------------- where a series ends


class Bounds(NamedTuple):
    """Where a series ends: after ``count``, after day ``last`` (counted from the phase's base), or by ``guards``."""

    count: int | None
    last: int | None
    guards: tuple[Guard, ...]
    refused: tuple[int, str] | None
    """A day (from the base) on which an occurrence must be refused, and the bound's text."""
    optional: bool
    open_end: bool

    def ceiling(self, frame: Frame) -> int | None:
        """The last day (from the base) that has to be tried."""
        if self.last is not None:
            return self.last
        tried = [_farthest(guard, frame) for guard in self.guards if not guard.weekdays]
        return min((t for t in tried if t is not None), default=None)


def _farthest(guard: Guard, frame: Frame) -> int | None:
    if isinstance(guard.base, int):
        return longest_days(guard.offset)
    return frame.reach(guard) if frame.reach is not None else None


def bounds_of(phase: Phase, here: Here, frame: Frame) -> Bounds:
    """Gather a phase's count, bounds, cycle end and horizon."""
    guards: list[Guard] = []
    lasts: list[int] = []
    refused: tuple[int, str] | None = None
    count = phase.times
    optional = phase.up_to is not None
    span, text = phase.lasting, f"for {phase.lasting}"
    if phase.up_to is not None:
        span, text = phase.up_to.span or span, f"up to {phase.up_to.span}"
        count = phase.up_to.n or count
    if phase.until is not None and phase.until.at_most is not None:
        span, text = phase.until.at_most, f"at most {phase.until.at_most}"
    if span is not None:
        refused = _lasting(frame.counting.offset(span), text, here, lasts, guards)
    for point, inclusive in ((phase.through, True), (phase.before, False)):
        if point is not None:
            _to_point(point, inclusive, here, frame, lasts, guards)
    ended = count is not None or lasts or guards
    if frame.length is not None and not phase.hold:
        _frame_end(frame.length, here, lasts, guards)
    elif not ended and frame.horizon is not None:
        _frame_end(frame.horizon, here, lasts, guards)
    return Bounds(count, min(lasts, default=None), tuple(guards), refused, optional, not ended)


def _lasting(offset: Offset, text: str, here: Here, lasts: list[int], guards: list[Guard]) -> tuple[int, str] | None:
    if isinstance(offset, Days):
        lasts.append(here.days + offset.n - 1)
        return here.days + offset.n, text
    if isinstance(offset, Elapsed):
        if offset.minutes % 1440 == 0:
            lasts.append(here.days + offset.minutes // 1440 - 1)
        return None
    guards.append(Guard(here.base, offset, refused=text))
    return None


def _to_point(
    point: Point, inclusive: bool, here: Here, frame: Frame, lasts: list[int], guards: list[Guard]
) -> None:
    if point.kind == "cycle":
        return
    day = fixed_day(point, frame, last=inclusive)
    if day is not None:
        if point.kind == "month" and frame.counting.weeks == "ordinal" and inclusive:
            day -= 1
        if here.fixed:
            lasts.append(day if inclusive else day - 1)
        else:
            guards.append(Guard(0, Days(day), inclusive))
    elif point.kind == "date":
        assert point.date is not None
        guards.append(Guard(point.date, _shift(point, frame), inclusive))
    elif point.kind == "month" and point.shift is None:
        start, end = months_of(point.number or 0, frame.counting)
        ordinal = frame.counting.weeks == "ordinal"
        guards.append(Guard(0, end if inclusive else start, inclusive and not ordinal))
    else:
        guards.append(Guard(point, Days(0), inclusive))


def _shift(point: Point, frame: Frame) -> Offset:
    if point.shift is None:
        return Days(0)
    offset = frame.counting.offset(point.shift)
    if isinstance(offset, Elapsed):
        raise PlanError(f"a bound moved by hours ({point.shift}) is not possible on dates; give days, weeks or months.")
    return replace(offset, n=offset.n * point.sign) if isinstance(offset, Days | Months) else offset


def _frame_end(end: Offset, here: Here, lasts: list[int], guards: list[Guard]) -> None:
    if isinstance(end, Days) and here.fixed:
        lasts.append(end.n - 1)
    else:
        guards.append(Guard(0, end))


def needs_end(phase: Phase) -> PlanError:
    """The error for a series without an end: what is open, and the three ways to close it."""
    what = f"until {phase.until.event}" if phase.until is not None else "without an end"
    return PlanError(
        f"a series runs {what}, so it has no last date. Give a horizon (--horizon \"24 mo\"), "
        "or write a count (x12) or a bound (through week 48, for 24 mo)."
    )
