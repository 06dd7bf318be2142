"""How does a page become HTML? One file without links that prints as it looks, on white and in black."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from regimen.render.pages.binding import bound
from regimen.render.pages.terms import Block, Box, Cell, Document, Facts, Heading, Paragraph, Sheet, Table

_CSS = """
* { box-sizing: border-box; }
body { margin: 1rem auto; padding: 0 1rem; max-width: WIDTH; font: SCREENpt/1.4 "Noto Sans", "Segoe UI", Arial,
  sans-serif; color: #000; background: #fff; overflow-wrap: anywhere; }
h1 { font-size: 1.4em; line-height: 1.2; margin: 1.2em 0 .5em; } h2 { font-size: 1.15em; margin: 1em 0 .4em; }
h1, h2 { break-after: avoid; } p { margin: .5em 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .4em 0 1em; table-layout: fixed; }
.many table { min-width: 46rem; }
th, td { border: 1px solid #000; padding: .3em .45em; text-align: start; vertical-align: top; }
thead { display: table-header-group; } th { background: #e1e1e1; print-color-adjust: exact; }
tr { break-inside: avoid; } .tall td { height: 4.6em; }
td div + div { margin-top: .15em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5em 1.2em; margin: .5em 0 1em; }
dt { font-weight: bold; } dd { margin: 0; } dd:empty { border-bottom: 1px solid #000; min-height: 1.5em; }
.box { border: 3px solid #000; padding: .5em .8em; margin: .6em 0; } .box p { font-weight: bold; margin: .2em 0; }
.box ul { margin: .3em 0; padding-inline-start: 1.3em; }
footer { border-top: 1px solid #000; margin-top: 1.5em; padding-top: .4em; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: .1em; } dd { margin-bottom: .5em; } }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: SIZEpt; } .wide { overflow: visible; }
  .many table { min-width: 0; } section + section { break-before: page; } }
@page { size: PAPER; margin: 14mm; }
"""
_PAPER = {"a4": "A4", "letter": "letter"}
_SCREEN = 12
_MANY = 3
"""Tables with more columns than this are scrolled sideways on a phone."""


def as_html(document: Document, *, paper: str = "a4") -> str:
    """The page as one HTML file that needs nothing else."""
    body = "\n".join(line for sheet in document.sheets for line in _sheet(sheet))
    return (
        f'<!DOCTYPE html>\n<html lang="{_said(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_said(document.title)}</title>\n"
        f"<style>{_css(document, paper)}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        f'<footer dir="auto">{_said(document.foot)}</footer>\n</body>\n</html>\n'
    )


def _css(document: Document, paper: str) -> str:
    landscape = " landscape" if document.landscape else ""
    width = "80rem" if document.landscape else "48rem"
    told = {"WIDTH": width, "SCREEN": str(max(document.size, _SCREEN)), "SIZE": str(document.size)}
    css = _CSS.replace("PAPER", f"{_PAPER[paper]}{landscape}")
    for name, value in told.items():
        css = css.replace(name, value)
    return css


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f'<section>\n<h1 dir="auto">{_said(sheet.title)}</h1>'
    for block in sheet.blocks:
        yield from _block(block)
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f'<h2 dir="auto">{_said(text)}</h2>'
        case Paragraph(text, strong):
            words = _said(text)
            yield f'<p dir="auto">{f"<strong>{words}</strong>" if strong else words}</p>'
        case Box(text, lines):
            items = "".join(f'<li dir="auto">{_said(line)}</li>' for line in lines)
            yield f'<div class="box"><p dir="auto">{_said(text)}</p>{f"<ul>{items}</ul>" if items else ""}</div>'
        case Facts(pairs):
            told = (f'<dt dir="auto">{_said(name)}</dt><dd dir="auto">{_said(value)}</dd>' for name, value in pairs)
            yield f"<dl>{''.join(told)}</dl>"
        case Table():
            yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    many = " many" if len(table.headings) > _MANY else ""
    total = sum(table.weights)
    columns = "".join(f'<col style="width:{weight * 100 / total:.2f}%">' for weight in table.weights)
    heads = "".join(f'<th scope="col" dir="auto">{_said(text)}</th>' for text in table.headings)
    yield f'<div class="wide{many}{" tall" if table.tall else ""}"><table><colgroup>{columns}</colgroup>'
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>"
    yield "</tbody></table></div>"


def _cell(cell: Cell) -> str:
    head = f'<div dir="auto"><strong>{_said(cell.head)}</strong></div>' if cell.head else ""
    return head + "".join(f'<div dir="auto">{_said(line)}</div>' for line in cell.lines)


def _said(text: str) -> str:
    return escape(bound(text))
