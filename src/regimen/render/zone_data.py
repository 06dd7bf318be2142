"""Which time-zone data make a file, and do those of this computer say the same?"""

from __future__ import annotations

import struct
import zoneinfo
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

from regimen.moments import zone_named
from regimen.render.words import moment_in_words
from regimen.render.zone_changes import EARLIEST, LATEST, changes

_ONE_DAY = timedelta(days=1)
_UNREADABLE = (OSError, ValueError, IndexError, EOFError, struct.error)


def zone_data_version() -> str:
    """The version of the time-zone data behind every local time, named as IANA does, such as ``2026a``."""
    return str(import_module("tzdata").IANA_VERSION)


def machine_differs(key: str, first: date, last: date, folders: Sequence[str | Path] | None = None) -> str:
    """A sentence to print if this computer's zone files give another offset between two days, else nothing.

    ``folders`` hold the zone files; Python's own search path if left out. A computer without a file for the zone has
    nothing that could differ. Raises DatingError if there is no such zone.
    """
    ours = zone_named(key)
    file = _file_of(key, zoneinfo.TZPATH if folders is None else folders)
    if file is None:
        return ""
    try:
        with file.open("rb") as content:
            theirs = ZoneInfo.from_file(content, key=key)
    except _UNREADABLE as problem:
        return f"This computer's time-zone data for {key} cannot be read, so they were not compared: {file}: {problem}."
    moment = _first_difference(ours, theirs, first, last)
    return _in_words(moment, ours, theirs, file) if moment else ""


def _file_of(key: str, folders: Sequence[str | Path]) -> Path | None:
    files = (Path(folder, *key.split("/")) for folder in folders)
    return next((file for file in files if file.is_file()), None)


def _first_difference(ours: ZoneInfo, theirs: ZoneInfo, first: date, last: date) -> datetime | None:
    """The moment (UTC) between the day before the first and the day after the last since which offsets differ."""
    opening = max(_midnight(first) - _ONE_DAY, EARLIEST) if first > EARLIEST.date() else EARLIEST
    closing = _midnight(min(last, LATEST.date() - 2 * _ONE_DAY)) + 2 * _ONE_DAY
    changed = {change.moment for zone in (ours, theirs) for change in changes(zone, opening, closing)}
    moments = sorted({opening, *changed})
    return next((at for at in moments if _offset(at, ours) != _offset(at, theirs)), None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def _in_words(moment: datetime, ours: ZoneInfo, theirs: ZoneInfo, file: Path) -> str:
    key = ours.key
    version = _version_near(file, key)
    return (
        f"This computer's time-zone data{f' ({version})' if version else ''} differ from those used here "
        f"(tzdata {zone_data_version()}): on {moment_in_words(moment)}, {key} is {_utc_offset(moment, theirs)} by the "
        f"computer and {_utc_offset(moment, ours)} here. Other programs on it may show other times than the file "
        "means; bring the older data up to date (pip install --upgrade tzdata, or the system's updates)."
    )


def _utc_offset(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone).isoformat()
    return f"UTC{local[len('2027-01-04T09:00:00') :]}"


def _version_near(file: Path, key: str) -> str:
    """The version that the folder of zone files states, if it does."""
    folder = file.parents[key.count("/")]
    for name, before in (("+VERSION", ""), ("tzdata.zi", "# version ")):
        try:
            with (folder / name).open(encoding="ascii", errors="replace") as lines:
                line = lines.readline().strip()
        except OSError:
            continue
        if line.startswith(before):
            return line.removeprefix(before)
    return ""
