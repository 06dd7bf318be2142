"""How small must a month's letters be to fit one printed page of HTML? Estimated from its words, as a browser wraps."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from regimen.render.pages.terms import Block, Box, Cell, Document, Facts, Heading, Paragraph, Sheet, Table

SMALLER = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
"""The parts of the usual size that are tried; the PDF tries the same."""
MARGIN = 14
"""Millimetres around the page, as the style sheet has them."""
_SIZES = {"a4": (210, 297), "letter": (216, 279)}
_POINT = 25.4 / 72
_LETTER = 0.54
"""The width of a letter in sizes: that of wide fonts, so that the estimate is on the safe side."""
_LINE, _TITLE, _PADDING = 1.3, 1.4, 1.2
_SPARE = 6
"""Millimetres left free."""


def size_in_print(sheet: Sheet, document: Document, paper: str) -> float:
    """The largest size in points with which the sheet is estimated to fit; the smallest tried if none is."""
    if not sheet.fitted:
        return float(document.size)
    short, long = _SIZES[paper]
    width, height = (long, short) if document.landscape else (short, long)
    inner = width - 2 * MARGIN, height - 2 * MARGIN - _SPARE
    sizes = [document.size * part for part in SMALLER]
    return next((size for size in sizes if _height(sheet, size, inner[0]) <= inner[1]), sizes[-1])


def _height(sheet: Sheet, size: float, width: float) -> float:
    """Of a sheet in millimetres."""
    title = _lines([sheet.title], width, size * _TITLE) * size * _TITLE * _LINE * _POINT
    return title + sum(_block(block, size, width) for block in sheet.blocks) + 4 * size * _POINT


def _block(block: Block, size: float, width: float) -> float:
    line = size * _LINE * _POINT
    match block:
        case Table():
            return line * 1.6 + sum(_row(block, row, size, width) for row in block.rows)
        case Facts(pairs):
            return 2 * line * len(pairs)
        case Box(text, lines, pairs):
            return line * (_lines([text, *lines], width, size) + 2 * len(pairs) + 2)
        case Heading(text) | Paragraph(text):
            return line * (_lines([text], width, size) + 1)


def _row(table: Table, row: Iterable[Cell], size: float, width: float) -> float:
    share = width / sum(table.weights)
    cells = (_lines(_texts(cell), share * weight - 3, size) for cell, weight in zip(row, table.weights, strict=True))
    return max(float(table.height), max(cells) * (size * _LINE + _PADDING) * _POINT + 2 * _PADDING)


def _texts(cell: Cell) -> list[str]:
    return [*([cell.head] if cell.head else []), *cell.lines]


def _lines(texts: Iterable[str], width: float, size: float) -> int:
    letters = max(1, int(width / (size * _LETTER * _POINT)))
    return sum(max(1, len(wrap(text, letters))) for text in texts)
