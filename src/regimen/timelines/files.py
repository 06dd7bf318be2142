"""What do files say of accrual? A table of sites, or of participants expected each month; all mistakes told at once."""

from __future__ import annotations

import csv
import io
import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from regimen.errors import EnrolmentError, Problem, RegimenError
from regimen.timelines.accrual import MOST_PARTICIPANTS, Piece, Rate, Stream
from regimen.timing import why_not_a_date

SITES = ("site", "opens", "rate", "closes", "most")
COUNTS = ("month", "participants", "cohort")
_LARGEST = 1_000_000
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Site:
    """One site: when it opens, how fast participants enter there, and when it stops."""

    name: str
    opens: date
    rate: Rate
    closes: date | None = None
    """Its last day of enrolment."""
    most: int | None = None


@dataclass(slots=True)
class _Reader:
    """The rows of one file by column, and what is wrong with it."""

    path: Path
    columns: tuple[str, ...]
    needed: int
    """How many of the columns have to be there."""
    problems: list[Problem] = field(default_factory=list)

    def tell(self, line: int, column: str, found: str, remedy: str) -> None:
        self.problems.append(Problem(column, found, "", remedy, line, source=str(self.path)))

    def rows(self) -> list[tuple[int, dict[str, str]]]:
        text = self._text()
        reader = csv.reader(io.StringIO(text, newline=""))
        header = [cell.strip() for cell in next(reader, [])]
        known = all(name in self.columns for name in header) and len(set(header)) == len(header)
        if not known or set(self.columns[: self.needed]) - set(header):
            may = f" and may have {', '.join(self.columns[self.needed :])}"
            self.tell(1, "", f"the header is {','.join(header)[:80]!r}",
                      f"write {','.join(self.columns[: self.needed])}{may}, in small letters with commas")  # fmt: skip
            self.stop()
        found = []
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                self.tell(reader.line_num, "", f"{len(row)} cells under {len(header)} headings", "give each its cell")
                continue
            found.append((reader.line_num, {k: cell.strip() for k, cell in zip(header, row, strict=True)}))
        if not found and not self.problems:
            self.tell(1, "", "the file has no rows", "add one for each")
        return found

    def _text(self) -> str:
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise RegimenError(
                f"{self.path} cannot be read ({error.strerror or error}); give the path of a csv."
            ) from error
        if len(data) > _LARGEST:
            raise RegimenError(f"{self.path} is larger than {_LARGEST:,} bytes; give one row for each site or month.")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise RegimenError(f"{self.path} is not text in UTF-8; save it again as csv in UTF-8.") from None

    def stop(self) -> None:
        if self.problems:
            raise EnrolmentError(self.problems)

    def day(self, line: int, column: str, text: str) -> date | None:
        found = _DAY.fullmatch(text)
        if found is None or why_not_a_date(*map(int, found.groups())):
            self.tell(line, column, f"{text[:40]!r} is not a date", "write year-month-day, such as 2027-01-04")
            return None
        return date.fromisoformat(text)

    def count(self, line: int, column: str, text: str) -> int | None:
        if not (text.isascii() and text.isdigit()) or int(text[:7]) > MOST_PARTICIPANTS:
            self.tell(line, column, f"{text[:40]!r} is not a whole number up to {MOST_PARTICIPANTS:,}", "write one")
            return None
        return int(text)


def read_sites(path: Path, read_rate: Callable[[str], Rate]) -> list[Site]:
    """The sites of a csv file with the columns site, opens, rate, and where wanted closes and most."""
    reader = _Reader(path, SITES, 3)
    sites: dict[str, Site] = {}
    for line, row in reader.rows():
        name = row["site"]
        if not name or name in sites:
            reader.tell(line, "site", f"{name!r} is there twice" if name else "no name", "name each site once")
        site = _site(reader, line, row, read_rate)
        if site is not None:
            sites[name] = site
    reader.stop()
    return list(sites.values())


def _site(reader: _Reader, line: int, row: dict[str, str], read_rate: Callable[[str], Rate]) -> Site | None:
    opens = reader.day(line, "opens", row["opens"])
    closes = reader.day(line, "closes", row["closes"]) if row.get("closes") else None
    most = reader.count(line, "most", row["most"]) if row.get("most") else None
    try:
        rate = read_rate(row["rate"])
    except RegimenError as error:
        reader.tell(line, "rate", str(error).rstrip("."), "")
        return None
    if opens is not None and closes is not None and closes < opens:
        reader.tell(line, "closes", "it closes before it opens", "correct one of the dates")
    return Site(row["site"], opens, rate, closes, most) if opens is not None else None


def read_counts(path: Path, starts: date | None) -> list[Stream]:
    """Participants expected in each calendar month, one stream for each cohort; the first month from a later start."""
    reader = _Reader(path, COUNTS, 2)
    found: dict[str, dict[tuple[int, int], int]] = {}
    for line, row in reader.rows():
        month, count = _MONTH.fullmatch(row["month"]), reader.count(line, "participants", row["participants"])
        if month is None or not 1 <= int(month[1]) <= 9000:
            reader.tell(line, "month", f"{row['month'][:40]!r} is not a month", "write year-month, such as 2027-01")
            continue
        key, months = (int(month[1]), int(month[2])), found.setdefault(row.get("cohort", ""), {})
        if key in months:
            reader.tell(line, "month", f"{row['month']} is there twice", "give each month once, for each cohort")
        if starts is not None and key < (starts.year, starts.month):
            reader.tell(line, "month", f"{row['month']} is before the start on {starts.isoformat()}", "correct one")
        months[key] = count or 0
    reader.stop()
    return [
        Stream(cohort, tuple(_piece(key, n, starts) for key, n in sorted(months.items()) if n))
        for cohort, months in found.items()
    ]


def _piece(month: tuple[int, int], count: int, starts: date | None) -> Piece:
    first = date(*month, 1)
    following = first + timedelta(days=monthrange(*month)[1])
    first = max(first, starts) if starts is not None else first
    return Piece(first, (following - first).days, Fraction(count))
