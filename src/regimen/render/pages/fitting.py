"""How small must a month's letters be to fit one printed page of HTML? Estimated from its words, as a browser wraps."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import NamedTuple

from regimen.render.pages.terms import Block, Box, Cell, Document, Facts, Heading, Paragraph, Sheet, Table

SMALLER = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
"""The parts of the usual size that are tried once rows have no more room to give; the PDF tries the same."""
ROOM = (1.0, 0.75, 0.5)
"""The parts of a row's least height that are tried before."""
MARGIN = 14
"""Millimetres around the page, as the style sheet has them."""
_SIZES = {"a4": (210, 297), "letter": (216, 279)}
POINT = 25.4 / 72
"""Millimetres of a point."""
_LETTER = 0.54
"""The width of a letter in sizes: that of wide fonts, so that the estimate is on the safe side."""
_LINE, _TITLE, _PADDING = 1.3, 1.4, 1.2
_SPARE = 15
"""Millimetres left free, for the foot too."""


class Print(NamedTuple):
    """Letters in points, and the part of the least height that rows keep."""

    size: float
    room: float


def print_of(sheet: Sheet, document: Document, paper: str) -> Print:
    """The largest letters and rows with which the sheet is estimated to fit; the smallest tried if none does."""
    usual = float(document.size)
    if not sheet.fitted:
        return Print(usual, 1.0)
    width, height = inside(document, paper)
    tried = [Print(usual, room) for room in ROOM] + [Print(usual * part, ROOM[-1]) for part in SMALLER[1:]]
    fitting = (one for one in tried if _height(sheet, one, width) <= height - _SPARE)
    return next(fitting, tried[-1])


def inside(document: Document, paper: str) -> tuple[float, float]:
    """Width and height of the page inside of its margins, in millimetres."""
    short, long = _SIZES[paper]
    width, height = (long, short) if document.landscape else (short, long)
    return width - 2 * MARGIN, height - 2 * MARGIN


def _height(sheet: Sheet, tried: Print, width: float) -> float:
    """Of a sheet in millimetres."""
    size = tried.size * _TITLE
    title = _lines([sheet.title], width, size) * size * _LINE * POINT
    return title + sum(_block(block, tried, width) for block in sheet.blocks) + 4 * tried.size * POINT


def _block(block: Block, tried: Print, width: float) -> float:
    line = tried.size * _LINE * POINT
    match block:
        case Table():
            return line * 1.6 + sum(_row(block, row, tried, width) for row in block.rows)
        case Facts(pairs):
            return 2 * line * len(pairs)
        case Box(text, lines, pairs):
            return line * (_lines([text, *lines], width, tried.size) + 2 * len(pairs) + 2)
        case Heading(text) | Paragraph(text):
            return line * (_lines([text], width, tried.size) + 1)


def _row(table: Table, row: Iterable[Cell], tried: Print, width: float) -> float:
    share, size = width / sum(table.weights), tried.size
    cells = (_lines(_texts(cell), share * weight - 3, size) for cell, weight in zip(row, table.weights, strict=True))
    return max(table.height * tried.room, max(cells) * (size * _LINE + _PADDING) * POINT + 2 * _PADDING)


def _texts(cell: Cell) -> list[str]:
    return [*([cell.head] if cell.head else []), *cell.lines]


def _lines(texts: Iterable[str], width: float, size: float) -> int:
    letters = max(1, int(width / (size * _LETTER * POINT)))
    return sum(max(1, len(wrap(text, letters))) for text in texts)
