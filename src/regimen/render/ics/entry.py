"""What is one entry of a calendar file, with its exclusive end, and how are its moments written?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from regimen.events import day_of
from regimen.render.words import happens_twice, zone_in_words

ONE_DAY = timedelta(days=1)
SHOWN_LENGTH = timedelta(minutes=15)
"""How long a moment without a stated length is shown; the format has no moments."""
FIRST_REVISION = datetime(2000, 1, 1, tzinfo=UTC)
"""The time stamp of a first export. It is not the clock's, so that the same input gives the same bytes."""

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
VISIT, TREATMENT, APPOINTMENT, KEY_DATE = "Visit", "Treatment", "Appointment", "Key date"
CATEGORIES = (VISIT, TREATMENT, APPOINTMENT, KEY_DATE)

_UTC_KEYS = frozenset({"UTC", "Etc/UTC"})


@dataclass(frozen=True, slots=True)
class Repeat:
    """The entry takes place ``count`` times, every ``interval`` of ``freq``: DAILY or WEEKLY, never anything else."""

    freq: str
    interval: int
    count: int

    def __str__(self) -> str:
        return f"FREQ={self.freq};COUNT={self.count};INTERVAL={self.interval}"

    @property
    def days(self) -> int:
        """Whole days from one time to the next."""
        return self.interval * (7 if self.freq == "WEEKLY" else 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT as it will be written: dates with an exclusive end day, or times in a named zone or UTC."""

    uid: str
    start: date | datetime
    end: date | datetime
    summary: str
    description: str
    status: str
    opaque: bool
    category: str
    alarm: timedelta | None = None
    """When the program reminds, counted from the start; negative is before it."""
    repeat: Repeat | None = None
    sequence: int = 0
    revised: datetime = FIRST_REVISION

    @property
    def order(self) -> tuple[date, str, str]:
        """By day, whole days first, then by exact time and UID."""
        return day_of(self.start), exact(self.start).isoformat() if isinstance(self.start, datetime) else "", self.uid

    @property
    def when(self) -> tuple[str, str, str, str]:
        """What a program must be told with a higher SEQUENCE when it changes: start, end, status and repeat."""
        return written_moment(self.start), written_moment(self.end), self.status, str(self.repeat or "")

    @property
    def text(self) -> tuple[str, str, str, bool, timedelta | None]:
        """All else that a program shows."""
        return self.summary, self.description, self.category, self.opaque, self.alarm


def written_moment(moment: date | datetime) -> str:
    """A day, or a clock time with the zone it is read in."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return f"{moment.replace(tzinfo=None).isoformat()} {zone_in_words(moment.tzinfo)}"


def exact(moment: date | datetime) -> datetime:
    """In UTC, since Python compares two times of one zone by the clock alone; a day as its midnight."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def in_file(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Both in their named zone, or both in UTC if of one of them a name and a clock time do not say which is meant.

    Of a clock time that comes twice one reader takes the first and another the second; and where one end has a zone
    and the other is in UTC, a reader counts the length by the clock on the wall.
    """
    return (start, end) if _is_plain(start) and _is_plain(end) else (start.astimezone(UTC), end.astimezone(UTC))


def _is_plain(moment: datetime) -> bool:
    zone = moment.tzinfo
    named = isinstance(zone, ZoneInfo) and bool(zone.key) and zone.key not in _UTC_KEYS
    return named and not happens_twice(moment)


def shown_end(start: datetime) -> datetime:
    """The end of a moment that is shown without having a length."""
    return (start.astimezone(UTC) + SHOWN_LENGTH).astimezone(start.tzinfo)
