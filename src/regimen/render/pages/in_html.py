"""How does a page become HTML? One file without links that prints as it looks, on white and in black."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from regimen.render.pages.binding import UNIT, bound
from regimen.render.pages.fitting import MARGIN, print_of
from regimen.render.pages.terms import Block, Box, Cell, Document, Facts, Heading, Paragraph, Sheet, Table

_PAPER = {"a4": "A4", "letter": "letter"}
_SCREEN = 12
_MM = "mm"
_UNITS = re.compile(UNIT)
_MANY = 3
"""Tables with more columns than this are shown a cell a line on a phone."""


def as_html(document: Document, *, paper: str = "a4") -> str:
    """The page as one HTML file that needs nothing else."""
    body = "\n".join(line for sheet in document.sheets for line in _sheet(sheet, document, paper))
    return (
        f'<!DOCTYPE html>\n<html lang="{_said(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_said(document.title)}</title>\n"
        f"<style>{_css(document, paper)}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        "</body>\n</html>\n"
    )


def _css(document: Document, paper: str) -> str:
    landscape = " landscape" if document.landscape else ""
    width = "80rem" if document.landscape else "48rem"
    told = {
        "WIDTH": width,
        "SCREEN": str(max(document.size, _SCREEN)),
        "SIZE": str(document.size),
        "MARGIN": str(MARGIN),
    }
    css = files("regimen.render.pages").joinpath("page.css").read_text(encoding="utf-8").split("\n", 1)[1]
    css = css.replace("PAPER", f"{_PAPER[paper]}{landscape}")
    for name, value in told.items():
        css = css.replace(name, value)
    return css


def _sheet(sheet: Sheet, document: Document, paper: str) -> Iterator[str]:
    size, room = print_of(sheet, document, paper)
    smaller = f' style="--print: {size:.4g}pt; --room: {room:.3g}"' if (size, room) != (document.size, 1) else ""
    yield f'<section{smaller}>\n<h1 dir="auto">{_shown(sheet.title)}</h1>'
    for block in sheet.blocks:
        yield from _block(block)
    yield f'<footer dir="auto">{_shown(document.foot)}</footer>\n</section>'


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f'<h2 dir="auto">{_shown(text)}</h2>'
        case Paragraph(text, strong):
            words = _shown(text)
            yield f'<p dir="auto">{f"<strong>{words}</strong>" if strong else words}</p>'
        case Box(text, lines, pairs):
            items = "".join(f'<li dir="auto">{_shown(line)}</li>' for line in lines)
            yield f'<div class="box"><p dir="auto">{_shown(text)}</p>{f"<ul>{items}</ul>" if items else ""}'
            yield f"{_pairs(pairs)}</div>"
        case Facts(pairs):
            yield _pairs(pairs)
        case Table():
            yield from _table(block)


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    told = (f'<dt dir="auto">{_shown(name)}</dt><dd dir="auto">{_shown(value)}</dd>' for name, value in pairs)
    return f"<dl>{''.join(told)}</dl>" if pairs else ""


def _table(table: Table) -> Iterator[str]:
    height = f' style="--row: {table.height}{_MM}"' if table.height else ""
    many = " many" if len(table.headings) > _MANY else ""
    total = sum(table.weights)
    columns = "".join(f'<col style="width:{weight * 100 / total:.2f}%">' for weight in table.weights)
    heads = "".join(f'<th scope="col" dir="auto">{_shown(text)}</th>' for text in table.headings)
    yield f'<div class="wide{many}"{height}><table><colgroup>{columns}</colgroup>'
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(_cell(*one, table.height > 0) for one in zip(row, table.headings, strict=True))}</tr>"
    yield "</tbody></table></div>"


def _cell(cell: Cell, heading: str, to_write_in: bool) -> str:
    """A cell with its heading, which a phone shows before it because it shows no columns; it shows no empty ones."""
    empty = "" if cell.lines or (cell.head and not to_write_in) else ' class="empty"'
    head = f'<div dir="auto"><strong>{_shown(cell.head)}</strong></div>' if cell.head else ""
    lines = "".join(f'<div dir="auto">{_shown(line)}</div>' for line in cell.lines)
    return f'<td data-heading="{_said(heading)}"{empty}>{head}{lines}</td>'


def _shown(text: str) -> str:
    """Words of the page, no line of which ends within a unit."""
    return _UNITS.sub(lambda found: f'<span class="unit">{found.group()}</span>', _said(text))


def _said(text: str) -> str:
    return escape(bound(text))
