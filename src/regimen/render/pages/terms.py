"""What can stand on a printed page? Blocks of words and tables, as values that say nothing of how they are printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PAPERS = {"a4": "a4", "letter": "us-letter"}
"""The names of papers as people type them, and as the PDF library knows them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of one cell; ``head`` stands above them in bold."""

    lines: tuple[str, ...] = ()
    head: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings that are repeated on every page; ``weights`` share the width."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    weights: tuple[int, ...]
    height: int = 0
    """The least height of a row in millimetres, to write in; 0 for that of its words."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values; an empty value is a line to write on."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What the blocks after it are about."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or several."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """What nobody may overlook: a sentence in a thick frame, with lines below it and then names with their values."""

    text: str
    lines: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


Block = Table | Facts | Heading | Paragraph | Box


@dataclass(frozen=True, slots=True)
class Sheet:
    """Blocks that begin on a new page, below their title."""

    title: str
    blocks: tuple[Block, ...]
    least: int = 0
    """The smallest letters, in points, that it may have in order to be one page; 0 to keep the size and flow on."""


@dataclass(frozen=True, slots=True)
class Document:
    """Sheets in order; ``size`` is that of the letters in points, the smallest on the page."""

    title: str
    sheets: tuple[Sheet, ...]
    foot: str
    size: int
    landscape: bool = False
    language: str = "en"


def texts_of(document: Document) -> Iterator[str]:
    """Every text of a document in the order in which it is read, once; the foot last."""
    for sheet in document.sheets:
        yield sheet.title
        for block in sheet.blocks:
            yield from texts_of_block(block)
    yield document.foot


def texts_of_block(block: Block) -> Iterator[str]:
    """Every text of one block, once."""
    match block:
        case Table(headings, rows):
            yield from headings
            for row in rows:
                for cell in row:
                    yield from (cell.head, *cell.lines)
        case Facts(pairs):
            for name, value in pairs:
                yield from (name, value)
        case Box(text, lines, pairs):
            yield from (text, *lines, *(words for pair in pairs for words in pair))
        case Heading(text) | Paragraph(text):
            yield text
