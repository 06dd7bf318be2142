"""Which day, or which moment, does a text of a journal name? Dates are whole; times say how far they are from UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeVar
from zoneinfo import ZoneInfo

from regimen.errors import DatingError
from regimen.moments import Moment, checked_clock
from regimen.timing import why_not_a_date

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside are slips of the finger."""

_DAY = r"(\d{4})-(\d{2})-(\d{2})"
_MOMENT = re.compile(rf"{_DAY}(?:[T ](\d{{2}}):(\d{{2}})(?::(\d{{2}}))?(Z|[+-]\d{{2}}:\d{{2}})?)?", re.ASCII)
_RECORDED = re.compile(rf"{_DAY}T(\d{{2}}):(\d{{2}}):(\d{{2}})(Z)", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_ALLOWED = "write year-month-day, such as 2027-01-20"
_TIME_ALLOWED = "write 24-hour times, such as 2027-01-20T10:00+01:00"


class NotAMoment(ValueError):
    """A text that names no day, or no one moment: what was found and what to write."""

    def __init__(self, found: str, remedy: str = _ALLOWED) -> None:
        self.found, self.remedy = found, remedy
        super().__init__(f"{found}; {remedy}")


def read_moment(text: str, zone: ZoneInfo | None = None) -> Moment:
    """A date, or a date and time with its distance from UTC (``2027-01-20T10:00+01:00``).

    A time without it is read on the clocks of ``zone``, and refused if there is none. Raises ``NotAMoment``.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise NotAMoment(f"{text[:40]!r} is not a date", _hint(text))
    if found[4] is None:
        return _checked(found, date)
    moment = _checked(found, datetime)
    if found[7] is not None:
        return fixed(moment)
    if zone is None:
        raise NotAMoment(
            f"{text!r} does not say in which time zone", "add the distance from UTC, such as 2027-01-20T10:00+01:00"
        )
    return _on_clocks(moment.replace(tzinfo=zone), zone)


def read_recorded(text: str) -> datetime:
    """The moment something was written down: to the second, in UTC. Raises ``NotAMoment``."""
    if found := _RECORDED.fullmatch(text):
        return _checked(found, datetime)
    other = _MOMENT.fullmatch(text)
    elsewhere = other is not None and other[7] not in (None, "Z")
    raise NotAMoment(
        f"{text[:40]!r} is not in UTC" if elsewhere else f"{text[:40]!r} is not a time in UTC",
        "times of recording are UTC, such as 2027-01-20T09:12:30Z",
    )


def moment_text(moment: Moment) -> str:
    """The text that ``read_moment`` reads back as the same day or moment."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def recorded_text(moment: datetime) -> str:
    """The text that ``read_recorded`` reads back as the same moment."""
    return moment.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def why_not_recordable(moment: object) -> str:
    """Why a day or moment cannot stand in a journal, in words; empty if it can."""
    if not isinstance(moment, date):
        return f"{moment!r} is not a date"
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return f"the year {moment.year:04d} is not from {FIRST_YEAR} to {LAST_YEAR}"
    if not isinstance(moment, datetime):
        return ""
    distance = moment.utcoffset()
    if distance is None:
        return f"{moment.isoformat()} does not say in which time zone"
    if moment.microsecond or distance % timedelta(minutes=1):
        return f"{moment.isoformat()} is finer than a journal holds (seconds, and minutes from UTC)"
    return ""


def fixed(moment: Moment) -> Moment:
    """The moment with its bare distance from UTC, as it is read back; a day as it is."""
    if not isinstance(moment, datetime) or (distance := moment.utcoffset()) is None:
        return moment
    return moment.replace(tzinfo=timezone(distance) if distance else UTC, fold=0)


_Kind = TypeVar("_Kind", date, datetime)


def _checked(found: re.Match[str], kind: type[_Kind]) -> _Kind:
    """The day or moment of a text in the right shape; raises ``NotAMoment`` if there is no such one."""
    try:
        moment = kind.fromisoformat(found[0])
    except ValueError:
        raise _no_such(found) from None
    # Some versions of Python read 24:00 as the next day.
    if not FIRST_YEAR <= moment.year <= LAST_YEAR or found[4] == "24" or not _in_reach(found[7]):
        raise _no_such(found)
    return moment


def _no_such(found: re.Match[str]) -> NotAMoment:
    text = found[0]
    if not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return NotAMoment(f"{text!r} is not a date (the year {found[1]} is not from {FIRST_YEAR} to {LAST_YEAR})")
    if reason := why_not_a_date(int(found[1]), int(found[2]), int(found[3])):
        return NotAMoment(f"{text!r} is not a date ({reason})")
    if not _in_reach(found[7]):
        return NotAMoment(f"{text!r}: no place is {found[7]} from UTC", _TIME_ALLOWED)
    clock = ":".join(part for part in found.group(4, 5, 6) if part)
    return NotAMoment(f"{text!r} is not a date with a time (there is no {clock})", _TIME_ALLOWED)


def _in_reach(distance: str | None) -> bool:
    """Whether a place can be so far from UTC."""
    return distance in (None, "Z") or (int(distance[4:6]) < 60 and distance[1:] <= "14:00")


def _on_clocks(moment: datetime, zone: ZoneInfo) -> Moment:
    try:
        twice = checked_clock(moment, zone)
    except DatingError as error:
        raise NotAMoment(str(error).split(";")[0], "choose another time") from None
    if twice:
        first, second = (moment_text(fixed(moment.replace(fold=fold))) for fold in (0, 1))
        raise NotAMoment(twice.rsplit(";", 1)[0], f"write {first} or {second}")
    return fixed(moment)


def _hint(text: str) -> str:
    if slashed := _SLASHED.fullmatch(text):
        one, other, year = (int(part) for part in slashed.groups())
        days = [(month, day) for month, day in ((other, one), (one, other)) if not why_not_a_date(year, month, day)]
        if days:
            return f"is it {' or '.join(f'{year:04d}-{month:02d}-{day:02d}' for month, day in dict.fromkeys(days))}?"
    if re.fullmatch(r"\d{4}(-\d{1,2})?", text, re.ASCII):
        return f"a month or a year alone is not a day; {_ALLOWED}"
    if not re.search(r"\d{4}", text, re.ASCII):
        return f"it has no year; {_ALLOWED}"
    return _ALLOWED
