"""What is a plan made of? Points, each its parent plus an offset, and what happens at them; all undated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple

from regimen.definition.items import AtRestart, DoseItem
from regimen.facts import LatePolicy
from regimen.notation.terms import Dose
from regimen.timing import Counting, Days, Offset, Span, Window


class Gathered(NamedTuple):
    """A place that several points decide: the ``first`` start, the ``last`` day given, or the ``latest`` point."""

    which: str
    ids: tuple[str, ...]


Base = str | Gathered | date
"""What a point counts from: another point's id, several points, or a date the protocol prints."""


class Bound(NamedTuple):
    """A point stays only if it lies before ``base`` + ``offset``, or on it when ``inclusive``.

    ``refused`` names the bound when a point exactly on it must be refused; ``weekdays`` instead keeps only points on
    those weekdays (Monday = 0); ``held`` is the point compared, the point itself if empty.
    """

    base: Base
    offset: Offset = Days(0)
    inclusive: bool = False
    refused: str = ""
    weekdays: tuple[int, ...] = ()
    held: str = ""
    cuts: bool = False
    """Whether it also ends what has begun before it, as with cycles that are cut off."""


class Order(NamedTuple):
    """A dose as the protocol orders it, and the item of the definition that it belongs to, for whoever calculates."""

    dose: Dose
    item: DoseItem


@dataclass(frozen=True, slots=True)
class Content:
    """What happens at a point, shared by all points of one phase of an item."""

    kind: str
    item: str
    label: str
    epoch: str
    dose: str | None = None
    route: str | None = None
    duration: str | None = None
    continuous: bool = False
    window: Window | None = None
    preferred: Window | None = None
    interval: bool = False
    basis: str = "stated"
    source: str | None = None
    follows: str = "cycle"
    late: LatePolicy | None = None
    levels: tuple[tuple[str, str], ...] = ()
    """Names of dose levels and what is given at each."""
    min_interval: Span | None = None
    working_days: str = "keep"
    window_from: str = "current"
    bags: Span | None = None
    at_restart: AtRestart | None = None
    """When it is done once more, because an infusion is started again."""
    order: Order | None = field(default=None, compare=False, repr=False)
    """Of a dose: what ``dose`` says, as values."""


def position_of(cycle: int | None, day: int | None, course: int = 0) -> str:
    """How a protocol names a day: C2D8, Day −1, Course 2 C1D1; empty where the day is not fixed."""
    if day is None:
        return ""
    if cycle is None:
        return f"Day {day}".replace("-", "−")
    return f"Course {course} C{cycle}D{day}".replace("-", "−") if course else f"C{cycle}D{day}".replace("-", "−")


class Point(NamedTuple):
    """One place in the tree: ``offset`` after ``base`` (None: an anchor, or an end that only the future knows)."""

    id: str
    base: Base | None
    offset: Offset = Days(0)
    term: str = ""
    """How the offset is said in a reason, such as ``2 × 28 d``."""
    name: str = ""
    """What the point is called in a reason, such as ``C3`` or ``start of treatment``."""
    clock: time | None = None
    bounds: tuple[Bound, ...] = ()
    content: Content | None = None
    length: Offset | None = None
    cycle: int | None = None
    course: int = 0
    day: int | None = None
    position: str = ""
    origin: str = ""
    """The point that its day number counts from: the start of its cycle or epoch."""
    first_day: int = 1
    conditions: tuple[str, ...] = ()
    optional: bool = False
    counted: bool = False
    """Named by a list or a count, so that leaving it out must be said."""
    whole_day: bool = False
    """One of several doses of a day without clock times, so it has none even if its anchor does."""
    activities: tuple[str, ...] = ()
    waits_for: str = ""
    """Why it has no base: what must be known first."""
    last: tuple[str, int] | None = None
    """The point and the day from it after which its item, by a bound that names a place, has no more."""
    once: Gathered | None = None
    """What it counts from once that has ended, such as the doses of which it is the last."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One arm, compiled and undated; ``points`` come parents first."""

    study: str
    title: str
    arm: str
    points: tuple[Point, ...]
    anchors: Mapping[str, str]
    """Anchor keys and titles."""
    origin: str
    """The anchor that study days and ``offset_days`` count from."""
    counting: Counting
    conventions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    undated: tuple[tuple[str, str], ...] = ()
    """Items that give no dates, each with the reason."""
    lanes: Mapping[str, str] = field(default_factory=dict)
    epochs: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    """The protocol's version, and the date from which it holds."""
    max_delays: Mapping[str, Mapping[str, Span]] = field(default_factory=dict)
    """Epoch keys with the longest delay by cause."""
    courses: Mapping[str, str] = field(default_factory=dict)
    """Epochs that repeat another one as a new course."""

    def __iter__(self) -> Iterator[Point]:
        return (point for point in self.points if point.content is not None)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of everything that happens, in plan order."""
        return tuple(point.id for point in self)
