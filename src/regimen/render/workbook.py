"""How do tables become a spreadsheet? Real dates and numbers, a frozen head, filters, and no formula from text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from regimen.errors import RegimenError
from regimen.render.tables import cell as neutral
from regimen.render.words import cleaned, moment_in_words

Value = str | int | Decimal | Fraction | date | datetime | None
_WIDEST = 60
_MOST_LETTERS, _MOST_ROWS = 32_767, 1_048_576
"""What one cell and one sheet can hold."""
_CUT = " … (cut here: a cell holds 32,767 characters)"
_FIRST_YEAR = 1901
"""Spreadsheets count days from 1900, with a mistake in its first months; an older date is words."""
_STAMP = (2000, 1, 1, 0, 0, 0)
"""Every part of the file carries this time, so that the same table gives the same bytes."""
_MODIFIED = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


@dataclass(frozen=True, slots=True)
class Look:
    """How a sheet is shown and printed."""

    dates: tuple[str, str] = ("yyyy-mm-dd", "yyyy-mm-dd hh:mm")
    """The number formats of days and of moments."""
    frozen: str = "A2"
    """The first cell that scrolls."""
    filtered: bool = True
    widest: int = _WIDEST
    printed: bool = False
    """Whether it is set up for paper: landscape, its head on each page, page numbers."""
    pages_wide: int = 1
    """Over how many pages it may spread; 0 for as many as its columns need."""
    unprinted: int = 0
    """How many of the last columns stay on the screen."""
    heads: int = 1
    """How many of the first rows are heads."""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Cells that are one: first row and column, last row and column, counted from 1."""
    colours: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Row and column, counted from 1, with a colour such as ``DDEBF7``."""
    centred: bool = False
    boxed: bool = False


WORDED = ("[$-809]ddd d mmm yyyy", "[$-809]ddd d mmm yyyy hh:mm")
"""Number formats that nobody can misread: Mon 4 Jan 2027, in English whatever the reader's settings are."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a title (at most 31 characters), its headings, and rows of values."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Value]]
    look: Look = field(default_factory=Look)


def as_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The tables as one file for Excel or LibreOffice; needs the extra ``excel``."""
    try:
        from openpyxl import Workbook
    except ImportError:
        raise RegimenError("openpyxl is not installed; install it with: pip install 'regimen[excel]'.") from None
    book = Workbook()
    del book["Sheet"]
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title[:31]), sheet)
    file = io.BytesIO()
    book.save(file)
    return _reproducible(file.getvalue())


def _fill(page: Any, sheet: Sheet) -> None:
    if len(sheet.rows) >= _MOST_ROWS:
        raise RegimenError(
            f"the sheet {sheet.title} would have {len(sheet.rows):,} rows, and a spreadsheet holds {_MOST_ROWS - 1:,}; "
            "use --format csv, or a shorter --horizon."
        )
    page.append([neutral(cleaned(heading)) for heading in sheet.headings])
    for row in sheet.rows:
        page.append([_value(value) for value in row])
    _set_columns(page, sheet)
    _set_heads(page, sheet)
    look = sheet.look
    page.freeze_panes = look.frozen
    if look.filtered:
        page.auto_filter.ref = f"A1:{_letter(len(sheet.headings))}{max(len(sheet.rows) + 1, 1)}"
    if look.printed:
        _set_paper(page, sheet)


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))


def _set_columns(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment

    look = sheet.look
    across = "center" if look.centred else None
    for number, heading in enumerate(sheet.headings, start=1):
        values = [row[number - 1] for row in sheet.rows]
        longest = max([len(heading) + 3, *(_length(value) for value in values)])
        page.column_dimensions[_letter(number)].width = min(longest + 1, look.widest)
        for place, value in enumerate(values, start=2):
            one = page.cell(place, number)
            beside = across if number > 1 else None
            one.alignment = Alignment(vertical="top", horizontal=beside, wrap_text=_length(value) >= look.widest)
            if isinstance(value, date) and one.is_date:
                one.number_format = look.dates[isinstance(value, datetime)]
            elif isinstance(one.value, str):
                # Text stays text, whatever a spreadsheet would make of it.
                one.data_type, one.number_format = "s", "@"


def _set_heads(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    look = sheet.look
    for row in page.iter_rows(min_row=1, max_row=look.heads):
        for head in row:
            head.font = Font(bold=True)
            if look.heads > 1:
                head.alignment = Alignment(
                    vertical="center", horizontal="center" if head.column > 1 else None, wrap_text=True
                )
    for (row_number, column), colour in look.colours.items():
        page.cell(row_number, column).fill = PatternFill("solid", fgColor=colour)
    if look.boxed:
        line = Side(style="thin", color="8A8A8A")
        for row in page.iter_rows(min_row=1, max_row=len(sheet.rows) + 1, max_col=len(sheet.headings)):
            for one in row:
                one.border = Border(left=line, right=line, top=line, bottom=line)
    for first_row, first, last_row, last in look.merged:
        page.merge_cells(start_row=first_row, start_column=first, end_row=last_row, end_column=last)


def _set_paper(page: Any, sheet: Sheet) -> None:
    look = sheet.look
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = look.pages_wide, 0
    page.print_title_rows = f"1:{look.heads}"
    if look.unprinted:
        page.print_area = f"A1:{_letter(len(sheet.headings) - look.unprinted)}{len(sheet.rows) + 1}"
    if look.pages_wide != 1:
        page.print_title_cols = "A:A"
    page.oddFooter.left.text = "Planning aid: verify every date against the protocol."
    page.oddFooter.right.text = "Page &P of &N"
    # In these texts & begins an order to the program; doubled, it is an ampersand.
    page.oddHeader.left.text = sheet.title.replace("&", "&&")


def _value(value: Value) -> Any:
    """As a spreadsheet keeps it: it knows no time zones and no fractions, and runs no text of ours as a formula."""
    if isinstance(value, str):
        text = neutral(cleaned(value))
        return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - len(_CUT)] + _CUT
    if isinstance(value, date) and value.year < _FIRST_YEAR:
        return moment_in_words(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return value


def _length(value: Value) -> int:
    if isinstance(value, datetime):
        return 16
    return 10 if isinstance(value, date | Fraction) else len(str(value)) if value is not None else 0


def _reproducible(content: bytes) -> bytes:
    """The same file without the time of its making."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(b"", data)
            new.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()
