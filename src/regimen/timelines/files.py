"""What do files say of accrual? A table of sites, or of participants expected each month; all mistakes told at once."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from regimen.delimited import Rows, read_rows
from regimen.errors import RegimenError
from regimen.timelines.accrual import MOST_PARTICIPANTS, Piece, Rate, Stream

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Site:
    """One site: from when and how fast participants enter there, until when, and how many at most."""

    name: str
    start: date
    rate: Rate
    end: date | None = None
    """Its last day of enrolment."""
    cap: int | None = None


def read_sites(path: Path, read_rate: Callable[[str], Rate]) -> list[Site]:
    """The sites of a csv file with the columns site, start, rate, and where wanted end and cap, as of a forecast."""
    rows = read_rows(path)
    rows.known_columns(("site", "start", "rate"), ("end", "cap"))
    sites: dict[str, Site] = {}
    for line, row in rows:
        name = row["site"]
        if not name or name in sites:
            found = f"{name!r} is there twice" if name else "the site has no name"
            rows.complain(line, "site", found, "name each site once")
        site = _site(rows, line, row, read_rate)
        if site is not None:
            sites[name] = site
    rows.settle()
    return list(sites.values())


def _site(rows: Rows, line: int, row: dict[str, str], read_rate: Callable[[str], Rate]) -> Site | None:
    start = rows.day(line, "start", row["start"])
    end = rows.day(line, "end", row["end"]) if row.get("end") else None
    cap = _count(rows, line, "cap", row["cap"]) if row.get("cap") else None
    try:
        rate = read_rate(row["rate"])
    except RegimenError as error:
        rows.complain(line, "rate", str(error).rstrip("."))
        return None
    if start is not None and end is not None and end < start:
        rows.complain(line, "end", f"{end.isoformat()} is before the start {start.isoformat()}", "correct one of them")
    return Site(row["site"], start, rate, end, cap) if start is not None else None


def _count(rows: Rows, line: int, column: str, text: str) -> int | None:
    if not (text.isascii() and text.isdigit()) or int(text[:7]) > MOST_PARTICIPANTS:
        rows.complain(line, column, f"{text[:40]!r} is not a whole number up to {MOST_PARTICIPANTS:,}", "write one")
        return None
    return int(text)


def read_counts(path: Path, starts: date | None) -> list[Stream]:
    """Participants expected in each calendar month, one stream for each cohort; the first month from a later start."""
    rows = read_rows(path)
    rows.known_columns(("month", "participants"), ("cohort",))
    found: dict[str, dict[tuple[int, int], int]] = {}
    for line, row in rows:
        month, count = _MONTH.fullmatch(row["month"]), _count(rows, line, "participants", row["participants"])
        if month is None or not 1 <= int(month[1]) <= 9000:
            rows.complain(line, "month", f"{row['month'][:40]!r} is not a month", "write year-month, such as 2027-01")
            continue
        key, months = (int(month[1]), int(month[2])), found.setdefault(row.get("cohort", ""), {})
        if key in months:
            rows.complain(line, "month", f"{row['month']} is there twice", "give each month once, for each cohort")
        if starts is not None and key < (starts.year, starts.month):
            rows.complain(line, "month", f"{row['month']} is before the start on {starts.isoformat()}", "correct one")
        months[key] = count or 0
    rows.settle()
    return [
        Stream(cohort, tuple(_piece(key, n, starts) for key, n in sorted(months.items()) if n))
        for cohort, months in found.items()
    ]


def _piece(month: tuple[int, int], count: int, starts: date | None) -> Piece:
    first = date(*month, 1)
    following = first + timedelta(days=monthrange(*month)[1])
    first = max(first, starts) if starts is not None else first
    return Piece(first, (following - first).days, Fraction(count))
