"""How does a schedule of activities become one HTML page, for any screen, for paper and for a screen reader?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import files

from regimen.render.soa.grid import MERGED, Cell, Grid, Row, panels
from regimen.render.soa.plain import heading
from regimen.render.words import one_line

_NARROW_EM, _WIDE_EM = 3.4, 8.0
_ROOM_EM = 76.0
"""What a landscape page holds beside the labels, in the size of its letters."""

_TIED = re.compile(r"(?<=\d) (?=(?:mg|mcg|g|mL|units|times|days?|d|h|mo)\b)|(?<=day) (?=\d)")
"""Where a line may not break: between a number and its unit."""


def as_html(grid: Grid) -> str:
    """The whole page, with nothing outside it: no script, no font and no picture to load."""
    title = escape(heading(grid))
    tables = list(_tables(grid))
    body = [
        f"<h1>{title}</h1>",
        f"<p>Study {escape(one_line(grid.study))}, arm {escape(one_line(grid.arm))}</p>",
        *(tables or ["<p>This schedule has no columns: nothing is planned.</p>", *_bare(grid)]),
        *_footnotes(grid), *_remarks(grid),
    ]  # fmt: skip
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        + "\n".join(body) + "\n</body>\n</html>\n"
    )  # fmt: skip


@cache
def _style() -> str:
    return files("regimen.render.soa").joinpath("page.css").read_text(encoding="utf-8")


def _tables(grid: Grid) -> Iterator[str]:
    """A table for each panel, each as wide as a page."""
    parts = panels(grid, _ROOM_EM, lambda number: _width(grid, number))
    for number, panel in enumerate(parts, start=1):
        part = f", part {number} of {len(parts)}" if len(parts) > 1 else ""
        name = escape(f"Schedule of activities{part}")
        yield (
            f'<div class="sheet" role="region" tabindex="0" aria-label="{name}">\n<table>\n'
            f"<caption>{name}</caption>\n<thead>\n"
            + "\n".join(_heads(grid, panel)) + "\n</thead>\n" + "\n".join(_bodies(grid, panel)) + "\n</table>\n</div>"
        )  # fmt: skip


def _width(grid: Grid, number: int) -> float:
    """About how wide a column will be: a short mark, or words that wrap."""
    heads = [cell.text for head, cell in grid.columns[number].heads.items() if head not in MERGED]
    texts = [*heads, *(row.cells[number].text for row in grid.rows if number in row.cells)]
    return min(max(max(map(len, texts), default=0) * 0.6, _NARROW_EM), _WIDE_EM)


def _heads(grid: Grid, panel: range) -> Iterator[str]:
    for head in grid.heads:
        spans = grid.spans(head, panel)
        if not any(cell.text for cell, _ in spans):
            continue
        cells, number = [], panel.start
        for cell, span in spans:
            scope = "colgroup" if span > 1 else "col"
            wide = f' colspan="{span}"' if span > 1 else ""
            words = _words(cell) if cell.text else ""
            tag = "th" if cell.text else "td"
            about = f' scope="{scope}"' if cell.text else ""
            cells.append(f"<{tag}{about}{wide}{_edge(grid, panel, number)}>{words}</{tag}>")
            number += span
        yield f'<tr><th scope="row">{head}</th>{"".join(cells)}</tr>'


def _edge(grid: Grid, panel: range, number: int) -> str:
    """A heavier line where an epoch begins."""
    begins = number > panel.start and grid.columns[number].heads["Epoch"] != grid.columns[number - 1].heads["Epoch"]
    return ' class="first"' if begins else ""


def _bodies(grid: Grid, panel: range) -> Iterator[str]:
    group, lines = "", list[str]()
    for row in grid.rows:
        if row.cells and not any(number in row.cells for number in panel):
            continue
        if row.group != group:
            if lines:
                yield "<tbody>\n" + "\n".join(lines) + "\n</tbody>"
            group = row.group
            lines = [f'<tr><th scope="rowgroup" colspan="{len(panel) + 1}"><span>{escape(group)}</span></th></tr>']
        lines.append(_row(grid, row, panel))
    if lines:
        yield "<tbody>\n" + "\n".join(lines) + "\n</tbody>"


def _row(grid: Grid, row: Row, panel: range) -> str:
    cells = "".join(_cell(row.cells.get(number, Cell("")), _edge(grid, panel, number)) for number in panel)
    return f'<tr><th scope="row">{_words(Cell(row.label, notes=row.notes))}</th>{cells}</tr>'


def _cell(cell: Cell, edge: str) -> str:
    look = "maybe" if cell.text.startswith("(") else "goes" if cell.text == "→" else ""
    classes = " ".join(name for name in (look, "first" if edge else "") if name)
    spoken = '<span aria-label="goes on">→</span>' if cell.text == "→" else _words(cell)
    return f'<td class="{classes}">{spoken}</td>' if classes else f"<td>{spoken}</td>"


def _words(cell: Cell) -> str:
    """The text, which keeps its own reading direction, and the marks of its footnotes."""
    marks = ",".join(f'<a href="#note-{mark}">{mark}</a>' for mark in cell.notes)
    said = escape(_TIED.sub("\u00a0", cell.text))
    text = said if cell.text.isascii() else f"<bdi>{said}</bdi>"
    return f"{text}<sup>{marks}</sup>" if marks else text


def _bare(grid: Grid) -> Iterator[str]:
    if grid.rows:
        rows = (f"<li>{_words(Cell(row.label, notes=row.notes))}</li>" for row in grid.rows)
        yield "<ul>\n" + "\n".join(rows) + "\n</ul>"


def _footnotes(grid: Grid) -> Iterator[str]:
    if grid.footnotes:
        notes = (f'<dt id="note-{mark}">{mark}</dt><dd>{escape(text)}</dd>' for mark, text in grid.footnotes)
        yield '<h2>Footnotes</h2>\n<dl class="notes">\n' + "\n".join(notes) + "\n</dl>"


def _remarks(grid: Grid) -> Iterator[str]:
    yield "<h2>Remarks</h2>\n<ul>\n" + "\n".join(f"<li>{escape(text)}</li>" for text in grid.remarks) + "\n</ul>"
