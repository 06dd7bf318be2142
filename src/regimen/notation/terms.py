"""What a line of notation says, as frozen values: doses, phases, cycles and points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from regimen.notation.banded import Bands
from regimen.quantities import Amount, Unit
from regimen.timing import Span, Window

# ---------------------------------------------------------------- amounts


@dataclass(frozen=True, slots=True)
class AmountRange:
    """From ``low`` to ``high``: a level is chosen for each subject."""

    low: Decimal
    high: Decimal
    unit: Unit


@dataclass(frozen=True, slots=True)
class AmountChoice:
    """One of several amounts, chosen with a level."""

    values: tuple[Decimal, ...]
    unit: Unit


@dataclass(frozen=True, slots=True)
class TargetExposure:
    """Carboplatin's AUC in mg/mL × min."""

    auc: Decimal


@dataclass(frozen=True, slots=True)
class DoseLevel:
    """A named dose level, defined elsewhere."""

    name: str


@dataclass(frozen=True, slots=True)
class Unstated:
    """An amount the protocol does not give: ``dose`` or ``taper``."""

    what: str


@dataclass(frozen=True, slots=True)
class Ramp:
    """From ``first`` by ``step`` every ``every`` to ``last``, which is included; each level lasts one interval."""

    first: Decimal
    step: Decimal
    every: Span
    last: Decimal
    unit: Unit

    def levels(self) -> tuple[Decimal, ...]:
        """All levels in order; the last step may be shorter so that ``last`` is always reached."""
        count = -((self.first - self.last) // self.step) if self.step else Decimal(0)
        levels = [self.first + self.step * k for k in range(int(count) + 1)]
        return tuple(levels) if levels[-1] == self.last else (*levels, self.last)


AnyAmount = Amount | AmountRange | AmountChoice | TargetExposure | DoseLevel | Unstated | Ramp | Bands


@dataclass(frozen=True, slots=True)
class Dose:
    """What is given at one administration, or how fast for a continuous infusion."""

    amount: AnyAmount
    route: str | None = None
    over: Span | None = None
    bolus: bool = False
    divided: int | None = None
    caps: tuple[Amount, ...] = ()
    bags: Span | None = None
    round_to: Amount | None = None
    prn: bool = False

    @property
    def continuous(self) -> bool:
        """Whether it runs without a break (CIV)."""
        return self.route == "CIV"


# ---------------------------------------------------------------- points


@dataclass(frozen=True, slots=True)
class Point:
    """A place in time.

    ``kind`` is one of

    day, week, month, cycle (``number``); date (``date``); start, end (of the epochs ``names``);
    first, last (dose of the items ``names``); anchor (``names``); previous (end of the previous epoch).
    ``shift`` is added (or subtracted, with ``sign`` -1); ``allowed`` is the range a gap was chosen from.
    """

    kind: str
    number: int | None = None
    date: date | None = None
    names: tuple[str, ...] = ()
    shift: Span | None = None
    sign: int = 1
    allowed: tuple[Span, Span] | None = None


# ---------------------------------------------------------------- when


@dataclass(frozen=True, slots=True)
class DayList:
    """Listed days, weeks, months or hours as inclusive ranges; ``of`` names weeks the days belong to."""

    unit: str
    ranges: tuple[tuple[int, int], ...]
    of_weeks: tuple[tuple[int, int], ...] = ()
    of_each_week: bool = False

    def numbers(self) -> tuple[int, ...]:
        """Every number listed, in the order written."""
        return tuple(n for a, b in self.ranges for n in range(a, b + 1))


@dataclass(frozen=True, slots=True)
class Interval:
    """A step: every ``span``; ``growth`` lengthens it by a span at each step up to a longest one."""

    span: Span
    growth: tuple[Span, Span] | None = None
    after_start: bool = False
    within: bool = False


@dataclass(frozen=True, slots=True)
class Frequency:
    """``n`` times per ``per`` (day or week)."""

    n: int
    per: str


@dataclass(frozen=True, slots=True)
class OnWeekdays:
    """Weekdays (Monday = 0); ``nth`` takes every nth of them."""

    days: tuple[int, ...]
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cycles: ``ranges`` (open end: None), or odd, even, every nth from a first, or all but some."""

    kind: str
    ranges: tuple[tuple[int, int | None], ...] = ()
    nth: int = 0
    start: int = 0

    def holds(self, cycle: int) -> bool:
        """Whether cycle number ``cycle`` (from 1) is meant."""
        match self.kind:
            case "odd":
                return cycle % 2 == 1
            case "even":
                return cycle % 2 == 0
            case "every":
                return cycle >= self.start and (cycle - self.start) % self.nth == 0
        listed = any(a <= cycle and (b is None or cycle <= b) for a, b in self.ranges)
        return listed != (self.kind == "but")


@dataclass(frozen=True, slots=True)
class Relative:
    """A place relative to each dose of ``item``: ``span`` before or after its start or end, or on ``days`` after it."""

    item: str
    edge: str = "start"
    sign: int = 1
    span: Span | None = None
    days: DayList | None = None


@dataclass(frozen=True, slots=True)
class UpTo:
    """A bound that may end early: ``n`` of doses or cycles, or a span."""

    n: int = 0
    noun: str = "cycles"
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Until:
    """An open end: an event such as progression, at most ``at_most`` long."""

    event: str
    at_most: Span | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of a schedule: which days, how often, how long."""

    dose: Dose | None = None
    days: DayList | None = None
    every: Interval | None = None
    on_off: tuple[Span, Span] | None = None
    frequency: Frequency | None = None
    weekdays: OnWeekdays | None = None
    at: tuple[time, ...] = ()
    times: int | None = None
    up_to: UpTo | None = None
    cycles: Scope | None = None
    through: Point | None = None
    before: Point | None = None
    lasting: Span | None = None
    until: Until | None = None
    start: Point | None = None
    relative: Relative | None = None
    without: tuple[str, str] | None = None
    window: Window | None = None
    condition: tuple[str, str] | None = None
    hold: bool = False
    stop: bool = False
    cut: bool = False
    unstated: bool = False


When = tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Cycle lengths in order, the whole list repeated ``times`` (None: for ever)."""

    lengths: tuple[Span, ...]
    times: int | None


@dataclass(frozen=True, slots=True)
class Cycles:
    """A clock of cycles: runs of lengths, and where it ends."""

    runs: tuple[Run, ...]
    up_to: UpTo | None = None
    until: Until | None = None
    through: Point | None = None
    before: Point | None = None
    lasting: Span | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A labelled sequence of phases."""

    phases: When
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a frame of cycles shared by its items."""

    items: tuple[Item, ...]
    frame: Cycles | None = None
