"""What stands in each row of a small table file? Csv as people and spreadsheets write it, every fault with its row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from regimen.delimited.dialects import dialect_of, not_text
from regimen.errors import Problem, TableError
from regimen.timing import why_not_a_date

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_OTHER = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})")


@dataclass(slots=True)
class Rows:
    """The rows of one file as texts by column, with their line numbers, and what was found wrong so far."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]
    problems: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        return iter(self.rows)

    def complain(self, line: int | None, column: str, found: str, remedy: str = "") -> None:
        """Note a problem; ``settle`` tells them all at once."""
        self.problems.append(Problem(column, found, "", remedy, line, None, self.name))

    def settle(self) -> None:
        """Raise TableError if anything was wrong, the first twenty problems and how many more there are."""
        if self.problems:
            more = len(self.problems) - 20
            said = self.problems[:20]
            if more > 0:
                said.append(Problem("", f"{more:,} more problems like these", "", "", None, None, self.name))
            raise TableError(said)

    def known_columns(self, needed: Sequence[str], allowed: Sequence[str]) -> None:
        """Refuse missing and unknown columns, naming the nearest known one."""
        known = (*needed, *allowed)
        for column in needed:
            if column not in self.columns:
                found = ", ".join(self.columns)
                self.complain(1, column, "there is no such column", f"the columns are {found}")
        for column in self.columns:
            if column not in known:
                close = get_close_matches(column, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
                self.complain(1, column, "this column is not known", hint)
        self.settle()

    def day(self, line: int, column: str, text: str) -> date | None:
        """A date written year-month-day; anything else is a problem of that row."""
        found = _ISO.fullmatch(text)
        if found is not None:
            year, month, day = (int(part) for part in found.groups())
            reason = why_not_a_date(year, month, day)
            if not reason:
                return date(year, month, day)
            self.complain(line, column, f"{text!r} is not a date ({reason})", "write year-month-day, as 2027-01-04")
            return None
        if not text:
            self.complain(line, column, "there is no date", "write one, as 2027-01-04, or leave the row out")
        else:
            self.complain(line, column, f"{text!r} is not a date", how_to_write(text))
        return None


def how_to_write(text: str) -> str:
    """What to write in place of a date that is written otherwise, both readings where there are two."""
    other = _OTHER.fullmatch(text)
    if other is None or len(other[3]) != 4:
        return "write year-month-day, as 2027-01-04, in every row"
    first, second, year = int(other[1]), int(other[2]), other[3]
    readings = [f"{year}-{m:02d}-{d:02d}" for d, m in ((first, second), (second, first)) if m <= 12]
    return f"write year-month-day in every row: {' or '.join(dict.fromkeys(readings)) or '2027-01-04'}"


def read_rows(path: str | Path) -> Rows:
    """The rows of a csv file (comma, semicolon or tab; UTF-8, with or without BOM, or UTF-16 with one) or Parquet file.

    Raises TableError for a file that cannot be read at all; what is wrong with single rows is for the caller to find.
    """
    target = Path(path)
    rows = _from_parquet(target) if target.suffix.lower() == ".parquet" else _from_csv(target)
    if not rows.rows:
        rows.complain(None, "", "there are no rows below the headings", "write one for each site or subject")
        rows.settle()
    return rows


def _from_csv(path: Path) -> Rows:
    dialect = dialect_of(path)
    heads = tuple(head.lower().replace(" ", "_") for head in dialect.heads)
    while not heads[-1]:
        heads = heads[:-1]
    rows = Rows(path.name, heads, [])
    lines = _text_of(path, dialect.encoding).splitlines()[dialect.before :]
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=dialect.mark, strict=True)
    try:
        next(reader)
        for cells in reader:
            _add(rows, reader.line_num + dialect.before, [cell.strip() for cell in cells])
    except csv.Error as error:
        found = f"this is no row of a csv file ({error})"
        rows.complain(reader.line_num + dialect.before, "", found, "mend its quotes")
    rows.settle()
    return rows


def _add(rows: Rows, line: int, cells: list[str]) -> None:
    if not any(cells):
        return
    width = len(rows.columns)
    if any(cells[width:]):
        rows.complain(
            line,
            "",
            f"there are {len(cells)} cells under {width} headings",
            "put a cell with the separator in it in quotes",
        )
        return
    cells += [""] * (width - len(cells))
    rows.rows.append((line, dict(zip(rows.columns, cells, strict=False))))


def _text_of(path: Path, encoding: str) -> str:
    content = path.read_bytes()
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableError([not_text(path, content[: error.start])]) from None


def _from_parquet(path: Path) -> Rows:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        said = "Parquet files need pyarrow; install it with: pip install 'regimen[cohort]'"
        raise TableError([Problem("", said, source=path.name)]) from None
    try:
        table: Any = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        said = f"this is no whole Parquet file ({str(error).splitlines()[0]})"
        raise TableError([Problem("", said, "", "write or copy it again", None, None, path.name)]) from None
    columns = tuple(name.strip().lower() for name in table.column_names)
    cells = zip(*(map(_text, column.to_pylist()) for column in table.columns), strict=True)
    return Rows(path.name, columns, [(n, dict(zip(columns, row, strict=True))) for n, row in enumerate(cells, start=1)])


def columns_of(path: Path) -> tuple[str, ...]:
    """The names of a file's columns, without reading its rows; empty for what is neither csv nor Parquet."""
    if path.suffix.lower() == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return tuple(name.strip().lower() for name in pq.read_schema(path).names)
        except (OSError, pa.ArrowException):
            return ()
    return tuple(head.lower().replace(" ", "_") for head in dialect_of(path).heads)


def _text(value: Any) -> str:
    """A cell of a Parquet column as a csv file would have it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def as_parquet(columns: Sequence[str], rows: Sequence[dict[str, object]]) -> bytes:
    """Rows as a Parquet file: texts, and dates where a column holds dates."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        said = "Parquet files need pyarrow; install it with: pip install 'regimen[cohort]'"
        raise TableError([Problem("", said)]) from None
    table = pa.table({column: [row[column] for row in rows] for column in columns})
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()
