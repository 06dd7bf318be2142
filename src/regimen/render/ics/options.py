"""How is a calendar file to be made? Every choice has a default, and choices that do not go together are refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from regimen.errors import RegimenError
from regimen.languages import ENGLISH, Language
from regimen.timing import Span

DISCREET, FULL = "discreet", "full"
PROFILES = (DISCREET, FULL)
ALARM_UNITS = ("d", "h", "min")
LONGEST_ALARM = 60 * 24 * 366
"""In minutes; an alarm earlier than a year before is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one export. Raises RegimenError, with all that is wrong, when they cannot be followed."""

    profile: str = DISCREET
    """``discreet``, which says nothing about drug, disease, study or subject, or ``full``."""
    subject: str = ""
    """The subject's pseudonymous key; it keeps the entries of several subjects apart and is not in the file."""
    secret: bytes = b""
    """Makes UIDs that nobody can derive who does not have it."""
    zone: ZoneInfo | None = None
    """The zone of ``at``."""
    at: time | None = None
    """The clock time of visits that have none."""
    alarm: Span | None = None
    """How long before an event the program reminds: whole days mean at 09:00 so many days before."""
    as_of: date | None = None
    """Events before this day are past and have no alarm."""
    bags: bool = False
    """Whether the changes of an infusion's bags are shown."""
    bag_length: Span | None = None
    """How long a bag lasts where the definition does not say."""
    rrule: bool = False
    """Whether steady runs of like events are written as one entry that repeats."""
    decided_only: bool = False
    """Whether what hangs on an open decision is left out."""
    language: Language = ENGLISH
    """What titles and sentences are said in; identities and dates do not depend on it."""
    revised: datetime | None = None
    """The time stamp of what is new or changed; None counts revisions instead of reading a clock."""

    @property
    def stamp(self) -> datetime | None:
        """The given time stamp as files write it: in UTC, to the second."""
        return self.revised.astimezone(UTC).replace(microsecond=0) if self.revised is not None else None

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", self.subject.strip())
        faults = [fault for fault in (_profile(self), _at(self), _alarm(self), _bags(self), _revised(self)) if fault]
        if faults:
            raise RegimenError("\n".join(faults))


def _profile(options: Options) -> str:
    if options.profile in PROFILES:
        return ""
    return f"There is no profile {options.profile!r}; choose {' or '.join(PROFILES)}."


def _at(options: Options) -> str:
    if options.at is None:
        return ""
    if options.zone is None:
        return f"A clock time for visits ({options.at:%H:%M}) needs the zone it is in, such as Europe/Berlin (--tz)."
    if (options.at.hour, options.at.minute) == (0, 0):
        return "00:00 belongs to one day and ends another; give visits a time from 00:01 to 23:59."
    return ""


def _alarm(options: Options) -> str:
    if options.alarm is None:
        return ""
    if options.alarm.unit not in ALARM_UNITS:
        return f"An alarm {options.alarm} before is not understood; give days, hours or minutes: 1d, 2h, 30min."
    if (minutes_of(options.alarm) or 0) > LONGEST_ALARM:
        return f"An alarm {options.alarm} before is more than a year early; give days, hours or minutes: 1d, 2h, 30min."
    return ""


def _bags(options: Options) -> str:
    if options.bag_length is None or minutes_of(options.bag_length):
        return ""
    return f"A bag of {options.bag_length} has no fixed length in hours; give hours or days: 24h, 96h, 7d."


def _revised(options: Options) -> str:
    if options.revised is None:
        return ""
    if options.revised.utcoffset() is not None:
        return "" if options.revised.year > 1 else "The revision time is before the year 2; give the real one."
    return "The revision time has no time zone; give one, such as 2027-01-04T10:00+01:00."


def minutes_of(span: Span) -> int | None:
    """The exact minutes of a span of minutes, hours, days of 24 hours or weeks; None for months and years."""
    return span.days * 1440 if span.days is not None else span.minutes
