"""How small must letters be to fit one page? The sizes that are tried; for printed HTML, an estimate from the words."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import NamedTuple

from regimen.render.pages.terms import Block, Box, Cell, Document, Facts, Heading, Paragraph, Sheet, Table

SMALLER = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
"""The parts of the usual size that are tried once rows have no more room to give."""
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


def tried(sheet: Sheet, document: Document) -> tuple[Print, ...]:
    """From the largest to the smallest; only the usual one for a sheet that may flow on."""
    usual = float(document.size)
    if not sheet.least:
        return (Print(usual, 1.0),)
    rooms = [Print(usual, room) for room in ROOM]
    return (*rooms, *(Print(usual * part, ROOM[-1]) for part in SMALLER[1:] if usual * part >= sheet.least))


def print_of(sheet: Sheet, document: Document, paper: str) -> Print:
    """The largest letters and rows with which the sheet is estimated to fit; the smallest tried if none does."""
    width, height = inside(document, paper)
    sizes = tried(sheet, document)
    return next((one for one in sizes if _height(sheet, one, width) <= height - _SPARE), sizes[-1])


def inside(document: Document, paper: str) -> tuple[float, float]:
    """Width and height of the page inside of its margins, in millimetres."""
    short, long = _SIZES[paper]
    width, height = (long, short) if document.landscape else (short, long)
    return width - 2 * MARGIN, height - 2 * MARGIN


def _height(sheet: Sheet, at: Print, width: float) -> float:
    """Of a sheet in millimetres."""
    size = at.size * _TITLE
    title = _lines([sheet.title], width, size) * size * _LINE * POINT
    return title + sum(_block(block, at, width) for block in sheet.blocks) + 4 * at.size * POINT


def _block(block: Block, at: Print, width: float) -> float:
    line = at.size * _LINE * POINT
    match block:
        case Table():
            return line * 1.6 + sum(_row(block, row, at, width) for row in block.rows)
        case Facts(pairs):
            return 2 * line * len(pairs)
        case Box(text, lines, pairs):
            return line * (_lines([text, *lines], width, at.size) + 2 * len(pairs) + 2)
        case Heading(text) | Paragraph(text):
            return line * (_lines([text], width, at.size) + 1)


def _row(table: Table, row: Iterable[Cell], at: Print, width: float) -> float:
    share, size = width / sum(table.weights), at.size
    cells = (_lines(_texts(cell), share * weight - 3, size) for cell, weight in zip(row, table.weights, strict=True))
    return max(table.height * at.room, max(cells) * (size * _LINE + _PADDING) * POINT + 2 * _PADDING)


def _texts(cell: Cell) -> list[str]:
    return [*([cell.head] if cell.head else []), *cell.lines]


def _lines(texts: Iterable[str], width: float, size: float) -> int:
    letters = max(1, int(width / (size * _LETTER * POINT)))
    return sum(max(1, len(wrap(text, letters))) for text in texts)
