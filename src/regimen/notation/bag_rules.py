"""How long does a bag of an infusion run? A rule of hours in turn, or of weekdays on which bags are changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from regimen.errors import DosingError
from regimen.timing import WEEKDAYS

_PATTERN = re.compile(r"\d+(?:\s*\+\s*\d+)*\s*(?:h|d)(?:\s*\+\s*\d+\s*(?:h|d))*")
_PART = re.compile(r"(\d+)\s*(h|d)?")


@dataclass(frozen=True, slots=True)
class BagRule:
    """How long bags run, in hours and in turn (72, 96, 72, 96 …), or on which weekdays (Monday = 0) they are changed.

    ``longest`` is the most hours one bag may run; needed with weekdays. ``not_below`` maps hours to the least weight in
    kg: bags that run so long or longer are not used for a lighter subject.
    """

    hours: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    longest: int | None = None
    not_below: tuple[tuple[int, Fraction], ...] = field(default=())

    def __post_init__(self) -> None:
        problems = []
        if bool(self.hours) == bool(self.weekdays):
            problems.append("bags are changed after hours or on weekdays; give one of the two.")
        if any(hours <= 0 for hours in self.hours):
            problems.append("a bag runs more than 0 h.")
        if self.weekdays and self.longest is None:
            problems.append("with fixed weekdays, say how many hours a bag may run at most.")
        if any(not 0 <= day <= 6 for day in self.weekdays) or len(set(self.weekdays)) < len(self.weekdays):
            problems.append("weekdays are numbers from 0 (Monday) to 6 (Sunday), each once.")
        if self.longest is not None and any(hours > self.longest for hours in self.hours):
            problems.append(f"a bag of {max(self.hours)} h runs longer than the {self.longest} h allowed.")
        if problems:
            raise DosingError(*problems)


def read_bags(text: str, *, longest: int | None = None, not_below: tuple[tuple[int, Fraction], ...] = ()) -> BagRule:
    """``24 h``, ``7 d``, ``72 + 96 h`` or ``Mon, Thu`` as a rule."""
    return BagRule(*bag_changes(text), longest, not_below)


def bag_changes(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The hours that bags run in turn, or the weekdays (Monday = 0) on which they are changed."""
    tidy = " ".join(text.split())
    if _PATTERN.fullmatch(tidy):
        parts = _PART.findall(tidy)
        units = {unit for _, unit in parts if unit}
        if len(units) == 1:
            size = 24 if units == {"d"} else 1
            return tuple(int(number) * size for number, _ in parts), ()
    names = [name.strip().capitalize()[:3] for name in re.split(r"[,/]|\band\b", tidy)]
    if all(name in WEEKDAYS for name in names):
        return (), tuple(WEEKDAYS.index(name) for name in names)
    raise DosingError(f"{text!r} is no rule for bags; write 24 h, 7 d, 72 + 96 h, or weekdays such as Mon, Thu.")
