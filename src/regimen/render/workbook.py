"""How do tables become a spreadsheet? Real dates and numbers, a frozen head, filters, and no formula from text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from regimen.errors import RegimenError
from regimen.render.tables import cell as neutral
from regimen.render.words import cleaned

Value = str | int | Decimal | Fraction | date | datetime | None
_WIDEST = 60
_STAMP = (2000, 1, 1, 0, 0, 0)
"""Every part of the file carries this time, so that the same table gives the same bytes."""
_MODIFIED = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a title (at most 31 characters), its headings, and rows of values."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


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
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    page.append([neutral(heading) for heading in sheet.headings])
    for row in sheet.rows:
        page.append([_value(value) for value in row])
    for head in page[1]:
        head.font = Font(bold=True)
    for number, heading in enumerate(sheet.headings, start=1):
        letter = get_column_letter(number)
        values = [row[number - 1] for row in sheet.rows]
        longest = max([len(heading) + 3, *(_length(value) for value in values)])
        page.column_dimensions[letter].width = min(longest + 1, _WIDEST)
        for place, value in enumerate(values, start=2):
            one = page.cell(place, number)
            one.alignment = Alignment(vertical="top", wrap_text=_length(value) > _WIDEST)
            if isinstance(value, date):
                one.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
            elif isinstance(value, str):
                # Text stays text, whatever a spreadsheet would make of it.
                one.data_type, one.number_format = "s", "@"
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{max(len(sheet.rows) + 1, 1)}"


def _value(value: Value) -> Any:
    """As a spreadsheet keeps it: it knows no time zones and no fractions, and runs no text of ours as a formula."""
    if isinstance(value, str):
        return neutral(cleaned(value))
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
