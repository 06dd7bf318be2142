"""What is a ``when`` laid on, and what comes of it? Frames, starts, guards and steps, all undated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple

from regimen.notation.terms import Phase, Point
from regimen.timing import Counting, Days, Offset

_NONE = Days(0)
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
    offset: Offset = _NONE
    inclusive: bool = False
    refused: str = ""
    weekdays: tuple[int, ...] = ()
    on_start: bool = False


class Step(NamedTuple):
    """One undated occurrence, ``offset`` after start number ``start``; ``day`` counts from the frame if it is fixed."""

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
    last: tuple[int, int] | None = None
    """The start and the day from it after which its phase, by a bound that names a place, has no more."""
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
    remarks: list[str] = field(default_factory=list)
    """What a reader should know, such as a day beyond its cycle."""
    endless: bool = False
    """Whether a phase runs until something happens, so that its last dose is not known."""


class Here(NamedTuple):
    """Where the next phase starts: ``days`` after start number ``base``.

    After phases of months it is ``months`` after it instead, because months count from one anchor and never from each
    other. After a day list the start is one new interval later: ``back`` days of it are already in ``days``, or
    ``skip`` steps of months are still to be taken.
    """

    base: int = 0
    days: int = 0
    months: int = 0
    back: int = 0
    skip: int = 0
    listed: bool = False
    """The last listed day itself; the next phase decides how much later it starts."""

    @property
    def fixed(self) -> bool:
        """Whether its distance from the frame's start is a fixed number of days."""
        return self.base == 0 and not self.months
