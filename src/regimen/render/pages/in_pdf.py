"""How does a page become a PDF? Tagged, the same bytes for the same page, and never a box in place of a letter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from regimen.errors import RegimenError
from regimen.render.pages.binding import UNIT, bound
from regimen.render.pages.fitting import tried
from regimen.render.pages.parting import columns_of, line_of, parted
from regimen.render.pages.terms import PAPERS, Cell, Document, Table, texts_of
from regimen.render.words import one_line

OWN_FONTS = ("Libertinus Serif", "DejaVu Sans Mono", "New Computer Modern Math")
"""The fonts that come with the library; the letters of others are looked for on the computer."""
_HIGH = 20
"""Rows of more lines than this may be parted at the end of a page."""
_STANDARD = ("ua-1",)  # refuses a letter without a font, where others print a box


def as_pdf(document: Document, *, paper: str = "a4", fonts: Sequence[str] = ()) -> bytes:
    """The page as PDF/UA-1; needs the extra ``pages``. ``fonts`` are folders with more fonts.

    Letters that the library's own fonts lack are taken from fonts of the computer; RegimenError names those that no
    font has.
    """
    typst = _library()
    if missing := [folder for folder in fonts if not Path(folder).is_dir()]:
        raise RegimenError(f"there is no folder {missing[0]} with fonts; name one that exists: --fonts FOLDER")
    source = files("regimen.render.pages").joinpath("page.typ").read_bytes()
    data = _as_data(document, paper)
    own = typst.Fonts(include_system_fonts=False, font_paths=list(fonts))
    try:
        return _compiled(typst, source, data, own, OWN_FONTS)
    except typst.TypstError as error:
        if not _is_missing_letter(error):
            raise
    every = typst.Fonts(include_system_fonts=True, font_paths=list(fonts))
    try:
        return _compiled(typst, source, data, every, OWN_FONTS)
    except typst.TypstError as error:
        if not _is_missing_letter(error):
            raise
        raise RegimenError(_missing(_without_font(typst, document, every))) from None


def _library() -> Any:
    try:
        import typst
    except ImportError:
        raise RegimenError(
            "typst is not installed, which makes the PDF; install it with: pip install 'regimen[pages]', or write "
            "HTML: -o page.html"
        ) from None
    return typst


def _compiled(typst: Any, source: bytes, data: dict[str, Any], fonts: Any, names: Sequence[str]) -> bytes:
    inputs = {"page": json.dumps({**data, "fonts": list(names), "unit": UNIT})}
    made: bytes = typst.compile(source, font_paths=fonts, sys_inputs=inputs, pdf_standards=list(_STANDARD))
    return made


def _as_data(document: Document, paper: str) -> dict[str, Any]:
    data: dict[str, Any] = _tidy(asdict(document), line_of(document, paper))
    data["paper"] = PAPERS[paper]
    for sheet, told in zip(document.sheets, data["sheets"], strict=True):
        told["sizes"] = [(size / document.size, room) for size, room in tried(sheet, document)]
        for block, words in zip(sheet.blocks, told["blocks"], strict=True):
            words["block"] = type(block).__name__
            if isinstance(block, Table):
                letters = columns_of(block, document, paper)
                words["headings"] = [_tidy(*one) for one in zip(block.headings, letters, strict=True)]
                words["rows"] = [_row(row, letters) for row in block.rows]
    return data


def _row(row: Sequence[Cell], letters: Sequence[int]) -> dict[str, Any]:
    """The cells of a row, and whether it is so high that it may go on over the end of a page."""
    cells = [_tidy(asdict(cell), n) for cell, n in zip(row, letters, strict=True)]
    high = max(sum(len(line) // n + 1 for line in cell.lines) for cell, n in zip(row, letters, strict=True))
    return {"cells": cells, "high": high > _HIGH}


def _tidy(value: Any, letters: int) -> Any:
    """Every text on one line, with places to part a word of more letters than its line has."""
    if isinstance(value, str):
        return parted(bound(value), letters)
    if isinstance(value, dict):
        return {key: _tidy(one, letters) for key, one in value.items()}
    return [_tidy(one, letters) for one in value] if isinstance(value, list | tuple) else value


# ---------------------------------------------------------------- letters without a font


def _is_missing_letter(error: Exception) -> bool:
    return "could not be displayed" in str(error)


def _without_font(typst: Any, document: Document, fonts: Any) -> list[str]:
    """Every letter that no font has, each tried alone."""
    source = b'#set document(title: "letter")\n#set text(font: json(bytes(sys.inputs.page)).fonts)\n'
    source += b"#json(bytes(sys.inputs.page)).letter"
    letters = sorted({letter for text in texts_of(document) for letter in one_line(text) if ord(letter) > 127})
    found = []
    for letter in letters:
        try:
            _compiled(typst, source, {"letter": letter}, fonts, OWN_FONTS)
        except typst.TypstError:
            found.append(letter)
    return found


def _missing(letters: Sequence[str]) -> str:
    shown = " ".join(letters[:20]) + (f" and {len(letters) - 20} more" if len(letters) > 20 else "")
    return (
        f"no font on this computer has the letters {shown}; install one that does, such as Noto Sans "
        "(notofonts.github.io; Noto Sans CJK for Chinese, Japanese and Korean), or name its folder: --fonts FOLDER; "
        "or write HTML: -o page.html"
    )
