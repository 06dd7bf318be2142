"""How do the readers written in Python say what they found? One line of JSON for each file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """What one VEVENT says, as the reader understood it."""

    uid: str
    start: str
    end: str
    summary: str | None
    status: str | None


def in_words(moment: date | datetime) -> str:
    """A day as it is, a time in UTC; one without a zone stays without, so that it cannot pass for one in UTC."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    if moment.utcoffset() is None:
        return moment.isoformat()
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def print_rows(rows_of: Callable[[Path], list[Row]]) -> None:
    for name in sys.argv[1:]:
        print(json.dumps([row._asdict() for row in rows_of(Path(name))]))
