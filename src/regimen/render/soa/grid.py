"""What is a schedule of activities made of? Heads over columns, rows of cells, footnotes; and how it is parted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

HEADS = ("Epoch", "Counted from", "Cycle", "Visit", "Position", "Week", "Month", "Day", "Study day", "Visit window")
"""What can stand over a column, from the top."""
MERGED = ("Epoch", "Counted from", "Cycle")
"""Heads that are said once over neighbours that share them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What happens in one row of one column, and the ids of the planned events it stands for."""

    text: str
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One day, or several days alike; ``heads`` says what each way of counting calls it."""

    heads: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Row:
    """One activity or drug; ``cells`` by the number of the column."""

    group: str
    label: str
    cells: Mapping[int, Cell]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole schedule of one arm, undated."""

    study: str
    title: str
    arm: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[tuple[str, str], ...] = ()
    """Each mark (a, b, c …) with what it stands for."""
    remarks: tuple[str, ...] = field(default=())
    """What holds for the whole grid: the signs used, how days are counted, what is not shown."""

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads that say something over at least one column."""
        return tuple(head for head in HEADS if any(head in column.heads for column in self.columns))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all planned events that the grid shows, in reading order."""
        above = [id for column in self.columns for cell in column.heads.values() for id in cell.ids]
        return (*above, *(id for row in self.rows for cell in row.cells.values() for id in cell.ids))

    def spans(self, head: str, panel: range) -> list[tuple[Cell, int]]:
        """The cells of one head over some columns, each with how many columns it spans."""
        found: list[tuple[Cell, int]] = []
        for number in panel:
            cell = self.columns[number].heads.get(head, Cell(""))
            same = found and head in MERGED and found[-1][0] == cell and self._together(number, head)
            if same:
                found[-1] = (cell, found[-1][1] + 1)
            else:
                found.append((cell, 1))
        return found

    def _together(self, number: int, head: str) -> bool:
        """Whether a column and the one before it lie under the same heads above this one."""
        above = MERGED[: MERGED.index(head)]
        one, other = self.columns[number - 1].heads, self.columns[number].heads
        return all(one.get(name) == other.get(name) for name in above)


def panels(grid: Grid, room: float, width: Callable[[int], float]) -> list[range]:
    """The columns in as few stretches as ``room`` allows, about as wide as each other, ending with epochs or cycles."""
    fewest = _stretches(grid, room, width)
    even = sum(map(width, range(len(grid.columns)))) / max(len(fewest), 1)
    tried = (_stretches(grid, even * share, width) for share in (1, 1.1, 1.2, 1.35, 1.5) if even * share <= room)
    return next((found for found in tried if len(found) == len(fewest)), fewest)


def _stretches(grid: Grid, room: float, width: Callable[[int], float]) -> list[range]:
    found: list[range] = []
    start, total = 0, len(grid.columns)
    while start < total:
        end, used = start, 0.0
        while end < total and (end == start or used + width(end) <= room):
            used += width(end)
            end += 1
        if end < total:
            end = _best_cut(grid, start, end)
        found.append(range(start, end))
        start = end
    return found


def _best_cut(grid: Grid, start: int, end: int) -> int:
    """The last change of epoch, or else of cycle, in the second half of what would fit."""
    for head in ("Epoch", "Cycle"):
        for cut in range(end, start + (end - start) // 2, -1):
            if grid.columns[cut].heads.get(head) != grid.columns[cut - 1].heads.get(head):
                return cut
    return end
