"""Where does a series end? Counts, numbered points, lengths, cycle ends and horizons, as days or as guards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from regimen.errors import PlanError
from regimen.notation.terms import Phase, Point
from regimen.rules.frames import Frame, Guard, Here
from regimen.timing import Counting, Days, Elapsed, Months, Offset, Span, longest_days


def fixed_day(point: Point, frame: Frame, last: bool = False) -> int | None:
    """The offset of a numbered point (its last day with ``last``) from the frame's start; None if only dates say."""
    if point.shift is not None and point.shift.days is None:
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


class Bounds(NamedTuple):
    """Where a series ends: after ``total`` doses, after day ``last`` (from the phase's base), or by ``guards``."""

    total: int | None
    last: int | None
    guards: tuple[Guard, ...]
    refused: tuple[int, str] | None
    """A day (from the base) on which an occurrence must be refused, and the bound's text."""
    optional: bool
    open_end: bool
    own_last: int | None
    """As ``last``, but only for the bounds that the phase itself states."""
    tried: int | None
    """The last day (from the base) that has to be tried; None if nothing says where to stop."""


def bounds_of(phase: Phase, here: Here, frame: Frame, firm: Callable[[], int]) -> Bounds:
    """Gather a phase's count, bounds, cycle end and horizon; ``firm`` gives a start where the phase starts."""
    ends = _Ends(phase, here, frame, firm)
    total = phase.times
    if phase.up_to is not None:
        total = phase.up_to.n or total
    refused = ends.add_length()
    for point, inclusive in ((phase.through, True), (phase.before, False)):
        if point is not None:
            ends.add_point(point, inclusive)
    ended = total is not None or ends.lasts or ends.guards
    own_last = min(ends.lasts, default=None)
    if frame.length is not None:
        ends.add_frame_end(frame.length)
    elif not ended and frame.horizon is not None:
        ends.add_frame_end(frame.horizon)
    optional = phase.up_to is not None
    last = min(ends.lasts, default=None)
    return Bounds(total, last, tuple(ends.guards), refused, optional, not ended, own_last, ends.tried(last))


class _Ends:
    """The ends of one phase being gathered: last days that are known, and guards for the others."""

    def __init__(self, phase: Phase, here: Here, frame: Frame, firm: Callable[[], int]) -> None:
        self.phase, self.here, self.frame, self.firm = phase, here, frame, firm
        self.lasts: list[int] = []
        self.guards: list[Guard] = []

    def add_length(self) -> tuple[int, str] | None:
        """``for``, ``up to`` and ``at most`` a length of time; the day and text of a bound that must not be hit."""
        phase = self.phase
        span, text = phase.lasting, f"for {phase.lasting}"
        if phase.up_to is not None and phase.up_to.span is not None:
            span, text = phase.up_to.span, f"up to {phase.up_to.span}"
        if phase.until is not None and phase.until.at_most is not None:
            span, text = phase.until.at_most, f"at most {phase.until.at_most}"
        if span is None:
            return None
        offset = self.frame.counting.offset(span)
        self._refuse_longer_than_frame(offset, text)
        text = text if self._longer_than_a_day() else ""
        if isinstance(offset, Days):
            self.lasts.append(self.here.days + offset.n - 1)
            return (self.here.days + offset.n, text) if text else None
        if isinstance(offset, Elapsed):
            if offset.minutes % 1440 == 0:
                self.lasts.append(self.here.days + offset.minutes // 1440 - 1)
            return None
        if self.here.months and isinstance(offset, Months):
            self.guards.append(Guard(self.here.base, Months(self.here.months + offset.n), refused=text))
        else:
            self.guards.append(Guard(self.firm(), offset, refused=text))
        return None

    def _refuse_longer_than_frame(self, offset: Offset, text: str) -> None:
        length = self.frame.length
        if self.phase.lasting is None or not (
            isinstance(length, Days) and isinstance(offset, Days) and self.here.fixed
        ):
            return
        if self.here.days + offset.n > length.n:
            raise PlanError(
                f"'{text}' reaches beyond the {length.n} days of its cycle or epoch; shorten it, or count the "
                "item from a "
                "start of its own (from:)."
            )

    def _longer_than_a_day(self) -> bool:
        """Daily and sub-daily runs take a half-open length as it is; longer steps may fall on its end."""
        every = self.phase.every
        if self.phase.on_off is not None:
            return True
        return every is not None and every.span.minutes is None and every.span.days != 1

    def add_point(self, point: Point, inclusive: bool) -> None:
        """``through`` (inclusive) or ``before`` a point."""
        if point.kind == "cycle":
            return
        counting = self.frame.counting
        ordinal = counting.weeks == "ordinal"
        day = fixed_day(point, self.frame, last=inclusive)
        length = self.frame.length
        if day is not None and isinstance(length, Days) and point.shift is None and day >= length.n:
            raise PlanError(
                f"{point.kind} {point.number} lies beyond the {length.n} days of its cycle or epoch, where days "
                "are counted from; to leave out cycles write in cycles 1-2."
            )
        if day is not None:
            day -= 1 if point.kind == "month" and ordinal and inclusive else 0
            if self.here.fixed:
                self.lasts.append(day if inclusive else day - 1)
            else:
                self.guards.append(Guard(0, Days(day), inclusive))
        elif point.kind == "date":
            assert point.date is not None
            self.guards.append(Guard(point.date, _shift(point, self.frame), inclusive))
        elif point.kind == "month" and point.shift is None:
            start, end = months_of(point.number or 0, counting)
            self.guards.append(Guard(0, end if inclusive else start, inclusive and not ordinal))
        else:
            self.guards.append(Guard(point, Days(0), inclusive))

    def add_frame_end(self, end: Offset) -> None:
        """The end of the cycle or epoch, or the horizon."""
        if isinstance(end, Days) and self.here.fixed:
            self.lasts.append(end.n - 1)
        else:
            self.guards.append(Guard(0, end))

    def tried(self, last: int | None) -> int | None:
        """How far a series has to be tried: to the last day known, or as far as a guard can lie."""
        if last is not None:
            return last
        far = [self._farthest(guard) for guard in self.guards if not guard.weekdays]
        return min((days for days in far if days is not None), default=None)

    def _farthest(self, guard: Guard) -> int | None:
        if isinstance(guard.base, int):
            return self.here.days + 31 * self.here.months + longest_days(guard.offset)
        return self.frame.reach(guard) if self.frame.reach is not None else None


def _shift(point: Point, frame: Frame) -> Offset:
    if point.shift is None:
        return Days(0)
    offset = frame.counting.offset(point.shift)
    if isinstance(offset, Elapsed):
        raise PlanError(f"a bound moved by hours ({point.shift}) is not possible on dates; give days, weeks or months.")
    return replace(offset, n=offset.n * point.sign) if isinstance(offset, Days | Months) else offset


def needs_end(phase: Phase) -> PlanError:
    """The error for a series without an end that can be reckoned with: what is open, and how to close it."""
    if phase.through is not None or phase.before is not None:
        return PlanError(
            "a series ends at a bound that counts from another anchor or is a date, so its length depends on the dates "
            "of the anchors; give them (expand with on=…), or write a count (x12)."
        )
    what = f"until {phase.until.event}" if phase.until is not None else "without an end"
    return PlanError(
        f'a series runs {what}, so it has no last date. Give a horizon (--horizon "24 mo"), '
        "or write a count (x12) or a bound (through week 48, for 24 mo)."
    )


def exactly_on(text: str) -> PlanError:
    """The refusal of an occurrence that falls exactly on a bound."""
    return PlanError(
        f"an occurrence falls exactly on the bound '{text}', so the text can be read with and without it; "
        "write 'through' to include it or 'before' to leave it out."
    )
