"""How far is it from one point to another? Lengths of time, offsets and day numbers, as pure integers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from regimen.errors import PlanError

MINUTES = {"min": 1, "h": 60}
DAYS = {"d": 1, "w": 7}
MONTHS = {"mo": 1, "y": 12}
UNIT_WORDS = {"min": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAY_WORDS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Days:
    """``n`` days on the civil calendar."""

    n: int


@dataclass(frozen=True, slots=True)
class Months:
    """``n`` calendar months, clamped to the month's end."""

    n: int


@dataclass(frozen=True, slots=True)
class Elapsed:
    """``minutes`` of exact time, whatever the clocks do."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Nth:
    """The ``k``-th (from 0) day on or after the start whose weekday (Monday = 0) is in ``weekdays``."""

    k: int
    weekdays: tuple[int, ...]


Offset = Days | Months | Elapsed | Nth


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as written: ``n`` of min, h, d, w, mo or y."""

    n: int
    unit: str

    def __str__(self) -> str:
        return f"{self.n} {self.unit}"

    @property
    def short(self) -> str:
        """Without the space, as in q28d."""
        return f"{self.n}{self.unit}"

    @property
    def words(self) -> str:
        """Written out: ``28 days``, ``1 hour``."""
        return f"{self.n} {UNIT_WORDS[self.unit]}{'' if self.n == 1 else 's'}"

    @property
    def every(self) -> str:
        """As a step: ``every 28 days``, ``every week``."""
        return f"every {UNIT_WORDS[self.unit]}" if self.n == 1 else f"every {self.words}"

    @property
    def days(self) -> int | None:
        """Whole days, where the unit is a fixed number of them."""
        return self.n * DAYS[self.unit] if self.unit in DAYS else None

    @property
    def minutes(self) -> int | None:
        """Exact minutes, for hours and minutes only."""
        return self.n * MINUTES[self.unit] if self.unit in MINUTES else None

    def times(self, k: int) -> Span:
        """``k`` of them; a series counts from its anchor, so the k-th step is one span, never a sum of steps."""
        return replace(self, n=self.n * k)


@dataclass(frozen=True, slots=True)
class Window:
    """Days or hours allowed early and late, both ends included."""

    early: Span
    late: Span

    def __str__(self) -> str:
        if self.early == self.late:
            return f"±{self.early}"
        if self.early.unit == self.late.unit:
            return f"-{self.early.n}/+{self.late}"
        return f"-{self.early}/+{self.late}"


@dataclass(frozen=True, slots=True)
class Counting:
    """What the protocol calls its days, weeks and months; ``None`` where it has not said."""

    first_day: int | None = None
    weeks: str | None = None
    months: str = "calendar"

    def offset_of_day(self, day: int) -> int:
        """Whole days from the anchor to the day called ``day``: day 1 is 0 with first_day 1; there is then no day 0."""
        first = self._declared_first_day()
        if first == 0 or day < 0:
            return day
        if day == 0:
            raise PlanError(
                "day 0 does not exist when the first day is day 1: the day before day 1 is day -1. "
                "Declare first_day: 0, or name the day the protocol means."
            )
        return day - 1

    def day_of_offset(self, offset: int) -> int:
        """What the protocol calls the day ``offset`` whole days from the anchor; never 0 with first_day 1."""
        return offset + 1 if offset >= 0 and self._declared_first_day() == 1 else offset

    def days_of_week(self, week: int) -> tuple[int, int]:
        """First and last offset of week ``week``; with elapsed weeks both are the single day 7 × week."""
        if self.weeks == "elapsed":
            return 7 * week, 7 * week
        return self.start_of_week(week), self.start_of_week(week) + 6

    def start_of_week(self, week: int) -> int:
        """Offset of the day on which week ``week`` starts."""
        if self.weeks == "elapsed":
            return 7 * week
        if self.weeks != "ordinal":
            raise PlanError(
                f"week {week} can be read two ways: weeks: elapsed puts it at offset {7 * week}, "
                f"weeks: ordinal at offset {7 * (week - 1)}. Say which: weeks: in a definition, --weeks for a line."
            )
        if week < 1:
            raise PlanError(f"week {week} does not exist when weeks are ordinal: week 1 is days 1-7.")
        return 7 * (week - 1)

    def offset(self, span: Span) -> Offset:
        """The span as an offset, reading months as declared."""
        if (minutes := span.minutes) is not None:
            return Elapsed(minutes)
        if (days := span.days) is not None:
            return Days(days)
        months = span.n * MONTHS[span.unit]
        return Months(months) if self.months == "calendar" else Days(months * int(self.months.removesuffix("d")))

    def inside_cycle(self) -> Counting:
        """Weeks inside a cycle are ordinal and count from the cycle's start."""
        return _inside_cycle(self)

    def _declared_first_day(self) -> int:
        if self.first_day is None:
            raise PlanError("the number of the first day is not declared: say first_day: 0 or first_day: 1.")
        return self.first_day


@lru_cache(maxsize=64)
def _inside_cycle(counting: Counting) -> Counting:
    return replace(counting, weeks="ordinal")


def longest_days(offset: Offset) -> int:
    """An upper bound on the whole days an offset can take, whatever the start date."""
    match offset:
        case Days(n):
            return n
        case Months(n):
            return n * 31 if n >= 0 else n * 28
        case Elapsed(minutes):
            return -(-minutes // 1440) + 1
        case Nth(k, weekdays):
            return 7 * (k // len(weekdays) + 2)


def shortest_days(offset: Offset) -> int:
    """A lower bound on the whole days an offset takes, whatever the start date."""
    match offset:
        case Days(n):
            return n
        case Months(n):
            return n * 28 if n >= 0 else n * 31
        case Elapsed(minutes):
            return minutes // 1440
        case Nth(k, weekdays):
            return 7 * (k // len(weekdays))


def multiplied(offset: Offset, k: int) -> Offset:
    """``k`` steps at once: a series counts from its anchor, never from its last result."""
    match offset:
        case Days(n):
            return Days(n * k)
        case Months(n):
            return Months(n * k)
        case Elapsed(minutes):
            return Elapsed(minutes * k)
    return offset


def difference(later: Offset, earlier: Offset) -> Offset | None:
    """The step from one offset to a later one of the same kind; None where only the calendar knows."""
    match later, earlier:
        case Days(n), Days(m):
            return Days(n - m)
        case Elapsed(n), Elapsed(m):
            return Elapsed(n - m)
        case Months(n), Months(m):
            return Months(n - m)
        case Months(_), Days(0):
            return later
        case Nth(k, weekdays), Nth(j, same) if weekdays == same and len(weekdays) == 1:
            return Days(7 * (k - j))
    return None


def said(offset: Offset) -> str:
    """An offset as a reason says it: ``28 d``, ``3 mo``, ``12 h``."""
    match offset:
        case Days(n):
            return f"{n} d"
        case Months(n):
            return f"{n} mo"
        case Elapsed(minutes):
            return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
    return "the next weekday named"


MONTH_WORDS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def why_not_a_date(year: int, month: int, day: int) -> str:
    """Why there is no such day, in words; empty if there is one."""
    if not 1 <= year <= 9999:
        return "years run from 0001 to 9999"
    if not 1 <= month <= 12:
        return f"there is no month {month:02d}"
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    return "" if 1 <= day <= last else f"{MONTH_WORDS[month - 1]} {year} has {last} days"
