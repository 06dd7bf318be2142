"""How does a schedule of activities read in a terminal, or as a Markdown page?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from regimen.render.columns import GAP, WIDTH, line_of, width_of
from regimen.render.marking import escaped, safe_start
from regimen.render.soa.grid import MERGED, Cell, Grid, Row, panels
from regimen.render.words import one_line, wrapped

_LABEL, _WIDEST, _NARROWEST = 30, 12, 3
_COLUMNS_OF_PAGE = 16
_EMPTY = "This schedule has no columns: nothing is planned."


def noted(cell: Cell) -> str:
    """The text with the marks of its footnotes: ``Treatment [a, b]``."""
    return with_notes(cell.text, cell.notes)


def with_notes(text: str, notes: Iterable[str]) -> str:
    """A text and the marks of its footnotes."""
    marks = ", ".join(notes)
    return f"{text} [{marks}]" if marks else text


def heading(grid: Grid) -> str:
    """What the schedule is of."""
    return f"Schedule of activities: {one_line(grid.title)}"


# ---------------------------------------------------------------- for a terminal


def as_text(grid: Grid) -> str:
    """The grid for a terminal, in as many panels as its width needs; then the footnotes."""
    label = min(max([12, *(width_of(with_notes(row.label, row.notes)) + 2 for row in grid.rows)]), _LABEL)
    widths = [_width(grid, number) for number in range(len(grid.columns))]
    parts = [[*wrapped(heading(grid), WIDTH), f"Study  {one_line(grid.study)}", f"Arm    {one_line(grid.arm)}"]]
    for panel in panels(grid, WIDTH - label, lambda number: widths[number] + len(GAP)):
        parts.append(list(_panel(grid, panel, label, widths)))
    parts += [[_EMPTY]] if not grid.columns else []
    parts.append([line for mark, text in grid.footnotes for line in wrapped(text, WIDTH, f"{mark:>2}  ", "    ")])
    parts.append([line for text in grid.remarks for line in wrapped(text, WIDTH, "", "  ")])
    return "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts if part) + "\n"


def _width(grid: Grid, number: int) -> int:
    heads = [noted(cell) for head, cell in grid.columns[number].heads.items() if head not in MERGED]
    heads += [cell.text for head, cell in grid.columns[number].heads.items() if head in MERGED]
    texts = [*heads, *(noted(row.cells[number]) for row in grid.rows if number in row.cells)]
    longest = max((width_of(word) for text in texts for word in text.split()), default=0)
    return max(_NARROWEST, longest, min(_WIDEST, max((width_of(text) for text in texts), default=0)))


def _panel(grid: Grid, panel: range, label: int, widths: list[int]) -> Iterator[str]:
    for head in grid.heads:
        spans = grid.spans(head, panel)
        if any(cell.text for cell, _ in spans):
            numbers, sizes = list(panel), [label]
            for _, span in spans:
                these, numbers = numbers[:span], numbers[span:]
                sizes.append(sum(widths[n] for n in these) + len(GAP) * (span - 1))
            yield from line_of(((head,), *((noted(cell),) for cell, _ in spans)), sizes)
    sizes = [label, *(widths[number] for number in panel)]
    yield GAP.join("-" * size for size in sizes)
    group = ""
    for row in grid.rows:
        if row.cells and not any(number in row.cells for number in panel):
            continue
        if row.group != group:
            yield (group := row.group)
        cells = tuple((noted(row.cells.get(number, Cell(""))),) for number in panel)
        yield from line_of(((_indented(row),), *cells), sizes)


def _indented(row: Row) -> str:
    return f"\u00a0\u00a0{with_notes(row.label, row.notes)}"


# ---------------------------------------------------------------- Markdown


def as_markdown(grid: Grid) -> str:
    """The grid as a Markdown page, a table for each panel."""
    facts = f"- **Study:** {escaped(one_line(grid.study))}\n- **Arm:** {escaped(one_line(grid.arm))}"
    parts = [f"# {escaped(heading(grid))}", facts]
    parts += [_table(grid, panel) for panel in panels(grid, _COLUMNS_OF_PAGE, lambda _: 1)]
    parts += [_EMPTY] if not grid.columns else []
    if not grid.columns and grid.rows:
        parts.append("\n".join(f"- {escaped(with_notes(row.label, row.notes))}" for row in grid.rows))
    if grid.footnotes:
        notes = "\n".join(f"- [{mark}] {escaped(text)}" for mark, text in grid.footnotes)
        parts.append(f"## Footnotes\n\n{notes}")
    parts += ["## Remarks\n\n" + "\n".join(f"- {safe_start(escaped(text))}" for text in grid.remarks)]
    return "\n\n".join(parts) + "\n"


def _table(grid: Grid, panel: range) -> str:
    heads = [head for head in grid.heads if any(head in grid.columns[number].heads for number in panel)]
    first, *others = ([head, *_above(grid, head, panel)] for head in heads)
    rows = [[f"**{cell}**" if n == 0 else cell for n, cell in enumerate(line)] for line in _cells(others)]
    group = ""
    for row in grid.rows:
        if row.cells and not any(number in row.cells for number in panel):
            continue
        if row.group != group:
            rows.append([f"**{(group := row.group)}**", *("" for _ in panel)])
        rows.append([*_cells([[with_notes(row.label, row.notes)]])[0],
                     *_cells([[noted(row.cells.get(number, Cell(""))) for number in panel]])[0]])  # fmt: skip
    lines = [*_cells([first]), ["---"] + [":-:"] * len(panel), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _above(grid: Grid, head: str, panel: range) -> Iterator[str]:
    """A head said with its footnotes where it begins, and without them where it goes on."""
    for cell, span in grid.spans(head, panel):
        yield noted(cell)
        yield from (cell.text for _ in range(span - 1))


def _cells(lines: Iterable[list[str]]) -> list[list[str]]:
    return [[escaped(text) for text in line] for line in lines]
