"""What stands over a column? Its epoch, cycle, week, month, day and study day, and the days of a condensed one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from regimen.plan import Plan, Point
from regimen.plan.extents import Extents
from regimen.render.activities import position_of
from regimen.render.soa.condensing import Stretch, step_of
from regimen.render.soa.placing import MAIN, Slot, content_of
from regimen.timing import Counting, Elapsed, Span

_NUMBERED = re.compile(r"(Week|Month) ([−-]?\d+)")
_DAYS_OF_WEEK = 7


class Heads:
    """The heads of columns of one plan."""

    def __init__(self, plan: Plan, extents: Extents) -> None:
        self.plan, self.extents = plan, extents

    def of(self, stretch: Stretch) -> Iterator[tuple[str, str]]:
        """Each head with what it says, where it says something."""
        for head, text in (
            ("Counted from", _counted_from(stretch.first)),
            ("Cycle", _cycles(stretch)),
            ("Position", _within(stretch, _position)),
            ("Week", _numbered(stretch, "Week")),
            ("Month", _numbered(stretch, "Month")),
            ("Day", _within(stretch, _day)),
            ("Study day", self._study_days(stretch)),
        ):
            if text:
                yield head, text

    def _study_days(self, stretch: Stretch) -> str:
        text = _within(stretch, self._study_day)
        if len(stretch.rounds) == 1 or not text:
            return text
        last, step = stretch.rounds[-1], step_of(stretch.first, stretch.rounds[1][0])
        times = len(stretch.rounds)
        if len(last) == 1:
            return _series(text, self._study_day(last[0]), step)
        return f"{text}; again {_every(step)}, {times} times in all"

    def _study_day(self, slot: Slot) -> str:
        """Counted from the anchor of the arm; nothing where only the calendar knows the distance."""
        point = slot.points[0]
        found = self.extents.between(self.plan.origin, point.id)
        if found is None:
            return ""
        first_day = self.plan.counting.first_day
        counting = Counting(point.first_day if first_day is None else first_day)
        least, most = counting.day_of_offset(found.least), counting.day_of_offset(found.most)
        if content_of(point).interval:
            most = counting.day_of_offset(found.most + _length(point) - 1)
        return _signed(str(least) if least == most else f"{least} to {most}")


def _counted_from(slot: Slot) -> str:
    return slot.counted_from if slot.counted_from != MAIN else ""


def _cycles(stretch: Stretch) -> str:
    first, last = stretch.first, stretch.rounds[-1][0]
    if first.cycle is None:
        return ""
    course = f"Course {first.course}, " if first.course else ""
    numbers = f"{first.cycle}" if first is last or first.cycle == last.cycle else f"{first.cycle} to {last.cycle}"
    return f"{course}{numbers}"


def _within(stretch: Stretch, name: Callable[[Slot], str]) -> str:
    """What the days of the first round are called: one of them, or from the first to the last."""
    slots = stretch.rounds[0]
    first, last = name(slots[0]), name(slots[-1])
    if len(slots) == 1 or not first:
        return first
    return _series(first, last, step_of(slots[0], slots[1]), len(slots))


def _series(first: str, last: str, step: Span | None, times: int = 0) -> str:
    """From the first to the last; of days that only the calendar tells, the first and how it goes on."""
    often = f"{_every(step)} ({times} times)" if times else _every(step)
    return f"{first}, then {often}" if " to " in first + last else f"{first} to {last}, {often}"


def _every(step: Span | None) -> str:
    assert step is not None
    return "daily" if step == Span(1, "d") else step.every


def _numbered(stretch: Stretch, family: str) -> str:
    """Weeks or months as the protocol numbers them."""
    slots = stretch.rounds[0]
    numbers = [_number(slot, family) for slot in slots]
    if len(slots) == 1 or not numbers[0]:
        return numbers[0]
    step = step_of(slots[0], slots[1])
    if step is not None and family == "Week" and step.unit == "d" and step.n % _DAYS_OF_WEEK == 0:
        step = Span(step.n // _DAYS_OF_WEEK, "w")
    return f"{numbers[0]} to {numbers[-1]}, {_every(step)}"


def _number(slot: Slot, family: str) -> str:
    found = (_NUMBERED.fullmatch(position_of(point)) for point in slot.points)
    return next((_signed(one[2]) for one in found if one is not None and one[1] == family), "")


def _position(slot: Slot) -> str:
    """A name that is neither a day nor a week or month, such as which of the weekdays it is."""
    loose = (p for p in slot.points if p.cycle is None or p.day is None)
    names = dict.fromkeys(position_of(point) for point in loose)
    return "; ".join(name for name in names if name and not re.fullmatch(r"(Day|Week|Month) [−-]?\d+", name))


def _day(slot: Slot) -> str:
    """The day of the cycle, or of the epoch where there are no cycles."""
    point = next((p for p in slot.points if p.cycle == slot.cycle), slot.points[0])
    if point.day is None:
        return ""
    if not content_of(point).interval:
        return _signed(str(point.day))
    counting = Counting(point.first_day)
    return _signed(f"{point.day} to {counting.day_of_offset(counting.offset_of_day(point.day) + _length(point) - 1)}")


def _length(point: Point) -> int:
    return point.length.minutes // 1440 if isinstance(point.length, Elapsed) else getattr(point.length, "n", 1)


def _signed(text: str) -> str:
    return text.replace("-", "−")
