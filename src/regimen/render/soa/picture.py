"""How is a schedule of activities drawn? Panels below each other on one sheet, as png, svg or pdf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from regimen.errors import RegimenError
from regimen.render.fonts import families_for
from regimen.render.pictures import encoded, measured, paper, require_matplotlib, settings
from regimen.render.soa.grid import Cell, Grid, panels
from regimen.render.soa.plain import heading, with_notes
from regimen.render.words import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE, SMALL, BIG = 7.5, 7.0, 11.0
_WIDTH, _MARGIN, _LABEL, _PAD, _LINE = 11.69, 0.35, 1.9, 0.06, 0.135
"""A sheet of A4 on its side; lengths in inches."""
_LEAST, _MOST = 0.42, 1.25
"""How narrow and how wide a column may be, in inches."""
_INK, _RULE, _HEAD, _GROUP, _MAYBE = "#1A1A1A", "#A0A0A0", "#E6ECF2", "#F3F3F3", "#E8E8E8"

Measure = Callable[[str, float, bool], float]


@dataclass(slots=True)
class Drawing:
    """Boxes, rules and words of a sheet, in inches from its top left corner."""

    boxes: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    edges: list[tuple[float, float, float]] = field(default_factory=list)
    words: list[tuple[float, float, str, float, str, bool]] = field(default_factory=list)
    """x, y of the middle of a line, text, size, side, bold."""
    y: float = _MARGIN


def as_picture(grid: Grid, kind: str) -> bytes:
    """The picture as png, svg or pdf; the same grid gives the same bytes."""
    painted, families = _figure(grid)
    return encoded(painted, kind, families)


def figure(grid: Grid) -> Figure:
    """The figure, as wide as a landscape sheet and as high as it needs to be."""
    return _figure(grid)[0]


def _figure(grid: Grid) -> tuple[Figure, tuple[str, ...]]:
    require_matplotlib()
    families = _families(grid)
    with settings(families):
        return _painted(drawn(grid, measured(families)), heading(grid)), families


def _families(grid: Grid) -> tuple[str, ...]:
    """The fonts of its texts; what would come out as boxes instead of letters is refused."""
    texts = [grid.title, grid.study, grid.arm, *(text for _, text in grid.footnotes), *grid.remarks]
    texts += [cell.text for column in grid.columns for cell in column.heads.values()]
    texts += [text for row in grid.rows for text in (row.label, *(cell.text for cell in row.cells.values()))]
    try:
        return families_for(one_line(text) for text in texts)
    except RegimenError as error:
        raise RegimenError(
            f"{error} Or write the schedule as a page, which any browser shows: -o schedule.html"
        ) from None


# ---------------------------------------------------------------- laying out


def drawn(grid: Grid, measure: Measure) -> Drawing:
    """Where everything lies; no text is wider than its cell."""
    sheet, wrap = Drawing(), _wrapper(measure)
    room = _WIDTH - 2 * _MARGIN
    _paragraph(sheet, wrap(heading(grid), BIG, room, True), BIG, bold=True)
    _paragraph(sheet, wrap(f"Study {one_line(grid.study)}, arm {one_line(grid.arm)}", SIZE, room, False), SIZE)
    widths = [_width(grid, number, measure) for number in range(len(grid.columns))]
    for panel in panels(grid, room - _LABEL, lambda number: widths[number]):
        sheet.y += 0.15
        _draw_panel(sheet, grid, panel, _shared(widths, panel, room - _LABEL), wrap)
    if not grid.columns:
        _paragraph(sheet, ["This schedule has no columns: nothing is planned."], SIZE)
    sheet.y += 0.2
    for mark, text in grid.footnotes:
        top = sheet.y
        _paragraph(sheet, wrap(text, SMALL, room - 0.3, False), SMALL, x=_MARGIN + 0.3)
        sheet.words.append((_MARGIN, top + _LINE * SMALL / SIZE / 2, mark, SMALL, "left", True))
    sheet.y += 0.1
    for text in grid.remarks:
        _paragraph(sheet, wrap(text, SMALL, room, False), SMALL)
    return sheet


def _paragraph(sheet: Drawing, lines: list[str], size: float, *, bold: bool = False, x: float = _MARGIN) -> None:
    for line in lines:
        height = _LINE * size / SIZE
        sheet.words.append((x, sheet.y + height / 2, line, size, "left", bold))
        sheet.y += height
    sheet.y += 0.02


def _width(grid: Grid, number: int, measure: Measure) -> float:
    """As wide as its longest word, and wider for texts of several words."""
    cells = [cell for head, cell in grid.columns[number].heads.items() if head not in ("Epoch", "Counted from")]
    cells += [row.cells[number] for row in grid.rows if number in row.cells]
    texts = [with_notes(cell.text, cell.notes) for cell in cells]
    word = max((measure(word, SIZE, True) for text in texts for word in text.split()), default=0.0)
    whole = max((measure(text, SIZE, True) for text in texts), default=0.0)
    return min(max(word, whole / 2.2, _LEAST - 2 * _PAD), _MOST - 2 * _PAD) + 2 * _PAD


def _shared(widths: list[float], panel: range, room: float) -> dict[int, float]:
    """The columns of a panel, made wider alike where there is room to spare."""
    used = sum(widths[number] for number in panel)
    share = min(room / used, 1.6)
    return {number: widths[number] * share for number in panel}


def _draw_panel(
    sheet: Drawing, grid: Grid, panel: range, widths: dict[int, float], wrap: Callable[..., list[str]]
) -> None:
    left = _MARGIN + _LABEL
    starts = {number: left + sum(widths[n] for n in panel if n < number) for number in panel}
    top = sheet.y
    for head in grid.heads:
        spans = grid.spans(head, panel)
        if any(cell.text for cell, _ in spans):
            cells, number = [], panel.start
            for cell, span in spans:
                cells.append((starts[number], sum(widths[n] for n in range(number, number + span)), cell, _HEAD))
                number += span
            _draw_line(sheet, Cell(head), cells, wrap, bold=True, fill=_HEAD)
    group = ""
    for row in grid.rows:
        if row.cells and not any(number in row.cells for number in panel):
            continue
        if row.group != group:
            group = row.group
            whole = (left, sum(widths.values()), Cell(""), _GROUP)
            _draw_line(sheet, Cell(group), [whole], wrap, bold=True, fill=_GROUP)
        cells = []
        for number in panel:
            cell = row.cells.get(number, Cell(""))
            cells.append((starts[number], widths[number], cell, _MAYBE if cell.text.startswith("(") else "white"))
        _draw_line(sheet, Cell(row.label, notes=row.notes), cells, wrap)
    begins = [n for n in panel if n > panel.start
              and grid.columns[n].heads["Epoch"] != grid.columns[n - 1].heads["Epoch"]]  # fmt: skip
    sheet.edges += [(starts[number], top, sheet.y) for number in begins]


def _draw_line(
    sheet: Drawing, label: Cell, cells: list[tuple[float, float, Cell, str]], wrap: Callable[..., list[str]],
    *, bold: bool = False, fill: str = "white",
) -> None:  # fmt: skip
    """One line of the table, as high as its tallest cell."""
    lines = [(_MARGIN, _LABEL, wrap(_said(label), SIZE, _LABEL - 2 * _PAD, bold), fill, "left")]
    lines += [(x, width, wrap(_said(cell), SIZE, width - 2 * _PAD, bold), look, "center")
              for x, width, cell, look in cells]  # fmt: skip
    height = max(len(text) for _, _, text, _, _ in lines) * _LINE + 2 * 0.05
    for x, width, text, look, side in lines:
        sheet.boxes.append((x, sheet.y, width, height, look))
        start = sheet.y + (height - len(text) * _LINE) / 2
        at = x + _PAD if side == "left" else x + width / 2
        for number, line in enumerate(text):
            sheet.words.append((at, start + (number + 0.5) * _LINE, line, SIZE, side, bold))
    sheet.y += height


def _said(cell: Cell) -> str:
    return with_notes(cell.text, cell.notes)


def _wrapper(measure: Measure) -> Callable[[str, float, float, bool], list[str]]:
    @cache
    def wrap(text: str, size: float, room: float, bold: bool) -> list[str]:
        lines = [""]
        for word in _pieces(text, size, room, bold, measure):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and measure(longer, size, bold) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    return wrap


def _pieces(text: str, size: float, room: float, bold: bool, measure: Measure) -> Iterator[str]:
    """The words; one that is wider than its cell is cut, which is better than running into the next."""
    for word in one_line(text).split():
        while measure(word, size, bold) > room and len(word) > 1:
            fits = max(1, sum(measure(word[:n], size, bold) <= room for n in range(1, len(word))))
            yield word[:fits]
            word = word[fits:]
        yield word


# ---------------------------------------------------------------- painting


def _painted(sheet: Drawing, title: str) -> Figure:
    from matplotlib.collections import LineCollection, PolyCollection

    height = sheet.y + _MARGIN
    painted = paper(_WIDTH, height, title)
    axes: Axes = painted.add_axes((0, 0, 1, 1), label="schedule")
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(height, 0)
    axes.axis("off")
    corners = [((x, y), (x + w, y), (x + w, y + h), (x, y + h)) for x, y, w, h, _ in sheet.boxes]
    fills = [fill for *_, fill in sheet.boxes]
    axes.add_collection(PolyCollection(corners, facecolors=fills, edgecolors=_RULE, linewidths=0.6), autolim=False)
    lines = [((x, top), (x, bottom)) for x, top, bottom in sheet.edges]
    axes.add_collection(LineCollection(lines, colors=_INK, linewidths=1.4), autolim=False)
    for x, y, text, size, side, bold in sheet.words:
        axes.text(x, y, text, fontsize=size, fontweight="bold" if bold else "normal", ha=side,
                  va="center_baseline", color=_INK, parse_math=False)  # fmt: skip
    return painted
