"""How do cells stand side by side in a terminal, over as many lines as the tallest of them needs?"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from regimen.render.words import wrapped

WIDTH = 120
GAP = "  "

Cells = tuple[tuple[str, ...], ...]
"""One cell for each heading; a line may break between the parts of a cell."""


def line_of(cells: Cells, widths: Sequence[int]) -> list[str]:
    """The cells side by side, over as many lines as the tallest cell needs."""
    columns = [_wrapped_cell(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max(len(column) for column in columns)
    tall = [column + [""] * (height - len(column)) for column in columns]
    used = [number for number, width in enumerate(widths) if width]
    return [GAP.join(padded(tall[n][line], widths[n]) for n in used) for line in range(height)]


def _wrapped_cell(parts: tuple[str, ...], width: int) -> list[str]:
    # What goes on below is set in, which takes room from a part that would just have fitted.
    indent = GAP if len(parts) > 1 else ""
    return wrapped(tied(parts, width - len(indent)), max(width, 1), rest=indent)


def tied(parts: Sequence[str], width: int) -> str:
    """The parts in one text that breaks between them where it can and inside one only where it must."""
    return ", ".join(part.replace(" ", "\u00a0") if width_of(part) < width else part for part in parts)


def padded(text: str, width: int) -> str:
    """The text with spaces up to a width."""
    return text + " " * (width - width_of(text))


def width_of(text: str) -> int:
    """How many columns a terminal gives the text."""
    letters = (letter for letter in text if not unicodedata.combining(letter))
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in letters)


def table_lines(headings: Sequence[str], rows: Sequence[Cells], least: Sequence[tuple[int, int]] = ()) -> list[str]:
    """A table with a rule below its headings; a column that nothing uses is left out.

    Too wide a table takes room from the columns of ``least`` in turn, each down to the width beside it.
    """
    widths = [max((width_of(", ".join(row[n])) for row in rows), default=0) for n in range(len(headings))]
    widths = [max(width, len(heading)) if width else 0 for width, heading in zip(widths, headings, strict=True)]
    for column, narrowest in least:
        used = [width for width in widths if width]
        over = sum(used) + len(GAP) * (len(used) - 1) - WIDTH
        widths[column] -= min(max(over, 0), max(widths[column] - narrowest, 0))
    rule = GAP.join("-" * width for width in widths if width)
    shown = tuple((heading if width else "",) for heading, width in zip(headings, widths, strict=True))
    lines = [*line_of(shown, widths), rule]
    return [line.rstrip() for row in [lines, *(line_of(row, widths) for row in rows)] for line in row]
