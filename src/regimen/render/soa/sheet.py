"""How does a schedule of activities become a spreadsheet, with heads over its columns and its footnotes beside it?"""

from __future__ import annotations

from regimen.render.soa.grid import MERGED, Cell, Grid
from regimen.render.soa.plain import heading, noted, with_notes
from regimen.render.words import one_line
from regimen.render.workbook import Look, Sheet, Value
from regimen.render.workbook import as_workbook as workbook_of

_HEAD, _GROUP, _MAYBE = "D9E2EC", "F0F0F0", "EDEDED"
_WIDEST = 26
_ONE_PAGE = 16
"""So many columns are still readable on one page."""

Merge = tuple[int, int, int, int]


def as_workbook(grid: Grid) -> bytes:
    """The grid on one sheet, its first column and heads on each printed page; footnotes and remarks on another."""
    about = [("", heading(grid)), ("", f"Study {one_line(grid.study)}, arm {one_line(grid.arm)}")]
    notes = [*about, *grid.footnotes, *(("", text) for text in grid.remarks)]
    footnotes = Sheet("Footnotes", ("Mark", "Footnote"), notes, Look(filtered=False, printed=True, widest=110))
    return workbook_of([_schedule(grid), footnotes])


def _schedule(grid: Grid) -> Sheet:
    whole = range(len(grid.columns))
    heads = grid.heads or ("Schedule",)
    lines: list[list[Value]] = []
    merged: list[Merge] = []
    colours: dict[tuple[int, int], str] = {}
    for number, head in enumerate(heads, start=1):
        lines.append([head, *_above(grid, head, whole, number, merged)])
        colours |= {(number, column): _HEAD for column in range(1, len(whole) + 2)}
    group = ""
    for row in grid.rows:
        if row.group != group:
            group = row.group
            lines.append([group, *(None for _ in whole)])
            colours |= {(len(lines), column): _GROUP for column in range(1, len(whole) + 2)}
        lines.append([with_notes(row.label, row.notes), *(_value(row.cells.get(number)) for number in whole)])
        maybe = [n for n, cell in row.cells.items() if cell.text.startswith("(")]
        colours |= {(len(lines), number + 2): _MAYBE for number in maybe}
    first, *rest = lines
    look = Look(
        frozen=f"B{len(heads) + 1}", filtered=False, widest=_WIDEST, printed=True,
        pages_wide=0 if len(whole) > _ONE_PAGE else 1,
        heads=len(heads), merged=tuple(merged), colours=colours, centred=True, boxed=True,
    )  # fmt: skip
    return Sheet("Schedule of activities", tuple(str(text or "") for text in first), rest, look)


def _above(grid: Grid, head: str, whole: range, line: int, merged: list[Merge]) -> list[Value]:
    """The cells of a head; what is said once over several columns becomes one cell."""
    values: list[Value] = []
    for cell, span in grid.spans(head, whole):
        start = len(values) + 2
        if span > 1 and head in MERGED and cell.text:
            merged.append((line, start, line, start + span - 1))
        values += [_value(cell), *(None for _ in range(span - 1))]
    return values


def _value(cell: Cell | None) -> Value:
    """A number where it is one, such as a study day, so that it can be counted with."""
    if cell is None or not cell.text:
        return None
    plain = cell.text.replace("−", "-")
    if not cell.notes and plain.removeprefix("-").isdigit() and plain.isascii():
        return int(plain)
    return noted(cell)
