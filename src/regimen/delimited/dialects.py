"""How is a csv file written? Its encoding, separator and headings, as people and spreadsheets save them."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from pathlib import Path

from regimen.errors import Problem, TableError

_SAMPLE = 1 << 18
"""As many bytes hold any headings."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the rows of a csv file are told apart."""

    encoding: str
    mark: str
    """What stands between two cells: comma, semicolon or tab."""
    before: int
    """How many lines come before the headings: a spreadsheet may name its separator in one."""
    heads: tuple[str, ...]
    """The headings, without spaces around them; empty where there is none."""


def dialect_of(path: Path) -> Dialect:
    """Look at the beginning of a file; raises TableError if it cannot be opened or is no text or has no headings."""
    try:
        with path.open("rb") as file:
            sample = file.read(_SAMPLE)
    except OSError as error:
        raise TableError(f"{path}: the file cannot be read ({error.strerror})") from None
    encoding = "utf-16" if sample[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    lines = _decoded(sample, encoding, path).splitlines(keepends=True)
    marked = re.fullmatch(r"sep=([,;\t])", lines[0].strip()) if lines else None
    before = 1 if marked is not None else 0
    head = lines[before] if lines[before:] else ""
    mark = marked[1] if marked is not None else max(",;\t", key=head.count)
    dialect = Dialect(encoding, mark, before, _heads(lines[before:], mark, path))
    _check_heads(dialect.heads, path)
    return dialect


def _decoded(sample: bytes, encoding: str, path: Path) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample, final=len(sample) < _SAMPLE)
    except UnicodeDecodeError as error:
        raise TableError([not_text(path, sample[: error.start])]) from None


def not_text(path: Path, before: bytes) -> Problem:
    """What is wrong with a file that is no text, after some bytes that are."""
    remedy = "save the file as csv UTF-8; a spreadsheet (.xlsx) must be exported as csv"
    return Problem("", "this is not UTF-8 text", "", remedy, before.count(b"\n") + 1, None, path.name)


def _heads(lines: list[str], mark: str, path: Path) -> tuple[str, ...]:
    try:
        return tuple(cell.strip() for cell in next(csv.reader(lines, delimiter=mark, strict=True), []))
    except csv.Error as error:
        raise TableError([Problem("", f"these are no headings ({error})", line=1, source=path.name)]) from None


def _check_heads(heads: tuple[str, ...], path: Path) -> None:
    named = [head.lower() for head in heads if head]
    twice = sorted({head for head in named if named.count(head) > 1})
    if not named:
        found = "there are no headings; write the names of the columns in the first row"
    elif twice:
        found = f"{twice[0]}: this column is there twice; keep one of them"
    else:
        return
    raise TableError([Problem("", found, line=1, source=path.name)])
